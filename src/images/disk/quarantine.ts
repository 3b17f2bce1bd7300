/**
 * What was set aside as damaged, so that somebody can look at it: whole layers for a day, then their records only, and no
 * more than so many entries. Else it would fill the disk, and nobody would be asked to make room of it.
 *
 *   quarantine/MS-HEX.json      the record of an image
 *   quarantine/MS-layer-HEX/    a layer
 */
import { readdir, rename, rm } from 'node:fs/promises';
import { type AbsolutePath, joinPath } from '../../base/ids.ts';
import { recordName } from './layer-record.ts';
import type { Layout } from './layout.ts';

export type QuarantineLimits = { readonly layerMs: number; readonly entries: number };

const defaultLimits: QuarantineLimits = { layerMs: 86_400_000, entries: 100 };

const entryForm = /^([0-9]+)-(?:layer-([0-9a-f]{64,128})$)?/;

export class Quarantine {
  readonly #layout: Layout;
  readonly #limits: QuarantineLimits;

  constructor(layout: Layout, limits: QuarantineLimits = defaultLimits) {
    this.#layout = layout;
    this.#limits = limits;
  }

  async takeLayer(path: AbsolutePath, hex: string): Promise<void> {
    await rename(path, joinPath(this.#layout.quarantine, `${Date.now()}-layer-${hex}`));
  }

  /** Removes what is old or too much; the files of a layer not while `isUsed`: a container may have them mounted. */
  async trim(isUsed: (hex: string) => boolean): Promise<void> {
    const entries = (await readdir(this.#layout.quarantine)).flatMap((name) => {
      const [isOurs, takenAtMs, hex = null] = entryForm.exec(name) ?? [];
      const path = joinPath(this.#layout.quarantine, name);
      return isOurs === undefined ? [] : [{ path, takenAtMs: Number(takenAtMs), hex }];
    });
    entries.sort((one, other) => other.takenAtMs - one.takenAtMs);
    for (const [at, { path, takenAtMs, hex }] of entries.entries()) {
      if (hex !== null && isUsed(hex)) continue;
      if (at >= this.#limits.entries) await rm(path, { recursive: true, force: true });
      else if (hex !== null && Date.now() - takenAtMs > this.#limits.layerMs) await this.#reduce(path);
    }
  }

  /** To what says which layer it was. */
  async #reduce(path: AbsolutePath): Promise<void> {
    for (const name of await readdir(path))
      if (name !== recordName) await rm(joinPath(path, name), { recursive: true, force: true });
  }
}
