/**
 * One kernel thread as seen by the daemon: a bounded queue, one request in the thread at a time, a deadline for each. A
 * thread that does not answer in time is set aside (a system call cannot be interrupted) and another takes its place,
 * so that one hung mount never blocks later calls.
 *
 *   queued ──posted──▶ running ──answer──▶ settled
 *     │                   └──deadline──▶ caller gets StepTimedOut; thread set aside; next request goes to a new thread
 *     └──queue deadline──▶ StepTimedOut    └── late answer ──▶ its effect is undone (`undoLate`), the thread ends
 */
import type { Worker } from 'node:worker_threads';
import {
  canceled,
  deadlineExceeded,
  exhausted,
  internal,
  messageOf,
  unavailable,
} from '../../base/errors.ts';
import { type LaneOptions, post, startWorker } from './kernel-worker.ts';
import type { Operations } from './thread-operations.ts';
import { isResponse, type Response, unpackError } from './thread-protocol.ts';

export type CallOptions<T> = {
  /** For the time in the thread. */
  readonly timeoutMs?: number;
  /** Undoes the effect of a call that succeeded after its caller had been told that it did not. */
  readonly undoLate?: (value: T) => Promise<void> | void;
};

type Settled = { readonly value: unknown } | { readonly error: Error };

type Job = {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
  readonly timeoutMs: number;
  readonly settle: (result: Settled) => void;
  readonly settled: Promise<void>;
  readonly undoLate: (value: unknown) => Promise<void> | void;
  readonly queueTimer: NodeJS.Timeout;
};

type Running = { readonly job: Job; readonly timer: NodeJS.Timeout };

const defaultTimeoutMs = 15_000;
const queueTimeoutMs = 60_000;
const maxQueued = 2048;
const maxSetAside = 8;

export class ThreadLane implements AsyncDisposable {
  readonly #options: LaneOptions;
  readonly #queue: Job[] = [];
  readonly #setAside = new Set<Worker>();
  #worker: Worker | null = null;
  #running: Running | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  #isClosed = false;
  #nextId = 1;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Threads that did not answer in time and still hang. */
  get hungThreads(): number {
    return this.#setAside.size;
  }

