import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { CommandError } from '../../base/errors.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { Programs } from './programs.ts';
import { testReaper } from './test-reaper.ts';

const kernel = new ThreadedKernel();
const reaper = testReaper(kernel);
const programs = new Programs({ kernel, reaper });
const timeoutMs = 20_000;
const env = { PATH: process.env['PATH'] ?? '' };
const sh = (script: string): readonly [string, ...string[]] => ['sh', '-c', script];
let fds = 0;

beforeEach(() => void (fds = readdirSync('/proc/self/fd').length));
afterEach(async () => {
  // A socket that was destroyed is closed in the next turn of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  // Less: what an earlier file of this worker had open has been closed meanwhile.
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(fds);
});
afterAll(async () => {
  reaper[Symbol.dispose]();
  await kernel.close();
});

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => null,
    (error: unknown) => error,
  );
}

describe('a program', () => {
  test('tells its output and how it ended', async () => {
    const result = await programs.run({ argv: sh('echo out; echo err >&2; exit 7'), env, timeoutMs });
    expect({ ...result, stdout: result.stdout.toString('utf8'), durationMs: 0 }).toEqual({
      exitCode: 7,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      durationMs: 0,
      isTimedOut: false,
    });
    const killed = await programs.run({ argv: sh('kill -TERM $$'), env, timeoutMs });
    expect([killed.exitCode, killed.signal]).toEqual([null, 'SIGTERM']);
  });

  test('that must succeed and does not is an error with its words', async () => {
    const failure = await failureOf(programs.mustRun({ argv: sh('echo no >&2; exit 1'), env, timeoutMs }));
    expect(failure).toMatchObject({ name: 'CommandError', failure: { exitCode: 1, stderr: 'no\n' } });
  });

  test('that cannot be started is an error that names it, and leaves no descriptor', async () => {
    const failure = await failureOf(programs.run({ argv: ['/does/not/exist'], env, timeoutMs }));
    expect(failure).toBeInstanceOf(CommandError);
    expect(failure).toMatchObject({ cause: { call: 'posix_spawn', errno: 'ENOENT' } });
    expect(() => programs.start({ argv: ['/does/not/exist'], stdio: [] })).toThrow(CommandError);
  });

  test('does not block on us when it writes more than is kept', async () => {
    const script = 'head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; printf end >&2';
    const result = await programs.run({ argv: sh(script), env, timeoutMs, maxStdoutBytes: 10 });
    expect([result.exitCode, result.stdout.length, result.stderr.length]).toEqual([0, 10, 8192]);
    expect(result.stderr.endsWith('end')).toBe(true);
  });

  test('is killed with its group when its time is over', async () => {
    const argv = sh('sleep 1000 & echo $!; wait');
    const result = await programs.run({ argv, env, timeoutMs: 300 });
    expect([result.signal, result.isTimedOut]).toEqual(['SIGKILL', true]);
    const child = Number(result.stdout.toString('utf8'));
    expect(child).toBeGreaterThan(1);
    expect(stateOf(child)).not.toBe('S');
  });

  test('is killed when its caller leaves, who gets the own reason', async () => {
    const caller = new AbortController();
    const running = programs.run({ argv: sh('sleep 1000'), env, timeoutMs, signal: caller.signal });
    setTimeout(() => caller.abort(new Error('gone')), 50);
    expect(await failureOf(running)).toMatchObject({ message: 'gone' });
    const late = programs.run({ argv: sh('sleep 1000'), env, timeoutMs, signal: caller.signal });
    expect(await failureOf(late)).toMatchObject({ message: 'gone' });
  });

  test('whose child holds the pipes is not waited for', async () => {
    const script = 'echo said; setsid sleep 30 & echo $! >&2';
    const result = await programs.run({ argv: sh(script), env, timeoutMs });
    expect([result.exitCode, result.stdout.toString('utf8')]).toEqual([0, 'said\n']);
    process.kill(Number(result.stderr), 'SIGKILL');
  });

  test('gets the descriptors that it was given and none else', async () => {
    const { read, write } = kernel.pipe();
    const started = programs.start({
      argv: sh('echo /proc/self/fd/*'),
      env,
      stdio: ['ignore', write.number],
    });
    write.close();
    expect(await started.ended).toEqual({ exitCode: 0, signal: null });
    started.kill();
    expect(readFileSync(read.number, 'utf8')).toBe(
      '/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3\n',
    );
    read.close();
  });
});

/** Source: proc_pid_stat(5); null: gone. */
function stateOf(pid: number): string | null {
  try {
    return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? null;
  } catch {
    return null;
  }
}
