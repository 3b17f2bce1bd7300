/**
 * Whether the name in a signature is the right one for the image that is pulled. Pure.
 * Source: containers-policy.json(5), "signedIdentity".
 */
import { parseReference, type Reference, repositoryOf } from '../names/reference.ts';
import type { SignedIdentity } from './policy.ts';

/** `signed` is what the signature says, hostile. */
export function isSignedFor(signed: string, reference: Reference, identity: SignedIdentity): boolean {
  switch (identity.type) {
    case 'matchRepository':
      return isSameRepository(signed, repositoryOf(reference));
    case 'exactRepository':
      return isSameRepository(signed, identity.name);
    case 'exactReference':
      return isSameName(signed, identity.name);
    case 'matchExact':
      return reference.digest === null && isSameName(signed, fullName(reference));
    case 'matchRepoDigestOrExact':
      return isRepoOrExact(signed, reference);
    case 'remapIdentity':
      return isRepoOrExact(signed, remapped(reference, identity.prefix, identity.signedPrefix));
    default:
      return identity satisfies never;
  }
}

function isRepoOrExact(signed: string, reference: Reference): boolean {
  return reference.digest === null
    ? isSameName(signed, fullName(reference))
    : isSameRepository(signed, repositoryOf(reference));
}

/** The reference with a prefix of its name replaced; one without the prefix stays. */
function remapped(reference: Reference, prefix: string, signedPrefix: string): Reference {
  const name = repositoryOf(reference);
  if (name !== prefix && !name.startsWith(`${prefix}/`)) return reference;
  const renamed = parseOrNull(`${signedPrefix}${name.slice(prefix.length)}`);
  return renamed === null ? reference : { ...reference, domain: renamed.domain, path: renamed.path };
}

function isSameRepository(one: string, other: string): boolean {
  const [left, right] = [parseOrNull(one), parseOrNull(other)];
  return left !== null && right !== null && repositoryOf(left) === repositoryOf(right);
}

/** The same name with the same tag; a name without one is not exact. */
function isSameName(one: string, other: string): boolean {
  const [left, right] = [parseOrNull(one), parseOrNull(other)];
  if (left === null || right === null || !hasTag(one) || !hasTag(other)) return false;
  return left.digest === null && right.digest === null && fullName(left) === fullName(right);
}

function hasTag(name: string): boolean {
  return /:[^/:]+$/.test(name);
}

function fullName(reference: Reference): string {
  return `${repositoryOf(reference)}:${reference.tag ?? ''}`;
}

function parseOrNull(name: string): Reference | null {
  try {
    return parseReference(name);
  } catch {
    // Not a name: the same as nothing.
    return null;
  }
}
