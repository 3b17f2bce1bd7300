/**
 * Files, as the kernel thread handles them: its umask is 0, so modes are exact, and its file system calls may hang
 * without stopping the daemon.
 */
import { errnoOf } from '../../base/errors.ts';
import { flockExclusive, fstatfs, syncfs } from '../calls/attribute-calls.ts';
import { close, fchownat, makeDevice, mkdirat, mknodat, openat, openat2 } from '../calls/file-calls.ts';
import type { FileSystemStats, NewDirectory, NewNode } from '../contract/files.ts';
import { atFdcwd, fileType, openFlag } from '../linux-constants.ts';

const insideRoot = ['inRoot', 'noMagiclinks'] as const;

function withRoot<T>(root: string, act: (rootFd: number) => T): T {
  const rootFd = openat(atFdcwd, root, { flags: openFlag.path | openFlag.directory | openFlag.nofollow });
  try {
    return act(rootFd);
  } finally {
    close(rootFd);
  }
}

export type OpenOrder = {
  readonly root: string;
  readonly path: string;
  readonly flags: number;
  readonly mode: number;
};

/** Never blocks on a FIFO and never takes a terminal. Source: openat2(2). */
export function openInRoot({ root, path, flags, mode }: OpenOrder): number {
  const isPathOnly = (flags & openFlag.path) !== 0;
  const safe = isPathOnly ? flags : flags | openFlag.nonblock | openFlag.noctty;
  const mayCreate = (flags & openFlag.create) !== 0;
  return withRoot(root, (rootFd) =>
    openat2(rootFd, path, { flags: safe, mode: mayCreate ? mode : 0, resolve: insideRoot }),
  );
}

export type DirectoryOrder = { readonly root: string; readonly path: string } & NewDirectory;

/**
 * mkdir -p: each prefix of the path is resolved inside the root, links included; what is missing is made in the directory
 * that the prefix before it led to. A dangling link is an error (EEXIST), so that nothing is made where it points.
 */
export function makeDirectoryInRoot({ root, path, ...attributes }: DirectoryOrder): null {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  return withRoot(root, (rootFd) => {
    for (let depth = 1; depth <= names.length; depth += 1)
      makePrefix(rootFd, names.slice(0, depth), attributes);
    return null;
  });
}

function makePrefix(rootFd: number, names: readonly string[], { mode, owner }: NewDirectory): void {
  const how = { flags: openFlag.path | openFlag.directory, resolve: insideRoot };
  try {
    close(openat2(rootFd, names.join('/'), how));
    return;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  const parent = openat2(rootFd, names.length === 1 ? '.' : names.slice(0, -1).join('/'), how);
  try {
    const name = names.at(-1) ?? '';
    mkdirat(parent, name, mode);
    if (owner !== undefined) fchownat(parent, name, owner);
  } finally {
    close(parent);
  }
}

/** Source: mknod(2). */
export function makeNode({ path, ...node }: NewNode & { readonly path: string }): null {
  const mode = fileType[node.type] | (node.mode & 0o7777);
  const device = node.type === 'fifo' ? 0n : makeDevice(node.major, node.minor);
  mknodat(atFdcwd, path, { mode, device });
  fchownat(atFdcwd, path, node.owner);
  return null;
}

function withPath<T>(path: string, flags: number, act: (fd: number) => T): T {
  const fd = openat(atFdcwd, path, { flags });
  try {
    return act(fd);
  } finally {
    close(fd);
  }
}

/** Source: statfs(2). */
export function statFileSystem({ path }: { readonly path: string }): FileSystemStats {
  return withPath(path, openFlag.path, fstatfs);
}

/** Source: syncfs(2). */
export function syncFileSystem({ path }: { readonly path: string }): null {
  return withPath(path, openFlag.readOnly | openFlag.nonblock, (fd) => {
    syncfs(fd);
    return null;
  });
}

/** The file is created when missing and stays. @throws SyscallError EAGAIN when another holds it. Source: flock(2). */
export function lockFile({ path }: { readonly path: string }): number {
  const flags = openFlag.readWrite | openFlag.create | openFlag.nofollow | openFlag.nonblock;
  const fd = openat(atFdcwd, path, { flags, mode: 0o600 });
  try {
    flockExclusive(fd);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}
