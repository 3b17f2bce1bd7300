/**
 * Signatures as cosign attaches them: a manifest under the tag `sha256-HEX.sig`, whose layers are the signed words and
 * whose annotations hold the signature over them.
 * Source: sigstore/cosign specs/SIGNATURE_SPEC.md; containers/image docs/containers-sigstore.
 */
import { type KeyObject, verify } from 'node:crypto';
import { type Digest, isDigest } from '../../base/ids.ts';
import { parseJson } from '../documents/document.ts';
import type { Descriptor } from '../documents/manifest.ts';

/** The signed words and the signature over them. */
export type Attachment = { readonly payload: Descriptor; readonly signature: Buffer };

export type SignedWords = { readonly digest: string; readonly name: string };

const payloadType = 'application/vnd.dev.cosign.simplesigning.v1+json';
const signatureKey = 'dev.cosignproject.cosign/signature';
const maxAttachments = 128;
const maxPayloadBytes = 64 * 1024;

/** The tag under which the signatures of a manifest lie. */
export function signatureTag(digest: Digest): string {
  return `${digest.replace(':', '-')}.sig`;
}

/** What a signature manifest lists; entries of other kinds are left out. @throws InvalidImage */
export function attachmentsOf(manifest: Uint8Array): readonly Attachment[] {
  const layers = parseJson(manifest, 'signature manifest').objects('layers', maxAttachments);
  return layers.flatMap((layer) => {
    const digest = layer.string('digest');
    const sizeBytes = layer.count('size');
    const text = layer.objectOrNull('annotations')?.stringOrNull(signatureKey) ?? '';
    const isOurs = layer.string('mediaType') === payloadType && text !== '' && sizeBytes <= maxPayloadBytes;
    if (!isOurs || !isDigest(digest)) return [];
    const payload = { mediaType: payloadType, digest, sizeBytes };
    return [{ payload, signature: Buffer.from(text, 'base64') }];
  });
}

/** Whether one of the keys made the signature. */
export function isSignedBy(payload: Uint8Array, signature: Uint8Array, keys: readonly KeyObject[]): boolean {
  return keys.some((key) => {
    const isEdwards = key.asymmetricKeyType === 'ed25519';
    try {
      return verify(isEdwards ? null : 'sha256', payload, key, signature);
    } catch {
      // Not even of the key's form.
      return false;
    }
  });
}

/** What was signed. @throws InvalidImage */
export function readPayload(payload: Uint8Array): SignedWords {
  const critical = parseJson(payload, 'signed payload').object('critical');
  if (critical.string('type') !== 'cosign container image signature')
    critical.refuse('type', '"cosign container image signature"');
  return {
    digest: critical.object('image').string('docker-manifest-digest'),
    name: critical.object('identity').string('docker-reference'),
  };
}
