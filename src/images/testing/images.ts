/**
 * Images for tests and for the self-check, made on the spot in memory: real tar archives, real digests. It is not used to
 * run anything that a user asked for.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** One entry of a layer. `content` makes a file. */
export type TestEntry = {
  readonly path: string;
  readonly type?: 'file' | 'directory' | 'symlink' | 'link' | 'character-device' | 'block-device' | 'fifo';
  readonly content?: string | Buffer;
  readonly target?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: Date;
  readonly device?: readonly [major: number, minor: number];
  readonly pax?: Readonly<Record<string, string>>;
};

export type Compression = 'gzip' | 'zstd' | 'none';

export type TestLayer = { readonly tar: Buffer; readonly compression?: Compression };

export type TestImage = {
  /** Every blob, the manifest included. */
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly manifest: Buffer;
  readonly manifestDigest: string;
  readonly manifestType: string;
  readonly configDigest: string;
  readonly layerDigests: readonly string[];
};

export async function makeTar(entries: readonly TestEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const entry of entries) {
    const header = headerOf(entry);
    if (header.type !== 'file') archive.entry(header);
    else archive.entry(header, entry.content ?? '');
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function headerOf(entry: TestEntry): Partial<Header> & { name: string; type: NonNullable<Header['type']> } {
  const { type = 'file', uid = 0, gid = 0, target, device, pax } = entry;
  return {
    name: entry.path,
    type,
    mode: entry.mode ?? (type === 'directory' ? 0o755 : 0o644),
    uid,
    gid,
    mtime: entry.mtime ?? new Date(1_700_000_000_000),
    ...(target === undefined ? {} : { linkname: target }),
    ...(device === undefined ? {} : { devmajor: device[0], devminor: device[1] }),
    ...(pax === undefined ? {} : { pax: { ...pax } }),
  };
}

/** An image of the given layers, lowest first. `config` is the inner object (`Env`, `Cmd`, `User`…). */
export function makeImage(
  layers: readonly TestLayer[],
  config: Readonly<Record<string, unknown>> = {},
  options: { readonly architecture?: string; readonly isDocker?: boolean } = {},
): TestImage {
  const blobs = new Map<string, Buffer>();
  const add = (bytes: Buffer): { digest: string; size: number } => {
    const digest = sha256(bytes);
    blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  };
  const isDocker = options.isDocker ?? false;
  const descriptors = layers.map(({ tar, compression = 'gzip' }) => ({
    mediaType: layerType(compression, isDocker),
    ...add(compress(tar, compression)),
  }));
  const configBytes = Buffer.from(
    JSON.stringify({
      architecture: options.architecture ?? 'amd64',
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: layers.map(({ tar }) => sha256(tar)) },
    }),
  );
  const configType = isDocker
    ? 'application/vnd.docker.container.image.v1+json'
    : 'application/vnd.oci.image.config.v1+json';
  const manifestType = isDocker
    ? 'application/vnd.docker.distribution.manifest.v2+json'
    : 'application/vnd.oci.image.manifest.v1+json';
  const configDescriptor = { mediaType: configType, ...add(configBytes) };
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: configDescriptor,
      layers: descriptors,
    }),
  );
  return {
    blobs,
    manifest,
    manifestDigest: add(manifest).digest,
    manifestType,
    configDigest: configDescriptor.digest,
    layerDigests: descriptors.map((each) => each.digest),
  };
}

/** An index over images of several platforms. */
export function makeIndex(
  images: readonly { readonly image: TestImage; readonly architecture: string; readonly variant?: string }[],
  isDocker = false,
): { readonly bytes: Buffer; readonly digest: string; readonly type: string } {
  const type = isDocker
    ? 'application/vnd.docker.distribution.manifest.list.v2+json'
    : 'application/vnd.oci.image.index.v1+json';
  const manifests = images.map(({ image, architecture, variant }) => ({
    mediaType: image.manifestType,
    digest: image.manifestDigest,
    size: image.manifest.length,
    platform: { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) },
  }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests }));
  return { bytes, digest: sha256(bytes), type };
}

/** Writes an image as an OCI layout. */
export async function writeLayout(image: TestImage, directory: string): Promise<void> {
  await mkdir(join(directory, 'blobs/sha256'), { recursive: true });
  for (const [digest, bytes] of image.blobs)
    await writeFile(join(directory, 'blobs', digest.replace(':', '/')), bytes);
  const entry = { mediaType: image.manifestType, digest: image.manifestDigest, size: image.manifest.length };
  const index = { schemaVersion: 2, manifests: [entry] };
  await writeFile(join(directory, 'index.json'), JSON.stringify(index));
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function compress(tar: Buffer, compression: Compression): Buffer {
  if (compression === 'none') return tar;
  return compression === 'gzip' ? gzipSync(tar, { level: 1 }) : zstdCompressSync(tar);
}

function layerType(compression: Compression, isDocker: boolean): string {
  if (isDocker && compression === 'gzip') return 'application/vnd.docker.image.rootfs.diff.tar.gzip';
  const suffix = compression === 'none' ? '' : `+${compression}`;
  return `application/vnd.oci.image.layer.v1.tar${suffix}`;
}
