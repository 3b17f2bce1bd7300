import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { parseDigest } from '../../base/ids.ts';
import { collectGarbage } from '../garbage.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { removeImage } from '../remove-image.ts';
import { archiveOf, blob, indexOf, once } from '../testing/archives.ts';
import { makeImage, makeTar, sha256, type TestEntry, writeLayout } from '../testing/images.ts';
import { imageRequest, openTestStore, testCall, type TestStore } from '../testing/store.ts';
import { exportArchive } from './export-archive.ts';
import { importArchive } from './import-archive.ts';

let store: TestStore;
const never = new AbortController().signal;

beforeEach(async () => {
  store = await openTestStore();
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
});

const entries: readonly TestEntry[] = [
  { path: 'dir/', type: 'directory', mode: 0o711 },
  { path: 'dir/file', content: 'x'.repeat(100_000), uid: 7, mode: 0o4755 },
  { path: `long/${'n'.repeat(150)}`, content: 'long' },
  { path: 'link', type: 'symlink', target: '/etc/passwd' },
  { path: 'hard', type: 'link', target: 'dir/file' },
  { path: 'null', type: 'character-device', device: [1, 3] },
  { path: 'gone/', type: 'directory' },
];

async function makeOne(name = 'test.local/one', more: readonly TestEntry[] = []): Promise<ImageRecord> {
  const upper = await makeTar([{ path: '.wh.gone' }, { path: 'dir/.wh..wh..opq' }, ...more]);
  const image = makeImage([{ tar: await makeTar(entries) }, { tar: upper, compression: 'zstd' }], {
    Cmd: ['sh'],
  });
  const directory = join(store.directory, `layout-${name.replaceAll('/', '-')}`);
  await writeLayout(image, directory);
  return await store.images.importOciLayout(directory, name);
}

