/**
 * Ends of the containers' FIFOs, held so that the death of a monitor, the other holder, loses nothing: the bytes in a pipe
 * live as long as one of its ends is open somewhere, and the last writer's leaving is an end of file. Nothing is ever read
 * or written here. Source: pipe(7), fifo(7).
 *
 *   stdout, stderr   read ends, until the exit is recorded (the monitor has drained the pipes by then)
 *   stdin            write end, until the monitor says that stdin has ended
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { runFile } from '../../conmon-ts/protocol.ts';
import { errnoOf } from '../base/errors.ts';
import { joinPath, type AbsolutePath } from '../base/ids.ts';

type Held = { readonly outputs: readonly FileHandle[]; stdin: FileHandle | null };

export class Fifos implements AsyncDisposable {
  readonly #held = new Map<string, Held>();

  /** Holds what there is of a container's FIFOs; one with a terminal has none. */
  async hold(id: string, runDir: AbsolutePath, hasStdin: boolean): Promise<void> {
    this.release(id);
    const [stdout, stderr, stdin] = await Promise.all([
      openEnd(joinPath(runDir, runFile.stdout), constants.O_RDONLY),
      openEnd(joinPath(runDir, runFile.stderr), constants.O_RDONLY),
      hasStdin ? openEnd(joinPath(runDir, runFile.stdin), constants.O_WRONLY) : null,
    ]);
    const outputs = [stdout, stderr].filter((handle) => handle !== null);
    this.#held.set(id, { outputs, stdin });
  }

  closeStdin(id: string): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    give(held.stdin);
    held.stdin = null;
  }

  release(id: string): void {
    const held = this.#held.get(id);
    this.#held.delete(id);
    if (held === undefined) return;
    for (const handle of [...held.outputs, held.stdin]) give(handle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of this.#held.keys()) this.release(id);
    await Promise.resolve();
  }
}

/** Null: there is no such FIFO, or nobody at its other end. */
async function openEnd(path: AbsolutePath, direction: number): Promise<FileHandle | null> {
  try {
    return await open(path, direction | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENXIO' || errno === 'ENOENT') return null;
    throw error;
  }
}

function give(handle: FileHandle | null): void {
  // A descriptor that cannot be closed is closed all the same. Source: close(2).
  handle?.close().catch(() => undefined);
}
