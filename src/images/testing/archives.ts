/**
 * Archives of images for tests, entry by entry, honest ones and others.
 */
import { pack } from 'tar-stream';
import { sha256 } from './images.ts';

/** Entries of an archive as they are given. */
export type ArchiveEntry = {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly type?: 'file' | 'symlink' | 'link' | 'character-device' | 'directory';
  readonly linkname?: string;
};

export const ociIndex = 'application/vnd.oci.image.index.v1+json';
export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

export async function archiveOf(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content = '', type = 'file', linkname } of entries) {
    if (type === 'file') archive.entry({ name }, content);
    else archive.entry({ name, type, ...(linkname === undefined ? {} : { linkname }) });
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

export function blob(content: string | Buffer): ArchiveEntry {
  return { name: `blobs/${sha256(Buffer.from(content)).replace(':', '/')}`, content };
}

export type IndexEntryOfTest = {
  readonly content: string | Buffer;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: Readonly<Record<string, string>>;
};

/** The document of an index. */
export function indexOf(...entries: readonly IndexEntryOfTest[]): string {
  const manifests = entries.map(({ content, mediaType = ociManifest, ...rest }) => {
    const bytes = Buffer.from(content);
    return { mediaType, digest: sha256(bytes), size: bytes.length, ...rest };
  });
  return JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests });
}

export const hostArchitecture = process.arch === 'x64' ? 'amd64' : process.arch;

/** A config of layers that are not compressed. */
export function configOf(layers: readonly Buffer[], changes: object = {}): string {
  return JSON.stringify({
    architecture: hostArchitecture,
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => sha256(layer)) },
    ...changes,
  });
}

export function manifestOf(config: string, layers: readonly Buffer[]): string {
  const type = 'application/vnd.oci.image';
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: ociManifest,
    config: {
      mediaType: `${type}.config.v1+json`,
      digest: sha256(Buffer.from(config)),
      size: config.length,
    },
    layers: layers.map((layer) => ({
      mediaType: `${type}.layer.v1.tar`,
      digest: sha256(layer),
      size: layer.length,
    })),
  });
}
