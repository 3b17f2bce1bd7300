/**
 * What running pulls and imports need, so that nothing of it is collected while they run. In memory only: a process that
 * died has no running pull.
 */
export class Leases {
  readonly #counts = new Map<string, number>();
  readonly #onReleased: () => void;

  /** @param onReleased told when something is held by nobody any more, and may be nobody's */
  constructor(onReleased: () => void) {
    this.#onReleased = onReleased;
  }

  /** Holds digests while `work` runs. */
  async during<T>(digests: readonly string[], work: () => Promise<T>): Promise<T> {
    const release = this.hold(digests);
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Holds digests until what it returns is called, once or more often. */
  hold(digests: readonly string[]): () => void {
    for (const digest of digests) this.#counts.set(digest, (this.#counts.get(digest) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const digest of digests) this.#drop(digest);
      if (digests.some((digest) => !this.has(digest))) this.#onReleased();
    };
  }

  has(digest: string): boolean {
    return this.#counts.has(digest);
  }

  #drop(digest: string): void {
    const count = (this.#counts.get(digest) ?? 1) - 1;
    if (count > 0) this.#counts.set(digest, count);
    else this.#counts.delete(digest);
  }
}
