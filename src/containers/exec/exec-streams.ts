/**
 * An exec whose streams are pipes, and what it has in common with one in a terminal: how input is fed and how the end of
 * the process is waited for.
 */
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Fd } from '../../kernel/contract/files.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { startExec, type RunningExec } from '../../runtime/sessions/exec-process.ts';
import { PiecesOfFd } from '../../runtime/sessions/pieces.ts';
import type { RemoteIo } from '../../runtime/sessions/sessions.ts';
import type { Services } from '../../services.ts';
import type { ContainerRecord } from '../../store/container-record.ts';
import { stdioOwner } from '../stdio-owner.ts';
import { OutputPump } from './output-pump.ts';

export type ExecServices = Pick<Services, 'handlers' | 'kernel' | 'reaper' | 'paths' | 'store'>;

export type ExecPlan = {
  readonly record: ContainerRecord;
  readonly args: readonly string[];
  readonly io: RemoteIo;
};

/** @returns the exit code */
export async function runWithPipes(services: ExecServices, plan: ExecPlan): Promise<number> {
  const { record, args, io } = plan;
  const { kernel, paths, reaper } = services;
  const { runtime } = await services.handlers.get(record.handler);
  using pipes = new Pipes(kernel);
  const stdin = io.stdin === null ? null : pipes.input();
  const outputs = [io.stdout, io.stderr].map((sink) => (sink === null ? null : pipes.output(sink)));
  const running = await startExec(
    { runtime, reaper },
    {
      containerId: record.id,
      dir: paths.container(record.id).dir,
      args,
      stdio: [stdin?.fd ?? 'ignore', ...outputs.map((output) => output?.fd ?? 'ignore')],
      stdioOwner: stdioOwner(services, record),
    },
  );
  pipes.handedOver();
  if (io.stdin !== null && stdin !== null) feed(io.stdin, stdin.socket);
  const exitCode = await endOf(running, io);
  await Promise.all(outputs.map(async (output) => await output?.pump.finish()));
  return exitCode;
}

/** Waits for the end of the process, and brings it about when the client or the container goes first. */
export async function endOf(running: RunningExec, io: RemoteIo): Promise<number> {
  const kill = (): void => void running.kill();
  const signals = [io.signal, io.subjectEnded];
  for (const signal of signals) {
    if (signal.aborted) kill();
    else signal.addEventListener('abort', kill, { once: true });
  }
  try {
    return await running.exitCode;
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', kill);
  }
}

/** Input goes on at the process's pace; when the process does not take it any more the rest is thrown away. */
export function feed(source: Readable, sink: Writable): void {
  sink.on('error', () => sink.destroy());
  sink.on('close', () => {
    source.unpipe(sink);
    source.resume();
  });
  // A client that breaks off its input has not ended it: the session's signal tells what to do.
  source.pipe(sink);
}

/** Of a pipe: a process that writes much is waited for less often. */
const outputBytes = 256 * 1024;

/** The pipes of one process: its ends are closed here when it has its own, ours when the session is over. */
class Pipes implements Disposable {
  readonly #kernel: Pick<Kernel, 'pipe' | 'outputPipe'>;
  readonly #stack = new DisposableStack();
  readonly #theirs: Fd[] = [];

  constructor(kernel: Pick<Kernel, 'pipe' | 'outputPipe'>) {
    this.#kernel = kernel;
  }

  /** For standard input. */
  input(): { readonly fd: number; readonly socket: Socket } {
    const { read, write } = this.#kernel.pipe();
    this.#theirs.push(read);
    const socket = new Socket({ fd: write.release(), readable: false, writable: true });
    this.#stack.defer(() => socket.destroy());
    return { fd: read.number, socket };
  }

  /** For an output. */
  output(sink: Writable): { readonly fd: number; readonly pump: OutputPump } {
    const { read, write } = this.#kernel.outputPipe(outputBytes);
    this.#theirs.push(write);
    const pump = new OutputPump(new PiecesOfFd(read, false), sink);
    this.#stack.defer(() => pump.stop());
    return { fd: write.number, pump };
  }

  /** The process has its ends: only with it do the pipes live on. */
  handedOver(): void {
    for (const end of this.#theirs) end.close();
  }

  [Symbol.dispose](): void {
    this.handedOver();
    this.#stack.dispose();
  }
}
