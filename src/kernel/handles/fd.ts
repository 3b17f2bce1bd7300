/**
 * Descriptors of this process with one owner each.
 */
import { close } from '../calls/file-calls.ts';
import type { Fd } from '../contract/files.ts';

export class OwnedFd implements Fd {
  readonly number: number;
  #isOwned = true;

  constructor(number: number) {
    this.number = number;
  }

  close(): void {
    if (!this.#isOwned) return;
    this.#isOwned = false;
    close(this.number);
  }

  release(): number {
    this.#isOwned = false;
    return this.number;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
