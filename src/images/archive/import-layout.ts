/**
 * Imports one image from a directory in OCI image layout.
 * Source: OCI image spec, image-layout.md.
 */
import { DirectoryFiles } from './archive-files.ts';
import { importFiles } from './import-archive.ts';
import { badImage } from '../documents/document.ts';
import type { ImageParts } from '../image-parts.ts';
import type { ImageRecord } from '../catalog/image-record.ts';

/**
 * @param source `name`: what the image shall be called, as in a pod (`busybox`, `registry.local/team/app:1`)
 * @throws InvalidImage, InvalidImageName
 */
export async function importOciLayout(
  parts: ImageParts,
  source: { readonly directory: string; readonly name: string },
  signal: AbortSignal,
): Promise<ImageRecord> {
  const files = new DirectoryFiles(source.directory);
  const [image] = await importFiles(parts, { files, name: source.name }, signal);
  if (image === undefined) throw badImage(`${files.title}: holds no image`);
  return image;
}
