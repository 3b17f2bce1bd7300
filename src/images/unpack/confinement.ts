/**
 * Gives this thread a root directory of its own, so that no path of an archive can mean anything outside the layer, even
 * if every check before it is wrong. Only for threads that do nothing else.
 *
 *   a copy of the mount, without a place, that follows no link and opens no device ─▶ root and current directory of the thread
 *
 * Source: unshare(2) CLONE_FS, chroot(2); open_tree(2) OPEN_TREE_CLONE and mount_setattr(2), since Linux 5.12.
 */
import { type BigIntStats, closeSync, statSync } from 'node:fs';
import { errnoOf, internal } from '../../base/errors.ts';
import { chdir, chroot, fchdir, umask, unshareFs } from '../../kernel/calls/attribute-calls.ts';
import { openat } from '../../kernel/calls/file-calls.ts';
import { atFdcwd, openFlag } from '../../kernel/linux-constants.ts';
import { mountSetattrFd, openTreeClone } from '../../kernel/calls/mount-calls.ts';

export class Confinement {
  /** Parts this thread's root from the process's. Once for each thread. */
  constructor() {
    unshareFs();
    umask(0);
  }

  /** Runs with `directory` as root and current directory. */
  async inside<T>(directory: string, work: () => Promise<T>): Promise<T> {
    const layer = statSync(directory, { bigint: true });
    // For this job only: nobody would close it for a thread that has ended.
    const hostRoot = openat(atFdcwd, '/', { flags: openFlag.path | openFlag.directory });
    let mount: number | null = null;
    try {
      mount = lockedMount(directory);
      enter(mount, directory);
      checkInside(layer);
      return await work();
    } finally {
      fchdir(hostRoot);
      chroot('.');
      closeSync(hostRoot);
      if (mount !== null) closeSync(mount);
    }
  }
}

/** Null where the kernel has no mounts without a place: there the root alone must do. */
function lockedMount(directory: string): number | null {
  let mount: number;
  try {
    mount = openTreeClone(directory, false);
  } catch (error) {
    if (errnoOf(error) === 'ENOSYS' || errnoOf(error) === 'EPERM') return null;
    throw error;
  }
  try {
    mountSetattrFd(mount, { flags: ['nosuid', 'nodev', 'noexec', 'nosymfollow'], isRecursive: false });
    return mount;
  } catch (error) {
    closeSync(mount);
    if (errnoOf(error) === 'ENOSYS' || errnoOf(error) === 'EINVAL') return null;
    throw error;
  }
}

function enter(mount: number | null, directory: string): void {
  if (mount === null) {
    chroot(directory);
    chdir('/');
    return;
  }
  fchdir(mount);
  chroot('.');
}

/** Before the first byte of an archive is written: are root and current directory really the layer? */
function checkInside(layer: BigIntStats): void {
  for (const path of ['/', '.', '/..']) {
    const { dev, ino } = statSync(path, { bigint: true });
    if (dev !== layer.dev || ino !== layer.ino)
      throw internal('NotConfined', `unpack layer: "${path}" is not the layer's directory`);
  }
}
