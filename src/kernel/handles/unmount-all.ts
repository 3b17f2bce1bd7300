/**
 * Empties a place of whatever is mounted there, stacked mounts included.
 */
import type { AbsolutePath } from '../../base/ids.ts';
import { errnoOf, SyscallError } from '../../base/errors.ts';
import { mountsBelow, readMounts } from '../mountinfo.ts';
import { type UnmountOnce, unmountPatiently } from './mount-handle.ts';

const maxStackedMounts = 256;

/** @throws SyscallError EBUSY: more mounts than anybody stacks */
export async function unmountAll(target: AbsolutePath, unmountOnce: UnmountOnce): Promise<void> {
  for (let count = 0; count < maxStackedMounts; count += 1) {
    try {
      if (!(await unmountOnce(target, false))) return;
    } catch (error) {
      if (errnoOf(error) !== 'EBUSY') throw error;
      await unmountBusy(target, unmountOnce);
    }
  }
  throw new SyscallError({ call: 'umount2', errno: 'EBUSY', paths: [target] });
}

/** Busy: by mounts below it, which go first, or by an open file, which is waited for. */
async function unmountBusy(target: AbsolutePath, unmountOnce: UnmountOnce): Promise<void> {
  const below = mountsBelow(await readMounts(), target);
  // Known there by another name (a link in the path): then only waiting and detaching is left.
  if (below.length === 0) await unmountPatiently(target, unmountOnce);
  for (const mount of below) await unmountPatiently(mount.target, unmountOnce);
}

/** Takes them out of the tree at once, whoever uses them. */
export async function detachAll(target: AbsolutePath, unmountOnce: UnmountOnce): Promise<void> {
  for (let count = 0; count < maxStackedMounts; count += 1) if (!(await unmountOnce(target, true))) return;
}
