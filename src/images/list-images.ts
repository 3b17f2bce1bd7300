/**
 * ListImages, from memory. Source: CRI ImageService.ListImages; a filter names one image in any way that ImageStatus takes.
 */
import type { ListImagesRequest, ListImagesResponse } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
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
    const image = images.find(name);
    return { images: image === null ? [] : [toCriImage(image, pinned)] };
  }
  return { images: [...images.parts.catalog.all()].map((image) => toCriImage(image, pinned)) };
}
