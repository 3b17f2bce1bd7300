/**
 * Reads the archive that `docker save` writes: `manifest.json` names a config and layers for each image. It has no
 * manifests with digests, so an image from it has no digest name.
 * Source: Docker image spec v1.2, "Combined Image JSON + Filesystem Changeset Format".
 */
import { parseDigest } from '../../base/ids.ts';
import { digestOf } from '../disk/blobs.ts';
import { badImage, JsonObject } from '../documents/document.ts';
import { documentLimits } from '../limits.ts';
import { parseReference, type Reference } from '../names/reference.ts';
import { type ArchiveFiles, checkName, readDocument } from './archive-files.ts';
import type { FoundImage, ImportWish } from './found-image.ts';

const maxImages = 1000;
const maxTags = 1000;

/** One after the other: what several images would take of memory together has no bound. @throws InvalidImage, InvalidImageName */
export async function* readDockerArchive(files: ArchiveFiles, wish: ImportWish): AsyncGenerator<FoundImage> {
  const images = parseList(await readDocument(files, 'manifest.json'));
  if (wish.name !== null && images.length > 1)
    throw badImage(`${files.title}: holds several images, so they cannot all be called "${wish.name}"`);
  for (const image of images) {
    const configBytes = await readDocument(files, checkName(image.string('Config')));
    const layers = image
      .strings('Layers', documentLimits.layers)
      .map((name) => ({ name: checkName(name), digest: null }));
    yield {
      kind: 'image',
      references: referencesOf(files, image, wish),
      documents: [],
      configBytes,
      configDigest: parseDigest(digestOf(configBytes)),
      layers,
    };
  }
}

function parseList(bytes: Buffer): readonly JsonObject[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw badImage('archive: manifest.json: expected UTF-8 JSON', error);
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > maxImages)
    throw badImage(`archive: manifest.json: expected a list of 1 to ${maxImages} images`);
  return value.map((each, at) => new JsonObject(each, `manifest.json[${at}]`));
}

function referencesOf(files: ArchiveFiles, image: JsonObject, wish: ImportWish): readonly Reference[] {
  if (wish.name !== null) return [parseReference(wish.name)];
  const tags = image.strings('RepoTags', maxTags);
  if (tags.length === 0)
    throw badImage(`${files.title}: does not say what its image is called, expected a name to be given`);
  return tags.map((tag) => parseReference(tag));
}
