import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { lgetxattr } from '../../kernel/calls/attribute-calls.ts';
import { paxEntry, rawEntry, rawTar, withField } from '../testing/tar.ts';
import { TestUnpacking } from '../testing/unpacking.ts';

let unpacking: TestUnpacking;

beforeAll(async () => {
  unpacking = await TestUnpacking.create();
});
afterAll(async () => await unpacking[Symbol.asyncDispose]());
beforeEach(async () => await unpacking.next());

describe('a hostile layer', () => {
  const outside = Buffer.from('escaped');

  test.each([
    ['a name with ".."', [rawEntry({ name: '../../escape', content: outside })], /leaves the layer/],
    [
      'a name with ".." in the middle',
      [rawEntry({ name: 'a/../../escape', content: outside })],
      /leaves the layer/,
    ],
    ['a PAX path with ".."', [paxEntry({ path: '../escape' }), rawEntry({ name: 'x' })], /leaves the layer/],
    ['a NUL in a PAX path', [paxEntry({ path: 'a\0b' }), rawEntry({ name: 'x' })], /NUL/],
    [
      'a file through a link to "/"',
      [rawEntry({ name: 'l', type: '2', linkName: '/' }), rawEntry({ name: 'l/escape', content: outside })],
      /no directory/,
    ],
    [
      'a file through a relative link',
      [
        rawEntry({ name: 'l', type: '2', linkName: '../..' }),
        rawEntry({ name: 'l/escape', content: outside }),
      ],
      /no directory/,
    ],
    [
      'a directory through a link',
      [rawEntry({ name: 'l', type: '2', linkName: '/tmp' }), rawEntry({ name: 'l/deep/', type: '5' })],
      /no directory/,
    ],
    [
      'a whiteout through a link',
      [rawEntry({ name: 'l', type: '2', linkName: '/etc' }), rawEntry({ name: 'l/.wh.passwd' })],
      /no directory/,
    ],
    [
      'a hard link to "../"',
      [rawEntry({ name: 'h', type: '1', linkName: '../../../etc/passwd' })],
      /leaves the layer/,
    ],
    [
      'a hard link through a link',
      [
        rawEntry({ name: 'l', type: '2', linkName: '/etc' }),
        rawEntry({ name: 'h', type: '1', linkName: 'l/passwd' }),
      ],
      /no directory/,
    ],
    [
      'a hard link to a directory',
      [rawEntry({ name: 'd/', type: '5' }), rawEntry({ name: 'h', type: '1', linkName: 'd' })],
      /hard link to a directory/,
    ],
    [
      'a device over a directory with content',
      [
        rawEntry({ name: 'd/', type: '5' }),
        rawEntry({ name: 'd/x' }),
        rawEntry({ name: 'd', type: '3', device: [1, 3] }),
      ],
      /has content/,
    ],
    [
      'a link over a directory with content, and a file through it',
      [
        rawEntry({ name: 'd/x' }),
        rawEntry({ name: 'd', type: '2', linkName: '/etc' }),
        rawEntry({ name: 'd/passwd', content: outside }),
      ],
      /has content/,
    ],
    [
      'a file through a directory that became a link',
      [
        rawEntry({ name: 'd/', type: '5' }),
        rawEntry({ name: 'd', type: '2', linkName: '/etc' }),
        rawEntry({ name: 'd/passwd', content: outside }),
      ],
      /no directory/,
    ],
    [
      'a file below a file',
      [rawEntry({ name: 'f' }), rawEntry({ name: 'f/x', content: outside })],
      /no directory/,
    ],
    [
      'an opaque marker through a link',
      [rawEntry({ name: 'l', type: '2', linkName: '/etc' }), rawEntry({ name: 'l/.wh..wh..opq' })],
      /no directory/,
    ],
    [
      'a device through a link',
      [
        rawEntry({ name: 'l', type: '2', linkName: '/dev' }),
        rawEntry({ name: 'l/sda', type: '4', device: [8, 0] }),
      ],
      /no directory/,
    ],
    [
      'a hard link whose PAX target has ".."',
      [paxEntry({ linkpath: 'a/../../../etc/passwd' }), rawEntry({ name: 'h', type: '1', linkName: 'a' })],
      /leaves the layer/,
    ],
    ['a link to a NUL', [paxEntry({ linkpath: '/etc\0x' }), rawEntry({ name: 'l', type: '2' })], /NUL/],
    ['an impossible device', [rawEntry({ name: 'n', type: '3', device: [0o7777777, 1] })], /device number/],
    ['a global header of garbage', [rawEntry({ name: 'g', type: 'g', content: outside })], /wrong length/],
    ['a negative size', [withField(rawEntry({ name: 'x' }), 124, Buffer.alloc(12, 0xff))], /negative size/],
    ['a file in place of the root', [rawEntry({ name: './', type: '2', linkName: '/etc' })], /root/],
    ['a whiteout of ".."', [rawEntry({ name: '.wh...' })], /whiteout of nothing/],
    ['a header of 8 GiB', [rawEntry({ name: 'x', type: 'x', sizeBytes: 0o77777777777 })], /extended header/],
    ['a GNU long name of 1 GiB', [rawEntry({ name: 'x', type: 'L', sizeBytes: 1 << 30 })], /extended header/],
    ['a wrong checksum', [rawEntry({ name: 'x' }).fill(0x41, 0, 4)], /checksum/],
    ['an unknown type', [rawEntry({ name: 'x', type: 'V' })], /not supported/],
    ['a huge owner', [paxEntry({ uid: '4294967296' }), rawEntry({ name: 'x' })], /owner/],
    [
      'a name of 300 bytes',
      [paxEntry({ path: 'n'.repeat(300) }), rawEntry({ name: 'x' })],
      /longer than 255/,
    ],
    [
      'a path of 5000 bytes',
      [paxEntry({ path: `${'n'.repeat(249)}/`.repeat(20) }), rawEntry({ name: 'x' })],
      /longer than 3840/,
    ],
    [
      'hard links to other layers without end',
      Array.from({ length: 10_001 }, (_, at) => rawEntry({ name: `h${at}`, type: '1', linkName: 'below' })),
      /more than 10000 hard links/,
    ],
    [
      'a PAX record with a wrong length',
      [rawEntry({ name: 'x', type: 'x', content: Buffer.from('9999 path=a\n') })],
      /wrong length/,
    ],
  ])('with %s is refused', async (_name, entries, words) => {
    expect(await unpacking.refusal(rawTar(...entries))).toMatch(words);
    expect((await readdir(unpacking.home)).sort()).toEqual(['blob', 'layer', 'skeleton']);
  });

  test('with an absolute name stays in the layer', async () => {
    await unpacking.unpack(rawTar(rawEntry({ name: '/etc/inside', content: outside })));
    expect(await readFile(unpacking.at('etc/inside'), 'utf8')).toBe('escaped');
  });

  test('that ends inside an entry is refused', async () => {
    const tar = rawTar(rawEntry({ name: 'x', content: Buffer.alloc(4000) }));
    expect(await unpacking.refusal(tar.subarray(0, 1500))).toMatch(/ends inside/);
  });

  test('whose compression is damaged is refused', async () => {
    const bytes = gzipSync(rawTar(rawEntry({ name: 'x', content: Buffer.alloc(100_000, 'ab') })));
    bytes.fill(0, 40, 60);
    expect(await unpacking.refusal(bytes)).toMatch(/compression is damaged/);
  });

  test.each([
    [
      'entries',
      { entries: 10 },
      Array.from({ length: 11 }, (_, count) => rawEntry({ name: `f${count}` })),
      /more than 10 entries/,
    ],
    [
      'attributes',
      { xattrs: 1 },
      [paxEntry({ 'SCHILY.xattr.user.a': '1', 'SCHILY.xattr.user.b': '2' }), rawEntry({ name: 'x' })],
      /extended attributes/,
    ],
    [
      'bytes',
      { layerBytes: 10_000 },
      [rawEntry({ name: 'x', content: Buffer.alloc(20_000) })],
      /more than 10000 bytes/,
    ],
    ['directories in each other', { depth: 3 }, [rawEntry({ name: 'a/b/c/d' })], /deeper than 3/],
    [
      'names to remember',
      { notedNameBytes: 1000 },
      Array.from({ length: 10 }, (_, count) => rawEntry({ name: `${'d'.repeat(99)}${count}/`, type: '5' })),
      /too many/,
    ],
    [
      'directories that no entry describes',
      { notedNames: 9 },
      [rawEntry({ name: 'a/b/c/d/e/f' }), rawEntry({ name: 'g/h/i/j/k/l' })],
      /more than 9 directories/,
    ],
  ])('with too many %s is refused', async (...[, limits, entries, words]) => {
    expect(await unpacking.refusal(gzipSync(rawTar(...entries)), limits)).toMatch(words);
  });

  test('that is a bomb in a bomb of gzip members is stopped by the bytes that it makes', async () => {
    const member = gzipSync(Buffer.alloc(5_000_000));
    const bomb = Buffer.concat(Array.from({ length: 20 }, () => member));
    const head = gzipSync(rawEntry({ name: 'x', sizeBytes: 0o77777777777 }));
    const refusal = await unpacking.refusal(Buffer.concat([head, bomb]), { layerBytes: 30_000_000 });
    expect(refusal).toMatch(/more than 30000000 bytes/);
  });

  test.each([
    ['xz', 'fd377a585a0000'],
    ['bzip2', '425a6839314159'],
    ['lz4', '04224d1864'],
    ['lzma', '5d00008000'],
    ['zip', '504b030414'],
  ])('that is compressed with %s is refused by that name', async (name, start) => {
    const bytes = Buffer.concat([Buffer.from(start, 'hex'), Buffer.alloc(600, 1)]);
    expect(await unpacking.refusal(bytes)).toContain(`compressed with ${name},`);
  });

  test('with names that are not UTF-8 keeps each of them, byte by byte', async () => {
    const names = [
      [0xff],
      [0xc3, 0x28],
      [0xe2, 0x82],
      [0xef, 0xbf, 0xbd],
      [0x2e, 0x2e, 0x80],
      [0x0a],
      [0x5c],
    ].map((bytes) => Buffer.from(bytes));
    await unpacking.unpack(rawTar(...names.map((name) => rawEntry({ name }))));
    const found = await readdir(unpacking.at(''), { encoding: 'buffer' });
    const hex = (list: readonly Buffer[]): readonly string[] =>
      list.map((name) => name.toString('hex')).sort();
    expect(hex(found)).toEqual(hex(names));
  });

  test('that is a bomb is stopped by the ratio of its sizes', async () => {
    const bomb = zstdCompressSync(rawTar(rawEntry({ name: 'x', content: Buffer.alloc(30_000_000) })));
    expect(await unpacking.refusal(bomb, { ratioFromBytes: 1_000_000, ratio: 100 })).toMatch(
      /more than 100 times/,
    );
  });

  test('cannot speak to overlayfs through attributes', async () => {
    await unpacking.unpack(
      rawTar(
        paxEntry({ 'SCHILY.xattr.trusted.overlay.redirect': '/etc', 'SCHILY.xattr.user.fine': 'yes' }),
        rawEntry({ name: 'd/', type: '5' }),
      ),
    );
    expect(() => lgetxattr(unpacking.at('d'), 'trusted.overlay.redirect')).toThrow('ENODATA');
    expect(lgetxattr(unpacking.at('d'), 'user.fine').toString()).toBe('yes');
  });
});
