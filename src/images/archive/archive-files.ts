/**
 * The files of an image archive by name, wherever they lie: the names are only looked up, never used as paths by who
 * reads. Everything is bounded, and nothing is a link.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../base/errors.ts';
import { readBounded } from '../../base/files.ts';
import type { Digest } from '../../base/ids.ts';
import { badImage } from '../documents/document.ts';
import { algorithmOf, digestOf } from '../disk/blobs.ts';
import { documentLimits } from '../limits.ts';

export type StoredFile = { readonly path: string; readonly sizeBytes: number };

export interface ArchiveFiles {
  /** For messages: the directory, or the archive. */
  readonly title: string;
  /** Null when there is none. @throws InvalidImage when the name, or what is there, is none of a file */
  find(name: string): Promise<StoredFile | null>;
}

/** A directory, like an OCI layout on disk. */
export class DirectoryFiles implements ArchiveFiles {
  readonly title: string;
  readonly #directory: string;

  constructor(directory: string) {
    this.title = `import "${directory}"`;
    this.#directory = directory;
  }

  async find(name: string): Promise<StoredFile | null> {
    checkName(name);
    const path = join(this.#directory, name);
    try {
      const stats = await lstat(path);
      if (!stats.isFile()) throw badImage(`${this.title}: "${name}" is no regular file`);
      return { path, sizeBytes: stats.size };
    } catch (error) {
      if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
      throw error;
    }
  }
}

export const maxNameCharacters = 1024;

/** A name in normal form: relative, without `.` and `..`. @throws InvalidImage */
export function checkName(name: string): string {
  const parts = name.split('/');
  const isFine = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isFine || name.length > maxNameCharacters || name.includes('\0'))
    throw badImage(
      `archive: ${JSON.stringify(name.slice(0, 200))} is no file name, expected one without ".."`,
    );
  return name;
}

/** A document of an archive. @throws InvalidImage when it is missing or larger than documents are */
export async function readDocument(files: ArchiveFiles, name: string): Promise<Buffer> {
  const bytes = await readDocumentOrNull(files, name);
  if (bytes === null) throw badImage(`${files.title}: "${name}" is missing`);
  return bytes;
}

export async function readDocumentOrNull(files: ArchiveFiles, name: string): Promise<Buffer | null> {
  const file = await files.find(name);
  if (file === null) return null;
  if (file.sizeBytes > documentLimits.configBytes)
    throw badImage(
      `${files.title}: "${name}" has ${file.sizeBytes} bytes, at most ${documentLimits.configBytes} are read`,
    );
  return await readBounded(file.path, documentLimits.configBytes);
}

/** A document by its digest, verified. @throws InvalidImage */
export async function readBlob(files: ArchiveFiles, digest: Digest): Promise<Buffer> {
  const bytes = await readDocumentOrNull(files, blobName(digest));
  if (bytes === null) throw badImage(`${files.title}: blob "${digest}" is missing`);
  if (digestOf(bytes, algorithmOf(digest)) !== digest)
    throw badImage(`${files.title}: blob "${digest}" is damaged`);
  return bytes;
}

/** Source: OCI image spec, image-layout.md. */
export function blobName(digest: Digest): string {
  return `blobs/${digest.replace(':', '/')}`;
}
