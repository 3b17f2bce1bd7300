/**
 * Names of images: parsing, the short forms of docker.io, and the text forms that clients see. Pure: no store, no network.
 * Source: distribution/reference grammar (domain, path components, tag, digest); OCI distribution spec, `<name>`.
 */
import { invalid } from '../../base/errors.ts';
import { type Digest, isDigest } from '../../base/ids.ts';

/** A fully qualified name. With both tag and digest the digest decides and the tag is decoration. */
export type Reference = {
  /** `docker.io`, `localhost:5000`. */
  readonly domain: string;
  /** `library/busybox`. */
  readonly path: string;
  readonly tag: string | null;
  readonly digest: Digest | null;
};

const defaultDomain = 'docker.io';
const defaultTag = 'latest';
const maxNameBytes = 255;
const maxReferenceBytes = 1024;

const domainForm = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$/;
const componentForm = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const tagForm = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}$/;
const hexForm = /^[0-9a-f]+$/;

/** Shorter texts of hex digits are names and never id prefixes: a short name must not meet an image by chance. */
const minIdPrefixLength = 8;

/**
 * The names that a text can mean, in the order in which they are tried: one when it names its registry, else one for
 * each registry of `searchDomains`. A name without tag and digest gets `:latest`.
 * @throws InvalidImageName
 */
export function parseReferences(
  text: string,
  searchDomains: readonly string[] = [defaultDomain],
): readonly Reference[] {
  if (text === '' || text.length > maxReferenceBytes) refuse(text, 'expected a name of 1 to 1024 characters');
  const { name, tag, digest } = splitReference(text);
  const qualified = splitDomain(name);
  const domains = qualified.domain === null ? searchDomains : [qualified.domain];
  if (domains.length === 0)
    refuse(text, 'expected a name with its registry (no unqualified-search-registries are set)');
  return domains.map((domain) => checked(text, { domain, path: qualified.path, tag, digest }));
}

/** The first meaning of a text. @throws InvalidImageName */
export function parseReference(text: string, searchDomains?: readonly string[]): Reference {
  const [first] = parseReferences(text, searchDomains);
  return first ?? refuse(text, 'expected a name');
}

/** Whether the text leaves out its registry (`busybox`, `library/busybox:1`). */
export function isShortName(text: string): boolean {
  return splitDomain(splitReference(text).name).domain === null;
}

/** The text with its name replaced by what the name stands for; tag and digest stay. @throws InvalidImageName */
export function expandAlias(text: string, aliases: ReadonlyMap<string, string>): string {
  if (aliases.size === 0 || text === '' || text.length > maxReferenceBytes) return text;
  const { name } = splitReference(text);
  const full = aliases.get(name);
  return full === undefined ? text : `${full}${text.slice(name.length)}`;
}

/** `docker.io/library/busybox`. */
export function repositoryOf(reference: Pick<Reference, 'domain' | 'path'>): string {
  return `${reference.domain}/${reference.path}`;
}

/** `docker.io/library/busybox:latest`, or null for a name by digest. */
export function tagNameOf(reference: Reference): string | null {
  if (reference.digest !== null || reference.tag === null) return null;
  return `${repositoryOf(reference)}:${reference.tag}`;
}

/** `docker.io/library/busybox@sha256:…`. */
export function digestNameOf(reference: Pick<Reference, 'domain' | 'path'>, digest: Digest): string {
  return `${repositoryOf(reference)}@${digest}`;
}

/** The name as it is looked up: by digest when there is one, else by tag. */
export function canonicalName(reference: Reference): string {
  if (reference.digest !== null) return digestNameOf(reference, reference.digest);
  return `${repositoryOf(reference)}:${reference.tag ?? defaultTag}`;
}

/** What the registry is asked for: the digest, else the tag. */
export function manifestReference(reference: Reference): string {
  return reference.digest ?? reference.tag ?? defaultTag;
}

/**
 * The hex digits when a text is an image id or a prefix of one (`sha256:` before it is allowed), else null.
 * Full ids have 64; a prefix has at least 8.
 */
export function idPrefixOf(text: string): string | null {
  const isMarked = text.startsWith('sha256:');
  const hex = isMarked ? text.slice('sha256:'.length) : text;
  if (hex.length > 64 || !hexForm.test(hex)) return null;
  return isMarked || hex.length >= minIdPrefixLength ? hex : null;
}

type Parts = { readonly name: string; readonly tag: string | null; readonly digest: Digest | null };

function splitReference(text: string): Parts {
  const [beforeDigest = '', ...digests] = text.split('@');
  if (digests.length > 1) refuse(text, 'expected at most one "@"');
  const digest = digests[0] === undefined ? null : parseDigestPart(text, digests[0]);
  const colon = beforeDigest.lastIndexOf(':');
  const hasTag = colon > beforeDigest.lastIndexOf('/') && !beforeDigest.endsWith(']');
  const name = hasTag ? beforeDigest.slice(0, colon) : beforeDigest;
  const tag = hasTag ? beforeDigest.slice(colon + 1) : digest === null ? defaultTag : null;
  if (tag !== null && !tagForm.test(tag)) refuse(text, 'expected a tag of letters, digits, "_", "." and "-"');
  return { name, tag, digest };
}

function parseDigestPart(text: string, part: string): Digest {
  return isDigest(part) ? part : refuse(text, 'expected sha256:<64 hex> or sha512:<128 hex> after "@"');
}

function splitDomain(name: string): { readonly domain: string | null; readonly path: string } {
  const slash = name.indexOf('/');
  if (slash < 0) return { domain: null, path: name };
  const first = name.slice(0, slash);
  const isDomain = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first;
  return isDomain ? { domain: first, path: name.slice(slash + 1) } : { domain: null, path: name };
}

function checked(text: string, reference: Reference): Reference {
  const domain = reference.domain === 'index.docker.io' ? defaultDomain : reference.domain;
  const isLibrary = domain === defaultDomain && !reference.path.includes('/');
  const path = isLibrary ? `library/${reference.path}` : reference.path;
  if (!domainForm.test(domain))
    refuse(text, 'expected a host name, with or without a port, before the first "/"');
  if (domain.length + 1 + path.length > maxNameBytes) refuse(text, 'expected at most 255 characters of name');
  if (!path.split('/').every((component) => componentForm.test(component)))
    refuse(text, 'expected lower-case letters, digits and single separators in each part of the name');
  if (/^[0-9a-f]{64}$/.test(reference.path)) refuse(text, 'expected a name, not an image id');
  return { ...reference, domain, path };
}

function refuse(text: string, expected: string): never {
  throw invalid('InvalidImageName', `image name ${JSON.stringify(text.slice(0, 300))}: ${expected}`);
}
