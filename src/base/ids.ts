/**
 * Branded identifiers and the one parser of each. Nothing else may turn a string into one of these types.
 */
import { invalid } from './errors.ts';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** 64 lower-case hex characters, made by us. */
export type PodId = Branded<'PodId'>;
/** 64 lower-case hex characters, made by us. */
export type ContainerId = Branded<'ContainerId'>;
/** The config digest of an image: `sha256:` and 64 lower-case hex characters. One form everywhere. */
export type ImageId = Branded<'ImageId'>;
/** A content digest: `sha256:` and 64 (or `sha512:` and 128) lower-case hex characters. Source: OCI image spec, descriptor. */
export type Digest = Branded<'Digest'>;
/** A path that starts with `/`, has no `.`/`..`/empty component and no NUL. */
export type AbsolutePath = Branded<'AbsolutePath'>;

const hexId = /^[0-9a-f]{64}$/;
const digestForm = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

function randomHexId(): string {
  return Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(32))).toString('hex');
}

export function newPodId(): PodId {
  return randomHexId() as PodId;
}

export function newContainerId(): ContainerId {
  return randomHexId() as ContainerId;
}

/** @throws InvalidId when the text is not one of our ids. */
export function parsePodId(text: string): PodId {
  if (!hexId.test(text))
    throw invalid('InvalidId', `pod id ${JSON.stringify(text)}: expected 64 hex characters`);
  return text as PodId;
}

/** @throws InvalidId when the text is not one of our ids. */
export function parseContainerId(text: string): ContainerId {
  if (!hexId.test(text))
    throw invalid('InvalidId', `container id ${JSON.stringify(text)}: expected 64 hex characters`);
  return text as ContainerId;
}

export function isContainerId(text: string): text is ContainerId {
  return hexId.test(text);
}

export function isDigest(text: string): text is Digest {
  return digestForm.test(text);
}

/** @throws InvalidDigest when the text is not `algorithm:hex` of an algorithm that we verify. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) {
    throw invalid(
      'InvalidDigest',
      `digest ${JSON.stringify(text.slice(0, 200))}: expected sha256:<64 hex> or sha512:<128 hex>`,
    );
  }
  return text;
}

/** @throws InvalidDigest when the text is not a sha256 digest. */
export function parseImageId(text: string): ImageId {
  if (!text.startsWith('sha256:'))
    throw invalid('InvalidDigest', `image id ${JSON.stringify(text)}: expected sha256:<64 hex>`);
  return parseDigest(text) as string as ImageId;
}

/** @throws InvalidPath when the text is relative, has a NUL byte, or is not in normal form. */
export function absolutePath(text: string): AbsolutePath {
  const parts = text.split('/').slice(1);
  const isNormal = text === '/' || parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!text.startsWith('/') || text.includes('\0') || !isNormal) {
    throw invalid(
      'InvalidPath',
      `path ${JSON.stringify(text.slice(0, 200))}: expected an absolute path in normal form`,
    );
  }
  return text as AbsolutePath;
}

/** Appends relative paths (`a`, `a/b`); an empty, `.` or `..` component or a NUL is refused. @throws InvalidPath */
export function joinPath(base: AbsolutePath, ...names: readonly string[]): AbsolutePath {
  return absolutePath([base === '/' ? '' : base, ...names].join('/'));
}
