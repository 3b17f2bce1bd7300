import { expect, test } from '@jest/globals';
import { inBatches } from './batches.ts';

async function batchesOf(sizes: readonly number[]): Promise<readonly (readonly number[])[]> {
  const found: (readonly number[])[] = [];
  for await (const batch of inBatches(sizes, (size) => size, { items: 3, bytes: 100 })) found.push(batch);
  return found;
}

test('nothing makes no part', async () => {
  expect(await batchesOf([])).toEqual([]);
});

test('a part ends at the limit of items', async () => {
  expect(await batchesOf([1, 2, 3, 4, 5, 6, 7])).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
});

test('a part ends before the limit of bytes, and an item above it goes alone', async () => {
  expect(await batchesOf([60, 40, 1, 500, 2])).toEqual([[60, 40], [1], [500], [2]]);
});

test('items are taken only as parts are', async () => {
  let taken = 0;
  function* endless(): Generator<number> {
    for (;;) yield (taken += 1);
  }
  for await (const batch of inBatches(endless(), () => 1, { items: 3, bytes: 100 })) {
    expect(batch).toEqual([1, 2, 3]);
    break;
  }
  expect(taken).toBe(4);
});
