/**
 * Gives memory back at once, without waiting for a garbage collection that may come a hundred megabytes later.
 */
import { types } from 'node:util';

/**
 * For a chunk that nobody looks at any more. Nothing happens unless it is the last piece of memory of its own: streams cut
 * chunks into pieces and use them up in order, and small buffers share one piece of memory with strangers.
 */
export function giveBack(chunk: Buffer): void {
  const { buffer, byteOffset, length } = chunk;
  const isLast = byteOffset + length === buffer.byteLength;
  // Only buffers of less than half the pool's size are cut from it. Source: Node, Buffer.poolSize.
  const isOwn = buffer.byteLength < Buffer.poolSize || length >= Buffer.poolSize / 2;
  if (types.isArrayBuffer(buffer) && !buffer.detached && isLast && isOwn) buffer.transfer(0);
}
