/**
 * What the layers of an image show together: as overlayfs merges them, and in truth, as if each had been written over the
 * ones below. The two differ where layers that were unpacked alone rely on lower ones:
 *
 *   L2  lib/x           (`lib` is not described)        overlayfs shows a directory `lib` with `x`, and hides the link
 *   L1  lib -> usr/lib                                  in truth `x` lies in `usr/lib`: L2's `lib` is shifted there
 *   L2  a, a hard link to `x`, which L1 has             overlayfs shows nothing at `a`, in truth it is L1's `x`
 *   L2  .wh..wh..opq    at the root                     overlayfs does not look for it there, in truth it hides L1
 */
import type { Stats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { badImage } from '../documents/document.ts';
import { parentOf } from '../unpack/entry-path.ts';
import { layerPath, type LayerView, type Sight } from './layer-view.ts';
import type { Pace } from './pace.ts';

const maxLinks = 40;
const maxShifts = 64;
/** Layers of which all is known that are gone through in the time of one look at the disk. */
const layersPerLook = 50;
/** Of a place, looked up from directory to directory in a layer of which something lies elsewhere. */
const bytesPerLook = 64;

/** Where something stands: a path of one layer. */
export type Source = { readonly view: LayerView; readonly path: string };

/** Something that one layer has. */
export type Piece = Source & {
  readonly stats: Stats;
  readonly isImplied: boolean;
};

export type Merged =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly piece: Piece }
  /** Topmost first. */
  | { readonly kind: 'directory'; readonly pieces: readonly Piece[] };

/** One layer with what its place over the others makes of it. */
export class StackedLayer {
  readonly view: LayerView;
  /** Hard links to files of lower layers, by where they truly are. */
  readonly links = new Map<string, Piece>();
  readonly #shifts = new Map<string, string>();
  readonly #sources = new Map<string, string[]>();

  constructor(view: LayerView) {
    this.view = view;
  }

  get shifts(): ReadonlyMap<string, string> {
    return this.#shifts;
  }

  /** The layer's directory `from` truly is the directory `to`. @throws InvalidImage */
  shift(from: string, to: string): void {
    if (this.view.opaque.has(from))
      throw badImage(`layer archive: ${JSON.stringify(from)} hides what lies behind a link of a lower layer`);
    if (this.#shifts.size >= maxShifts)
      throw badImage(`layer archive: writes through more than ${maxShifts} links of lower layers`);
    this.#shifts.set(from, to);
    this.#sources.set(to, [...(this.#sources.get(to) ?? []), from]);
  }

  /** Where something of the layer truly is. */
  placeOf(path: string): string {
    if (this.#shifts.size === 0) return path;
    for (let at = path; at !== ''; at = parentOf(at)) {
      const to = this.#shifts.get(at);
      if (to !== undefined) return join(to, path.slice(at.length + 1));
    }
    return path;
  }

  /** What of the layer truly is at a place. */
  sourcesOf(place: string): readonly string[] {
    if (this.#shifts.size === 0) return [place];
    const found = [place];
    for (let at = place; ; at = parentOf(at)) {
      const rest = at === '' ? place : place.slice(at.length + 1);
      for (const from of this.#sources.get(at) ?? []) found.push(join(from, rest));
      if (at === '') break;
    }
    return found.filter((source) => this.placeOf(source) === place);
  }
}

/** Lowest first. */
export type Stack = readonly StackedLayer[];

export type Asking = {
  /** In truth; else as overlayfs shows it. */
  readonly isTrue: boolean;
  readonly pace: Pace;
};

/** What there is at a place. @throws InvalidImage, the signal's reason */
export async function mergedAt(stack: Stack, place: string, { isTrue, pace }: Asking): Promise<Merged> {
  await pace.step(looksFor(stack, place, isTrue));
  const pieces: Piece[] = [];
  for (const { layer, sources } of sayings(stack, place, isTrue)) {
    const link = isTrue ? layer.links.get(place) : undefined;
    const { files, directories, isEnd } =
      link === undefined
        ? await piecesOf(layer.view, sources, pace)
        : { files: [link], directories: [], isEnd: true };
    pieces.push(...directories);
    const [piece] = files;
    if (piece !== undefined && pieces.length === 0) return { kind: 'file', piece };
    if (piece !== undefined || isEnd || (isTrue && layer.view.isRootOpaque)) break;
  }
  return pieces.length === 0 ? { kind: 'none' } : { kind: 'directory', pieces };
}

/** What it takes to go through the layers, beside looks at the disk. */
function looksFor(stack: Stack, place: string, isTrue: boolean): number {
  const shifted = isTrue ? stack.filter(({ shifts }) => shifts.size > 0).length : 0;
  return stack.length / layersPerLook + (shifted * place.length) / bytesPerLook;
}

/** The layers that may say something of a place, topmost first; those of which it is known that they do not are left out. */
function* sayings(
  stack: Stack,
  place: string,
  isTrue: boolean,
): Generator<{ readonly layer: StackedLayer; readonly sources: readonly string[] }> {
  for (const layer of stack.toReversed()) {
    const sources = isTrue ? layer.sourcesOf(place) : [place];
    const isSilent =
      !layer.view.isRootOpaque &&
      !layer.links.has(place) &&
      sources.every((source) => layer.view.lookUp(source)?.kind === 'absent');
    if (!isSilent) yield { layer, sources };
  }
}

type Pieces = {
  readonly files: readonly Piece[];
  readonly directories: readonly Piece[];
  /** Lower layers do not shine through. */
  readonly isEnd: boolean;
};

async function piecesOf(view: LayerView, sources: readonly string[], pace: Pace): Promise<Pieces> {
  const files: Piece[] = [];
  const directories: Piece[] = [];
  let isEnd = false;
  for (const path of sources) {
    const known: Sight | null = view.lookUp(path);
    if (known === null) await pace.step();
    const sight = known ?? (await view.look(path));
    isEnd ||= sight.kind === 'hidden' || (sight.kind === 'found' && sight.isLast);
    if (sight.kind !== 'found') continue;
    const { stats, isImplied } = sight;
    (stats.isDirectory() ? directories : files).push({ view, path, stats, isImplied });
  }
  const [first] = files;
  if (first !== undefined && files.length + directories.length > 1)
    throw badImage(
      `layer archive: has ${JSON.stringify(first.path)} twice, once by way of a link of a lower layer`,
    );
  return { files, directories, isEnd };
}

/** The directory that a path leads to through all links, none of which leaves the image; null: to none. */
export async function resolveDirectory(stack: Stack, path: string, pace: Pace): Promise<string | null> {
  const pending = path.split('/');
  let done: string[] = [];
  for (let links = 0; pending.length > 0;) {
    await pace.step();
    const part = pending.shift() ?? '';
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const there = await mergedAt(stack, [...done, part].join('/'), { isTrue: true, pace });
    if (there.kind === 'none' || links > maxLinks) return null;
    if (there.kind === 'directory') done.push(part);
    else if (!there.piece.stats.isSymbolicLink()) return null;
    else {
      links += 1;
      const target = await targetOf(there.piece);
      if (target.startsWith('/')) done = [];
      pending.unshift(...target.split('/'));
    }
  }
  return done.join('/');
}

export function join(directory: string, rest: string): string {
  return directory === '' || rest === '' ? directory + rest : `${directory}/${rest}`;
}

async function targetOf(link: Source): Promise<string> {
  return (await readlink(layerPath(link.view.diff, link.path), { encoding: 'buffer' })).toString('latin1');
}
