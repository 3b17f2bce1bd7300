import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, type Digest, parseDigest } from '../../base/ids.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { RecordFolder } from '../../store/record-file.ts';
import { imageRecord } from '../testing/image-record.ts';
import { Catalog } from './catalog.ts';
import type { ImageRecord } from './image-record.ts';

const tag = 'registry.test/app:1';
const layer = parseDigest(`sha256:${'a'.repeat(64)}`);
const damaged = new Set<Digest>();
let directory: string;

beforeEach(async () => {
  damaged.clear();
  directory = await mkdtemp(join(tmpdir(), 'catalog-'));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(directory, { recursive: true, force: true });
});

async function openCatalog(path: string): Promise<{ catalog: Catalog; folder: RecordFolder }> {
  const folder = new RecordFolder({ path: join(path, 'records'), onDamaged: () => undefined });
  const catalog = new Catalog(folder, (diffId) => !damaged.has(diffId));
  await catalog.load(async () => await Promise.resolve(null));
  return { catalog, folder };
}

describe('a tag that moves to another image', () => {
  test('stays where it was when there is no room for the other one', async () => {
    await using kernel = new ThreadedKernel();
    const target = absolutePath(join(directory, 'small'));
    await mkdir(target);
    const type = 'tmpfs';
    await using mount = await kernel.mount({ source: type, target, type, flags: [], data: 'size=64k' });
    const { catalog } = await openCatalog(mount.target);
    const old = await catalog.add(imageRecord('1', { repoTags: [tag] }));
    // Room for the old record, and not for the new one.
    await writeFile(join(target, 'filling'), Buffer.alloc(52 * 1024));
    const long = Array.from({ length: 300 }, (_, at) => `registry.test/${at}:${'x'.repeat(60)}`);
    await expect(catalog.add(imageRecord('2', { repoTags: [tag, ...long] }))).rejects.toMatchObject({
      reason: 'NoSpace',
    });
    const { catalog: again } = await openCatalog(target);
    for (const each of [catalog, again]) expect(each.find(tag)?.id).toBe(old.id);
    expect(await readdir(join(target, 'records'))).toHaveLength(1);
  });

  test('does not bring an image back that is removed meanwhile', async () => {
    const { catalog, folder } = await openCatalog(directory);
    const old = await catalog.add(imageRecord('1', { repoTags: [tag] }));
    const [gate, writing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const original = folder.writeTogether.bind(folder);
    jest.spyOn(folder, 'writeTogether').mockImplementation(async (records) => {
      writing.resolve();
      await gate.promise;
      await original(records);
    });
    const adding = catalog.add(imageRecord('2', { repoTags: [tag] }));
    await writing.promise;
    const removing = catalog.remove(old.id);
    const seen: (ImageRecord | null)[] = [];
    const other = catalog.settled().then(() => seen.push(catalog.get(old.id)));
    gate.resolve();
    await adding;
    seen.push(catalog.get(old.id));
    await Promise.all([removing, other]);
    expect(seen).toEqual([null, null]);
    expect((await openCatalog(directory)).catalog.get(old.id)).toBeNull();
  });
});

test('whoever waits until all is settled finds removals on the disk', async () => {
  const { catalog } = await openCatalog(directory);
  const image = await catalog.add(imageRecord('1', { repoTags: [tag] }));
  void catalog.remove(image.id);
  await catalog.settled();
  expect(await readdir(join(directory, 'records'))).toEqual([]);
});

describe('an image with a layer that is set aside as damaged', () => {
  const missing = expect.objectContaining({ reason: 'LayerMissing' });

  test('before it is recorded is not, and takes no tag', async () => {
    const { catalog } = await openCatalog(directory);
    const old = await catalog.add(imageRecord('1', { repoTags: [tag] }));
    damaged.add(layer);
    await expect(catalog.add(imageRecord('2', { repoTags: [tag], layers: [layer] }))).rejects.toThrow(
      missing,
    );
    const { catalog: again } = await openCatalog(directory);
    for (const each of [catalog, again]) expect(each.find(tag)?.id).toBe(old.id);
  });

  test.each([false, true])(
    'while its record is written is not shown, was it there before: %s',
    async (was) => {
      const { catalog, folder } = await openCatalog(directory);
      const image = imageRecord('1', { repoTags: [tag], layers: [layer] });
      if (was) await catalog.add(image);
      const original = folder.writeTogether.bind(folder);
      const hiding: Promise<void>[] = [];
      jest.spyOn(folder, 'writeTogether').mockImplementation(async (records) => {
        await original(records);
        damaged.add(layer);
        // As the check of the store does, with what the catalog shows.
        for (const { id } of catalog.all()) hiding.push(catalog.setAside(id, 'its layer is damaged'));
      });
      await expect(catalog.add(image)).rejects.toThrow(missing);
      await Promise.all(hiding);
      expect(hiding.length).toBe(was ? 1 : 0);
      const { catalog: again } = await openCatalog(directory);
      for (const each of [catalog, again]) expect([...each.all()]).toEqual([]);
    },
  );
});
