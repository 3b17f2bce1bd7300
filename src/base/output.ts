/**
 * Bounded memory of what a program writes: what is over the bound is read and dropped, so that the program never blocks on us.
 */
import type { Readable } from 'node:stream';

/** Keeps the first bytes of a stream. */
export function keepHead(stream: Readable | null, maxBytes: number): () => Buffer {
  const chunks: Buffer[] = [];
  let kept = 0;
  stream?.on('data', (chunk: Buffer) => {
    const head = chunk.subarray(0, maxBytes - kept);
    if (head.length > 0) chunks.push(head);
    kept += head.length;
  });
  return () => Buffer.concat(chunks);
}

/** Keeps the last bytes of a stream. */
export function keepTail(stream: Readable | null, maxBytes: number): () => Buffer {
  let tail: Buffer = Buffer.alloc(0);
  stream?.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-maxBytes);
  });
  return () => tail;
}
