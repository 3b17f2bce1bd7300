/**
 * The names of a layer's entries with a few figures of each, kept outside of the heap: a million take some 70 MB, where
 * objects and their paths would take four times as much. Synchronous, for the unpacking thread.
 *
 *   record: parent │ name │ next of the same hash │ kind │ mode │ uid │ gid │ size │ time │ extra
 */
import { randomBytes } from 'node:crypto';
import { giveBack } from '../../base/give-back.ts';

export type EntryFigures = {
  readonly kind: EntryKind;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly modifiedNs: bigint;
  /** What the kind wants to be known: a device, another entry, the place of a fingerprint. */
  readonly extra: number;
};

const kinds = [
  'implied',
  'whiteout',
  'foreign',
  'hardlink',
  'file',
  'directory',
  'symlink',
  'character',
  'block',
  'fifo',
] as const;

export type EntryKind = (typeof kinds)[number];

const field = {
  parent: 0,
  name: 4,
  next: 8,
  kind: 12,
  mode: 14,
  uid: 16,
  gid: 20,
  size: 24,
  time: 32,
  extra: 40,
};
const recordBytes = 44;
const chunkRecords = 16_384;
const textChunkBytes = 1024 * 1024;
const latestTimeNs = 2n ** 63n - 1n;

/** The root, which is always there. */
export const rootEntry = 0;

export class EntryTable implements Disposable {
  readonly #records: Buffer[] = [];
  readonly #texts: Buffer[] = [];
  #textEnd = 0;
  #count = 0;
  #buckets = new Uint32Array(4096);
  /** Nobody outside can make names of one hash. */
  readonly #seed = randomBytes(4).readUInt32LE();

  constructor() {
    this.#append(rootEntry, '');
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return (
      this.#records.length * chunkRecords * recordBytes +
      this.#texts.length * textChunkBytes +
      this.#buckets.byteLength
    );
  }

  /** The entry of a path; null: there is none. */
  find(path: string): number | null {
    let at = rootEntry;
    for (const name of partsOf(path)) {
      const next = this.#findIn(at, name);
      if (next === null) return null;
      at = next;
    }
    return at;
  }

  /** The entry of a path, made when it is not there; `pass` is told of it and of those above it. */
  make(path: string, pass: (entry: number, isNew: boolean) => void): number {
    let at = rootEntry;
    for (const name of partsOf(path)) {
      const next = this.#findIn(at, name);
      at = next ?? this.#append(at, name);
      pass(at, next === null);
    }
    return at;
  }

