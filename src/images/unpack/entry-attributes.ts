/**
 * Owner, mode, extended attributes and times of what a layer's entry made. Synchronous, for the unpacking thread; paths
 * are below the layer, and no link is ever followed.
 */
import { fchmodSync, fchownSync } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import { fsetxattr, lsetxattr } from '../../kernel/calls/attribute-calls.ts';
import { fchmodat, fchownat, futimens, utimensat } from '../../kernel/calls/file-calls.ts';
import { atFdcwd } from '../../kernel/linux-constants.ts';
import { pathBytes } from './entry-path.ts';
import type { TarEntry } from './tar/tar-entry.ts';

/** Of an open file that was made with the permission bits of its entry. `isOurs`: owner and group are 0 as it is. */
export function dressFile(fd: number, entry: TarEntry, isOurs: boolean): void {
  if (!isOurs || entry.uid !== 0 || entry.gid !== 0) fchownSync(fd, entry.uid, entry.gid);
  // After chown, which clears setuid and setgid.
  if ((entry.mode & 0o7000) !== 0) fchmodSync(fd, entry.mode);
  for (const [name, value] of allowedXattrs(entry)) tolerate(name, () => fsetxattr(fd, name, value));
  futimens(fd, timesOf(entry));
}

/** Of a directory; its time is set when nothing is written below it any more. */
export function dressDirectory(path: string, entry: TarEntry): void {
  const name = pathBytes(path);
  fchownat(atFdcwd, name, entry);
  fchmodat(atFdcwd, name, entry.mode);
  setXattrs(path, entry);
}

/** Of a device or a FIFO. */
export function dressNode(path: string, entry: TarEntry): void {
  dressDirectory(path, entry);
  utimensat(atFdcwd, pathBytes(path), timesOf(entry));
}

/** Of a symbolic link, which has no mode of its own. */
export function dressLink(path: string, entry: TarEntry): void {
  fchownat(atFdcwd, pathBytes(path), entry);
  setXattrs(path, entry);
  utimensat(atFdcwd, pathBytes(path), timesOf(entry));
}

/** Attributes that an archive may set: it must not speak to overlayfs or to a security module. */
export function isAllowedXattr(name: string): boolean {
  return (
    name === 'security.capability' ||
    name.startsWith('system.posix_acl_') ||
    (name.startsWith('user.') && !name.startsWith('user.overlay.'))
  );
}

function allowedXattrs(entry: TarEntry): readonly (readonly [string, Buffer])[] {
  if (entry.xattrs.size === 0) return [];
  return [...entry.xattrs].filter(([name]) => isAllowedXattr(name));
}

function setXattrs(path: string, entry: TarEntry): void {
  for (const [name, value] of allowedXattrs(entry))
    tolerate(name, () => lsetxattr(pathBytes(path), name, value));
}

/** File systems without an attribute's kind, and links and devices, refuse it; only capabilities are worth a failure. */
function tolerate(name: string, set: () => void): void {
  try {
    set();
  } catch (error) {
    const errno = errnoOf(error);
    const isUnsupported = errno === 'ENOTSUP' || errno === 'EOPNOTSUPP' || errno === 'EPERM';
    if (!isUnsupported || name === 'security.capability') throw error;
  }
}

function timesOf(entry: TarEntry): { readonly accessedNs: bigint; readonly modifiedNs: bigint } {
  return { accessedNs: entry.modifiedNs, modifiedNs: entry.modifiedNs };
}
