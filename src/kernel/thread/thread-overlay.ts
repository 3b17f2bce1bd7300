/**
 * Overlays, as the kernel thread makes them: by the new mount API, by mount(2) where that is missing, and over layers
 * whose owners are mapped for a user namespace. Each function leaves nothing behind when it fails.
 */
import { joinPath } from '../../base/ids.ts';
import { chdir } from '../calls/attribute-calls.ts';
import { mkdirat } from '../calls/file-calls.ts';
import type { MountFlag, OverlayRequest } from '../contract/mounts.ts';
import { atFdcwd, mountFlagBits } from '../linux-constants.ts';
import * as calls from '../calls/mount-calls.ts';
import { withFd, withPaths } from './thread-descriptors.ts';
import { bindMount, mapOwners, noIdMaps, type MountApi } from './thread-mounts.ts';

/** Overlay of any number of layers. One layer without a writable directory is a read-only bind mount: overlay wants two. */
export function mountOverlay(api: MountApi, request: OverlayRequest): null {
  const [only, second] = request.lowerDirs;
  const { idMap } = request;
  if (only !== undefined && second === undefined && request.writable === undefined) {
    const flags: readonly MountFlag[] = [...request.flags, 'ro'];
    const mapped = idMap === undefined ? {} : { idMap };
    return bindMount(api, { source: only, target: request.target, isRecursive: false, flags, ...mapped });
  }
  if (idMap !== undefined) return mappedOverlay(api, { ...request, idMap });
  return api.hasOverlayMountApi ? overlayByContext(request) : overlayByMount(request);
}

/** Longer values and those with a character that overlay splits at are given by descriptor. Source: fsconfig(2). */
function isPlain(path: string): boolean {
  return Buffer.byteLength(path) <= 255 && !/[\\:,]/.test(path);
}

function overlayByContext(request: OverlayRequest): null {
  return withFd(overlayOf(request), (mount) => {
    calls.moveMountFd(mount, request.target);
    return null;
  });
}

/** An overlay without a place, as a descriptor. */
function overlayOf({ lowerDirs, writable, flags, selinuxLabel }: OverlayRequest): number {
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
        if (selinuxLabel !== undefined) calls.fsconfigString(context, 'context', selinuxLabel);
        calls.fsconfigCreate(context);
        return calls.fsmount(context, flags);
      });
    },
  );
}

/**
 * Layers whose owners appear as a user namespace maps them. An overlay takes its layers from mounts that have a place, and
 * keeps its own copies of them: so the mapped ones stand on a file system of their own at the target while the overlay is
 * made, and go with it.
 */
function mappedOverlay(api: MountApi, request: OverlayRequest & { readonly idMap: string }): null {
  const { target, lowerDirs, idMap } = request;
  if (!api.hasMountSetattr) throw noIdMaps(target);
  calls.mount({ source: 'layers', target, type: 'tmpfs', flags: 0, data: 'mode=0700' });
  let overlay: number;
  try {
    calls.mount({ source: '', target, flags: mountFlagBits.private });
    lowerDirs.forEach((source, index) => placeMapped(source, `${target}/${index}`, idMap));
    overlay = api.hasOverlayMountApi
      ? overlayOf({ ...request, lowerDirs: lowerDirs.map((_, index) => joinPath(target, String(index))) })
      : overlayInside(target, request);
  } finally {
    calls.umount2(target, true);
  }
  return withFd(overlay, (mount) => {
    calls.moveMountFd(mount, target);
    return null;
  });
}

/** By mount(2), to which layers of names as short as these are known; then it is taken from its place. */
function overlayInside(directory: string, request: OverlayRequest): number {
  const { lowerDirs, writable, flags } = request;
  const place = `${directory}/overlay`;
  mkdirat(atFdcwd, place, 0o700);
  const above = writable === undefined ? [] : [writable.upperDir, writable.workDir];
  return withPaths(above, (fds) => {
    const names = [...lowerDirs.keys().map(String), ...fds.map((fd) => `/proc/thread-self/fd/${fd}`)];
    const data = overlayData(names, lowerDirs.length) + labelData(request);
    insideOf(directory, () =>
      calls.mount({
        source: 'overlay',
        target: place,
        type: 'overlay',
        flags: calls.mountBits(flags),
        data,
      }),
    );
    return calls.openTreeClone(place, false);
  });
}

function placeMapped(source: string, place: string, idMap: string): void {
  mkdirat(atFdcwd, place, 0o700);
  withFd(calls.openTreeClone(source, false), (tree) => {
    mapOwners(tree, idMap, { source, isRecursive: false });
    calls.moveMountFd(tree, place);
  });
}

/** With the directory as the current one, from which short names lead. */
function insideOf<T>(directory: string, act: () => T): T {
  chdir(directory);
  try {
    return act();
  } finally {
    chdir('/');
  }
}

/** mount(2) takes one page of options. Source: mount(2), data. */
const maxDataBytes = 4095;

function overlayByMount(request: OverlayRequest): null {
  const { lowerDirs, writable, target, flags } = request;
  const above = writable === undefined ? [] : [writable.upperDir, writable.workDir];
  const paths = [...lowerDirs, ...above];
  const label = labelData(request);
  const data = overlayData(paths, lowerDirs.length) + label;
  const what = { source: 'overlay', target, type: 'overlay', flags: calls.mountBits(flags) };
  if (paths.every(isPlain) && Buffer.byteLength(data) <= maxDataBytes) {
    calls.mount({ ...what, data });
    return null;
  }
  // Too long: from inside /proc/thread-self/fd each layer has a name of two or three digits.
  return withPaths(paths, (fds) => {
    insideOf('/proc/thread-self/fd', () =>
      calls.mount({ ...what, data: overlayData(fds.map(String), lowerDirs.length) + label }),
    );
    return null;
  });
}

function labelData({ selinuxLabel }: OverlayRequest): string {
  return selinuxLabel === undefined ? '' : `,context="${selinuxLabel}"`;
}

function overlayData(paths: readonly string[], lowerCount: number): string {
  const lower = `lowerdir=${paths.slice(0, lowerCount).join(':')}`;
  const [upper, work] = paths.slice(lowerCount);
  return upper === undefined || work === undefined ? lower : `${lower},upperdir=${upper},workdir=${work}`;
}
