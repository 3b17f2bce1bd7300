import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { makeImage, makeTar, writeLayout } from './testing/images.ts';
import { openTestStore, type TestStore } from './testing/store.ts';

let store: TestStore;

beforeEach(async () => {
  store = await openTestStore();
});
afterEach(async () => await store[Symbol.asyncDispose]());

test.each([
  ['bytes', { maxLayerBytes: 4096n }],
  ['entries', { maxLayerEntries: 2 }],
] as const)('a layer of more %s than an operator allows is refused until more are', async (_, limits) => {
  const tar = await makeTar([{ path: 'a', content: 'x'.repeat(5000) }, { path: 'b' }, { path: 'c' }]);
  const directory = join(store.directory, 'layout');
  await writeLayout(makeImage([{ tar }]), directory);
  const before = store.settings;
  store.settings = { ...before, ...limits };
  const refused = store.images.importOciLayout(directory, 'test.local/limits');
  await expect(refused).rejects.toThrow(expect.objectContaining({ reason: 'InvalidImage' }));
  store.settings = before;
  await store.images.importOciLayout(directory, 'test.local/limits');
});
