/**
 * The newest sample of each object, shared by all who ask at about the same time, and an older one to reckon rates by.
 */

/** What was measured, and when. */
export type Timed<T> = { readonly value: T; readonly takenAtNs: bigint };

export type Sampled<T> = Timed<T> & {
  /** The earlier sample that rates are reckoned from; null: there is none yet that is not fresh. */
  readonly base: Timed<T> | null;
  /** Becomes the base when it is old enough itself. */
  readonly nextBase: Timed<T> | null;
};

/** A sample may be as old as this; the kubelet asks for several lists in a row. */
const freshNs = 100_000_000n;
/** Where there is a choice, rates are reckoned over this or up to twice as long: less is noise, more is history. */
const rateSpanNs = 500_000_000n;

export class Tracks<Id, T> {
  readonly #tracks = new Map<Id, Sampled<T>>();

  get size(): number {
    return this.#tracks.size;
  }

  /**
   * A fresh sample: one that was taken a moment ago, or a new one. Null: there is nothing to measure (any more). One without a
   * rate is not shared: from two of them the kubelet reckons its own, and it complains when their times are the same.
   */
  sample(id: Id, nowNs: bigint, measure: () => T | null): Sampled<T> | null {
    const last = this.#tracks.get(id);
    if (last !== undefined && isShared(last, nowNs)) return last;
    const value = measure();
    if (value === null) {
      this.#tracks.delete(id);
      return null;
    }
    const bases = last === undefined ? { base: null, nextBase: null } : basesAfter(last, nowNs);
    const next = { value, takenAtNs: nowNs, ...bases };
    this.#tracks.set(id, next);
    return next;
  }

  forget(id: Id): void {
    this.#tracks.delete(id);
  }
}

function isShared(last: Sampled<unknown>, nowNs: bigint): boolean {
  return nowNs - last.takenAtNs < (last.base === null ? 1n : freshNs);
}

function basesAfter<T>(last: Sampled<T>, nowNs: bigint): Pick<Sampled<T>, 'base' | 'nextBase'> {
  const { value, takenAtNs, base } = last;
  const newest = { value, takenAtNs };
  if (base === null) {
    const first = last.nextBase ?? newest;
    return nowNs - first.takenAtNs < freshNs
      ? { base: null, nextBase: first }
      : { base: first, nextBase: null };
  }
  const nextBase = last.nextBase ?? (takenAtNs - base.takenAtNs >= rateSpanNs ? newest : null);
  const isTime = nextBase !== null && nowNs - nextBase.takenAtNs >= rateSpanNs;
  return isTime ? { base: nextBase, nextBase: null } : { base, nextBase };
}

/** Growth per second of a counter; null: not known yet, or the counter began anew. */
export function ratePerSecond<T>(sampled: Sampled<T>, counter: (value: T) => bigint): bigint | null {
  const { base, value, takenAtNs } = sampled;
  if (base === null) return null;
  const growth = counter(value) - counter(base.value);
  return growth < 0n ? null : (growth * 1_000_000_000n) / (takenAtNs - base.takenAtNs);
}
