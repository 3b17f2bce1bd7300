/**
 * The difference between what an image truly is and what overlayfs would show of its layers: what one more layer on top of
 * them has to hold. It looks only where a layer relies on lower ones, and goes down only where the two differ.
 */
import { opendir } from 'node:fs/promises';
import { baseOf, parentOf } from '../unpack/entry-path.ts';
import { join, type Merged, mergedAt, type Piece, type Source, type Stack } from './layer-stack.ts';
import { layerPath } from './layer-view.ts';
import { xattrsOf } from './mend-attributes.ts';
import type { Pace } from './pace.ts';

/** What a name takes beside its characters, and what is noted of it. */
const nameBytes = 80;

export type MendPlan = {
  /** Directories to make, with what describes them. */
  readonly directories: ReadonlyMap<string, Source>;
  /** Everything else: what it is a name of. */
  readonly links: ReadonlyMap<string, Source>;
  /** What is not there, although a layer has it. */
  readonly whiteouts: ReadonlySet<string>;
};

/** `pace`: that of `stackLayers`. @throws InvalidImage, the signal's reason */
export async function planMend(stack: Stack, pace: Pace): Promise<MendPlan> {
  const planner = new Planner(stack, pace);
  for (const place of placesOf(stack)) {
    await pace.step();
    await planner.consider(place);
  }
  return await planner.finish();
}

/** Where the two may differ. */
function* placesOf(stack: Stack): Generator<string> {
  for (const [at, layer] of stack.entries()) {
    yield* layer.links.keys();
    if (at === 0) continue;
    if (layer.view.isRootOpaque) yield '';
    for (const path of layer.view.implied) yield layer.placeOf(path);
    for (const [from, to] of layer.shifts) {
      yield to;
      yield join(layer.placeOf(parentOf(from)), baseOf(from));
    }
  }
}

class Planner {
  readonly #stack: Stack;
  /** Overlayfs shows the truth but for the attributes of directories. */
  readonly #isPlain: boolean;
  readonly #pace: Pace;
  readonly #seen = new Set<string>();
  readonly #isDirectory = new Map<string, boolean>();
  readonly #plan = {
    directories: new Map<string, Source>(),
    links: new Map<string, Source>(),
    whiteouts: new Set<string>(),
  };

  constructor(stack: Stack, pace: Pace) {
    this.#stack = stack;
    this.#pace = pace;
    this.#isPlain = stack.every(
      ({ shifts, links, view }) => shifts.size === 0 && links.size === 0 && !view.isRootOpaque,
    );
  }

  /** Looks at a place, and below it as far as is needed. */
  async consider(place: string): Promise<void> {
    if (this.#seen.has(place)) return;
    this.#keep(place);
    const pending = [place];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (this.#seen.has(at)) continue;
      await this.#pace.step();
      this.#seen.add(at);
      if (at !== '' && !(await this.#isTrueDirectory(parentOf(at)))) continue;
      for (const name of await this.#compare(at)) pending.push(name);
    }
  }

  /** The directories above must be there too, with their own attributes: what lies on top decides for all of them. */
  async finish(): Promise<MendPlan> {
    const { directories, links, whiteouts } = this.#plan;
    for (const place of [...directories.keys(), ...links.keys(), ...whiteouts])
      for (let at = parentOf(place); at !== '' && !directories.has(at); at = parentOf(at)) {
        const there = await this.#truthAt(at);
        if (there.kind === 'directory') this.#note(directories, at, describing(there.pieces));
      }
    return this.#plan;
  }

  /** @returns places below that have to be looked at */
  async #compare(place: string): Promise<Iterable<string>> {
    const truth = await this.#truthAt(place);
    const shown = this.#isPlain
      ? truth
      : await mergedAt(this.#stack, place, { isTrue: false, pace: this.#pace });
    if (truth.kind === 'none') {
      if (shown.kind === 'none') return [];
      this.#keep('');
      this.#plan.whiteouts.add(place);
      return [];
    }
    if (truth.kind === 'file') {
      if (shown.kind !== 'file' || !isSame(truth.piece, shown.piece))
        this.#note(this.#plan.links, place, truth.piece);
      return [];
    }
    const piece = describing(truth.pieces);
    if (place !== '' && (shown.kind !== 'directory' || differs(piece, shown.pieces[0])))
      this.#note(this.#plan.directories, place, piece);
    return await this.#namesIn(place, piecesOfOne(truth.pieces, shown));
  }

  async #isTrueDirectory(place: string): Promise<boolean> {
    const known = this.#isDirectory.get(place);
    if (known !== undefined) return known;
    const is = place === '' || (await this.#truthAt(place)).kind === 'directory';
    this.#keep(place);
    this.#isDirectory.set(place, is);
    return is;
  }

  async #namesIn(place: string, pieces: readonly Piece[]): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    for (const { view, path } of pieces)
      for await (const entry of await opendir(layerPath(view.diff, path), { encoding: 'latin1' })) {
        const name = join(place, entry.name);
        this.#keep(name);
        names.add(name);
      }
    return names;
  }

  async #truthAt(place: string): Promise<Merged> {
    return await mergedAt(this.#stack, place, { isTrue: true, pace: this.#pace });
  }

  #note(notes: Map<string, Source>, place: string, { view, path }: Source): void {
    this.#keep(place);
    this.#keep(path);
    notes.set(place, { view, path });
  }

  #keep(name: string): void {
    this.#pace.keep(name.length + nameBytes);
  }
}

/** The pieces that are part of one of the two only: what they hold may differ. */
function piecesOfOne(truth: readonly Piece[], shown: Merged): readonly Piece[] {
  const others = shown.kind === 'directory' ? shown.pieces : [];
  const only = (pieces: readonly Piece[], known: readonly Piece[]): readonly Piece[] =>
    pieces.filter((piece) => !known.some((other) => isSame(piece, other)));
  return [...only(truth, others), ...only(others, truth)];
}

/** The topmost that an archive describes; where none does, the topmost. */
function describing(pieces: readonly Piece[]): Piece {
  const piece = pieces.find((each) => !each.isImplied) ?? pieces[0];
  if (piece === undefined) throw new RangeError('a directory of nothing');
  return piece;
}

function isSame(one: Source, other: Source): boolean {
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
