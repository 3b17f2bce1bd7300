/**
 * Writes the protobuf wire format. Each method writes one field and leaves it out where proto3 does: default values, absent
 * messages. The generated functions drive it; it knows no message itself. Source: protobuf.dev/programming-guides/encoding.
 */
import { CodecError } from './errors.ts';

export type WriteMessage<I> = (writer: WireWriter, message: I) => void;

const firstCapacityBytes = 512;
const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);
const maxUint64 = 2n ** 64n - 1n;
/** A text of so many UTF-16 units has at most 127 bytes, so its length is one byte. */
const maxShortText = 42;

export class WireWriter {
  #bytes: Buffer = Buffer.allocUnsafe(firstCapacityBytes);
  #position = 0;

  /** What was written; the writer is not used afterwards. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#position);
  }

  string(tag: number, value: string | undefined): void {
    if (value === undefined || value === '') return;
    this.#varint(tag);
    this.#text(value);
  }

  strings(tag: number, values: readonly string[] | undefined): void {
    for (const value of values ?? []) {
      this.#varint(tag);
      this.#text(value);
    }
  }

  bytes(tag: number, value: Uint8Array | undefined): void {
    if (value === undefined || value.length === 0) return;
    this.#varint(tag);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#position);
    this.#position += value.length;
  }

  bool(tag: number, value: boolean | undefined): void {
    if (value !== true) return;
    this.#varint(tag);
    this.#varint(1);
  }

  uint32(tag: number, value: number | undefined): void {
    if (value === undefined || value === 0) return;
    if (value >>> 0 !== value) throw outOfRange('uint32', value);
    this.#varint(tag);
    this.#varint(value);
  }

  /** Also enumerations. */
  int32(tag: number, value: number | undefined): void {
    if (value === undefined || value === 0) return;
    this.#varint(tag);
    this.#signed32(value);
  }

  int32s(tag: number, values: readonly number[] | undefined): void {
    if (values === undefined || values.length === 0) return;
    this.#varint(tag);
    const start = this.#open();
    for (const value of values) this.#signed32(value);
    this.#close(start);
  }

  uint64(tag: number, value: bigint | undefined): void {
    if (value === undefined || value === 0n) return;
    if (value < 0n || value > maxUint64) throw outOfRange('uint64', value);
    this.#varint(tag);
    this.#wide(value);
  }

  int64(tag: number, value: bigint | undefined): void {
    if (value === undefined || value === 0n) return;
    this.#varint(tag);
    this.#signed64(value);
  }

  int64s(tag: number, values: readonly bigint[] | undefined): void {
    if (values === undefined || values.length === 0) return;
    this.#varint(tag);
    const start = this.#open();
    for (const value of values) this.#signed64(value);
    this.#close(start);
  }

  /** A negative zero is not the default and is written. */
  double(tag: number, value: number | undefined): void {
    if (value === undefined || Object.is(value, 0)) return;
    this.#varint(tag);
    this.#reserve(8);
    this.#position = this.#bytes.writeDoubleLE(value, this.#position);
  }

  /** An empty message is written (it is present); an absent one is not. */
  message<I>(tag: number, value: I | null | undefined, write: WriteMessage<I>): void {
    if (value === undefined || value === null) return;
    this.#varint(tag);
    const start = this.#open();
    write(this, value);
    this.#close(start);
  }

  messages<I>(tag: number, values: readonly I[] | undefined, write: WriteMessage<I>): void {
    for (const value of values ?? []) this.message(tag, value, write);
  }

  map(tag: number, map: Readonly<Record<string, string>> | undefined): void {
    if (map === undefined) return;
    for (const key of Object.keys(map)) {
      this.#varint(tag);
      const start = this.#open();
      this.string(10, key);
      this.string(18, map[key]);
      this.#close(start);
    }
  }

  #text(value: string): void {
    if (value.length <= maxShortText) {
      this.#reserve(value.length * 3 + 1);
      const length = this.#bytes.write(value, this.#position + 1);
      this.#bytes[this.#position] = length;
      this.#position += length + 1;
      return;
    }
    const length = Buffer.byteLength(value);
    this.#varint(length);
    this.#reserve(length);
    this.#position += this.#bytes.write(value, this.#position);
  }

  #signed32(value: number): void {
    if ((value | 0) !== value) throw outOfRange('int32', value);
    if (value >= 0) this.#varint(value);
    else this.#varint64(value >>> 0, 0xffff_ffff);
  }

  #signed64(value: bigint): void {
    if (value < minInt64 || value > maxInt64) throw outOfRange('int64', value);
    this.#wide(value);
  }

  #wide(value: bigint): void {
    const whole = Number(value);
    if (whole >= 0 && whole <= Number.MAX_SAFE_INTEGER) {
      this.#varint64(whole >>> 0, Math.floor(whole / 0x1_0000_0000));
    } else {
      this.#varint64(Number(value & 0xffff_ffffn), Number((value >> 32n) & 0xffff_ffffn));
    }
  }

  #varint(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#position] = (rest & 127) | 128;
      this.#position += 1;
      rest >>>= 7;
    }
    this.#bytes[this.#position] = rest;
    this.#position += 1;
  }

  #varint64(low: number, high: number): void {
    if (high === 0) {
      this.#varint(low);
      return;
    }
    this.#reserve(10);
    let lowRest = low;
    let highRest = high;
    while (highRest !== 0 || lowRest > 127) {
      this.#bytes[this.#position] = (lowRest & 127) | 128;
      this.#position += 1;
      lowRest = ((lowRest >>> 7) | (highRest << 25)) >>> 0;
      highRest >>>= 7;
    }
    this.#bytes[this.#position] = lowRest;
    this.#position += 1;
  }

  /** Leaves one byte for the length of what follows. */
  #open(): number {
    this.#reserve(1);
    this.#position += 1;
    return this.#position;
  }

  /** Writes that length, and moves the content when it needs more than the one byte. */
  #close(start: number): void {
    const length = this.#position - start;
    if (length < 128) {
      this.#bytes[start - 1] = length;
      return;
    }
    this.#reserve(5);
    const end = this.#position;
    this.#position = start - 1;
    const lengthBytes = varintBytes(length);
    this.#bytes.copyWithin(start - 1 + lengthBytes, start, end);
    this.#varint(length);
    this.#position += length;
  }

  #reserve(count: number): void {
    const needed = this.#position + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#position);
    this.#bytes = larger;
  }
}

function varintBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
}

function outOfRange(type: string, value: number | bigint): CodecError {
  return new CodecError('OutOfRange', `encode: ${value} is no ${type}`);
}