  pathOf(entry: number): string {
    const parts: string[] = [];
    for (let at = entry; at !== rootEntry; at = this.#read(at, field.parent)) parts.push(this.#nameOf(at));
    return parts.toReversed().join('/');
  }

  kindOf(entry: number): EntryKind {
    const [chunk, at] = this.#place(entry);
    return kinds[chunk[at + field.kind] ?? 0] ?? 'implied';
  }

  get(entry: number): EntryFigures {
    const [chunk, at] = this.#place(entry);
    return {
      kind: this.kindOf(entry),
      mode: chunk.readUInt16LE(at + field.mode),
      uid: chunk.readUInt32LE(at + field.uid),
      gid: chunk.readUInt32LE(at + field.gid),
      sizeBytes: chunk.readDoubleLE(at + field.size),
      modifiedNs: chunk.readBigInt64LE(at + field.time),
      extra: chunk.readUInt32LE(at + field.extra),
    };
  }

  set(entry: number, figures: EntryFigures): void {
    const [chunk, at] = this.#place(entry);
    chunk[at + field.kind] = kinds.indexOf(figures.kind);
    chunk.writeUInt16LE(figures.mode, at + field.mode);
    chunk.writeUInt32LE(figures.uid, at + field.uid);
    chunk.writeUInt32LE(figures.gid, at + field.gid);
    chunk.writeDoubleLE(figures.sizeBytes, at + field.size);
    chunk.writeBigInt64LE(clamped(figures.modifiedNs), at + field.time);
    chunk.writeUInt32LE(figures.extra, at + field.extra);
  }

  /** Keeps up to 255 bytes. @returns their place, which is never 0 */
  keep(bytes: Buffer): number {
    const [text, at] = this.#room(bytes.length);
    text[at] = bytes.length;
    text.set(bytes, at + 1);
    return this.#textEnd - bytes.length - 1;
  }

  kept(place: number): Buffer {
    const text = this.#texts[Math.floor(place / textChunkBytes)] ?? Buffer.alloc(1);
    const at = place % textChunkBytes;
    return text.subarray(at + 1, at + 1 + (text[at] ?? 0));
  }

  [Symbol.dispose](): void {
    for (const chunk of [...this.#records, ...this.#texts]) giveBack(chunk);
    this.#records.length = 0;
    this.#texts.length = 0;
  }

  #append(parent: number, name: string): number {
    const entry = this.#count;
    if (entry % chunkRecords === 0) this.#records.push(Buffer.alloc(chunkRecords * recordBytes));
    this.#count += 1;
    const place = this.keep(Buffer.from(name, 'latin1'));
    this.#write(entry, field.parent, parent);
    this.#write(entry, field.name, place);
    if (entry === rootEntry) return entry;
    if (this.#count > this.#buckets.length) this.#widen();
    else this.#link(entry, this.#hash(parent, name));
    return entry;
  }

  #findIn(parent: number, name: string): number | null {
    const bucket = this.#hash(parent, name) & (this.#buckets.length - 1);
    for (let at = this.#buckets[bucket] ?? 0; at !== 0; at = this.#read(at, field.next))
      if (this.#read(at, field.parent) === parent && this.#isNamed(at, name)) return at;
    return null;
  }

  #isNamed(entry: number, name: string): boolean {
    const place = this.#read(entry, field.name);
    const text = this.#texts[Math.floor(place / textChunkBytes)];
    const at = place % textChunkBytes;
    if (text === undefined || text[at] !== name.length) return false;
    for (let each = 0; each < name.length; each += 1)
      if (text[at + 1 + each] !== name.charCodeAt(each)) return false;
    return true;
  }

  #nameOf(entry: number): string {
    return this.kept(this.#read(entry, field.name)).toString('latin1');
  }

  #widen(): void {
    this.#buckets = new Uint32Array(this.#buckets.length * 4);
    for (let entry = 1; entry < this.#count; entry += 1)
      this.#link(entry, this.#hash(this.#read(entry, field.parent), this.#nameOf(entry)));
  }

  #link(entry: number, hash: number): void {
    const bucket = hash & (this.#buckets.length - 1);
    this.#write(entry, field.next, this.#buckets[bucket] ?? 0);
    this.#buckets[bucket] = entry;
  }

  /** FNV-1a, mixed, as the low bits choose. */
  #hash(parent: number, name: string): number {
    let hash = Math.imul(this.#seed ^ parent, 0x9e3779b1);
    hash ^= hash >>> 15;
    for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    return (hash ^ (hash >>> 13)) >>> 0;
  }

  /** Room for a length and as many bytes, which no chunk's end cuts. */
  #room(length: number): readonly [text: Buffer, at: number] {
    const left = this.#texts.length * textChunkBytes - this.#textEnd;
    if (left < length + 1) {
      this.#textEnd = this.#texts.length * textChunkBytes + (this.#texts.length === 0 ? 1 : 0);
      this.#texts.push(Buffer.alloc(textChunkBytes));
    }
    const at = this.#textEnd % textChunkBytes;
    this.#textEnd += length + 1;
    return [this.#texts.at(-1) ?? Buffer.alloc(0), at];
  }

  #read(entry: number, offset: number): number {
    const [chunk, at] = this.#place(entry);
    return chunk.readUInt32LE(at + offset);
  }

  #write(entry: number, offset: number, value: number): void {
    const [chunk, at] = this.#place(entry);
    chunk.writeUInt32LE(value, at + offset);
  }

  #place(entry: number): readonly [chunk: Buffer, at: number] {
    const chunk = this.#records[Math.floor(entry / chunkRecords)];
    if (chunk === undefined) throw new RangeError(`no entry ${entry}`);
    return [chunk, (entry % chunkRecords) * recordBytes];
  }
}

function partsOf(path: string): readonly string[] {
  return path === '' ? [] : path.split('/');
}

function clamped(timeNs: bigint): bigint {
  return timeNs > latestTimeNs ? latestTimeNs : timeNs < -latestTimeNs ? -latestTimeNs : timeNs;
}
