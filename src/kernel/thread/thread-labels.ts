/**
 * SELinux labels of files, as a kernel thread sets them. A tree is gone through by descriptors, so that no link leads out
 * of it; links themselves are labelled, not what they point at. The top comes last: it says that all below is done.
 * Source: selinux(8); xattr(7), security.selinux.
 */
import { readdirSync } from 'node:fs';
import { errnoOf, SyscallError } from '../../base/errors.ts';
import { lgetxattr, lsetxattr } from '../calls/attribute-calls.ts';
import { close, openat, statx } from '../calls/file-calls.ts';
import { atFdcwd, fileType, openFlag } from '../linux-constants.ts';

const attribute = 'security.selinux';
/** Each level holds a descriptor. */
const maxDepth = 256;

export type LabelOrder = {
  /** A file or directory; not a link. */
  readonly path: string;
  /** `user:role:type:level` */
  readonly label: string;
};

/** @returns how many files were labelled; 0 when the top has the label already, or its file system has no labels */
export function labelTree({ path, label }: LabelOrder): number {
  if (labelOf(path) === label) return 0;
  const value = Buffer.from(`${label}\0`);
  const isDirectory = (statx(atFdcwd, path).mode & 0o170000) === fileType.directory;
  try {
    const below = isDirectory ? labelBelow(openDirectory(atFdcwd, path), value, 1) : 0;
    lsetxattr(path, attribute, value);
    return below + 1;
  } catch (error) {
    if (errnoOf(error) === 'EOPNOTSUPP') return 0;
    throw error;
  }
}

/** Null: none, or one that this file system cannot have. */
function labelOf(path: string): string | null {
  try {
    return lgetxattr(path, attribute).toString('utf8').replace(/\0$/, '');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENODATA' || errno === 'EOPNOTSUPP') return null;
    throw error;
  }
}

function openDirectory(dirFd: number, path: string | Buffer): number {
  const flags = openFlag.readOnly | openFlag.directory | openFlag.nofollow;
  return openat(dirFd, path, { flags });
}

/** Takes the descriptor over. */
function labelBelow(dirFd: number, value: Buffer, depth: number): number {
  try {
    if (depth > maxDepth)
      throw new SyscallError({
        call: 'label',
        errno: 'ELOOP',
        paths: [`more than ${maxDepth} directories deep`],
      });
    const place = `/proc/thread-self/fd/${dirFd}`;
    let count = 0;
    for (const entry of readdirSync(place, { withFileTypes: true, encoding: 'buffer' }))
      count += labelEntry(dirFd, { entry, place: Buffer.from(`${place}/`) }, { value, depth });
    return count;
  } finally {
    close(dirFd);
  }
}

type Entry = { readonly name: Buffer; isDirectory(): boolean };

/** A file that goes away meanwhile needs no label. */
function labelEntry(
  dirFd: number,
  { entry, place }: { readonly entry: Entry; readonly place: Buffer },
  { value, depth }: { readonly value: Buffer; readonly depth: number },
): number {
  try {
    const below = entry.isDirectory() ? labelBelow(openDirectory(dirFd, entry.name), value, depth + 1) : 0;
    lsetxattr(Buffer.concat([place, entry.name]), attribute, value);
    return below + 1;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0;
    throw error;
  }
}
