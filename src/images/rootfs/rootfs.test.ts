import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { absolutePath, newContainerId } from '../../base/ids.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { makeImage, makeTar, writeLayout } from '../testing/images.ts';
import { mountLayers } from './mount-layers.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';

let store: TestStore;
let oldKernel: ThreadedKernel;

beforeEach(async () => {
  oldKernel = new ThreadedKernel({ isOldMountApiForced: true });
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await oldKernel[Symbol.asyncDispose]();
});

async function importLayers(count: number): Promise<ImageRecord> {
  const layers = Array.from({ length: count }, async (_, at) => ({
    tar: await makeTar([
      { path: `f${at}`, content: String(at) },
      { path: 'last', content: String(at) },
    ]),
  }));
  const directory = join(store.directory, 'layout');
  await writeLayout(makeImage(await Promise.all(layers)), directory);
  return await store.images.importOciLayout(directory, 'test.local/many');
}

describe('a root file system', () => {
  test('has 127 and 200 layers by the new mount calls, and by mount(2) with short links', async () => {
    store = await openTestStore();
    const { layers, ...image } = await importLayers(200);
    const { layout, kernel } = store.images.parts;
    for (const each of [kernel, oldKernel]) {
      for (const count of [127, 200]) {
        const record = { imageId: image.id, ...image, layers: layers.slice(0, count), isReadOnly: true };
        const target = absolutePath(join(store.directory, `root-${count}`));
        await mkdir(target, { recursive: true });
        await mountLayers({ layout, kernel: each }, record, { target, flags: ['ro'] });
        try {
          expect((await readdir(target)).length).toBe(count + 1);
          expect(await readFile(join(target, 'last'), 'utf8')).toBe(String(count - 1));
        } finally {
          await each.unmountAll(target);
        }
      }
    }
  });

  test('with owners of a user namespace is refused where the kernel cannot map them, and leaves nothing', async () => {
    store = await openTestStore({ kernel: oldKernel });
    const image = await importLayers(2);
    const ids = [{ containerId: 0, hostId: 65_536, length: 65_536 }];
    const idMap = { map: { uids: ids, gids: ids }, userNamespace: absolutePath('/proc/self/ns/user') };
    await expect(store.images.prepareRootfs(image.id, newContainerId(), { idMap })).rejects.toMatchObject({
      code: 'failed-precondition',
      reason: 'IdMapUnsupported',
    });
    await store.restart();
    expect(store.images.foundRootfses).toEqual([]);
  });

  test.each([0, 1, 2])('of %d layers can be writable or read-only', async (count) => {
    store = await openTestStore();
    const image = await importLayers(count);
    const ids = [newContainerId(), newContainerId()] as const;
    const writable = await store.images.prepareRootfs(image.id, ids[0]);
    const fixed = await store.images.prepareRootfs(image.id, ids[1], { isReadOnly: true });
    try {
      await writeFile(join(writable.path, 'new'), 'x');
      await expect(writeFile(join(fixed.path, 'new'), 'x')).rejects.toMatchObject({ code: 'EROFS' });
      expect(fixed.upperDir).toBeNull();
    } finally {
      for (const id of ids) await store.images.removeRootfs(id);
    }
  });

  test('is found after a restart, and can be mounted again after a reboot with what was written', async () => {
    store = await openTestStore();
    const image = await importLayers(2);
    const id = newContainerId();
    const { path } = await store.images.prepareRootfs(image.id, id);
    await writeFile(join(path, 'mine'), 'kept');
    await store.restart();
    expect(store.images.foundRootfses).toEqual([{ containerId: id, imageId: image.id, isMounted: true }]);
    await oldKernel.unmountAll(absolutePath(path));
    await store.restart();
    expect(store.images.foundRootfses).toEqual([{ containerId: id, imageId: image.id, isMounted: false }]);
    const again = await store.images.remountRootfs(id);
    expect(await readFile(join(again.path, 'mine'), 'utf8')).toBe('kept');
    await store.images.removeRootfs(id);
    await store.images.removeRootfs(id);
    await store.restart();
    expect(store.images.foundRootfses).toEqual([]);
  });
});
