/**
 * What of a layer's archive is not content of files: headers, padding, the end. With the files themselves it gives the
 * archive again, byte by byte: to verify a layer against its diffID, and to export an image under its own digests.
 * On disk: zstd frames, one behind the other.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';
import { giveBack } from '../../base/give-back.ts';

const frameBytes = 1024 * 1024;
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export class SkeletonWriter implements Disposable {
  readonly #fd: number;
  readonly #pending = Buffer.allocUnsafeSlow(frameBytes);
  #length = 0;

  /** @throws EEXIST */
  constructor(path: string) {
    this.#fd = openSync(path, 'wx', 0o600);
  }

  write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      const taken = bytes.copy(this.#pending, this.#length, at);
      at += taken;
      this.#length += taken;
      if (this.#length === frameBytes) this.#flush();
    }
  }

  finish(): void {
    if (this.#length > 0) this.#flush();
  }

  [Symbol.dispose](): void {
    giveBack(this.#pending);
    closeSync(this.#fd);
  }

  #flush(): void {
    const frame = zstdCompressSync(this.#pending.subarray(0, this.#length), options);
    this.#length = 0;
    for (let at = 0; at < frame.length;) at += writeSync(this.#fd, frame, at);
  }
}
