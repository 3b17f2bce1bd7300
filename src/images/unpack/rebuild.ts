/**
 * Writes a layer's archive again, byte by byte as it came, from its skeleton and its files.
 *
 *   skeleton: headers … │ headers … │ … end
 *   files:              ▲           ▲   put in where the reader of the headers expects content
 */
import type { ArchiveLimits } from '../limits.ts';
import type { TarEntry } from './tar/tar-entry.ts';
import { TarReader } from './tar/tar-reader.ts';

/** Gives the stored bytes of an entry's file, neither fewer nor more. */
export type ReadContent = (entry: TarEntry) => Iterable<Buffer> | AsyncIterable<Buffer>;

export type Rebuilding = {
  /** Decompressed. */
  readonly skeleton: AsyncIterable<Buffer>;
  readonly limits: ArchiveLimits;
  readonly readContent: ReadContent;
  /** Told of each entry before its content is read. */
  readonly onEntry?: (entry: TarEntry) => void;
};

/** @throws InvalidImage when the skeleton is damaged, and what `readContent` throws */
export async function* rebuildArchive(rebuilding: Rebuilding): AsyncGenerator<Buffer> {
  let current: TarEntry | null = null;
  const entry = (next: TarEntry): void => {
    current = next;
    rebuilding.onEntry?.(next);
  };
  const reader = new TarReader({ entry, data: nothing, endEntry: nothing }, rebuilding.limits);
  for await (const chunk of rebuilding.skeleton) {
    for (let at = 0; at < chunk.length;) {
      const length = reader.take(chunk, at);
      yield chunk.subarray(at, at + length);
      at += length;
      if (!reader.isInContent || current === null) continue;
      for await (const piece of rebuilding.readContent(current)) {
        reader.write(piece);
        yield piece;
      }
    }
  }
  reader.end();
}

function nothing(): void {
  // Content comes from the files here: it need not go anywhere.
}
