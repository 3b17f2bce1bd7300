import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SyscallError } from '../../base/errors.ts';
import { absolutePath, newContainerId, parseDigest, parseImageId } from '../../base/ids.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { makeImage, makeTar, writeLayout } from '../testing/images.ts';
import { removeImage } from '../remove-image.ts';
import { mountLayers } from './mount-layers.ts';
import { imageRequest, openTestStore, testCall, type TestStore } from '../testing/store.ts';

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
  return await importInto(store, count);
}

async function importInto(into: TestStore, count: number): Promise<ImageRecord> {
  const layers = Array.from({ length: count }, async (_, at) => ({
    tar: await makeTar([
      { path: `f${at}`, content: String(at) },
      { path: 'last', content: String(at) },
    ]),
  }));
  const directory = join(into.directory, 'layout');
  await writeLayout(makeImage(await Promise.all(layers)), directory);
  return await into.images.importOciLayout(directory, 'test.local/many');
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

  test('is found where a symlinked directory leads', async () => {
    store = await openTestStore();
    await store.images.close();
    const [real, link] = ['state', 'link'].map((name) => join(store.directory, name));
    await symlink(real ?? '', link ?? '');
    await using linked = await openTestStore({ rootDir: link ?? '' });
    const id = newContainerId();
    const found = await importInto(linked, 2);
    await linked.images.prepareRootfs(found.id, id);
    const [place] = await linked.images.parts.volumes.reserve(id, [found]);
    if (place === undefined) throw new Error('no place');
    await linked.images.parts.volumes.mount(place);
    expect(await linked.images.parts.volumes.resolve(place.target, 'last')).toBe(join(place.target, 'last'));
    await linked.restart();
    expect(linked.images.foundRootfses).toMatchObject([{ containerId: id, isMounted: true }]);
    await linked.images.removeVolumes(id);
    await linked.images.removeRootfs(id);
  });
});

describe('a root file system or volume whose record cannot be read', () => {
  async function layers(): Promise<readonly string[]> {
    return await readdir(join(store.directory, 'state/images/layers'));
  }

  async function removeAll(): Promise<void> {
    for (const image of store.images.parts.catalog.all())
      await removeImage(store.images, imageRequest(image.id), testCall());
  }

  function at(...names: readonly string[]): string {
    return join(store.directory, 'state', ...names);
  }

  test('holds no layers when it is not mounted, and is found, so that it can be swept', async () => {
    store = await openTestStore();
    await importLayers(2);
    const [one, two] = [newContainerId(), newContainerId()];
    for (const path of ['overlay/lost+found', 'volumes/lost+found', `overlay/${one}/upper`, `volumes/${two}`])
      await mkdir(at(path), { recursive: true });
    await writeFile(at('overlay', one, 'rootfs.json'), '');
    await writeFile(at('volumes', two, 'volumes.json'), '');
    await store.restart();
    expect(store.images.foundRootfses).toEqual([{ containerId: one, imageId: null, isMounted: false }]);
    expect(store.images.foundVolumes).toEqual([two]);
    await removeAll();
    expect(await layers()).toEqual([]);
    await store.images.removeRootfs(one);
    await store.images.removeVolumes(two);
    await store.restart();
    expect(store.images.foundRootfses).toEqual([]);
    expect(store.images.foundVolumes).toEqual([]);
    expect(await readdir(at('overlay'))).toEqual(['lost+found']);
  });

  test.each(['overlay', 'volumes'])('in "%s" holds all layers until what is mounted goes', async (folder) => {
    store = await openTestStore({ collectionDelays: { quietMs: 60_000, longestMs: 60_000, soonMs: 1 } });
    const image = await importLayers(2);
    const id = newContainerId();
    if (folder === 'overlay') await store.images.prepareRootfs(image.id, id);
    else
      for (const place of await store.images.parts.volumes.reserve(id, [image]))
        await store.images.parts.volumes.mount(place);
    await writeFile(at(folder, id, folder === 'overlay' ? 'rootfs.json' : 'volumes.json'), 'garbage');
    await store.restart();
    await removeAll();
    expect((await layers()).length).toBe(2);
    await store.images.removeRootfs(id);
    await store.images.removeVolumes(id);
    while ((await layers()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe('owners of a user namespace', () => {
  const diffId = parseDigest(`sha256:${'1'.repeat(64)}`);
  const record = {
    imageId: parseImageId(diffId),
    layers: [diffId],
    isMended: false,
    root: { mode: 0o755, uid: 0, gid: 0 },
    isReadOnly: true,
  };

  test.each([
    ['5.15.0-100-generic', 'IdMapUnsupported'],
    ['5.19.0', null],
    ['6.1.0', null],
  ])('that an overlay refuses on Linux %s are the reason %p', async (release, reason) => {
    store = await openTestStore();
    const failure = new SyscallError({ call: 'mount', errno: 'EINVAL', paths: [] });
    const kernel = {
      facts: async () => ({ ...(await store.images.parts.kernel.facts()), release }),
      mountOverlay: async () => await Promise.reject(failure),
    };
    const { layout } = store.images.parts;
    const [idMap, target] = [absolutePath('/proc/self/ns/user'), absolutePath('/nowhere')];
    const mounting = mountLayers({ kernel, layout }, record, { target, flags: [], idMap });
    await (reason === null
      ? expect(mounting).rejects.toBe(failure)
      : expect(mounting).rejects.toMatchObject({ reason }));
  });
});
