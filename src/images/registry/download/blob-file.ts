/**
 * The file that a blob arrives in, in whatever order. The digest is taken in order: of bytes that come in order from
 * memory, of the others from the file, soon after they were written. A reader may follow as far as there is no gap.
 */
import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { giveBack } from '../../../base/give-back.ts';
import type { Digest } from '../../../base/ids.ts';
import { algorithmOf } from '../../disk/blobs.ts';
import type { GrowingFile } from '../../unpack/growing-file.ts';

const readBackBytes = 256 * 1024;

export class BlobFile implements AsyncDisposable {
  readonly #file: GrowingFile;
  readonly #handle: FileHandle;
  readonly #algorithm: 'sha256' | 'sha512';
  readonly #hash: Hash;
  /** What is there. */
  #pieces: Pieces = [];
  /** What is being written, and comes to be there or not. */
  #writing: Pieces = [];
  #hashedBytes = 0;
  #readBack: Promise<void> | null = null;
  #readBackBuffer: Buffer | null = null;

  private constructor(file: GrowingFile, handle: FileHandle, digest: Digest) {
    this.#file = file;
    this.#handle = handle;
    this.#algorithm = algorithmOf(digest);
    this.#hash = createHash(this.#algorithm);
  }

  static async open(file: GrowingFile, digest: Digest): Promise<BlobFile> {
    const flags = constants.O_CREAT | constants.O_RDWR | constants.O_NOFOLLOW;
    return new BlobFile(file, await open(file.path, flags, 0o600), digest);
  }

  /** How many bytes from the beginning are there without a gap. */
  get prefixBytes(): number {
    const [first] = this.#pieces;
    return first !== undefined && first[0] === 0 ? first[1] : 0;
  }

  /** All bytes that are there, gaps or not. */
  get receivedBytes(): number {
    return this.#pieces.reduce((sum, [start, end]) => sum + end - start, 0);
  }

  /** Bytes that are there already are not written again. @throws the file system's error */
  async write(chunk: Buffer, position: number): Promise<void> {
    const missing = gapsWithin(this.#claimed(), position, position + chunk.length);
    this.#writing = [...this.#writing, ...missing];
    try {
      for (const [from, to] of missing)
        await this.#writeNew(chunk.subarray(from - position, to - position), from);
    } finally {
      this.#writing = this.#writing.filter((piece) => !missing.includes(piece));
    }
  }

  /** No byte that is there is ever written again, since only one of the two would be hashed. */
  #claimed(): Pieces {
    return this.#writing.reduce((pieces, [from, to]) => withPiece(pieces, from, to), this.#pieces);
  }

  async #writeNew(chunk: Buffer, position: number): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const { bytesWritten } = await this.#handle.write(chunk, at, chunk.length - at, position + at);
      at += bytesWritten;
    }
    // Not before: what could not be written may come again with other bytes.
    if (position === this.#hashedBytes && this.#readBack === null) {
      this.#hash.update(chunk);
      this.#hashedBytes += chunk.length;
    }
    this.#pieces = withPiece(this.#pieces, position, position + chunk.length);
    this.#file.grow(this.prefixBytes);
    if (this.#readBack === null && this.#hashedBytes < this.prefixBytes) {
      this.#readBack = this.#hashFromFile();
      this.#readBack.catch(() => undefined);
    }
  }

  /** The digest of everything; the reader hears that it is whole only if `expected` is what came. */
  async conclude(expected: Digest): Promise<string> {
    while (this.#readBack !== null) await this.#readBack;
    const digest = `${this.#algorithm}:${this.#hash.digest('hex')}`;
    if (digest === expected) this.#file.complete();
    return digest;
  }

  async close(): Promise<void> {
    await this.#readBack?.catch(() => undefined);
    if (this.#readBackBuffer !== null) giveBack(this.#readBackBuffer);
    this.#readBackBuffer = null;
    await this.#handle.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #hashFromFile(): Promise<void> {
    this.#readBackBuffer ??= Buffer.allocUnsafeSlow(readBackBytes);
    const buffer = this.#readBackBuffer;
    while (this.#hashedBytes < this.prefixBytes) {
      const length = Math.min(buffer.length, this.prefixBytes - this.#hashedBytes);
      const { bytesRead } = await this.#handle.read(buffer, 0, length, this.#hashedBytes);
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#hashedBytes += bytesRead;
    }
    this.#readBack = null;
  }
}

/** In order, without touching neighbours: few, since parts are given out from the front. */
type Pieces = readonly (readonly [start: number, end: number])[];

/** The pieces with one more; what touches or overlaps becomes one. */
function withPiece(pieces: Pieces, from: number, to: number): Pieces {
  const apart = pieces.filter(([start, end]) => end < from || start > to);
  const joined = pieces.filter((piece) => !apart.includes(piece));
  const start = Math.min(from, ...joined.map((piece) => piece[0]));
  const end = Math.max(to, ...joined.map((piece) => piece[1]));
  return [...apart, [start, end] as const].sort((one, other) => one[0] - other[0]);
}

/** What no piece covers between two places. */
function gapsWithin(pieces: Pieces, from: number, to: number): Pieces {
  const gaps: (readonly [number, number])[] = [];
  let at = from;
  for (const [start, end] of pieces) {
    if (end <= at || start >= to) continue;
    if (start > at) gaps.push([at, start]);
    at = end;
  }
  return at < to ? [...gaps, [at, to]] : gaps;
}
