/**
 * Brings the images of an archive into the store. An archive is not trusted more than a registry: every digest is
 * verified, every layer's content is that of its image's config, and nothing is kept of an image that is refused.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { isNoSpace, noSpace } from '../../base/errors.ts';
import type { Digest } from '../../base/ids.ts';
import { Steps } from '../../base/steps.ts';
import { assembleImage } from '../pull/assembly.ts';
import { badImage } from '../documents/document.ts';
import { algorithmOf } from '../disk/blobs.ts';
import { Workspace } from '../disk/workspace.ts';
import { parseImageConfig } from '../documents/image-config.ts';
import type { ImageParts } from '../image-parts.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { ingestLayers, type LayerSource } from '../pull/ingest.ts';
import { type Observer, unobserved } from '../progress.ts';
import { type FetchBlob, storeArtifact } from '../pull/pull-artifact.ts';
import { canonicalName, digestNameOf, tagNameOf } from '../names/reference.ts';
import { GrowingFile } from '../unpack/growing-file.ts';
import { type ArchiveFiles, blobName, readDocumentOrNull } from './archive-files.ts';
import type { FoundImage, ImportWish, LayerFile } from './found-image.ts';
import { readDockerArchive } from './read-docker-archive.ts';
import { readOciLayout } from './read-oci-layout.ts';
import { spoolArchive } from './spool.ts';

type Step = 'spool' | 'layers' | 'blobs' | 'record' | 'answer';

export type Import = ImportWish & { readonly observe?: Observer };

/**
 * Takes a tar archive, plain or compressed: OCI layout, `docker save`, or both in one.
 * @throws InvalidImage, InvalidImageName, NoSpace
 */
export async function importArchive(
  parts: ImageParts,
  source: Import & { readonly stream: AsyncIterable<Buffer> },
  signal: AbortSignal,
): Promise<readonly ImageRecord[]> {
  const steps = new Steps<Step>('ImportImages', parts.log);
  try {
    await using workspace = await Workspace.open(parts.layout.temporary);
    const where = { workspace, tar: parts.archiveLimits };
    const files = await steps.run('spool', async () => await spoolArchive(source.stream, where, signal));
    return await importFiles(parts, { ...source, files, steps }, signal);
  } catch (error) {
    throw isNoSpace(error) ? noSpace('import', parts.layout.root, error) : error;
  }
}

/** The same of files that are there. */
export async function importFiles(
  parts: ImageParts,
  source: Import & { readonly files: ArchiveFiles; readonly steps?: Steps<Step> },
  signal: AbortSignal,
): Promise<readonly ImageRecord[]> {
  const { files, steps = new Steps<Step>('ImportImages', parts.log) } = source;
  // Archives that are both say more in the OCI part: digests, and every platform.
  const isOci = (await readDocumentOrNull(files, 'index.json')) !== null;
  const found = isOci ? readOciLayout(files, parts.platform, source) : readDockerArchive(files, source);
  const records: ImageRecord[] = [];
  const observe = source.observe ?? unobserved;
  for await (const image of found) {
    const done = await storeFound(parts, { files, image, observe, steps }, signal);
    parts.log.info({ image: done.id, repoTags: done.repoTags }, 'image imported');
    records.push(done);
  }
  return records;
}

type Storing = {
  readonly files: ArchiveFiles;
  readonly image: FoundImage;
  readonly observe: Observer;
  readonly steps: Steps<Step>;
};

async function storeFound(parts: ImageParts, storing: Storing, signal: AbortSignal): Promise<ImageRecord> {
  const { image } = storing;
  const digests = image.documents.map(({ digest }) => digest);
  return await parts.leases.during(digests, async () =>
    image.kind === 'artifact'
      ? await storeArtifactFiles(parts, { ...storing, image }, signal)
      : await storeImage(parts, { ...storing, image }, signal),
  );
}

type StoringImage = Storing & { readonly image: FoundImage & { readonly kind: 'image' } };

