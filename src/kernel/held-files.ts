/**
 * Files of cgroups that are read again and again, kept open: that halves the cost of a reading. An open file keeps no cgroup
 * alive, and reads as absent when its cgroup is gone. At most so many are kept; others are opened for each reading.
 */
import { closeSync } from 'node:fs';
import { openKernelFile, readKernelFd } from './kernel-files.ts';

const defaultLimit = 16_384;

export class HeldFiles implements Disposable {
  readonly #limit: number;
  readonly #held = new Map<string, Map<string, number>>();
  #count = 0;

  constructor(limit = defaultLimit) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#count;
  }

  /** Reads a file for `owner`, who gives all of its files back at once. @returns null: absent. @throws SyscallError */
  read(owner: string, path: string): string | null {
    const held = this.#held.get(owner)?.get(path);
    if (held !== undefined) return readKernelFd(held, path);
    const fd = openKernelFile(path);
    if (fd === null) return null;
    const isKept = this.#count < this.#limit;
    if (isKept) this.#keep(owner, path, fd);
    try {
      return readKernelFd(fd, path);
    } finally {
      if (!isKept) closeSync(fd);
    }
  }

  release(owner: string): void {
    const files = this.#held.get(owner);
    if (files === undefined) return;
    this.#held.delete(owner);
    this.#count -= files.size;
    for (const fd of files.values()) closeSync(fd);
  }

  #keep(owner: string, path: string, fd: number): void {
    const files = this.#held.get(owner) ?? new Map<string, number>();
    this.#held.set(owner, files.set(path, fd));
    this.#count += 1;
  }

  [Symbol.dispose](): void {
    for (const owner of this.#held.keys()) this.release(owner);
  }
}
