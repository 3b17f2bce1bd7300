/**
 * What a header and what stands before it make of an entry, and which are refused: where readers do not agree, something
 * could be hidden from a scanner.
 */
import { describe, expect, test } from '@jest/globals';
import { type ArchiveLimits, archiveLimits } from '../../limits.ts';
import { paxEntry, rawEntry, rawTar, withField } from '../../testing/tar.ts';
import type { TarEntry } from './tar-entry.ts';
import { TarReader } from './tar-reader.ts';

function entriesOf(parts: readonly Buffer[], limits: Partial<ArchiveLimits> = {}): readonly TarEntry[] {
  const found: TarEntry[] = [];
  const sink = {
    entry: (entry: TarEntry) => found.push(entry),
    data: () => undefined,
    endEntry: () => undefined,
  };
  const reader = new TarReader(sink, { ...archiveLimits, ...limits });
  reader.write(rawTar(...parts));
  reader.end();
  return found;
}

const text = (value: string): Buffer => Buffer.from(value, 'latin1');
const plain = rawEntry({ name: 'x' });
const longName = (name: string): Buffer => rawEntry({ name: 'L', type: 'L', content: text(`${name}\0`) });
const longLink = (name: string): Buffer => rawEntry({ name: 'K', type: 'K', content: text(`${name}\0`) });
const field = { mode: 100, uid: 108, size: 124, time: 136, magic: 257, prefix: 345 };

function base256(value: bigint, bytes: number): Buffer {
  const field = Buffer.alloc(bytes);
  for (let at = bytes - 1, rest = value; at >= 0; at -= 1, rest >>= 8n) field[at] = Number(rest & 0xffn);
  field[0] = (field[0] ?? 0) | 0x80;
  return field;
}

