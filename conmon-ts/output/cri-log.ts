/**
 * One CRI log file: opened for append, never truncated but for a record that did not fit whole, changed for a new file on
 * demand. Knows nothing of streams and containers. A write that fails is not an error of the container: the bytes are counted.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { outputBytesOf } from './cri-line.ts';
import { errnoOf } from '../linux.ts';

export type Appended = {
  /** Container output (content bytes) that could not be written. */
  readonly droppedBytes: number;
  /** Why; null when all was written. */
  readonly failure: unknown;
};

const everything: Appended = { droppedBytes: 0, failure: null };
const newline = 10;

export class CriLog implements Disposable {
  readonly path: string;
  #fd: number;
  #inode: bigint;
  #sizeBytes: number;

  private constructor(path: string) {
    this.path = path;
    ({ fd: this.#fd, inode: this.#inode, sizeBytes: this.#sizeBytes } = openForAppend(path));
  }

  /** Opens the log, with its directories. @throws the file system's error; no file was created then */
  static open(path: string): CriLog {
    makeDirectories(dirname(path));
    return new CriLog(path);
  }

  /** Names the file whatever it is renamed to. */
  get inode(): bigint {
    return this.#inode;
  }

  /** All below this is whole records. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Appends whole records, or as many of them as the file system takes. */
  append(records: Buffer, length: number): Appended {
    let written = 0;
    try {
      while (written < length) written += writeSync(this.#fd, records, written, length - written);
      this.#sizeBytes += length;
      return everything;
    } catch (error) {
      const whole = written === 0 ? 0 : records.lastIndexOf(newline, written - 1) + 1;
      this.#cut(written - whole);
      return { droppedBytes: outputBytesOf(records.subarray(whole, length)), failure: error };
    }
  }

  /** Takes the torn end of a failed write away. Others may have shortened the file, so its size is asked for. */
  #cut(tornBytes: number): void {
    const size = fstatSync(this.#fd).size;
    if (tornBytes > 0) ftruncateSync(this.#fd, size - tornBytes);
    this.#sizeBytes = size - tornBytes;
  }

  /** Goes on in a new file at the same path, then closes the old one. @throws the file system's error, unchanged then */
  reopen(): void {
    const old = this.#fd;
    ({ fd: this.#fd, inode: this.#inode, sizeBytes: this.#sizeBytes } = openForAppend(this.path));
    closeSync(old);
  }

  /**
   * Mends what a monitor that was killed left: the file is cut back to `committedBytes` when it is the committed file, else to
   * its last newline.
   */
  recover(committed: { readonly inode: bigint; readonly sizeBytes: number } | null): void {
    const size = fstatSync(this.#fd).size;
    const isKnown = committed !== null && committed.inode === this.#inode && committed.sizeBytes <= size;
    const whole = isKnown ? committed.sizeBytes : endOfLastLine(this.path, size);
    if (whole < size) ftruncateSync(this.#fd, whole);
    this.#sizeBytes = whole;
  }

  close(): void {
    if (this.#fd === -1) return;
    closeSync(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Step by step: Node's recursive form never returns where a directory is there and yet takes no entry (ENOENT in /proc). */
function makeDirectories(path: string): void {
  if (existsSync(path)) return;
  makeDirectories(dirname(path));
  try {
    mkdirSync(path, 0o755);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

function openForAppend(path: string): { fd: number; inode: bigint; sizeBytes: number } {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o640);
  const stat = fstatSync(fd, { bigint: true });
  if (stat.isFile()) return { fd, inode: stat.ino, sizeBytes: Number(stat.size) };
  closeSync(fd);
  throw new Error(`open log "${path}": not a regular file`);
}

/** Records are shorter than this, so that the last newline is in the last piece of the file. */
const searchedBytes = 64 * 1024;

function endOfLastLine(path: string, size: number): number {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const start = Math.max(0, size - searchedBytes);
    const buffer = Buffer.alloc(size - start);
    const count = readSync(fd, buffer, 0, buffer.length, start);
    return start + buffer.lastIndexOf(newline, count) + 1;
  } finally {
    closeSync(fd);
  }
}
