/**
 * Layers that write below a name which a lower layer has as a symbolic link to a directory (`lib/x`, where the base has
 * `lib -> usr/lib`), without describing `lib` themselves. Unpacked on its own, such a layer has a directory there, which would
 * hide the link and everything behind it. Other runtimes write through the link; so here the mend shows the link again, and
 * what the layer brought at the place that it leads to. A layer that describes the directory does replace the link.
 */
import type { Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { badImage } from '../documents/document.ts';
import { layerPath, type LayerView, look, type Sight } from './layer-view.ts';

const maxLinks = 40;

/** Lowest first. */
type Stack = readonly LayerView[];

export type Shadows = {
  /** Links to be shown again: where, and with what. */
  readonly symlinks: Map<string, { readonly target: Buffer; readonly stats: Stats }>;
  /** Directories at their true place, as the layer or a lower one describes them. */
  readonly directories: Map<string, Stats>;
  /** Everything else at its true place: what it is a name of. */
  readonly links: Map<string, Buffer>;
};

/** @throws InvalidImage for what cannot be shown elsewhere */
export async function planShadows(stack: Stack, signal: AbortSignal): Promise<Shadows> {
  const shadows: Shadows = { symlinks: new Map(), directories: new Map(), links: new Map() };
  for (const [at, view] of stack.entries()) {
    const [lower, upper] = [stack.slice(0, at), stack.slice(at + 1)];
    const found: string[] = [];
    for (const path of [...view.implied].sort((one, other) => one.length - other.length)) {
      signal.throwIfAborted();
      if (found.some((above) => path.startsWith(`${above}/`))) continue;
      const link = await linkAt(lower, path);
      const target = link === null ? null : await resolve(lower, path);
      if (link === null || target === null) continue;
      found.push(path);
      if (await isLeftAlone(upper, path)) shadows.symlinks.set(path, link);
      await relocate({ shadows, view, lower, upper }, path, target);
    }
  }
  return shadows;
}

type Work = {
  readonly shadows: Shadows;
  readonly view: LayerView;
  readonly lower: Stack;
  readonly upper: Stack;
};

async function relocate(work: Work, from: string, to: string): Promise<void> {
  const { shadows, view, lower, upper } = work;
  if (view.opaque.has(from))
    throw badImage(`layer archive: ${JSON.stringify(from)} hides what lies behind a link of a lower layer`);
  const names = await readdir(layerPath(view.diff, from), { encoding: 'buffer' });
  for (const name of names.map((each) => each.toString('latin1'))) {
    const [source, target] = [`${from}/${name}`, to === '' ? name : `${to}/${name}`];
    const stats = await lstat(layerPath(view.diff, source));
    if (!stats.isDirectory()) {
      if (await isUntouched(upper, target)) shadows.links.set(target, layerPath(view.diff, source));
      continue;
    }
    const below = await truth(lower, target);
    const isLent = view.implied.has(source) && below !== null;
    const isLink = isLent && below.stats.isSymbolicLink();
    const place = isLink ? await resolve(lower, target) : target;
    if (place === null) continue;
    if (!isLink) shadows.directories.set(target, isLent ? below.stats : stats);
    await relocate(work, source, place);
  }
}

async function linkAt(
  stack: Stack,
  path: string,
): Promise<{ readonly target: Buffer; readonly stats: Stats } | null> {
  const there = await truth(stack, path);
  if (there === null || !there.stats.isSymbolicLink()) return null;
  return { target: await readlink(there.at, { encoding: 'buffer' }), stats: there.stats };
}

/** The directory that a path leads to through all links, none of which leaves the image; null: to none. */
async function resolve(stack: Stack, path: string): Promise<string | null> {
  const pending = path.split('/');
  let done: string[] = [];
  for (let links = 0; pending.length > 0;) {
    const part = pending.shift() ?? '';
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const there = await truth(stack, [...done, part].join('/'));
    if (there === null || links > maxLinks) return null;
    if (there.stats.isDirectory()) done.push(part);
    else if (!there.stats.isSymbolicLink()) return null;
    else {
      links += 1;
      const target = (await readlink(there.at, { encoding: 'buffer' })).toString('latin1');
      if (target.startsWith('/')) done = [];
      pending.unshift(...target.split('/'));
    }
  }
  return done.join('/');
}

type Found = { readonly at: Buffer; readonly stats: Stats };

/** What layers show at a path, when directories that no entry describes do not count where there is something else. */
async function truth(stack: Stack, path: string): Promise<Found | null> {
  let implied: Found | null = null;
  for (const view of stack.toReversed()) {
    const sight: Sight = await look(view, path);
    if (sight.kind === 'absent') continue;
    if (sight.kind === 'hidden') break;
    const found = { at: layerPath(view.diff, path), stats: sight.stats };
    if (!sight.isImplied) return found;
    implied ??= found;
    if (sight.isLast) break;
  }
  return implied;
}

/** No layer describes something else there. */
async function isLeftAlone(upper: Stack, path: string): Promise<boolean> {
  for (const view of upper) {
    const sight = await look(view, path);
    if (sight.kind === 'hidden' || (sight.kind === 'found' && !sight.isImplied)) return false;
  }
  return true;
}

async function isUntouched(upper: Stack, path: string): Promise<boolean> {
  for (const view of upper) if ((await look(view, path)).kind !== 'absent') return false;
  return true;
}
