/**
 * ListImages, from memory. A filter names one image in any way that ImageStatus takes; what names none, or more than one,
 * is an empty list, as in the other lists. Source: CRI ImageService.ListImages; CRI-O resolves ids of filters so.
 */
import type { ListImagesRequest, ListImagesResponse } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { CriError } from '../base/errors.ts';
import type { ImageRecord } from './catalog/image-record.ts';
import { toCriImage } from './cri-image.ts';
import type { Images } from './images.ts';

export async function listImages(
  images: Pick<Images, 'find' | 'parts'>,
  request: ListImagesRequest,
  _call: Call,
): Promise<ListImagesResponse> {
  const { pinned } = images.parts.settings();
  const name = request.filter?.image?.image ?? '';
  if (name !== '') {
    const image = findOne(images, name);
    return { images: image === null ? [] : [toCriImage(image, pinned)] };
  }
  return { images: [...images.parts.catalog.all()].map((image) => toCriImage(image, pinned)) };
}

function findOne(images: Pick<Images, 'find'>, name: string): ImageRecord | null {
  try {
    return images.find(name);
  } catch (error) {
    if (error instanceof CriError && error.code === 'invalid') return null;
    throw error;
  }
}
