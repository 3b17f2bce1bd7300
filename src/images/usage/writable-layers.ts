/**
 * What containers have written into their root file systems, as of the last measurement. Asking costs nothing and never
 * waits: it only wishes for a newer figure, which a thread takes when its turn comes, and which is there the next time.
 * The thread lives while there is something to measure.
 *
 *   unknown ──asked──▶ queued ──thread──▶ known ──asked when old──▶ queued
 */
import { Worker } from 'node:worker_threads';
import { type AbsolutePath, type ContainerId, joinPath } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import { nowNs } from '../../base/time.ts';
import type { TreeUsage } from './tree-usage.ts';
import type { DiskFigures, Measured, MeasureOrder } from './usage-protocol.ts';

export type WritableUsage = TreeUsage & { readonly takenAtNs: bigint };

export type WritableLayersOptions = {
  /** Where the root file systems are: `overlay/ID/upper`. */
  readonly path: AbsolutePath;
  readonly log: Log;
  /** The entry of the thread; default: the source, or the bundle beside this one. */
  readonly workerUrl?: URL;
  /** How old a figure may be; large trees are measured less often. Default: ten seconds. */
  readonly keepMs?: number;
};

type Known = { readonly usage: WritableUsage; readonly takenAtMs: number; readonly tookMs: number };
type Running = { readonly id: ContainerId; readonly sinceMs: number };

const defaultKeepMs = 10_000;
/** A measurement may take one part in so many of the time of the thread. */
const restFactor = 20;
const idleMs = 20_000;

export class WritableLayers implements AsyncDisposable {
  readonly #options: WritableLayersOptions;
  readonly #known = new Map<ContainerId, Known>();
  /** In the order in which they were asked for. */
  readonly #queue = new Set<ContainerId>();
  #disk: DiskFigures | null = null;
  #running: Running | null = null;
  #worker: Worker | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: WritableLayersOptions) {
    this.#options = options;
  }

  /** Where writable layers are, as the CRI names a file system. */
  get path(): AbsolutePath {
    return this.#options.path;
  }

  /** The file system of the writable layers, as of the last measurement of any; null: there was none yet. */
  get disk(): DiskFigures | null {
    return this.#disk;
  }

  /** The newest figure there is; null: not measured yet. */
  usage(id: ContainerId): WritableUsage | null {
    const known = this.#known.get(id);
    if (known === undefined || this.#isOld(known)) this.#enqueue(id);
    return known?.usage ?? null;
  }

  /** The container is gone. */
  forget(id: ContainerId): void {
    this.#known.delete(id);
    this.#queue.delete(id);
  }

  /** Ends the thread; what is asked from now on is answered from memory. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue.clear();
    await this.#endThread();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #isOld(known: Known): boolean {
    const keepMs = Math.max(this.#options.keepMs ?? defaultKeepMs, known.tookMs * restFactor);
    return performance.now() - known.takenAtMs > keepMs;
  }

  #enqueue(id: ContainerId): void {
    if (this.#isClosed || this.#running?.id === id) return;
    this.#queue.add(id);
    this.#next();
  }

  #next(): void {
    if (this.#running !== null) return;
    const [id] = this.#queue;
    if (id === undefined) {
      this.#rest();
      return;
    }
    this.#queue.delete(id);
    this.#running = { id, sinceMs: performance.now() };
    const order: MeasureOrder = { path: joinPath(this.#options.path, id, 'upper') };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows, not for threads
    this.#thread().postMessage(order);
  }

  #thread(): Worker {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.#options.workerUrl ?? defaultWorkerUrl(), {
      name: 'usage',
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
    });
    worker.unref();
    worker.on('message', (measured: Measured) => this.#take(measured));
    worker.on('error', (error) => this.#options.log.warn({ err: error }, 'the measuring thread died'));
    worker.once('exit', () => this.#threadEnded(worker));
    this.#worker = worker;
    return worker;
  }

  #take(measured: Measured): void {
    const running = this.#running;
    this.#running = null;
    if (running !== null) this.#note(running, measured);
    this.#next();
  }

  #note({ id, sinceMs }: Running, measured: Measured): void {
    const takenAtMs = performance.now();
    if ('error' in measured) {
      // Removed meanwhile, mostly.
      this.#options.log.debug({ container: id, error: measured.error }, 'writable layer not measured');
      return;
    }
    this.#disk = measured.disk;
    const usage = { ...measured.usage, takenAtNs: nowNs() };
    this.#known.set(id, { usage, takenAtMs, tookMs: takenAtMs - sinceMs });
  }

  /** Whatever it was measuring is asked for again by whoever wants to know it. */
  #threadEnded(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#running = null;
  }

  #rest(): void {
    if (this.#worker === null || this.#idleTimer !== null) return;
    this.#idleTimer = setTimeout(() => void this.#endThread(), idleMs);
    this.#idleTimer.unref();
  }

  async #endThread(): Promise<void> {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    const worker = this.#worker;
    this.#worker = null;
    this.#running = null;
    await worker?.terminate();
  }
}

function defaultWorkerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? './usage-worker.ts' : './usage-worker.js', import.meta.url);
}
