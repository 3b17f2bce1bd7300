/**
 * What the daemon holds of each living container, so that the death of its monitor, the other holder, loses nothing.
 * Nothing is ever read or written here. Source: pipe(7), fifo(7), pidfd_open(2).
 *
 *   stdout, stderr   read ends: the bytes in a pipe live as long as one of its ends is open somewhere
 *   stdin            write end, until the monitor says that stdin has ended: the last writer's leaving is an end of file
 *   pidfd            tells how the process ended, also when a stranger has reaped it (Linux 6.15)
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { runFile } from '../../conmon-ts/protocol.ts';
import { errnoOf } from '../base/errors.ts';
import { joinPath, type AbsolutePath } from '../base/ids.ts';
import type { ProcessHandle } from '../kernel/contract/processes.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ProcessIdentity } from '../store/pod-record.ts';
import { openIdentified } from './programs/process-identity.ts';

export type HoldRequest = {
  readonly id: string;
  readonly runDir: AbsolutePath;
  readonly process: ProcessIdentity;
  /** A container with a terminal has no FIFOs. */
  readonly isTerminal: boolean;
  readonly hasStdin: boolean;
};

type Held = {
  readonly outputs: readonly FileHandle[];
  stdin: FileHandle | null;
  /** Null: the process was gone already. */
  readonly process: ProcessHandle | null;
};

export class Holds implements Disposable {
  readonly #kernel: Pick<Kernel, 'openProcess'>;
  readonly #held = new Map<string, Held>();

  constructor(kernel: Pick<Kernel, 'openProcess'>) {
    this.#kernel = kernel;
  }

  /** Holds what there is of a container. */
  async hold(request: HoldRequest): Promise<void> {
    const { id, isTerminal } = request;
    this.release(id);
    const process = await openIdentified(this.#kernel, request.process);
    const fifos = isTerminal ? { outputs: [], stdin: null } : await openFifos(request);
    this.#held.set(id, { ...fifos, process });
  }

  /** How the process ended, as of wait(2); null while it lives, or when the kernel does not tell. */
  waitStatus(id: string): number | null {
    const info = this.#held.get(id)?.process?.info() ?? null;
    return info?.state === 'exited' ? info.waitStatus : null;
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
    held.process?.close();
  }

  [Symbol.dispose](): void {
    for (const id of this.#held.keys()) this.release(id);
  }
}

async function openFifos(request: HoldRequest): Promise<Pick<Held, 'outputs' | 'stdin'>> {
  const { runDir, hasStdin } = request;
  const [stdout, stderr, stdin] = await Promise.all([
    openEnd(joinPath(runDir, runFile.stdout), constants.O_RDONLY),
    openEnd(joinPath(runDir, runFile.stderr), constants.O_RDONLY),
    hasStdin ? openEnd(joinPath(runDir, runFile.stdin), constants.O_WRONLY) : null,
  ]);
  return { outputs: [stdout, stderr].filter((handle) => handle !== null), stdin };
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
