/**
 * Lets the daemon do other things between the steps of long work that seldom waits, and ends it when nobody wants it.
 */
import { setImmediate } from 'node:timers/promises';

const stepsAtOnce = 32;

export class Pace {
  readonly #signal: AbortSignal;
  #steps = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Before each step. @throws the signal's reason */
  async step(): Promise<void> {
    this.#signal.throwIfAborted();
    this.#steps += 1;
    if (this.#steps % stepsAtOnce === 0) await setImmediate();
  }
}
