/** Hostile bytes: decoding them yields a message or a CodecError, and nothing else. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readOwnProto, readSchema } from '../schema.ts';
import {
  CodecError,
  ContainerConfig,
  Int64Value,
  KeyValue,
  ListContainersResponse,
  PsiStats,
} from '../runtime-v1.ts';
import { messageArbitraries } from '../testing/arbitrary.ts';
import { codecOf } from '../testing/codecs.ts';
import { maxElements, maxGroupDepth } from './reader.ts';

const arbitraries = [...messageArbitraries(readSchema(readOwnProto()))];

/** The reason of the failure, or null when there was none. @throws what is no CodecError */
function reasonOf(decode: () => unknown): string | null {
  try {
    decode();
    return null;
  } catch (error) {
    if (error instanceof CodecError) return error.reason;
    throw error;
  }
}

function faultOf(...bytes: number[]): string | null {
  return reasonOf(() => KeyValue.decode(Uint8Array.from(bytes)));
}

test.each(arbitraries)('%s: random bytes throw nothing but CodecError', (name) => {
  const codec = codecOf(name);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      reasonOf(() => codec.decode(bytes));
    }),
    { numRuns: 100 },
  );
});

test.each(arbitraries)('%s: changed and cut messages throw nothing but CodecError', (name, arbitrary) => {
  const codec = codecOf(name);
  const damage = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }), length: fc.nat() });
  fc.assert(
    fc.property(arbitrary, damage, (message, { at, byte, length }) => {
      const bytes = codec.encode(message);
      if (bytes.length === 0) return;
      bytes[at % bytes.length] = byte;
      reasonOf(() => codec.decode(bytes));
      reasonOf(() => codec.decode(bytes.subarray(0, length % bytes.length)));
    }),
    { numRuns: 30 },
  );
});

test('a message cut anywhere inside its only field is Truncated', () => {
  const bytes = ContainerConfig.encode({ metadata: { name: 'x'.repeat(300), attempt: 7 } });
  for (let length = 1; length < bytes.length; length += 1) {
    expect(reasonOf(() => ContainerConfig.decode(bytes.subarray(0, length)))).toBe('Truncated');
  }
});

