/**
 * Writes images as one tar archive that is both: an OCI layout, and what `docker load` reads. Layers are rebuilt byte by
 * byte from what was unpacked and verified by their diffIDs, so images keep their ids; they are not compressed, so the
 * manifests are new ones. The same images give the same archive.
 *
 *   oci-layout ─▶ documents ─▶ index.json, manifest.json ─▶ layers, each rebuilt when its turn comes
 */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Header, pack, type Pack } from 'tar-stream';
import { crashPoint } from '../../base/crash-point.ts';
import { failedPrecondition, internal, isNoSpace, noSpace, notFound } from '../../base/errors.ts';
import { type Digest, joinPath, parseDigest } from '../../base/ids.ts';
import { raceSignal } from '../../base/single-flight.ts';
import { artifactPaths } from '../documents/artifact-title.ts';
import { digestOf } from '../disk/blobs.ts';
import type { LayerRecord } from '../disk/layer-record.ts';
import { Workspace } from '../disk/workspace.ts';
import { parseImageConfig } from '../documents/image-config.ts';
import type { ImageParts } from '../image-parts.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import type { Images } from '../images.ts';
import { artifactRest, emptyBlob } from '../documents/artifact-rest.ts';
import { parseManifest } from '../documents/manifest.ts';
import { checkJob } from '../store-check.ts';
import { blobName } from './archive-files.ts';
import type { Document } from './found-image.ts';
import { dockerManifest, type Exported, imageManifest, ociIndex } from './export-documents.ts';

/** @throws ImageNotFound, NotRebuildable, LayerDamaged, NoSpace, the signal's reason; what was given out by then is no archive */
export async function* exportArchive(
  images: Pick<Images, 'parts' | 'find'>,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const { parts } = images;
  const wanted = findAll(images, names);
  const release = parts.leases.hold(
    wanted.flatMap(({ image: { id, manifests, layers } }) => [id, ...manifests, ...layers]),
  );
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const archive = pack();
  let written: Promise<void> = Promise.resolve();
  try {
    // A failure before the first byte is the caller's answer.
    const exported: Exported[] = [];
    for (const each of wanted) exported.push(await describe(parts, each));
    written = write(parts, { archive, exported }, both);
    written.catch((error: unknown) =>
      archive.destroy(Error.isError(error) ? error : new Error(String(error))),
    );
    for await (const chunk of archive) if (chunk instanceof Uint8Array) yield Buffer.from(chunk);
    await written;
  } catch (error) {
    throw isNoSpace(error) ? noSpace('export', parts.layout.root, error) : error;
  } finally {
    stop.abort(new Error('the export has ended'));
    archive.destroy();
    // Its workspace goes before the layers may be collected.
    await Promise.allSettled([written]);
    release();
  }
}

/** An image and those of its tags that were asked for: other names are others' business, and ids are no names. */
type Wanted = { readonly image: ImageRecord; readonly names: readonly string[] };

function findAll(images: Pick<Images, 'find' | 'parts'>, names: readonly string[]): readonly Wanted[] {
  const found = names.map((text) => {
    const image = images.find(text);
    const name = images.parts.catalog.nameOf(text);
    if (image !== null) return { image, tags: image.repoTags.filter((tag) => tag === name) };
    throw notFound(
      'ImageNotFound',
      `export: image ${JSON.stringify(text.slice(0, 300))} is not in the store`,
    );
  });
  return [...Map.groupBy(found, ({ image }) => image).entries()].map(([image, same]) => ({
    image,
    names: [...new Set(same.flatMap(({ tags }) => tags))],
  }));
}

async function describe(parts: ImageParts, { image, names }: Wanted): Promise<Exported> {
  const bytes = await parts.blobs.read(parseDigest(image.id));
  if (bytes === null)
    throw internal('ImageDamaged', `image "${image.id}": its config is damaged; pull it again`);
  if (image.artifactType !== null) {
    const manifest = { digest: parseDigest(digestOf(bytes)), bytes };
    const others = await artifactDocuments(parts, manifest);
    return { names, manifest, config: null, others, layers: [], artifact: image };
  }
  const layers = parseImageConfig(bytes).diffIds.map((diffId) => wholeLayer(parts, diffId));
  const config = { digest: parseDigest(image.id), bytes };
  return { names, config, manifest: imageManifest(config, layers), others: [], layers, artifact: null };
}

