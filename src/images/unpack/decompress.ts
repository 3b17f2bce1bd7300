/**
 * Finds out how a layer is compressed, by its first bytes as all runtimes do, and decompresses it. The work is done on
 * Node's thread pool, beside the thread that writes the files.
 * Source: RFC 1952 (gzip members may follow each other), RFC 8878 (zstd frames may follow each other and be skippable).
 */
import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { badImage } from '../document.ts';

const outputBytes = 256 * 1024;

/** @throws InvalidImage when the stream is damaged, and what the source throws */
export async function* decompress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const all = rejoin(first.value, iterator);
  const transform = transformFor(first.value);
  if (transform === null) {
    yield* all;
    return;
  }
  let sourceError: Error | null = null;
  const input = Readable.from(all, { objectMode: false, highWaterMark: 4 * outputBytes });
  input.once('error', (error) => (sourceError = error));
  // The reader below gets every failure: from here it would be told a second time.
  pipeline(input, transform, () => undefined);
  try {
    yield* transform;
  } catch (error) {
    throw sourceError ?? badImage('layer archive: its compression is damaged', error);
  }
}

async function* rejoin(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

function transformFor(start: Buffer): Transform | null {
  if (start[0] === 0x1f && start[1] === 0x8b) return createGunzip({ chunkSize: outputBytes });
  const magic = start.length < 4 ? 0 : start.readUInt32LE(0);
  // A zstd frame, or a skippable one before it.
  const isZstd = magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50;
  return isZstd ? createZstdDecompress({ chunkSize: outputBytes }) : null;
}
