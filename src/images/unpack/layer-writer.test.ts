/**
 * What becomes of single entries and of entries that meet: kinds, whiteouts, links, attributes.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lgetxattr, llistxattr, lsetxattr } from '../../kernel/calls/attribute-calls.ts';
import { aclBytes, capabilityBytes, paxEntry, rawEntry, rawTar } from '../testing/tar.ts';
import { TestUnpacking } from '../testing/unpacking.ts';

let unpacking: TestUnpacking;

beforeAll(async () => {
  unpacking = await TestUnpacking.create();
});
afterAll(async () => await unpacking[Symbol.asyncDispose]());
beforeEach(async () => await unpacking.next());

const defaultAcl = 'system.posix_acl_default';
const file = (name: string, mode = 0o644): Buffer => rawEntry({ name, mode, content: Buffer.from(name) });
const directory = (name: string): Buffer => rawEntry({ name: `${name}/`, type: '5' });
const soft = (name: string, linkName: string): Buffer => rawEntry({ name, linkName, type: '2' });
const hard = (name: string, linkName: string): Buffer => rawEntry({ name, linkName, type: '1' });
const hide = (name: string): Buffer => rawEntry({ name });
const xattr = (name: string, value: string | Buffer): Buffer => paxEntry({ [`SCHILY.xattr.${name}`]: value });

/** `d` directory, `o` opaque directory, `w` whiteout, `f` file, `l` link; with the path. */
async function shape(path = ''): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of (await readdir(unpacking.at(path))).sort()) {
    const at = path === '' ? name : `${path}/${name}`;
    const stats = await lstat(unpacking.at(at));
    const isOpaque = llistxattr(unpacking.at(at)).includes('trusted.overlay.opaque');
    if (stats.isDirectory()) found.push(`${isOpaque ? 'o' : 'd'} ${at}`, ...(await shape(at)));
    else found.push(`${stats.isCharacterDevice() ? 'w' : stats.isSymbolicLink() ? 'l' : 'f'} ${at}`);
  }
  return found;
}

describe('entries that meet', () => {
  test.each<readonly [string, readonly Buffer[], readonly string[]]>([
    ['a whiteout after what lies in the directory', [file('d/x'), hide('.wh.d')], ['o d', 'f d/x']],
    ['a whiteout after the file', [file('f'), hide('.wh.f')], ['f f']],
    ['a whiteout twice', [hide('.wh.f'), hide('.wh.f')], ['w f']],
    ['a file after its whiteout', [hide('.wh.f'), file('f')], ['f f']],
    ['a file below what is hidden', [hide('.wh.d'), file('d/e/f')], ['o d', 'd d/e', 'f d/e/f']],
    ['a directory after a link of its name', [soft('x', '/etc'), directory('x')], ['d x']],
    ['a directory after a file of its name', [file('x'), directory('x')], ['d x']],
    [
      'a directory anew after the opaque one went',
      [directory('d'), hide('d/.wh..wh..opq'), file('d'), directory('d')],
      ['d d'],
    ],
    ['a hard link to itself', [file('a'), hard('a', 'a')], ['f a']],
    ['a name that leads back', [file('a/../b'), hard('x/../c', './b')], ['f b', 'f c']],
    ['a hard link to what is hidden', [hide('.wh.x'), hard('a', 'x')], ['w x']],
  ])('give with %s what overlayfs needs', async (_, entries, expected) => {
    await unpacking.unpack(rawTar(...entries));
    expect(await shape()).toEqual(expected);
  });

  test('tell a directory that went as opaque no more', async () => {
    const archive = rawTar(directory('d'), hide('d/.wh..wh..opq'), file('d'), directory('d'));
    expect((await unpacking.unpack(archive)).opaqueDirectories).toEqual([]);
  });
});

describe('a hard link to a lower file', () => {
  test.each<readonly [string, readonly Buffer[], readonly (readonly [path: string, target: string])[]]>([
    ['is told', [hard('a', 'x')], [['a', 'x']]],
    ['is told of a hidden file', [hide('.wh.x'), hard('a', 'x')], [['a', 'x']]],
    ['is not told once a file has come', [hard('a', 'x'), file('a')], []],
    ['is not told once a link has come', [hard('a', 'x'), file('b'), hard('a', 'b')], []],
    ['is told when it comes after a file', [file('a'), hard('a', 'x')], [['a', 'x']]],
    [
      'is told of a chain by the file at its end',
      [hard('a', 'x'), hard('b', 'a')],
      [
        ['a', 'x'],
        ['b', 'x'],
      ],
    ],
    ['is told once of a name', [hard('a', 'x'), hard('a', 'y')], [['a', 'y']]],
    ['stays when its own layer hides what was below', [hard('a', 'x'), hide('.wh.a')], [['a', 'x']]],
    ['is nothing when it leads to itself', [hard('a', 'x'), hard('x', 'a')], [['a', 'x']]],
  ])('%s', async (_, entries, expected) => {
    const { foreignLinks } = await unpacking.unpack(rawTar(...entries));
    expect(foreignLinks.map(({ path, target }) => [path, target])).toEqual(expected);
  });
});

