/**
 * Steps side by side that belong to one undo: all of them have ended, well or not, before anybody goes on. `Promise.all`
 * would let the undo run while a slower step still makes what should be undone.
 */
type Settled<T extends readonly unknown[]> = { -readonly [I in keyof T]: Awaited<T[I]> };

/** The results in order. @throws the first failure, in order, when all have ended */
export async function together<const T extends readonly unknown[]>(steps: T): Promise<Settled<T>> {
  const results = await Promise.allSettled(steps);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  // None was rejected: this only takes the values out.
  return await Promise.all(steps);
}
