/**
 * Where the content of a sparse file belongs, in the four ways in which GNU tar writes it: in the header and blocks behind
 * it (old, type S), in PAX records that repeat (0.0), in one PAX record (0.1), or as text before the content (1.0). Pure:
 * hostile bytes to checked segments.
 * Source: GNU tar manual, "Storing Sparse Files".
 */
import { badImage } from '../../documents/document.ts';
import type { ArchiveLimits } from '../../limits.ts';
import type { Segment, TarEntry } from './tar-entry.ts';
import { blockBytes, numberAt, parsePaxNumber, type PaxRecords, sparseForm } from './tar-header.ts';

/** What is known of a sparse file before its content; `isOpen`: more of its map follows in the archive. */
export type SparseStart = {
  readonly realBytes: number;
  readonly segments: readonly Segment[];
  readonly open: 'extension' | 'text' | null;
};

const segmentBytes = 24;

/** An entry's own header with the records before it. */
export type SparseHeader = { readonly type: string; readonly block: Buffer; readonly pax: PaxRecords };

/** Null for a file that is not sparse. @throws InvalidImage */
export function sparseStart({ type, block, pax }: SparseHeader, isLenient: boolean): SparseStart | null {
  if (type === 'S')
    return {
      realBytes: numberAt(block, 483, 12),
      segments: gnuSegments(block, 386, 4),
      open: block[482] === 0 ? null : 'extension',
    };
  const form = sparseForm(pax, isLenient);
  if (form === null) return null;
  if (form === 'text') return { realBytes: numberOf(pax, 'GNU.sparse.realsize'), segments: [], open: 'text' };
  const segments = listedSegments(pax.get('GNU.sparse.map') ?? '');
  return { realBytes: numberOf(pax, 'GNU.sparse.size'), segments, open: null };
}

/** A block behind an old header. @throws InvalidImage */
export function parseExtension(block: Buffer): {
  readonly segments: readonly Segment[];
  readonly isLast: boolean;
} {
  return { segments: gnuSegments(block, 0, 21), isLast: block[504] === 0 };
}

/** Collects the blocks of text that stand before the content of a file of version 1.0. */
export class SparseText {
  readonly #maxBytes: number;
  readonly #blocks: string[] = [];
  #lines = 0;
  #wantedLines: number | null = null;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#blocks.length * blockBytes;
  }

  /** @returns the segments once the text is complete. @throws InvalidImage */
  take(block: Buffer): readonly Segment[] | null {
    if (this.bytes + block.length > this.#maxBytes)
      throw badImage(`layer archive: a sparse map of more than ${this.#maxBytes} bytes`);
    const text = block.toString('latin1');
    this.#blocks.push(text);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines += 1;
    if (this.#lines === 0) return null;
    this.#wantedLines ??= 1 + 2 * parsePaxNumber(this.#blocks.join('').split('\n', 1)[0] ?? '');
    if (this.#lines < this.#wantedLines) return null;
    return segmentsOf(this.#blocks.join('').split('\n').slice(1, this.#wantedLines));
  }
}

/**
 * The entry with its holes. Segments ascend, do not overlap, end within the file and hold exactly what is stored.
 * @throws InvalidImage
 */
export function sparseEntry(
  entry: TarEntry,
  sparse: Pick<SparseStart, 'realBytes' | 'segments'> & { readonly mapBytes: number },
  limits: ArchiveLimits,
): TarEntry {
  const { realBytes, mapBytes } = sparse;
  const segments = sparse.segments.filter(({ bytes }) => bytes > 0);
  if (sparse.segments.length > limits.sparseSegments)
    throw badImage(`layer archive: a sparse file of more than ${limits.sparseSegments} pieces`);
  if (realBytes < 0 || realBytes > limits.sparseBytes)
    throw badImage(
      `layer archive: a sparse file of ${realBytes} bytes, at most ${limits.sparseBytes} are taken`,
    );
  let end = 0;
  let storedBytes = 0;
  for (const { at, bytes } of segments) {
    if (at < end || bytes < 0 || at + bytes > realBytes)
      throw badImage('layer archive: a sparse file whose pieces overlap or lie outside of it');
    end = at + bytes;
    storedBytes += bytes;
  }
  if (storedBytes !== entry.storedBytes - mapBytes)
    throw badImage('layer archive: a sparse file whose pieces are not what is stored of it');
  return { ...entry, storedBytes, realBytes, segments };
}

/** A slot of zeros ends the list. */
function gnuSegments(block: Buffer, from: number, count: number): readonly Segment[] {
  const segments: Segment[] = [];
  for (let slot = 0; slot < count; slot += 1) {
    const at = from + slot * segmentBytes;
    if (block[at] === 0) break;
    segments.push({ at: numberAt(block, at, 12), bytes: numberAt(block, at + 12, 12) });
  }
  return segments;
}

function listedSegments(map: string): readonly Segment[] {
  return map === '' ? [] : segmentsOf(map.split(','));
}

function segmentsOf(numbers: readonly string[]): readonly Segment[] {
  if (numbers.length % 2 !== 0) throw badImage('layer archive: a sparse map with an odd count of numbers');
  const segments: Segment[] = [];
  for (let at = 0; at < numbers.length; at += 2)
    segments.push({ at: parsePaxNumber(numbers[at] ?? ''), bytes: parsePaxNumber(numbers[at + 1] ?? '') });
  return segments;
}

function numberOf(pax: PaxRecords, key: string): number {
  return parsePaxNumber(pax.get(key) ?? '');
}
