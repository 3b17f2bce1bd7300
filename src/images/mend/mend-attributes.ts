/**
 * Extended attributes and access lists of the directories of a mend, and its whiteouts. Node has no calls for them; each is
 * over in microseconds, and a mend has few.
 */
import { errnoOf } from '../../base/errors.ts';
import { lgetxattr, llistxattr, lsetxattr } from '../../kernel/calls/attribute-calls.ts';
import { mknodat } from '../../kernel/calls/file-calls.ts';
import { atFdcwd, fileType } from '../../kernel/linux-constants.ts';
import { defaultAcl, isAllowedXattr, noAcl } from '../unpack/entry-attributes.ts';

/** The names of those that archives may set. */
export function xattrsOf(path: Buffer): readonly string[] {
  return bear(() => llistxattr(path).filter(isAllowedXattr), []);
}

export function copyXattrs(from: Buffer, to: Buffer): void {
  for (const name of xattrsOf(from)) bear(() => lsetxattr(to, name, lgetxattr(from, name)), undefined);
}

/** What is made in the directory begins with no access list of anybody else's. */
export function forgetDefaultAcl(path: Buffer): void {
  bear(() => lsetxattr(path, defaultAcl, noAcl), undefined);
}

/** Source: Linux Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories". */
export function makeWhiteout(path: Buffer): void {
  mknodat(atFdcwd, path, { mode: fileType.character, device: 0n });
}

/** File systems without attributes have none. */
function bear<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch (error) {
    if (errnoOf(error) === 'ENOTSUP' || errnoOf(error) === 'EOPNOTSUPP') return otherwise;
    throw error;
  }
}
