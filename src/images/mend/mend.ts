/**
 * Layers are unpacked without knowledge of each other. Three things in an archive refer to the layers below it: a directory
 * that it does not describe (its owner and mode are those of the lower one), one that is a link below (`mend-shadows.ts`),
 * and a hard link to a lower file. For the few
 * images with such layers one small layer is made that lies on top of all and holds the true directories, and the files by
 * links of their own.
 */
import type { Stats } from 'node:fs';
import { chmod, chown, lchown, link, lutimes, mkdir, rename, symlink, utimes } from 'node:fs/promises';
import { errnoOf } from '../../base/errors.ts';
import { type AbsolutePath, type ImageId, joinPath } from '../../base/ids.ts';
import { badImage } from '../documents/document.ts';
import type { LayerRecord } from '../disk/layer-record.ts';
import { Workspace } from '../disk/workspace.ts';
import type { ImageParts } from '../image-parts.ts';
import { layerPath, type LayerView, layerView, look } from './layer-view.ts';
import { planShadows, type Shadows } from './mend-shadows.ts';
import { parentOf } from '../unpack/entry-path.ts';

type MendParts = Pick<ImageParts, 'layers' | 'layout' | 'flushes'>;
/** Lowest first. */
type Stack = readonly LayerView[];

type Mend = {
  /** Directories to make, with the attributes that they truly have. */
  readonly directories: ReadonlyMap<string, Stats>;
  /** Files to link: where to, and where the file is. */
  readonly links: ReadonlyMap<string, Buffer>;
  readonly symlinks: Shadows['symlinks'];
};

/** @returns whether a mend is needed and was made. @throws InvalidImage when a hard link leads nowhere */
export async function mendLayers(
  parts: MendParts,
  image: { readonly id: ImageId; readonly stack: readonly LayerRecord[] },
  signal: AbortSignal,
): Promise<boolean> {
  const stack = image.stack.map((layer) => layerView(parts.layout, layer));
  const links = await planLinks(stack, image.stack, signal);
  const shadows = await planShadows(stack, signal);
  for (const [path, source] of shadows.links) links.set(path, source);
  const needed = [...links.keys(), ...shadows.directories.keys(), ...shadows.symlinks.keys()].map(parentOf);
  const directories = await planDirectories(stack, { needed, known: shadows.directories }, signal);
  const { symlinks } = shadows;
  if (links.size === 0 && directories.size === 0 && symlinks.size === 0) return false;
  await makeMend(parts, image.id, { directories, links, symlinks });
  return true;
}

async function planLinks(
  stack: Stack,
  layers: readonly LayerRecord[],
  signal: AbortSignal,
): Promise<Map<string, Buffer>> {
  const links = new Map<string, Buffer>();
  for (const [at, layer] of layers.entries()) {
    for (const { path, target } of layer.foreignLinks) {
      signal.throwIfAborted();
      const source = await findFile(stack.slice(0, at), target);
      if (source === null)
        throw badImage(`layer archive: hard link ${quoted(path)} to ${quoted(target)} leads nowhere`);
      if (await isUntouched(stack.slice(at + 1), path)) links.set(path, source);
      else links.delete(path);
    }
  }
  return links;
}

/** The file that the lower layers show at a path. */
async function findFile(lower: Stack, path: string): Promise<Buffer | null> {
  for (const view of lower.toReversed()) {
    const sight = await look(view, path);
    if (sight.kind === 'found' && !sight.stats.isDirectory()) return layerPath(view.diff, path);
    if (sight.kind !== 'absent') return null;
  }
  return null;
}

async function isUntouched(upper: Stack, path: string): Promise<boolean> {
  for (const view of upper) if ((await look(view, path)).kind !== 'absent') return false;
  return true;
}

async function planDirectories(
  stack: Stack,
  { needed, known }: { readonly needed: readonly string[]; readonly known: ReadonlyMap<string, Stats> },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Stats>> {
  const plan = new Map<string, Stats>(known);
  const candidates = new Set(stack.flatMap((view, at) => (at === 0 ? [] : [...view.implied])));
  for (const path of candidates) {
    signal.throwIfAborted();
    const merged = await mergedDirectory(stack, path);
    if (merged !== null && merged.isLent) await addWithParents(stack, plan, path);
  }
  for (const path of needed) await addWithParents(stack, plan, path);
  return plan;
}

/** The directories above must be there too, and lend their own attributes: what lies on top decides for all of them. */
async function addWithParents(stack: Stack, plan: Map<string, Stats>, path: string): Promise<void> {
  for (let at = path; at !== '' && !plan.has(at); at = parentOf(at)) {
    const merged = await mergedDirectory(stack, at);
    if (merged !== null) plan.set(at, merged.stats);
  }
}

/**
 * The attributes that a directory has in the image; `isLent` when the topmost layer that shows it did not describe it and
 * a lower one did, otherwise than by default.
 */
async function mergedDirectory(
  stack: Stack,
  path: string,
): Promise<{ readonly stats: Stats; readonly isLent: boolean } | null> {
  let topmost: Stats | null = null;
  for (const view of stack.toReversed()) {
    const sight = await look(view, path);
    if (sight.kind === 'absent') continue;
    if (sight.kind === 'hidden' || !sight.stats.isDirectory()) break;
    if (!sight.isImplied)
      return { stats: sight.stats, isLent: topmost !== null && differs(topmost, sight.stats) };
    topmost ??= sight.stats;
    if (sight.isLast) break;
  }
  return topmost === null ? null : { stats: topmost, isLent: false };
}

function differs(one: Stats, other: Stats): boolean {
  return one.mode !== other.mode || one.uid !== other.uid || one.gid !== other.gid;
}

async function makeMend(parts: MendParts, id: ImageId, mend: Mend): Promise<void> {
  await using workspace = await Workspace.open(parts.layout.temporary);
  const announcement = await parts.flushes.announce([parts.layout.entryOfMend(id)]);
  try {
    const folder = workspace.newPath('mend');
    await fill(joinPath(folder, 'diff'), mend);
    await publish(folder, parts.layout.mend(id));
  } finally {
    parts.flushes.flush(announcement);
  }
}

async function fill(diff: AbsolutePath, mend: Mend): Promise<void> {
  await mkdir(diff, { recursive: true, mode: 0o755 });
  const paths = [...mend.directories.keys()].sort((one, other) => one.length - other.length);
  for (const path of paths) await mkdir(layerPath(diff, path), { recursive: true });
  for (const [path, source] of mend.links) await link(source, layerPath(diff, path));
  for (const [path, { target, stats }] of mend.symlinks) {
    const at = layerPath(diff, path);
    await symlink(target, at);
    await lchown(at, stats.uid, stats.gid);
    await lutimes(at, stats.mtimeMs / 1000, stats.mtimeMs / 1000);
  }
  for (const path of paths.toReversed()) await dress(diff, path, mend.directories.get(path));
}

async function dress(diff: string, path: string, stats: Stats | undefined): Promise<void> {
  if (stats === undefined) return;
  const at = layerPath(diff, path);
  await chown(at, stats.uid, stats.gid);
  await chmod(at, stats.mode & 0o7777);
  await utimes(at, stats.mtimeMs / 1000, stats.mtimeMs / 1000);
}

/** The same image always needs the same mend. */
async function publish(folder: AbsolutePath, target: AbsolutePath): Promise<void> {
  try {
    await rename(folder, target);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') throw error;
  }
}

function quoted(path: string): string {
  return JSON.stringify(Buffer.from(path, 'latin1').toString('utf8'));
}
