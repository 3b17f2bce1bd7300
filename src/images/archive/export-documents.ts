/**
 * The documents of an exported archive. Pure: the same images give the same bytes.
 * Source: OCI image spec, manifest.md, image-layout.md; Docker image spec v1.2, `manifest.json`.
 */
import { parseDigest } from '../../base/ids.ts';
import { digestOf } from '../disk/blobs.ts';
import type { LayerRecord } from '../disk/layer-record.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { mediaType } from '../documents/manifest.ts';
import { blobName } from './archive-files.ts';
import type { Document } from './found-image.ts';

/** One image on its way out. */
export type Exported = {
  /** Tags that were asked for: `docker.io/library/busybox:latest`. */
  readonly names: readonly string[];
  readonly manifest: Document;
  /** Null: an artifact. */
  readonly config: Document | null;
  /** What else the manifest names and is neither layer nor file. */
  readonly others: readonly Document[];
  /** Lowest first, as the config lists them. */
  readonly layers: readonly LayerRecord[];
  readonly artifact: ImageRecord | null;
};

/** The manifest of an image whose layers are not compressed. */
export function imageManifest(config: Document, layers: readonly LayerRecord[]): Document {
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaType.ociManifest,
      config: { mediaType: mediaType.ociConfig, digest: config.digest, size: config.bytes.length },
      layers: layers.map(({ diffId, archiveBytes }) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar',
        digest: diffId,
        size: archiveBytes,
      })),
    }),
  );
  return { digest: parseDigest(digestOf(bytes)), bytes };
}

/** One entry for each name: that is how tools find an image in a layout. */
export function ociIndex(exported: readonly Exported[]): Buffer {
  const manifests = exported.flatMap(({ names, manifest }) => {
    const descriptor = {
      mediaType: mediaType.ociManifest,
      digest: manifest.digest,
      size: manifest.bytes.length,
    };
    if (names.length === 0) return [descriptor];
    return names.map((name) => ({
      ...descriptor,
      annotations: {
        'io.containerd.image.name': name,
        'org.opencontainers.image.ref.name': tagOf(name),
      },
    }));
  });
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaType.ociIndex, manifests }));
}

/** Null when there is no image that docker could load. */
export function dockerManifest(exported: readonly Exported[]): Buffer | null {
  const images = exported.flatMap(({ names, config, layers }) =>
    config === null
      ? []
      : [
          {
            Config: blobName(config.digest),
            RepoTags: names,
            Layers: layers.map(({ diffId }) => blobName(diffId)),
          },
        ],
  );
  return images.length === 0 ? null : Buffer.from(JSON.stringify(images));
}

function tagOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
