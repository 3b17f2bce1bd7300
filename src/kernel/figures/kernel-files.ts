/**
 * Reads files that the kernel makes up in memory (cgroupfs, procfs), at once and on the calling thread: a read takes one or
 * two microseconds, where a trip through Node's thread pool takes fifty. Never for files of a disk, which may hang.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { errnoOf, SyscallError } from '../../base/errors.ts';

/** No such file or cgroup, or not any more: ENODEV and ESRCH are said of open files of what has gone. */
const absent = new Set(['ENOENT', 'ENODEV', 'ENOTDIR', 'EOPNOTSUPP', 'ESRCH']);

/** The largest are the interfaces of a host with thousands of pods. */
const maxBytes = 4 * 1024 * 1024;

/** A shorter first part is the whole: the kernel goes on to the next record while a page has room for it. */
const surelyWhole = 2048;

// One for all: nothing waits between a read and the text that is made of it.
let buffer = Buffer.allocUnsafeSlow(16 * 1024);

/** The whole file; null when there is none. @throws SyscallError open, read */
export function readKernelFile(path: string): string | null {
  const fd = openKernelFile(path);
  if (fd === null) return null;
  try {
    return readKernelFd(fd, path);
  } finally {
    closeSync(fd);
  }
}

/** @returns null when there is none. @throws SyscallError open */
export function openKernelFile(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    return nullIfAbsent('open', path, error);
  }
}

/** Reads from the start, whatever was read before: the kernel makes the text anew. @throws SyscallError read */
export function readKernelFd(fd: number, path: string): string | null {
  try {
    let length = 0;
    for (;;) {
      const count = readSync(fd, buffer, length, buffer.length - length, length);
      length += count;
      if (count === 0 || length < surelyWhole) return buffer.toString('latin1', 0, length);
      if (length === buffer.length) grow(path);
    }
  } catch (error) {
    return nullIfAbsent('read', path, error);
  }
}

function grow(path: string): void {
  if (buffer.length >= maxBytes) throw new SyscallError({ call: 'read', errno: 'EFBIG', paths: [path] });
  buffer = Buffer.concat([buffer], buffer.length * 2);
}

function nullIfAbsent(call: string, path: string, error: unknown): null {
  const errno = errnoOf(error) ?? 'EIO';
  if (absent.has(errno)) return null;
  if (error instanceof SyscallError) throw error;
  throw new SyscallError({ call, errno, paths: [path] }, { cause: error });
}
