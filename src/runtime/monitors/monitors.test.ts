import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createLog } from '../../base/log.ts';
import { sleepMs } from '../../base/time.ts';
import { startMonitor } from './monitor-process.ts';
import { Monitors } from './monitors.ts';

let dir: string;
let server: Server | null = null;
let monitors: Monitors | null = null;

beforeEach(async () => {
  dir = await mkdtemp('/tmp/cri-ts-monitors-');
});
afterEach(async () => {
  monitors?.close();
  server?.close();
  await rm(dir, { recursive: true, force: true });
});

/** A monitor that answers `forget` with these, one after the other; returns how often it was asked. */
async function listen(answers: readonly object[]): Promise<() => number> {
  let asked = 0;
  server = createServer((socket) => {
    createInterface({ input: socket }).on('line', (line) => {
      const { id, method } = JSON.parse(line) as { id: number; method: string };
      const hello = { result: { version: 1, pid: process.pid, build: 'test', containers: [] } };
      const answer = method === 'hello' ? hello : answers[asked];
      if (method === 'forget') asked += 1;
      socket.write(`${JSON.stringify({ id, ...answer })}\n`);
    });
  });
  await mkdir(join(dir, 'monitors/0'), { recursive: true });
  const listening = Promise.withResolvers<void>();
  server.listen(join(dir, 'monitors/0/control'), () => listening.resolve());
  await listening.promise;
  return () => asked;
}

async function connect(): Promise<Monitors> {
  monitors = new Monitors({
    runDir: dir,
    argv: ['/bin/false'],
    podsPerMonitor: 1,
    log: createLog('silent'),
    onSpawned: async () => undefined,
    onEvent: () => undefined,
    podsOn: () => 0,
    orphansOf: () => [],
    onReport: () => undefined,
    adoptWith: async () => undefined,
  });
  await monitors.recover(new Set());
  return monitors;
}

const stillRunning = { error: { reason: 'StillRunning', message: 'container "c" runs' } };

test('a monitor that cannot be given its cgroup is not left behind', async () => {
  const place = { dir: join(dir, 'monitors/0'), socketPath: join(dir, 'monitors/0/control') };
  const spawned: number[] = [];
  const onSpawned = async (pid: number): Promise<void> => {
    spawned.push(pid);
    await Promise.reject(new Error('no cgroup'));
  };
  const argv = ['/bin/sh', '-c', 'sleep 1000'] as const;
  await expect(startMonitor({ place, argv, onSpawned })).rejects.toThrow('no cgroup');
  const commandLine = `/proc/${spawned[0]}/cmdline`;
  while (existsSync(commandLine) && readFileSync(commandLine).length > 0) await sleepMs(5);
  expect(spawned).toHaveLength(1);
});

describe('forgetting a container', () => {
  test('waits for a monitor that has yet to notice the end', async () => {
    const asked = await listen([stillRunning, stillRunning, { result: {} }]);
    await (await connect()).forget('0', 'c');
    expect(asked()).toBe(3);
  });

  test('is done when the monitor never knew it', async () => {
    const asked = await listen([{ error: { reason: 'UnknownContainer', message: 'not here' } }]);
    await (await connect()).forget('0', 'c');
    expect(asked()).toBe(1);
  });

  test('fails at once for any other reason', async () => {
    const asked = await listen([{ error: { reason: 'Internal', message: 'broken' } }]);
    await expect((await connect()).forget('0', 'c')).rejects.toMatchObject({ reason: 'Internal' });
    expect(asked()).toBe(1);
  });
});
