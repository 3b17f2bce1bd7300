/**
 * Owner, mode, extended attributes and times of what a layer's entry made. Synchronous, for the unpacking thread; paths
 * are below the layer, and no link is ever followed.
 */
import { fchmodSync, fchownSync, statfsSync } from 'node:fs';
import { errnoOf, noSpaceErrnos } from '../../base/errors.ts';
import { fsetxattr, lsetxattr } from '../../kernel/calls/attribute-calls.ts';
import { fchmodat, fchownat, futimens, utimensat } from '../../kernel/calls/file-calls.ts';
import { atFdcwd } from '../../kernel/linux-constants.ts';
import { pathBytes, refuse } from './entry-path.ts';
import type { TarEntry } from './tar/tar-entry.ts';

/** The access list that what is made in a directory begins with. Source: acl(5). */
export const defaultAcl = 'system.posix_acl_default';
const accessAcl = 'system.posix_acl_access';
/** A list without entries, which takes the list away. Source: Linux, posix_acl_from_xattr. */
export const noAcl = Buffer.from('02000000', 'hex');

/** Takes away what a directory has from the one that it was made in. */
export function cleanDirectory(path: string): void {
  for (const name of [defaultAcl, accessAcl]) setXattr(path, [name, noAcl]);
  fchownat(atFdcwd, pathBytes(path), { uid: 0, gid: 0 });
  fchmodat(atFdcwd, pathBytes(path), 0o755);
}

/** Of an open file that was made with the permission bits of its entry. `isOurs`: owner and group are 0 as it is. */
export function dressFile(fd: number, entry: TarEntry, isOurs: boolean): void {
  if (!isOurs || entry.uid !== 0 || entry.gid !== 0) fchownSync(fd, entry.uid, entry.gid);
  // After chown, which clears setuid and setgid.
  if ((entry.mode & 0o7000) !== 0) fchmodSync(fd, entry.mode);
  for (const [name, value] of allowedXattrs(entry))
    bear(entry.path, [name, value], () => fsetxattr(fd, name, value));
  futimens(fd, timesOf(entry));
}

/** Of a directory; its time, and its default access list, are set when nothing is written below it any more. */
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

function allowedXattrs(entry: TarEntry): readonly Xattr[] {
  if (entry.xattrs.size === 0) return [];
  return [...entry.xattrs].filter(([name]) => isAllowedXattr(name));
}

function setXattrs(path: string, entry: TarEntry): void {
  for (const xattr of allowedXattrs(entry))
    if (entry.kind !== 'directory' || xattr[0] !== defaultAcl) setXattr(path, xattr);
}

type Xattr = readonly [name: string, value: Buffer];

/** @throws InvalidImage for what the kernel or the file system does not take */
export function setXattr(path: string, [name, value]: Xattr): void {
  bear(path, [name, value], () => lsetxattr(pathBytes(path), name, value));
}

const unsupported: ReadonlySet<string | null> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EPERM']);
const unsound: ReadonlySet<string | null> = new Set(['EINVAL', 'E2BIG', 'ERANGE', 'EACCES']);

/** File systems without an attribute's kind, and links and devices, refuse it; only capabilities are worth a failure. */
function bear(path: string, [name, value]: Xattr, set: () => void): void {
  try {
    set();
  } catch (error) {
    const errno = errnoOf(error);
    if (unsupported.has(errno) && name !== 'security.capability') return;
    const told = JSON.stringify(name.slice(0, 200));
    if (unsound.has(errno)) refuse(path, `has an attribute ${told} that the kernel does not take: ${errno}`);
    // ext4 says so as well when all attributes of a file do not fit into one block.
    if (noSpaceErrnos.has(errno) && hasRoomFor(value.length))
      refuse(
        path,
        `has attributes, with ${told} of ${value.length} bytes, of more than the file system keeps`,
      );
    throw error;
  }
}

function hasRoomFor(bytes: number): boolean {
  const { bfree, bsize } = statfsSync('.');
  return bfree * bsize > bytes + 1024 * 1024;
}

function timesOf(entry: TarEntry): { readonly accessedNs: bigint; readonly modifiedNs: bigint } {
  return { accessedNs: entry.modifiedNs, modifiedNs: entry.modifiedNs };
}
