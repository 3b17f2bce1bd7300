import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { FrameReader, maxControlBytes, type FramePart } from './frame-reader.ts';
import { control, dataHeader, SpdyError } from './frames.ts';

/** Frames put together again from their parts. */
function joined(parts: readonly FramePart[]): readonly unknown[] {
  const frames: unknown[] = [];
  let bytes: Buffer[] = [];
  let isOpen = false;
  for (const part of parts) {
    if (part.kind === 'control') {
      frames.push({ type: part.type, flags: part.flags, payload: part.payload.toString('hex') });
      continue;
    }
    bytes.push(part.bytes);
    isOpen = true;
    if (!part.isFin) continue;
    frames.push({ id: part.streamId, bytes: Buffer.concat(bytes).toString('hex') });
    bytes = [];
    isOpen = false;
  }
  return isOpen ? [...frames, 'open'] : frames;
}

function readAll(chunks: readonly Buffer[]): readonly FramePart[] {
  const reader = new FrameReader();
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
}

const anyFrame = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 255 }),
      fc.uint8Array({ maxLength: 300 }),
    )
    .map(([type, flags, payload]) => ({
      bytes: control(type, flags, Buffer.from(payload)),
      frame: { type, flags, payload: Buffer.from(payload).toString('hex') },
    })),
  fc.tuple(fc.integer({ min: 1, max: 0x7fffffff }), fc.uint8Array({ maxLength: 300 })).map(([id, data]) => ({
    bytes: Buffer.concat([dataHeader(id, data.length, true), data]),
    frame: { id, bytes: Buffer.from(data).toString('hex') },
  })),
);

describe('the frame reader', () => {
  test('reads the same frames however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 8 }),
        fc.array(fc.nat(50), { minLength: 1 }),
        (frames, cuts) => {
          const bytes = Buffer.concat(frames.map((each) => each.bytes));
          const chunks: Buffer[] = [];
          for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
            const length = (cuts[cut % cuts.length] ?? 0) + 1;
            chunks.push(bytes.subarray(at, at + length));
            at += length;
          }
          expect(joined(readAll(chunks))).toEqual(frames.map((each) => each.frame));
        },
      ),
    );
  });

  test('takes any bytes without other failures than the protocol’s, and keeps little of them', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 }), (chunks) => {
        try {
          const parts = readAll(chunks.map((chunk) => Buffer.from(chunk)));
          expect(parts.every((part) => part.kind === 'data' || part.payload.length <= 2000)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(SpdyError);
        }
      }),
    );
  });

  test('hands the bytes of a data frame of 16 MiB on as they come', () => {
    const reader = new FrameReader();
    expect([...reader.read(dataHeader(1, 0xffffff, true))]).toEqual([]);
    const first = [...reader.read(Buffer.alloc(1000))];
    expect(first).toEqual([{ kind: 'data', streamId: 1, bytes: Buffer.alloc(1000), isFin: false }]);
    const rest = [...reader.read(Buffer.alloc(0xffffff - 1000))];
    expect(rest).toEqual([expect.objectContaining({ isFin: true })]);
  });

  test('gives an empty data frame with its end', () => {
    expect(readAll([dataHeader(5, 0, true)])).toEqual([
      { kind: 'data', streamId: 5, bytes: Buffer.alloc(0), isFin: true },
    ]);
  });

  test('refuses control frames of another version or beyond the bound before it has read them', () => {
    const other = control(1, 0, Buffer.alloc(0));
    other.writeUInt16BE(0x8002, 0);
    expect(() => readAll([other])).toThrow(SpdyError);
    const large = control(1, 0, Buffer.alloc(0));
    large.writeUIntBE(maxControlBytes + 1, 5, 3);
    expect(() => readAll([large])).toThrow(SpdyError);
  });
});
