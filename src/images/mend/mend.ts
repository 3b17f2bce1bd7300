/**
 * Layers are unpacked without knowledge of each other. Some things in an archive refer to the layers below it: a directory
 * that it does not describe (its owner and mode are those of the lower one), one that is a link below, a hard link to a
 * lower file, an opaque root. For the few images with such layers one small layer is made that lies on top of all and holds
 * what overlayfs would show otherwise (`layer-stack.ts` says what, `plan-mend.ts` finds it).
 */
import { chmod, chown, link, lstat, mkdir, rename, utimes } from 'node:fs/promises';
import { errnoOf } from '../../base/errors.ts';
import { type AbsolutePath, type ImageId, joinPath } from '../../base/ids.ts';
import type { LayerRecord } from '../disk/layer-record.ts';
import { discard, Workspace } from '../disk/workspace.ts';
import type { ImageParts } from '../image-parts.ts';
import { KnownSights, layerPath, LayerView } from './layer-view.ts';
import { copyXattrs, forgetDefaultAcl, makeWhiteout } from './mend-attributes.ts';
import { Pace } from './pace.ts';
import { type MendPlan, planMend } from './plan-mend.ts';
import { stackLayers } from './stack-layers.ts';

export type MendParts = Pick<
  ImageParts,
  'layers' | 'layout' | 'flushes' | 'catalog' | 'rootfses' | 'volumes'
>;

/** @returns whether a mend is needed and was made. @throws InvalidImage, the signal's reason */
export async function mendLayers(
  parts: MendParts,
  image: { readonly id: ImageId; readonly stack: readonly LayerRecord[] },
  signal: AbortSignal,
): Promise<boolean> {
  const sights = new KnownSights();
  const views = image.stack.map((layer) => new LayerView(parts.layout, layer, sights));
  const pace = new Pace(signal);
  const plan = await planMend(await stackLayers(views, pace), pace);
  if (plan.directories.size === 0 && plan.links.size === 0 && plan.whiteouts.size === 0) return false;
  await makeMend(parts, image.id, plan);
  return true;
}

async function makeMend(parts: MendParts, id: ImageId, plan: MendPlan): Promise<void> {
  await using workspace = await Workspace.open(parts.layout.temporary);
  const announcement = await parts.flushes.announce([parts.layout.entryOfMend(id)]);
  try {
    const folder = workspace.newPath('mend');
    await fill(joinPath(folder, 'diff'), plan);
    await publish(parts, id, folder);
  } finally {
    parts.flushes.flush(announcement);
  }
}

async function fill(diff: AbsolutePath, plan: MendPlan): Promise<void> {
  await mkdir(diff, { recursive: true, mode: 0o755 });
  forgetDefaultAcl(Buffer.from(diff));
  const directories = [...plan.directories].sort(([one], [other]) => one.length - other.length);
  for (const [path] of directories) await mkdir(layerPath(diff, path));
  for (const [path, { view, path: source }] of plan.links)
    await link(layerPath(view.diff, source), layerPath(diff, path));
  for (const path of plan.whiteouts) makeWhiteout(layerPath(diff, path));
  for (const [path, source] of directories.toReversed())
    await dress(layerPath(diff, path), layerPath(source.view.diff, source.path));
}

async function dress(at: Buffer, source: Buffer): Promise<void> {
  const stats = await lstat(source);
  await chown(at, stats.uid, stats.gid);
  await chmod(at, stats.mode & 0o7777);
  copyXattrs(source, at);
  await utimes(at, stats.mtimeMs / 1000, stats.mtimeMs / 1000);
}

/** One that is there may be of layers that were damaged, or be damaged itself, unless its image is in use. */
async function publish(parts: MendParts, id: ImageId, folder: AbsolutePath): Promise<void> {
  const { layout } = parts;
  const target = layout.mend(id);
  if (await tryRename(folder, target)) return;
  // The same image always needs the same mend.
  if (isInUse(parts, id)) return;
  await discard(target, layout.temporary);
  await tryRename(folder, target);
}

/** @returns false when there is one already */
async function tryRename(folder: AbsolutePath, target: AbsolutePath): Promise<boolean> {
  try {
    await rename(folder, target);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') throw error;
    return false;
  }
}

function isInUse({ catalog, rootfses, volumes }: MendParts, id: ImageId): boolean {
  if (rootfses.holdsUnknown || volumes.holdsUnknown || catalog.get(id) !== null) return true;
  return [...rootfses.uses(), ...volumes.uses()].some(({ imageId }) => imageId === id);
}
