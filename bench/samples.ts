/**
 * What is kept of repeated measurements, and how it is shown. No judgement here: goals are in `goals.ts`.
 */

export type Summary = {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly min: number;
  readonly max: number;
};

export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), min: at(0), max: at(1) };
}

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Runs `count` pieces of work, at most `width` at a time. */
export async function inParallel(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}

/** Collects values by name: a table of a benchmark's raw figures. */
export class Samples {
  readonly #values = new Map<string, number[]>();

  add(name: string, value: number): void {
    const list = this.#values.get(name) ?? [];
    list.push(value);
    this.#values.set(name, list);
  }

  summaries(): Readonly<Record<string, Summary>> {
    return Object.fromEntries([...this.#values].map(([name, values]) => [name, summarize(values)]));
  }
}
