/**
 * Reads a tar stream that is pushed in, in pieces of any size, and calls a sink for each entry; synchronous, so that a
 * layer is written in order without queues. It merges PAX and GNU long-name headers and bounds all of them. It does not
 * judge paths: the sink does.
 *
 *   header → (x, L, K: body kept) → header → sink.entry → body: sink.data … → sink.endEntry → padding → header …
 *
 * tar-stream is not used here because it decodes PAX values as UTF-8, which damages `security.capability`, and reads
 * headers of any size into memory.
 */
import { badImage } from '../document.ts';
import type { ArchiveLimits } from '../limits.ts';
import {
  blockBytes,
  parsePaxNumber,
  parsePaxRecords,
  parsePaxTime,
  parseTarHeader,
  type PaxRecords,
  type TarHeader,
} from './tar-header.ts';

export type TarKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

export type TarEntry = {
  readonly kind: TarKind;
  /** latin1: one character for each byte. */
  readonly path: string;
  readonly linkTarget: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 for everything but files. */
  readonly sizeBytes: number;
  readonly modifiedNs: bigint;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  readonly xattrs: ReadonlyMap<string, Buffer>;
};

/** Gets what is read, in order. */
export interface TarSink {
  entry(entry: TarEntry): void;
  data(chunk: Buffer): void;
  endEntry(): void;
}

type State = 'header' | 'meta' | 'data' | 'padding' | 'end';

const kinds: Readonly<Record<string, TarKind>> = {
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
};

const xattrPrefix = 'SCHILY.xattr.';
const maxUserId = 4_294_967_294;

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
  #entries = 0;
  #zeroBlocks = 0;

  constructor(sink: TarSink, limits: ArchiveLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  get entries(): number {
    return this.#entries;
  }

  /** Takes the next bytes. The sink must not keep a chunk. @throws InvalidImage, and what the sink throws */
  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#state !== 'end') {
      const piece = chunk.subarray(at, at + this.#left);
      at += piece.length;
      this.#left -= piece.length;
      if (this.#state === 'data') this.#sink.data(piece);
      else if (this.#state !== 'padding') this.#parts.push(this.#left > 0 ? Buffer.from(piece) : piece);
      if (this.#left === 0) this.#step();
    }
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
    else if (this.#state === 'data') this.#finishEntry();
    else this.#expectHeader();
  }

  #takeParts(): Buffer {
    const [first, ...rest] = this.#parts;
    const whole = first !== undefined && rest.length === 0 ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    return whole;
  }

  #takeHeader(block: Buffer): void {
    const header = parseTarHeader(block);
    if (header === null) {
      this.#zeroBlocks += 1;
      if (this.#zeroBlocks === 2) this.#state = 'end';
      else this.#expectHeader();
      return;
    }
    this.#zeroBlocks = 0;
    this.#entries += 1;
    if (this.#entries > this.#limits.entries)
      throw badImage(`layer archive: more than ${this.#limits.entries} entries`);
    if (header.type === 'x' || header.type === 'g' || header.type === 'L' || header.type === 'K')
      this.#expectMeta(header);
    else this.#startEntry(header);
  }

  #expectHeader(): void {
    this.#state = 'header';
    this.#left = blockBytes;
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
    // Global headers ('g') carry comments of archivers; like the other runtimes we do not apply them.
    this.#expectPadding();
  }

  #startEntry(header: TarHeader): void {
    const entry = this.#merge(header);
    this.#pax = new Map();
    this.#longName = null;
    this.#longLink = null;
    this.#sink.entry(entry);
    this.#paddingBytes = paddingOf(entry.sizeBytes);
    this.#left = entry.sizeBytes;
    this.#state = 'data';
    if (entry.sizeBytes === 0) this.#finishEntry();
  }

  #finishEntry(): void {
    this.#sink.endEntry();
    this.#expectPadding();
  }

  #expectPadding(): void {
    this.#state = 'padding';
    this.#left = this.#paddingBytes;
    if (this.#left === 0) this.#expectHeader();
  }

  #merge(header: TarHeader): TarEntry {
    const pax = this.#pax;
    for (const key of pax.keys()) {
      if (key.startsWith('GNU.sparse.')) throw badImage('layer archive: sparse files are not supported');
    }
    const path = pax.get('path') ?? this.#longName ?? header.name;
    const kind = kindOf(header.type, path);
    const size = pax.get('size');
    return {
      kind,
      path,
      linkTarget: pax.get('linkpath') ?? this.#longLink ?? header.linkName,
      mode: header.mode,
      uid: userId(pax.get('uid'), header.uid),
      gid: userId(pax.get('gid'), header.gid),
      sizeBytes:
        kind === 'file' ? (size === undefined ? checkSize(header.sizeBytes) : parsePaxNumber(size)) : 0,
      modifiedNs: timeOf(pax.get('mtime'), header.modifiedNs),
      deviceMajor: header.deviceMajor,
      deviceMinor: header.deviceMinor,
      xattrs: this.#xattrsOf(pax),
    };
  }

  #xattrsOf(pax: PaxRecords): ReadonlyMap<string, Buffer> {
    const xattrs = new Map<string, Buffer>();
    let bytes = 0;
    for (const [key, value] of pax) {
      if (!key.startsWith(xattrPrefix)) continue;
      bytes += key.length + value.length;
      xattrs.set(key.slice(xattrPrefix.length), Buffer.from(value, 'latin1'));
    }
    if (xattrs.size > this.#limits.xattrs || bytes > this.#limits.xattrBytes)
      throw badImage(
        `layer archive: an entry with ${xattrs.size} extended attributes of ${bytes} bytes, at most ${this.#limits.xattrs} of ${this.#limits.xattrBytes} are taken`,
      );
    return xattrs;
  }
}

function kindOf(type: string, path: string): TarKind {
  if (type === '0' && path.endsWith('/')) return 'directory';
  const kind = kinds[type];
  if (kind === undefined)
    throw badImage(`layer archive: an entry of type ${JSON.stringify(type)}, which is not supported`);
  return kind;
}

function userId(pax: string | undefined, header: number): number {
  const id = pax === undefined ? header : parsePaxNumber(pax);
  if (id < 0 || id > maxUserId)
    throw badImage(`layer archive: an owner of ${id}, expected 0 to ${maxUserId}`);
  return id;
}

function checkSize(sizeBytes: number): number {
  if (sizeBytes < 0) throw badImage('layer archive: a file of negative size');
  return sizeBytes;
}

function timeOf(pax: string | undefined, headerNs: bigint): bigint {
  return pax === undefined ? headerNs : parsePaxTime(pax);
}

function untilNul(body: Buffer): string {
  const end = body.indexOf(0);
  return body.toString('latin1', 0, end < 0 ? body.length : end);
}

function paddingOf(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}
