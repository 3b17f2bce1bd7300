import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type RunEnd } from '../../cni/plugin.ts';
import { ThreadedKernel } from '../kernel/threaded-kernel.ts';
import { Programs } from '../runtime/programs/programs.ts';
import { testReaper } from '../runtime/programs/test-reaper.ts';
import { pluginLaunch } from './plugin-launch.ts';

const kernel = new ThreadedKernel();
const reaper = testReaper(kernel);
const launch = pluginLaunch({ kernel, programs: new Programs({ kernel, reaper }) });
let dir = '';
let fds = 0;

beforeAll(() => void (dir = mkdtempSync('/tmp/cri-ts-launch-')));
beforeEach(() => void (fds = readdirSync('/proc/self/fd').length));
afterEach(async () => {
  // What was destroyed is closed in the next turn of the loop.
  await new Promise((resolve) => setTimeout(resolve, 10));
  // Less: what an earlier file of this worker had open has been closed meanwhile.
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(fds);
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  reaper[Symbol.dispose]();
  await kernel.close();
});

function plugin(script: string): string {
  const path = join(dir, 'plugin');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

async function run(path: string, what: { stdin?: string; signal?: AbortSignal } = {}): Promise<RunEnd> {
  const { stdin = '{}', signal = null } = what;
  const env = { PATH: '/usr/bin:/bin', CNI_COMMAND: 'ADD' };
  return await runProgram({ launch, path, env, stdin, timeoutMs: 20_000, signal });
}

describe('a plugin of the daemon', () => {
  test('gets its input, its environment and the root directory, and answers', async () => {
    const end = await run(plugin('cat /dev/stdin; echo "$CNI_COMMAND $PWD"; echo words >&2; exit 4'), {
      stdin: '{"a":1}\n',
    });
    expect(end).toEqual({
      exitCode: 4,
      signal: null,
      stdout: '{"a":1}\nADD /\n',
      stderr: 'words\n',
      isStdoutTooLong: false,
      killedFor: null,
    });
  });

  test('gets an input that no pipe can hold', async () => {
    const end = await run(plugin('sleep 0.1; wc -c'), { stdin: 'x'.repeat(700_000) });
    expect(end.stdout.trim()).toBe('700000');
  });

  test('need not read its input', async () => {
    const end = await run(plugin('exit 0'), { stdin: 'x'.repeat(700_000) });
    expect(end).toMatchObject({ exitCode: 0, killedFor: null });
  });

  test('that cannot be started says why by its errno', async () => {
    await expect(run(join(dir, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
    const path = plugin('true');
    const writing = openSync(path, 'r+');
    await expect(run(path)).rejects.toMatchObject({ code: 'ETXTBSY' });
    closeSync(writing);
  });

  test('is killed with its children when the caller gives up', async () => {
    const caller = new AbortController();
    const running = run(plugin('sleep 1000'), { signal: caller.signal });
    setTimeout(() => caller.abort(), 50);
    expect(await running).toMatchObject({ signal: 'SIGKILL', killedFor: 'abort' });
  });
});
