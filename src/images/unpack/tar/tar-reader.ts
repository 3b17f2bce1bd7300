/**
 * Reads a tar stream that is pushed in, in pieces of any size, and calls a sink for each entry; synchronous, so that a
 * layer is written in order without queues. It bounds all that it keeps. It does not judge paths: the sink does.
 *
 *   header ─▶ (x, g, L, K: its body, padding, next header)
 *          ─▶ (sparse: blocks of its map) ─▶ sink.entry ─▶ sink.data … ─▶ sink.endEntry ─▶ padding ─▶ header …
 *
 * tar-stream is not used here because it decodes PAX values as UTF-8, which damages `security.capability`, and reads
 * headers of any size into memory.
 */
import { badImage } from '../../documents/document.ts';
import type { ArchiveLimits } from '../../limits.ts';
import { parseExtension, sparseEntry, sparseStart, SparseText } from './sparse-map.ts';
import { type EntryParts, mergeEntry, type Segment, type TarEntry } from './tar-entry.ts';
import {
  blockBytes,
  parsePaxRecords,
  parseTarHeader,
  type PaxRecords,
  type TarHeader,
} from './tar-header.ts';

/** Gets what is read, in order. */
export interface TarSink {
  entry(entry: TarEntry): void;
  /** Content, and where in the file it belongs. The chunk must not be kept. */
  data(chunk: Buffer, at: number): void;
  endEntry(): void;
}

type State = 'header' | 'meta' | 'extension' | 'text' | 'data' | 'padding' | 'end';

/** A sparse file whose map is being read. */
type OpenSparse = {
  readonly entry: TarEntry;
  readonly realBytes: number;
  readonly segments: Segment[];
  readonly text: SparseText;
};

export class TarReader {
  readonly #sink: TarSink;
  readonly #limits: ArchiveLimits;
  #state: State = 'header';
  /** Bytes of the present state that are still to come. */
  #left = blockBytes;
  #paddingBytes = 0;
  #parts: Buffer[] = [];
  #metaType = '';
  #pax: PaxRecords = new Map();
  #longName: string | null = null;
  #longLink: string | null = null;
  #sparse: OpenSparse | null = null;
  #segments: readonly Segment[] = [];
  #segmentAt = 0;
  #segmentDone = 0;
  #entries = 0;
  #zeroBlocks = 0;

