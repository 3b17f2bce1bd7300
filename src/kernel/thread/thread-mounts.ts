/**
 * Mounts, as the kernel thread makes them: the new mount API, and mount(2) where that is missing. Each function leaves
 * nothing behind when it fails. Waiting for a busy mount stands in `mount-handle.ts`: this thread never sleeps.
 */
import { readFileSync } from 'node:fs';
import { errnoOf, SyscallError } from '../../base/errors.ts';
import { openat } from '../calls/file-calls.ts';
import type { BindRequest, MountFlag, MountRequest, Propagation } from '../contract/mounts.ts';
import { atFdcwd, mountFlagBits, openFlag } from '../linux-constants.ts';
import * as calls from '../calls/mount-calls.ts';
import { withFd } from './thread-descriptors.ts';
import { mountsBelow, parseMountinfo } from '../mountinfo.ts';

/** What this kernel can do, found by trying. */
export type MountApi = { readonly hasOverlayMountApi: boolean; readonly hasMountSetattr: boolean };

/** Source: mount(2). */
export function mountFileSystem(request: MountRequest): null {
  const { source, target, type, flags, data } = request;
  const what = { source, target, type, flags: calls.mountBits(flags) };
  calls.mount(data === undefined ? what : { ...what, data });
  return null;
}

/** A bind mount that appears with its flags already set, where the kernel can do that. */
export function bindMount(api: MountApi, request: BindRequest): null {
  const { source, target, isRecursive, flags, idMap, propagation } = request;
  if (!api.hasMountSetattr) return bindByOldCalls(request);
  return withFd(calls.openTreeClone(source, isRecursive), (tree) => {
    if (idMap !== undefined) mapOwners(tree, idMap, { source, isRecursive });
    if (propagation !== undefined) calls.mountSetattrFd(tree, { propagation, isRecursive });
    if (flags.length > 0) calls.mountSetattrFd(tree, { flags, isRecursive });
    calls.moveMountFd(tree, target);
    return null;
  });
}

/** Maps the owners of a tree of mounts without a place, or of its topmost mount alone when one below cannot be mapped. */
export function mapOwners(
  tree: number,
  userNamespace: string,
  { source, isRecursive }: { readonly source: string; readonly isRecursive: boolean },
): void {
  withFd(openat(atFdcwd, userNamespace, { flags: openFlag.readOnly }), (namespace) => {
    try {
      calls.mapMountOwners(tree, namespace, isRecursive);
    } catch (error) {
      if (isRecursive && tryMapping(tree, namespace)) return;
      const { errno } = error instanceof SyscallError ? error : { errno: 'EIO' };
      throw new SyscallError({ call: 'mount_setattr', errno, paths: [source] });
    }
  });
}

function tryMapping(tree: number, namespace: number): boolean {
  try {
    calls.mapMountOwners(tree, namespace, false);
    return true;
  } catch {
    // The failure of the whole tree is what is told.
    return false;
  }
}

function bindByOldCalls({ source, target, isRecursive, flags, idMap, propagation }: BindRequest): null {
  if (idMap !== undefined) throw noIdMaps(source);
  const recursive = isRecursive ? mountFlagBits.recursive : 0;
  calls.mount({ source, target, flags: mountFlagBits.bind | recursive });
  try {
    if (propagation !== undefined) setPropagation({ target, propagation, isRecursive });
    if (flags.length > 0) remount(target, flags, isRecursive);
    return null;
  } catch (error) {
    calls.umount2(target, true);
    throw error;
  }
}

/** Adds flags to the mount at a path, or to all at and below it. */
export function setMountFlags(
  api: MountApi,
  order: { readonly target: string; readonly flags: readonly MountFlag[]; readonly isRecursive: boolean },
): null {
  const { target, flags, isRecursive } = order;
  if (api.hasMountSetattr) calls.mountSetattr(target, { flags, isRecursive });
  else remount(target, flags, isRecursive);
  return null;
}

/** The old way: a remount sets all flags of a mount at once, so those that it has are read first. */
function remount(target: string, flags: readonly MountFlag[], isRecursive: boolean): void {
  const mounts = parseMountinfo(readFileSync('/proc/thread-self/mountinfo', 'utf8'));
  const chosen = mountsBelow(mounts, target).filter((mount) => isRecursive || mount.target === target);
  const atimeModes: readonly string[] = ['noatime', 'relatime'];
  const isAtimeGiven = flags.some((flag) => atimeModes.includes(flag));
  for (const mount of chosen) {
    const kept = knownFlags(mount.options).filter((flag) => !isAtimeGiven || !atimeModes.includes(flag));
    const bits = calls.mountBits([...new Set([...kept, ...flags])]);
    calls.mount({
      source: '',
      target: mount.target,
      flags: bits | mountFlagBits.bind | mountFlagBits.remount,
    });
  }
}

const allFlags: readonly MountFlag[] = [
  'ro',
  'nosuid',
  'nodev',
  'noexec',
  'nosymfollow',
  'noatime',
  'relatime',
];

function knownFlags(options: readonly string[]): readonly MountFlag[] {
  return allFlags.filter((flag) => options.includes(flag));
}

/** Source: mount(2), MS_SHARED and its kin. */
export function setPropagation(order: {
  readonly target: string;
  readonly propagation: Propagation;
  readonly isRecursive: boolean;
}): null {
  const recursive = order.isRecursive ? mountFlagBits.recursive : 0;
  calls.mount({ source: '', target: order.target, flags: mountFlagBits[order.propagation] | recursive });
  return null;
}

/** Source: move_mount(2); mount(2), MS_MOVE. */
export function moveMount(api: MountApi, order: { readonly from: string; readonly to: string }): null {
  if (api.hasMountSetattr) calls.moveMountPath(order.from, order.to);
  else calls.mount({ source: order.from, target: order.to, flags: mountFlagBits.move });
  return null;
}

/** Unmounts the topmost mount at a path. @returns false when nothing is mounted there. @throws SyscallError EBUSY */
export function unmountOnce(order: { readonly target: string; readonly isDetached: boolean }): boolean {
  try {
    calls.umount2(order.target, order.isDetached);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EINVAL' || errno === 'ENOENT' || errno === 'ENOTDIR') return false;
    throw error;
  }
}

/** Finds out what this kernel can do, by calls that change nothing. */
export function detectMountApi(): MountApi {
  return { hasOverlayMountApi: canConfigureLayers(), hasMountSetattr: canSetAttributes() };
}

/** Where the kernel knows the option it looks the path up at once. */
function canConfigureLayers(): boolean {
  try {
    return withFd(calls.fsopen('overlay'), (context) => {
      calls.fsconfigString(context, 'lowerdir+', '/dev/null/none');
      // Before Linux 6.5 overlay takes any option and refuses it when the mount is made.
      return false;
    });
  } catch (error) {
    // ENOSYS before Linux 5.2, ENODEV without overlay, EINVAL before Linux 6.7: all mean no.
    return errnoOf(error) === 'ENOTDIR';
  }
}

function canSetAttributes(): boolean {
  try {
    calls.mountSetattrFd(-1, { flags: [], isRecursive: false });
    return true;
  } catch (error) {
    // An empty change is no error even for a bad descriptor on some kernels; only ENOSYS means that the call is missing.
    return errnoOf(error) !== 'ENOSYS';
  }
}

/** What is thrown where the kernel has no id-mapped mounts at all. */
export function noIdMaps(path: string): SyscallError {
  return new SyscallError({ call: 'mount_setattr', errno: 'ENOSYS', paths: [path] });
}