/** What an artifact's manifest names and is no file of it. @throws ArtifactIncomplete */
async function artifactDocuments(parts: ImageParts, manifest: Document): Promise<readonly Document[]> {
  const documents: Document[] = [];
  for (const { digest } of artifactRest(manifest.bytes)) {
    const bytes = digest === emptyBlob.digest ? emptyBlob.bytes : await parts.blobs.read(digest);
    if (bytes === null)
      throw failedPrecondition(
        'ArtifactIncomplete',
        `export: artifact "${manifest.digest}": its config "${digest}" is not in the store; remove it and pull it again`,
      );
    documents.push({ digest, bytes });
  }
  return documents;
}

function wholeLayer(parts: ImageParts, diffId: Digest): LayerRecord {
  const layer = parts.layers.get(diffId);
  if (layer === null) throw internal('LayerMissing', `export: layer "${diffId}" is not in the store`);
  if (layer.isRebuildable) return layer;
  throw failedPrecondition(
    'NotRebuildable',
    `export: layer "${diffId}" cannot be written again as it came: its archive holds a file more than once`,
  );
}

type Writing = { readonly archive: Pack; readonly exported: readonly Exported[] };

async function write(parts: ImageParts, writing: Writing, signal: AbortSignal): Promise<void> {
  const { archive, exported } = writing;
  await using workspace = await Workspace.open(parts.layout.temporary);
  const done = new Set<string>();
  const addOnce = async (name: string, add: () => Promise<void>): Promise<void> => {
    signal.throwIfAborted();
    if (done.has(name)) return;
    done.add(name);
    await add();
  };
  const add = async (name: string, bytes: Buffer): Promise<void> =>
    await raceSignal(addBytes(archive, name, bytes), signal);
  await add('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
  for (const { manifest, config, others } of exported)
    for (const document of [...others, ...(config === null ? [] : [config]), manifest])
      await addOnce(blobName(document.digest), async () => {
        await add(blobName(document.digest), document.bytes);
      });
  await add('index.json', ociIndex(exported));
  const forDocker = dockerManifest(exported);
  if (forDocker !== null) await add('manifest.json', forDocker);
  for (const { layers, artifact } of exported) {
    for (const layer of layers)
      await addOnce(blobName(layer.diffId), async () => {
        await addLayer(parts, { archive, layer, workspace }, signal);
      });
    if (artifact !== null)
      for (const file of await artifactFiles(parts, artifact))
        await addOnce(blobName(file.digest), async () => await addFile(archive, file, signal));
  }
  archive.finalize();
}

async function addLayer(
  parts: ImageParts,
  adding: { readonly archive: Pack; readonly layer: LayerRecord; readonly workspace: Workspace },
  signal: AbortSignal,
): Promise<void> {
  const { archive, layer, workspace } = adding;
  const { diffId: digest, archiveBytes: sizeBytes } = layer;
  const path = workspace.newPath('layer');
  crashPoint('ExportImages:layer');
  const job = await checkJob(parts, layer, 'content');
  const faults =
    job === null
      ? ['it has no skeleton']
      : await parts.unpackers.check({ ...job, archivePath: path }, signal);
  if (faults[0] !== undefined)
    throw internal('LayerDamaged', `export: layer "${digest}": ${faults[0]}; pull the image again`);
  crashPoint('ExportImages:layer-written');
  await addFile(archive, { path, digest, sizeBytes }, signal);
  await rm(path, { force: true });
}

type BlobFile = { readonly path: string; readonly digest: Digest; readonly sizeBytes: number };

async function artifactFiles(parts: ImageParts, image: ImageRecord): Promise<readonly BlobFile[]> {
  const bytes = await parts.blobs.read(parseDigest(image.id));
  const manifest = bytes === null ? null : parseManifest(bytes, null);
  if (manifest?.kind !== 'artifact')
    throw internal('ImageDamaged', `artifact "${image.id}": its manifest is damaged`);
  const diff = parts.layout.layerDiff(parseDigest(image.id));
  const paths = artifactPaths(manifest.blobs);
  return manifest.blobs.map(({ digest, sizeBytes }, at) => ({
    path: joinPath(diff, ...(paths[at] ?? '').split('/')),
    digest,
    sizeBytes,
  }));
}

const header = { mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 } as const;

async function addBytes(archive: Pack, name: string, bytes: Buffer): Promise<void> {
  const added = Promise.withResolvers<void>();
  const entry: Partial<Header> & { name: string } = { ...header, name, size: bytes.length };
  archive.entry(entry, bytes, (error) => (error ? added.reject(error) : added.resolve()));
  await added.promise;
}

async function addFile(archive: Pack, file: BlobFile, signal: AbortSignal): Promise<void> {
  const entry = archive.entry({ ...header, name: blobName(file.digest), size: file.sizeBytes });
  await pipeline(createReadStream(file.path, { highWaterMark: 256 * 1024 }), entry, { signal });
}
