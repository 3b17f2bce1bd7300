/**
 * The daemon's sealed copy of a runtime's program, held open by us while it is executed: a descriptor of the daemon's, named by
 * its process, which may have ended meanwhile.
 */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { isSealed } from './calls/file-calls.ts';
import type { SealedCopy } from './protocol.ts';

export class SealedFile implements Disposable {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Null: it is not there any more, or is not what it was said to be; the program itself is run then. */
  static open(copy: SealedCopy | null): SealedFile | null {
    if (copy === null) return null;
    let fd: number;
    try {
      fd = openSync(copy.path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    } catch {
      return null;
    }
    const isSame = String(fstatSync(fd, { bigint: true }).ino) === copy.inode && isSealed(fd);
    if (isSame) return new SealedFile(fd);
    closeSync(fd);
    return null;
  }

  /** Where it can be executed. */
  get path(): string {
    return `/proc/${process.pid}/fd/${this.#fd}`;
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
