/**
 * How long the main loop of a process stood still, beside that of a process which does nothing: what holds both of them up
 * is the machine, as when the host of a virtual one gives its cores to others.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plainEnv } from '../test/harness/machine.ts';
import { eventually } from '../test/harness/wait.ts';

/** On the monotonic clock; `waitedMs`: of this time the thread wanted a core and had none. */
export type Stall = { readonly fromMs: number; readonly untilMs: number; readonly waitedMs: number };

export type Stalls = {
  /** The longest, whatever the reason. */
  readonly longestMs: number;
  /** The longest, without the time in which the machine stood still. */
  readonly ownMs: number;
};

/** The environment in which Node tells of its loop (`loop-watch.mjs`). */
export function watchedEnv(file: string): Readonly<Record<string, string>> {
  const watch = pathToFileURL(join(import.meta.dirname, 'loop-watch.mjs')).href;
  return { NODE_OPTIONS: `--import=${watch}`, LOOP_WATCH_FILE: file };
}

/** What a watched process saw since it was asked last. */
export async function takeStalls(pid: number, file: string): Promise<readonly Stall[]> {
  await rm(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  await eventually('the process tells of its loop', () => existsSync(file));
  const told = JSON.parse(await readFile(file, 'utf8')) as readonly (readonly [number, number, number])[];
  return told.map(([fromMs, untilMs, waitedMs]) => ({ fromMs, untilMs, waitedMs }));
}

/** A watched process that does nothing. */
export class IdleProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #file: string;

  private constructor(idle: ChildProcess, file: string) {
    this.#process = idle;
    this.#file = file;
  }

  static async start(file: string): Promise<IdleProcess> {
    const argv = ['-e', 'setInterval(() => undefined, 2 ** 30); process.stdout.write(".")'];
    const idle = spawn(process.execPath, argv, {
      env: { ...plainEnv, ...watchedEnv(file) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => idle.stdout.once('data', resolve));
    return new IdleProcess(idle, file);
  }

  async take(): Promise<readonly Stall[]> {
    return await takeStalls(this.#process.pid ?? 0, this.#file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await rm(this.#file, { force: true });
  }
}

/** Whoever waits for a core is held up by what runs there, which may be our own work: that counts as a stall. */
export function judgeStalls(ours: readonly Stall[], idle: readonly Stall[]): Stalls {
  const own = ours.map((stall) => {
    const machineMs = idle.reduce((sum, other) => sum + machineOverlapMs(stall, other), 0);
    return stall.untilMs - stall.fromMs - machineMs;
  });
  return {
    longestMs: Math.max(0, ...ours.map(({ fromMs, untilMs }) => untilMs - fromMs)),
    ownMs: Math.max(0, ...own),
  };
}

function machineOverlapMs(stall: Stall, idle: Stall): number {
  const togetherMs = Math.min(stall.untilMs, idle.untilMs) - Math.max(stall.fromMs, idle.fromMs);
  return Math.max(0, Math.min(togetherMs, idle.untilMs - idle.fromMs - idle.waitedMs));
}
