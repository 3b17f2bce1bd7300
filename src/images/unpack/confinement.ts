/**
 * Gives this thread a root directory of its own, so that no path of an archive can mean anything outside the layer, even
 * if a check is wrong. Only for threads that do nothing else.
 * Source: unshare(2) CLONE_FS, chroot(2).
 */
import { closeSync } from 'node:fs';
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
    chroot(directory);
    chdir('/');
    try {
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
