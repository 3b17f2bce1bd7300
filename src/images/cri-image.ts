/**
 * An image as the CRI shows it. Pure.
 * Source: CRI message Image.
 */
import type { Image } from '../../cri-api/runtime-v1.ts';
import type { ImageRecord } from './catalog/image-record.ts';
import { isPinned } from './names/pinned.ts';

export function toCriImage(image: ImageRecord, pinned: readonly string[]): Image {
  return {
    id: image.id,
    repoTags: image.repoTags,
    repoDigests: image.repoDigests,
    size: image.sizeBytes,
    uid: image.uid === null ? null : { value: image.uid },
    username: image.username,
    spec: null,
    pinned: isPinned(image, pinned),
  };
}
