/**
 * Finds out, from the lowest layer up, what of each layer truly lies elsewhere, and what its hard links to lower files are
 * names of.
 */
import { badImage } from '../documents/document.ts';
import { baseOf, parentOf } from '../unpack/entry-path.ts';
import { join, mergedAt, type Piece, resolveDirectory, type Stack, StackedLayer } from './layer-stack.ts';
import type { LayerView } from './layer-view.ts';
import type { Pace } from './pace.ts';

/** What a hard link or a shift takes beside its names. */
const noteBytes = 600;

/** `views`: lowest first. @throws InvalidImage, the signal's reason */
export async function stackLayers(views: readonly LayerView[], pace: Pace): Promise<Stack> {
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
    if (layer.view.hidesLower(path)) continue;
    const place = layer.placeOf(path);
    const there = await mergedAt(below, place, { isTrue: true, pace });
    if (there.kind !== 'file' || !there.piece.stats.isSymbolicLink()) continue;
    const target = await resolveDirectory(below, place, pace);
    if (target === null) continue;
    pace.keep(path.length + target.length + noteBytes);
    layer.shift(path, target);
  }
}

async function findLinks(layer: StackedLayer, below: Stack, pace: Pace): Promise<void> {
  for (const { path, target } of layer.view.foreignLinks) {
    await pace.step();
    const piece = await fileOf([layer, below], target, pace);
    if (piece === null)
      throw badImage(`layer archive: hard link ${quoted(path)} to ${quoted(target)} leads nowhere`);
    const place = layer.placeOf(path);
    pace.keep(place.length + piece.path.length + noteBytes);
    layer.links.set(place, piece);
  }
}

/** The layer itself may have it where it is called otherwise. */
async function fileOf(
  [layer, below]: readonly [StackedLayer, Stack],
  target: string,
  pace: Pace,
): Promise<Piece | null> {
  const directory = await resolveDirectory(below, parentOf(target), pace);
  if (directory === null) return null;
  // What it has under the very name came later: otherwise the unpacking thread would have made the link, or followed it.
  const isLinkItself = layer.view.foreignLinkNames.has(target);
  for (const stack of isLinkItself ? [below] : [[layer], below]) {
    const there = await mergedAt(stack, join(directory, baseOf(target)), { isTrue: true, pace });
    if (there.kind !== 'file') continue;
    const { piece } = there;
    if (piece.view === layer.view && piece.path === target) continue;
    return piece;
  }
  return null;
}

function quoted(path: string): string {
  return JSON.stringify(Buffer.from(path, 'latin1').toString('utf8'));
}
