/**
 * Manifests and indexes of OCI and Docker schema 2, from hostile bytes to checked data. Pure.
 * Source: OCI image spec, manifest.md, image-index.md, descriptor.md; Docker image manifest version 2, schema 2.
 */
import { type Digest, isDigest } from '../../base/ids.ts';
import { badImage, type JsonObject, parseJson } from './document.ts';
import { documentLimits } from '../limits.ts';
import type { Platform } from './platform.ts';

export const mediaType = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  empty: 'application/vnd.oci.empty.v1+json',
} as const;

/** What we tell a registry that we understand, best first. */
export const acceptedManifests: readonly string[] = [
  mediaType.ociIndex,
  mediaType.dockerList,
  mediaType.ociManifest,
  mediaType.dockerManifest,
];

/** Source: OCI image spec, annotations.md. */
const titleAnnotation = 'org.opencontainers.image.title';

const layerTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.oci.image.layer.v1.tar+zstd',
  'application/vnd.oci.image.layer.nondistributable.v1.tar',
  'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
  'application/vnd.docker.image.rootfs.diff.tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
  'application/vnd.docker.image.rootfs.diff.tar.zstd',
  'application/vnd.docker.image.rootfs.foreign.diff.tar',
  'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
]);

/** Content by digest; `urls` of the document are ignored on purpose (CVE-2020-15157). */
export type Descriptor = {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
};

export type IndexEntry = Descriptor & {
  readonly platform: Platform | null;
  /** As they stand there: hostile text. */
  readonly annotations: ReadonlyMap<string, string>;
};

export type Manifest = {
  readonly kind: 'manifest';
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
};

export type ArtifactBlob = Descriptor & {
  /** `org.opencontainers.image.title`, as it stands there: hostile text. */
  readonly title: string | null;
};

/** A manifest whose config is none of a container image. */
export type ArtifactManifest = {
  readonly kind: 'artifact';
  /** `application/vnd.example.model`; what the manifest calls itself, else the type of its config. */
  readonly artifactType: string;
  readonly blobs: readonly ArtifactBlob[];
};

export type Index = { readonly kind: 'index'; readonly entries: readonly IndexEntry[] };

/**
 * Parses what a registry sent as a manifest. `contentType` is the answer's header, or null (a file of an OCI layout).
 * @throws InvalidImage when it is of no known type, says one type and is another, or can be read in two ways
 */
export function parseManifest(
  bytes: Uint8Array,
  contentType: string | null,
): Manifest | ArtifactManifest | Index {
  if (bytes.length > documentLimits.manifestBytes)
    throw badImage(`manifest: ${bytes.length} bytes, at most ${documentLimits.manifestBytes} are read`);
  const document = parseJson(bytes, 'manifest');
  if (document.has('layers') && document.has('manifests'))
    throw badImage('manifest: has both "layers" and "manifests", so two readers could see two images');
  if (document.has('fsLayers') || document.has('signatures'))
    throw badImage('manifest: Docker schema 1 is not supported; push the image again with a current tool');
  if (!document.has('schemaVersion') || document.count('schemaVersion') !== 2)
    document.refuse('schemaVersion', '2');
  const type = typeOf(document, contentType);
  const isIndex = type === mediaType.ociIndex || type === mediaType.dockerList;
  return isIndex ? parseIndex(document) : parseImageOrArtifact(document);
}

function typeOf(document: JsonObject, contentType: string | null): string {
  const header = contentType?.split(';')[0]?.trim().toLowerCase() ?? null;
  const own = document.stringOrNull('mediaType');
  const shape = document.has('manifests') ? mediaType.ociIndex : mediaType.ociManifest;
  const isKnownHeader = header !== null && acceptedManifests.includes(header);
  const type = own ?? (isKnownHeader ? header : shape);
  if (!acceptedManifests.includes(type))
    throw badImage(`manifest: media type "${clip(type)}" is not an image`);
  if (own !== null && isKnownHeader && own !== header)
    throw badImage(`manifest: is "${clip(own)}" and was sent as "${header}"`);
  const isIndex = type === mediaType.ociIndex || type === mediaType.dockerList;
  if (isIndex !== (shape === mediaType.ociIndex))
    throw badImage(`manifest: its content is not of type "${type}"`);
  return type;
}

function parseIndex(document: JsonObject): Index {
  const entries = document.objects('manifests', documentLimits.indexEntries).map((each) => ({
    ...parseDescriptor(each),
    platform: parsePlatform(each.objectOrNull('platform')),
    annotations: parseAnnotations(each.objectOrNull('annotations')),
  }));
  return { kind: 'index', entries };
}

function parseImageOrArtifact(document: JsonObject): Manifest | ArtifactManifest {
  const config = parseDescriptor(document.object('config'));
  const isImage = config.mediaType === mediaType.ociConfig || config.mediaType === mediaType.dockerConfig;
  return isImage ? parseImage(document, config) : parseArtifact(document, config);
}

function parseArtifact(document: JsonObject, config: Descriptor): ArtifactManifest {
  const blobs = document.objects('layers', documentLimits.artifactBlobs).map((each) => ({
    ...parseDescriptor(each),
    title: each.objectOrNull('annotations')?.stringOrNull(titleAnnotation) ?? null,
  }));
  return {
    kind: 'artifact',
    artifactType: clip(document.stringOrNull('artifactType') ?? config.mediaType),
    // An artifact of nothing but annotations has the empty blob, because manifests need one.
    blobs: blobs.filter((blob) => blob.mediaType !== mediaType.empty || blob.title !== null),
  };
}

function parseImage(document: JsonObject, config: Descriptor): Manifest {
  if (config.sizeBytes > documentLimits.configBytes)
    throw badImage(
      `manifest: config of ${config.sizeBytes} bytes, at most ${documentLimits.configBytes} are read`,
    );
  const layers = document.objects('layers', documentLimits.layers).map(parseDescriptor);
  for (const layer of layers) {
    if (!layerTypes.has(layer.mediaType))
      throw badImage(`manifest: layer "${layer.digest}" has unknown media type "${clip(layer.mediaType)}"`);
  }
  return { kind: 'manifest', config, layers };
}

function parseDescriptor(object: JsonObject): Descriptor {
  const digest = object.string('digest');
  if (!isDigest(digest)) return object.refuse('digest', 'sha256:<64 hex> or sha512:<128 hex>');
  return { mediaType: object.string('mediaType'), digest, sizeBytes: object.count('size') };
}

function parsePlatform(object: JsonObject | null): Platform | null {
  if (object === null) return null;
  return {
    os: object.stringOrNull('os') ?? '',
    architecture: object.stringOrNull('architecture') ?? '',
    variant: object.stringOrNull('variant'),
  };
}

function parseAnnotations(object: JsonObject | null): ReadonlyMap<string, string> {
  const names = object?.names() ?? [];
  return new Map(
    names.flatMap((name) => {
      const value = object?.stringOrNull(name) ?? null;
      return value === null ? [] : [[name, value] as const];
    }),
  );
}

function clip(text: string): string {
  return text.slice(0, 120);
}
