import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newContainerId, parseImageId } from '../base/ids.ts';
import { removeImage } from './remove-image.ts';
import { checkJob } from './store-check.ts';
import { startFakeRegistry } from './testing/fake-registry.ts';
import { makeTar, sha256, type TestImage } from './testing/images.ts';
import { imageRequest, openTestStore, pull, testCall } from './testing/store.ts';

function sha512(bytes: Uint8Array): string {
  return `sha512:${createHash('sha512').update(bytes).digest('hex')}`;
}

/** Its layer and the layer's content go by sha512; the config, whose digest is the image's id, by sha256. */
async function imageBySha512(): Promise<TestImage> {
  const tar = await makeTar([{ path: 'file', content: 'content' }]);
  const layer = gzipSync(tar);
  const rootfs = { type: 'layers', diff_ids: [sha512(tar)] };
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }));
  const manifestType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: sha256(config),
        size: config.length,
      },
      layers: [
        {
          mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
          digest: sha512(layer),
          size: layer.length,
        },
      ],
    }),
  );
  return {
    blobs: new Map([
      [sha512(layer), layer],
      [sha256(config), config],
    ]),
    manifest,
    manifestDigest: sha512(manifest),
    manifestType,
    configDigest: sha256(config),
    layerDigests: [sha512(layer)],
  };
}

test('an image by sha512 is pulled by its digest, survives a restart, runs, and goes without a trace', async () => {
  await using registry = await startFakeRegistry();
  await using store = await openTestStore();
  const image = await imageBySha512();
  registry.serve(image, 'team/app:1');
  const name = `${registry.host}/team/app@${image.manifestDigest}`;
  const id = await pull(store, name);
  expect(id).toBe(image.configDigest);
  await store.restart();
  const { parts } = store.images;
  expect(store.images.find(name)?.repoDigests).toEqual([name]);
  for (const layer of parts.layers.all()) {
    const job = await checkJob(parts, layer, 'content');
    const faults = job === null ? ['no job'] : await parts.unpackers.check(job, new AbortController().signal);
    expect(faults).toEqual([]);
  }
  const containerId = newContainerId();
  const { path } = await store.images.prepareRootfs(parseImageId(id), containerId);
  expect(await readdir(path)).toEqual(['file']);
  await store.images.removeRootfs(containerId);
  await removeImage(store.images, imageRequest(name), testCall());
  for (const folder of ['layers', 'l', 'records', 'blobs/sha256', 'blobs/sha512', 'tmp'])
    expect(await readdir(join(store.directory, 'state/images', folder))).toEqual([]);
});
