import '../../testing/realm.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CriError } from '../../../base/errors.ts';
import { type ArchiveLimits, archiveLimits } from '../../limits.ts';
import { paxEntry, rawEntry, rawTar, sealed, withField } from '../../testing/tar.ts';
import type { TarEntry } from './tar-entry.ts';
import { TarReader } from './tar-reader.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sparse-'));
  await mkdir(join(directory, 'in'));
  for (const [name, at] of [
    ['few', [0, 1_000_000, 5_000_000]],
    // More pieces than an old header holds, and than fit into one block of text.
    ['many', Array.from({ length: 100 }, (_, count) => 40_000 + count * 65_536)],
    ['hole', []],
  ] as const) {
    const path = join(directory, 'in', name);
    await writeFile(path, '');
    await truncate(path, 8_000_000);
    for (const position of at) await writeAt(path, position);
  }
});
afterAll(async () => await rm(directory, { recursive: true, force: true }));

async function writeAt(path: string, position: number): Promise<void> {
  execFileSync('dd', [`of=${path}`, 'bs=1', `seek=${position}`, 'conv=notrunc', 'status=none'], {
    input: `content at ${position}`,
  });
}

type Read = { readonly entry: TarEntry; readonly content: Buffer };

/** What a file system would have after the archive. */
function read(tar: Buffer, limits: Partial<ArchiveLimits> = {}, pieceBytes = 1000): readonly Read[] {
  const found: Read[] = [];
  const sink = {
    entry: (entry: TarEntry) => found.push({ entry, content: Buffer.alloc(entry.realBytes) }),
    data: (chunk: Buffer, at: number) => found.at(-1)?.content.set(chunk, at),
    endEntry: () => undefined,
  };
  const reader = new TarReader(sink, { ...archiveLimits, ...limits });
  for (let at = 0; at < tar.length; at += pieceBytes) reader.write(tar.subarray(at, at + pieceBytes));
  reader.end();
  return found;
}

function reasonOf(tar: Buffer, limits: Partial<ArchiveLimits> = {}): string {
  try {
    read(tar, limits);
  } catch (error) {
    return error instanceof CriError ? error.reason : String(error);
  }
  return 'not refused';
}

describe('a sparse file', () => {
  test.each([
    ['gnu', []],
    ['pax', ['--sparse-version=0.0']],
    ['pax', ['--sparse-version=0.1']],
    ['pax', ['--sparse-version=1.0']],
  ])('as tar writes it with --format=%s %j is read as it was', async (format, flags) => {
    const args = [
      `--format=${format}`,
      '--sparse',
      ...flags,
      '-C',
      join(directory, 'in'),
      '-c',
      'few',
      'many',
      'hole',
    ];
    const tar = execFileSync('tar', args, { maxBuffer: 1 << 28 });
    const found = read(tar);
    expect(found.map(({ entry }) => entry.path)).toEqual(['few', 'many', 'hole']);
    for (const { entry, content } of found) {
      expect(content.equals(await readFile(join(directory, 'in', entry.path)))).toBe(true);
      expect(entry.storedBytes).toBeLessThan(1_000_000);
    }
  });

  const content = Buffer.alloc(512, 'x');
  const sparse = (records: Readonly<Record<string, string>>, stored: Buffer = content): Buffer =>
    rawTar(paxEntry(records), rawEntry({ name: 'f', content: stored }));
  const text = (lines: string): Buffer => Buffer.concat([Buffer.from(lines.padEnd(512, '\0')), content]);
  const version1 = { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '2000' };

  test('of a sound map is taken', () => {
    const [first] = read(sparse({ 'GNU.sparse.size': '2000', 'GNU.sparse.map': '1000,512' }));
    expect([first?.entry.realBytes, first?.entry.storedBytes]).toEqual([2000, 512]);
    expect(read(sparse(version1, text('1\n1000\n512\n')))[0]?.content.toString('utf8', 999, 1001)).toBe(
      '\0x',
    );
  });

  test.each([
    ['pieces that overlap', sparse({ 'GNU.sparse.size': '2000', 'GNU.sparse.map': '0,300,200,212' })],
    ['a piece beyond its end', sparse({ 'GNU.sparse.size': '600', 'GNU.sparse.map': '100,512' })],
    ['more stored than its map says', sparse({ 'GNU.sparse.size': '2000', 'GNU.sparse.map': '0,100' })],
    ['less stored than its map says', sparse({ 'GNU.sparse.size': '9000', 'GNU.sparse.map': '0,5000' })],
    [
      'a map that leaves a header out of its content',
      sparse({ 'GNU.sparse.size': '2000', 'GNU.sparse.map': '' }, rawEntry({ name: 'hidden' })),
    ],
    ['an odd map', sparse({ 'GNU.sparse.size': '2000', 'GNU.sparse.map': '0,512,1' })],
    ['a map of words', sparse({ 'GNU.sparse.size': '2000', 'GNU.sparse.map': 'a,b' })],
    ['a negative piece', sparse({ 'GNU.sparse.size': '2000', 'GNU.sparse.map': '-1,512' })],
    ['a version that nobody knows', sparse({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '1' })],
    ['a version and no map', sparse({ 'GNU.sparse.major': '0', 'GNU.sparse.minor': '1' })],
    ['a name of a directory', rawTar(paxEntry({ ...version1 }), rawEntry({ name: 'd/', type: '5' }))],
    [
      'an old header whose size is below zero',
      rawTar(withField(rawEntry({ name: 'f', type: 'S' }), 483, Buffer.alloc(12, 0xff))),
    ],
    ['no size', sparse({ 'GNU.sparse.map': '0,512' })],
    ['the size of a planet', sparse({ 'GNU.sparse.size': '9007199254740991', 'GNU.sparse.map': '0,512' })],
    ['a text that does not end', sparse(version1, text('9'.repeat(512)))],
    ['a text that counts to the moon', sparse(version1, text('9007199254740991\n1\n'))],
    ['a text that is longer than the file', sparse(version1, Buffer.from('5\n1\n1\n'))],
  ])('with %s is refused', (_, tar) => {
    expect(reasonOf(tar)).toBe('InvalidImage');
  });

  test('with a text without end is refused before it is kept', () => {
    expect(() => read(sparse(version1, Buffer.alloc(3 << 20, '9')))).toThrow(/sparse map of more than/);
  });

  test('of endless pieces is refused before they are kept', () => {
    const map = Array.from({ length: 200 }, (_, count) => `${count * 2},1`).join(',');
    const stored = Buffer.alloc(200);
    expect(
      reasonOf(sparse({ 'GNU.sparse.size': '400', 'GNU.sparse.map': map }, stored), { sparseSegments: 100 }),
    ).toBe('InvalidImage');
    const header = rawEntry({ name: 'f', type: 'S', sizeBytes: 512 });
    header[482] = 1;
    const more = Buffer.alloc(512);
    for (let slot = 0; slot < 21; slot += 1) more.write('00000000001\0'.repeat(2), slot * 24, 'latin1');
    more[504] = 1;
    const chain = Buffer.concat([sealed(header), ...Array.from({ length: 1000 }, () => more)]);
    expect(() => read(chain, { sparseSegments: 100 })).toThrow(/more than 100 pieces/);
  });
});
