/**
 * What the manifest of an artifact names besides the artifact's files: its config, and the empty blob that stands for no
 * file. Without it a layout would not be whole. Pure.
 * Source: OCI image spec, manifest.md, "Guidance for an Empty Descriptor".
 */
import { type Digest, isDigest, parseDigest } from '../../base/ids.ts';
import { documentLimits } from '../limits.ts';
import { type JsonObject, parseJson } from './document.ts';
import { type Descriptor, parseManifest } from './manifest.ts';

/** The content that every descriptor of type `application/vnd.oci.empty.v1+json` has. */
export const emptyBlob = {
  digest: parseDigest('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'),
  bytes: Buffer.from('{}'),
} as const;

/** @throws InvalidImage */
export function artifactRest(manifestBytes: Uint8Array): readonly Descriptor[] {
  const manifest = parseManifest(manifestBytes, null);
  const files = new Set<Digest>(
    manifest.kind === 'artifact' ? manifest.blobs.map(({ digest }) => digest) : [],
  );
  const document = parseJson(manifestBytes, 'manifest');
  const named = [document.object('config'), ...document.objects('layers', documentLimits.artifactBlobs)];
  const rest = named.map(descriptorOf).filter(({ digest }) => !files.has(digest));
  return [...new Map(rest.map((descriptor) => [descriptor.digest, descriptor])).values()];
}

function descriptorOf(object: JsonObject): Descriptor {
  const digest = object.string('digest');
  if (!isDigest(digest)) return object.refuse('digest', 'a digest');
  return { mediaType: object.string('mediaType'), digest, sizeBytes: object.count('size') };
}
