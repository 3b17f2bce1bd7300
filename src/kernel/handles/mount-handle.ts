/**
 * Unmounting with patience: a mount that is busy is tried again for a bounded time, then detached, so that a file that
 * something still holds open never keeps a pod from being removed.
 */
import { errnoOf } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import { sleepMs } from '../../base/time.ts';
import type { Mount } from '../contract/mounts.ts';

/** One attempt. @returns false when nothing is mounted there. @throws SyscallError EBUSY */
export type UnmountOnce = (target: string, isDetached: boolean) => Promise<boolean>;

/** Together about a second. */
const busyPausesMs = [2, 5, 10, 20, 50, 100, 200, 300, 300] as const;

/** Unmounts the topmost mount at a path. @returns false when nothing is mounted there */
export async function unmountPatiently(target: string, once: UnmountOnce): Promise<boolean> {
  for (const pauseMs of busyPausesMs) {
    try {
      return await once(target, false);
    } catch (error) {
      if (errnoOf(error) !== 'EBUSY') throw error;
    }
    await sleepMs(pauseMs);
  }
  return await once(target, true);
}

export class PathMount implements Mount {
  readonly target: AbsolutePath;
  readonly #once: UnmountOnce;
  #unmounting: Promise<void> | null = null;

  constructor(target: AbsolutePath, once: UnmountOnce) {
    this.target = target;
    this.#once = once;
  }

  /** Again after a success it does nothing (another mount at the path is left alone); again after a failure it tries. */
  async unmount(): Promise<void> {
    this.#unmounting ??= this.#run();
    await this.#unmounting;
  }

  async #run(): Promise<void> {
    try {
      await unmountPatiently(this.target, this.#once);
    } catch (error) {
      this.#unmounting = null;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unmount();
  }
}
