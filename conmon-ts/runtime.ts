/**
 * Runs `RUNTIME … create` with the container's descriptors as its standard streams, bounded in time. The runtime's own words go to a
 * log file of their own (`--log FILE --log-format json`, options of runc that crun, youki and runsc know too), so that they
 * are never confused with what the container writes.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { join } from 'node:path';
import { MonitorError, messageOf } from './failure.ts';
import { spawnProgram, type SpawnRequest } from './calls/spawn-calls.ts';
import { SealedFile } from './sealed-file.ts';
import { withInitialOomScore } from './watch/oom-score.ts';
import type { RuntimeCommand } from './protocol.ts';
import type { Reaper } from './watch/reaper.ts';

export type RuntimeRun = {
  readonly runtime: RuntimeCommand;
  /** What follows the global options: `create --bundle … ID`. */
  readonly args: readonly string[];
  readonly bundleDir: string;
  readonly runDir: string;
  readonly stdio: readonly [number, number, number];
  readonly timeoutMs: number;
};

const logFile = 'runtime.log';
const maxLogBytes = 64 * 1024;

/** @throws RuntimeFailed with the runtime's own message, RuntimeTimedOut when it and its children had to be killed */
export async function runRuntime(run: RuntimeRun, reaper: Reaper): Promise<void> {
  const logPath = join(run.runDir, logFile);
  rmSync(logPath, { force: true });
  const {
    argv: [program, ...options],
    env,
  } = run.runtime;
  const argv = [program, ...options, '--log', logPath, '--log-format', 'json', ...run.args] as const;
  try {
    const request = { argv, env, cwd: run.bundleDir, stdio: run.stdio };
    const end = await runToEnd({ ...run, request }, reaper);
    if (end === 'ok') return;
    const words = lastError(logPath);
    if (end === 'timeout') {
      const last = words === '' ? '' : `: ${words}`;
      throw new MonitorError('RuntimeTimedOut', `run "${program}": killed after ${run.timeoutMs} ms${last}`);
    }
    throw new MonitorError('RuntimeFailed', words === '' ? `run "${program}": ${end}` : words);
  } finally {
    rmSync(logPath, { force: true });
  }
}

type PlannedRun = Pick<RuntimeRun, 'runtime' | 'timeoutMs'> & {
  readonly request: Omit<SpawnRequest, 'file'>;
};

/** `ok`, `timeout`, or how it ended otherwise. Its process group is its own, to be killed as a whole. */
async function runToEnd(run: PlannedRun, reaper: Reaper): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let pid: number;
  try {
    pid = start(run);
  } catch (error) {
    return messageOf(error);
  }
  reaper.expectNew(pid, resolve);
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    killTree(pid);
  }, run.timeoutMs);
  const waitStatus = await promise;
  clearTimeout(timer);
  return isTimedOut ? 'timeout' : describeEnd(waitStatus);
}

function start({ runtime, request }: PlannedRun): number {
  using copy = SealedFile.open(runtime.sealed ?? null);
  return withInitialOomScore(() => spawnProgram({ ...request, file: copy?.path ?? request.argv[0] }));
}

/** Source: wait(2). */
function describeEnd(waitStatus: number): string {
  if (waitStatus === 0) return 'ok';
  const signal = waitStatus & 0x7f;
  if (signal === 0) return `exit code ${waitStatus >> 8}`;
  const names = Object.entries(osConstants.signals);
  return `ended by ${names.find(([, number]) => number === signal)?.[0] ?? `signal ${signal}`}`;
}

/** Kills a process, its group and its descendants, which may have left the group. */
function killTree(pid: number): void {
  const descendants = descendantsOf(pid);
  for (const target of [-pid, pid, ...descendants]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

const maxDescendants = 1000;

function descendantsOf(root: number): readonly number[] {
  const found = [root];
  for (let at = 0; at < found.length && found.length < maxDescendants; at += 1) {
    found.push(...childrenOf(found[at] ?? 0));
  }
  return found.slice(1);
}

/** Source: proc_tid_children(5). */
function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    // It has ended meanwhile, or the kernel has no such file: the group is killed anyway.
    return [];
  }
}

/** The last message of level `error` or worse, else the last line, of the runtime's JSON log. */
function lastError(path: string): string {
  const lines = readTail(path)
    .split('\n')
    .filter((line) => line !== '');
  const entries = lines.map(parseEntry);
  const error = entries.findLast((entry) => entry.level === 'error' || entry.level === 'fatal');
  return (error ?? entries.at(-1))?.message ?? '';
}

function parseEntry(line: string): { readonly level: string; readonly message: string } {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    // Not JSON: the line itself is what the runtime said.
    return { level: '', message: line };
  }
  if (typeof entry !== 'object' || entry === null) return { level: '', message: line };
  const message: unknown = Reflect.get(entry, 'msg');
  const level: unknown = Reflect.get(entry, 'level');
  return {
    level: typeof level === 'string' ? level : '',
    message: typeof message === 'string' ? message : line,
  };
}

function readTail(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    // The runtime wrote none.
    return '';
  }
  try {
    const start = Math.max(0, fstatSync(fd).size - maxLogBytes);
    const buffer = Buffer.alloc(maxLogBytes);
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, start));
  } finally {
    closeSync(fd);
  }
}
