/**
 * Lets the daemon do other things between the steps of long work that seldom waits, ends it when nobody wants it, and
 * counts what one image costs: of time in looks at the disk, of memory in bytes.
 */
import { setImmediate } from 'node:timers/promises';
import { badImage } from '../documents/document.ts';
import { type MendLimits, mendLimits } from '../limits.ts';

const looksAtOnce = 32;

export class Pace {
  readonly #signal: AbortSignal;
  readonly #limits: MendLimits;
  #looks = 0;
  #looksSincePause = 0;
  #keptBytes = 0;

  /** One for all the work for one image. */
  constructor(signal: AbortSignal, limits: MendLimits = mendLimits) {
    this.#signal = signal;
    this.#limits = limits;
  }

  /** Before each step; `looks`: what it takes, in looks at the disk. @throws InvalidImage, the signal's reason */
  async step(looks = 1): Promise<void> {
    this.#signal.throwIfAborted();
    this.#looks += looks;
    if (this.#looks > this.#limits.looks)
      throw badImage(`assemble image: its layers rely on lower ones in too many places to look at`);
    this.#looksSincePause += looks;
    if (this.#looksSincePause < looksAtOnce) return;
    this.#looksSincePause = 0;
    await setImmediate();
  }

  /** Before something is remembered until the image is assembled. @throws InvalidImage */
  keep(bytes: number): void {
    this.#keptBytes += bytes;
    if (this.#keptBytes > this.#limits.keptBytes)
      throw badImage(`assemble image: its layers rely on lower ones in too many places to remember`);
  }
}
