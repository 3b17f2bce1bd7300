/**
 * What directory trees take of the disk, as of the last measurement. Asking costs nothing and never waits: it only wishes
 * for a newer figure, which a thread takes when its turn comes, and which is there the next time. The thread lives while
 * there is something to measure.
 *
 *   unknown ──asked──▶ queued ──thread──▶ known ──asked when old──▶ queued
 */
import { Worker } from 'node:worker_threads';
import type { AbsolutePath } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import { raceSignal } from '../../base/single-flight.ts';
import { nowNs } from '../../base/time.ts';
import type { TreeUsage } from './tree-usage.ts';
import type { DiskFigures, Measured, MeasureOrder } from './usage-protocol.ts';

export type MeasuredTree = TreeUsage & {
  readonly takenAtNs: bigint;
  /** The file system that it is on. */
  readonly disk: DiskFigures;
};

export type MeasuredTreesOptions = {
  readonly log: Log;
  /** The entry of the thread; default: the source, or the bundle beside this one. */
  readonly workerUrl?: URL;
  /** How old a figure may be; large trees are measured less often. Default: ten seconds. */
  readonly keepMs?: number;
  /** How long a sum waits for trees that were never measured. Default: two seconds. */
  readonly patienceMs?: number;
};

type Known = { readonly usage: MeasuredTree; readonly takenAtMs: number; readonly tookMs: number };
type Running = { readonly path: AbsolutePath; readonly sinceMs: number };

const defaultKeepMs = 10_000;
const defaultPatienceMs = 2000;
/** A measurement may take one part in so many of the time of the thread. */
const restFactor = 20;
const idleMs = 20_000;
/** Trees that nobody forgot go when so many others were measured after them. */
const maxKnown = 10_000;

export class MeasuredTrees implements AsyncDisposable {
  readonly #options: MeasuredTreesOptions;
  readonly #known = new Map<AbsolutePath, Known>();
  /** In the order in which they were asked for. */
  readonly #queue = new Set<AbsolutePath>();
  /** Who wants to hear of the next end of a measurement, however it ends. */
  readonly #waiting = new Map<AbsolutePath, PromiseWithResolvers<void>>();
  #running: Running | null = null;
  #worker: Worker | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: MeasuredTreesOptions) {
    this.#options = options;
  }

  /** The newest figure there is; null: not measured yet. */
  usage(path: AbsolutePath): MeasuredTree | null {
    const known = this.#known.get(path);
    if (known === undefined || this.#isOld(known)) this.#enqueue(path);
    return known?.usage ?? null;
  }

  /**
   * The figures of several trees; waits for those that were never measured, but not for long: a tree of millions of files
   * counts from the next call on. What is not there counts nothing.
   * @throws the signal's reason
   */
  async sum(paths: Iterable<AbsolutePath>, signal: AbortSignal): Promise<TreeUsage> {
    const patience = AbortSignal.timeout(this.#options.patienceMs ?? defaultPatienceMs);
    const either = AbortSignal.any([signal, patience]);
    let [usedBytes, inodes] = [0n, 0n];
    for (const path of paths) {
      signal.throwIfAborted();
      if (this.usage(path) === null && !patience.aborted)
        await raceSignal(this.#measured(path), either).catch(() => signal.throwIfAborted());
      const usage = this.usage(path);
      usedBytes += usage?.usedBytes ?? 0n;
      inodes += usage?.inodes ?? 0n;
    }
    return { usedBytes, inodes };
  }

  /** The tree is gone. */
  forget(path: AbsolutePath): void {
    this.#known.delete(path);
    this.#queue.delete(path);
    this.#answer(path);
  }

  /** Ends the thread; what is asked from now on is answered from memory. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue.clear();
    for (const path of this.#waiting.keys()) this.#answer(path);
    await this.#endThread();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #measured(path: AbsolutePath): Promise<void> {
    if (this.#isClosed) return;
    const end = this.#waiting.get(path) ?? Promise.withResolvers<void>();
    this.#waiting.set(path, end);
    await end.promise;
  }

  #answer(path: AbsolutePath): void {
    this.#waiting.get(path)?.resolve();
    this.#waiting.delete(path);
  }

  #isOld(known: Known): boolean {
    const keepMs = Math.max(this.#options.keepMs ?? defaultKeepMs, known.tookMs * restFactor);
    return performance.now() - known.takenAtMs > keepMs;
  }

  #enqueue(path: AbsolutePath): void {
    if (this.#isClosed || this.#running?.path === path) return;
    this.#queue.add(path);
    this.#next();
  }

  #next(): void {
    if (this.#running !== null) return;
    const [path] = this.#queue;
    if (path === undefined) {
      this.#rest();
      return;
    }
    this.#queue.delete(path);
    this.#running = { path, sinceMs: performance.now() };
    const order: MeasureOrder = { path };
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

  #note({ path, sinceMs }: Running, measured: Measured): void {
    const takenAtMs = performance.now();
    // Removed meanwhile, mostly.
    if ('error' in measured) this.#options.log.debug({ path, error: measured.error }, 'tree not measured');
    else {
      const usage = { ...measured.usage, disk: measured.disk, takenAtNs: nowNs() };
      this.#known.delete(path);
      this.#known.set(path, { usage, takenAtMs, tookMs: takenAtMs - sinceMs });
      const [oldest] = this.#known.keys();
      if (this.#known.size > maxKnown && oldest !== undefined) this.#known.delete(oldest);
    }
    this.#answer(path);
  }

  /** Whatever it was measuring is asked for again by whoever wants to know it. */
  #threadEnded(worker: Worker): void {
    if (this.#worker !== worker) return;
    const running = this.#running;
    this.#worker = null;
    this.#running = null;
    if (running !== null) this.#answer(running.path);
    if (this.#queue.size > 0) this.#next();
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
