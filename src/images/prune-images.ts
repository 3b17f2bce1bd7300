/**
 * Removes images that nobody uses: those whose tag went to a newer image, or all that no container was made from or has
 * mounted. What was pulled by digest has lost nothing; what is pinned stays.
 */
import type { ImageId } from '../base/ids.ts';
import { collectGarbage } from './garbage.ts';
import type { ImageParts } from './image-parts.ts';
import type { ImageRecord } from './catalog/image-record.ts';
import { isPinned } from './names/pinned.ts';

export type Pruned = {
  readonly images: readonly Pick<ImageRecord, 'id' | 'repoTags' | 'repoDigests'>[];
  readonly layers: number;
  readonly blobs: number;
};

export async function pruneImages(parts: ImageParts, wish: { readonly isAll: boolean }): Promise<Pruned> {
  const { pinned } = parts.settings();
  const victims = [...parts.catalog.all()].filter(
    (image) => (wish.isAll || image.isDangling === true) && !isPinned(image, pinned),
  );
  const images: ImageRecord[] = [];
  for (const image of victims) {
    // Asked anew each time: a container may have been made meanwhile.
    if (usedImages(parts).has(image.id)) continue;
    await parts.catalog.remove(image.id);
    images.push(image);
  }
  return { images, ...(await collectGarbage(parts)) };
}

function usedImages(parts: ImageParts): ReadonlySet<ImageId> {
  const used = [...parts.rootfses.uses(), ...parts.volumes.uses()];
  return new Set(used.map(({ imageId }) => imageId));
}
