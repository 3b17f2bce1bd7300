/**
 * Brings one image that was found in an archive into the store: its layers' content is verified against its config, and its
 * documents against their digests. Nothing is kept of an image that is refused.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import type { Digest } from '../../base/ids.ts';
import type { Steps } from '../../base/steps.ts';
import { assembleImage } from '../pull/assembly.ts';
import { checkConfig } from '../documents/check-config.ts';
import { badImage } from '../documents/document.ts';
import { algorithmOf } from '../disk/blobs.ts';
import { Workspace } from '../disk/workspace.ts';
import type { Descriptor } from '../documents/manifest.ts';
import { parseImageConfig } from '../documents/image-config.ts';
import type { ImageParts } from '../image-parts.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { ingestLayers, type LayerSource } from '../pull/ingest.ts';
import type { LayerState, Observer } from '../progress.ts';
import { type FetchBlob, storeArtifact } from '../pull/pull-artifact.ts';
import { canonicalName, digestNameOf, tagNameOf } from '../names/reference.ts';
import { GrowingFile } from '../unpack/growing-file.ts';
import { type ArchiveFiles, blobName, readBlob } from './archive-files.ts';
import type { FoundImage, LayerFile } from './found-image.ts';

export type ImportSteps = Steps<'spool' | 'layers' | 'blobs' | 'record' | 'answer'>;

export type Storing = {
  readonly files: ArchiveFiles;
  readonly image: FoundImage;
  readonly observe: Observer;
  readonly steps: ImportSteps;
};

/** @throws InvalidImage */
export async function storeFound(
  parts: ImageParts,
  storing: Storing,
  signal: AbortSignal,
): Promise<ImageRecord> {
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
  checkConfig(config, { layers: layers.length, of: 'archive', platform: parts.platform, log: parts.log });
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

/** What is a download elsewhere is only read here. */
const importStates: Partial<Record<LayerState, LayerState>> = { downloading: 'reading', downloaded: 'read' };

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
    const onBytes = (receivedBytes: number): void => observe({ kind: 'bytes', digest, receivedBytes });
    if ((await digestOfFile({ path: file.path, onBytes }, layer.digest, signal)) !== layer.digest)
      throw badImage(`${files.title}: blob "${layer.digest}" is damaged`);
  };
  const onState: LayerSource['onState'] = (state) =>
    observe({ kind: 'state', digest, state: importStates[state] ?? state });
  return { diffId, fetch, onState, mayRetry: () => false };
}

type Hashed = { readonly path: string; readonly onBytes?: (bytes: number) => void };

async function digestOfFile({ path, onBytes }: Hashed, like: Digest, signal: AbortSignal): Promise<string> {
  const algorithm = algorithmOf(like);
  const hash = createHash(algorithm);
  const stream = createReadStream(path, { signal, highWaterMark: 256 * 1024 });
  for await (const chunk of stream) {
    hash.update(chunk);
    onBytes?.(stream.bytesRead);
  }
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
      if ((await digestOfFile(file, blob.digest, each)) === blob.digest) return;
    }
    throw badImage(`${files.title}: blob "${blob.digest}" is damaged`);
  };
  const fetchDocument = async ({ digest }: Descriptor): Promise<Buffer> => await readBlob(files, digest);
  const mayRetry = (): boolean => false;
  let record: ImageRecord | null = null;
  for (const reference of references) {
    const source = { reference, manifest, documents, fetch, fetchDocument, mayRetry, observe };
    record = await storeArtifact(parts, source, signal);
  }
  return record ?? badArtifact(files);
}

function badArtifact(files: ArchiveFiles): never {
  throw badImage(`${files.title}: an artifact without a name`);
}
