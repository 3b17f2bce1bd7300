/**
 * Artifacts: manifests whose config is none of a container image, like models, charts and signatures. Their blobs become
 * files called by their titles, in one directory that the store keeps as if it were a layer, under the digest of the
 * manifest; so that all that holds for layers (durability, collection, volumes) holds for it. The manifest's digest is also
 * the image's id, because all artifacts share the config `{}`.
 * Source: OCI image spec, manifest.md, "Guidelines for Artifact Usage"; crio.conf(5), oci_artifact_mount_support.
 */
import { chmod, link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../../base/errors.ts';
import { type AbsolutePath, type Digest, joinPath, parseDigest, parseImageId } from '../../base/ids.ts';
import { nowNs } from '../../base/time.ts';
import { artifactPaths, parentsOf } from '../documents/artifact-title.ts';
import { digestOf } from '../disk/blobs.ts';
import type { LayerRecord } from '../disk/layer-record.ts';
import { bytesOnDisk, directoryBytes } from '../usage/disk-blocks.ts';
import { Workspace } from '../disk/workspace.ts';
import type { ImageParts } from '../image-parts.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { artifactRest, emptyBlob } from '../documents/artifact-rest.ts';
import {
  type ArtifactBlob,
  type ArtifactManifest,
  type Descriptor,
  parseManifest,
} from '../documents/manifest.ts';
import { documentLimits } from '../limits.ts';
import type { Observer } from '../progress.ts';
import { canonicalName, digestNameOf, type Reference, tagNameOf } from '../names/reference.ts';
import { GrowingFile } from '../unpack/growing-file.ts';
import { Connections, type SpareConnection } from './connections.ts';

/** Writes a blob's bytes into an empty file, its digest verified. */
export type FetchBlob = (blob: ArtifactBlob, arrival: BlobArrival) => Promise<void>;

export type BlobArrival = {
  readonly file: GrowingFile;
  readonly signal: AbortSignal;
  readonly spare: SpareConnection;
};

export type ArtifactSource = {
  readonly reference: Reference;
  readonly manifest: ArtifactManifest;
  /** The index, if there is one, and the manifest. */
  readonly documents: readonly { readonly digest: Digest; readonly bytes: Buffer }[];
  readonly fetch: FetchBlob;
  /** Brings a document that the manifest names and that is no file, its digest verified. */
  readonly fetchDocument: (descriptor: Descriptor) => Promise<Buffer>;
  /** Whether there is another place to fetch it from, after what came failed like this. */
  readonly mayRetry: (blob: ArtifactBlob, failure: unknown) => boolean;
  readonly observe: Observer;
};

/** The caller holds leases on the documents. @throws InvalidImage, and what `fetch` throws */
export async function storeArtifact(
  parts: ImageParts,
  source: ArtifactSource,
  signal: AbortSignal,
): Promise<ImageRecord> {
  const bytes = source.documents.at(-1)?.bytes ?? Buffer.alloc(0);
  const digest = parseDigest(digestOf(bytes));
  const rest = keptRest(bytes);
  return await parts.leases.during([digest, ...rest.map((each) => each.digest)], async () => {
    for (const descriptor of rest)
      await parts.blobs.write(
        descriptor.digest,
        (await parts.blobs.read(descriptor.digest)) ?? (await source.fetchDocument(descriptor)),
      );
    const layer = parts.layers.get(digest) ?? (await bring(parts, { ...source, digest }, signal));
    await parts.blobs.write(digest, bytes);
    for (const document of source.documents) await parts.blobs.write(document.digest, document.bytes);
    signal.throwIfAborted();
    return await parts.catalog.add(recordOf(source, layer));
  });
}

/** Kept so that the artifact can be exported as a whole; of another size only files are. */
function keptRest(manifestBytes: Buffer): readonly Descriptor[] {
  return artifactRest(manifestBytes).filter(
    ({ digest, sizeBytes }) => digest !== emptyBlob.digest && sizeBytes <= documentLimits.configBytes,
  );
}

type Bringing = ArtifactSource & { readonly digest: Digest };

async function bring(parts: ImageParts, source: Bringing, signal: AbortSignal): Promise<LayerRecord> {
  const { blobs } = source.manifest;
  const paths = artifactPaths(blobs);
  const totalBytes = blobs.reduce((sum, blob) => sum + blob.sizeBytes, 0);
  source.observe({
    kind: 'layers',
    reference: canonicalName(source.reference),
    layers: blobs.map(({ digest, sizeBytes }) => ({ digest, sizeBytes, state: 'waiting' })),
  });
  await using workspace = await Workspace.open(parts.layout.temporary);
  const directory = workspace.newPath('artifact');
  const diff = joinPath(directory, 'diff');
  await mkdir(diff, { recursive: true });
  const present = await presentFiles(parts);
  const connections = new Connections(parts);
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const runs = blobs.map(async (blob, at) => {
    try {
      const path = joinPath(diff, ...(paths[at] ?? '').split('/'));
      await bringBlob({ ...source, blob, path, present, connections }, both);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  });
  const results = await Promise.allSettled(runs);
  // The first failure stopped the others, whose own failures only repeat it.
  if (results.some((result) => result.status === 'rejected')) throw both.reason;
  const folders = [...new Set(paths.flatMap(parentsOf))];
  for (const folder of ['', ...folders]) await chmod(folder === '' ? diff : joinPath(diff, folder), 0o755);
  const record: LayerRecord = {
    diffId: source.digest,
    archiveBytes: totalBytes,
    contentBytes: totalBytes,
    disk: {
      usedBytes:
        blobs.reduce((sum, { sizeBytes }) => sum + bytesOnDisk(sizeBytes), 0) +
        (folders.length + 1) * directoryBytes,
      inodes: paths.length + folders.length + 1,
    },
    entries: paths.length + folders.length + 1,
    isRebuildable: false,
    root: { mode: 0o755, uid: 0, gid: 0 },
    impliedDirectories: [],
    opaqueDirectories: [],
    replacingDirectories: [],
    foreignLinks: [],
  };
  await parts.layers.publishDurably([await parts.layers.finish(directory, record)]);
  return record;
}

type BlobWork = Bringing & {
  readonly blob: ArtifactBlob;
  readonly path: AbsolutePath;
  readonly present: ReadonlyMap<Digest, AbsolutePath>;
  readonly connections: Connections;
};

async function bringBlob(work: BlobWork, signal: AbortSignal): Promise<void> {
  const { blob, path, present, observe, connections } = work;
  const { digest } = blob;
  await mkdir(dirname(path), { recursive: true });
  const there = present.get(digest);
  if (there !== undefined && (await tryLink(there, path)))
    return observe({ kind: 'state', digest, state: 'present' });
  await connections.with(signal, async (spare) => {
    observe({ kind: 'state', digest, state: 'downloading' });
    await fetchPatiently(work, { signal, spare });
    observe({ kind: 'state', digest, state: 'downloaded' });
  });
  await chmod(path, 0o644);
  observe({ kind: 'state', digest, state: 'unpacked' });
}

/** Once more from another place when what came from one was wrong; each place is dropped at most once. */
async function fetchPatiently(work: BlobWork, arrival: Omit<BlobArrival, 'file'>): Promise<void> {
  const { blob, path, observe } = work;
  for (;;) {
    await writeFile(path, '', { flag: 'wx', mode: 0o600 });
    const file = new GrowingFile(path);
    file.onGrowth(() => observe({ kind: 'bytes', digest: blob.digest, receivedBytes: file.availableBytes }));
    try {
      return await work.fetch(blob, { ...arrival, file });
    } catch (error) {
      if (arrival.signal.aborted || !work.mayRetry(blob, error)) throw error;
      await rm(path, { force: true });
    }
  }
}

/** The files of all artifacts by digest: versions of a model share their large parts. */
async function presentFiles(parts: ImageParts): Promise<ReadonlyMap<Digest, AbsolutePath>> {
  const found = new Map<Digest, AbsolutePath>();
  for (const image of parts.catalog.all()) {
    if (image.artifactType === null) continue;
    const bytes = await parts.blobs.read(parseDigest(image.id));
    const manifest = bytes === null ? null : parseManifest(bytes, null);
    if (manifest?.kind !== 'artifact') continue;
    const diff = parts.layout.layerDiff(parseDigest(image.id));
    artifactPaths(manifest.blobs).forEach((path, at) => {
      const digest = manifest.blobs[at]?.digest;
      if (digest !== undefined) found.set(digest, joinPath(diff, ...path.split('/')));
    });
  }
  return found;
}

/** False when the file is gone by now, or has as many names as the file system takes. */
async function tryLink(from: AbsolutePath, to: AbsolutePath): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw error;
    await rm(to, { force: true });
    return false;
  }
}

function recordOf(source: ArtifactSource, layer: LayerRecord): ImageRecord {
  const { reference, documents, manifest } = source;
  const [top, ...inner] = documents;
  const tag = tagNameOf(reference);
  return {
    id: parseImageId(layer.diffId),
    artifactType: manifest.artifactType,
    repoTags: tag === null ? [] : [tag],
    repoDigests: top === undefined ? [] : [digestNameOf(reference, top.digest)],
    otherDigests: inner.map(({ digest }) => digestNameOf(reference, digest)),
    manifests: [
      ...documents.map(({ digest }) => digest),
      ...keptRest(documents.at(-1)?.bytes ?? Buffer.alloc(0)).map(({ digest }) => digest),
    ],
    layers: [layer.diffId],
    isMended: false,
    root: { mode: 0o755, uid: 0, gid: 0 },
    sizeBytes:
      BigInt(layer.contentBytes) + documents.reduce((sum, { bytes }) => sum + BigInt(bytes.length), 0n),
    uid: null,
    username: '',
    pulledAtNs: nowNs(),
  };
}
