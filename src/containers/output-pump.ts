/**
 * Carries one output of a process to the client at the client's pace, and knows when to stop: at the end of the output, or
 * soon after the process has ended, although a grandchild may keep the output open and even write to it.
 */
import type { Readable, Writable } from 'node:stream';

/** What a process has written before its end is in the pipe: at most this (a pipe's greatest usual size). */
const maxAfterExitBytes = 1024 * 1024;
/** Output that is there comes at once; when none has come for this long there is none. */
const quietMs = 100;
/** A client that takes nothing for this long, when the process has ended, has lost its right to the rest. */
const stalledMs = 30_000;

export class OutputPump {
  readonly #source: Readable;
  readonly #sink: Writable;
  readonly #done = Promise.withResolvers<void>();
  #leftBytes: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isBlocked = false;

  constructor(source: Readable, sink: Writable) {
    this.#source = source;
    this.#sink = sink;
    source.on('data', (chunk: Buffer) => this.#carry(chunk));
    // A terminal ends with EIO; whatever else fails is an end as well.
    source.on('error', () => this.stop());
    source.on('close', () => this.stop());
    source.on('end', () => this.stop());
    sink.on('drain', this.#onDrain);
    sink.on('close', this.#onSinkClosed);
  }

  /** The process has ended: takes what is still there. Resolves when the client has been given all. */
  async finish(): Promise<void> {
    this.#leftBytes = maxAfterExitBytes;
    this.#rearm();
    await this.#done.promise;
  }

  /** Carries no more; a process that goes on writing gets SIGPIPE. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#source.destroy();
    this.#sink.off('drain', this.#onDrain);
    this.#sink.off('close', this.#onSinkClosed);
    this.#done.resolve();
  }

  readonly #onDrain = (): void => {
    this.#isBlocked = false;
    this.#rearm();
    this.#source.resume();
  };

  readonly #onSinkClosed = (): void => this.stop();

  #carry(chunk: Buffer): void {
    if (this.#sink.destroyed) return this.stop();
    const kept = this.#leftBytes === null ? chunk : chunk.subarray(0, this.#leftBytes);
    if (this.#leftBytes !== null) this.#leftBytes -= kept.length;
    if (!this.#sink.write(kept)) {
      this.#isBlocked = true;
      this.#source.pause();
    }
    this.#rearm();
    return this.#leftBytes === 0 ? this.stop() : undefined;
  }

  #rearm(): void {
    if (this.#leftBytes === null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), this.#isBlocked ? stalledMs : quietMs);
  }
}
