/**
 * Builds OCI images in memory from a description: layers of files, a config, one manifest or an index of several. The
 * same description gives the same digests. It knows nothing of registries.
 */
import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';

export type LayerEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly content: Uint8Array | string;
      readonly mode?: number;
    }
  | { readonly kind: 'directory'; readonly path: string; readonly mode?: number }
  | { readonly kind: 'fifo'; readonly path: string }
  | { readonly kind: 'hardlink' | 'symlink'; readonly path: string; readonly target: string };

export type Compression = 'gzip' | 'zstd' | 'none';
export type LayerSource = { readonly entries: readonly LayerEntry[]; readonly compression?: Compression };

/** The part of an OCI image config that a test sets. Source: OCI image spec, config.md. */
export type RunConfig = {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Volumes?: Readonly<Record<string, object>>;
};

export type ImageSource = {
  readonly config: RunConfig;
  readonly layers: readonly LayerSource[];
  /** More than one: an index with a manifest each. The first has the given config, the others differ in nothing else. */
  readonly architectures?: readonly string[];
};

/** Files by title under a manifest that is none of a container image, as `oras push` makes it. */
export type ArtifactSource = {
  readonly artifactType: string;
  readonly files: Readonly<Record<string, string>>;
};

export type Blob = { readonly digest: string; readonly content: Buffer };
export type Manifest = Blob & { readonly mediaType: string };
export type BuiltImage = {
  readonly blobs: readonly Blob[];
  /** Manifests to push by digest, before the top one is pushed by its tag. */
  readonly parts: readonly Manifest[];
  readonly top: Manifest;
  /** The digest of the config of this machine's architecture: the image's id. */
  readonly imageId: string;
  /** The digest of the manifest of this machine's architecture. */
  readonly manifestDigest: string;
};

const layerType = 'application/vnd.oci.image.layer.v1.tar';
const mediaTypes = { gzip: `${layerType}+gzip`, zstd: `${layerType}+zstd`, none: layerType } as const;

/** This machine's architecture by its OCI name. */
export const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

export function sha256(content: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

type BuiltLayer = { readonly blob: Blob; readonly diffId: string; readonly mediaType: string };

/** Builds either kind. */
export async function buildSource(source: ImageSource | ArtifactSource): Promise<BuiltImage> {
  return 'files' in source ? buildArtifact(source) : await buildImage(source);
}

async function buildImage(source: ImageSource): Promise<BuiltImage> {
  const layers = await Promise.all(source.layers.map(buildLayer));
  const architectures = source.architectures ?? [architecture];
  const each = architectures.map((arch) => buildManifest(source, layers, arch));
  const ours = each[0];
  if (ours === undefined) throw new Error('an image needs an architecture');
  const common = {
    blobs: [...layers.map((layer) => layer.blob), ...each.map((one) => one.config)],
    imageId: ours.config.digest,
    manifestDigest: ours.manifest.digest,
  };
  if (each.length === 1) return { ...common, parts: [], top: ours.manifest };
  const index = jsonBlob({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: each.map((one) => ({
      ...descriptor(one.manifest, one.manifest.mediaType),
      platform: { architecture: one.architecture, os: 'linux' },
    })),
  });
  const top = { ...index, mediaType: 'application/vnd.oci.image.index.v1+json' };
  return { ...common, parts: each.map((one) => one.manifest), top };
}

/** Its id is the digest of its manifest. */
function buildArtifact(source: ArtifactSource): BuiltImage {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = { digest: sha256('{}'), content: Buffer.from('{}') };
  const files = Object.entries(source.files).map(([title, text]) => {
    const content = Buffer.from(text);
    return { title, blob: { digest: sha256(content), content } };
  });
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType,
    artifactType: source.artifactType,
    config: descriptor(config, 'application/vnd.oci.empty.v1+json'),
    layers: files.map(({ title, blob }) => ({
      ...descriptor(blob, 'application/octet-stream'),
      annotations: { 'org.opencontainers.image.title': title },
    })),
  });
  return {
    blobs: [config, ...files.map(({ blob }) => blob)],
    parts: [],
    top: { ...manifest, mediaType },
    imageId: manifest.digest,
    manifestDigest: manifest.digest,
  };
}

function buildManifest(
  source: ImageSource,
  layers: readonly BuiltLayer[],
  arch: string,
): { readonly architecture: string; readonly config: Blob; readonly manifest: Manifest } {
  const config = jsonBlob({
    architecture: arch,
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config: source.config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType,
    config: descriptor(config, 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map((layer) => descriptor(layer.blob, layer.mediaType)),
  });
  return { architecture: arch, config, manifest: { ...manifest, mediaType } };
}

function jsonBlob(value: unknown): Blob {
  const content = Buffer.from(JSON.stringify(value));
  return { digest: sha256(content), content };
}

function descriptor(blob: Blob, mediaType: string): object {
  return { mediaType, digest: blob.digest, size: blob.content.length };
}

/** Layers are shared between images: each is built once. */
const builtLayers = new WeakMap<LayerSource, Promise<BuiltLayer>>();

async function buildLayer(source: LayerSource): Promise<BuiltLayer> {
  const known = builtLayers.get(source) ?? compressLayer(source);
  builtLayers.set(source, known);
  return await known;
}

async function compressLayer(source: LayerSource): Promise<BuiltLayer> {
  const tar = await buildTar(source.entries);
  const compression = source.compression ?? 'gzip';
  const content =
    compression === 'gzip'
      ? gzipSync(tar, { level: 1 })
      : compression === 'zstd'
        ? zstdCompressSync(tar)
        : tar;
  return {
    blob: { digest: sha256(content), content },
    diffId: sha256(tar),
    mediaType: mediaTypes[compression],
  };
}

async function buildTar(entries: readonly LayerEntry[]): Promise<Buffer> {
  const tar = pack();
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    tar.on('data', (chunk) => chunks.push(Buffer.from(chunk as Uint8Array)));
    tar.once('end', resolve);
    tar.once('error', reject);
  });
  for (const entry of entries) addEntry(tar, entry);
  tar.finalize();
  await done;
  return Buffer.concat(chunks);
}

function addEntry(tar: Pack, entry: LayerEntry): void {
  const mtime = new Date(0);
  switch (entry.kind) {
    case 'file':
      tar.entry({ name: entry.path, mode: entry.mode ?? 0o644, mtime }, Buffer.from(entry.content));
      return;
    case 'directory':
      tar.entry({ name: entry.path, type: 'directory', mode: entry.mode ?? 0o755, mtime });
      return;
    case 'fifo':
      tar.entry({ name: entry.path, type: 'fifo', mode: 0o644, mtime });
      return;
    case 'hardlink':
      tar.entry({ name: entry.path, type: 'link', linkname: entry.target, mode: 0o755, mtime });
      return;
    case 'symlink':
      tar.entry({ name: entry.path, type: 'symlink', linkname: entry.target, mtime });
  }
}
