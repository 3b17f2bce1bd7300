/**
 * Files of cgroups that are read again and again, kept open: that divides the cost of a reading by five. An open file keeps
 * no cgroup alive, and reads as absent when its cgroup is gone. At most so many are kept; others are opened for each reading.
 * What was absent is not looked for again for a while: to be told so by the kernel costs more than to read.
 */
import { closeSync } from 'node:fs';
import { openKernelFile, readKernelFd } from './kernel-files.ts';

const defaultLimit = 16_384;
const absenceMs = 30_000;

type Held = { readonly path: string; readonly fd: number } | { readonly absentUntilMs: number };

export class HeldFiles implements Disposable {
  readonly #limit: number;
  readonly #held = new Map<string, Map<string, Held>>();
  #count = 0;

  constructor(limit = defaultLimit) {
    this.#limit = limit;
  }

  /** Open files. */
  get count(): number {
    return this.#count;
  }

  /**
   * Reads a file for `owner`, who gives all of its files back at once. The name tells the owner's files apart.
   * @returns null: absent. @throws SyscallError
   */
  read(owner: string, name: string, pathOf: () => string): string | null {
    const held = this.#held.get(owner)?.get(name);
    if (held === undefined) return this.#open(owner, name, pathOf());
    if ('fd' in held) return readKernelFd(held.fd, held.path);
    return performance.now() < held.absentUntilMs ? null : this.#open(owner, name, pathOf());
  }

  release(owner: string): void {
    const files = this.#held.get(owner);
    if (files === undefined) return;
    this.#held.delete(owner);
    for (const held of files.values()) {
      if (!('fd' in held)) continue;
      this.#count -= 1;
      closeSync(held.fd);
    }
  }

  [Symbol.dispose](): void {
    for (const owner of this.#held.keys()) this.release(owner);
  }

  #open(owner: string, name: string, path: string): string | null {
    const fd = openKernelFile(path);
    if (fd === null) {
      this.#keep(owner, name, { absentUntilMs: performance.now() + absenceMs });
      return null;
    }
    const isKept = this.#count < this.#limit;
    if (isKept) {
      this.#keep(owner, name, { path, fd });
      this.#count += 1;
    }
    try {
      return readKernelFd(fd, path);
    } finally {
      if (!isKept) closeSync(fd);
    }
  }

  #keep(owner: string, name: string, held: Held): void {
    const files = this.#held.get(owner) ?? new Map<string, Held>();
    this.#held.set(owner, files.set(name, held));
  }
}
