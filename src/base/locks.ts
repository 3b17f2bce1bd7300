/**
 * Locks by key: holders of the same key take turns in order of asking; other keys are not affected. A lock is never held
 * across a wait that can last (a grace period, an exec, a pull): the state machine covers those.
 */
import { raceSignal } from './single-flight.ts';

export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `work` when all earlier holders of the key are done. A caller whose signal fires leaves the queue. */
  async hold<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const done = Promise.withResolvers<void>();
    const tail = before.then(() => done.promise);
    this.#tails.set(key, tail);
    try {
      await raceSignal(before, signal);
      return await work();
    } finally {
      done.resolve();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  /** Resolves when nobody holds or awaits any key. */
  async settled(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }
}
