/**
 * Write ends of the containers' stdin FIFOs, held so that the death of a monitor, the other holder, is no end of file for
 * the container. Nothing is ever written here. When the monitor says that stdin has ended, ours is closed, too.
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { errnoOf } from '../base/errors.ts';
import type { AbsolutePath } from '../base/ids.ts';

export class Stdins implements AsyncDisposable {
  readonly #held = new Map<string, FileHandle>();

  /** Holds the FIFO; nothing to hold when its reader or the file has gone. */
  async hold(id: string, fifo: AbsolutePath): Promise<void> {
    try {
      const handle = await open(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
      await this.#held.get(id)?.close();
      this.#held.set(id, handle);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== 'ENXIO' && errno !== 'ENOENT') throw error;
    }
  }

  close(id: string): void {
    const handle = this.#held.get(id);
    this.#held.delete(id);
    // A descriptor that cannot be closed is closed all the same. Source: close(2).
    handle?.close().catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const handle of this.#held.values()) await handle.close().catch(() => undefined);
    this.#held.clear();
  }
}
