/**
 * Looks into unpacked layers as overlayfs would: through directories only, never through a link. Paths are latin1 text
 * without a leading slash.
 */
import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { errnoOf } from '../../base/errors.ts';
import type { LayerRecord } from '../disk/layer-record.ts';
import type { Layout } from '../disk/layout.ts';

/** One layer with what is asked of it often. */
export type LayerView = {
  readonly diff: string;
  readonly implied: ReadonlySet<string>;
  readonly opaque: ReadonlySet<string>;
};

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

export function layerView(layout: Layout, layer: LayerRecord): LayerView {
  return {
    diff: layout.layerDiff(layer.diffId),
    implied: new Set(layer.impliedDirectories),
    opaque: new Set(layer.opaqueDirectories),
  };
}

/** What one layer has at a path. */
export async function look(view: LayerView, path: string): Promise<Sight> {
  const parts = path.split('/');
  let isOpaque = view.opaque.has('');
  for (let count = 1; count <= parts.length; count += 1) {
    const at = parts.slice(0, count).join('/');
    const stats = await statOf(view, at);
    if (stats === null) return { kind: isOpaque ? 'hidden' : 'absent' };
    const isTarget = count === parts.length;
    if (stats.isCharacterDevice() && stats.rdev === 0) return { kind: 'hidden' };
    if (!stats.isDirectory()) return isTarget ? found(stats, false, true) : { kind: 'hidden' };
    isOpaque ||= view.opaque.has(at);
    if (isTarget) return found(stats, view.implied.has(at), isOpaque);
  }
  return { kind: 'absent' };
}

/** A path of a layer as the file system takes it: its bytes. */
export function layerPath(diff: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${diff}/`), Buffer.from(path, 'latin1')]);
}

function found(stats: Stats, isImplied: boolean, isLast: boolean): Sight {
  return { kind: 'found', stats, isImplied, isLast };
}

async function statOf(view: LayerView, path: string): Promise<Stats | null> {
  try {
    return await lstat(layerPath(view.diff, path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
