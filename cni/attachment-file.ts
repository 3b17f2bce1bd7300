/**
 * The record of an attachment that is being made, open for its results. What was written outlives this process at once, and a power
 * cut when it has been flushed.
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { cniError, messageOf, type CniError } from './errors.ts';
import { intentLine, resultLine, type AttachmentRecord } from './record.ts';
import type { CniResult } from './result.ts';

export class AttachmentFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #directory: FileHandle;
  #flush: Promise<readonly PromiseSettledResult<void>[]> = Promise.resolve([]);

  private constructor(path: string, file: FileHandle, directory: FileHandle) {
    this.#path = path;
    this.#file = file;
    this.#directory = directory;
  }

  /** Writes the intent. @throws the file system's error, with EEXIST when there is a record already */
  static async create(
    path: string,
    record: AttachmentRecord,
    directory: FileHandle,
  ): Promise<AttachmentFile> {
    const flags =
      constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_APPEND;
    const file = await open(path, flags, 0o600);
    try {
      await file.writeFile(intentLine(record));
      return new AttachmentFile(path, file, directory);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Begins to bring to the disk what the record is now. */
  beginFlush(): void {
    this.#flush = Promise.allSettled([this.#file.sync(), this.#directory.sync()]);
  }

  /** Resolves when that outlives a power cut. @throws CacheFailed */
  async flushed(): Promise<void> {
    for (const result of await this.#flush)
      if (result.status === 'rejected') throw this.#failure(result.reason);
  }

  /** @throws CacheFailed */
  async append(kind: 'partial' | 'result', result: CniResult): Promise<void> {
    try {
      await this.#file.writeFile(resultLine(kind, result));
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): CniError {
    return cniError('CacheFailed', `write "${this.#path}": ${messageOf(error)}`, error);
  }

  /** Flushes what was appended and closes. What cannot be flushed is missing after a power cut, and DEL does without it. */
  async close(): Promise<void> {
    await this.#flush;
    await this.#file.datasync().catch(() => undefined);
    await this.#file.close();
  }
}
