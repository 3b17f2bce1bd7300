/**
 * ImageStatus, from memory; an image that is not there is an empty answer and no error. Verbose adds the image's own
 * config, as `crictl inspecti` shows it. Source: CRI ImageService.ImageStatus.
 */
import type { ImageStatusRequest, ImageStatusResponse } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { invalid } from '../base/errors.ts';
import { parseDigest } from '../base/ids.ts';
import { toCriImage } from './cri-image.ts';
import type { ImageRecord } from './catalog/image-record.ts';
import type { Images } from './images.ts';

export async function imageStatus(
  images: Pick<Images, 'find' | 'parts'>,
  request: ImageStatusRequest,
  _call: Call,
): Promise<ImageStatusResponse> {
  const name = request.image?.image ?? '';
  if (name === '') throw invalid('ImageNameMissing', 'image status: expected the name of an image');
  const image = images.find(name);
  if (image === null) return { image: null, info: {} };
  const info = request.verbose ? { info: await describe(images, image) } : {};
  return { image: toCriImage(image, images.parts.settings().pinned), info };
}

async function describe(images: Pick<Images, 'parts'>, image: ImageRecord): Promise<string> {
  const config = await images.parts.blobs.read(parseDigest(image.id));
  const document: unknown = config === null ? null : JSON.parse(config.toString('utf8'));
  const pulledAtNs = String(image.pulledAtNs);
  if (image.artifactType !== null)
    return JSON.stringify({ artifactType: image.artifactType, manifest: document, pulledAtNs });
  const imageSpec = document;
  return JSON.stringify({ imageSpec, layers: image.layers, pulledAtNs });
}
