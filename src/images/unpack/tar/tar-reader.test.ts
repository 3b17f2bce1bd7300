import { describe, expect, test } from '@jest/globals';
import { array, assert, integer, nat, property } from 'fast-check';
import { CriError } from '../../../base/errors.ts';
import { archiveLimits } from '../../limits.ts';
import { makeTar } from '../../testing/images.ts';
import { paxEntry, rawEntry, rawTar, withField } from '../../testing/tar.ts';
import type { TarEntry } from './tar-entry.ts';
import { TarReader } from './tar-reader.ts';

type Read = { readonly entry: TarEntry; readonly content: Buffer };

function read(tar: Buffer, pieces: readonly number[] = []): readonly Read[] {
  const found: { entry: TarEntry; content: Buffer }[] = [];
  const reader = new TarReader(
    {
      entry: (entry) => found.push({ entry, content: Buffer.alloc(0) }),
      data: (chunk) => {
        const last = found.at(-1);
        if (last !== undefined) last.content = Buffer.concat([last.content, chunk]);
      },
      endEntry: () => undefined,
    },
    archiveLimits,
  );
  let at = 0;
  for (const size of pieces) {
    reader.write(tar.subarray(at, at + size));
    at += size;
  }
  reader.write(tar.subarray(at));
  reader.end();
  return found;
}

describe('reading a tar stream', () => {
  test('gives the same whatever the pieces are', async () => {
    const tar = await makeTar([
      { path: 'dir/', type: 'directory' },
      { path: `${'long/'.repeat(60)}name`, content: 'x'.repeat(1500) },
      { path: 'empty' },
      { path: 'exact', content: 'y'.repeat(512) },
    ]);
    const whole = read(tar);
    expect(whole.map((each) => each.entry.path)).toEqual([
      'dir/',
      `${'long/'.repeat(60)}name`,
      'empty',
      'exact',
    ]);
    assert(
      property(array(integer({ min: 0, max: 1200 }), { maxLength: 20 }), (pieces) => {
        expect(read(tar, pieces)).toEqual(whole);
      }),
    );
  });

  test('understands GNU long names, old types and base-256 numbers', () => {
    const owner = Buffer.alloc(8);
    owner[0] = 0x80;
    owner.writeUInt32BE(3_000_000_000, 4);
    const big = withField(rawEntry({ name: 'big' }), 108, owner);
    const found = read(
      rawTar(
        rawEntry({ name: '././@LongLink', type: 'L', content: Buffer.from(`${'n'.repeat(150)}\0`) }),
        rawEntry({ name: 'cut', content: Buffer.from('1') }),
        rawEntry({ name: 'old', type: '\0', content: Buffer.from('2') }),
        rawEntry({ name: 'olddir/', type: '\0' }),
        rawEntry({ name: 'pax_global_header', type: 'g', content: Buffer.from('11 path=zz\n') }),
        big,
      ),
    );
    expect(found.map(({ entry }) => [entry.kind, entry.path, entry.uid])).toEqual([
      ['file', 'n'.repeat(150), 0],
      ['file', 'old', 0],
      ['directory', 'olddir/', 0],
      ['file', 'big', 3_000_000_000],
    ]);
  });

  test('keeps attribute values as the bytes that they are', () => {
    const value = Buffer.from([0, 0xff, 0x0a, 0x3d, 0x80]);
    const [found] = read(rawTar(paxEntry({ 'SCHILY.xattr.user.x': value }), rawEntry({ name: 'a' })));
    expect(found?.entry.xattrs.get('user.x')?.equals(value)).toBe(true);
  });

  const zeros = Buffer.alloc(512);
  test.each<readonly [string, readonly Buffer[]]>([
    ['an extended header without a body', [rawEntry({ name: 'x', type: 'x' })]],
    ['an entry behind one block of zeros', [rawEntry({ name: 'a' }), zeros, rawEntry({ name: 'b' })]],
    [
      'a global header between an extended one and its entry',
      [paxEntry({ path: 'a' }), paxEntry({ comment: 'x' }, 'g'), rawEntry({ name: 'b' })],
    ],
    [
      'a global header between a long name and its entry',
      [
        rawEntry({ name: 'n', type: 'L', content: Buffer.from('a') }),
        paxEntry({ c: 'x' }, 'g'),
        rawEntry({ name: 'b' }),
      ],
    ],
  ])('refuses %s', (_, parts) => {
    expect(() => read(Buffer.concat([...parts, zeros, zeros]))).toThrow(
      expect.objectContaining({ reason: 'InvalidImage' }),
    );
  });

  test('ends with two blocks of zeros, whatever follows, or with one and nothing', () => {
    const [first, second] = [rawEntry({ name: 'a' }), rawEntry({ name: 'b' })];
    expect(read(Buffer.concat([first, zeros, zeros, second])).length).toBe(1);
    expect(read(Buffer.concat([first, zeros])).length).toBe(1);
    expect(read(first).length).toBe(1);
  });

  test('of damaged bytes either works or fails as a bad image', async () => {
    const tar = await makeTar([
      { path: 'a'.repeat(120), content: 'content' },
      { path: 'b', pax: { mtime: '1.5' } },
    ]);
    assert(
      property(nat(tar.length - 1), nat(255), (at, byte) => {
        const damaged = Buffer.from(tar);
        damaged[at] = byte;
        try {
          read(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(CriError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
