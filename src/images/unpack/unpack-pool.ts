/**
 * The unpacking threads: started when a layer comes and it is its turn, ended when idle. A job whose signal fires is told to
 * stop, which it does before the next piece of its archive; only a thread that hangs is ended, since it could not give
 * back its file descriptors. The caller removes the directory.
 */
import { Worker } from 'node:worker_threads';
import { type CriError, exhausted, internal } from '../../base/errors.ts';
import { badImage } from '../documents/document.ts';
import type { ArchiveLimits, Concurrency } from '../limits.ts';
import type { GrowingFile } from './growing-file.ts';
import { type Turn, UnpackTurns } from './unpack-turns.ts';
import type { CheckRequest, FromThread, ToThread, Unpacked, UnpackRequest } from './unpack-protocol.ts';

export type UnpackJob = {
  readonly file: GrowingFile;
  readonly directory: string;
  readonly skeletonPath: string;
  readonly hash: 'sha256' | 'sha512';
  readonly limits: ArchiveLimits;
};

export type CheckJob = Omit<CheckRequest, 'kind' | 'stopFlag' | 'archivePath'> & {
  /** A new file that gets the archive, when the level is `content` and nothing is wrong. */
  readonly archivePath?: string;
};

export type UnpackPoolOptions = Pick<Concurrency, 'unpackers' | 'unpackerIdleMs'> & {
  /** The entry of a thread: `unpack-worker.ts`, or its bundle. */
  readonly workerUrl: URL;
};

/** The entry of a thread: beside this module as source, beside the bundle as bundle. */
export function defaultWorkerUrl(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./unpack-worker.${extension}`, import.meta.url);
}

const maxHeapMb = 256;
const stopMs = 5_000;

export class UnpackPool implements AsyncDisposable {
  readonly #options: UnpackPoolOptions;
  readonly #turns: UnpackTurns;
  readonly #idle = new Map<Worker, NodeJS.Timeout>();
  readonly #all = new Set<Worker>();

  constructor(options: UnpackPoolOptions) {
    this.#options = options;
    this.#turns = new UnpackTurns(options.unpackers);
  }

  get threads(): number {
    return this.#all.size;
  }

  /** Unpacks a layer into an empty directory. @throws InvalidImage, UnpackFailed, the signal's reason */
  async unpack(job: UnpackJob, signal: AbortSignal): Promise<Unpacked> {
    using turn = await this.#turns.forLayer(job.file, signal);
    const answer = await this.#run({ request: requestOf(job), file: job.file, turn }, signal);
    if (answer.kind === 'done') return answer.unpacked;
    throw internal('UnpackThreadConfused', 'unpack layer: the thread answered something else');
  }

  /** Compares a layer with what was unpacked. @returns what is wrong. @throws UnpackFailed, the signal's reason */
  async check(job: CheckJob, signal: AbortSignal): Promise<readonly string[]> {
    using turn = await this.#turns.forCheck(signal);
    const request = { kind: 'check', stopFlag: newFlag(), archivePath: null, ...job } as const;
    const answer = await this.#run({ request, file: null, turn }, signal);
    if (answer.kind === 'checked') return answer.faults;
    throw internal('UnpackThreadConfused', 'check layer: the thread answered something else');
  }

  async #run(task: Task, signal: AbortSignal): Promise<Answer> {
    const worker = this.#take();
    try {
      const answer = await converse(worker, task, signal);
      this.#release(worker);
      return answer;
    } catch (error) {
      if (error instanceof ThreadAnswer) {
        this.#release(worker);
        throw signal.aborted ? signal.reason : error.failure;
      }
      await this.#end(worker);
      throw error;
    }
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => this.#end(worker)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #take(): Worker {
    for (const [worker, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(worker);
      return worker;
    }
    const worker = new Worker(this.#options.workerUrl, {
      name: 'unpack',
      // Descriptors are opened by libc and closed by node:fs: Node cannot keep book of them.
      trackUnmanagedFds: false,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: 2 },
    });
    this.#all.add(worker);
    worker.once('exit', () => this.#forget(worker));
    // An error between two jobs has nobody to tell, but must not end the daemon; the exit follows it.
    worker.on('error', () => undefined);
    return worker;
  }

  #release(worker: Worker): void {
    if (!this.#all.has(worker)) return;
    const timer = setTimeout(() => void this.#end(worker), this.#options.unpackerIdleMs);
    timer.unref();
    worker.unref();
    this.#idle.set(worker, timer);
  }

  async #end(worker: Worker): Promise<void> {
    this.#forget(worker);
    await worker.terminate();
  }

  #forget(worker: Worker): void {
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
    this.#all.delete(worker);
  }
}

type Task = {
  readonly request: UnpackRequest | CheckRequest;
  /** What is being downloaded while it is unpacked. */
  readonly file: GrowingFile | null;
  readonly turn: Turn;
};

type Answer = Exclude<FromThread, { kind: 'failed' | 'starved' }>;

/** The thread is well and said no: it can be used again. */
class ThreadAnswer extends Error {
  readonly failure: CriError;

  constructor(failure: CriError) {
    super(failure.message);
    this.failure = failure;
  }
}

async function converse(worker: Worker, { request, file, turn }: Task, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  const answer = Promise.withResolvers<Answer>();
  const onMessage = (message: FromThread): void => {
    if (message.kind === 'starved') turn.starve();
    else if (message.kind === 'failed') answer.reject(new ThreadAnswer(failureOf(message)));
    else answer.resolve(message);
  };
  const onError = (error: unknown): void =>
    answer.reject(internal('UnpackThreadDied', 'unpack layer: the thread died', { cause: error }));
  const onExit = (): void => onError(new Error('it exited'));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows, not for threads
  const send = (message: ToThread): void => worker.postMessage(message);
  let patience: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    Atomics.store(new Int32Array(request.stopFlag), 0, 1);
    send({ kind: 'stop' });
    patience = setTimeout(() => answer.reject(signal.reason), stopMs);
  };
  worker.ref();
  worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  signal.addEventListener('abort', onAbort, { once: true });
  const tellGrowth = (file: GrowingFile): void =>
    send({ kind: 'grown', availableBytes: file.availableBytes, isComplete: file.isComplete });
  send(request);
  const stop = file?.onGrowth(() => tellGrowth(file));
  // It may have grown while the job waited for its turn.
  if (file !== null) tellGrowth(file);
  try {
    return await answer.promise;
  } finally {
    stop?.();
    clearTimeout(patience);
    signal.removeEventListener('abort', onAbort);
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
  }
}

function requestOf(job: UnpackJob): UnpackRequest {
  const { file, ...rest } = job;
  const { path: blobPath, availableBytes, isComplete } = file;
  return { kind: 'unpack', blobPath, availableBytes, isComplete, stopFlag: newFlag(), ...rest };
}

function newFlag(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

function failureOf(message: Extract<FromThread, { kind: 'failed' }>): CriError {
  if (message.isImageFault) return badImage(message.message);
  if (message.isNoSpace) return exhausted('NoSpace', `unpack layer: ${message.message}`);
  return internal('UnpackFailed', `unpack layer: ${message.message}`);
}