  /**
   * Runs an operation in the thread.
   * @throws SyscallError of the call; StepTimedOut; KernelQueueFull; KernelThreadsHung; KernelClosed; KernelThreadDied
   */
  async call<M extends keyof Operations>(
    method: M,
    params: Parameters<Operations[M]>[0],
    options: CallOptions<ReturnType<Operations[M]>> = {},
  ): Promise<ReturnType<Operations[M]>> {
    this.#admit();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both sides are one build, typed by Operations
    const typed = (value: unknown) => value as ReturnType<Operations[M]>;
    const done = Promise.withResolvers<ReturnType<Operations[M]>>();
    const id = this.#nextId++;
    this.#queue.push({
      id,
      method,
      params,
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
      settle: (result) => {
        if ('error' in result) done.reject(result.error);
        else done.resolve(typed(result.value));
      },
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
      settled: done.promise.then(
        () => undefined,
        () => undefined,
      ),
      undoLate: (value) => options.undoLate?.(typed(value)),
      queueTimer: setTimeout(() => this.#expireQueued(id), queueTimeoutMs),
    });
    this.#pump();
    return await done.promise;
  }

  #admit(): void {
    if (this.#isClosed) throw canceled('KernelClosed', 'the kernel threads are closed');
    if (this.#setAside.size >= maxSetAside) {
      throw unavailable(
        'KernelThreadsHung',
        `${this.#setAside.size} system calls hang: no further thread is started before one returns`,
      );
    }
    if (this.#queue.length >= maxQueued)
      throw exhausted('KernelQueueFull', `${this.#queue.length} system calls wait: no further is taken`);
  }

  #pump(): void {
    if (this.#running !== null) return;
    const job = this.#queue.shift();
    if (job === undefined) {
      this.#rest();
      return;
    }
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    clearTimeout(job.queueTimer);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    const timer = setTimeout(() => this.#expireRunning(worker), job.timeoutMs);
    this.#running = { job, timer };
    post(worker, { id: job.id, method: job.method, params: job.params });
  }

  /** Nothing to do: the thread must not keep the process alive, and may end. */
  #rest(): void {
    const worker = this.#worker;
    worker?.unref();
    if (worker === null || this.#options.idleMs === null) return;
    this.#idleTimer = setTimeout(() => {
      this.#worker = null;
      void worker.terminate();
    }, this.#options.idleMs).unref();
  }

  #start(): Worker {
    const worker = startWorker(this.#options);
    worker.on('message', (message: unknown) => this.#receive(worker, message));
    worker.on('error', (error) => this.#lose(worker, messageOf(error)));
    worker.on('exit', () => this.#lose(worker, 'the thread ended'));
    return worker;
  }

  #receive(worker: Worker, message: unknown): void {
    if (!isResponse(message) || worker !== this.#worker || this.#running?.job.id !== message.id) return;
    const { job, timer } = this.#running;
    clearTimeout(timer);
    this.#running = null;
    if ('failure' in message && message.failure.isPoisoned) this.#discard(worker, message.failure.message);
    job.settle(outcome(message));
    this.#pump();
  }

  /** The thread cannot be trusted any more: the next request gets another. */
  #discard(worker: Worker, why: string): void {
    this.#options.onTrouble(`${this.#options.name} thread: replaced: ${why}`);
    this.#worker = null;
    void worker.terminate();
  }

  #lose(worker: Worker, why: string): void {
    this.#setAside.delete(worker);
    if (worker !== this.#worker) return;
    this.#worker = null;
    const running = this.#running;
    this.#running = null;
    if (running !== null) {
      clearTimeout(running.timer);
      const message = `${running.job.method}: the ${this.#options.name} thread died: ${why}`;
      running.job.settle({ error: internal('KernelThreadDied', message) });
    }
    this.#pump();
  }

  #expireQueued(id: number): void {
    const at = this.#queue.findIndex((job) => job.id === id);
    const [job] = at === -1 ? [] : this.#queue.splice(at, 1);
    job?.settle({ error: timedOut(job, `not begun after ${queueTimeoutMs} ms`) });
  }

  #expireRunning(worker: Worker): void {
    const running = this.#running;
    if (running === null || worker !== this.#worker) return;
    this.#worker = null;
    this.#running = null;
    this.#setAside.add(worker);
    worker.removeAllListeners('message');
    worker.on('message', (message: unknown) => void this.#takeLate(worker, running.job, message));
    worker.unref();
    const error = timedOut(running.job, `not done after ${running.job.timeoutMs} ms`);
    this.#options.onTrouble(`${this.#options.name} thread: set aside: ${error.message}`);
    running.job.settle({ error });
    if (this.#setAside.size >= maxSetAside) this.#failQueued();
    this.#pump();
  }

  #failQueued(): void {
    for (const job of this.#queue.splice(0)) {
      clearTimeout(job.queueTimer);
      job.settle({
        error: unavailable('KernelThreadsHung', `${job.method}: ${maxSetAside} system calls hang`),
      });
    }
  }

  /** A thread that was set aside has come back: what it did is undone, and it ends. */
  async #takeLate(worker: Worker, job: Job, message: unknown): Promise<void> {
    try {
      if (isResponse(message) && 'value' in message) await job.undoLate(message.value);
    } catch (error) {
      this.#options.onTrouble(`undo ${job.method}, which came too late: ${messageOf(error)}`);
    } finally {
      await worker.terminate();
    }
  }

  /** Refuses new calls, drops those that wait, and ends the thread after the call that runs. Never waits for a hung one. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#queue.splice(0)) {
      clearTimeout(job.queueTimer);
      job.settle({ error: canceled('KernelClosed', `${job.method}: the kernel threads are closed`) });
    }
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    // A thread that is stopped between two system calls would leave half of an operation behind: it may finish first.
    await this.#running?.job.settled;
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function outcome(message: Response): Settled {
  return 'failure' in message ? { error: unpackError(message.failure) } : { value: message.value };
}

function timedOut(job: Job, how: string): Error {
  return deadlineExceeded(
    'StepTimedOut',
    `${job.method} ${JSON.stringify(job.params)?.slice(0, 300)}: ${how}`,
  );
}
