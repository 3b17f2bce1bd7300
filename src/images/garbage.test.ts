import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newContainerId, parseImageId } from '../base/ids.ts';
import { collectGarbage } from './garbage.ts';
import type { ObservePull } from './progress.ts';
import { removeImage } from './remove-image.ts';
import { type FakeRegistry, startFakeRegistry } from './testing/fake-registry.ts';
import { makeImage, type TestImage } from './testing/images.ts';
import { imageRequest, openTestStore, pull, testCall, type TestStore } from './testing/store.ts';
import { rawEntry, rawTar } from './testing/tar.ts';

/** A failed pull waits for its retry as long as a test lasts, unless the test says otherwise. */
const delays = { quietMs: 600_000, longestMs: 600_000, soonMs: 1 };
let registry: FakeRegistry;
let store: TestStore;
let image: TestImage;
let name: string;
let unpacked: PromiseWithResolvers<void>;

const lower = rawTar(
  rawEntry({ name: 'etc/', type: '5' }),
  rawEntry({ name: 'etc/passwd', content: Buffer.from('root:x:0:0::/:') }),
);
/** Needs a mend. */
const upper = rawTar(rawEntry({ name: 'etc/shadow', type: '1', linkName: 'etc/passwd' }));

beforeEach(async () => {
  unpacked = Promise.withResolvers();
  store = await open(delays.quietMs);
  registry = await startFakeRegistry();
  image = makeImage([{ tar: lower }, { tar: upper }]);
  registry.serve(image, 'team/app:1');
  name = `${registry.host}/team/app:1`;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

/** Tells when a layer was unpacked. */
async function open(quietMs: number): Promise<TestStore> {
  const observePull: ObservePull = () => (event) => {
    if (event.kind === 'state' && event.state === 'unpacked') unpacked.resolve();
  };
  return await openTestStore({ collectionDelays: { ...delays, quietMs }, observePull });
}

async function reopen(quietMs: number): Promise<void> {
  await store[Symbol.asyncDispose]();
  store = await open(quietMs);
}

async function names(...folder: readonly string[]): Promise<readonly string[]> {
  return await readdir(join(store.directory, 'state/images', ...folder));
}

async function remove(what: string): Promise<void> {
  await removeImage(store.images, imageRequest(what), testCall());
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function nothingIsLeft(): Promise<boolean> {
  const found = await Promise.all(
    ['layers', 'l', 'blobs/sha256', 'mends', 'tmp'].map(async (each) => await names(each)),
  );
  return found.flat().length === 0;
}

async function expectWhole(): Promise<void> {
  expect(store.images.find(name)?.isMended).toBe(true);
  await store.restart();
  const id = store.images.find(name)?.id ?? '';
  await store.images.config(parseImageId(id));
  expect((await names('mends')).length).toBe(1);
  const containerId = newContainerId();
  const { path } = await store.images.prepareRootfs(parseImageId(id), containerId);
  expect((await readdir(join(path, 'etc'))).sort()).toEqual(['passwd', 'shadow']);
  await store.images.removeRootfs(containerId);
}

describe('an image that is pulled again while what it was is collected', () => {
  test.each<readonly [string, (again: () => Promise<void>) => void]>([
    [
      'layers are removed',
      (again) => {
        const { layers } = store.images.parts;
        const original = layers.remove.bind(layers);
        jest.spyOn(layers, 'remove').mockImplementation(async (diffId) => {
          await again();
          await original(diffId);
        });
      },
    ],
    [
      'blobs are listed',
      (again) => {
        const { blobs } = store.images.parts;
        const original = blobs.list.bind(blobs);
        jest.spyOn(blobs, 'list').mockImplementation(async () => {
          const there = await original();
          await again();
          return there;
        });
      },
    ],
    [
      'a blob is removed',
      (again) => {
        const { blobs } = store.images.parts;
        const original = blobs.remove.bind(blobs);
        jest.spyOn(blobs, 'remove').mockImplementation(async (digest, isWanted) => {
          await again();
          return await original(digest, isWanted);
        });
      },
    ],
  ])('when %s is whole', async (_, hook) => {
    await pull(store, name);
    let isDone = false;
    hook(async () => {
      if (isDone) return;
      isDone = true;
      await pull(store, name);
    });
    await remove(name);
    expect(isDone).toBe(true);
    await expectWhole();
  });

  test('over a slow network, with leases, is whole', async () => {
    await pull(store, name);
    const other = makeImage([{ tar: lower }]);
    registry.serve(other, 'team/other:1');
    const otherName = `${registry.host}/team/other:1`;
    await pull(store, otherName);
    await remove(name);
    // The lower layer is there, the upper one does not come yet.
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const blob = [...image.blobs].find(([digest]) => digest === image.layerDigests[1])?.[1];
    registry.intercept = (request, response) => {
      if (request.url?.includes(image.layerDigests[1] ?? '?') !== true) return false;
      asked.resolve();
      void gate.promise.then(() => response.writeHead(200, { 'content-length': blob?.length }).end(blob));
      return true;
    };
    const pulling = pull(store, name);
    await asked.promise;
    await remove(otherName);
    await collectGarbage(store.images.parts);
    expect((await names('layers')).length).toBe(1);
    gate.resolve();
    await pulling;
    await expectWhole();
  });
});

describe('garbage', () => {
  async function failPull(): Promise<void> {
    registry.intercept = (request, response) => {
      if (request.url?.includes(image.layerDigests[1] ?? '?') !== true) return false;
      // Not before the other one is there.
      void unpacked.promise.then(() => response.writeHead(404).end());
      return true;
    };
    await expect(pull(store, name)).rejects.toThrow();
    registry.intercept = () => false;
  }

  test('of a pull that failed waits for a retry', async () => {
    await failPull();
    expect((await names('layers')).length).toBe(1);
    registry.asked.length = 0;
    await pull(store, name);
    expect(registry.asked.some(({ url }) => url.includes(image.layerDigests[0] ?? '?'))).toBe(false);
  });

  test('of a pull that failed goes when there is none', async () => {
    await reopen(5);
    await failPull();
    await until(nothingIsLeft);
  });

  test('of a pull whose image was removed before it had ended goes a while after', async () => {
    await reopen(5);
    const { catalog } = store.images.parts;
    const original = catalog.add.bind(catalog);
    jest.spyOn(catalog, 'add').mockImplementation(async (record) => {
      const added = await original(record);
      await remove(name);
      return added;
    });
    await pull(store, name);
    expect(store.images.find(name)).toBeNull();
    await until(nothingIsLeft);
  });

  test('of an image that was removed while a container or a volume used it goes with them', async () => {
    const id = parseImageId(await pull(store, name));
    const [one, two] = [newContainerId(), newContainerId()];
    await store.images.prepareRootfs(id, one);
    const found = store.images.find(name);
    await store.images.parts.volumes.reserve(two, found === null ? [] : [found]);
    await remove(name);
    expect((await names('layers')).length).toBe(2);
    await store.images.removeRootfs(one);
    expect((await names('mends')).length).toBe(1);
    await store.images.removeVolumes(two);
    await until(nothingIsLeft);
  });

  test('of an image that was removed while somebody held it goes a while after', async () => {
    await reopen(5);
    await pull(store, name);
    const found = store.images.find(name);
    const letGo = store.images.parts.leases.hold([...(found?.layers ?? []), ...(found?.manifests ?? [])]);
    await remove(name);
    expect((await names('layers')).length).toBe(2);
    letGo();
    await until(nothingIsLeft);
  });

  test('that cannot be listed or removed keeps no image from being removed, and is tried again', async () => {
    await pull(store, name);
    const { layout, layers } = store.images.parts;
    await rm(layout.mends, { recursive: true });
    await rm(join(layout.blobs, 'sha512'), { recursive: true });
    await writeFile(join(layout.blobs, 'sha512'), '');
    await rm(layout.temporary, { recursive: true });
    await writeFile(layout.temporary, '');
    await remove(name);
    expect(store.images.find(name)).toBeNull();
    expect([...layers.all()].length).toBe(2);
    await rm(join(layout.blobs, 'sha512'));
    await rm(layout.temporary);
    await store.restart();
    expect(await nothingIsLeft()).toBe(true);
  });
});

describe('an image whose config is found damaged when a container wants it', () => {
  test('is no longer there, so that a pull brings it again, and no layer', async () => {
    const id = parseImageId(await pull(store, name));
    await writeFile(join(store.directory, 'state/images/blobs/sha256', id.slice(7)), 'garbage');
    await expect(store.images.config(id)).rejects.toMatchObject({ reason: 'ImageDamaged' });
    expect(store.images.find(name)).toBeNull();
    await collectGarbage(store.images.parts);
    registry.asked.length = 0;
    expect(await pull(store, name)).toBe(id);
    await store.images.config(id);
    const layers = registry.asked.filter(({ url }) => image.layerDigests.some((each) => url.includes(each)));
    expect(layers).toEqual([]);
  });
});
