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

/** A promise: not the next one before it has settled. */
export type OnChunk = (chunk: Buffer) => Promise<void> | undefined;

export class Transport {
  readonly #duplex: Duplex;
  readonly #closed = Promise.withResolvers<void>();
  #isEnding = false;

  constructor(duplex: Duplex, onClosed: () => void) {
    this.#duplex = duplex;
    duplex.on('error', () => duplex.destroy());
    duplex.on('close', () => {
      this.#isEnding = true;
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

  /** Reads until the peer's end. @throws what `onChunk` throws */
  async read(onChunk: OnChunk): Promise<void> {
    const duplex = this.#duplex;
    const ended = Promise.withResolvers<void>();
    const resume = (): void => void duplex.resume();
    duplex.on('data', (chunk: Buffer) => {
      try {
        const busy = onChunk(chunk);
        if (busy === undefined) return;
        duplex.pause();
        busy.then(resume, ended.reject);
      } catch (error) {
        ended.reject(error);
      }
    });
    duplex.on('end', () => ended.resolve());
    await Promise.race([ended.promise, this.closed]);
    duplex.pause();
  }

  /** Sends a small frame. A peer that makes us answer and never reads is cut off. */
  send(frame: Buffer): void {
    if (this.#isEnding || !this.#duplex.writable) return;
    if (this.#duplex.writableLength > maxUnsentBytes) this.destroy();
    else this.#duplex.write(frame);
  }

  /** Sends a header and what belongs to it. `done`: the bytes may be used again, there is room for more. */
  sendPair(header: Buffer, bytes: Buffer, done: Done): void {
    if (this.#isEnding || !this.#duplex.writable) return done(new SpdyError('the connection has ended'));
    this.#duplex.cork();
    this.#duplex.write(header);
    this.#duplex.write(bytes, done);
    return this.#duplex.uncork();
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
