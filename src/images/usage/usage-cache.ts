/**
 * How much of the disk directories take, by walking them; the answer is kept for a while, and a walk goes on in the
 * background while the old answer is given.
 */
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../base/errors.ts';

export type Usage = { readonly usedBytes: bigint; readonly inodes: bigint };

const keepMs = 30_000;
const maxEntries = 2_000_000;
const sectorBytes = 512;

/** Remembers the usage of a set of directories. */
export class UsageCache {
  readonly #directories: () => readonly string[];
  #usage: Usage | null = null;
  #takenAtMs = 0;
  #walk: Promise<Usage> | null = null;

  constructor(directories: () => readonly string[]) {
    this.#directories = directories;
  }

  /** Waits only for the very first walk. */
  async get(): Promise<Usage> {
    const isOld = this.#usage === null || performance.now() - this.#takenAtMs > keepMs;
    if (isOld) this.#walk ??= this.#refresh();
    return this.#usage ?? (await (this.#walk ?? this.#refresh()));
  }

  async #refresh(): Promise<Usage> {
    try {
      this.#usage = await measure(this.#directories());
      this.#takenAtMs = performance.now();
      return this.#usage;
    } finally {
      this.#walk = null;
    }
  }
}

/** Bytes and inodes below directories; what vanishes meanwhile counts as gone. */
export async function measure(directories: readonly string[]): Promise<Usage> {
  let usedBytes = 0n;
  let inodes = 0n;
  const pending = [...directories];
  for (let path = pending.pop(); path !== undefined && inodes < maxEntries; path = pending.pop()) {
    try {
      const own = await lstat(path);
      usedBytes += BigInt(own.blocks) * BigInt(sectorBytes);
      inodes += 1n;
      if (!own.isDirectory()) continue;
      for await (const entry of await opendir(path)) pending.push(join(path, entry.name));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
    }
  }
  return { usedBytes, inodes };
}
