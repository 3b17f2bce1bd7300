/**
 * Reads the protobuf wire format of one message, with every length checked against the enclosing message. The generated
 * functions drive it field by field; it knows no message itself. Source: protobuf.dev/programming-guides/encoding.
 */
import { isUtf8 } from 'node:buffer';
import { emptyBytes, emptyList, emptyMap, newMap } from './defaults.ts';
import { CodecError, type CodecReason } from './errors.ts';

/**
 * Messages, list elements and map entries in one decoded message. A list of fifteen thousand containers stays below; two
 * hostile bytes become an object of a hundred, so this bounds the memory to some tens of megabytes.
 */
export const maxElements = 250_000;
/** Groups do not occur in the CRI; one in an unknown field is skipped down to this depth. */
export const maxGroupDepth = 32;

/** A message while it is being decoded. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads the fields up to the reader's end into `into` (protobuf merges a message that occurs twice) or a new message. */
export type ReadMessage<T> = (reader: WireReader, into?: Draft<T>) => T;

const wire = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;
const mapKeyTag = 10;
const mapValueTag = 18;

const words = new Uint32Array(2);
const signed = new BigInt64Array(words.buffer);
const unsigned = new BigUint64Array(words.buffer);
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export class WireReader {
  readonly #bytes: Buffer;
  readonly #messageName: string;
  #position = 0;
  #end: number;
  #elements = 0;
  /** The upper half of the number read last. */
  #high = 0;

  constructor(bytes: Uint8Array, messageName: string) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#messageName = messageName;
    this.#end = bytes.length;
  }

  /** The next field's tag (number << 3 | wire type), or 0 at the end of the message. */
  tag(): number {
    if (this.#position >= this.#end) return 0;
    const tag = this.#varint();
    if (this.#high !== 0 || tag >>> 3 === 0) throw this.#fault('BadTag', 'impossible field number');
    return tag;
  }

  bool(): boolean {
    const low = this.#varint();
    return low !== 0 || this.#high !== 0;
  }

  uint32(): number {
    return this.#varint();
  }

  /** Also enumerations: values that this build does not know stay numbers. */
  int32(): number {
    return this.#varint() | 0;
  }

  uint64(): bigint {
    const low = this.#varint();
    return this.#high < 0x200000 ? BigInt(this.#high * 0x1_0000_0000 + low) : this.#wide(low, unsigned);
  }

  int64(): bigint {
    const low = this.#varint();
    return this.#high < 0x200000 ? BigInt(this.#high * 0x1_0000_0000 + low) : this.#wide(low, signed);
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  string(): string {
    const start = this.#advance(this.#length());
    const text = this.#bytes.toString('utf8', start, this.#position);
    // Only a text with a replacement character can have been something else than UTF-8.
    if (text.includes('\ufffd') && !isUtf8(this.#bytes.subarray(start, this.#position))) {
      throw this.#fault('BadUtf8', 'text is not UTF-8');
    }
    return text;
  }

  /** A copy: it does not keep the request's buffer alive. */
  bytes(): Uint8Array {
    const start = this.#advance(this.#length());
    return start === this.#position
      ? emptyBytes
      : new Uint8Array(this.#bytes.subarray(start, this.#position));
  }

  message<T>(read: ReadMessage<T>, into: T | null): T {
    this.#countElement();
    const outerEnd = this.#enter();
    const value = into === null ? read(this) : read(this, into);
    this.#end = outerEnd;
    return value;
  }

  /** `list` with `value` at its end; the list itself unless it is the shared empty one. */
  append<T>(list: readonly T[], value: T): readonly T[] {
    this.#countElement();
    if (list === emptyList) return [value];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every list but the shared one was made here
    (list as T[]).push(value);
    return list;
  }

  /** A list of numbers written one after the other in one field. */
  packed<T>(list: readonly T[], readOne: (reader: WireReader) => T): readonly T[] {
    const outerEnd = this.#enter();
    let values = list;
    while (this.#position < this.#end) values = this.append(values, readOne(this));
    this.#end = outerEnd;
    return values;
  }

  /** `map` with the entry that stands here. */
  entry(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    this.#countElement();
    const outerEnd = this.#enter();
    let key = '';
    let value = '';
    for (let tag = this.tag(); tag !== 0; tag = this.tag()) {
      if (tag === mapKeyTag) key = this.string();
      else if (tag === mapValueTag) value = this.string();
      else this.skip(tag);
    }
    this.#end = outerEnd;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every map but the shared one was made here
    const own = map === emptyMap ? newMap() : (map as Record<string, string>);
    own[key] = value;
    return own;
  }

  /** Passes over a field that this build does not know. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case wire.varint:
        this.#varint();
        return;
      case wire.fixed64:
        this.#advance(8);
        return;
      case wire.bytes:
        this.#advance(this.#length());
        return;
      case wire.fixed32:
        this.#advance(4);
        return;
      case wire.startGroup:
        this.#skipGroup(tag, depth + 1);
        return;
      default:
        throw this.#fault('BadTag', 'impossible wire type');
    }
  }

  #skipGroup(start: number, depth: number): void {
    if (depth > maxGroupDepth) throw this.#fault('TooDeep', 'groups nested too deeply');
    const end = (start - wire.startGroup + wire.endGroup) >>> 0;
    for (let tag = this.tag(); tag !== end; tag = this.tag()) {
      if (tag === 0) throw this.#fault('Truncated', 'group without an end');
      this.skip(tag, depth);
    }
  }

  #countElement(): void {
    this.#elements += 1;
    if (this.#elements > maxElements) throw this.#fault('TooMany', `more than ${maxElements} elements`);
  }

  /** Goes into a length-delimited field; the caller restores the returned end. */
  #enter(): number {
    const outerEnd = this.#end;
    const length = this.#length();
    this.#end = this.#position + length;
    return outerEnd;
  }

  #length(): number {
    const length = this.#varint();
    if (this.#high !== 0 || length > this.#end - this.#position) {
      throw this.#fault('Truncated', 'length reaches past the message');
    }
    return length;
  }

  #advance(count: number): number {
    const start = this.#position;
    if (count > this.#end - start) throw this.#fault('Truncated', 'value reaches past the message');
    this.#position = start + count;
    return start;
  }

  /** Returns the lower 32 bits, unsigned, and leaves the upper ones in `#high`. */
  #varint(): number {
    const byte = this.#byte();
    this.#high = 0;
    return byte < 128 ? byte : this.#longVarint(byte);
  }

  #longVarint(first: number): number {
    let low = first & 127;
    let high = 0;
    for (let index = 1; index < 10; index += 1) {
      const byte = this.#byte();
      const seven = byte & 127;
      if (index < 4) low |= seven << (7 * index);
      else if (index === 4) {
        low |= seven << 28;
        high = seven >>> 4;
      } else high |= seven << (7 * index - 32);
      if (index === 9 && byte > 1) break;
      if (byte < 128) {
        this.#high = high >>> 0;
        return low >>> 0;
      }
    }
    throw this.#fault('BadVarint', 'number of more than 64 bits');
  }

  #byte(): number {
    if (this.#position >= this.#end) throw this.#fault('Truncated', 'number reaches past the message');
    const byte = this.#bytes[this.#position] ?? 0;
    this.#position += 1;
    return byte;
  }

  #wide(low: number, view: BigInt64Array | BigUint64Array): bigint {
    words[isLittleEndian ? 0 : 1] = low;
    words[isLittleEndian ? 1 : 0] = this.#high;
    return view[0] ?? 0n;
  }

  #fault(reason: CodecReason, what: string): CodecError {
    return new CodecError(reason, `decode "${this.#messageName}": ${what} at byte ${this.#position}`);
  }
}
