/**
 * Reads an OCI image layout: its index names images, each perhaps by a further index of platforms.
 * Source: OCI image spec, image-layout.md.
 */
import type { Digest } from '../../base/ids.ts';
import { badImage } from '../documents/document.ts';
import { parseManifest } from '../documents/manifest.ts';
import type { Platform } from '../documents/platform.ts';
import { type ArchiveFiles, blobName, readBlob, readDocument } from './archive-files.ts';
import { chooseEntry, chooseImages, type Chosen } from './choose-images.ts';
import type { Document, FoundImage, ImportWish } from './found-image.ts';

export const indexName = 'index.json';
const maxIndexDepth = 3;

export type LayoutWish = ImportWish & {
  readonly platform: Platform;
  /** Told of each image that is left out because others have a name and it has none. */
  readonly onLeftOut: (digest: Digest) => void;
};

/**
 * One after the other: what several images would take of memory together has no bound.
 * @throws InvalidImage, OtherPlatform, InvalidImageName
 */
export async function* readOciLayout(files: ArchiveFiles, wish: LayoutWish): AsyncGenerator<FoundImage> {
  const index = parseManifest(await readDocument(files, indexName), null);
  if (index.kind !== 'index') throw badImage(`${files.title}: ${indexName} is no index`);
  const { platform, onLeftOut } = wish;
  const { images, leftOut } = chooseImages(index.entries, { title: files.title, platform, wish });
  leftOut.forEach(onLeftOut);
  for (const chosen of images) yield await readImage(files, chosen, platform);
}

async function readImage(files: ArchiveFiles, chosen: Chosen, platform: Platform): Promise<FoundImage> {
  const { references } = chosen;
  const documents: Document[] = [];
  let { digest } = chosen.entry;
  for (let depth = 0; depth < maxIndexDepth; depth += 1) {
    const bytes = await readBlob(files, digest);
    documents.push({ digest, bytes });
    const document = parseManifest(bytes, null);
    if (document.kind === 'artifact') return { kind: 'artifact', references, documents, manifest: document };
    if (document.kind === 'manifest') {
      const configDigest = document.config.digest;
      const configBytes = await readBlob(files, configDigest);
      const layers = document.layers.map((layer) => ({ name: blobName(layer.digest), digest: layer.digest }));
      return { kind: 'image', references, documents, configDigest, configBytes, layers };
    }
    ({ digest } = chooseEntry(document.entries, { title: files.title, platform }));
  }
  throw badImage(`${files.title}: no image manifest within ${maxIndexDepth} indexes`);
}
