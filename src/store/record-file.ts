/**
 * One record on disk: a header line with version and checksum, then the record as one line of JSON. A file that does not
 * match its checksum is moved to `quarantine/` beside the folder; nothing is ever wiped.
 *
 *   {"format":"cri-ts-record","version":1,"sha256":"…"}
 *   {"id":"…",…}
 */
import { createHash } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  ensureDirectory,
  readBounded,
  syncDirectory,
  syncFile,
  writeAtomically,
  writeTogether,
} from '../base/files.ts';
import { errnoOf, internal, messageOf } from '../base/errors.ts';

const recordVersion = 1;
const maxRecordBytes = 16 * 1024 * 1024;

/** A JSON value; 64-bit numbers travel in it as decimal strings. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The text of a record file. Pure. */
export function encodeRecord(value: Json): string {
  const body = JSON.stringify(value);
  const header = { format: 'cri-ts-record', version: recordVersion, sha256: sha256(body) };
  return `${JSON.stringify(header)}\n${body}\n`;
}

/** The value of a record file's text. Pure. @throws DamagedRecord saying what does not match */
export function decodeRecord(text: string): unknown {
  const [headerLine = '', body = ''] = text.split('\n', 2);
  const header = parseJson(headerLine, 'header');
  if (!isHeader(header))
    throw internal('DamagedRecord', 'record header: expected format, version and sha256');
  if (header.version > recordVersion) {
    throw internal('NewerRecord', `record version ${header.version}: at most ${recordVersion} is understood`);
  }
  if (header.sha256 !== sha256(body))
    throw internal('DamagedRecord', 'record checksum: does not match its content');
  return parseJson(body, 'body');
}

export type FolderOptions = {
  readonly path: string;
  /** Told of every file that is set aside. */
  readonly onDamaged: (file: string, message: string) => void;
};

/** A folder of records named `ID.json`, 0700. */
export class RecordFolder {
  readonly #path: string;
  readonly #onDamaged: FolderOptions['onDamaged'];

  constructor(options: FolderOptions) {
    this.#path = options.path;
    this.#onDamaged = options.onDamaged;
  }

  /** Writes a record. With `isDurable` it survives a power cut when the promise resolves, else only our death. */
  async write(id: string, value: Json, isDurable: boolean): Promise<void> {
    await writeAtomically(this.#file(id), encodeRecord(value), { isDurable });
  }

  /**
   * Replaces several records durably, in this order. Where there is no room for one of them, none is replaced; a power cut
   * can come between two.
   */
  async writeTogether(records: readonly { readonly id: string; readonly value: Json }[]): Promise<void> {
    await writeTogether(
      records.map(({ id, value }) => ({ path: this.#file(id), content: encodeRecord(value) })),
    );
  }

  /** Makes what was written lightly outlive a power cut, too. */
  async flush(id: string): Promise<void> {
    await syncFile(this.#file(id));
    await syncDirectory(this.#path);
  }

  onFlushFailed(id: string, error: unknown): void {
    this.#onDamaged(this.#file(id), `cannot be flushed: ${messageOf(error)}`);
  }

  onNotWritten(id: string, error: unknown): void {
    this.#onDamaged(this.#file(id), `is older than what it tells of: ${messageOf(error)}`);
  }

  /** Removes a record; one that is not there is removed already. */
  async remove(id: string): Promise<void> {
    await rm(this.#file(id), { force: true });
    await syncDirectory(this.#path);
  }

  /**
   * Reads all records through a parser; what cannot be read or parsed goes to quarantine, and `onUnreadable` is told.
   * Sweeps temporary files.
   */
  async readAll<R>(
    parse: (value: unknown) => R,
    onUnreadable: () => void = () => undefined,
  ): Promise<readonly R[]> {
    await ensureDirectory(this.#path);
    const records: R[] = [];
    for (const name of await readdir(this.#path)) {
      if (name.endsWith('.tmp')) await rm(join(this.#path, name), { force: true });
      else if (name.endsWith('.json')) {
        const record = await this.#readOne(name, parse);
        if (record === null) onUnreadable();
        else records.push(...record);
      }
    }
    return records;
  }

  /** Null: it was set aside. */
  async #readOne<R>(name: string, parse: (value: unknown) => R): Promise<readonly R[] | null> {
    try {
      const content = await readBounded(join(this.#path, name), maxRecordBytes);
      return content === null ? [] : [parse(decodeRecord(content.toString('utf8')))];
    } catch (error) {
      // A failing disk is no damage of one record: it ends the start.
      if (errnoOf(error) === 'EIO') throw error;
      await this.quarantine(name, messageOf(error));
      return null;
    }
  }

  /** Sets a file aside, with a reason, so that an operator can look at it. */
  async quarantine(name: string, reason: string): Promise<void> {
    const folder = join(dirname(this.#path), 'quarantine');
    await ensureDirectory(folder);
    await rename(join(this.#path, name), join(folder, `${Date.now()}-${name}`));
    this.#onDamaged(join(this.#path, name), reason);
  }

  #file(id: string): string {
    return join(this.#path, `${id}.json`);
  }
}

type Header = { readonly format: 'cri-ts-record'; readonly version: number; readonly sha256: string };

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  if (!('format' in value) || !('version' in value) || !('sha256' in value)) return false;
  return (
    value.format === 'cri-ts-record' && typeof value.version === 'number' && typeof value.sha256 === 'string'
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parseJson(text: string, part: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw internal('DamagedRecord', `record ${part}: not JSON`, { cause: error });
  }
}
