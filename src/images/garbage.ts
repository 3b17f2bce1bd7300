/**
 * Removes what nothing refers to any more: layers, blobs and mends that belong to no image, to no root file system and to
 * no running pull. Whether something is still nobody's is asked in the very turn of the loop in which it is taken away, so
 * that nobody can begin to rely on it meanwhile.
 */
import { readdir } from 'node:fs/promises';
import { type AbsolutePath, type Digest, joinPath } from '../base/ids.ts';
import { type CriError, messageOf, noSpace } from '../base/errors.ts';
import { hexOf } from './disk/layout.ts';
import { discard } from './disk/workspace.ts';
import type { ImageParts } from './image-parts.ts';
import type { RootfsRecord } from './rootfs/rootfs-record.ts';

export type GarbageParts = Pick<
  ImageParts,
  'catalog' | 'layers' | 'blobs' | 'quarantine' | 'leases' | 'rootfses' | 'volumes' | 'layout' | 'log'
>;

export type Collected = { readonly layers: number; readonly blobs: number };

const never = new AbortController().signal;

/**
 * Never throws: what could not be removed is logged and tried again by the next collection. The signal ends it after what
 * is being removed; the next start removes the rest.
 */
export async function collectGarbage(parts: GarbageParts, signal = never): Promise<Collected> {
  const layers = await collectLayers(parts, signal);
  const blobs = await collectBlobs(parts, signal);
  await collectMends(parts, signal);
  const isUsed = (hex: string): boolean =>
    isUncertain(parts) ||
    mountedBy(parts).some(({ layers: used }) => used.some((each) => hexOf(each) === hex));
  await attempt(parts, parts.layout.quarantine, async () => await parts.quarantine.trim(isUsed));
  return { layers, blobs };
}

/**
 * The failure of what brought an image and found no room. What it left goes at once, since only room makes a retry succeed.
 * @param what `pull image "…"`
 */
export async function noRoomFor(parts: GarbageParts, what: string, cause: unknown): Promise<CriError> {
  await collectGarbage(parts);
  return noSpace(what, parts.layout.root, cause);
}

async function collectLayers(parts: GarbageParts, signal: AbortSignal): Promise<number> {
  const victims = unusedLayers(parts);
  // From now on no pull finds them; their files go afterwards.
  for (const diffId of victims) parts.layers.forget(diffId);
  let count = 0;
  for (const diffId of victims) {
    if (signal.aborted) break;
    if (await attempt(parts, diffId, async () => await parts.layers.remove(diffId))) count += 1;
  }
  return count;
}

function unusedLayers(parts: GarbageParts): readonly Digest[] {
  if (isUncertain(parts)) return [];
  const used = new Set<Digest>();
  for (const image of parts.catalog.all()) for (const diffId of image.layers) used.add(diffId);
  for (const mounted of mountedBy(parts)) for (const diffId of mounted.layers) used.add(diffId);
  const all = [...parts.layers.all()].map((layer) => layer.diffId);
  return all.filter((diffId) => !used.has(diffId) && !parts.leases.has(diffId));
}

/** Roots and volumes of containers, whose layers stay. */
function mountedBy(parts: GarbageParts): readonly RootfsRecord[] {
  return [...parts.rootfses.uses(), ...parts.volumes.uses()];
}

/** Something is mounted that does not say what it uses. */
function isUncertain(parts: GarbageParts): boolean {
  return parts.rootfses.holdsUnknown || parts.volumes.holdsUnknown;
}

async function collectBlobs(parts: GarbageParts, signal: AbortSignal): Promise<number> {
  const there: Digest[] = [];
  await attempt(parts, parts.layout.blobs, async () => void there.push(...(await parts.blobs.list())));
  let count = 0;
  for (const digest of unusedBlobs(parts, there)) {
    if (signal.aborted) break;
    const isWanted = (): boolean => unusedBlobs(parts, [digest]).length === 0;
    await attempt(parts, digest, async () => {
      if (await parts.blobs.remove(digest, isWanted)) count += 1;
    });
  }
  return count;
}

function unusedBlobs(parts: GarbageParts, digests: readonly Digest[]): readonly Digest[] {
  const used = new Set<string>();
  for (const image of parts.catalog.all()) {
    used.add(image.id);
    for (const digest of image.manifests) used.add(digest);
  }
  return digests.filter((digest) => !used.has(digest) && !parts.leases.has(digest));
}

async function collectMends(parts: GarbageParts, signal: AbortSignal): Promise<void> {
  const { mends, temporary } = parts.layout;
  await attempt(parts, mends, async () => {
    for (const name of await readdir(mends)) {
      if (signal.aborted || isMendWanted(parts, name)) continue;
      const path: AbsolutePath = joinPath(mends, name);
      await attempt(parts, path, async () => await discard(path, temporary));
    }
  });
}

function isMendWanted(parts: GarbageParts, name: string): boolean {
  if (isUncertain(parts) || parts.leases.has(`sha256:${name}`)) return true;
  for (const image of parts.catalog.all()) if (image.isMended && hexOf(image.id) === name) return true;
  return mountedBy(parts).some((mounted) => mounted.isMended && hexOf(mounted.imageId) === name);
}

/** @returns whether it succeeded */
async function attempt(parts: GarbageParts, what: string, remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    // Garbage harms nobody but the disk's free space.
    parts.log.warn({ what, error: messageOf(error) }, 'cannot collect');
    return false;
  }
}
