/**
 * Reads, in the unpacking thread, a layer's file that the daemon may still be downloading: never beyond what the daemon
 * has said is there, and no further once nobody wants the layer any more.
 */
import { readSync } from 'node:fs';
import { giveBack } from '../../base/give-back.ts';
import { badImage } from '../documents/document.ts';
import type { UnpackRequest } from './unpack-protocol.ts';

const readBytes = 256 * 1024;
/** A thread that has waited so long altogether has little to do. */
const starvedMs = 250;

/** How far the layer's file may be read. */
export class Growth {
  readonly #stopFlag: Int32Array;
  #availableBytes: number;
  #isComplete: boolean;
  #woken = Promise.withResolvers<void>();
  #waitedMs = 0;
  readonly #onStarved: () => void;

  constructor(
    request: Pick<UnpackRequest, 'availableBytes' | 'isComplete' | 'stopFlag'>,
    onStarved: () => void = (): void => undefined,
  ) {
    this.#onStarved = onStarved;
    this.#stopFlag = new Int32Array(request.stopFlag);
    this.#availableBytes = request.availableBytes;
    this.#isComplete = request.isComplete;
  }

  get availableBytes(): number {
    return this.#availableBytes;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  grow(availableBytes: number, isComplete: boolean): void {
    this.#availableBytes = Math.max(this.#availableBytes, availableBytes);
    this.#isComplete = isComplete;
    this.wake();
  }

  wake(): void {
    this.#woken.resolve();
    this.#woken = Promise.withResolvers<void>();
  }

  async more(): Promise<void> {
    const sinceMs = performance.now();
    const leftMs = starvedMs - this.#waitedMs;
    const timer = leftMs > 0 ? setTimeout(this.#onStarved, leftMs) : null;
    await this.#woken.promise;
    if (timer !== null) clearTimeout(timer);
    this.#waitedMs += performance.now() - sinceMs;
  }

  throwIfStopped(): void {
    if (Atomics.load(this.#stopFlag, 0) !== 0) throw new Error('nobody wants it any more');
  }
}

/** A chunk is good until the next one is asked for. */
export async function* readGrowing(fd: number, growth: Growth): AsyncGenerator<Buffer> {
  const chunk = Buffer.allocUnsafeSlow(readBytes);
  try {
    for (let at = 0; ;) {
      growth.throwIfStopped();
      if (at < growth.availableBytes) {
        const length = readSync(fd, chunk, 0, Math.min(readBytes, growth.availableBytes - at), at);
        if (length === 0) throw badImage('layer archive: its file is shorter than what was downloaded');
        at += length;
        yield chunk.subarray(0, length);
      } else if (growth.isComplete) return;
      else await growth.more();
    }
  } finally {
    giveBack(chunk);
  }
}
