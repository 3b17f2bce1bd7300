import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, type Digest, parseDigest } from '../../base/ids.ts';
import type { LayerRecord } from './layer-record.ts';
import { type FinishedLayer, Layers } from './layers.ts';
import { Layout } from './layout.ts';
import { Quarantine } from './quarantine.ts';

let directory: string;
let layers: Layers;
let layout: Layout;

const kernel = { syncFileSystem: async () => await Promise.resolve() };

function open(): Layers {
  return new Layers(layout, new Quarantine(layout), kernel);
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'layers-'));
  layout = new Layout(directory);
  for (const folder of layout.folders) await mkdir(folder, { recursive: true });
  layers = open();
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

async function finished(diffId: Digest, content = 'x'): Promise<FinishedLayer> {
  const path = absolutePath(await mkdtemp(join(directory, 'tmp/work-')));
  await mkdir(join(path, 'diff'));
  await writeFile(join(path, 'diff/file'), content);
  const record: LayerRecord = {
    diffId,
    archiveBytes: 1,
    contentBytes: 1,
    disk: { usedBytes: 1, inodes: 1 },
    entries: 1,
    isRebuildable: false,
    root: null,
    impliedDirectories: [],
    opaqueDirectories: [],
    replacingDirectories: [],
    foreignLinks: [],
  };
  return await layers.finish(path, record);
}

const one = parseDigest(`sha256:${'1'.repeat(64)}`);
/** Begins like `one`. */
const alike = parseDigest(`sha256:${'1'.repeat(40)}${'2'.repeat(24)}`);

describe('a layer whose digest begins like that of another one', () => {
  test('does not take its short link over, and leaves nothing', async () => {
    await layers.publish([await finished(one)]);
    await expect(layers.publish([await finished(alike)])).rejects.toMatchObject({ reason: 'LinkTaken' });
    expect(layers.get(alike)).toBeNull();
    expect(await readdir(layout.layers)).toEqual(['1'.repeat(64)]);
    expect(await readlink(layout.link(one))).toContain('1'.repeat(64));
  });

  test('has the link when the other one is gone', async () => {
    await layers.publish([await finished(one)]);
    layers.forget(one);
    await layers.remove(one);
    await layers.publish([await finished(alike)]);
    expect(await readlink(layout.link(alike))).toContain('2'.repeat(24));
  });
});

describe('a damaged layer', () => {
  test('that cannot be moved away is replaced by the one that is pulled', async () => {
    await layers.publish([await finished(one, 'damaged')]);
    await rm(layout.quarantine, { recursive: true });
    await writeFile(layout.quarantine, '');
    await expect(layers.setAside(one)).rejects.toThrow();
    expect(layers.get(one)).toBeNull();
    await rm(layout.quarantine);
    await mkdir(layout.quarantine);
    await layers.publish([await finished(one, 'sound')]);
    expect(await readFile(join(layout.layerDiff(one), 'file'), 'utf8')).toBe('sound');
    expect(await readdir(layout.quarantine)).toEqual([expect.stringContaining('-layer-1111')]);
  });

  test('that cannot be moved away does not end the start', async () => {
    await layers.publish([await finished(one)]);
    await rm(join(layout.layer(one), 'layer.json'));
    await rm(layout.quarantine, { recursive: true });
    const told: string[] = [];
    layers = open();
    await layers.load((path) => told.push(path));
    expect(told.length).toBeGreaterThan(0);
    expect(layers.get(one)).toBeNull();
  });
});

test('layers before one that cannot be published are there, and nothing of it', async () => {
  const broken = { ...(await finished(alike)), directory: absolutePath(join(directory, 'tmp/absent')) };
  const other = parseDigest(`sha256:${'4'.repeat(64)}`);
  const last = { ...broken, record: { ...broken.record, diffId: other } };
  await expect(layers.publish([await finished(one), last])).rejects.toThrow();
  expect([...layers.all()].map(({ diffId }) => diffId)).toEqual([one]);
  expect((await readdir(layout.links)).length).toBe(1);
});

test('a layer that cannot be removed is there again', async () => {
  await layers.publish([await finished(one)]);
  layers.forget(one);
  await rm(layout.temporary, { recursive: true });
  await writeFile(layout.temporary, '');
  await expect(layers.remove(one)).rejects.toThrow();
  expect(layers.get(one)).not.toBeNull();
});

test('layers of both algorithms are found by a start', async () => {
  const long = parseDigest(`sha512:${'3'.repeat(128)}`);
  await layers.publish([await finished(one), await finished(long)]);
  layers = open();
  await layers.load(() => undefined);
  expect([...layers.all()].map(({ diffId }) => diffId)).toEqual([one, long]);
});