describe('an entry that cannot be', () => {
  const longName = 'n'.repeat(255);
  const deep = `${'n'.repeat(239)}/`.repeat(16).slice(0, -1);

  test.each<readonly [string, readonly Buffer[], RegExp]>([
    ['a link to nothing', [soft('l', '')], /link to nothing/],
    [
      'a link to more than a path',
      [paxEntry({ linkpath: 'x'.repeat(4096) }), soft('l', 'x')],
      /more than 4095/,
    ],
    ['a path that leaves no room for the store', [paxEntry({ path: `${deep}xx` }), hide('x')], /longer than/],
    ['a minor number too great', [rawEntry({ name: 'n', type: '3', device: [1, 0x100000] })], /device/],
    ['a whiteout of the empty name', [hide('d/.wh.')], /whiteout of nothing/],
    ['a whiteout of "."', [hide('d/.wh..')], /whiteout of nothing/],
    ['a hard link in place of a directory', [directory('a'), hard('a', 'x')], /replaces a directory/],
    ['a file below a hard link to a lower file', [hard('a', 'x'), file('a/b')], /no directory/],
    ['a capability of garbage', [xattr('security.capability', 'garbage'), file('f')], /does not take/],
    [
      'an access list of garbage',
      [xattr('system.posix_acl_access', '\u0002\0\0\0x'), file('f')],
      /does not take/,
    ],
    ['a default list of garbage', [xattr(defaultAcl, '\u0002\0\0\0x'), directory('d')], /does not take/],
    ['a default list of a file', [xattr(defaultAcl, aclBytes(5)), file('f')], /does not take/],
    ['an attribute too large', [xattr('user.x', 'x'.repeat(70_000)), file('f')], /does not take/],
    ['an attribute with a long name', [xattr(`user.${longName}`, 'x'), file('f')], /does not take/],
    ['an attribute with a NUL in its name', [xattr('user.a\0b', 'x'), file('f')], /does not take/],
  ])('is refused: %s', async (_, entries, words) => {
    const failure = await unpacking.failure(rawTar(...entries));
    expect(failure).toEqual(expect.objectContaining({ reason: 'InvalidImage' }));
    expect(failure).toEqual(expect.objectContaining({ message: expect.stringMatching(words) }));
  });

  test('is refused when more names are left to lower layers than are kept', async () => {
    const many = Array.from({ length: 20 }, (_, count) => file(`d${count}/f`));
    const failure = await unpacking.failure(rawTar(...many), { lentNameBytes: 600 });
    expect(failure).toEqual(expect.objectContaining({ reason: 'InvalidImage' }));
    await unpacking.next();
    const links = Array.from({ length: 20 }, (_, count) => hard(`l${count}`, 'x'));
    expect(await unpacking.refusal(rawTar(...links), { lentNameBytes: 600 })).toMatch(/lower layers/);
  });

  test('is not a path that can be removed again, or a target as long as the kernel takes', async () => {
    await unpacking.unpack(
      rawTar(
        paxEntry({ path: deep }),
        hide('x'),
        paxEntry({ linkpath: 'x/'.repeat(2047) + 'x' }),
        soft('l', 'x'),
      ),
    );
    expect((await readdir(unpacking.at(''))).length).toBe(2);
  });
});

