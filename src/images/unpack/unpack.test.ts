import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { lstat, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { lgetxattr } from '../../kernel/calls/attribute-calls.ts';
import { makeTar, sha256 } from '../testing/images.ts';
import { paxEntry, rawEntry, rawTar } from '../testing/tar.ts';
import { GrowingFile } from './growing-file.ts';
import { TestUnpacking, workerUrl } from '../testing/unpacking.ts';
import { UnpackPool } from './unpack-pool.ts';
import type { Unpacked } from './unpack-protocol.ts';

let unpacking: TestUnpacking;

beforeAll(async () => {
  unpacking = await TestUnpacking.create();
});
afterAll(async () => await unpacking[Symbol.asyncDispose]());
beforeEach(async () => await unpacking.next());

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
    const unpacked = await unpacking.unpack(gzipSync(tar));
    expect(unpacked.diffId).toBe(sha256(tar));
    expect((await lstat(unpacking.at('d'))).mode & 0o7777).toBe(0o1777);
    expect((await lstat(unpacking.at('d'))).mtimeMs).toBe(1_700_000_000_000);
    expect((await lstat(unpacking.at('d/suid'))).mode & 0o7777).toBe(0o4755);
    expect((await lstat(unpacking.at('d/hard'))).ino).toBe((await lstat(unpacking.at('d/suid'))).ino);
    const cap = await lstat(unpacking.at('d/cap'), { bigint: true });
    expect([cap.uid, cap.mtimeNs]).toEqual([3_000_000n, 1_600_000_000_123_456_789n]);
    expect(lgetxattr(unpacking.at('d/cap'), 'security.capability').equals(capability)).toBe(true);
    expect(await readlink(unpacking.at('d/soft'))).toBe('/etc/passwd');
    expect((await lstat(unpacking.at('d/null'))).rdev).toBe(0x103);
    expect((await lstat(unpacking.at('d/loop'))).isBlockDevice()).toBe(true);
    expect((await lstat(unpacking.at('d/fifo'))).isFIFO()).toBe(true);
    const names = await readdir(unpacking.at('d'), { encoding: 'buffer' });
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
    [
      'zstd of many frames with skippable ones between and behind, as zstd:chunked writes it',
      (tar: Buffer) =>
        Buffer.concat([
          zstdCompressSync(tar.subarray(0, 700)),
          Buffer.from('5f2a4d180400000061626364', 'hex'),
          zstdCompressSync(tar.subarray(700, 2000)),
          zstdCompressSync(tar.subarray(2000)),
          Buffer.from('502a4d180400000061626364', 'hex'),
        ]),
    ],
  ])('reads %s', async (_name, compress) => {
    const tar = await makeTar([
      { path: 'a', content: 'a'.repeat(5000) },
      { path: 'b/', type: 'directory' },
    ]);
    expect((await unpacking.unpack(compress(tar))).diffId).toBe(sha256(tar));
    expect(await readFile(unpacking.at('a'), 'utf8')).toBe('a'.repeat(5000));
  });

  test('follows a file that still grows', async () => {
    const tar = await makeTar([{ path: 'big', content: Buffer.alloc(3_000_000, 7) }]);
    const bytes = gzipSync(tar, { level: 0 });
    const path = join(unpacking.home, 'blob');
    await writeFile(path, bytes);
    const file = new GrowingFile(path);
    const job = unpacking.job(file);
    const running = unpacking.pool.unpack(job, new AbortController().signal);
    for (let mark = 0; mark < bytes.length; mark += 500_000) {
      file.grow(mark);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    file.grow(bytes.length);
    file.complete();
    expect((await running).diffId).toBe(sha256(tar));
  });

  test('holds up nobody while it waits for more of its file', async () => {
    await using pool = new UnpackPool({ workerUrl, unpackers: 1, unpackerIdleMs: 60_000 });
    const tar = await makeTar([{ path: 'a', content: 'a' }]);
    const signal = new AbortController().signal;
    const coming = async (): Promise<{ file: GrowingFile; unpacked: Promise<Unpacked> }> => {
      await unpacking.next();
      await writeFile(join(unpacking.home, 'blob'), tar);
      const file = new GrowingFile(join(unpacking.home, 'blob'));
      file.grow(100);
      return { file, unpacked: pool.unpack(unpacking.job(file), signal) };
    };
    const whole = async (): Promise<Unpacked> => {
      const { file, unpacked } = await coming();
      file.grow(tar.length);
      file.complete();
      return await unpacked;
    };
    const layers = [await coming(), await coming()];
    expect((await whole()).diffId).toBe(sha256(tar));
    expect((await whole()).diffId).toBe(sha256(tar));
    // The first that comes has a thread, and those that were whole shared one; the second waits without any.
    expect(pool.threads).toBe(2);
    for (const { file } of layers.toReversed()) {
      file.grow(tar.length);
      file.complete();
    }
    for (const { unpacked } of layers) expect((await unpacked).diffId).toBe(sha256(tar));
    expect(pool.threads).toBe(2);
  });

  test('writes whiteouts and opaque directories as overlayfs reads them', async () => {
    const unpacked = await unpacking.unpack(
      rawTar(
        rawEntry({ name: 'a/.wh.gone' }),
        rawEntry({ name: 'b/', type: '5' }),
        rawEntry({ name: 'b/.wh..wh..opq' }),
        rawEntry({ name: '.wh.c' }),
        rawEntry({ name: 'c/', type: '5' }),
        rawEntry({ name: '.wh..wh.plnk', type: '5' }),
      ),
    );
    const gone = await lstat(unpacking.at('a/gone'));
    expect([gone.isCharacterDevice(), gone.rdev]).toEqual([true, 0]);
    expect(lgetxattr(unpacking.at('b'), 'trusted.overlay.opaque').toString()).toBe('y');
    // Removed below and made anew: nothing of the old directory may shine through.
    expect(lgetxattr(unpacking.at('c'), 'trusted.overlay.opaque').toString()).toBe('y');
    expect(await readdir(unpacking.at(''))).toEqual(['a', 'b', 'c']);
    expect(unpacked.impliedDirectories).toEqual(['a']);
    expect([...unpacked.opaqueDirectories].sort()).toEqual(['b', 'c']);
  });

  test('takes the last of several entries of a name', async () => {
    await unpacking.unpack(
      rawTar(
        rawEntry({ name: 'x', content: Buffer.from('old') }),
        rawEntry({ name: 'keep', type: '1', linkName: 'x' }),
        rawEntry({ name: 'x', content: Buffer.from('new') }),
        rawEntry({ name: 'y', type: '2', linkName: 'x' }),
        rawEntry({ name: 'y', content: Buffer.from('file') }),
      ),
    );
    expect(await readFile(unpacking.at('x'), 'utf8')).toBe('new');
    expect(await readFile(unpacking.at('keep'), 'utf8')).toBe('old');
    expect((await lstat(unpacking.at('y'))).isFile()).toBe(true);
  });
});

