import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf, SyscallError } from '../../base/errors.ts';
import { fsetxattr, lgetxattr, lsetxattr, fstatfs, syncfs } from './attribute-calls.ts';
import * as calls from './file-calls.ts';
import { atFdcwd, fileType, openFlag } from '../linux-constants.ts';

let directory = '';
let fd = -1;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kernel-files-'));
  fd = calls.openat(atFdcwd, directory, { flags: openFlag.directory });
});
afterEach(() => {
  calls.close(fd);
  rmSync(directory, { recursive: true });
});

function errnoFrom(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return errnoOf(error);
  }
}

describe('calls relative to a directory', () => {
  test('make, link and remove files', () => {
    calls.mkdirat(fd, 'd', 0o750);
    calls.mknodat(fd, 'fifo', { mode: fileType.fifo | 0o600, device: 0n });
    calls.mknodat(fd, 'null', { mode: fileType.character | 0o666, device: calls.makeDevice(1, 3) });
    calls.symlinkat('../target', fd, 'd/link');
    calls.linkat({ fromDirFd: fd, from: 'd/link', toDirFd: fd, to: 'hard' });
    expect({
      names: readdirSync(directory).toSorted(),
      link: calls.readlinkat(fd, 'hard').toString(),
      device: calls.statx(fd, 'null').device,
      isFifo: lstatSync(join(directory, 'fifo')).isFIFO(),
      mode: lstatSync(join(directory, 'd')).mode & 0o7777,
    }).toEqual({
      names: ['d', 'fifo', 'hard', 'null'],
      link: '../target',
      device: { major: 1, minor: 3 },
      isFifo: true,
      mode: 0o750,
    });
    expect(errnoFrom(() => calls.unlinkat(fd, 'd', true))).toBe('ENOTEMPTY');
    calls.unlinkat(fd, 'd/link');
    calls.unlinkat(fd, 'd', true);
    expect(readdirSync(directory)).not.toContain('d');
  });

  test('take names that are not UTF-8, and refuse a NUL instead of cutting the name there', () => {
    const name = Buffer.from([0x61, 0xff, 0xfe]);
    calls.mkdirat(fd, name, 0o700);
    expect(readdirSync(directory, { encoding: 'buffer' })).toEqual([name]);
    expect(errnoFrom(() => calls.unlinkat(fd, 'a\0b'))).toBe('EINVAL');
    expect(errnoFrom(() => calls.unlinkat(fd, Buffer.from('a\0b')))).toBe('EINVAL');
  });

  test('encode device numbers as the C library does', () => {
    expect([calls.makeDevice(1, 3), calls.makeDevice(259, 0x12345), calls.makeDevice(0xabcde, 7)]).toEqual([
      0x103n,
      0x12310345n,
      (0xab000n << 32n) | (0xcden << 8n) | 7n,
    ]);
  });

  test.each([calls.fchmodat, calls.fchmodatBySteps])('%p sets the mode of all but a link', (setMode) => {
    writeFileSync(join(directory, 'target'), '');
    symlinkSync('target', join(directory, 'to-target'));
    setMode(fd, 'target', 0o4711);
    expect(errnoFrom(() => setMode(fd, 'to-target', 0o777))).toBe('EOPNOTSUPP');
    expect(errnoFrom(() => setMode(fd, 'missing', 0o777))).toBe('ENOENT');
    expect(calls.statx(fd, 'target').mode).toBe(fileType.regular | 0o4711);
  });

  test('set owner, mode and times to the nanosecond and never follow a link', () => {
    writeFileSync(join(directory, 'file'), '');
    symlinkSync('file', join(directory, 'link'));
    const times = { accessedNs: -1n, modifiedNs: 1_234_567_890_123_456_789n };
    calls.fchownat(fd, 'link', { uid: 12, gid: 4_000_000_000 });
    calls.utimensat(fd, 'link', times);
    expect(errnoFrom(() => calls.fchmodat(fd, 'link', 0o777))).toBe('EOPNOTSUPP');
    calls.fchmodat(fd, 'file', 0o4711);
    const link = lstatSync(join(directory, 'link'), { bigint: true });
    const file = calls.statx(fd, 'file');
    expect({ uid: link.uid, gid: link.gid, mtimeNs: link.mtimeNs, atimeNs: link.atimeNs }).toEqual({
      uid: 12n,
      gid: 4_000_000_000n,
      mtimeNs: times.modifiedNs,
      atimeNs: -1n,
    });
    expect({ uid: file.uid, mode: file.mode }).toEqual({ uid: 0, mode: fileType.regular | 0o4711 });
    expect(file.modifiedNs).not.toBe(times.modifiedNs);
  });

  test('name call, errno and path when they fail', () => {
    expect(() => calls.mkdirat(fd, 'a/b', 0o700)).toThrow(SyscallError);
    try {
      calls.mkdirat(fd, 'a/b', 0o700);
    } catch (error) {
      expect(error).toMatchObject({ call: 'mkdirat', errno: 'ENOENT', paths: ['a/b'] });
    }
  });
});

describe('openat2', () => {
  test('keeps links inside the root, and refuses what leads out when told to stay beneath', () => {
    mkdirSync(join(directory, 'etc'));
    writeFileSync(join(directory, 'etc/hostname'), 'inside');
    symlinkSync('/etc/hostname', join(directory, 'absolute'));
    symlinkSync('../../../../etc/hostname', join(directory, 'relative'));
    for (const name of ['absolute', 'relative']) {
      const file = calls.openat2(fd, name, { flags: openFlag.readOnly, resolve: ['inRoot', 'noMagiclinks'] });
      expect(readFileSync(file, 'utf8')).toBe('inside');
      calls.close(file);
      expect(errnoFrom(() => calls.openat2(fd, name, { flags: 0, resolve: ['beneath'] }))).toBe('EXDEV');
      expect(errnoFrom(() => calls.openat2(fd, name, { flags: 0, resolve: ['noSymlinks'] }))).toBe('ELOOP');
    }
  });

  test('refuses magic links of /proc', () => {
    const proc = calls.openat(atFdcwd, '/proc', { flags: openFlag.directory });
    const how = { flags: openFlag.path, resolve: ['inRoot', 'noMagiclinks'] } as const;
    expect(errnoFrom(() => calls.openat2(proc, 'self/root', how))).toBe('ELOOP');
    calls.close(proc);
  });
});

describe('extended attributes and file system figures', () => {
  test('are set and read', () => {
    const path = join(directory, 'file');
    writeFileSync(path, '');
    const file = calls.openat(fd, 'file', { flags: openFlag.readWrite });
    fsetxattr(file, 'user.empty', new Uint8Array());
    lsetxattr(path, 'user.bytes', Buffer.from([0, 255, 10]));
    expect([lgetxattr(path, 'user.bytes'), lgetxattr(path, 'user.empty')]).toEqual([
      Buffer.from([0, 255, 10]),
      Buffer.alloc(0),
    ]);
    expect(errnoFrom(() => lgetxattr(path, 'user.none'))).toBe('ENODATA');
    calls.futimens(file, { accessedNs: 1n, modifiedNs: 2n });
    expect(calls.statx(file, '').modifiedNs).toBe(2n);
    syncfs(file);
    calls.close(file);
    const proc = calls.openat(atFdcwd, '/proc', { flags: openFlag.directory });
    expect(fstatfs(proc)).toMatchObject({ type: 0x9fa0n });
    calls.close(proc);
  });
});
