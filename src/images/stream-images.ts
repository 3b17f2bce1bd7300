/**
 * StreamImages: ListImages in parts, as of the moment of the call. Source: CRI StreamImagesRequest; KEP-5825.
 */
import { Image, type StreamImagesRequest, type StreamImagesResponseInit } from '../../cri-api/runtime-v1.ts';
import { inBatches } from '../base/batches.ts';
import type { Call } from '../base/call.ts';
import type { Images } from './images.ts';
import { listImages } from './list-images.ts';

export async function* streamImages(
  images: Pick<Images, 'find' | 'parts'>,
  request: StreamImagesRequest,
  call: Call,
): AsyncGenerator<StreamImagesResponseInit> {
  const { images: items } = await listImages(images, request, call);
  for await (const part of inBatches(items, (item) => Image.encode(item).length)) yield { images: part };
}
