/**
 * Who may run plugins when: operations of one container take turns, those of different containers run together, and GC
 * runs alone. Source: CNI SPEC 1.1, section 3, "Lifecycle & Ordering".
 *
 *   add(a) ──▶ del(a)          turns: same container
 *   add(b) ──────▶             together
 *                   gc ──▶     waits for all, all wait for it
 *                      add(c)
 */

export class AttachmentLocks {
  readonly #tails = new Map<string, Promise<void>>();
  readonly #running = new Set<Promise<void>>();
  /** Settles when the last of the waiting and running GCs is done. */
  #gcTail: Promise<void> = Promise.resolve();

  /** Runs `work` in turn for its container. @throws the signal's reason when it fires while waiting */
  async shared<T>(containerId: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = Promise.all([this.#gcTail, this.#tails.get(containerId)]);
    const done = Promise.withResolvers<void>();
    // A waiter that gives up lets its successors wait on for those before it.
    const tail = before.then(() => done.promise);
    this.#tails.set(containerId, tail);
    this.#running.add(tail);
    try {
      await raceSignal(before, signal);
      return await work();
    } finally {
      done.resolve();
      if (this.#tails.get(containerId) === tail) this.#tails.delete(containerId);
      void tail.then(() => this.#running.delete(tail));
    }
  }

  /** Runs `work` when nothing else runs; what is asked for meanwhile waits. */
  async exclusive<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = Promise.all([this.#gcTail, ...this.#running]);
    const done = Promise.withResolvers<void>();
    this.#gcTail = before.then(() => done.promise);
    try {
      await raceSignal(before, signal);
      return await work();
    } finally {
      done.resolve();
    }
  }
}

/** Resolves with the promise, or rejects with the signal's reason if that fires first. */
export async function raceSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
