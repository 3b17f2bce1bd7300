/**
 * Imports an image from a directory in OCI image layout. The directory is not trusted more than a registry: every digest
 * is verified.
 * Source: OCI image spec, image-layout.md.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '../base/files.ts';
import type { Digest } from '../base/ids.ts';
import { assembleImage } from './assembly.ts';
import { badImage } from './document.ts';
import { algorithmOf, digestOf } from './disk/blobs.ts';
import { Workspace } from './disk/workspace.ts';
import { type ImageConfig, parseImageConfig } from './image-config.ts';
import type { ImageParts } from './image-parts.ts';
import type { ImageRecord } from './image-record.ts';
import { ingestLayers, type LayerSource } from './ingest.ts';
import { documentLimits } from './limits.ts';
import { type Descriptor, type Manifest, parseManifest } from './manifest.ts';
import { choosePlatform } from './platform.ts';
import { digestNameOf, parseReference, type Reference, tagNameOf } from './reference.ts';
import { GrowingFile } from './unpack/growing-file.ts';

const maxIndexDepth = 3;

/**
 * @param name what the image shall be called, as in a pod (`busybox`, `registry.local/team/app:1`)
 * @throws InvalidImage, InvalidImageName
 */
export async function importOciLayout(
  parts: ImageParts,
  source: { readonly directory: string; readonly name: string },
  signal: AbortSignal,
): Promise<ImageRecord> {
  const reference = parseReference(source.name);
  const found = await findManifest(parts, source.directory);
  const configBytes = await readBlob(source.directory, found.manifest.config.digest);
  const image: StoredImage = {
    reference,
    directory: source.directory,
    ...found,
    configBytes,
    config: parseImageConfig(configBytes),
  };
  const { config, manifest } = image;
  if (config.diffIds.length !== manifest.layers.length)
    throw badImage(
      `image config: ${config.diffIds.length} layers, and the manifest has ${manifest.layers.length}`,
    );
  const needed = [found.digest, manifest.config.digest, ...config.diffIds];
  return await parts.leases.during(needed, () => store(parts, image, signal));
}

type StoredImage = Found & {
  readonly reference: Reference;
  readonly directory: string;
  readonly configBytes: Buffer;
  readonly config: ImageConfig;
};

async function store(parts: ImageParts, image: StoredImage, signal: AbortSignal): Promise<ImageRecord> {
  const { reference, directory, digest, manifest, config, configBytes } = image;
  await using workspace = await Workspace.open(parts.layout.temporary);
  const layers = manifest.layers.map((layer, at) => layerSource(directory, layer, config.diffIds[at]));
  await ingestLayers(parts, layers, { workspace, signal });
  await parts.blobs.write(manifest.config.digest, configBytes);
  await parts.blobs.write(digest, image.bytes);
  const tag = tagNameOf(reference);
  const assembly = {
    configDigest: manifest.config.digest,
    configBytes: configBytes.length,
    config,
    manifests: [digest],
    repoTags: tag === null ? [] : [tag],
    repoDigests: [digestNameOf(reference, digest)],
    otherDigests: [],
  };
  return await parts.catalog.add(await assembleImage(parts, assembly, signal));
}

type Found = { readonly digest: Digest; readonly bytes: Buffer; readonly manifest: Manifest };

async function findManifest(parts: ImageParts, directory: string): Promise<Found> {
  const index = await readBounded(join(directory, 'index.json'), documentLimits.manifestBytes);
  if (index === null) throw badImage(`import "${directory}": no index.json, expected an OCI image layout`);
  let document = parseManifest(index, null);
  for (let depth = 0; depth < maxIndexDepth && document.kind === 'index'; depth += 1) {
    const [only, ...others] = document.entries;
    // A layout made by a tool for one image often has one entry without a platform.
    const entry =
      only !== undefined && others.length === 0
        ? only
        : choosePlatform(document.entries, parts.platform, `import "${directory}"`);
    const bytes = await readBlob(directory, entry.digest);
    document = parseManifest(bytes, null);
    if (document.kind === 'manifest') return { digest: entry.digest, bytes, manifest: document };
  }
  throw badImage(`import "${directory}": no image manifest within ${maxIndexDepth} indexes`);
}

async function readBlob(directory: string, digest: Digest): Promise<Buffer> {
  const bytes = await readBounded(blobPath(directory, digest), documentLimits.configBytes);
  if (bytes === null) throw badImage(`import "${directory}": blob "${digest}" is missing`);
  if (digestOf(bytes, algorithmOf(digest)) !== digest)
    throw badImage(`import "${directory}": blob "${digest}" is damaged`);
  return bytes;
}

function layerSource(directory: string, layer: Descriptor, diffId: Digest | undefined): LayerSource {
  if (diffId === undefined) throw badImage('image config: too few diff_ids');
  const path = blobPath(directory, layer.digest);
  const fetch: LayerSource['fetch'] = async ({ signal, onFile }) => {
    const { size } = await stat(path);
    onFile(GrowingFile.whole(path, size));
    const hash = createHash(algorithmOf(layer.digest));
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 256 * 1024 }))
      hash.update(chunk);
    const found = `${algorithmOf(layer.digest)}:${hash.digest('hex')}`;
    if (found !== layer.digest) throw badImage(`import "${directory}": blob "${layer.digest}" is damaged`);
  };
  return { diffId, fetch, onState: () => undefined, mayRetry: () => false };
}

function blobPath(directory: string, digest: Digest): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  return join(directory, 'blobs', algorithm, hex);
}