describe('an entry', () => {
  test.each<readonly [string, readonly Buffer[], Partial<TarEntry>]>([
    [
      'a time before 1970 in base 256',
      [withField(plain, field.time, base256(-5n, 12))],
      { modifiedNs: -5_000_000_000n },
    ],
    [
      'a time of PAX with its fraction',
      [paxEntry({ mtime: '-1.5' }), plain],
      { modifiedNs: -1_500_000_000n },
    ],
    ['a prefix of ustar', [withField(plain, field.prefix, text('some/where'))], { path: 'some/where/x' }],
    [
      'no prefix where GNU has times',
      [withField(withField(plain, field.prefix, text('13371337')), field.magic, text('ustar  '))],
      { path: 'x' },
    ],
    [
      'the size of PAX',
      [paxEntry({ size: '3' }), rawEntry({ name: 'x', content: text('abc'), sizeBytes: 0 })],
      { storedBytes: 3 },
    ],
    [
      'no content of a link',
      [rawEntry({ name: 'x', type: '2', linkName: 'y', sizeBytes: 512 })],
      { storedBytes: 0 },
    ],
    [
      'no content of a hard link',
      [rawEntry({ name: 'x', type: '1', linkName: 'y', sizeBytes: 512 })],
      { storedBytes: 0 },
    ],
    ['no content of a directory', [rawEntry({ name: 'x', type: '5', sizeBytes: 512 })], { storedBytes: 0 }],
    ['no content of a device', [rawEntry({ name: 'x', type: '3', sizeBytes: 512 })], { storedBytes: 0 }],
    ['no content of a FIFO', [rawEntry({ name: 'x', type: '6', sizeBytes: 512 })], { storedBytes: 0 }],
    [
      'what an empty record of PAX takes back',
      [paxEntry({ path: '', uid: '', size: '' }), plain],
      { path: 'x', uid: 0 },
    ],
    ['the path of PAX', [paxEntry({ path: 'long' }), plain], { path: 'long' }],
    [
      'the target of PAX',
      [paxEntry({ linkpath: 'long' }), rawEntry({ name: 'x', type: '2' })],
      { linkTarget: 'long' },
    ],
    ['a long name that PAX says as well', [longName('n'), paxEntry({ path: 'n' }), plain], { path: 'n' }],
    [
      'the greatest owner',
      [paxEntry({ uid: '4294967294', gid: '4294967294' }), plain],
      { uid: 4_294_967_294 },
    ],
    ['its mode before a NUL and garbage', [withField(plain, field.mode, text('0644\0xyz'))], { mode: 0o644 }],
    ['its mode between blanks', [withField(plain, field.mode, text('  0644 \0'))], { mode: 0o644 }],
    ['no mode of blanks', [withField(plain, field.mode, text(' \0      '))], { mode: 0 }],
    [
      'its name where one of a sparse file is told of none',
      [paxEntry({ 'GNU.sparse.name': 'hidden' }), plain],
      { path: 'x' },
    ],
    [
      'the name of a sparse file',
      [
        paxEntry({ 'GNU.sparse.name': 'real', 'GNU.sparse.map': '', 'GNU.sparse.size': '9' }),
        rawEntry({ name: 'GNUSparseFile.0/real' }),
      ],
      { path: 'real', realBytes: 9 },
    ],
    ['a directory by its slash', [rawEntry({ name: 'x/' })], { kind: 'directory' }],
  ])('has %s', (_, parts, expected) => {
    expect(entriesOf(parts)).toEqual([expect.objectContaining(expected)]);
  });

  test('has a checksum of signed or unsigned characters', () => {
    const name = Buffer.from([0xff, 0xfe]);
    const unsigned = rawEntry({ name });
    const sum = Number.parseInt(unsigned.toString('latin1', 148, 154), 8) - 512;
    const signed = Buffer.from(unsigned);
    signed.write(sum.toString(8).padStart(6, '0'), 148, 'latin1');
    for (const part of [unsigned, signed]) expect(entriesOf([part])[0]?.path).toBe('\u00ff\u00fe');
    signed.write((sum + 1).toString(8).padStart(6, '0'), 148, 'latin1');
    expect(() => entriesOf([signed])).toThrow(/checksum/);
  });

  test.each<readonly [string, readonly Buffer[]]>([
    ['a number that is not octal', [withField(plain, field.mode, text('0000888\0'))]],
    ['a number cut by a blank', [withField(plain, field.mode, text('06 44\0  '))]],
    ['a number over 2^53', [withField(plain, field.size, base256(1n << 60n, 12))]],
    ['a time of words', [paxEntry({ mtime: 'yesterday' }), plain]],
    ['a time of too many digits', [paxEntry({ mtime: '1'.repeat(13) }), plain]],
    ['a size of words', [paxEntry({ size: 'big' }), plain]],
    ['a size below zero', [paxEntry({ size: '-1' }), plain]],
    ['the owner that means none', [paxEntry({ uid: '4294967295' }), plain]],
    ['the group that means none', [paxEntry({ gid: '4294967295' }), plain]],
    ['an owner below zero', [withField(plain, field.uid, base256(-2n, 8))]],
    ['a long name that PAX contradicts', [longName('n'), paxEntry({ path: 'm' }), plain]],
    [
      'a long target that PAX contradicts',
      [longLink('n'), paxEntry({ linkpath: 'm' }), rawEntry({ name: 'x', type: '2' })],
    ],
    ['content of a directory that is told as a file', [rawEntry({ name: 'x/', content: plain })]],
    ['content of an old directory', [rawEntry({ name: 'x/', type: '\0', content: plain })]],
    [
      'such content by PAX',
      [paxEntry({ size: '512' }), rawEntry({ name: 'x/', content: plain, sizeBytes: 0 })],
    ],
  ])('is refused with %s', (_, parts) => {
    expect(() => entriesOf(parts)).toThrow(expect.objectContaining({ reason: 'InvalidImage' }));
  });

  test('may have so many bytes of attributes and no more', () => {
    const two = { 'SCHILY.xattr.user.a': 'x'.repeat(100), 'SCHILY.xattr.user.b': 'x'.repeat(100) };
    expect(entriesOf([paxEntry(two), plain], { xattrBytes: 300 })[0]?.xattrs.size).toBe(2);
    expect(() => entriesOf([paxEntry(two), plain], { xattrBytes: 199 })).toThrow(/extended attributes/);
  });
});
