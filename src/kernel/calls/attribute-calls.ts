/**
 * Extended attributes, file system figures, locks, and the calls that give a thread a root of its own; synchronous, named
 * as their man page. As with `file-calls.ts`: for worker threads.
 */
import type { FileSystemStats } from '../contract/files.ts';
import { cloneFlag } from '../linux-constants.ts';
import { type Address, check, checkLength, libc, pathArgument } from '../linux.ts';
import type { PathBytes } from './file-calls.ts';

/** The kernel's own bound of one value and of the list of names. Source: xattr(7), listxattr(2). */
const maxXattrBytes = 65536;

/** Source: setxattr(2). */
export function fsetxattr(fd: number, name: PathBytes, value: Uint8Array): void {
  const length = BigInt(value.length);
  check(libc.fsetxattr(fd, pathArgument(name), bytesArgument(value), length, 0), 'fsetxattr', name);
}

/** Never follows a link at `path`. Source: setxattr(2). */
export function lsetxattr(path: PathBytes, name: PathBytes, value: Uint8Array): void {
  const [file, key] = [pathArgument(path), pathArgument(name)];
  check(libc.lsetxattr(file, key, bytesArgument(value), BigInt(value.length), 0), 'lsetxattr', path, name);
}

/** Never follows a link at `path`. @throws SyscallError ENODATA when there is no such attribute. Source: getxattr(2). */
export function lgetxattr(path: PathBytes, name: PathBytes): Buffer {
  const value = Buffer.allocUnsafe(maxXattrBytes);
  const length = libc.lgetxattr(pathArgument(path), pathArgument(name), value, BigInt(value.length));
  return Buffer.from(value.subarray(0, checkLength(length, 'lgetxattr', path, name)));
}

/** The names of the attributes; never follows a link at `path`. Source: listxattr(2). */
export function llistxattr(path: PathBytes): readonly string[] {
  const list = Buffer.allocUnsafe(maxXattrBytes);
  const length = libc.llistxattr(pathArgument(path), list, BigInt(list.length));
  const names = list.subarray(0, checkLength(length, 'llistxattr', path)).toString('utf8');
  return names.split('\0').filter((name) => name !== '');
}

/** An empty buffer has no address. */
function bytesArgument(value: Uint8Array): Address {
  return value.length === 0 ? null : value;
}

/** Source: statfs(2). */
export function fstatfs(fd: number): FileSystemStats {
  const data = Buffer.alloc(120);
  check(libc.fstatfs(fd, data), 'fstatfs');
  return parseStatfs(data);
}

// struct statfs of 64-bit machines: all fields that we read are 64 bits wide.
function parseStatfs(data: Buffer): FileSystemStats {
  return {
    type: data.readBigUInt64LE(0),
    blockBytes: data.readBigUInt64LE(8),
    blocks: data.readBigUInt64LE(16),
    blocksFree: data.readBigUInt64LE(24),
    inodes: data.readBigUInt64LE(40),
    inodesFree: data.readBigUInt64LE(48),
  };
}

/** Flushes the file system that holds the open file; may last. Source: syncfs(2). */
export function syncfs(fd: number): void {
  check(libc.syncfs(fd), 'syncfs');
}

/** Takes the lock of an open file, exclusively and without waiting. @throws SyscallError EAGAIN. Source: flock(2). */
export function flockExclusive(fd: number): void {
  check(libc.flock(fd, 2 | 4), 'flock');
}

/** Gives this thread a current directory, root and umask of its own. Source: unshare(2), CLONE_FS. */
export function unshareFs(): void {
  check(libc.unshare(cloneFlag.fs), 'unshare');
}

/** Only after `unshareFs`: else the whole process moves. Source: chroot(2). */
export function chroot(path: PathBytes): void {
  check(libc.chroot(pathArgument(path)), 'chroot', path);
}

/** Only after `unshareFs`. Source: chdir(2). */
export function chdir(path: PathBytes): void {
  check(libc.chdir(pathArgument(path)), 'chdir', path);
}

/** Only after `unshareFs`. Source: chdir(2). */
export function fchdir(fd: number): void {
  check(libc.fchdir(fd), 'fchdir');
}

/** Only after `unshareFs`; returns the old mask. Source: umask(2). */
export function umask(mask: number): number {
  return libc.umask(mask);
}
