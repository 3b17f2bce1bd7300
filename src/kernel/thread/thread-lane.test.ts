import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CriError, errnoOf } from '../../base/errors.ts';
import { ThreadLane } from './thread-lane.ts';

// A thread that behaves as the path says: `hang 300` blocks so long, `die` ends it, `poison` fails for good.
const threadSource = `
import { parentPort } from 'node:worker_threads';
let calls = 0;
parentPort.on('message', ({ id, params }) => {
  calls += 1;
  const [word, time] = params.path.split(' ');
  if (word === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(time));
  if (word === 'die') process.exit(1);
  if (word === 'throw') throw new Error('broken');
  if (word === 'poison' || word === 'fail') {
    const syscall = { call: 'setns', errno: 'EPERM', paths: ['/x'] };
    parentPort.postMessage({ id, failure: { isPoisoned: word === 'poison', message: 'no', syscall, cause: null } });
  } else parentPort.postMessage({ id, value: calls });
});`;

let directory = '';
let troubles: string[] = [];
let lane: ThreadLane;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lane-'));
  writeFileSync(join(directory, 'thread.mjs'), threadSource);
  troubles = [];
  lane = new ThreadLane({
    name: 'test',
    entry: pathToFileURL(join(directory, 'thread.mjs')),
    workerData: null,
    idleMs: null,
    onTrouble: (message) => troubles.push(message),
  });
});
afterEach(async () => {
  await lane.close();
  rmSync(directory, { recursive: true });
});

async function ask(path: string, timeoutMs = 5000, undoLate?: () => void): Promise<unknown> {
  const undo = undoLate === undefined ? {} : { undoLate };
  return await lane.call('lockFile', { path }, { timeoutMs, ...undo });
}

async function reason(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error instanceof CriError ? error.reason : errnoOf(error);
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a kernel thread', () => {
  test('does one call after the other and carries failures over by name', async () => {
    const results = await Promise.allSettled([ask('a'), ask('fail'), ask('b')]);
    expect(
      results.map((result) => (result.status === 'fulfilled' ? result.value : errnoOf(result.reason))),
    ).toEqual([1, 'EPERM', 3]);
    await expect(ask('fail')).rejects.toMatchObject({
      name: 'SyscallError',
      call: 'setns',
      errno: 'EPERM',
      paths: ['/x'],
    });
  });

  test('that hangs fails its caller by name, is set aside, and does not stop later calls', async () => {
    let undone = 0;
    const hung = ask('hang 300', 50, () => (undone += 1));
    const next = ask('a');
    await expect(hung).rejects.toMatchObject({
      reason: 'StepTimedOut',
      message: expect.stringContaining('lockFile'),
    });
    expect(await next).toBe(1);
    expect(troubles).toHaveLength(1);
    await until(() => lane.hungThreads === 0);
    expect(undone).toBe(1);
  });

  test('is not started again when too many hang, until one comes back', async () => {
    const hung = Array.from({ length: 8 }, () => reason(ask('hang 1500', 5)));
    expect(new Set(await Promise.all(hung))).toEqual(new Set(['StepTimedOut']));
    expect(await reason(ask('a'))).toBe('KernelThreadsHung');
    await until(() => lane.hungThreads < 8);
    expect(await ask('a')).toBe(1);
    await until(() => lane.hungThreads === 0);
  });

  test('that dies or throws fails its caller and is replaced', async () => {
    const [died, next] = [reason(ask('die')), ask('a')];
    expect([await died, await next]).toEqual(['KernelThreadDied', 1]);
    expect([await reason(ask('throw')), await ask('a')]).toEqual(['KernelThreadDied', 1]);
  });

  test('that cannot return to its namespaces is replaced before the next call', async () => {
    expect(await ask('a')).toBe(1);
    const [poisoned, next] = [reason(ask('poison')), ask('a')];
    expect([await poisoned, await next]).toEqual(['EPERM', 1]);
    expect(troubles).toHaveLength(1);
  });

  test('takes a bounded number of calls', async () => {
    const calls = [ask('hang 100'), ...Array.from({ length: 2048 }, () => ask('a'))];
    expect(await reason(ask('a'))).toBe('KernelQueueFull');
    await Promise.all(calls);
  });

  test('finishes the call that runs when closed, and refuses the others', async () => {
    const running = ask('hang 100');
    const queued = reason(ask('a'));
    await lane.close();
    expect([await running, await queued, await reason(ask('a'))]).toEqual([
      1,
      'KernelClosed',
      'KernelClosed',
    ]);
  });

  test('ends when it is idle and starts again when asked', async () => {
    await using idle = new ThreadLane({
      name: 'idle',
      entry: pathToFileURL(join(directory, 'thread.mjs')),
      workerData: null,
      idleMs: 1,
      onTrouble: () => undefined,
    });
    expect(await idle.call('lockFile', { path: 'a' })).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await idle.call('lockFile', { path: 'a' })).toBe(1);
  });
});
