/**
 * Pulls one fully qualified name from its repository. What is in the store already is not fetched again: the whole image
 * when its manifest is known, and each layer by its diffID.
 */
import type { Digest } from '../../base/ids.ts';
import { Steps } from '../../base/steps.ts';
import { assembleImage } from './assembly.ts';
import { checkConfig } from '../documents/check-config.ts';
import { badImage } from '../documents/document.ts';
import { Workspace } from '../disk/workspace.ts';
import { type ImageConfig, parseImageConfig } from '../documents/image-config.ts';
import type { ImageParts } from '../image-parts.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { ingestLayers } from './ingest.ts';
import { layerSource } from './layer-source.ts';
import {
  type ArtifactBlob,
  type ArtifactManifest,
  type Descriptor,
  type Manifest,
  parseManifest,
} from '../documents/manifest.ts';
import { choosePlatform } from '../documents/platform.ts';
import { type FetchBlob, storeArtifact } from './pull-artifact.ts';
import type { Observer } from '../progress.ts';
import {
  canonicalName,
  digestNameOf,
  manifestReference,
  type Reference,
  repositoryOf,
  tagNameOf,
} from '../names/reference.ts';
import type { FetchedManifest } from '../registry/registry-client.ts';
import type { Repository } from '../registry/repository.ts';
import { checkSignatures, isMetByAnything } from '../signatures/check-signatures.ts';
import { demandsOn } from '../signatures/policy.ts';

type Step = 'resolve' | 'manifest' | 'signatures' | 'config' | 'layers' | 'blobs' | 'record' | 'answer';

export type PullTarget = {
  readonly reference: Reference;
  readonly repository: Repository;
  readonly observe: Observer;
};

export async function pullReference(
  parts: ImageParts,
  target: PullTarget,
  signal: AbortSignal,
): Promise<ImageRecord> {
  const steps = new Steps<Step>('PullImage', parts.log);
  const demands = await demandsOn(parts.settings().signaturePolicy, target.reference);
  const present = await steps.run('resolve', async () =>
    isMetByAnything(demands) ? await presentImage(parts, target, signal) : null,
  );
  if (present !== null) return present;
  const found = await steps.run('manifest', async () => await fetchManifest(parts, target, signal));
  await steps.run('signatures', async () => await checkSignatures(demands, { ...target, ...found }, signal));
  const { manifest } = found;
  if (manifest.kind === 'artifact')
    return await parts.leases.during(
      found.digests,
      async () => await pullArtifact(parts, { ...target, ...found, manifest, steps }, signal),
    );
  return await pullImageOf(parts, { ...target, ...found, manifest, steps }, signal);
}

async function pullArtifact(
  parts: ImageParts,
  found: PullTarget & FoundManifest & { readonly manifest: ArtifactManifest; readonly steps: Steps<Step> },
  signal: AbortSignal,
): Promise<ImageRecord> {
  const { repository, steps } = found;
  const { maxLayerDownloads: maxConnections } = parts.settings();
  const fetch: FetchBlob = async (descriptor, { file, spare, signal: each }) =>
    await repository.download({ descriptor, file, sharing: { maxConnections, spare } }, each);
  const mayRetry = ({ digest }: ArtifactBlob, failure: unknown): boolean =>
    repository.dropBringer(digest, failure);
  const fetchDocument = async (descriptor: Descriptor): Promise<Buffer> =>
    await repository.blob(descriptor, signal);
  const source = { ...found, fetch, fetchDocument, mayRetry };
  return await steps.run('layers', async () => await storeArtifact(parts, source, signal));
}

async function pullImageOf(
  parts: ImageParts,
  found: PullTarget & FoundManifest & { readonly manifest: Manifest; readonly steps: Steps<Step> },
  signal: AbortSignal,
): Promise<ImageRecord> {
  const { steps, ...target } = found;
  const { config: descriptor } = found.manifest;
  return await parts.leases.during([descriptor.digest, ...found.digests], async () => {
    const configBytes = await steps.run(
      'config',
      async () => await readConfig(parts, target, { descriptor, signal }),
    );
    const config = parseImageConfig(configBytes);
    const { platform, log } = parts;
    checkConfig(config, { layers: found.manifest.layers.length, of: 'manifest', platform, log });
    return await parts.leases.during(config.diffIds, () =>
      store(parts, { ...found, config, configBytes }, signal),
    );
  });
}

