/**
 * Looks into an unpacked layer as overlayfs would: through directories only, never through a link. Paths are latin1 text
 * without a leading slash. What is known of directories is kept, so that many paths below one cost one look at it.
 */
import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { errnoOf } from '../../base/errors.ts';
import type { LayerRecord } from '../disk/layer-record.ts';
import type { Layout } from '../disk/layout.ts';
import { parentOf, refuse } from '../unpack/entry-path.ts';

export type Sight =
  /** The layer says nothing of the path; lower layers do. */
  | { readonly kind: 'absent' }
  /** The layer hides what lower layers have of it. */
  | { readonly kind: 'hidden' }
  | {
      readonly kind: 'found';
      readonly stats: Stats;
      /** A directory that the archive did not describe. */
      readonly isImplied: boolean;
      /** Lower layers do not shine through. */
      readonly isLast: boolean;
    };

const absent: Sight = { kind: 'absent' };
const hidden: Sight = { kind: 'hidden' };
const mostKnownBytes = 32 * 1024 * 1024;
const nameBytes = 80;
const statsBytes = 600;

/** What is known of directories of all layers of one image; when that is too much, it is forgotten. */
export class KnownSights {
  readonly #most: number;
  readonly #layers: Map<string, Sight>[] = [];
  #bytes = 0;

  /** `most`: bytes. */
  constructor(most = mostKnownBytes) {
    this.#most = most;
  }

  /** For one layer more. */
  add(): Map<string, Sight> {
    const known = new Map<string, Sight>();
    this.#layers.push(known);
    return known;
  }

  note(known: Map<string, Sight>, path: string, sight: Sight): void {
    this.#bytes += path.length + nameBytes + (sight.kind === 'found' ? statsBytes : 0);
    if (this.#bytes > this.#most) this.#forget();
    known.set(path, sight);
  }

  #forget(): void {
    for (const known of this.#layers) known.clear();
    this.#bytes = 0;
  }
}

export class LayerView {
  readonly diff: string;
  readonly implied: ReadonlySet<string>;
  readonly opaque: ReadonlySet<string>;
  /** Opaque directories whose own name the layer removes. */
  readonly replacing: ReadonlySet<string>;
  readonly foreignLinks: LayerRecord['foreignLinks'];
  readonly foreignLinkNames: ReadonlySet<string>;
  readonly #sights: KnownSights;
  readonly #known: Map<string, Sight>;

  constructor(layout: Layout, layer: LayerRecord, sights: KnownSights) {
    this.#sights = sights;
    this.#known = sights.add();
    this.diff = layout.layerDiff(layer.diffId);
    this.implied = new Set(layer.impliedDirectories);
    this.opaque = new Set(layer.opaqueDirectories);
    this.replacing = new Set(layer.replacingDirectories);
    this.foreignLinks = layer.foreignLinks;
    this.foreignLinkNames = new Set(layer.foreignLinks.map(({ path }) => path));
  }

  /** The archive hides all that lower layers have, which overlayfs does not look for at a layer's root. */
  get isRootOpaque(): boolean {
    return this.opaque.has('');
  }

  /** The layer hides whatever lower ones have under this very name. */
  hidesLower(path: string): boolean {
    if (this.opaque.size === 0) return false;
    if (this.isRootOpaque || this.replacing.has(path)) return true;
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) if (this.opaque.has(at)) return true;
    return false;
  }

  /** What is known without a look at the disk; null: nothing. */
  lookUp(path: string): Sight | null {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    if (path === '') return null;
    const above = this.#known.get(parentOf(path));
    return above === undefined ? null : whatIsBelow(above);
  }

  /** What the layer has at a path. @throws InvalidImage for a path that the store cannot hold */
  async look(path: string): Promise<Sight> {
    const sight = await this.#lookAtDisk(path);
    // Many layers ask of the same directories.
    if (sight.kind === 'found' && sight.stats.isDirectory()) this.#note(path, sight);
    return sight;
  }

  async #lookAtDisk(path: string): Promise<Sight> {
    const above = path === '' ? null : await this.#lookAtDirectory(parentOf(path));
    const below = above === null ? null : whatIsBelow(above);
    if (below !== null) return below;
    const isOpaque = above?.kind === 'found' && above.isLast;
    const stats = await statOf(this.diff, path);
    if (stats === null) return isOpaque ? hidden : absent;
    if (stats.isCharacterDevice() && stats.rdev === 0) return hidden;
    if (!stats.isDirectory()) return { kind: 'found', stats, isImplied: false, isLast: true };
    const isLast = isOpaque || (path !== '' && this.opaque.has(path));
    return { kind: 'found', stats, isImplied: this.implied.has(path), isLast };
  }

  async #lookAtDirectory(path: string): Promise<Sight> {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const sight = await this.look(path);
    this.#note(path, sight);
    return sight;
  }

  #note(path: string, sight: Sight): void {
    if (!this.#known.has(path)) this.#sights.note(this.#known, path, sight);
  }
}

/** Null where a directory stands, whose content has to be looked at. */
function whatIsBelow(above: Sight): Sight | null {
  if (above.kind !== 'found') return above;
  return above.stats.isDirectory() ? null : hidden;
}

/** A path of a layer as the file system takes it: its bytes. */
export function layerPath(diff: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${diff}/`), Buffer.from(path, 'latin1')]);
}

async function statOf(diff: string, path: string): Promise<Stats | null> {
  try {
    return await lstat(layerPath(diff, path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    if (errnoOf(error) === 'ENAMETOOLONG') refuse(path, 'has a path too long for the store');
    throw error;
  }
}
