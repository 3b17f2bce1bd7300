import '../test-realm.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { lgetxattr } from '../../kernel/attribute-calls.ts';
import { type ArchiveLimits, archiveLimits } from '../limits.ts';
import { makeTar, sha256 } from '../test-images.ts';
import { paxEntry, rawEntry, rawTar } from '../test-tar.ts';
import { GrowingFile } from './growing-file.ts';
import { UnpackPool } from './unpack-pool.ts';
import type { Unpacked } from './unpack-protocol.ts';

const workerUrl = new URL('./unpack-worker.ts', import.meta.url);
let pool: UnpackPool;
let directory: string;

beforeAll(() => {
  pool = new UnpackPool({ workerUrl, unpackers: 2, unpackerIdleMs: 60_000 });
});
afterAll(async () => await pool.close());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'unpack-'));
  await mkdir(join(directory, 'layer'));
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

async function unpack(bytes: Buffer, limits: Partial<ArchiveLimits> = {}): Promise<Unpacked> {
  const path = join(directory, 'blob');
  await writeFile(path, bytes);
  return await pool.unpack(
    {
      file: GrowingFile.whole(path, bytes.length),
      directory: join(directory, 'layer'),
      hash: 'sha256',
      limits: { ...archiveLimits, ...limits },
    },
    new AbortController().signal,
  );
}

