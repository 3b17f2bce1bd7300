/**
 * Finds out, from the lowest layer up, what of each layer truly lies elsewhere, and what its hard links to lower files are
 * names of.
 */
import { badImage } from '../documents/document.ts';
import { baseOf, parentOf } from '../unpack/entry-path.ts';
import { join, mergedAt, type Piece, resolveDirectory, type Stack, StackedLayer } from './layer-stack.ts';
import type { LayerView } from './layer-view.ts';
import { Pace } from './pace.ts';

/** `views`: lowest first. @throws InvalidImage, the signal's reason */
export async function stackLayers(views: readonly LayerView[], signal: AbortSignal): Promise<Stack> {
  const pace = new Pace(signal);
  const stack: StackedLayer[] = [];
  for (const view of views) {
    const layer = new StackedLayer(view);
    if (stack.length > 0) await findShifts(layer, stack, pace);
    await findLinks(layer, stack, pace);
    stack.push(layer);
  }
  return stack;
}

async function findShifts(layer: StackedLayer, below: Stack, pace: Pace): Promise<void> {
  const { implied } = layer.view;
  // Those above come first: what they truly are says where the ones below are.
  for (const path of [...implied].sort((one, other) => one.length - other.length)) {
    await pace.step();
    const place = layer.placeOf(path);
    const there = await mergedAt(below, place, true);
    if (there.kind !== 'file' || !there.piece.stats.isSymbolicLink()) continue;
    const target = await resolveDirectory(below, place);
    if (target !== null) layer.shift(path, target);
  }
}

async function findLinks(layer: StackedLayer, below: Stack, pace: Pace): Promise<void> {
  for (const { path, target } of layer.view.foreignLinks) {
    await pace.step();
    const piece = await fileOf(layer, below, target);
    if (piece === null)
      throw badImage(`layer archive: hard link ${quoted(path)} to ${quoted(target)} leads nowhere`);
    layer.links.set(layer.placeOf(path), piece);
  }
}

/** The layer itself may have it where it is called otherwise. */
async function fileOf(layer: StackedLayer, below: Stack, target: string): Promise<Piece | null> {
  const directory = await resolveDirectory(below, parentOf(target));
  if (directory === null) return null;
  for (const stack of [[layer], below]) {
    const there = await mergedAt(stack, join(directory, baseOf(target)), true);
    if (there.kind === 'file') return there.piece;
  }
  return null;
}

function quoted(path: string): string {
  return JSON.stringify(Buffer.from(path, 'latin1').toString('utf8'));
}
