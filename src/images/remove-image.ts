/**
 * RemoveImage: all names of the image go, at once and for everybody; what only it used is collected. Containers that run
 * from it keep their layers. Idempotent. Source: CRI ImageService.RemoveImage.
 */
import type { RemoveImageRequest, RemoveImageResponse } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { invalid } from '../base/errors.ts';
import { collectGarbage } from './garbage.ts';
import type { Images } from './images.ts';

export async function removeImage(
  images: Pick<Images, 'find' | 'parts'>,
  request: RemoveImageRequest,
  call: Call,
): Promise<RemoveImageResponse> {
  const name = request.image?.image ?? '';
  if (name === '') throw invalid('ImageNameMissing', 'remove image: expected the name of an image');
  const image = images.find(name);
  if (image === null) {
    // Somebody else may be removing it: a daemon that died now would still have it.
    await images.parts.catalog.settled();
    return {};
  }
  await images.parts.catalog.remove(image.id);
  const collected = await collectGarbage(images.parts);
  call.log.info({ image: image.id, repoTags: image.repoTags, ...collected }, 'image removed');
  return {};
}
