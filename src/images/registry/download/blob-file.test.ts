import '../../testing/realm.ts';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDigest } from '../../../base/ids.ts';
import { GrowingFile } from '../../unpack/growing-file.ts';
import { BlobFile } from './blob-file.ts';

const bytes = randomBytes(100_000);
const digest = parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
let directory: string;
let file: GrowingFile;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blob-'));
  file = new GrowingFile(join(directory, 'blob'));
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

test('pieces in any order make the whole, its digest, and a mark that stops at the first gap', async () => {
  await using blob = await BlobFile.open(file, digest);
  const marks: number[] = [];
  for (const [from, to] of [
    [0, 10_000],
    [50_000, 60_000],
    [20_000, 50_000],
    [10_000, 20_000],
    [60_000, 100_000],
  ] as const) {
    await blob.write(bytes.subarray(from, to), from);
    marks.push(blob.prefixBytes);
  }
  expect(marks).toEqual([10_000, 10_000, 10_000, 60_000, 100_000]);
  expect(await blob.conclude(digest)).toBe(digest);
  expect(file.isComplete).toBe(true);
  expect((await readFile(file.path)).equals(bytes)).toBe(true);
});

test('bytes that are there are never replaced, so that what was hashed is what is read', async () => {
  await using blob = await BlobFile.open(file, digest);
  await blob.write(bytes.subarray(0, 60_000), 0);
  await Promise.all([
    blob.write(Buffer.alloc(30_000, 'x'), 20_000),
    blob.write(bytes.subarray(40_000), 40_000),
    blob.write(Buffer.alloc(100_000, 'y'), 0),
  ]);
  expect(await blob.conclude(digest)).toBe(digest);
  expect((await readFile(file.path)).equals(bytes)).toBe(true);
});

test('bytes that could not be written may come again, and others in their place', async () => {
  await using blob = await BlobFile.open(file, digest);
  await using probe = await open(directory);
  const handles: Pick<FileHandle, 'write'> = Object.getPrototypeOf(probe);
  jest.spyOn(handles, 'write').mockRejectedValueOnce(new Error('ENOSPC'));
  await expect(blob.write(Buffer.alloc(10_000, 'x'), 0)).rejects.toThrow('ENOSPC');
  jest.restoreAllMocks();
  expect(blob.receivedBytes).toBe(0);
  await blob.write(bytes, 0);
  expect(await blob.conclude(digest)).toBe(digest);
  expect((await readFile(file.path)).equals(bytes)).toBe(true);
});

test('another content is not declared whole', async () => {
  await using blob = await BlobFile.open(file, digest);
  await blob.write(Buffer.alloc(100_000), 0);
  expect(await blob.conclude(digest)).not.toBe(digest);
  expect(file.isComplete).toBe(false);
});
