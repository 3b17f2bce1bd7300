/**
 * Starts the worker of a kernel thread: its options, and nothing of what it is told.
 */
import { Worker } from 'node:worker_threads';
import type { Request } from './thread-protocol.ts';

export type LaneOptions = {
  /** Of the thread, for people: `kernel`. */
  readonly name: string;
  readonly entry: URL;
  readonly workerData: unknown;
  /** The thread is ended when nothing was asked for so long; null: it stays. */
  readonly idleMs: number | null;
  /** Told of what nobody else can be told: a thread that broke, a late effect that could not be undone. */
  readonly onTrouble: (message: string) => void;
};

export function startWorker(options: LaneOptions): Worker {
  return new Worker(options.entry, {
    name: options.name,
    workerData: options.workerData,
    // What the thread opens by node:fs is its own and ends with it; what it opens by libc is the daemon's.
    trackUnmanagedFds: true,
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 },
  });
}

export function post(worker: Worker, request: Request): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker of this process, no window
  worker.postMessage(request);
}
