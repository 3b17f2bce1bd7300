import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newContainerId } from '../base/ids.ts';
import { imageStatus } from './image-status.ts';
import { listImages } from './list-images.ts';
import { removeImage } from './remove-image.ts';
import { makeImage, makeIndex, makeTar, type TestImage } from './testing/images.ts';
import { startRegistry, type TestRegistry } from './testing/registry.ts';
import { imageRequest, openTestStore, pull, testCall, type TestStore } from './testing/store.ts';

let registry: TestRegistry;
let store: TestStore;
let busybox: TestImage;

beforeAll(async () => {
  registry = await startRegistry();
  const base = await makeTar([
    { path: 'bin/', type: 'directory' },
    { path: 'bin/busybox', content: await readFile('/bin/busybox'), mode: 0o755 },
  ]);
  const top = await makeTar([
    { path: 'etc/', type: 'directory' },
    { path: 'etc/passwd', content: 'root:x:0:0::/:\n' },
  ]);
  busybox = makeImage([{ tar: base }, { tar: top, compression: 'zstd' }], {
    Cmd: ['sh'],
    User: 'www-data:5',
  });
  await registry.push(busybox, 'team/busybox', '1');
  await registry.push(busybox, 'team/busybox', 'latest');
});
afterAll(async () => await registry[Symbol.asyncDispose]());
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(async () => await store[Symbol.asyncDispose]());

describe('PullImage', () => {
  test('pulls by tag, and the image is there under every name at once', async () => {
    const id = await pull(store, `${registry.host}/team/busybox:1`);
    expect(id).toBe(busybox.configDigest);
    const { image } = await imageStatus(store.images, { ...imageRequest(id), verbose: true }, testCall());
    expect(image).toMatchObject({
      id,
      repoTags: [`${registry.host}/team/busybox:1`],
      repoDigests: [`${registry.host}/team/busybox@${busybox.manifestDigest}`],
      uid: null,
      username: 'www-data',
      pinned: false,
    });
    expect(image?.size).toBeGreaterThan(1_000_000n);
    for (const name of [...(image?.repoTags ?? []), ...(image?.repoDigests ?? [])]) {
      const again = await imageStatus(store.images, { ...imageRequest(name), verbose: false }, testCall());
      expect(again.image).toEqual(image);
    }
    expect(await readdir(join(store.directory, 'state/images/tmp'))).toEqual([]);
  });

  test('pulls by digest without making a tag', async () => {
    const name = `${registry.host}/team/busybox@${busybox.manifestDigest}`;
    await pull(store, name);
    const { images } = await listImages(store.images, { filter: null }, testCall());
    expect(images.map(({ repoTags, repoDigests }) => ({ repoTags, repoDigests }))).toEqual([
      { repoTags: [], repoDigests: [name] },
    ]);
  });

  test('takes the latest tag when none is named, and the digest when both are', async () => {
    await pull(store, `${registry.host}/team/busybox`);
    await pull(store, `${registry.host}/team/busybox:nonsense@${busybox.manifestDigest}`);
    const { images } = await listImages(store.images, { filter: null }, testCall());
    expect(images.map((image) => image.repoTags)).toEqual([[`${registry.host}/team/busybox:latest`]]);
  });

  test('chooses the platform of an index', async () => {
    const arm = makeImage([{ tar: await makeTar([{ path: 'arm' }]) }], {}, { architecture: 'arm64' });
    await registry.push(arm, 'team/multi', 'arm');
    await registry.push(busybox, 'team/multi', 'amd');
    const index = makeIndex([
      { image: arm, architecture: 'arm64', variant: 'v8' },
      { image: busybox, architecture: 'amd64' },
    ]);
    await registry.pushManifest({ bytes: index.bytes, type: index.type }, 'team/multi', 'both');
    const id = await pull(store, `${registry.host}/team/multi:both`);
    expect(id).toBe(busybox.configDigest);
    expect(store.images.find(id)?.repoDigests).toEqual([`${registry.host}/team/multi@${index.digest}`]);
    expect(store.images.find(`${registry.host}/team/multi@${busybox.manifestDigest}`)?.id).toBe(id);
  });

  test('gives the layers to a container, which keeps them when the image is removed', async () => {
    const id = await pull(store, `${registry.host}/team/busybox:1`);
    const containerId = newContainerId();
    const image = store.images.find(id);
    if (image === null) throw new Error('not there');
    const rootfs = await store.images.prepareRootfs(image.id, containerId);
    try {
      await removeImage(store.images, imageRequest(id), testCall());
      expect(store.images.find(id)).toBeNull();
      expect(await readFile(join(rootfs.path, 'etc/passwd'), 'utf8')).toBe('root:x:0:0::/:\n');
      expect((await readdir(join(store.directory, 'state/images/layers'))).length).toBe(2);
    } finally {
      await store.images.removeRootfs(containerId);
    }
    await store.restart();
    expect(await readdir(join(store.directory, 'state/images/layers'))).toEqual([]);
  });

  test('goes through a mirror and keeps the name', async () => {
    await writeFile(
      store.settings.registriesConf,
      `unqualified-search-registries = ["quay.test"]
       [[registry]]
       prefix = "quay.test"
       [[registry.mirror]]
       location = "127.0.0.1:1"
       [[registry.mirror]]
       location = "${registry.host}/team"\n`,
    );
    await pull(store, 'quay.test/busybox:1');
    expect(store.images.find('busybox:1')?.repoTags).toEqual(['quay.test/busybox:1']);
    await store.restart();
    expect(store.images.find('busybox:1')?.repoTags).toEqual(['quay.test/busybox:1']);
  });
});
