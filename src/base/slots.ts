/**
 * A bound on how much of something runs at once; those over it wait in order.
 */
import { raceSignal } from './single-flight.ts';

/** Gives a slot back; only the first call counts. */
export type Release = () => void;

export class Slots {
  readonly #limit: () => number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  /** `limit` as a function is read whenever a slot is wanted or given back. */
  constructor(limit: number | (() => number)) {
    this.#limit = typeof limit === 'number' ? (): number => limit : limit;
  }

  /** Somebody waits for a slot. */
  get isContended(): boolean {
    return this.#waiting.length > 0;
  }

  /** Runs when a slot is free. A caller whose signal fires leaves the queue. */
  async with<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const release = await this.take(signal);
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** A slot, when one is free. A caller whose signal fires leaves the queue. */
  async take(signal: AbortSignal): Promise<Release> {
    await this.#take(signal);
    return this.#release();
  }

  /** A slot that is free now and that nobody waits for, or null. */
  takeSpare(): Release | null {
    if (this.isContended || this.#taken >= this.#limit()) return null;
    this.#taken += 1;
    return this.#release();
  }

  #release(): Release {
    let isGiven = false;
    return () => {
      if (!isGiven) this.#give();
      isGiven = true;
    };
  }

  async #take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#taken < this.#limit() && !this.isContended) {
      this.#taken += 1;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const wake = (): void => turn.resolve();
    this.#waiting.push(wake);
    try {
      await raceSignal(turn.promise, signal);
    } catch (error) {
      const at = this.#waiting.indexOf(wake);
      if (at >= 0) this.#waiting.splice(at, 1);
      // Woken and cancelled in the same turn: the slot goes to the next one.
      else this.#give();
      throw error;
    }
  }

  /** Wakes as many as the limit now allows. */
  #give(): void {
    this.#taken -= 1;
    while (this.#taken < this.#limit()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#taken += 1;
      next();
    }
  }
}
