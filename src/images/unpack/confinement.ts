/**
 * Gives this thread a root directory of its own, so that no path of an archive can mean anything outside the layer, even
 * if a check is wrong. Only for threads that do nothing else.
 * Source: unshare(2) CLONE_FS, chroot(2).
 */
import { type BigIntStats, closeSync, statSync } from 'node:fs';
import { internal } from '../../base/errors.ts';
import { chdir, chroot, fchdir, umask, unshareFs } from '../../kernel/attribute-calls.ts';
import { openat } from '../../kernel/file-calls.ts';
import { atFdcwd, openFlag } from '../../kernel/linux-constants.ts';

export class Confinement implements Disposable {
  readonly #hostRoot: number;

  /** Parts this thread's root from the process's. Once for each thread. */
  constructor() {
    unshareFs();
    umask(0);
    this.#hostRoot = openat(atFdcwd, '/', { flags: openFlag.path | openFlag.directory });
  }

  /** Runs with `directory` as root and current directory. */
  async inside<T>(directory: string, work: () => Promise<T>): Promise<T> {
    const layer = statSync(directory, { bigint: true });
    chroot(directory);
    chdir('/');
    try {
      checkInside(layer);
      return await work();
    } finally {
      fchdir(this.#hostRoot);
      chroot('.');
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#hostRoot);
  }
}

/** Before the first byte of an archive is written: are root and current directory really the layer? */
function checkInside(layer: BigIntStats): void {
  for (const path of ['/', '.', '/..']) {
    const { dev, ino } = statSync(path, { bigint: true });
    if (dev !== layer.dev || ino !== layer.ino)
      throw internal('NotConfined', `unpack layer: "${path}" is not the layer's directory`);
  }
}
