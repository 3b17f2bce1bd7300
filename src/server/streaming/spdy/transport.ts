/**
 * The byte stream below a SPDY connection (a socket, or a WebSocket that carries one): bounded writes, one end. It knows
 * nothing of frames.
 */
import type { Duplex } from 'node:stream';
import { SpdyError } from './frames.ts';

/** Waiting to be sent although the peer does not read: it makes us answer and does not take the answers. */
const maxUnsentBytes = 4 * 1024 * 1024;
/** For a peer to take what is queued when we end. */
const endTimeoutMs = 1_000;

type Done = (error?: Error | null) => void;

export class Transport {
  readonly #duplex: Duplex;
  readonly #closed = Promise.withResolvers<void>();
  #waiting: Done[] = [];
  #isEnding = false;

  constructor(duplex: Duplex, onClosed: () => void) {
    this.#duplex = duplex;
    duplex.on('drain', () => {
      for (const done of this.#waiting.splice(0)) done();
    });
    duplex.on('error', () => duplex.destroy());
    duplex.on('close', () => {
      this.#isEnding = true;
      for (const done of this.#waiting.splice(0)) done(new SpdyError('the connection has ended'));
      onClosed();
      this.#closed.resolve();
    });
    if (duplex.destroyed) process.nextTick(() => this.#closed.resolve());
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** What comes, until the peer's end. */
  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of this.#duplex.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) throw new SpdyError('expected bytes');
      yield chunk;
    }
  }

  /** Sends a small frame. A peer that makes us answer and never reads is cut off. */
  send(frame: Buffer): void {
    if (this.#isEnding || !this.#duplex.writable) return;
    if (this.#duplex.writableLength > maxUnsentBytes) this.destroy();
    else this.#duplex.write(frame);
  }

  /** Sends a header and what belongs to it. */
  sendPair(header: Buffer, bytes: Buffer): void {
    if (this.#isEnding || !this.#duplex.writable) return;
    this.#duplex.cork();
    this.#duplex.write(header);
    this.#duplex.write(bytes);
    this.#duplex.uncork();
  }

  /** Calls back when more may be sent. */
  whenRoom(done: Done): void {
    if (this.#duplex.writableNeedDrain) this.#waiting.push(done);
    else done();
  }

  /** Ends when the peer has taken all, or has had the time to. */
  end(): void {
    this.#isEnding = true;
    if (this.#duplex.destroyed) return;
    const timer = setTimeout(() => this.destroy(), endTimeoutMs);
    this.#duplex.on('close', () => clearTimeout(timer));
    this.#duplex.end(() => this.destroy());
  }

  destroy(): void {
    this.#duplex.destroy();
  }
}