/** The message with which an archive is refused. */
async function refusal(bytes: Buffer, limits: Partial<ArchiveLimits> = {}): Promise<string> {
  try {
    await unpack(bytes, limits);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'not refused';
}

function at(path: string): string {
  return join(directory, 'layer', path);
}

describe('unpacking a layer', () => {
  test('keeps owners, modes, times, links, devices and attributes', async () => {
    const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');
    capability[6] = 0xff;
    const tar = rawTar(
      rawEntry({ name: 'd/', type: '5', mode: 0o1777 }),
      rawEntry({ name: 'd/suid', content: Buffer.from('x'), mode: 0o4755 }),
      paxEntry({
        mtime: '1600000000.123456789',
        uid: '3000000',
        'SCHILY.xattr.security.capability': capability,
      }),
      rawEntry({ name: 'd/cap', content: Buffer.from('y') }),
      rawEntry({ name: 'd/hard', type: '1', linkName: 'd/suid' }),
      rawEntry({ name: 'd/soft', type: '2', linkName: '/etc/passwd' }),
      rawEntry({ name: 'd/null', type: '3', device: [1, 3], mode: 0o666 }),
      rawEntry({ name: 'd/loop', type: '4', device: [7, 259] }),
      rawEntry({ name: 'd/fifo', type: '6' }),
      rawEntry({ name: Buffer.from([0x64, 0x2f, 0xff, 0xfe]), content: Buffer.from('not UTF-8') }),
    );
    const unpacked = await unpack(gzipSync(tar));
    expect(unpacked.diffId).toBe(sha256(tar));
    expect((await lstat(at('d'))).mode & 0o7777).toBe(0o1777);
    expect((await lstat(at('d'))).mtimeMs).toBe(1_700_000_000_000);
    expect((await lstat(at('d/suid'))).mode & 0o7777).toBe(0o4755);
    expect((await lstat(at('d/hard'))).ino).toBe((await lstat(at('d/suid'))).ino);
    const cap = await lstat(at('d/cap'), { bigint: true });
    expect([cap.uid, cap.mtimeNs]).toEqual([3_000_000n, 1_600_000_000_123_456_789n]);
    expect(lgetxattr(at('d/cap'), 'security.capability').equals(capability)).toBe(true);
    expect(await readlink(at('d/soft'))).toBe('/etc/passwd');
    expect((await lstat(at('d/null'))).rdev).toBe(0x103);
    expect((await lstat(at('d/loop'))).isBlockDevice()).toBe(true);
    expect((await lstat(at('d/fifo'))).isFIFO()).toBe(true);
    const names = await readdir(at('d'), { encoding: 'buffer' });
    expect(names.some((name) => name.equals(Buffer.from([0xff, 0xfe])))).toBe(true);
  });

  test.each([
    ['plain', (tar: Buffer) => tar],
    ['gzip', (tar: Buffer) => gzipSync(tar)],
    [
      'gzip of two members',
      (tar: Buffer) => Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))]),
    ],
    ['zstd', (tar: Buffer) => zstdCompressSync(tar)],
    [
      'zstd with a skippable frame first',
      (tar: Buffer) => Buffer.concat([Buffer.from('502a4d180400000061626364', 'hex'), zstdCompressSync(tar)]),
    ],
  ])('reads %s', async (_name, compress) => {
    const tar = await makeTar([
      { path: 'a', content: 'a'.repeat(5000) },
      { path: 'b/', type: 'directory' },
    ]);
    expect((await unpack(compress(tar))).diffId).toBe(sha256(tar));
    expect(await readFile(at('a'), 'utf8')).toBe('a'.repeat(5000));
  });

  test('follows a file that still grows', async () => {
    const tar = await makeTar([{ path: 'big', content: Buffer.alloc(3_000_000, 7) }]);
    const bytes = gzipSync(tar, { level: 0 });
    const path = join(directory, 'blob');
    await writeFile(path, bytes);
    const file = new GrowingFile(path);
    const job = { file, directory: join(directory, 'layer'), hash: 'sha256', limits: archiveLimits } as const;
    const running = pool.unpack(job, new AbortController().signal);
    for (let mark = 0; mark < bytes.length; mark += 500_000) {
      file.grow(mark);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    file.grow(bytes.length);
    file.complete();
    expect((await running).diffId).toBe(sha256(tar));
  });

  test('writes whiteouts and opaque directories as overlayfs reads them', async () => {
    const unpacked = await unpack(
      rawTar(
        rawEntry({ name: 'a/.wh.gone' }),
        rawEntry({ name: 'b/', type: '5' }),
        rawEntry({ name: 'b/.wh..wh..opq' }),
        rawEntry({ name: '.wh.c' }),
        rawEntry({ name: 'c/', type: '5' }),
        rawEntry({ name: '.wh..wh.plnk', type: '5' }),
      ),
    );
    const gone = await lstat(at('a/gone'));
    expect([gone.isCharacterDevice(), gone.rdev]).toEqual([true, 0]);
    expect(lgetxattr(at('b'), 'trusted.overlay.opaque').toString()).toBe('y');
    // Removed below and made anew: nothing of the old directory may shine through.
    expect(lgetxattr(at('c'), 'trusted.overlay.opaque').toString()).toBe('y');
    expect(await readdir(at(''))).toEqual(['a', 'b', 'c']);
    expect(unpacked.impliedDirectories).toEqual(['a']);
    expect([...unpacked.opaqueDirectories].sort()).toEqual(['b', 'c']);
  });

  test('takes the last of several entries of a name', async () => {
    await unpack(
      rawTar(
        rawEntry({ name: 'x', content: Buffer.from('old') }),
        rawEntry({ name: 'keep', type: '1', linkName: 'x' }),
        rawEntry({ name: 'x', content: Buffer.from('new') }),
        rawEntry({ name: 'y', type: '2', linkName: 'x' }),
        rawEntry({ name: 'y', content: Buffer.from('file') }),
      ),
    );
    expect(await readFile(at('x'), 'utf8')).toBe('new');
    expect(await readFile(at('keep'), 'utf8')).toBe('old');
    expect((await lstat(at('y'))).isFile()).toBe(true);
  });
});

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
      'a PAX record with a wrong length',
      [rawEntry({ name: 'x', type: 'x', content: Buffer.from('9999 path=a\n') })],
      /wrong length/,
    ],
  ])('with %s is refused', async (_name, entries, words) => {
    const before = await readdir(directory);
    expect(await refusal(rawTar(...entries))).toMatch(words);
    expect((await readdir(directory)).filter((name) => !before.includes(name))).toEqual(['blob']);
  });

  test('with an absolute name stays in the layer', async () => {
    await unpack(rawTar(rawEntry({ name: '/etc/inside', content: outside })));
    expect(await readFile(at('etc/inside'), 'utf8')).toBe('escaped');
  });

  test('that ends inside an entry is refused', async () => {
    const tar = rawTar(rawEntry({ name: 'x', content: Buffer.alloc(4000) }));
    expect(await refusal(tar.subarray(0, 1500))).toMatch(/ends inside/);
  });

  test('whose compression is damaged is refused', async () => {
    const bytes = gzipSync(rawTar(rawEntry({ name: 'x', content: Buffer.alloc(100_000, 'ab') })));
    bytes.fill(0, 40, 60);
    expect(await refusal(bytes)).toMatch(/compression is damaged/);
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
  ])('with too many %s is refused', async (...[, limits, entries, words]) => {
    expect(await refusal(gzipSync(rawTar(...entries)), limits)).toMatch(words);
  });

  test('that is a bomb is stopped by the ratio of its sizes', async () => {
    const bomb = zstdCompressSync(rawTar(rawEntry({ name: 'x', content: Buffer.alloc(30_000_000) })));
    expect(await refusal(bomb, { ratioFromBytes: 1_000_000, ratio: 100 })).toMatch(/more than 100 times/);
  });

  test('cannot speak to overlayfs through attributes', async () => {
    await unpack(
      rawTar(
        paxEntry({ 'SCHILY.xattr.trusted.overlay.redirect': '/etc', 'SCHILY.xattr.user.fine': 'yes' }),
        rawEntry({ name: 'd/', type: '5' }),
      ),
    );
    expect(() => lgetxattr(at('d'), 'trusted.overlay.redirect')).toThrow('ENODATA');
    expect(lgetxattr(at('d'), 'user.fine').toString()).toBe('yes');
  });

  test('cannot reach anything outside even when nothing is checked', async () => {
    const script = join(directory, 'attack.ts');
    await writeFile(
      script,
      `import { existsSync, writeFileSync } from 'node:fs';
       import { parentPort } from 'node:worker_threads';
       import { Confinement } from ${JSON.stringify(new URL('./confinement.ts', import.meta.url).href)};
       const confinement = new Confinement();
       await confinement.inside(${JSON.stringify(join(directory, 'layer'))}, async () => {
         writeFileSync('../../../../mark', 'x');
         writeFileSync('/absolute', 'x');
         parentPort.postMessage({ inside: existsSync('/etc/passwd'), after: null });
       });
       parentPort.postMessage({ inside: null, after: existsSync('/etc/passwd') });`,
    );
    const messages: unknown[] = [];
    const worker = new Worker(script);
    worker.on('message', (message) => messages.push(message));
    await new Promise((resolve) => worker.once('exit', resolve));
    expect(messages).toEqual([
      { inside: false, after: null },
      { inside: null, after: true },
    ]);
    expect((await readdir(at(''))).sort()).toEqual(['absolute', 'mark']);
  });
});

