import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageFsInfo } from './image-fs-info.ts';
import { imageStatus } from './image-status.ts';
import { listImages } from './list-images.ts';
import { removeImage } from './remove-image.ts';
import { type FakeRegistry, startFakeRegistry } from './testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage, writeLayout } from './testing/images.ts';
import { imageRequest, openTestStore, pull, testCall, type TestStore } from './testing/store.ts';

let registry: FakeRegistry;
let image: TestImage;
let store: TestStore;

beforeAll(async () => {
  registry = await startFakeRegistry();
  image = makeImage([{ tar: await makeTar([{ path: 'file', content: 'content' }]) }], { Cmd: ['x'] });
  for (const name of ['team/app:1', 'team/app:2', 'k8s/app:1', 'gcr/app:1']) registry.serve(image, name);
});
afterAll(async () => await registry[Symbol.asyncDispose]());
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(async () => await store[Symbol.asyncDispose]());

async function isAbsent(name: string): Promise<boolean> {
  return (
    (await imageStatus(store.images, { ...imageRequest(name), verbose: false }, testCall())).image === null
  );
}

describe('RemoveImage', () => {
  test('of an image of two registries and several tags removes all names', async () => {
    await writeFile(
      store.settings.registriesConf,
      ['k8s', 'gcr']
        .map((each) => `[[registry]]\nprefix = "${each}.test"\nlocation = "${registry.host}/${each}"\n`)
        .join(''),
    );
    await pull(store, 'k8s.test/app:1');
    const id = await pull(store, 'gcr.test/app:1');
    const { images } = await listImages(store.images, { filter: null }, testCall());
    expect(images.map((each) => [each.repoTags, each.repoDigests])).toEqual([
      [
        ['gcr.test/app:1', 'k8s.test/app:1'],
        [`gcr.test/app@${image.manifestDigest}`, `k8s.test/app@${image.manifestDigest}`],
      ],
    ]);
    await removeImage(store.images, imageRequest('k8s.test/app:1'), testCall());
    for (const name of ['k8s.test/app:1', 'gcr.test/app:1', id]) expect(await isAbsent(name)).toBe(true);
    await store.restart();
    expect(await isAbsent(id)).toBe(true);
    for (const folder of ['layers', 'l', 'records', 'blobs/sha256', 'tmp'])
      expect(await readdir(join(store.directory, 'state/images', folder))).toEqual([]);
  });

  test('by five callers at once succeeds for all, each of whom sees it gone', async () => {
    const id = await pull(store, `${registry.host}/team/app:1`);
    const calls = Array.from({ length: 5 }, async () => {
      await removeImage(store.images, imageRequest(id), testCall());
      return await isAbsent(id);
    });
    expect(await Promise.all(calls)).toEqual([true, true, true, true, true]);
  });

  test('by a second caller, who finds it gone, returns when it is off the disk', async () => {
    const id = await pull(store, `${registry.host}/team/app:1`);
    const first = removeImage(store.images, imageRequest(id), testCall());
    await removeImage(store.images, imageRequest(id), testCall());
    expect(await readdir(join(store.directory, 'state/images/records'))).toEqual([]);
    await first;
  });

  test('of what is not there succeeds', async () => {
    expect(await removeImage(store.images, imageRequest('nobody/nothing'), testCall())).toEqual({});
  });

  test('and a pull at the same time leave an image that is whole or none', async () => {
    const name = `${registry.host}/team/app:1`;
    for (let round = 0; round < 10; round += 1) {
      await pull(store, name);
      await Promise.all([removeImage(store.images, imageRequest(name), testCall()), pull(store, name)]);
      const left = store.images.find(name);
      for (const diffId of left?.layers ?? []) expect(store.images.parts.layers.get(diffId)).not.toBeNull();
      await store.restart();
      expect(store.images.find(name)?.id).toBe(left?.id);
    }
  });
});

