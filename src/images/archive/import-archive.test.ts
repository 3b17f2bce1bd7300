import '../testing/realm.ts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { removeImage } from '../remove-image.ts';
import { collectGarbage } from '../garbage.ts';
import {
  type ArchiveEntry,
  archiveOf,
  blob,
  configOf,
  type IndexEntryOfTest,
  indexOf,
  manifestOf,
  ociIndex,
  ociManifest,
  once,
} from '../testing/archives.ts';
import { sha256 } from '../testing/images.ts';
import { imageRequest, openTestStore, testCall, type TestStore } from '../testing/store.ts';
import { importArchive } from './import-archive.ts';

let store: TestStore;
const never = new AbortController().signal;

beforeAll(async () => {
  store = await openTestStore();
});
afterEach(async () => {
  for (const { id } of store.images.parts.catalog.all())
    await removeImage(store.images, imageRequest(id), testCall());
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

async function imported(archive: Buffer, name: string | null = null): Promise<readonly string[]> {
  const images = await importArchive(store.images.parts, { stream: once(archive), name }, never);
  return images.flatMap(({ repoTags }) => repoTags);
}

async function expectNothing(): Promise<void> {
  const { parts } = store.images;
  expect([...parts.catalog.all()]).toEqual([]);
  // A layer that was whole may stay until then, for another attempt.
  await collectGarbage(parts);
  const { layers, blobs, temporary } = parts.layout;
  for (const folder of [layers, join(blobs, 'sha256'), join(blobs, 'sha512'), temporary])
    expect(await readdir(folder)).toEqual([]);
  expect(existsSync('/outside')).toBe(false);
}

const layer = Buffer.alloc(1024);
const config = configOf([layer]);

function dockerManifest(changes: object = {}): string {
  return JSON.stringify([
    { Config: 'config.json', RepoTags: ['team/bad:1'], Layers: ['layer.tar'], ...changes },
  ]);
}

const parts: readonly ArchiveEntry[] = [
  { name: 'config.json', content: config },
  { name: 'layer.tar', content: layer },
];
/** Named as an archive names an image. */
function named(content: string, mediaType = ociManifest): IndexEntryOfTest {
  return { content, mediaType, annotations: { 'io.containerd.image.name': 'team/bad:1' } };
}

/** An OCI archive whose index names indexes that name indexes. */
function nested(depth: number): readonly ArchiveEntry[] {
  const inner: ArchiveEntry[] = [];
  let top = indexOf(named('{}'));
  for (let at = 0; at < depth; at += 1) {
    inner.push(blob(top));
    top = indexOf(named(top, ociIndex));
  }
  return [...inner, { name: 'index.json', content: top }];
}

const manifest = manifestOf(config, [layer]);
const ociParts = [manifest, config, layer].map(blob);
const honestOci: readonly ArchiveEntry[] = [
  ...ociParts,
  { name: 'index.json', content: indexOf(named(manifest)) },
];

const honest: readonly ArchiveEntry[] = [...parts, { name: 'manifest.json', content: dockerManifest() }];

describe('an archive', () => {
  test('of the old form has the names that it says, or the one that is given', async () => {
    expect(await imported(await archiveOf(honest))).toEqual(['docker.io/team/bad:1']);
    expect(await imported(await archiveOf(honest), 'my.test/app')).toEqual([
      'docker.io/team/bad:1',
      'my.test/app:latest',
    ]);
  });

  test('of the old form may be compressed, come in any pieces and name many images', async () => {
    const archive = gzipSync(await archiveOf(honest));
    async function* pieces(): AsyncGenerator<Buffer> {
      for (let at = 0; at < archive.length; at += 7)
        yield await Promise.resolve(archive.subarray(at, at + 7));
    }
    const { parts: imageParts } = store.images;
    const images = await importArchive(imageParts, { stream: pieces(), name: null }, never);
    expect(images.map(({ id }) => id)).toEqual([sha256(Buffer.from(config))]);
    const tags = Array.from({ length: 500 }, (_, at) => `team/many:${at}`);
    const list = JSON.stringify(
      tags.map((tag) => JSON.parse(dockerManifest({ RepoTags: [tag] }))[0] as object),
    );
    const many = await archiveOf([...parts, { name: 'manifest.json', content: list }]);
    expect((await imported(many)).length).toBeGreaterThan(500);
  });

  test('in OCI form is taken whole or not, whichever of its blobs is missing', async () => {
    for (const absent of ociParts) {
      await expect(imported(await archiveOf(honestOci.filter((entry) => entry !== absent)))).rejects.toThrow(
        /is missing/,
      );
      await expectNothing();
    }
    expect(await imported(await archiveOf(honestOci))).toEqual(['docker.io/team/bad:1']);
  });

  test('may hold symlinks beside the files that are looked for', async () => {
    const beside: ArchiveEntry = { name: 'old/layer.tar', type: 'symlink', linkname: '../layer.tar' };
    expect(await imported(await archiveOf([beside, ...honest]))).toEqual(['docker.io/team/bad:1']);
  });
});

describe('an archive that means harm', () => {
  test.each<[string, readonly ArchiveEntry[], RegExp]>([
    ['of nothing', [], /holds nothing/],
    ['that is no image', [{ name: 'readme', content: 'x' }], /manifest.json" is missing/],
    [
      'with a symlink for a layer',
      [
        { name: 'config.json', content: config },
        { name: 'layer.tar', type: 'symlink', linkname: '/etc/passwd' },
        { name: 'manifest.json', content: dockerManifest() },
      ],
      /is a symlink to "\/etc\/passwd"/,
    ],
    [
      'with a hard link',
      [...parts, { name: 'again', type: 'link', linkname: '/etc/passwd' }],
      /is a hardlink/,
    ],
    ['with a device', [...parts, { name: 'null', type: 'character-device' }], /is a character/],
    ['with a path outside', [...parts, { name: '../../outside', content: 'x' }], /no file name/],
    ['with an absolute path', [...parts, { name: '/outside', content: 'x' }], /no file name/],
    [
      'that names a config outside',
      [...parts, { name: 'manifest.json', content: dockerManifest({ Config: '../../../etc/passwd' }) }],
      /no file name/,
    ],
    [
      'that lacks a layer',
      [...parts, { name: 'manifest.json', content: dockerManifest({ Layers: ['absent.tar'] }) }],
      /absent.tar" is missing/,
    ],
    [
      'with another layer than its config says',
      [
        { name: 'config.json', content: config },
        { name: 'layer.tar', content: Buffer.alloc(2048) },
        { name: 'manifest.json', content: dockerManifest() },
      ],
      /config says/,
    ],
    [
      'with more layers than its config',
      [...parts, { name: 'manifest.json', content: dockerManifest({ Layers: ['layer.tar', 'layer.tar'] }) }],
      /the archive has 2/,
    ],
    [
      'with the same name twice',
      [...parts, ...parts, { name: 'manifest.json', content: dockerManifest() }],
      /twice/,
    ],
    [
      'with a document of 10 MB',
      [...parts, { name: 'manifest.json', content: `[${' '.repeat(10_000_000)}]` }],
      /at most/,
    ],
    [
      'with a wrong blob',
      [
        { name: 'oci-layout', content: '{}' },
        {
          name: 'index.json',
          content: JSON.stringify({
            schemaVersion: 2,
            manifests: [
              {
                mediaType: 'application/vnd.oci.image.manifest.v1+json',
                digest: sha256(Buffer.from('right')),
                size: 5,
                annotations: { 'io.containerd.image.name': 'team/bad:1' },
              },
            ],
          }),
        },
        { name: `blobs/${sha256(Buffer.from('right')).replace(':', '/')}`, content: 'wrong' },
      ],
      /is damaged/,
    ],
    [
      'whose layer is another one than its manifest says',
      [
        ...honestOci.filter(({ content }) => content !== layer),
        { ...blob(layer), content: Buffer.alloc(1536) },
      ],
      /is damaged|config says/,
    ],
    ['of indexes in indexes without end', nested(8), /no image manifest within/],
    [
      'of a million images',
      [...parts, { name: 'manifest.json', content: `[${'{},'.repeat(1_000_000)}{}]` }],
      /1 to 1000 images/,
    ],
    [
      'with an index of too many entries',
      [{ name: 'index.json', content: `{"schemaVersion":2,"manifests":[${'{},'.repeat(10_000)}{}]}` }],
      /at most|entries/,
    ],
    [
      'without a name',
      [...parts, { name: 'manifest.json', content: dockerManifest({ RepoTags: null }) }],
      /expected a name/,
    ],
  ])('%s is refused and leaves nothing', async (...[, entries, words]) => {
    await expect(imported(await archiveOf(entries))).rejects.toThrow(words);
    await expectNothing();
  });

  test('by the size that a header claims is refused when it ends', async () => {
    const bytes = await archiveOf(honest);
    // The size field of the second entry: 8 GiB less one byte, of which nothing follows.
    const at = bytes.indexOf('layer.tar');
    bytes.write('77777777777', at + 124);
    const header = bytes.subarray(at, at + 512);
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    await expect(imported(bytes)).rejects.toThrow(/ends inside an entry/);
    await expectNothing();
  });

  test('that is no archive at all is refused', async () => {
    for (const bytes of [
      Buffer.from('#!/bin/sh\n'.repeat(200)),
      Buffer.from('PK\u0003\u0004 zip'),
      Buffer.alloc(0),
    ]) {
      await expect(imported(bytes)).rejects.toMatchObject({ reason: 'InvalidImage' });
      await expectNothing();
    }
  });
});