describe('the unpacking threads', () => {
  test('end a job whose signal fires, and work on', async () => {
    const path = join(directory, 'blob');
    await writeFile(path, '');
    const abort = new AbortController();
    const job = {
      file: new GrowingFile(path),
      directory: at(''),
      hash: 'sha256',
      limits: archiveLimits,
    } as const;
    const running = pool.unpack(job, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 50);
    await expect(running).rejects.toThrow('enough');
    await unpack(rawTar(rawEntry({ name: 'x' })));
    expect(await readdir(at(''))).toEqual(['x']);
  });

  test('go away when nothing is to be done', async () => {
    await using idle = new UnpackPool({ workerUrl, unpackers: 1, unpackerIdleMs: 10 });
    const path = join(directory, 'blob');
    const tar = rawTar(rawEntry({ name: 'x' }));
    await writeFile(path, tar);
    const file = GrowingFile.whole(path, tar.length);
    await idle.unpack(
      { file, directory: at(''), hash: 'sha256', limits: archiveLimits },
      new AbortController().signal,
    );
    while (idle.threads > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('unpack a whole tree as tar itself does', async () => {
    const source = join(directory, 'tree');
    execFileSync('sh', [
      '-c',
      `mkdir ${source} && cp -a /usr/share/doc/[a-c]* /bin/ls ${source}/ && ln -s x ${source}/dangling`,
    ]);
    execFileSync('tar', ['--format=pax', '-C', source, '-cf', join(directory, 'tree.tar'), '.']);
    await unpack(gzipSync(await readFile(join(directory, 'tree.tar')), { level: 1 }));
    const list = (path: string): string =>
      execFileSync('sh', ['-c', `cd ${path} && find . -printf '%y %m %U %G %s %T@ %l %p\\n' | sort -k8`], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
    expect(withoutDirectorySizes(list(at('')))).toEqual(withoutDirectorySizes(list(source)));
  });
});

function withoutDirectorySizes(list: string): string {
  return list.replaceAll(/^(d \S+ \S+ \S+) \S+/gm, '$1');
}
