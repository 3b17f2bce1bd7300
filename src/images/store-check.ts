/**
 * Is what the store holds still what was put into it? Three looks, each deeper and rarer:
 *
 *   every start          records by their checksums, the form of each layer's directory, blobs by their digests
 *   once after a boot    in the background: every entry of every layer (kind, size, owner, mode, time, link)
 *   cri-ts doctor --deep every byte of every layer, by its diffID
 *
 * What is damaged is set aside; images that need it are no longer listed, so that the kubelet pulls them again, and of those
 * only the damaged part is fetched, since their other layers are kept for a while.
 */
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { errnoOf, messageOf } from '../base/errors.ts';
import { readBounded } from '../base/files.ts';
import { type Digest, joinPath, parseDigest } from '../base/ids.ts';
import { algorithmOf } from './disk/blobs.ts';
import type { Layers } from './disk/layers.ts';
import { hexOf, type Layout } from './disk/layout.ts';
import { skeletonName, type LayerRecord } from './disk/layer-record.ts';
import type { ImageParts } from './image-parts.ts';
import type { ImageRecord } from './catalog/image-record.ts';
import type { CheckJob } from './unpack/unpack-pool.ts';

/** How long the sound layers of a damaged image wait for it to be pulled again. */
const spareMs = 3_600_000;

/** Why an image cannot be used; null: it is whole. For the start. */
export async function imageFault(
  parts: Pick<ImageParts, 'blobs'> & { readonly layers: Layers; readonly mends: ReadonlySet<string> },
  image: ImageRecord,
): Promise<string | null> {
  if (image.isMended && !parts.mends.has(hexOf(image.id))) return 'its mend is missing';
  const missing = image.layers.find((diffId) => parts.layers.get(diffId) === null);
  if (missing !== undefined) return `its layer "${missing}" is missing`;
  for (const digest of new Set([parseDigest(image.id), ...image.manifests]))
    if ((await parts.blobs.read(digest)) === null) return `its blob "${digest}" is missing or damaged`;
  return null;
}

/** Keeps the layers of images that were set aside from being collected, for an hour. @returns the end of it */
export function spareLayers(parts: Pick<ImageParts, 'leases'>, images: readonly ImageRecord[]): () => void {
  const held = images.map((image) => parts.leases.hold([image.id, ...image.manifests, ...image.layers]));
  const release = (): void => held.forEach((each) => each());
  const timer = setTimeout(release, spareMs);
  timer.unref();
  return () => {
    clearTimeout(timer);
    release();
  };
}

type CheckParts = Pick<
  ImageParts,
  'layers' | 'layout' | 'catalog' | 'unpackers' | 'archiveLimits' | 'leases' | 'log'
>;

/** Looks at the entries of all layers, once after each boot. Never throws: what it cannot find out it logs. */
export async function checkOncePerBoot(parts: CheckParts, signal: AbortSignal): Promise<void> {
  const stamp = joinPath(parts.layout.root, 'checked');
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    if ((await readBounded(stamp, 1024))?.toString('utf8') === boot) return;
    for (const layer of parts.layers.all()) await checkOne(parts, layer, signal);
    const draft = joinPath(parts.layout.temporary, 'checked');
    await writeFile(draft, boot);
    await rename(draft, stamp);
  } catch (error) {
    if (!signal.aborted) parts.log.warn({ error: messageOf(error) }, 'layers could not be checked');
  }
}

async function checkOne(parts: CheckParts, layer: LayerRecord, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const job = await checkJob(parts, layer, 'entries');
  const faults = job === null ? [] : await parts.unpackers.check(job, signal);
  // It may have been removed meanwhile.
  if (faults.length > 0 && parts.layers.get(layer.diffId) === layer)
    await setLayerAside(parts, layer.diffId, faults);
}

/** What to compare a layer with; null for one without an archive: an artifact. */
export async function checkJob(
  parts: { readonly layout: Layout; readonly archiveLimits: CheckJob['limits'] },
  layer: LayerRecord,
  level: CheckJob['level'],
): Promise<CheckJob | null> {
  const skeletonPath = joinPath(parts.layout.layer(layer.diffId), skeletonName);
  const skeletonBytes = await sizeOf(skeletonPath);
  if (skeletonBytes === null) return null;
  const { diffId, isRebuildable } = layer;
  const directory = parts.layout.layerDiff(diffId);
  const hash = algorithmOf(diffId);
  return {
    directory,
    skeletonPath,
    skeletonBytes,
    level,
    diffId,
    hash,
    isRebuildable,
    limits: parts.archiveLimits,
  };
}

/** Takes a damaged layer out of use, and the images that are made of it. Running containers keep what they have mounted. */
async function setLayerAside(parts: CheckParts, diffId: Digest, faults: readonly string[]): Promise<void> {
  parts.log.warn({ layer: diffId, faults }, 'layer is damaged, set aside');
  const images = [...parts.catalog.all()].filter((image) => image.layers.includes(diffId));
  spareLayers(parts, images);
  await parts.layers.setAside(diffId);
  for (const image of images) await parts.catalog.setAside(image.id, `its layer "${diffId}" is damaged`);
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