async function storeImage(
  parts: ImageParts,
  storing: StoringImage,
  signal: AbortSignal,
): Promise<ImageRecord> {
  const { image, files, observe, steps } = storing;
  const { configDigest, configBytes, documents, layers, references } = image;
  const config = parseImageConfig(configBytes);
  if (config.diffIds.length !== layers.length)
    throw badImage(`image config: ${config.diffIds.length} layers, and the archive has ${layers.length}`);
  return await parts.leases.during([configDigest, ...config.diffIds], async () => {
    await using workspace = await Workspace.open(parts.layout.temporary);
    const sources: LayerSource[] = [];
    for (const [at, layer] of layers.entries())
      sources.push(await layerSource(files, layer, { diffId: config.diffIds[at], observe }));
    await outline(parts, storing, config.diffIds);
    await steps.run('layers', async () => await ingestLayers(parts, sources, { workspace, signal }));
    await steps.run('blobs', async () => {
      await parts.blobs.write(configDigest, configBytes);
      for (const { digest, bytes } of documents) await parts.blobs.write(digest, bytes);
    });
    const names = namesOf(image, references);
    const manifests = documents.map(({ digest }) => digest);
    const assembly = { configDigest, configBytes: configBytes.length, config, manifests, ...names };
    const record = await assembleImage(parts, assembly, signal);
    const added = await steps.run('record', async () => await parts.catalog.add(record));
    await steps.run('answer', () => undefined);
    return added;
  });
}

type Names = Pick<ImageRecord, 'repoTags' | 'repoDigests' | 'otherDigests'>;

function namesOf(image: FoundImage, references: FoundImage['references']): Names {
  const [top, ...inner] = image.documents;
  return {
    repoTags: references.flatMap((reference) => tagNameOf(reference) ?? []),
    repoDigests: top === undefined ? [] : references.map((each) => digestNameOf(each, top.digest)),
    otherDigests: inner.flatMap(({ digest }) => references.map((each) => digestNameOf(each, digest))),
  };
}

async function outline(
  parts: ImageParts,
  { image, files, observe }: StoringImage,
  diffIds: readonly Digest[],
): Promise<void> {
  const layers = [];
  for (const [at, { name, digest }] of image.layers.entries()) {
    const diffId = diffIds[at];
    if (diffId === undefined) continue;
    const { sizeBytes = 0 } = (await files.find(name)) ?? {};
    const state = parts.layers.get(diffId) === null ? ('waiting' as const) : ('present' as const);
    layers.push({ digest: digest ?? diffId, sizeBytes, state });
  }
  const [reference] = image.references;
  observe({ kind: 'layers', reference: reference === undefined ? '' : canonicalName(reference), layers });
}

async function layerSource(
  files: ArchiveFiles,
  layer: LayerFile,
  told: { readonly diffId: Digest | undefined; readonly observe: Observer },
): Promise<LayerSource> {
  const { diffId, observe } = told;
  if (diffId === undefined) throw badImage('image config: too few diff_ids');
  const file = await files.find(layer.name);
  if (file === null) throw badImage(`${files.title}: layer "${layer.name}" is missing`);
  const digest = layer.digest ?? diffId;
  const fetch: LayerSource['fetch'] = async ({ signal, onFile }) => {
    onFile(GrowingFile.whole(file.path, file.sizeBytes));
    if (layer.digest === null) return;
    if ((await digestOfFile(file.path, layer.digest, signal)) !== layer.digest)
      throw badImage(`${files.title}: blob "${layer.digest}" is damaged`);
  };
  const onState: LayerSource['onState'] = (state) => observe({ kind: 'state', digest, state });
  return { diffId, fetch, onState, mayRetry: () => false };
}

async function digestOfFile(path: string, like: Digest, signal: AbortSignal): Promise<string> {
  const algorithm = algorithmOf(like);
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 256 * 1024 })) hash.update(chunk);
  return `${algorithm}:${hash.digest('hex')}`;
}

async function storeArtifactFiles(
  parts: ImageParts,
  storing: Storing & { readonly image: FoundImage & { readonly kind: 'artifact' } },
  signal: AbortSignal,
): Promise<ImageRecord> {
  const { files, image, observe } = storing;
  const { manifest, documents, references } = image;
  const fetch: FetchBlob = async (blob, { file, signal: each }) => {
    const source = await files.find(blobName(blob.digest));
    if (source === null) throw badImage(`${files.title}: blob "${blob.digest}" is missing`);
    if (source.sizeBytes === blob.sizeBytes) {
      await copyFile(source.path, file.path);
      file.grow(blob.sizeBytes);
      file.complete();
      if ((await digestOfFile(file.path, blob.digest, each)) === blob.digest) return;
    }
    throw badImage(`${files.title}: blob "${blob.digest}" is damaged`);
  };
  const [reference] = references;
  if (reference === undefined) throw badImage(`${files.title}: an artifact without a name`);
  const mayRetry = (): boolean => false;
  return await storeArtifact(parts, { reference, manifest, documents, fetch, mayRetry, observe }, signal);
}