describe('the unpacking threads', () => {
  test('stop a job whose signal fires, keep nothing open and work on', async () => {
    const path = join(unpacking.home, 'blob');
    const tar = rawTar(rawEntry({ name: 'x', content: Buffer.alloc(100_000) }));
    await writeFile(path, tar);
    const file = new GrowingFile(path);
    const abort = new AbortController();
    const running = unpacking.pool.unpack(unpacking.job(file), abort.signal);
    // In the middle of a file.
    file.grow(50_000);
    await eventually(async () => (await readdir(unpacking.at(''))).includes('x'));
    const { threads } = unpacking.pool;
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(unpacking.pool.threads).toBe(threads);
    const open = (await readdir('/proc/self/fd')).map(async (fd) => await linkOf(`/proc/self/fd/${fd}`));
    expect((await Promise.all(open)).filter((target) => target.startsWith(unpacking.home))).toEqual([]);
    await unpacking.next();
    await unpacking.unpack(rawTar(rawEntry({ name: 'y' })));
    expect(await readdir(unpacking.at(''))).toEqual(['y']);
  });

  test('go away when nothing is to be done, and leave no descriptor', async () => {
    const before = await openRoots();
    await using idle = new UnpackPool({ workerUrl, unpackers: 1, unpackerIdleMs: 10 });
    const path = join(unpacking.home, 'blob');
    const tar = rawTar(rawEntry({ name: 'x' }));
    await writeFile(path, tar);
    const file = GrowingFile.whole(path, tar.length);
    await idle.unpack(unpacking.job(file), new AbortController().signal);
    while (idle.threads > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await openRoots()).toBe(before);
  });

  test('unpack a whole tree as tar itself does', async () => {
    const source = join(unpacking.home, 'tree');
    execFileSync('sh', [
      '-c',
      `mkdir ${source} && cp -a /usr/share/doc/[a-c]* /bin/ls ${source}/ && ln -s x ${source}/dangling`,
    ]);
    execFileSync('tar', ['--format=pax', '-C', source, '-cf', join(unpacking.home, 'tree.tar'), '.']);
    await unpacking.unpack(gzipSync(await readFile(join(unpacking.home, 'tree.tar')), { level: 1 }));
    const list = (path: string): string =>
      execFileSync('sh', ['-c', `cd ${path} && find . -printf '%y %m %U %G %s %T@ %l %p\\n' | sort -k8`], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
    expect(withoutDirectorySizes(list(unpacking.at('')))).toEqual(withoutDirectorySizes(list(source)));
  });
});

/** How many descriptors of the root directory there are in this process, all its threads together. */
async function openRoots(): Promise<number> {
  const links = (await readdir('/proc/self/fd')).map(async (fd) => await linkOf(`/proc/self/fd/${fd}`));
  return (await Promise.all(links)).filter((target) => target === '/').length;
}

async function linkOf(path: string): Promise<string> {
  try {
    return await readlink(path);
  } catch {
    // Closed meanwhile: that of the listing itself.
    return '';
  }
}

async function eventually(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}

function withoutDirectorySizes(list: string): string {
  return list.replaceAll(/^(d \S+ \S+ \S+) \S+/gm, '$1');
}
