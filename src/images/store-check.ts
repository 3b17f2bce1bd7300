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
import { lstat, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { errnoOf, messageOf } from '../base/errors.ts';
import { readBounded } from '../base/files.ts';
import { type Digest, type ImageId, joinPath, parseDigest } from '../base/ids.ts';
import { algorithmOf } from './disk/blobs.ts';
import type { Layout } from './disk/layout.ts';
import { skeletonName, type LayerRecord } from './disk/layer-record.ts';
import { discard } from './disk/workspace.ts';
import type { ImageParts } from './image-parts.ts';
import type { ImageRecord } from './catalog/image-record.ts';
import type { CheckJob } from './unpack/unpack-pool.ts';

/** How long the sound layers of a damaged image wait for it to be pulled again. */
const spareMs = 3_600_000;

/** Why an image cannot be used; null: it is whole. For the start. */
export async function imageFault(
  parts: Pick<ImageParts, 'blobs' | 'layers' | 'layout'>,
  image: ImageRecord,
): Promise<string | null> {
  if (image.isMended && !(await isMendWhole(parts, image.id))) return 'its mend is missing';
  const missing = image.layers.find((diffId) => parts.layers.get(diffId) === null);
  if (missing !== undefined) return `its layer "${missing}" is missing`;
  for (const digest of new Set([parseDigest(image.id), ...image.manifests]))
    if ((await parts.blobs.read(digest)) === null) return `its blob "${digest}" is missing or damaged`;
  return null;
}

/** What is left of a broken mend goes, so that a pull can make it anew. */
async function isMendWhole({ layout }: Pick<ImageParts, 'layout'>, id: ImageId): Promise<boolean> {
  try {
    if ((await lstat(joinPath(layout.mend(id), 'diff'))).isDirectory()) return true;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
  }
  await discard(layout.mend(id), layout.temporary);
  return false;
}

type SpareParts = Pick<ImageParts, 'leases'>;

/** Keeps what images that were set aside are made of from being collected, for an hour, so that a pull finds it. */
export function spareImages(parts: SpareParts, images: readonly ImageRecord[]): void {
  spare(
    parts,
    images.flatMap((image) => [image.id, ...image.manifests, ...image.layers]),
  );
}

/** Keeps the layers of no image, for an hour: a record is lost, and with it what it needed. */
export function spareUnclaimed(parts: SpareParts & Pick<ImageParts, 'layers' | 'catalog'>): void {
  const claimed = new Set([...parts.catalog.all()].flatMap(({ layers }) => layers));
  const all = [...parts.layers.all()].map(({ diffId }) => diffId);
  spare(
    parts,
    all.filter((diffId) => !claimed.has(diffId)),
  );
}

function spare(parts: SpareParts, digests: readonly string[]): void {
  if (digests.length > 0) setTimeout(parts.leases.hold(digests), spareMs).unref();
}

/**
 * Takes damaged images out of use, so that the next pull brings them again. Nobody finds them from the call on. Never
 * throws: a record that cannot be moved is found by the next start.
 */
export async function setImagesAside(
  parts: Pick<ImageParts, 'leases' | 'catalog' | 'log'>,
  images: readonly ImageRecord[],
  fault: string,
): Promise<void> {
  spareImages(parts, images);
  const moves = await Promise.allSettled(
    images.map(async ({ id }) => await parts.catalog.setAside(id, fault)),
  );
  for (const move of moves)
    if (move.status === 'rejected')
      parts.log.warn({ error: messageOf(move.reason) }, 'the record of a damaged image cannot be set aside');
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
    signal.throwIfAborted();
    const draft = joinPath(parts.layout.temporary, `checked-${globalThis.crypto.randomUUID()}`);
    await writeFile(draft, boot);
    await rename(draft, stamp);
  } catch (error) {
    if (!signal.aborted) parts.log.warn({ error: messageOf(error) }, 'layers could not be checked');
  }
}

/** One that cannot be looked at keeps nobody from looking at the others. */
async function checkOne(parts: CheckParts, layer: LayerRecord, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  try {
    const job = await checkJob(parts, layer, 'entries');
    const faults = job === null ? [] : await parts.unpackers.check(job, signal);
    // It may have been removed meanwhile.
    if (faults.length > 0 && parts.layers.get(layer.diffId) === layer)
      await setLayerAside(parts, layer.diffId, faults);
  } catch (error) {
    if (signal.aborted) return;
    parts.log.warn({ layer: layer.diffId, error: messageOf(error) }, 'layer could not be checked');
  }
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
  // Both are out of sight in this turn of the loop; their files are moved afterwards.
  const hiding = setImagesAside(parts, images, `its layer "${diffId}" is damaged`);
  await parts.layers.setAside(diffId);
  await hiding;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
