/**
 * Removes what nothing refers to any more: layers, blobs and mends that belong to no image, to no root file system and to
 * no running pull. What is collected is decided in one turn of the loop, so that nobody can begin to rely on it meanwhile.
 */
import { readdir } from 'node:fs/promises';
import { type Digest, type ImageId, joinPath } from '../base/ids.ts';
import { messageOf } from '../base/errors.ts';
import { hexOf } from './disk/layout.ts';
import { discard } from './disk/workspace.ts';
import type { ImageParts } from './image-parts.ts';
import type { RootfsRecord } from './rootfs/rootfs-record.ts';

export type GarbageParts = Pick<
  ImageParts,
  'catalog' | 'layers' | 'blobs' | 'leases' | 'rootfses' | 'volumes' | 'layout' | 'log'
>;

export type Collected = { readonly layers: number; readonly blobs: number };

/** Never throws: what could not be removed is logged and tried again by the next collection. */
export async function collectGarbage(parts: GarbageParts): Promise<Collected> {
  const blobs = await listUnused(parts);
  const layers = unusedLayers(parts);
  for (const diffId of layers) await attempt(parts, diffId, () => parts.layers.remove(diffId));
  for (const digest of blobs)
    await attempt(parts, digest, () => parts.blobs.remove(digest, () => parts.leases.has(digest)));
  await collectMends(parts);
  return { layers: layers.length, blobs: blobs.length };
}

function unusedLayers(parts: GarbageParts): readonly Digest[] {
  if (isUncertain(parts)) return [];
  const used = new Set<Digest>();
  for (const image of parts.catalog.all()) for (const diffId of image.layers) used.add(diffId);
  for (const mounted of mountedBy(parts)) for (const diffId of mounted.layers) used.add(diffId);
  const unused = [...parts.layers.all()].map((layer) => layer.diffId);
  const victims = unused.filter((diffId) => !used.has(diffId) && !parts.leases.has(diffId));
  // From now on no pull finds them; their files go afterwards.
  for (const diffId of victims) parts.layers.forget(diffId);
  return victims;
}

/** Roots and volumes of containers, whose layers stay. */
function mountedBy(parts: GarbageParts): readonly RootfsRecord[] {
  return [...parts.rootfses.uses(), ...parts.volumes.uses()];
}

/** Something is there that does not say what it uses. */
function isUncertain(parts: GarbageParts): boolean {
  return parts.rootfses.hasUnreadable || parts.volumes.hasUnreadable;
}

async function listUnused(parts: GarbageParts): Promise<readonly Digest[]> {
  const there = await parts.blobs.list();
  const used = new Set<string>();
  for (const image of parts.catalog.all()) {
    used.add(image.id);
    for (const digest of image.manifests) used.add(digest);
  }
  return there.filter((digest) => !used.has(digest) && !parts.leases.has(digest));
}

async function collectMends(parts: GarbageParts): Promise<void> {
  if (isUncertain(parts)) return;
  const used = new Set<string>();
  const names = await readdir(parts.layout.mends);
  const keep = (id: ImageId): unknown => used.add(hexOf(id));
  for (const image of parts.catalog.all()) if (image.isMended) keep(image.id);
  for (const mounted of mountedBy(parts)) if (mounted.isMended) keep(mounted.imageId);
  for (const name of names) {
    if (used.has(name) || parts.leases.has(`sha256:${name}`)) continue;
    const path = joinPath(parts.layout.mends, name);
    await attempt(parts, path, () => discard(path, parts.layout.temporary));
  }
}

async function attempt(parts: GarbageParts, what: string, remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    // Garbage harms nobody but the disk's free space.
    parts.log.warn({ what, error: messageOf(error) }, 'cannot collect');
  }
}
