/**
 * The difference between what an image truly is and what overlayfs would show of its layers: what one more layer on top of
 * them has to hold. It looks only where a layer relies on lower ones, and goes down only where the two differ.
 */
import { readdir } from 'node:fs/promises';
import { badImage } from '../documents/document.ts';
import { baseOf, parentOf } from '../unpack/entry-path.ts';
import { join, type Merged, mergedAt, type Piece, type Stack } from './layer-stack.ts';
import { layerPath } from './layer-view.ts';
import { xattrsOf } from './mend-attributes.ts';
import { Pace } from './pace.ts';

const maxPlaces = 500_000;

export type MendPlan = {
  /** Directories to make, with what describes them. */
  readonly directories: ReadonlyMap<string, Piece>;
  /** Everything else: what it is a name of. */
  readonly links: ReadonlyMap<string, Piece>;
  /** What is not there, although a layer has it. */
  readonly whiteouts: ReadonlySet<string>;
};

/** `most`: places that may have to be looked at. @throws InvalidImage, the signal's reason */
export async function planMend(stack: Stack, signal: AbortSignal, most = maxPlaces): Promise<MendPlan> {
  const planner = new Planner(stack, signal, most);
  for (const place of placesOf(stack)) await planner.consider(place);
  return await planner.finish();
}

/** Where the two may differ. */
function placesOf(stack: Stack): ReadonlySet<string> {
  const places = new Set<string>();
  for (const [at, layer] of stack.entries()) {
    for (const place of layer.links.keys()) places.add(place);
    if (at === 0) continue;
    if (layer.view.isRootOpaque) places.add('');
    for (const path of layer.view.implied) places.add(layer.placeOf(path));
    for (const [from, to] of layer.shifts)
      places.add(to).add(join(layer.placeOf(parentOf(from)), baseOf(from)));
  }
  return places;
}

class Planner {
  readonly #stack: Stack;
  readonly #most: number;
  /** Overlayfs shows the truth but for the attributes of directories. */
  readonly #isPlain: boolean;
  readonly #pace: Pace;
  readonly #seen = new Set<string>();
  readonly #isDirectory = new Map<string, boolean>();
  readonly #plan = {
    directories: new Map<string, Piece>(),
    links: new Map<string, Piece>(),
    whiteouts: new Set<string>(),
  };

  constructor(stack: Stack, signal: AbortSignal, most: number) {
    this.#stack = stack;
    this.#most = most;
    this.#isPlain = stack.every(
      ({ shifts, links, view }) => shifts.size === 0 && links.size === 0 && !view.isRootOpaque,
    );
    this.#pace = new Pace(signal);
  }

  /** Looks at a place, and below it as far as is needed. */
  async consider(place: string): Promise<void> {
    const pending = [place];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (this.#seen.has(at)) continue;
      await this.#pace.step();
      this.#seen.add(at);
      if (this.#seen.size > this.#most)
        throw badImage(`assemble image: more than ${this.#most} places where layers rely on lower ones`);
      if (at === '' || (await this.#isTrueDirectory(parentOf(at))))
        pending.push(...(await this.#compare(at)));
    }
  }

  /** The directories above must be there too, with their own attributes: what lies on top decides for all of them. */
  async finish(): Promise<MendPlan> {
    const { directories, links, whiteouts } = this.#plan;
    for (const place of [...directories.keys(), ...links.keys(), ...whiteouts])
      for (let at = parentOf(place); at !== '' && !directories.has(at); at = parentOf(at)) {
        await this.#pace.step();
        const there = await mergedAt(this.#stack, at, true);
        if (there.kind === 'directory') directories.set(at, describing(there.pieces));
      }
    return this.#plan;
  }

  /** @returns places below that have to be looked at */
  async #compare(place: string): Promise<readonly string[]> {
    const truth = await mergedAt(this.#stack, place, true);
    const shown = this.#isPlain ? truth : await mergedAt(this.#stack, place, false);
    if (truth.kind === 'none') {
      if (shown.kind !== 'none') this.#plan.whiteouts.add(place);
      return [];
    }
    if (truth.kind === 'file') {
      if (shown.kind !== 'file' || !isSame(truth.piece, shown.piece))
        this.#plan.links.set(place, truth.piece);
      return [];
    }
    const piece = describing(truth.pieces);
    if (place !== '' && (shown.kind !== 'directory' || differs(piece, shown.pieces[0])))
      this.#plan.directories.set(place, piece);
    return await namesIn(place, piecesOfOne(truth.pieces, shown));
  }

  async #isTrueDirectory(place: string): Promise<boolean> {
    const known = this.#isDirectory.get(place);
    if (known !== undefined) return known;
    const is = place === '' || (await mergedAt(this.#stack, place, true)).kind === 'directory';
    this.#isDirectory.set(place, is);
    return is;
  }
}

/** The pieces that are part of one of the two only: what they hold may differ. */
function piecesOfOne(truth: readonly Piece[], shown: Merged): readonly Piece[] {
  const others = shown.kind === 'directory' ? shown.pieces : [];
  const only = (pieces: readonly Piece[], known: readonly Piece[]): readonly Piece[] =>
    pieces.filter((piece) => !known.some((other) => isSame(piece, other)));
  return [...only(truth, others), ...only(others, truth)];
}

async function namesIn(place: string, pieces: readonly Piece[]): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const { view, path } of pieces)
    for (const name of await readdir(layerPath(view.diff, path), { encoding: 'buffer' }))
      names.add(join(place, name.toString('latin1')));
  return [...names];
}

/** The topmost that an archive describes; where none does, the topmost. */
function describing(pieces: readonly Piece[]): Piece {
  const piece = pieces.find((each) => !each.isImplied) ?? pieces[0];
  if (piece === undefined) throw new RangeError('a directory of nothing');
  return piece;
}

function isSame(one: Piece, other: Piece): boolean {
  return one.view === other.view && one.path === other.path;
}

function differs(piece: Piece, shown: Piece | undefined): boolean {
  if (shown === undefined) return true;
  if (isSame(piece, shown)) return false;
  const [one, other] = [piece.stats, shown.stats];
  return (
    one.mode !== other.mode ||
    one.uid !== other.uid ||
    one.gid !== other.gid ||
    xattrsOf(layerPath(piece.view.diff, piece.path)).length > 0
  );
}
