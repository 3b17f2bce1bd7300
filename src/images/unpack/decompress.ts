/**
 * Finds out how a layer is compressed, by its first bytes as all runtimes do, and decompresses it. The work is done on
 * Node's thread pool, beside the thread that writes the files.
 * Source: RFC 1952 (gzip members may follow each other), RFC 8878 (zstd frames may follow each other and be skippable).
 */
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { giveBack } from '../../base/give-back.ts';
import { badImage } from '../documents/document.ts';

const outputBytes = 256 * 1024;
/** As many as the longest of the signatures below needs. */
const startBytes = 6;

/**
 * A chunk, of the source as of the result, is good until the next one is asked for: its memory is then used again or given
 * back at once, since hundreds of megabytes go through here between two garbage collections.
 * @throws InvalidImage when the stream is damaged or of an unknown kind, and what the source throws
 */
export async function* decompress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  const start = await readStart(iterator);
  if (start.length === 0) return;
  const all = rejoin(start, iterator);
  const transform = transformFor(start);
  if (transform === null) {
    yield* all;
    return;
  }
  const feeding = feed(transform, all);
  try {
    for await (const chunk of transform) {
      yield chunk;
      giveBack(chunk);
    }
  } catch (error) {
    throw (await feeding) ?? badImage('layer archive: its compression is damaged', error);
  } finally {
    transform.destroy();
    await feeding;
  }
}

/** One chunk after the other, each when the one before is used up. @returns why the source failed, if it did */
async function feed(transform: Transform, source: AsyncGenerator<Buffer>): Promise<Error | null> {
  let sourceFailure: Error | null = null;
  const closed = new Promise<void>((resolve) => transform.once('close', resolve));
  try {
    for await (const chunk of source) {
      const written = new Promise<void>((resolve) => transform.write(chunk, () => resolve()));
      await Promise.race([written, closed]);
      if (transform.destroyed) return null;
    }
  } catch (error) {
    sourceFailure = error instanceof Error ? error : new Error(String(error));
  }
  if (sourceFailure === null) transform.end();
  else transform.destroy(sourceFailure);
  return sourceFailure;
}

/** The first bytes may come one by one. */
async function readStart(iterator: AsyncIterator<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let length = 0; length < startBytes;) {
    const next = await iterator.next();
    if (next.done === true) break;
    if (length === 0 && next.value.length >= startBytes) return next.value;
    pieces.push(Buffer.from(next.value));
    length += next.value.length;
  }
  return Buffer.concat(pieces);
}

async function* rejoin(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** What runtimes do not take as a layer, told by name rather than as a damaged archive. */
const unsupported: readonly (readonly [name: string, signature: string])[] = [
  ['xz', 'fd377a585a00'],
  ['bzip2', '425a68'],
  ['lz4', '04224d18'],
  ['lzip', '4c5a4950'],
  ['lzma', '5d0000'],
  ['compress', '1f9d'],
  ['zip', '504b0304'],
];

/** Null: not compressed. */
function transformFor(start: Buffer): Transform | null {
  if (start[0] === 0x1f && start[1] === 0x8b) return createGunzip({ chunkSize: outputBytes });
  const magic = start.length < 4 ? 0 : start.readUInt32LE(0);
  // A zstd frame, or a skippable one before it.
  const isZstd = magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50;
  if (isZstd) return createZstdDecompress({ chunkSize: outputBytes });
  const hex = start.toString('hex', 0, startBytes);
  const known = unsupported.find(([, signature]) => hex.startsWith(signature));
  if (known !== undefined)
    throw badImage(`layer archive: compressed with ${known[0]}, expected gzip, zstd or no compression`);
  return null;
}
