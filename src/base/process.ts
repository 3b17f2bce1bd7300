/**
 * Starts programs by node:child_process, for what is rare and where there is no kernel (`runtime/programs/` starts those of pods
 * and containers): argument vectors only (no shell), each in its own process group, with a deadline, an abort signal, and
 * bounded output.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { CommandError, messageOf } from './errors.ts';
import { keepHead, keepTail, OutputBudget } from './output.ts';

export type Command = {
  /** The program (absolute, or found on PATH) and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment of the program; absent: ours. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to its standard input, which then ends; absent: there is none. */
  readonly input?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Kept of standard output; default 1 MiB. */
  readonly maxStdoutBytes?: number;
};

export type CommandResult = {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  /** The last 8 KiB of standard error. */
  readonly stderr: string;
  readonly durationMs: number;
  readonly isTimedOut: boolean;
};

/** Kept of standard output where a command does not say. */
export const keptStdoutBytes = 1024 * 1024;
export const keptStderrBytes = 8 * 1024;
/** How long the pipes may stay open after the program has ended (a grandchild can hold them). */
export const drainMs = 500;

/** Runs a program to its end and returns how it ended. @throws CommandError when it cannot be started. */
export async function runCommand(command: Command): Promise<CommandResult> {
  command.signal?.throwIfAborted();
  const startedAtMs = performance.now();
  const [program, ...args] = command.argv;
  const child = spawn(program, args, {
    detached: true,
    // Without input: Node would give it as a socket, which a program cannot open as /dev/stdin.
    stdio: [command.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(command.env === undefined ? {} : { env: command.env }),
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
  });
  // A program that ends without reading its input is no failure of ours.
  child.stdin?.on('error', () => undefined).end(command.input);
  const watch = watchDeadline(command, () => killGroup(child));
  const stdout = keepHead(new OutputBudget(command.maxStdoutBytes ?? keptStdoutBytes));
  const stderr = keepTail(keptStderrBytes);
  child.stdout?.on('data', stdout.take);
  child.stderr?.on('data', stderr.take);
  try {
    const end = await ended(child, command.argv);
    return {
      ...end,
      stdout: stdout.content(),
      stderr: stderr.content().toString('utf8'),
      durationMs: Math.round(performance.now() - startedAtMs),
      isTimedOut: watch.isTimedOut(),
    };
  } finally {
    watch.stop();
    command.signal?.throwIfAborted();
  }
}

/** Runs a program that must succeed. @throws CommandError unless it exits with 0. */
export async function mustRun(command: Command): Promise<CommandResult> {
  const result = await runCommand(command);
  if (result.exitCode === 0) return result;
  throw new CommandError({ argv: command.argv, ...result });
}

/** How a program ended: by itself, or by a signal (`SIGKILL`). */
export type End = { readonly exitCode: number | null; readonly signal: string | null };

async function ended(child: ChildProcess, argv: readonly string[]): Promise<End> {
  const end = Promise.withResolvers<End>();
  child.once('error', (cause) => end.reject(cannotStart(argv, cause)));
  child.once('close', (exitCode, signal) => end.resolve({ exitCode, signal }));
  child.once('exit', (exitCode, signal) => {
    setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      end.resolve({ exitCode, signal });
    }, drainMs).unref();
  });
  return await end.promise;
}

/** The failure of a program that did not even start. */
export function cannotStart(argv: readonly string[], cause: unknown): CommandError {
  const never = { exitCode: null, signal: null, durationMs: 0, isTimedOut: false };
  return new CommandError({ argv, ...never, stderr: messageOf(cause) }, { cause });
}

/** Kills a program when its time is over or its caller has left. */
export function watchDeadline(
  command: Pick<Command, 'timeoutMs' | 'signal'>,
  kill: () => void,
): { isTimedOut: () => boolean; stop: () => void } {
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, command.timeoutMs);
  command.signal?.addEventListener('abort', kill, { once: true });
  return {
    isTimedOut: () => timedOut,
    stop: () => {
      clearTimeout(timer);
      command.signal?.removeEventListener('abort', kill);
    },
  };
}

/** Kills a program of ours with all that stayed in its process group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

export type Spawn = {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** File descriptors for 0, 1, 2 (and on); 'ignore' is /dev/null. The caller closes its own copies. */
  readonly stdio: readonly (number | 'ignore')[];
};

export type Spawned = {
  readonly pid: number;
  /** Settles when the program has ended. */
  readonly ended: Promise<End>;
  readonly kill: () => void;
  /** Lets the daemon end although the program still runs. */
  readonly unref: () => void;
};

/** Starts a program with given descriptors and does not wait for it. @throws CommandError when it cannot be started. */
export async function spawnProgram(request: Spawn): Promise<Spawned> {
  const [program, ...args] = request.argv;
  const child = spawn(program, args, {
    detached: true,
    stdio: [...request.stdio],
    ...(request.env === undefined ? {} : { env: request.env }),
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
  });
  const end = ended(child, request.argv);
  end.catch(() => undefined);
  if (child.pid === undefined) await end;
  return { pid: child.pid ?? -1, ended: end, kill: () => killGroup(child), unref: () => child.unref() };
}
