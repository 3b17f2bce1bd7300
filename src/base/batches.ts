/**
 * Long lists in parts, as streams send them: each part small enough for one message; and as a whole.
 */

export type BatchLimits = { readonly items: number; readonly bytes: number };

/** Far below what a client takes (16 MiB), and large enough that parts cost nothing. */
const defaultLimits: BatchLimits = { items: 500, bytes: 1024 * 1024 };

/**
 * Items in their order, never an empty part. A part ends at the first limit; an item above the limit of bytes goes alone.
 * The next items are taken only when the part before them was.
 */
export async function* inBatches<T>(
  items: Iterable<T> | AsyncIterable<T>,
  bytesOf: (item: T) => number,
  limits: BatchLimits = defaultLimits,
): AsyncGenerator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for await (const item of items) {
    const own = bytesOf(item);
    if (batch.length === limits.items || (batch.length > 0 && bytes + own > limits.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += own;
  }
  if (batch.length > 0) yield batch;
}

/** All of them, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
