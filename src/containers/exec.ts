/**
 * Exec: grants a session in which a client runs a command in a running container, and runs it when the client comes. The
 * process is the runtime's detached exec, as with ExecSync; its streams are pipes, or a terminal.
 * Source: CRI ExecRequest; cri.md 2.9.
 */
import { Socket } from 'node:net';
import type { ExecRequest, ExecResponseInit } from '../../cri-api/runtime-v1.ts';
import { invalid } from '../base/errors.ts';
import type { Fd, Kernel } from '../kernel/kernel.ts';
import { startExec, type RunningExec } from '../runtime/exec-process.ts';
import type { RemoteIo, Wants } from '../runtime/sessions.ts';
import type { Services } from '../services.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { runInTerminal } from './exec-terminal.ts';
import { checkRequest } from './exec-sync.ts';
import { OutputPump } from './output-pump.ts';

export type ExecServices = Pick<Services, 'store' | 'handlers' | 'kernel' | 'reaper' | 'paths' | 'streams'>;

/** @throws UnknownContainer, NotRunning, EmptyCommand, BadStreams, TooManyTickets */
export async function exec(services: ExecServices, request: ExecRequest): Promise<ExecResponseInit> {
  const record = services.store.container(request.containerId);
  checkRequest(record, request);
  checkStreams(request);
  const { stdin, stdout, stderr, tty } = request;
  const url = services.streams.admitCommand({
    kind: 'exec',
    subject: record.id,
    wants: { stdin, stdout, stderr, tty },
    isLive: () => isLive(services, record),
    run: async (io) => {
      const plan = { record, args: request.cmd, io };
      return tty ? await runInTerminal(services, plan) : await runWithPipes(services, plan);
    },
  });
  return await Promise.resolve({ url });
}

/** The container has not ended. */
export function isLive(services: Pick<Services, 'store'>, record: ContainerRecord): boolean {
  return services.store.containers.get(record.id)?.exit === null;
}

/** Source: CRI ExecRequest, AttachRequest. @throws BadStreams */
export function checkStreams(wants: Wants): void {
  if (wants.tty && wants.stderr)
    throw invalid('BadStreams', 'streams: tty and stderr cannot both be had, a terminal has one output');
  if (!wants.stdin && !wants.stdout && !wants.stderr)
    throw invalid('BadStreams', 'streams: expected at least one of stdin, stdout, stderr');
}

export type ExecPlan = {
  readonly record: ContainerRecord;
  readonly args: readonly string[];
  readonly io: RemoteIo;
};

async function runWithPipes(services: ExecServices, plan: ExecPlan): Promise<number> {
  const { record, args, io } = plan;
  const { runtime } = await services.handlers.get(record.handler);
  using stack = new DisposableStack();
  const ends: Fd[] = [];
  const stdin = io.stdin === null ? 'ignore' : inputPipe(services.kernel, ends);
  if (stdin !== 'ignore') stack.defer(() => stdin.socket.destroy());
  const output = (sink: RemoteIo['stdout']): { readonly fd: number; readonly pump: OutputPump } | null => {
    if (sink === null) return null;
    const { fd, socket } = outputPipe(services.kernel, ends);
    return { fd, pump: stack.adopt(new OutputPump(socket, sink), (pump) => pump.stop()) };
  };
  stack.defer(() => ends.forEach((end) => end.close()));
  const outputs = [output(io.stdout), output(io.stderr)];
  const running = await startExec(
    { runtime, reaper: services.reaper },
    {
      containerId: record.id,
      dir: services.paths.container(record.id).dir,
      args,
      stdio: [stdin === 'ignore' ? stdin : stdin.fd, ...outputs.map((each) => each?.fd ?? 'ignore')],
      signal: io.signal,
    },
  );
  for (const end of ends) end.close();
  if (stdin !== 'ignore' && io.stdin !== null) feed(io.stdin, stdin.socket);
  const exitCode = await endOf(running, io);
  await Promise.all(outputs.map(async (each) => await each?.pump.finish()));
  return exitCode;
}

/** Waits for the end of the process, and brings it about when the session or the container ends first. */
export async function endOf(running: RunningExec, io: RemoteIo): Promise<number> {
  const kill = (): void => void running.kill();
  for (const signal of [io.signal, io.subjectEnded]) {
    if (signal.aborted) kill();
    else signal.addEventListener('abort', kill, { once: true });
  }
  try {
    return await running.exitCode;
  } finally {
    for (const signal of [io.signal, io.subjectEnded]) signal.removeEventListener('abort', kill);
  }
}

/** A pipe whose read end is the process's standard input. */
function inputPipe(
  kernel: Pick<Kernel, 'pipe'>,
  ends: Fd[],
): { readonly fd: number; readonly socket: Socket } {
  const { read, write } = kernel.pipe();
  ends.push(read);
  return { fd: read.number, socket: new Socket({ fd: write.release(), readable: false, writable: true }) };
}

/** A pipe whose write end is an output of the process. */
function outputPipe(
  kernel: Pick<Kernel, 'pipe'>,
  ends: Fd[],
): { readonly fd: number; readonly socket: Socket } {
  const { read, write } = kernel.pipe();
  ends.push(write);
  return { fd: write.number, socket: new Socket({ fd: read.release(), readable: true, writable: false }) };
}

/** Input goes on at the process's pace; when the process does not take it any more the rest is thrown away. */
function feed(source: NonNullable<RemoteIo['stdin']>, sink: Socket): void {
  sink.on('error', () => sink.destroy());
  sink.on('close', () => {
    source.unpipe(sink);
    source.resume();
  });
  source.pipe(sink);
}
