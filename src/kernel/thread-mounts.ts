/**
 * Mounts, as the kernel thread makes them: the new mount API, and mount(2) where that is missing. Each function leaves
 * nothing behind when it fails. Waiting for a busy mount stands in `mount-handle.ts`: this thread never sleeps.
 */
import { readFileSync } from 'node:fs';
import { errnoOf } from '../base/errors.ts';
import { chdir } from './attribute-calls.ts';
import { close, openat } from './file-calls.ts';
import type { BindRequest, MountFlag, MountRequest, OverlayRequest, Propagation } from './kernel.ts';
import { atFdcwd, mountFlagBits, openFlag } from './linux-constants.ts';
import * as calls from './mount-calls.ts';
import { mountsBelow, parseMountinfo } from './mountinfo.ts';

/** What this kernel can do, found by trying. */
export type MountApi = { readonly hasOverlayMountApi: boolean; readonly hasMountSetattr: boolean };

/** Runs `act` with descriptors of paths (O_PATH), which are closed afterwards. */
function withPaths<T>(paths: readonly string[], act: (fds: readonly number[]) => T): T {
  const fds: number[] = [];
  try {
    for (const path of paths) fds.push(openat(atFdcwd, path, { flags: openFlag.path | openFlag.directory }));
    return act(fds);
  } finally {
    for (const fd of fds) close(fd);
  }
}

function withFd<T>(fd: number, act: (fd: number) => T): T {
  try {
    return act(fd);
  } finally {
    close(fd);
  }
}

/** Source: mount(2). */
export function mountFileSystem(request: MountRequest): null {
  const { source, target, type, flags, data } = request;
  const what = { source, target, type, flags: calls.mountBits(flags) };
  calls.mount(data === undefined ? what : { ...what, data });
  return null;
}

/** A bind mount that appears with its flags already set, where the kernel can do that. */
export function bindMount(api: MountApi, request: BindRequest): null {
  const { source, target, isRecursive, flags } = request;
  if (!api.hasMountSetattr) return bindByOldCalls(request);
  return withFd(calls.openTreeClone(source, isRecursive), (tree) => {
    if (flags.length > 0) calls.mountSetattrFd(tree, { flags, isRecursive });
    calls.moveMountFd(tree, target);
    return null;
  });
}

function bindByOldCalls({ source, target, isRecursive, flags }: BindRequest): null {
  const recursive = isRecursive ? mountFlagBits.recursive : 0;
  calls.mount({ source, target, flags: mountFlagBits.bind | recursive });
  try {
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

/** Overlay of any number of layers. One layer without a writable directory is a read-only bind mount: overlay wants two. */
export function mountOverlay(api: MountApi, request: OverlayRequest): null {
  const [only, second] = request.lowerDirs;
  if (only !== undefined && second === undefined && request.writable === undefined) {
    const flags: readonly MountFlag[] = [...request.flags, 'ro'];
    return bindMount(api, { source: only, target: request.target, isRecursive: false, flags });
  }
  return api.hasOverlayMountApi ? overlayByContext(request) : overlayByMount(request);
}

/** Longer values and those with a character that overlay splits at are given by descriptor. Source: fsconfig(2). */
function isPlain(path: string): boolean {
  return Buffer.byteLength(path) <= 255 && !/[\\:,]/.test(path);
}

function overlayByContext(request: OverlayRequest): null {
  const { lowerDirs, writable, target, flags } = request;
  const above = writable === undefined ? [] : [writable.upperDir, writable.workDir];
  return withPaths(
    [...lowerDirs, ...above].filter((path) => !isPlain(path)),
    (fds) => {
      let used = 0;
      const name = (path: string): string => (isPlain(path) ? path : `/proc/thread-self/fd/${fds[used++]}`);
      return withFd(calls.fsopen('overlay'), (context) => {
        calls.fsconfigString(context, 'source', 'overlay');
        for (const path of lowerDirs) calls.fsconfigString(context, 'lowerdir+', name(path));
        if (writable !== undefined) {
          calls.fsconfigString(context, 'upperdir', name(writable.upperDir));
          calls.fsconfigString(context, 'workdir', name(writable.workDir));
        }
        calls.fsconfigCreate(context);
        return withFd(calls.fsmount(context, flags), (mount) => {
          calls.moveMountFd(mount, target);
          return null;
        });
      });
    },
  );
}

/** mount(2) takes one page of options. Source: mount(2), data. */
const maxDataBytes = 4095;

function overlayByMount(request: OverlayRequest): null {
  const { lowerDirs, writable, target, flags } = request;
  const above = writable === undefined ? [] : [writable.upperDir, writable.workDir];
  const paths = [...lowerDirs, ...above];
  const data = overlayData(paths, lowerDirs.length);
  const what = { source: 'overlay', target, type: 'overlay', flags: calls.mountBits(flags) };
  if (paths.every(isPlain) && Buffer.byteLength(data) <= maxDataBytes) {
    calls.mount({ ...what, data });
    return null;
  }
  // Too long: from inside /proc/thread-self/fd each layer has a name of two or three digits.
  return withPaths(paths, (fds) => {
    chdir('/proc/thread-self/fd');
    try {
      calls.mount({ ...what, data: overlayData(fds.map(String), lowerDirs.length) });
      return null;
    } finally {
      chdir('/');
    }
  });
}

function overlayData(paths: readonly string[], lowerCount: number): string {
  const lower = `lowerdir=${paths.slice(0, lowerCount).join(':')}`;
  const [upper, work] = paths.slice(lowerCount);
  return upper === undefined || work === undefined ? lower : `${lower},upperdir=${upper},workdir=${work}`;
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
