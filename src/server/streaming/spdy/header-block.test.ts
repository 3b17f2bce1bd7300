import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { constants, createDeflate, deflateSync, inflateSync } from 'node:zlib';
import { headerDictionary, headerDictionaryId } from './dictionary.ts';
import { SpdyError } from './frames.ts';
import { formatHeaders, HeaderReader, HeaderWriter, parseHeaders } from './header-block.ts';

function compressed(block: Buffer): Buffer {
  return deflateSync(block, { dictionary: headerDictionary, finishFlush: constants.Z_SYNC_FLUSH });
}

/** Source: RFC 1950, Adler-32. */
function adler32(bytes: Buffer): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

const anyHeaders = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z][a-z-]{0,20}$/), fc.string({ maxLength: 50 })), { maxLength: 10 })
  .map((entries) => new Map(entries));

describe('header blocks', () => {
  test('start from the dictionary of the protocol', () => {
    expect([headerDictionary.length, adler32(headerDictionary)]).toEqual([1423, headerDictionaryId]);
  });

  test('of a real compressor are read one after the other', async () => {
    using reader = new HeaderReader();
    const deflate = createDeflate({ dictionary: headerDictionary });
    for (const streamtype of ['error', 'stdin', 'stdout', 'error']) {
      const chunks: Buffer[] = [];
      deflate.removeAllListeners('data');
      deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
      deflate.write(formatHeaders(new Map([['Streamtype', streamtype]])));
      await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
      expect(await reader.read(Buffer.concat(chunks))).toEqual(new Map([['streamtype', streamtype]]));
    }
    deflate.destroy();
  });

  test('of ours are read by a real decompressor', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyHeaders, { minLength: 1, maxLength: 5 }), async (blocks) => {
        const writer = new HeaderWriter();
        using reader = new HeaderReader();
        for (const headers of blocks) expect(await reader.read(writer.write(headers))).toEqual(headers);
      }),
    );
    const first = new HeaderWriter().write(new Map());
    expect(inflateSync(first, { dictionary: headerDictionary, finishFlush: constants.Z_SYNC_FLUSH })).toEqual(
      Buffer.alloc(4),
    );
  });

  test('that expand beyond the bound end the connection’s headers', async () => {
    using reader = new HeaderReader();
    const bomb = compressed(Buffer.alloc(20 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(32 * 1024);
    await expect(reader.read(bomb)).rejects.toThrow(SpdyError);
    await expect(reader.read(compressed(formatHeaders(new Map())))).rejects.toThrow(SpdyError);
  });

  test('that are damaged, ended, or with another dictionary are refused', async () => {
    const damaged = compressed(formatHeaders(new Map([['a', 'b']])));
    damaged[8] = 0xff;
    const ended = deflateSync(formatHeaders(new Map()), { dictionary: headerDictionary });
    for (const block of [
      Buffer.from('no zlib at all'),
      deflateSync('x', { dictionary: Buffer.from('x') }),
      damaged,
    ]) {
      using reader = new HeaderReader();
      await expect(reader.read(block)).rejects.toThrow(SpdyError);
    }
    using reader = new HeaderReader();
    await reader.read(ended).catch(() => undefined);
    await expect(reader.read(Buffer.from('more'))).rejects.toThrow(SpdyError);
  });

  test('lie about their lengths in vain', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(parseHeaders(Buffer.from(bytes)).size).toBeLessThanOrEqual(64);
        } catch (error) {
          expect(error).toBeInstanceOf(SpdyError);
        }
      }),
    );
    const huge = formatHeaders(new Map([['name', 'value']]));
    huge.writeUInt32BE(0xffffffff, 4);
    expect(() => parseHeaders(huge)).toThrow(SpdyError);
    const twice = Buffer.concat([Buffer.from([0, 0, 0, 2]), entry('A', '1'), entry('a', '2')]);
    expect(() => parseHeaders(twice)).toThrow(SpdyError);
  });

  test('are not expanded any more when the connection has ended', async () => {
    const reader = new HeaderReader();
    reader[Symbol.dispose]();
    await expect(reader.read(compressed(formatHeaders(new Map())))).rejects.toThrow(SpdyError);
  });
});

function entry(name: string, value: string): Buffer {
  return formatHeaders(new Map([[name, value]])).subarray(4);
}
