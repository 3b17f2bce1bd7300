/**
 * The file names of an artifact's blobs: hostile text that becomes paths below one directory. Pure.
 * Source: OCI image spec, annotations.md, `org.opencontainers.image.title`; ORAS, which writes relative paths there.
 */
import type { Digest } from '../../base/ids.ts';
import { badImage } from './document.ts';

const maxTitleBytes = 1024;
/** Source: Linux NAME_MAX. */
const maxNameBytes = 255;
const maxDepth = 16;

/** A blob and what it is called; null: nothing. */
export type TitledBlob = { readonly digest: Digest; readonly title: string | null };

/**
 * A relative path for each blob, in their order; a blob without a title is called by its digest, `sha256-HEX`.
 * @throws InvalidImage when a title could lead elsewhere, or two cannot stand beside each other
 */
export function artifactPaths(blobs: readonly TitledBlob[]): readonly string[] {
  const paths = blobs.map(({ digest, title }) =>
    title === null ? digest.replace(':', '-') : checkTitle(title),
  );
  const files = new Set<string>();
  for (const path of paths) {
    if (files.has(path)) throw badImage(`artifact: two blobs are called ${JSON.stringify(path)}`);
    files.add(path);
  }
  for (const path of paths) {
    const above = parentsOf(path).find((parent) => files.has(parent));
    if (above !== undefined)
      throw badImage(`artifact: ${JSON.stringify(path)} lies below the file ${JSON.stringify(above)}`);
  }
  return paths;
}

/** `a/b/c` → `a/b`, `a`. */
export function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
}

function checkTitle(title: string): string {
  const parts = title.split('/');
  const isPlain = (part: string): boolean =>
    part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= maxNameBytes;
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  const isText = Buffer.byteLength(title) <= maxTitleBytes && !/[\u0000-\u001f\u007f]/.test(title);
  if (isText && title.isWellFormed() && parts.length <= maxDepth && parts.every(isPlain)) return title;
  throw badImage(
    `artifact: title ${JSON.stringify(title.slice(0, 100))}: expected a relative path without "..", at most ${maxDepth} deep`,
  );
}
