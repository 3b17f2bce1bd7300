/**
 * Layers whose bytes are not what they should be: cut, damaged, compressed otherwise, shorter than was said; and threads
 * that die of them.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { sha256 } from '../testing/images.ts';
import { rawEntry, rawTar } from '../testing/tar.ts';
import { TestUnpacking } from '../testing/unpacking.ts';
import { GrowingFile } from './growing-file.ts';
import { UnpackPool } from './unpack-pool.ts';

let unpacking: TestUnpacking;

beforeAll(async () => {
  unpacking = await TestUnpacking.create();
});
afterAll(async () => await unpacking[Symbol.asyncDispose]());
beforeEach(async () => await unpacking.next());

/** Does not get smaller when compressed, so that every part of it matters. */
const noise = Buffer.concat(Array.from({ length: 1250 }, (_, at) => hash('sha256', String(at), 'buffer')));
const tar = rawTar(rawEntry({ name: 'x', content: noise }));
const [gzip, zstd] = [gzipSync(tar), zstdCompressSync(tar)];

function damaged(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0x55, at, at + 100);
  return copy;
}

describe('a layer', () => {
  test.each<readonly [string, Buffer, RegExp]>([
    ['gzip that is cut', gzip.subarray(0, -2000), /damaged/],
    ['gzip without its checksum', gzip.subarray(0, -8), /damaged/],
    ['gzip with a wrong checksum', Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(8)]), /damaged/],
    ['gzip that is damaged', damaged(gzip, 20_000), /damaged|checksum|number/],
    ['zstd that is cut', zstd.subarray(0, -2000), /damaged/],
    ['zstd that is damaged', damaged(zstd, 6), /damaged|checksum|number/],
    ['lzip', Buffer.concat([Buffer.from('LZIP\u0001'), Buffer.alloc(600)]), /with lzip/],
    ['compress', Buffer.concat([Buffer.from('1f9d90', 'hex'), Buffer.alloc(600)]), /with compress/],
    ['a plain archive that is cut', tar.subarray(0, 10_000), /ends inside/],
    ['five bytes of text', Buffer.from('hello'), /ends inside/],
  ])('of %s is refused', async (_, bytes, words) => {
    const failure = await unpacking.failure(bytes);
    expect(failure).toEqual(expect.objectContaining({ reason: 'InvalidImage' }));
    expect(failure).toEqual(expect.objectContaining({ message: expect.stringMatching(words) }));
  });

  test.each([
    ['no bytes', Buffer.alloc(0)],
    ['gzip of no bytes', gzipSync('')],
    ['zstd of no bytes', zstdCompressSync(Buffer.alloc(0))],
  ])('of %s is empty', async (_, bytes) => {
    const { diffId, entries } = await unpacking.unpack(bytes);
    expect([diffId, entries]).toEqual([sha256(Buffer.alloc(0)), 0]);
  });

  test('whose file is shorter than what was said to be there is refused', async () => {
    const path = join(unpacking.home, 'blob');
    await writeFile(path, tar.subarray(0, 1000));
    const job = unpacking.job(GrowingFile.whole(path, tar.length));
    const running = unpacking.pool.unpack(job, new AbortController().signal);
    await expect(running).rejects.toThrow(expect.objectContaining({ reason: 'InvalidImage' }));
  });
});

describe('a thread that dies', () => {
  test.each([
    ['exits', 'process.exit(3)'],
    ['throws', 'throw new Error("x")'],
  ])('because it %s ends its job and no other', async (_, act) => {
    const program = `import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => { ${act} });`;
    const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    await using pool = new UnpackPool({ workerUrl, unpackers: 1, unpackerIdleMs: 60_000 });
    const path = join(unpacking.home, 'blob');
    await writeFile(path, tar);
    const job = unpacking.job(GrowingFile.whole(path, tar.length));
    // The turn is given back, too: else the second would wait for ever.
    for (let count = 0; count < 2; count += 1) {
      const running = pool.unpack(job, new AbortController().signal);
      await expect(running).rejects.toThrow(expect.objectContaining({ reason: 'UnpackThreadDied' }));
      expect(pool.threads).toBe(0);
    }
  });
});