/** The image when it is there under this very name and the registry still means the same by it. */
async function presentImage(
  parts: ImageParts,
  target: PullTarget,
  signal: AbortSignal,
): Promise<ImageRecord | null> {
  const { reference, repository } = target;
  const image = parts.catalog.find(canonicalName(reference));
  if (image === null) return null;
  // Also for a digest: the registry decides whether these credentials may have it.
  const digest = await repository.resolve(manifestReference(reference), signal);
  if (digest === null || !image.repoDigests.includes(digestNameOf(reference, digest))) return null;
  return parts.catalog.get(image.id);
}

type FoundManifest = {
  readonly manifest: Manifest | ArtifactManifest;
  /** The index, if there is one, and the manifest. */
  readonly digests: readonly Digest[];
  readonly documents: readonly FetchedManifest[];
};

async function fetchManifest(
  parts: ImageParts,
  target: PullTarget,
  signal: AbortSignal,
): Promise<FoundManifest> {
  const { reference, repository } = target;
  const top = await repository.manifest(manifestReference(reference), signal);
  const document = parseManifest(top.bytes, top.contentType);
  if (document.kind !== 'index') return { manifest: document, digests: [top.digest], documents: [top] };
  const entry = choosePlatform(document.entries, parts.platform, `image "${canonicalName(reference)}"`);
  const inner = await repository.manifest(entry.digest, signal);
  const manifest = parseManifest(inner.bytes, inner.contentType);
  if (manifest.kind === 'index')
    throw badImage(`image "${canonicalName(reference)}": an index within an index`);
  return { manifest, digests: [top.digest, inner.digest], documents: [top, inner] };
}

async function readConfig(
  parts: ImageParts,
  target: PullTarget,
  want: { readonly descriptor: Descriptor; readonly signal: AbortSignal },
): Promise<Buffer> {
  const stored = await parts.blobs.read(want.descriptor.digest);
  return stored ?? (await target.repository.blob(want.descriptor, want.signal));
}

type Storing = PullTarget &
  FoundManifest & {
    readonly manifest: Manifest;
    readonly config: ImageConfig;
    readonly configBytes: Buffer;
    readonly steps: Steps<Step>;
  };

async function store(parts: ImageParts, image: Storing, signal: AbortSignal): Promise<ImageRecord> {
  const { reference, manifest, config, configBytes, documents, steps } = image;
  await using workspace = await Workspace.open(parts.layout.temporary);
  const sources = manifest.layers.map((layer, at) =>
    layerSource(parts, image, { layer, diffId: config.diffIds[at] }),
  );
  outline(parts, image);
  await steps.run('layers', async () => await ingestLayers(parts, sources, { workspace, signal }));
  await steps.run('blobs', async () => {
    await parts.blobs.write(manifest.config.digest, configBytes);
    for (const { digest, bytes } of documents) await parts.blobs.write(digest, bytes);
  });
  const [top, ...inner] = documents;
  if (top === undefined) throw badImage(`image "${repositoryOf(reference)}": no manifest`);
  const tag = tagNameOf(reference);
  const assembly = {
    configDigest: manifest.config.digest,
    configBytes: configBytes.length,
    config,
    manifests: documents.map((each) => each.digest),
    repoTags: tag === null ? [] : [tag],
    repoDigests: [digestNameOf(reference, top.digest)],
    otherDigests: inner.map((each) => digestNameOf(reference, each.digest)),
  };
  const record = await assembleImage(parts, assembly, signal);
  signal.throwIfAborted();
  const added = await steps.run('record', async () => await parts.catalog.add(record));
  await steps.run('answer', () => undefined);
  return added;
}

function outline(parts: ImageParts, image: Storing): void {
  const layers = image.manifest.layers.map(({ digest, sizeBytes }, at) => {
    const diffId = image.config.diffIds[at];
    const isPresent = diffId !== undefined && parts.layers.get(diffId) !== null;
    return { digest, sizeBytes, state: isPresent ? ('present' as const) : ('waiting' as const) };
  });
  image.observe({ kind: 'layers', reference: canonicalName(image.reference), layers });
}