async function exported(...names: readonly string[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of exportArchive(store.images, names, never)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function expectNothingHeld(): Promise<void> {
  const { parts } = store.images;
  expect(await readdir(parts.layout.temporary)).toEqual([]);
  for (const image of parts.catalog.all())
    for (const digest of [image.id, ...image.layers]) expect(parts.leases.has(digest)).toBe(false);
}

describe('an export', () => {
  test('brings an image back with its id, and is the same each time', async () => {
    const image = await makeOne();
    const archive = await exported('test.local/one');
    expect((await exported('test.local/one')).equals(archive)).toBe(true);
    await removeImage(store.images, imageRequest(image.id), testCall());
    expect([...store.images.parts.layers.all()]).toEqual([]);
    const [again] = await importArchive(store.images.parts, { stream: once(archive), name: null }, never);
    expect(again).toMatchObject({ id: image.id, repoTags: image.repoTags, layers: image.layers });
    await expectNothingHeld();
  });

  test('holds what several images share once', async () => {
    await makeOne('test.local/one');
    await makeOne('test.local/two', [{ path: 'more', content: 'more' }]);
    const both = await exported('test.local/one', 'test.local/two');
    const single = await exported('test.local/one');
    expect(both.length).toBeLessThan(2 * single.length - 100_000);
  });

  test('of an image that is not there says so before anything is written', async () => {
    await expect(exported('test.local/absent')).rejects.toMatchObject({ reason: 'ImageNotFound' });
  });

  test('of a damaged layer is refused', async () => {
    const image = await makeOne();
    const [lower] = image.layers;
    if (lower === undefined) throw new Error('no layer');
    await writeFile(join(store.images.parts.layout.layerDiff(lower), 'dir/file'), 'y'.repeat(100_000));
    await expect(exported('test.local/one')).rejects.toMatchObject({ reason: 'LayerDamaged' });
    await expectNothingHeld();
  });

  test('of a layer that cannot be written again is refused by name', async () => {
    await makeOne('test.local/twice', [
      { path: 'same', content: 'first' },
      { path: 'same', content: 'second' },
    ]);
    await expect(exported('test.local/twice')).rejects.toMatchObject({ reason: 'NotRebuildable' });
    await expectNothingHeld();
  });

  test('that nobody reads to its end leaves nothing, and its image can be collected', async () => {
    const image = await makeOne();
    for await (const chunk of exportArchive(store.images, ['test.local/one'], never)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await expectNothingHeld();
    await removeImage(store.images, imageRequest(image.id), testCall());
    await collectGarbage(store.images.parts);
    expect([...store.images.parts.layers.all()]).toEqual([]);
  });

  test('keeps its layers while it runs, although the image is removed', async () => {
    const image = await makeOne();
    const expectedBytes = (await exported('test.local/one')).length;
    let length = 0;
    for await (const chunk of exportArchive(store.images, ['test.local/one'], never)) {
      if (length === 0) await removeImage(store.images, imageRequest(image.id), testCall());
      length += chunk.length;
    }
    expect(length).toBe(expectedBytes);
  });
});

describe('the names of an export', () => {
  /** The names in the index, and those in the list for docker. */
  async function namesIn(archive: Buffer): Promise<readonly unknown[]> {
    const files = await filesOf(archive);
    const { manifests } = JSON.parse(String(files.get('index.json'))) as {
      manifests: { annotations?: Record<string, string> }[];
    };
    const list = JSON.parse(String(files.get('manifest.json'))) as { RepoTags: string[] }[];
    return [
      manifests.map(({ annotations }) => annotations?.['io.containerd.image.name'] ?? null),
      list.flatMap(({ RepoTags }) => RepoTags),
    ];
  }

  test('are those that were asked for, and none where it was asked for by id or digest', async () => {
    const { id, repoDigests } = await makeOne('test.local/one:1');
    await makeOne('test.local/other:2');
    const [one, other] = ['test.local/one:1', 'test.local/other:2'];
    expect(await namesIn(await exported(one))).toEqual([[one], [one]]);
    expect(await namesIn(await exported(one, other, one))).toEqual([
      [one, other],
      [one, other],
    ]);
    for (const nameless of [id, id.slice(7, 20), repoDigests[0] ?? ''])
      expect(await namesIn(await exported(nameless))).toEqual([[null], []]);
    expect(await namesIn(await exported(id, other))).toEqual([[other], [other]]);
  });

  test('bring an image with several back as one', async () => {
    const { id } = await makeOne('test.local/one:1');
    await makeOne('test.local/other:2');
    const archive = await exported('test.local/one:1', 'test.local/other:2');
    await removeImage(store.images, imageRequest(id), testCall());
    const images = await importArchive(store.images.parts, { stream: once(archive), name: null }, never);
    expect(images).toMatchObject([{ id, repoTags: ['test.local/one:1', 'test.local/other:2'] }]);
  });
});

/** Every descriptor that a document names. */
function digestsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'digest' in value && typeof value.digest === 'string' ? [value.digest] : [];
  return [...own, ...Object.values(value).flatMap(digestsIn)];
}

async function filesOf(archive: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const reader = extract();
  reader.end(archive);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    files.set(entry.header.name, Buffer.concat(chunks));
  }
  return files;
}

describe('an exported artifact', () => {
  const file = 'the model';
  const descriptor = (mediaType: string, content: string, title?: string): object => ({
    mediaType,
    digest: sha256(Buffer.from(content)),
    size: content.length,
    ...(title === undefined ? {} : { annotations: { 'org.opencontainers.image.title': title } }),
  });

  async function importArtifact(config: string, layers: readonly object[]): Promise<void> {
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: descriptor('application/vnd.test.config+json', config),
      layers,
    });
    const index = indexOf({
      content: manifest,
      annotations: { 'io.containerd.image.name': 'test.local/model:1' },
    });
    const archive = await archiveOf([
      ...[manifest, config, file].map(blob),
      { name: 'index.json', content: index },
    ]);
    await importArchive(store.images.parts, { stream: once(archive), name: null }, never);
  }

  test.each([
    ['the empty blob', '{}', []],
    ['a config of its own', '{"name":"chart"}', []],
    [
      'the empty blob for a layer',
      '{"name":"chart"}',
      [descriptor('application/vnd.oci.empty.v1+json', '{}')],
    ],
  ])('has every blob that its manifest names: %s', async (...[, config, more]) => {
    await importArtifact(config, [descriptor('text/plain', file, 'model'), ...more]);
    await collectGarbage(store.images.parts);
    await store.restart();
    const files = await filesOf(await exported('test.local/model:1'));
    const documents = [...files].filter(
      ([name, bytes]) => name === 'index.json' || bytes.includes('schemaVersion'),
    );
    const named = documents.flatMap(([, bytes]) => digestsIn(JSON.parse(String(bytes))));
    expect(named.length).toBeGreaterThanOrEqual(3);
    for (const digest of named) {
      const bytes = files.get(`blobs/${digest.replace(':', '/')}`);
      expect(bytes === undefined ? null : sha256(bytes)).toBe(digest);
    }
  });

  test('whose config is not there any more is refused', async () => {
    await importArtifact('{"name":"chart"}', [descriptor('text/plain', file, 'model')]);
    const { blobs } = store.images.parts;
    await blobs.remove(parseDigest(sha256(Buffer.from('{"name":"chart"}'))), () => false);
    await expect(exported('test.local/model:1')).rejects.toMatchObject({ reason: 'ArtifactIncomplete' });
  });
});

describe('an import', () => {
  test('that is cut leaves nothing', async () => {
    const image = await makeOne();
    const archive = await exported('test.local/one');
    await removeImage(store.images, imageRequest(image.id), testCall());
    for (const bytes of [100, 5_000, archive.length - 3_000]) {
      const cut = importArchive(
        store.images.parts,
        { stream: once(archive.subarray(0, bytes)), name: null },
        never,
      );
      await expect(cut).rejects.toMatchObject({ reason: 'InvalidImage' });
      await expectNothingHeld();
    }
    expect([...store.images.parts.catalog.all()]).toEqual([]);
  });

  test('is bounded in the number of files and in all bytes', async () => {
    const { spoolArchive } = await import('./spool.ts');
    const { Workspace } = await import('../disk/workspace.ts');
    const archive = await makeTar(
      Array.from({ length: 20 }, (_, at) => ({ path: `f${at}`, content: 'x'.repeat(1000) })),
    );
    const { parts } = store.images;
    for (const limits of [
      { entries: 10, totalBytes: 1_000_000 },
      { entries: 100, totalBytes: 10_000 },
    ]) {
      await using workspace = await Workspace.open(parts.layout.temporary);
      const where = { workspace, tar: parts.archiveLimits, limits };
      await expect(spoolArchive(once(archive), where, never)).rejects.toMatchObject({
        reason: 'InvalidImage',
      });
    }
  });
});
