/**
 * The attachments that are owed a DEL, on disk: written before the first plugin runs, flushed beside it, removed only after DEL succeeded.
 * Names are kept in memory, contents are read when needed. Damaged files are said to be so; their
 * owner moves them to `quarantine/`.
 */
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AttachmentFile } from './attachment-file.ts';
import { cniError, errnoOf, messageOf } from './errors.ts';
import { ShapeError } from './json.ts';
import {
  fileNameOf,
  keyOfFileName,
  parseRecord,
  type AttachmentKey,
  type AttachmentRecord,
} from './record.ts';

/** A record as found; null in place of it: the file is damaged, and `problem` says how. */
export type Found = {
  readonly key: AttachmentKey;
  readonly record: AttachmentRecord | null;
  readonly problem: string;
};

const maxRecordBytes = 4 * 1024 * 1024;

export class AttachmentCache {
  readonly #directory: string;
  readonly #handle: FileHandle;
  /** File names by container id. */
  readonly #names = new Map<string, Set<string>>();
  readonly #settling = new Set<Promise<void>>();

  private constructor(directory: string, handle: FileHandle) {
    this.#directory = directory;
    this.#handle = handle;
  }

  /** Creates the directory (0700) when needed. @throws CacheFailed */
  static async open(directory: string): Promise<AttachmentCache> {
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
      const cache = new AttachmentCache(directory, handle);
      for (const name of await readdir(directory)) {
        const key = keyOfFileName(name);
        if (key !== null) cache.#remember(key);
      }
      return cache;
    } catch (error) {
      throw cniError('CacheFailed', `open "${directory}": ${messageOf(error)}`, error);
    }
  }

  /** The keys of one container's attachments, or of all. */
  keys(containerId: string | null): readonly AttachmentKey[] {
    const sets = containerId === null ? [...this.#names.values()] : [this.#names.get(containerId) ?? []];
    return sets
      .flatMap((names) => [...names])
      .map(keyOfFileName)
      .filter((key) => key !== null);
  }

  has(key: AttachmentKey): boolean {
    return this.#names.get(key.containerId)?.has(fileNameOf(key)) === true;
  }

  /** Writes the record of an attachment that is about to be made. @throws AlreadyAttached, CacheFailed */
  async create(record: AttachmentRecord): Promise<AttachmentFile> {
    const path = this.#path(record);
    try {
      const file = await AttachmentFile.create(path, record, this.#handle);
      this.#remember(record);
      return file;
    } catch (error) {
      if (errnoOf(error) === 'EEXIST')
        throw cniError('AlreadyAttached', `attach "${record.containerId}": "${path}" exists`, error);
      // Nothing has run yet, so nothing is owed.
      await unlink(path).catch(() => undefined);
      throw cniError('CacheFailed', `write "${path}": ${messageOf(error)}`, error);
    }
  }

  /** Closes a record when its last flush has ended; nobody waits for that but `close`. */
  settle(file: AttachmentFile): void {
    const settled = file.close().finally(() => this.#settling.delete(settled));
    this.#settling.add(settled);
  }

  /** Null: nothing is attached. @throws CacheFailed when the disk does not answer */
  async read(key: AttachmentKey): Promise<Found | null> {
    if (!this.has(key)) return null;
    const path = this.#path(key);
    try {
      const record = parseRecord(await readText(path));
      if (fileNameOf(record) !== fileNameOf(key)) throw new ShapeError('it is the record of another');
      return { key, record, problem: '' };
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') {
        this.#forget(key);
        return null;
      }
      if (!(error instanceof ShapeError))
        throw cniError('CacheFailed', `read "${path}": ${messageOf(error)}`, error);
      return { key, record: null, problem: error.message };
    }
  }

  /** Durable when it returns; what is not there is removed already. @throws CacheFailed */
  async remove(key: AttachmentKey): Promise<void> {
    const path = this.#path(key);
    try {
      await unlink(path);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT')
        throw cniError('CacheFailed', `remove "${path}": ${messageOf(error)}`, error);
    }
    this.#forget(key);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#settling);
    await this.#handle.close();
  }

  /** Moves a damaged file aside. @returns where it is now. @throws CacheFailed */
  async quarantine(key: AttachmentKey): Promise<string> {
    const folder = join(this.#directory, 'quarantine');
    const movedTo = join(folder, `${fileNameOf(key)}.${Date.now()}`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rename(this.#path(key), movedTo);
    } catch (error) {
      throw cniError('CacheFailed', `move "${this.#path(key)}" to "${movedTo}": ${messageOf(error)}`, error);
    }
    this.#forget(key);
    return movedTo;
  }

  #path(key: AttachmentKey): string {
    return join(this.#directory, fileNameOf(key));
  }

  #remember(key: AttachmentKey): void {
    const names = this.#names.get(key.containerId) ?? new Set();
    this.#names.set(key.containerId, names.add(fileNameOf(key)));
  }

  #forget(key: AttachmentKey): void {
    const names = this.#names.get(key.containerId);
    names?.delete(fileNameOf(key));
    if (names?.size === 0) this.#names.delete(key.containerId);
  }
}

async function readText(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stat = await file.stat();
  if (!stat.isFile() || stat.size > maxRecordBytes) throw new ShapeError('no file of a record’s size');
  return await file.readFile('utf8');
}
