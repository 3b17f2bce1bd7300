/**
 * Holds a pull against policy.json before anything of the image is taken: what is not met is refused with the class that
 * the kubelet knows. A demand that cannot be checked here is not met.
 * Source: containers-policy.json(5); reference of the kubelet's error classes (SignatureValidationFailed).
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { CriError, failedPrecondition, messageOf, unknown as unknownError } from '../../base/errors.ts';
import { readLinked } from '../../base/files.ts';
import type { Digest } from '../../base/ids.ts';
import { canonicalName, type Reference } from '../names/reference.ts';
import type { Repository } from '../registry/repository.ts';
import { isSignedFor } from './identity.ts';
import type { Demand, KeySource } from './policy.ts';
import { attachmentsOf, isSignedBy, readPayload, signatureTag } from './sigstore.ts';

export type Signed = {
  readonly reference: Reference;
  readonly repository: Pick<Repository, 'manifest' | 'blob'>;
  /** Of the manifest, and of the index that it was chosen from: a signature of either will do. */
  readonly digests: readonly Digest[];
};

const maxKeyBytes = 64 * 1024;

/** Whether every image meets them, signed or not. */
export function isMetByAnything(demands: readonly Demand[]): boolean {
  return demands.every((demand) => demand.type === 'insecureAcceptAnything');
}

/** @throws SignatureValidationFailed, SignaturePolicyInvalid, and the registry's failures */
export async function checkSignatures(
  demands: readonly Demand[],
  image: Signed,
  signal: AbortSignal,
): Promise<void> {
  for (const demand of demands) {
    switch (demand.type) {
      case 'insecureAcceptAnything':
        break;
      case 'reject':
        return refuse(image, 'the signature policy rejects it');
      case 'unknown':
        return refuse(image, `the signature policy demands "${demand.name}", which cri-ts cannot check`);
      case 'sigstoreSigned':
        await checkSigstore(demand, image, signal);
        break;
      default:
        demand satisfies never;
    }
  }
}

type SigstoreDemand = Extract<Demand, { readonly type: 'sigstoreSigned' }>;

async function checkSigstore(demand: SigstoreDemand, image: Signed, signal: AbortSignal): Promise<void> {
  const keys = await Promise.all(demand.keys.map(readKey));
  const faults: string[] = [];
  for (const digest of image.digests) {
    for (const fault of await faultsOf({ ...image, demand, keys, digest }, signal)) {
      if (fault === null) return;
      faults.push(fault);
    }
  }
  refuse(image, faults.length === 0 ? 'it has no signature' : faults.slice(0, 3).join('; '));
}

type Check = Omit<Signed, 'digests'> & {
  readonly demand: SigstoreDemand;
  readonly keys: readonly KeyObject[];
  readonly digest: Digest;
};

/** For each signature of a manifest what is wrong with it; null: nothing. */
async function faultsOf(check: Check, signal: AbortSignal): Promise<readonly (string | null)[]> {
  const manifest = await ifThere(check.repository.manifest(signatureTag(check.digest), signal));
  if (manifest === null) return [];
  const faults: (string | null)[] = [];
  for (const { payload, signature } of attachmentsOf(manifest.bytes)) {
    const bytes = await ifThere(check.repository.blob(payload, signal));
    if (bytes === null) faults.push('the signed words are not there');
    else if (isSignedBy(bytes, signature, check.keys)) faults.push(wordsFault(check, bytes));
    else faults.push('signed with another key');
  }
  return faults;
}

function wordsFault({ digest, reference, demand }: Check, bytes: Buffer): string | null {
  const words = readPayload(bytes);
  if (words.digest !== digest) return 'the signature is of another image';
  if (isSignedFor(words.name, reference, demand.identity)) return null;
  return `signed as ${JSON.stringify(words.name.slice(0, 200))}`;
}

async function ifThere<T>(wanted: Promise<T>): Promise<T | null> {
  try {
    return await wanted;
  } catch (error) {
    if (error instanceof CriError && error.reason === 'ImageNotInRegistry') return null;
    throw error;
  }
}

async function readKey(source: KeySource): Promise<KeyObject> {
  const what = 'file' in source ? `read "${source.file}"` : 'signature policy: keyData';
  const pem = 'file' in source ? await readLinked(source.file, maxKeyBytes) : source.pem;
  try {
    if (pem !== null) return createPublicKey(pem);
  } catch (error) {
    throw failedPrecondition(
      'SignaturePolicyInvalid',
      `${what}: expected a public key (${messageOf(error)})`,
    );
  }
  throw failedPrecondition(
    'SignaturePolicyInvalid',
    `${what}: expected a public key, and there is no such file`,
  );
}

function refuse(image: Signed, why: string): never {
  throw unknownError(
    'SignatureValidationFailed',
    `SignatureValidationFailed: image "${canonicalName(image.reference)}": ${why}`,
  );
}
