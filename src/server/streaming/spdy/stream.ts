/**
 * One stream of a SPDY connection as a Duplex: half-closed by `end()`, reset by `destroy()`. What has come and is not read
 * yet waits here; the connection counts it and stops reading from the peer when it is too much.
 */
import { Duplex } from 'node:stream';
import type { Headers } from './header-block.ts';
import { resetStatus } from './frames.ts';
import type { StreamWindows } from './windows.ts';

/** What a stream needs of its connection. */
export interface StreamOwner {
  sendReply(stream: SpdyStream): void;
  sendData(stream: SpdyStream, bytes: Buffer, done: (error?: Error | null) => void): void;
  sendFin(stream: SpdyStream, done: () => void): void;
  sendReset(stream: SpdyStream, status: number): void;
  /** One piece of that many bytes has gone to the reader (or was dropped). */
  consumed(stream: SpdyStream, lengthBytes: number): void;
  forget(stream: SpdyStream): void;
}

export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Headers;
  readonly windows: StreamWindows;
  readonly #owner: StreamOwner;
  readonly #queue: Buffer[] = [];
  #wantsMore = false;
  #isEndPushed = false;
  #hasPeerEnded = false;
  #hasFinished = false;
  #isReset = false;
  #resetStatus: number = resetStatus.cancel;

  constructor(
    owner: StreamOwner,
    opening: { readonly id: number; readonly headers: Headers; readonly windows: StreamWindows },
  ) {
    super({ allowHalfOpen: true });
    this.#owner = owner;
    this.id = opening.id;
    this.headers = opening.headers;
    this.windows = opening.windows;
    // A failed stream is the business of whoever waits for it; it must not end the daemon.
    this.on('error', () => undefined);
  }

  /** Takes the stream: the peer may go on. */
  accept(): void {
    this.#owner.sendReply(this);
  }

  /** Ends both directions at once. */
  reset(status: number): void {
    this.#resetStatus = status;
    this.destroy();
  }

  /** Bytes from the peer. */
  receive(bytes: Buffer): void {
    if (this.destroyed || this.#hasPeerEnded) return this.#owner.consumed(this, bytes.length);
    this.#queue.push(bytes);
    if (this.#wantsMore) this.#hand();
    return undefined;
  }

  /** The peer has half-closed. */
  receiveFin(): void {
    this.#hasPeerEnded = true;
    if (this.#wantsMore) this.#hand();
  }

  /** The peer has reset the stream, or the connection has ended. */
  receiveReset(error?: Error): void {
    this.#isReset = true;
    this.destroy(error);
  }

  get hasPeerEnded(): boolean {
    return this.#hasPeerEnded;
  }

  override _read(): void {
    this.#wantsMore = true;
    this.#hand();
  }

  /** Hands the reader what has come, as far as it wants it. */
  #hand(): void {
    while (this.#wantsMore) {
      const bytes = this.#queue.shift();
      if (bytes === undefined) break;
      this.#wantsMore = this.push(bytes);
      this.#owner.consumed(this, bytes.length);
    }
    if (this.#queue.length > 0 || !this.#hasPeerEnded || this.#isEndPushed) return;
    this.#isEndPushed = true;
    this.push(null);
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#owner.sendData(this, chunk, done);
  }

  override _final(done: () => void): void {
    this.#hasFinished = true;
    this.#owner.sendFin(this, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    for (const bytes of this.#queue.splice(0)) this.#owner.consumed(this, bytes.length);
    if (!this.#isReset && !(this.#hasPeerEnded && this.#hasFinished))
      this.#owner.sendReset(this, this.#resetStatus);
    this.#owner.forget(this);
    done(error);
  }
}
