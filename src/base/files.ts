/**
 * Files that survive a power cut, and reads that are bounded. Write order: temporary file, fsync, rename, fsync of the
 * directory; a reader sees the old content or the new one, never a part.
 */
import { constants } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf, invalid, isNoSpace, noSpace } from './errors.ts';

export type WriteOptions = {
  /** Permission bits; default 0600. */
  readonly mode?: number;
  /** False for files on tmpfs, where there is nothing to flush; default true. */
  readonly isDurable?: boolean;
};

let temporaryCount = 0;

/** Replaces a file as a whole. The directory must exist. @throws NoSpace, the file system's error, with nothing left behind */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  await writeTogether([{ path, content }], options);
}

export type FileContent = { readonly path: string; readonly content: string | Uint8Array };

/**
 * Replaces files of one directory, in this order: all are written before the first is replaced, so that a full disk leaves
 * everything as it was. A power cut can come between two.
 */
export async function writeTogether(
  files: readonly FileContent[],
  options: WriteOptions = {},
): Promise<void> {
  const drafts: { readonly path: string; readonly draft: string }[] = [];
  let at = files[0]?.path ?? '';
  try {
    for (const { path, content } of files) {
      at = path;
      const draft = draftOf(path);
      drafts.push({ path, draft });
      await writeNew(draft, content, options);
    }
    for (const { path, draft } of drafts) {
      at = path;
      await rename(draft, path);
    }
  } catch (error) {
    for (const { draft } of drafts) await rm(draft, { force: true });
    throw isNoSpace(error) ? noSpace(`write "${at}"`, dirname(at), error) : error;
  }
  if (options.isDurable !== false && files.length > 0) await syncDirectory(dirname(at));
}

function draftOf(path: string): string {
  temporaryCount += 1;
  return join(dirname(path), `.${basename(path)}.${process.pid}.${temporaryCount}.tmp`);
}

async function writeNew(path: string, content: string | Uint8Array, options: WriteOptions): Promise<void> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
  await using file = await open(path, flags, options.mode ?? 0o600);
  await file.writeFile(content);
  if (options.isDurable !== false) await file.sync();
}

/** Flushes a file's content. */
export async function syncFile(path: string): Promise<void> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  await file.sync();
}

/** Flushes a directory, so that a rename, creation or removal in it survives a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await directory.sync();
}

/** Creates a directory (0700 by default) and its parents; an existing one is left as it is. */
export async function ensureDirectory(path: string, mode = 0o700): Promise<void> {
  await mkdir(path, { recursive: true, mode });
}

/**
 * Reads a regular file of at most `maxBytes`. Never follows a link in the last component, never blocks on a FIFO.
 * @returns null when there is no such file
 * @throws FileTooLarge, NotRegular
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer | null> {
  return await readRegular(path, maxBytes, constants.O_NOFOLLOW);
}

/** The same for a file that an operator keeps, who may well have made it a link: configuration, certificates. */
export async function readLinked(path: string, maxBytes: number): Promise<Buffer | null> {
  return await readRegular(path, maxBytes, 0);
}

async function readRegular(path: string, maxBytes: number, flags: number): Promise<Buffer | null> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
    const stat = await file.stat();
    if (!stat.isFile()) throw invalid('NotRegular', `read "${path}": expected a regular file`);
    if (stat.size > maxBytes)
      throw invalid('FileTooLarge', `read "${path}": ${stat.size} bytes, at most ${maxBytes} are read`);
    // Files in /proc and cgroups say 0 bytes: read on until the bound.
    const buffer = Buffer.alloc(stat.size > 0 ? stat.size + 1 : Math.min(maxBytes, 1024 * 1024) + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
      if (length > maxBytes || length === buffer.length)
        throw invalid('FileTooLarge', `read "${path}": more than ${length - 1} bytes`);
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