  constructor(sink: TarSink, limits: ArchiveLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  get entries(): number {
    return this.#entries;
  }

  /** Whether the next byte is content of a file, and not of the archive's own. */
  get isInContent(): boolean {
    return this.#state === 'data';
  }

  /** Takes the next bytes. @throws InvalidImage, and what the sink throws */
  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) at += this.take(chunk, at);
  }

  /** Takes bytes from `at` up to where their meaning changes. @returns how many */
  take(chunk: Buffer, at: number): number {
    if (this.#state === 'end') return chunk.length - at;
    const piece = chunk.subarray(at, at + this.#left);
    this.#left -= piece.length;
    if (this.#state === 'data') this.#giveContent(piece);
    else if (this.#state !== 'padding') this.#parts.push(this.#left > 0 ? Buffer.from(piece) : piece);
    if (this.#left === 0) this.#step();
    return piece.length;
  }

  /** The stream has ended. @throws InvalidImage when it ended inside an entry */
  end(): void {
    const isBetween = this.#state === 'header' && this.#left === blockBytes;
    const isPadding = this.#state === 'padding';
    if (this.#state !== 'end' && !isBetween && !isPadding)
      throw badImage('layer archive: ends inside an entry');
  }

  #step(): void {
    if (this.#state === 'header') this.#takeHeader(this.#takeParts());
    else if (this.#state === 'meta') this.#takeMeta(this.#takeParts());
    else if (this.#state === 'extension') this.#takeExtension(this.#takeParts());
    else if (this.#state === 'text') this.#takeText(this.#takeParts());
    else if (this.#state === 'data') this.#finishEntry();
    else this.#expectBlock('header');
  }

  #takeParts(): Buffer {
    const [first, ...rest] = this.#parts;
    const whole = first !== undefined && rest.length === 0 ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    return whole;
  }

  #expectBlock(state: 'header' | 'extension' | 'text'): void {
    this.#state = state;
    this.#left = blockBytes;
  }

  #takeHeader(block: Buffer): void {
    const header = parseTarHeader(block);
    if (header === null) {
      this.#zeroBlocks += 1;
      if (this.#zeroBlocks === 2) this.#state = 'end';
      else this.#expectBlock('header');
      return;
    }
    if (this.#zeroBlocks > 0 && !this.#limits.isLenient)
      throw badImage('layer archive: goes on after a block of zeros');
    this.#zeroBlocks = 0;
    this.#entries += 1;
    if (this.#entries > this.#limits.entries)
      throw badImage(`layer archive: more than ${this.#limits.entries} entries`);
    if (header.type === 'x' || header.type === 'g' || header.type === 'L' || header.type === 'K')
      this.#expectMeta(header);
    else this.#takeEntryHeader(header, block);
  }

  #expectMeta(header: TarHeader): void {
    if (header.sizeBytes < 1 || header.sizeBytes > this.#limits.headerBytes)
      throw badImage(
        `layer archive: an extended header of ${header.sizeBytes} bytes, at most ${this.#limits.headerBytes} are read`,
      );
    this.#metaType = header.type;
    this.#state = 'meta';
    this.#left = header.sizeBytes;
    this.#paddingBytes = paddingOf(header.sizeBytes);
  }

  #takeMeta(body: Buffer): void {
    if (this.#metaType === 'x') this.#pax = parsePaxRecords(body);
    else if (this.#metaType === 'L') this.#longName = untilNul(body);
    else if (this.#metaType === 'K') this.#longLink = untilNul(body);
    else this.#takeGlobal(body);
    this.#expectPadding();
  }

  #takeGlobal(body: Buffer): void {
    const isBetween = this.#pax.size > 0 || this.#longName !== null || this.#longLink !== null;
    // Some readers forget at a global header what was said of the next entry.
    if (isBetween && !this.#limits.isLenient)
      throw badImage('layer archive: a global header between an extended header and its entry');
    // Global headers must be sound, but like the other runtimes we do not apply them: archivers put comments there.
    parsePaxRecords(body);
  }

  #takeEntryHeader(header: TarHeader, block: Buffer): void {
    const parts: EntryParts = {
      header,
      pax: this.#pax,
      longName: this.#longName,
      longLink: this.#longLink,
    };
    this.#pax = new Map();
    this.#longName = null;
    this.#longLink = null;
    const entry = mergeEntry(parts, this.#limits);
    this.#paddingBytes = paddingOf(entry.storedBytes);
    const sparse =
      entry.kind === 'file'
        ? sparseStart({ type: header.type, block, pax: parts.pax }, this.#limits.isLenient)
        : null;
    if (sparse === null) return this.#startContent(entry);
    const { realBytes, segments, open } = sparse;
    const text = new SparseText(Math.min(this.#limits.headerBytes, entry.storedBytes));
    this.#sparse = { entry, realBytes, segments: [...segments], text };
    if (open === null) this.#startSparse();
    else this.#expectBlock(open);
  }

  #takeExtension(block: Buffer): void {
    const { segments, isLast } = parseExtension(block);
    const known = this.#sparse?.segments ?? [];
    known.push(...segments);
    if (known.length > this.#limits.sparseSegments)
      throw badImage(`layer archive: a sparse file of more than ${this.#limits.sparseSegments} pieces`);
    if (isLast) this.#startSparse();
    else this.#expectBlock('extension');
  }

  #takeText(block: Buffer): void {
    const segments = this.#sparse?.text.take(block) ?? null;
    if (segments === null) return this.#expectBlock('text');
    for (const segment of segments) this.#sparse?.segments.push(segment);
    this.#startSparse();
  }

  #startSparse(): void {
    if (this.#sparse === null) return;
    const { entry, realBytes, segments, text } = this.#sparse;
    this.#sparse = null;
    this.#startContent(sparseEntry(entry, { realBytes, segments, mapBytes: text.bytes }, this.#limits));
  }

  #startContent(entry: TarEntry): void {
    this.#sink.entry(entry);
    this.#segments = entry.segments ?? [{ at: 0, bytes: entry.storedBytes }];
    this.#segmentAt = 0;
    this.#segmentDone = 0;
    this.#state = 'data';
    this.#left = entry.storedBytes;
    if (this.#left === 0) this.#finishEntry();
  }

  #giveContent(piece: Buffer): void {
    for (let given = 0; given < piece.length;) {
      const segment = this.#segments[this.#segmentAt];
      if (segment === undefined) return;
      const part = piece.subarray(given, given + segment.bytes - this.#segmentDone);
      this.#sink.data(part, segment.at + this.#segmentDone);
      given += part.length;
      this.#segmentDone += part.length;
      if (this.#segmentDone < segment.bytes) continue;
      this.#segmentAt += 1;
      this.#segmentDone = 0;
    }
  }

  #finishEntry(): void {
    this.#sink.endEntry();
    this.#expectPadding();
  }

  #expectPadding(): void {
    this.#state = 'padding';
    this.#left = this.#paddingBytes;
    if (this.#left === 0) this.#expectBlock('header');
  }
}

function untilNul(body: Buffer): string {
  const end = body.indexOf(0);
  return body.toString('latin1', 0, end < 0 ? body.length : end);
}

function paddingOf(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}
