/**
 * Counts what goes into and out of a decompression, and stops a bomb.
 */
import { badImage } from '../documents/document.ts';
import type { ArchiveLimits } from '../limits.ts';

export class Meter {
  readonly #limits: ArchiveLimits;
  #inBytes = 0;
  #outBytes = 0;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
  }

  get outBytes(): number {
    return this.#outBytes;
  }

  async *countIn(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.#inBytes += chunk.length;
      yield chunk;
    }
  }

  /** @throws InvalidImage */
  countOut(bytes: number): void {
    this.#outBytes += bytes;
    const { layerBytes, ratio, ratioFromBytes } = this.#limits;
    if (this.#outBytes > layerBytes) throw badImage(`archive: decompresses to more than ${layerBytes} bytes`);
    if (this.#outBytes > ratioFromBytes && this.#outBytes > this.#inBytes * ratio)
      throw badImage(`archive: decompresses to more than ${ratio} times its size`);
  }
}
