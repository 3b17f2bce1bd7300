/**
 * Mount calls, old and new, synchronous, named as their man page. For the kernel thread only: a mount can hang for as
 * long as the file system behind it does. Retries, fallbacks and undo stand above (`thread-mounts.ts`).
 */
import { readSync } from 'node:fs';
import { SyscallError } from '../../base/errors.ts';
import type { MountFlag, Propagation } from '../contract/mounts.ts';
import { atFdcwd, atFlag, mountAttribute, mountFlagBits, openFlag, unmountFlag } from '../linux-constants.ts';
import { check, libc, pathArgument, syscall } from '../linux.ts';

export type MountCall = {
  readonly source: string;
  readonly target: string;
  readonly type?: string;
  /** MS_* bits. */
  readonly flags: number;
  readonly data?: string;
};

/** Source: mount(2). */
export function mount(call: MountCall): void {
  const [source, target] = [pathArgument(call.source), pathArgument(call.target)];
  const data = call.data === undefined ? null : pathArgument(call.data);
  const result = libc.mount(source, target, call.type ?? null, BigInt(call.flags), data);
  check(result, 'mount', call.source, call.target);
}

/** Never follows a link at `target`. @throws SyscallError EBUSY in use, EINVAL not a mount. Source: umount(2). */
export function umount2(target: string, isDetached: boolean): void {
  const flags = unmountFlag.nofollow | (isDetached ? unmountFlag.detach : 0);
  check(libc.umount2(pathArgument(target), flags), 'umount2', target);
}

/** A context in which a file system is configured. @throws SyscallError ENODEV unknown type. Source: fsopen(2). */
export function fsopen(type: string): number {
  return syscall('fsopen', [type, 1], type);
}

/** At most 255 bytes of value. The kernel's own words about a failure become its cause. Source: fsconfig(2). */
export function fsconfigString(fd: number, key: string, value: string): void {
  explained(fd, () => syscall('fsconfig', [fd, 1, key, pathArgument(value), 0], value));
}

/** Makes the file system as configured. Source: fsconfig(2), FSCONFIG_CMD_CREATE. */
export function fsconfigCreate(fd: number): void {
  explained(fd, () => syscall('fsconfig', [fd, 6, null, null, 0]));
}

/** A mount without a place, as a descriptor. Source: fsmount(2). */
export function fsmount(fd: number, flags: readonly MountFlag[]): number {
  return explained(fd, () => syscall('fsmount', [fd, 1, attributes(flags).set]));
}

function explained<T>(fd: number, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const words = readContextLog(fd);
    if (words === '' || !(error instanceof SyscallError)) throw error;
    throw new SyscallError(error, { cause: new Error(words) });
  }
}

/** What the kernel wrote about a configuration: lines such as `e overlay: …`. Source: fsopen(2). */
function readContextLog(fd: number): string {
  const lines: string[] = [];
  const line = Buffer.alloc(1024);
  try {
    while (lines.length < 8) lines.push(line.toString('utf8', 0, readSync(fd, line)).trim());
  } catch {
    // ENODATA: that was all.
  }
  return lines.join('; ');
}

/** Puts a mount that is known by descriptor at a place. Source: move_mount(2). */
export function moveMountFd(fd: number, target: string): void {
  // MOVE_MOUNT_F_EMPTY_PATH; a link at the target is not followed.
  syscall('move_mount', [fd, '', atFdcwd, pathArgument(target), 0x4], target);
}

/** Moves a mount from one place to another. Source: move_mount(2). */
export function moveMountPath(from: string, to: string): void {
  syscall('move_mount', [atFdcwd, pathArgument(from), atFdcwd, pathArgument(to), 0], from, to);
}

/** A copy of the mount (or the tree of mounts) at a path, without a place. Source: open_tree(2), OPEN_TREE_CLONE. */
export function openTreeClone(path: string, isRecursive: boolean): number {
  const flags = 1 | openFlag.cloexec | (isRecursive ? atFlag.recursive : 0);
  return syscall('open_tree', [atFdcwd, pathArgument(path), flags], path);
}

export type AttributeChange = {
  readonly flags?: readonly MountFlag[];
  readonly propagation?: Propagation;
  readonly isRecursive: boolean;
};

/** Adds flags to the mount at a path, or sets its propagation; all or nothing. Source: mount_setattr(2). */
export function mountSetattr(path: string, change: AttributeChange): void {
  setAttributes([atFdcwd, pathArgument(path)], change, path);
}

/** The same of a mount known by descriptor. Source: mount_setattr(2). */
export function mountSetattrFd(fd: number, change: AttributeChange): void {
  setAttributes([fd, ''], change, `fd ${fd}`);
}

/**
 * Lets the owners of the files of a mount without a place, given by descriptor, appear as a user namespace maps them.
 * Source: mount_setattr(2), MOUNT_ATTR_IDMAP.
 * @throws SyscallError EINVAL the file system cannot do that; EPERM the mount is mapped already
 */
export function mapMountOwners(fd: number, userNamespace: number, isRecursive: boolean): void {
  const structure = Buffer.alloc(32);
  structure.writeBigUInt64LE(BigInt(mountAttribute.idmap), 0);
  structure.writeBigUInt64LE(BigInt(userNamespace), 24);
  const flags = atFlag.emptyPath | (isRecursive ? atFlag.recursive : 0);
  syscall('mount_setattr', [fd, '', flags, structure, structure.length], `fd ${fd}`);
}

function setAttributes(
  at: readonly [number, string | Uint8Array],
  change: AttributeChange,
  path: string,
): void {
  const { set, clear } = attributes(change.flags ?? []);
  const structure = Buffer.alloc(32);
  structure.writeBigUInt64LE(BigInt(set), 0);
  structure.writeBigUInt64LE(BigInt(clear), 8);
  structure.writeBigUInt64LE(
    BigInt(change.propagation === undefined ? 0 : mountFlagBits[change.propagation]),
    16,
  );
  const flags = atFlag.emptyPath | (change.isRecursive ? atFlag.recursive : 0);
  syscall('mount_setattr', [...at, flags, structure, structure.length], path);
}

function attributes(flags: readonly MountFlag[]): { readonly set: number; readonly clear: number } {
  let [set, clear] = [0, 0];
  for (const flag of flags) {
    // Access time modes are values of one field, which must be cleared to be set; relatime is the value 0.
    if (flag === 'noatime' || flag === 'relatime') clear |= mountAttribute.atimeMask;
    if (flag !== 'relatime') set |= mountAttribute[flag];
  }
  return { set, clear };
}

/** MS_* bits of flags. Source: mount(2). */
export function mountBits(flags: readonly MountFlag[]): number {
  return flags.reduce((bits, flag) => bits | mountFlagBits[flag], 0);
}
