import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDigest } from '../../base/ids.ts';
import { Blobs, digestOf } from './blobs.ts';
import { Layout } from './layout.ts';

let directory: string;
let blobs: Blobs;
let layout: Layout;

const bytes = Buffer.from('{"config":{}}');
const digest = parseDigest(digestOf(bytes));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blobs-'));
  layout = new Layout(directory);
  blobs = new Blobs(layout);
  for (const folder of layout.folders) await mkdir(folder, { recursive: true });
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

describe('the list of blobs', () => {
  const draft = `.${'0'.repeat(64)}.1.1.tmp`;

  test('leaves a write alone that has not ended; only a start sweeps', async () => {
    await blobs.write(digest, bytes);
    await writeFile(join(directory, 'blobs/sha256', draft), 'half');
    expect(await blobs.list()).toEqual([digest]);
    expect(await readdir(join(directory, 'blobs/sha256'))).toContain(draft);
    await blobs.sweep();
    expect(await readdir(join(directory, 'blobs/sha256'))).not.toContain(draft);
    expect(await blobs.read(digest)).toEqual(bytes);
  });

  test('has digests of both algorithms', async () => {
    const long = parseDigest(digestOf(bytes, 'sha512'));
    await blobs.write(digest, bytes);
    await blobs.write(long, bytes);
    expect(await blobs.list()).toEqual([digest, long]);
    expect(await blobs.read(long)).toEqual(bytes);
    expect(await blobs.remove(long, () => false)).toBe(true);
    expect(await blobs.list()).toEqual([digest]);
  });
});

describe('a damaged blob', () => {
  test.each<readonly [string, () => Promise<void>]>([
    ['with other bytes', async () => await writeFile(layout.blob(digest), 'other')],
    [
      'that is a directory',
      async () => void (await mkdir(join(layout.blob(digest), 'x'), { recursive: true })),
    ],
    ['that is huge', async () => await writeFile(layout.blob(digest), Buffer.alloc(9 * 1024 * 1024))],
  ])('%s is not there, is removed, and can be written again', async (_, damage) => {
    await damage();
    expect(await blobs.read(digest)).toBeNull();
    expect(await blobs.list()).toEqual([]);
    await damage();
    await blobs.write(digest, bytes);
    expect(await blobs.read(digest)).toEqual(bytes);
  });
});

test('a blob that somebody needs when its turn comes stays', async () => {
  await blobs.write(digest, bytes);
  expect(await blobs.remove(digest, () => true)).toBe(false);
  expect(await blobs.read(digest)).toEqual(bytes);
});
