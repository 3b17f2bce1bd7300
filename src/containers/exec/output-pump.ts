/**
 * Carries one output of a process to the client at the client's pace, and knows when to stop: at the end of the output, or
 * soon after the process has ended, although a grandchild may keep the output open and even write to it.
 */
import type { Writable } from 'node:stream';
import { afterLastLook } from '../../base/time.ts';
import type { Pieces } from '../../runtime/sessions/pieces.ts';

/** What a process has written before its end is in the pipe: at most this (a pipe's greatest usual size). */
const maxAfterExitBytes = 1024 * 1024;
/** Output that is there comes at once; when none has come for this long there is none. */
const quietMs = 100;
/** A client that takes nothing for this long, when the process has ended, has lost its right to the rest. */
const stalledMs = 30_000;

export class OutputPump {
  readonly #source: Pieces;
  readonly #sink: Writable;
  readonly #done = Promise.withResolvers<void>();
  #leftBytes: number | null = null;
  #cancelTimer: () => void = () => undefined;
  #isBlocked = false;
  #hasEnded = false;

  constructor(source: Pieces, sink: Writable) {
    this.#source = source;
    this.#sink = sink;
    sink.on('close', this.#onSinkClosed);
    source.begin(
      (bytes, taken) => this.#carry(bytes, taken),
      () => this.#sourceEnded(),
    );
  }

  /** The process has ended: takes what is still there. Resolves when the client has been given all. */
  async finish(): Promise<void> {
    this.#leftBytes = maxAfterExitBytes;
    this.#rearm();
    await this.#done.promise;
  }

  /** Carries no more; a process that goes on writing gets SIGPIPE. */
  stop(): void {
    this.#cancelTimer();
    this.#leftBytes = null;
    this.#hasEnded = true;
    this.#source.close();
    this.#sink.off('close', this.#onSinkClosed);
    this.#done.resolve();
  }

  readonly #onSinkClosed = (): void => this.stop();

  /** What was read last may still be on its way. */
  #sourceEnded(): void {
    this.#hasEnded = true;
    if (!this.#isBlocked) this.stop();
  }

  #carry(bytes: Buffer, taken: () => void): void {
    if (this.#sink.destroyed) return this.stop();
    const kept = this.#leftBytes === null ? bytes : bytes.subarray(0, this.#leftBytes);
    if (this.#leftBytes !== null) this.#leftBytes -= kept.length;
    this.#isBlocked = true;
    this.#sink.write(kept, () => {
      this.#isBlocked = false;
      if (this.#hasEnded || this.#leftBytes === 0) return this.stop();
      this.#rearm();
      return taken();
    });
    return this.#rearm();
  }

  #rearm(): void {
    if (this.#leftBytes === null) return;
    this.#cancelTimer();
    this.#cancelTimer = afterLastLook(this.#isBlocked ? stalledMs : quietMs, () => this.stop());
  }
}
