import { describe, expect, test } from '@jest/globals';
import { array, assert, integer, nat, property } from 'fast-check';
import { CriError } from '../../../base/errors.ts';
import { archiveLimits } from '../../limits.ts';
import { makeTar } from '../../testing/images.ts';
import { paxEntry, rawEntry, rawTar } from '../../testing/tar.ts';
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
    const big = rawEntry({ name: 'big' });
    big.fill(0, 108, 116);
    big[108] = 0x80;
    big.writeUInt32BE(3_000_000_000, 112);
    big.fill(0x20, 148, 156);
    big.write(
      `${big
        .subarray(0, 512)
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
      'latin1',
    );
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