describe('lengths', () => {
  test.each([
    ['past the end', [0x0a, 0x05, 0x61]],
    ['of 4 GiB', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['of 2^63', [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['cut', [0x0a, 0x80]],
  ])('%s are Truncated', (_, bytes) => {
    expect(faultOf(...bytes)).toBe('Truncated');
  });

  test('an inner message cannot read past its own end into its parent', () => {
    // metadata: 3 bytes long, its name claims 5; the parent has them.
    const bytes = [0x0a, 0x03, 0x0a, 0x05, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66];
    expect(reasonOf(() => ContainerConfig.decode(Uint8Array.from(bytes)))).toBe('Truncated');
  });

  test('a fixed-width number cannot reach from an inner message into its parent', () => {
    const bytes = [0x0a, 0x03, 0x11, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08];
    expect(reasonOf(() => PsiStats.decode(Uint8Array.from(bytes)))).toBe('Truncated');
  });

  test('a number cannot reach from an inner message into its parent', () => {
    const bytes = [0x0a, 0x02, 0x10, 0x80, 0x01];
    expect(reasonOf(() => ContainerConfig.decode(Uint8Array.from(bytes)))).toBe('Truncated');
  });
});

describe('tags and numbers', () => {
  test.each([
    ['field 0', [0x02, 0x00]],
    ['wire type 6', [0x0e]],
    ['wire type 7', [0x0f]],
    ['a group that was not begun', [0x0c]],
    ['a tag of more than 32 bits', [0x8a, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00]],
    ['a group that ends as another', [0xfb, 0x07, 0xf4, 0x07]],
  ])('%s is a BadTag', (_, bytes) => {
    expect(faultOf(...bytes)).toBe('BadTag');
  });

  test('a number of more than 64 bits is a BadVarint', () => {
    const nine = Array.from({ length: 9 }, () => 0xff);
    expect(reasonOf(() => Int64Value.decode(Uint8Array.from([0x08, ...nine, 0x02])))).toBe('BadVarint');
    expect(reasonOf(() => Int64Value.decode(Uint8Array.from([0x08, ...nine, 0x81, 0x00])))).toBe('BadVarint');
    expect(Int64Value.decode(Uint8Array.from([0x08, ...nine, 0x01]))).toEqual({ value: -1n });
  });

  test('a number with needless bytes is read', () => {
    expect(Int64Value.decode(Uint8Array.from([0x08, 0x85, 0x80, 0x80, 0x00]))).toEqual({ value: 5n });
  });
});

describe('bounds', () => {
  test('groups deeper than the bound are TooDeep, and do not end the process', () => {
    const nested = (depth: number): Buffer =>
      Buffer.concat([
        Buffer.from(Array.from({ length: depth }, () => [0xfb, 0x07]).flat()),
        Buffer.from(Array.from({ length: depth }, () => [0xfc, 0x07]).flat()),
      ]);
    expect(reasonOf(() => KeyValue.decode(nested(maxGroupDepth)))).toBeNull();
    expect(reasonOf(() => KeyValue.decode(nested(maxGroupDepth + 1)))).toBe('TooDeep');
    expect(reasonOf(() => KeyValue.decode(nested(100_000)))).toBe('TooDeep');
  });

  test('a group without an end is Truncated', () => {
    expect(faultOf(0xfb, 0x07)).toBe('Truncated');
  });

  test('more elements than the bound are TooMany: two bytes cannot become a hundred without end', () => {
    const emptyContainers = (count: number): Buffer => Buffer.alloc(count * 2, Buffer.from([0x0a, 0x00]));
    expect(reasonOf(() => ListContainersResponse.decode(emptyContainers(1000)))).toBeNull();
    expect(reasonOf(() => ListContainersResponse.decode(emptyContainers(maxElements + 1)))).toBe('TooMany');
  });

  test('the bound counts messages inside the elements', () => {
    const nested = Buffer.alloc(maxElements * 2, Buffer.from([0x0a, 0x02, 0x1a, 0x00])); // containers with metadata
    expect(reasonOf(() => ListContainersResponse.decode(nested))).toBe('TooMany');
  });

  test('the bound counts map entries and packed numbers too', () => {
    const entries = Buffer.alloc((maxElements + 1) * 2, Buffer.from([0x4a, 0x00]));
    expect(reasonOf(() => ContainerConfig.decode(entries))).toBe('TooMany');
    const ports = Buffer.alloc(maxElements + 1, 1);
    const packed = Buffer.concat([Buffer.from([0x12, 0x91, 0xa1, 0x0f]), ports]);
    expect(reasonOf(() => codecOf('PortForwardRequest').decode(packed))).toBe('TooMany');
  });
});

describe('text', () => {
  test.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe2, 0x82]],
    ['a code point past U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ])('%s is BadUtf8', (_, bytes) => {
    expect(faultOf(0x0a, bytes.length, ...bytes)).toBe('BadUtf8');
  });

  test('a replacement character that was sent is kept', () => {
    expect(KeyValue.decode(KeyValue.encode({ key: 'a\ufffdb' })).key).toBe('a\ufffdb');
  });
});

test('a fault names the message and the place', () => {
  expect(() => KeyValue.decode(Uint8Array.from([0x0a, 0x05, 0x61]))).toThrow(
    'decode "runtime.v1.KeyValue": length reaches past the message at byte 2',
  );
});

test('a view into a larger buffer is read within its bounds', () => {
  const bytes = KeyValue.encode({ key: 'k' });
  const larger = new Uint8Array(100).fill(0xff);
  larger.set(bytes, 40);
  expect(KeyValue.decode(larger.subarray(40, 40 + bytes.length)).key).toBe('k');
});