describe('the image store', () => {
  test('moves a tag to the image that has it now', async () => {
    const name = `${registry.host}/team/moving:1`;
    registry.serve(image, 'team/moving:1');
    const old = await pull(store, name);
    registry.serve(makeImage([], { Cmd: ['new'] }), 'team/moving:1');
    const now = await pull(store, name);
    expect(now).not.toBe(old);
    expect(store.images.find(name)?.id).toBe(now);
    expect(store.images.find(old)?.repoTags).toEqual([]);
  });

  test('says what it uses, on one file system for images and containers', async () => {
    await pull(store, `${registry.host}/team/app:1`);
    const info = await imageFsInfo(store.images, {}, testCall());
    expect(info.imageFilesystems[0]?.fsId?.mountpoint).toBe(join(store.directory, 'state/images'));
    expect(info.containerFilesystems[0]?.fsId).toEqual(info.imageFilesystems[0]?.fsId);
    expect(info.imageFilesystems[0]?.usedBytes?.value).toBeGreaterThan(0n);
  });

  test('lists nothing for a name that is none, and for the beginning of several ids', async () => {
    const listed = async (text: string): Promise<number> =>
      (await listImages(store.images, { filter: imageRequest(text) }, testCall())).images.length;
    const ids: string[] = [];
    // As many images as it takes until two begin alike.
    const prefixes = (): readonly string[] => ids.map((id) => id.slice(0, 'sha256:'.length + 2));
    const directory = join(store.directory, 'layout');
    while (new Set(prefixes()).size === ids.length) {
      await rm(directory, { recursive: true, force: true });
      await writeLayout(makeImage([], { Cmd: [String(ids.length)] }), directory);
      ids.push((await store.images.importOciLayout(directory, `test.local/image:${ids.length}`)).id);
    }
    const shared = prefixes().at(-1) ?? '';
    expect(await listed(shared)).toBe(0);
    const status = imageStatus(store.images, { ...imageRequest(shared), verbose: false }, testCall());
    await expect(status).rejects.toMatchObject({ reason: 'AmbiguousImageId' });
    for (const text of ['UPPER/case', 'a b', ':', 'nobody/nothing']) expect(await listed(text)).toBe(0);
    expect(await listed(ids[0] ?? '')).toBe(1);
  });

  test('marks what is pinned by name, by beginning and by keyword', async () => {
    const name = `${registry.host}/team/app:1`;
    await pull(store, name);
    const pinnedBy = async (pattern: string): Promise<boolean | undefined> => {
      store.settings = { ...store.settings, pinned: [pattern] };
      return (await listImages(store.images, { filter: null }, testCall())).images[0]?.pinned;
    };
    expect(await pinnedBy(name)).toBe(true);
    expect(await pinnedBy(`${registry.host}/*`)).toBe(true);
    expect(await pinnedBy('*team*')).toBe(true);
    expect(await pinnedBy('*other*')).toBe(false);
    expect(await pinnedBy(`${registry.host}/*/app:1`)).toBe(true);
    expect(await pinnedBy(`${registry.host}/*m/a*:1`)).toBe(true);
    expect(await pinnedBy(`${registry.host}/*x/app:1`)).toBe(false);
    expect(await pinnedBy(`${registry.host}/team/app`)).toBe(false);
  });

  test('sets a damaged record and a layer without one aside, and pulls only those again', async () => {
    const name = `${registry.host}/team/app:1`;
    const id = await pull(store, name);
    const state = join(store.directory, 'state/images');
    await writeFile(join(state, 'records', `${id.slice(7)}.json`), 'garbage');
    await store.restart();
    expect(store.images.find(name)).toBeNull();
    expect((await readdir(join(state, 'quarantine'))).length).toBe(1);
    expect(await pull(store, name)).toBe(id);
    const [layer = ''] = await readdir(join(state, 'layers'));
    await rm(join(state, 'layers', layer, 'layer.json'));
    await store.restart();
    expect(store.images.find(name)).toBeNull();
    expect(await pull(store, name)).toBe(id);
  });
});
