import './testing/realm.ts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pruneImages } from './prune-images.ts';
import { type FakeRegistry, startFakeRegistry } from './testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage } from './testing/images.ts';
import { openTestStore, pull, type TestStore } from './testing/store.ts';

let registry: FakeRegistry;
let store: TestStore;

beforeEach(async () => {
  registry = await startFakeRegistry();
  store = await openTestStore();
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

async function imageOf(content: string): Promise<TestImage> {
  return makeImage([{ tar: await makeTar([{ path: 'file', content }]) }]);
}

async function prune(isAll = false): Promise<readonly string[]> {
  return (await pruneImages(store.images.parts, { isAll })).images.map(({ id }) => id);
}

test('without --all only what lost its last tag is pruned, also after a restart', async () => {
  const name = `${registry.host}/team/app`;
  const [old, recent, pinned] = [await imageOf('old'), await imageOf('recent'), await imageOf('pinned')];
  registry.serve(old, 'team/app:1');
  registry.serve(old, 'team/app:2');
  for (const tag of ['1', '2']) await pull(store, `${name}:${tag}`);
  registry.serve(recent, 'team/app:1');
  await pull(store, `${name}:1`);
  registry.serve(pinned, 'team/app:3');
  await pull(store, `${name}@${pinned.manifestDigest}`);
  expect(await prune()).toEqual([]);
  registry.serve(recent, 'team/app:2');
  await pull(store, `${name}:2`);
  await store.restart();
  expect(await prune()).toEqual([old.configDigest]);
  expect((await prune(true)).toSorted()).toEqual([recent.configDigest, pinned.configDigest].toSorted());
});

test('what lost its tag and is pulled again, by tag or by digest, stays', async () => {
  const name = `${registry.host}/team/app`;
  const [one, other] = [await imageOf('one'), await imageOf('other')];
  for (const again of [`${name}:2`, `${name}@${one.manifestDigest}`]) {
    for (const image of [one, other]) {
      registry.serve(image, 'team/app:1');
      await pull(store, `${name}:1`);
    }
    registry.serve(one, 'team/app:2');
    await pull(store, again);
    expect(await prune()).toEqual([]);
    await prune(true);
  }
});
