/**
 * Takes an answer's body in, in two pieces of memory that take turns: one is filled while the other is used. Each chunk's
 * own memory goes back as soon as it is copied, for hundreds of megabytes come between two garbage collections. A body
 * that is faster than whoever uses it waits.
 */
import { finished, type Readable } from 'node:stream';
import { giveBack } from '../../../base/give-back.ts';

export class Intake implements Disposable {
  readonly #body: Readable;
  #filling: Buffer;
  #used: Buffer;
  #length = 0;
  /** What did not fit: the body waits until it does. */
  #rest: Buffer | null = null;
  /** Copied. The parser may still look at it until the next one comes. */
  #copied: Buffer | null = null;
  #end: { readonly failure: Error | null } | null = null;
  #arrival = Promise.withResolvers<void>();
  #receivedBytes = 0;

  constructor(body: Readable, pieceBytes: number) {
    this.#body = body;
    this.#filling = Buffer.allocUnsafeSlow(pieceBytes);
    this.#used = Buffer.allocUnsafeSlow(pieceBytes);
    finished(body, { writable: false }, (error) => this.#finish(error ?? null));
    body.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** All that came so far. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Whether it is our turn: the body waits until what came is used. */
  get isFull(): boolean {
    return this.#rest !== null;
  }

  /** What has come, good until the next call; null at the end. @throws what broke the body, after all that came before */
  async next(): Promise<Buffer | null> {
    while (this.#length === 0) {
      if (this.#end?.failure) throw this.#end.failure;
      if (this.#end !== null) return null;
      await this.#arrival.promise;
    }
    const piece = this.#filling.subarray(0, this.#length);
    [this.#filling, this.#used] = [this.#used, this.#filling];
    this.#length = 0;
    const rest = this.#rest;
    if (rest !== null) {
      this.#rest = null;
      this.#copy(rest);
      if (!this.isFull) this.#body.resume();
    }
    return piece;
  }

  [Symbol.dispose](): void {
    this.#body.destroy();
    giveBack(this.#filling);
    giveBack(this.#used);
  }

  #take(chunk: Buffer): void {
    this.#receivedBytes += chunk.length;
    if (this.#copied !== null) giveBack(this.#copied);
    this.#copied = null;
    this.#copy(chunk);
    if (this.isFull) this.#body.pause();
    this.#arrive();
  }

  #copy(chunk: Buffer): void {
    const length = chunk.copy(this.#filling, this.#length);
    this.#length += length;
    if (length < chunk.length) this.#rest = chunk.subarray(length);
    else this.#copied = chunk;
  }

  #finish(failure: Error | null): void {
    this.#end = { failure };
    this.#arrive();
  }

  #arrive(): void {
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers<void>();
  }
}
