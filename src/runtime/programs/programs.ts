/**
 * Starts the programs of pods and containers: as `base/process.ts` does (argument vectors only, own process group, deadline,
 * abort signal, bounded output), but by posix_spawn, which does not copy the page tables of the daemon each time. The ends
 * come from the reaper; Node knows nothing of these children.
 */
import { Socket } from 'node:net';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { CommandError, internal } from '../../base/errors.ts';
import { keepHead, keepTail, OutputBudget } from '../../base/output.ts';
import {
  cannotStart,
  drainMs,
  keptStderrBytes,
  keptStdoutBytes,
  watchDeadline,
  type Command,
  type CommandResult,
  type End,
} from '../../base/process.ts';
import type { SpawnStdio } from '../../kernel/contract/processes.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { OutputPipe } from './output-pipe.ts';
import type { Reaper } from './reaper.ts';

export type Program = {
  /** The program (absolute, or found on PATH) and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** What is executed in the place of argv[0]; absolute. */
  readonly file?: string;
  /** The whole environment; absent: ours. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
};

/** A program that runs. */
export type Started = {
  readonly pid: number;
  /** Settles when the program itself has ended; never rejects. */
  readonly ended: Promise<End>;
  /** Kills it with all that stayed in its process group; nothing happens once it has ended. */
  readonly kill: () => void;
};

/** One whose output we read. Disposing closes our ends of the pipes; it does not kill. */
export type Piped = Started & Disposable & { readonly stdout: Readable; readonly stderr: Readable };

export type ProgramsOptions = {
  readonly kernel: Pick<Kernel, 'spawn' | 'outputPipe'>;
  readonly reaper: Pick<Reaper, 'wait'>;
};

export class Programs {
  readonly #kernel: ProgramsOptions['kernel'];
  readonly #reaper: ProgramsOptions['reaper'];

  constructor(options: ProgramsOptions) {
    this.#kernel = options.kernel;
    this.#reaper = options.reaper;
  }

  /** Runs a program to its end and returns how it ended. @throws CommandError when it cannot be started */
  async run(command: Command & Program): Promise<CommandResult> {
    command.signal?.throwIfAborted();
    const startedAtMs = performance.now();
    const head = keepHead(new OutputBudget(command.maxStdoutBytes ?? keptStdoutBytes));
    const tail = keepTail(keptStderrBytes);
    using stdout = new OutputPipe(this.#kernel, head.take);
    using stderr = new OutputPipe(this.#kernel, tail.take);
    const program = this.start({ ...command, stdio: ['ignore', stdout.writeEnd, stderr.writeEnd] });
    const watch = watchDeadline(command, program.kill);
    for (const pipe of [stdout, stderr]) pipe.handedOver();
    try {
      const end = await program.ended;
      await Promise.all([stdout.finish(drainMs), stderr.finish(drainMs)]);
      return {
        ...end,
        stdout: head.content(),
        stderr: tail.content().toString('utf8'),
        durationMs: Math.round(performance.now() - startedAtMs),
        isTimedOut: watch.isTimedOut(),
      };
    } finally {
      watch.stop();
      command.signal?.throwIfAborted();
    }
  }

  /** Runs a program that must succeed. @throws CommandError unless it exits with 0 */
  async mustRun(command: Command & Program): Promise<CommandResult> {
    const result = await this.run(command);
    if (result.exitCode === 0) return result;
    throw new CommandError({ argv: command.argv, ...result });
  }

  /**
   * Starts a program with given standard streams (those not named are /dev/null) and does not wait for it. The caller
   * closes its own copies. @throws CommandError when it cannot be started
   */
  start(program: Program & { readonly stdio: readonly SpawnStdio[] }): Started {
    const { argv, file, env = ourEnvironment(), cwd } = program;
    const [stdin = 'ignore', stdout = 'ignore', stderr = 'ignore', ...more] = program.stdio;
    if (more.length > 0) throw internal('TooManyStreams', `start "${argv[0]}": only three standard streams`);
    const pid = this.#spawn({
      argv,
      env,
      ...(file === undefined ? {} : { file }),
      ...(cwd === undefined ? {} : { cwd }),
      stdio: [stdin, stdout, stderr],
    });
    let hasEnded = false;
    const ended = this.#reaper.wait(pid).then((waitStatus) => {
      hasEnded = true;
      return endOf(waitStatus);
    });
    // Until it has been waited for, its number (and its group's) is its own.
    return { pid, ended, kill: () => void (hasEnded || killGroup(pid)) };
  }

  /** Starts a program whose output is read through pipes. @throws CommandError when it cannot be started */
  startPiped(program: Program, stdin: SpawnStdio = 'ignore'): Piped {
    using ends = new DisposableStack();
    const pipe = (): ReturnType<Kernel['outputPipe']> => {
      const { read, write } = this.#kernel.outputPipe();
      return { read: ends.use(read), write: ends.use(write) };
    };
    const [stdout, stderr] = [pipe(), pipe()];
    const started = this.start({ ...program, stdio: [stdin, stdout.write.number, stderr.write.number] });
    const [out, err] = [reader(stdout.read.release()), reader(stderr.read.release())];
    const close = (): void => [out, err].forEach((stream) => stream.destroy());
    return { ...started, stdout: out, stderr: err, [Symbol.dispose]: close };
  }

  #spawn(request: Parameters<Kernel['spawn']>[0]): number {
    try {
      return this.#kernel.spawn(request);
    } catch (error) {
      throw cannotStart(request.argv, error);
    }
  }
}

function ourEnvironment(): Record<string, string> {
  const set = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(set);
}

function reader(fd: number): Socket {
  const socket = new Socket({ fd, readable: true, writable: false });
  // A failed read is the end of what we can know; `close` follows.
  socket.on('error', () => undefined);
  return socket;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}

const signalNames = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);

/** Source: wait(2). */
function endOf(waitStatus: number): End {
  const signal = waitStatus & 0x7f;
  if (signal === 0) return { exitCode: (waitStatus >> 8) & 0xff, signal: null };
  return { exitCode: null, signal: signalNames.get(signal) ?? `signal ${signal}` };
}
