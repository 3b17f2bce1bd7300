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
import { listed, severalImages } from './choose-images.ts';
import type { FoundImage, ImportWish, LayerFile } from './found-image.ts';

export const manifestName = 'manifest.json';
const maxImages = 1000;
const maxTags = 1000;

/** One after the other: what several images would take of memory together has no bound. @throws InvalidImage, InvalidImageName */
export async function* readDockerArchive(files: ArchiveFiles, wish: ImportWish): AsyncGenerator<FoundImage> {
  const entries = parseList(await readDocument(files, manifestName));
  const wanted = entries.filter(({ tags }) => wish.ref === null || tags.includes(wish.ref));
  if (wanted.length === 0)
    throw badImage(
      `${files.title}: holds no image called ${JSON.stringify(wish.ref)}, but ${listed(entries.flatMap(({ tags }) => tags))}`,
    );
  const images = [...Map.groupBy(wanted, ({ config }) => config).values()];
  if (wish.name !== null && images.length > 1)
    throw severalImages(
      files.title,
      wish.name,
      entries.flatMap(({ tags }) => tags),
    );
  for (const [first, ...others] of images) {
    if (first === undefined) continue;
    const tags = wish.ref === null ? [first, ...others].flatMap((each) => each.tags) : [wish.ref];
    const configBytes = await readDocument(files, first.config);
    yield {
      kind: 'image',
      references: referencesOf(files, tags, wish),
      documents: [],
      configBytes,
      configDigest: parseDigest(digestOf(configBytes)),
      layers: first.layers,
    };
  }
}

type Entry = {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly LayerFile[];
};

function parseList(bytes: Buffer): readonly Entry[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw badImage('archive: manifest.json: expected UTF-8 JSON', error);
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > maxImages)
    throw badImage(`archive: manifest.json: expected a list of 1 to ${maxImages} images`);
  return value.map((each, at) => {
    const image = new JsonObject(each, `${manifestName}[${at}]`);
    return {
      config: checkName(image.string('Config')),
      tags: image.strings('RepoTags', maxTags),
      layers: image
        .strings('Layers', documentLimits.layers)
        .map((name) => ({ name: checkName(name), digest: null })),
    };
  });
}

function referencesOf(files: ArchiveFiles, tags: readonly string[], wish: ImportWish): readonly Reference[] {
  if (wish.name !== null) return [parseReference(wish.name)];
  if (tags.length === 0)
    throw badImage(`${files.title}: does not say what its image is called, expected a name to be given`);
  return tags.map((tag) => parseReference(tag));
}
