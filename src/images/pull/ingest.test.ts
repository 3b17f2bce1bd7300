import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { archiveLimits } from '../limits.ts';
import { makeImage, makeTar, writeLayout } from '../testing/images.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';

let store: TestStore;

beforeEach(async () => {
  // Room for what two of the layers below leave to lower ones to explain.
  store = await openTestStore({ archiveLimits: { ...archiveLimits, lentNameBytes: 1000 } });
});
afterEach(async () => await store[Symbol.asyncDispose]());

/** A layer of ten directories without entries: names of 400 bytes. */
async function layer(name: string): Promise<{ readonly tar: Buffer }> {
  const paths = Array.from({ length: 10 }, (_, count) => `${name}${count}`.padEnd(8, 'x'));
  return { tar: await makeTar(paths.map((path) => ({ path: `${path}/file`, content: name }))) };
}

async function importLayers(...names: readonly string[]): Promise<void> {
  const directory = join(store.directory, names.join('-'));
  await writeLayout(makeImage(await Promise.all(names.map(layer))), directory);
  await store.images.importOciLayout(directory, `test.local/${names.join('-')}`);
}

const refusal = expect.objectContaining({ reason: 'InvalidImage' });
const countOfLayers = (): number => [...store.images.parts.layers.all()].length;

describe('names that layers leave to lower ones to explain', () => {
  test('count together, those of the lowest layer not', async () => {
    await importLayers('a', 'b', 'c');
    await expect(importLayers('d', 'e', 'f', 'g')).rejects.toThrow(refusal);
  });

  test('end the pull before all layers are there', async () => {
    const names = Array.from({ length: 12 }, (_, count) => String.fromCharCode(97 + count));
    await expect(importLayers(...names)).rejects.toThrow(refusal);
    expect(countOfLayers()).toBeLessThanOrEqual(3);
  });

  test('count also in layers that were there before', async () => {
    await importLayers('a', 'b', 'c');
    await importLayers('d', 'e', 'f');
    expect(countOfLayers()).toBe(6);
    await expect(importLayers('x', 'b', 'c', 'e', 'y')).rejects.toThrow(refusal);
    expect(countOfLayers()).toBe(6);
  });
});