describe('attributes', () => {
  test('that speak to overlayfs or a security module are left out, those of files systems kept', async () => {
    const names = [
      'user.overlay.opaque',
      'security.selinux',
      'security.evm',
      'trusted.x',
      'system.x',
      'user.x',
    ];
    const records = Object.fromEntries(names.map((name) => [`SCHILY.xattr.${name}`, 'value']));
    await unpacking.unpack(rawTar(paxEntry(records), directory('d'), paxEntry(records), file('f')));
    for (const path of ['d', 'f']) {
      const found = llistxattr(unpacking.at(path)).filter((name) => name !== 'security.selinux');
      expect(found).toEqual(['user.x']);
    }
  });

  test('of more than the file system keeps of a file are the fault of the image', async () => {
    // ext4 keeps a block of them, and says that it has no space; others keep all.
    const failure = await unpacking.failure(rawTar(xattr('user.x', 'x'.repeat(30_000)), file('f')));
    const isKept = failure === null;
    expect(failure).toEqual(isKept ? null : expect.objectContaining({ reason: 'InvalidImage' }));
  });

  test('that a link cannot have are passed over, but for a capability', async () => {
    await unpacking.unpack(rawTar(xattr('user.x', 'y'), soft('l', '/etc')));
    expect(llistxattr(unpacking.at('l'))).not.toContain('user.x');
  });

  test('of a directory with a default access list do not reach the files below it', async () => {
    await unpacking.unpack(
      rawTar(
        xattr(defaultAcl, aclBytes(5)),
        directory('d'),
        file('d/f', 0o666),
        rawEntry({ name: 'd/e/', type: '5', mode: 0o777 }),
        xattr(defaultAcl, aclBytes(5)),
        directory('gone'),
        directory('gone'),
      ),
    );
    expect((await lstat(unpacking.at('d/f'))).mode & 0o7777).toBe(0o666);
    expect((await lstat(unpacking.at('d/e'))).mode & 0o7777).toBe(0o777);
    expect(llistxattr(unpacking.at('d/f'))).toEqual([]);
    expect(llistxattr(unpacking.at('d/e'))).toEqual([]);
    expect(lgetxattr(unpacking.at('d'), defaultAcl)).toEqual(aclBytes(5));
    expect(llistxattr(unpacking.at('gone'))).toEqual([]);
  });

  test('are those of the archive wherever the store lies', async () => {
    await unpacking.next();
    const { home } = unpacking;
    // As in a root_dir whose group and access list are handed down to what is made in it.
    await chown(home, 0, 4242);
    await chmod(home, 0o2755);
    lsetxattr(home, defaultAcl, aclBytes(5));
    await mkdir(join(home, 'new'));
    unpacking.layer = 'new';
    try {
      const entries = [file('f', 0o666), directory('d'), file('d/f', 0o640), file('implied/f')];
      const unpacked = await unpacking.unpack(rawTar(...entries));
      for (const [path, mode] of [
        ['f', 0o666],
        ['d/f', 0o640],
        ['d', 0o755],
        ['implied', 0o755],
      ] as const) {
        const stats = await lstat(unpacking.at(path));
        expect([path, stats.mode & 0o7777, stats.uid, stats.gid]).toEqual([path, mode, 0, 0]);
        expect(llistxattr(unpacking.at(path))).toEqual([]);
      }
      expect(await unpacking.check(unpacked)).toEqual([]);
    } finally {
      unpacking.layer = 'layer';
    }
  });

  test('of a file system without any are passed over, but for a capability', async () => {
    unpacking.layer = 'bare';
    const bare = unpacking.at('');
    await mkdir(bare);
    execFileSync('mount', ['-t', 'ramfs', 'bare', bare]);
    try {
      await unpacking.unpack(rawTar(xattr('user.x', 'y'), file('f')));
      expect(await readdir(bare)).toEqual(['f']);
      await rm(join(unpacking.home, 'skeleton'));
      const failure = await unpacking.failure(
        rawTar(xattr('security.capability', capabilityBytes(0x2000)), file('g')),
      );
      // Not of the image.
      expect(failure).toEqual(expect.objectContaining({ reason: 'UnpackFailed' }));
    } finally {
      execFileSync('umount', [bare]);
      unpacking.layer = 'layer';
    }
  });

  test('give a file below a directory with the setgid bit the group of its entry', async () => {
    await unpacking.unpack(
      rawTar(paxEntry({ gid: '77' }), rawEntry({ name: 'd/', type: '5', mode: 0o2775 }), file('d/f')),
    );
    expect((await lstat(unpacking.at('d'))).gid).toBe(77);
    expect((await lstat(unpacking.at('d/f'))).gid).toBe(0);
    expect(await readFile(unpacking.at('d/f'), 'utf8')).toBe('d/f');
  });

  test('of a capability are set after the owner', async () => {
    const pax = paxEntry({ uid: '9', 'SCHILY.xattr.security.capability': capabilityBytes(0x2000) });
    await unpacking.unpack(rawTar(pax, file('f')));
    expect(lgetxattr(unpacking.at('f'), 'security.capability')).toEqual(capabilityBytes(0x2000));
  });
});
