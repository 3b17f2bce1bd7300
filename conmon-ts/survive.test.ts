/* Feature: nothing is lost when the daemon's connection or the monitor itself is killed. Real processes, real runtimes. */
import { closeSync, constants, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pidfdExitStatus, pidfdOpen } from './calls/process-calls.ts';
import { exitCodeOf } from './watch/process-stat.ts';
import type { CreateParams, ExitRecord, Methods } from './protocol.ts';
import { TestClient } from './testing/test-client.ts';
import { adoptParams, readOutput, TestPlace, type RuntimeName } from './testing/test-place.ts';

type Started = { readonly params: CreateParams } & Methods['create'][1];

let place: TestPlace;
let held: number[];
let pidfds: Map<string, number>;
beforeEach(() => {
  place = new TestPlace();
  held = [];
  pidfds = new Map();
});
afterEach(async () => {
  for (const fd of held) closeSync(fd);
  await place.close();
});

/** What a daemon does so that the pipes outlive a monitor whose containers end before there is a successor. */
function hold(params: CreateParams): void {
  for (const name of ['stdout', 'stderr']) {
    held.push(openSync(join(params.files.runDir, name), constants.O_RDONLY | constants.O_NONBLOCK));
  }
}

/** A daemon's pidfd: tells how a process ended that others have reaped. */
function holdProcess(started: Started): void {
  const pidfd = pidfdOpen(started.pid);
  held.push(pidfd);
  pidfds.set(started.params.containerId, pidfd);
}

async function exitOf(client: TestClient, containerId: string): Promise<ExitRecord> {
  const { containers } = await client.call('list', {});
  const known = containers.find((report) => report.containerId === containerId)?.exit;
  const exit = known ?? (await client.event('exit', containerId)).exit;
  const pidfd = pidfds.get(containerId);
  if (exit.exitCode !== null || pidfd === undefined) return exit;
  // It ended and was reaped between our question and the adoption: our pidfd is older than that, and knows.
  const waitStatus = pidfdExitStatus(pidfd);
  return { ...exit, exitCode: waitStatus === null ? null : exitCodeOf(waitStatus) };
}

/** 1 to `count`, a line each. */
function counted(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1} ${'x'.repeat(60)}\n`).join('');
}

/** Writes `counted(count)`, resting after each `step` lines, then ends with a code. */
function counting(count: number, step: number, code: number): string {
  const text = 'x'.repeat(60);
  return `i=1; while [ $i -le ${count} ]; do echo "line $i ${text}"; [ $((i % ${step})) = 0 ] && usleep 2000; i=$((i+1)); done; exit ${code}`;
}

async function startMany(
  client: TestClient,
  count: number,
  wish: (index: number) => string,
): Promise<readonly Started[]> {
  const started: Started[] = [];
  for (let index = 0; index < count; index += 1) {
    const runtime: RuntimeName = index % 2 === 0 ? 'crun' : 'runc';
    const one = await place.createAndStart(client, { runtime, script: wish(index) });
    hold(one.params);
    holdProcess(one);
    started.push(one);
  }
  return started;
}

describe('when the daemon is killed', () => {
  test('20 containers log, exit and fail, and the next daemon learns every exit code and finds every line', async () => {
    const monitor = await place.monitor();
    const first = await TestClient.connect(monitor.socketPath);
    const started = await startMany(first, 20, (index) => counting(500, 10, index));
    first.close();
    const { client, hello } = await TestClient.greet(monitor.socketPath);
    expect(hello.containers).toHaveLength(20);
    for (const [index, { params }] of started.entries()) {
      expect(await exitOf(client, params.containerId)).toMatchObject({ exitCode: index, isOomKilled: false });
      expect(readOutput(params.files.logPath).toString()).toBe(counted(500));
    }
    client.close();
  });
});

async function adoptAll(client: TestClient, started: readonly Started[]): Promise<void> {
  await Promise.all(
    started.map(({ params, pid, startTimeTicks }) => {
      const pidfd = pidfds.get(params.containerId);
      const waitStatus = pidfd === undefined ? null : pidfdExitStatus(pidfd);
      return client.call('adopt', { ...adoptParams(params, { pid, startTimeTicks }), waitStatus });
    }),
  );
}

describe('when the monitor is killed', () => {
  test('20 containers that log live on; successors, killed in turn, log every line once and know every exit code', async () => {
    let monitor = await place.monitor({ name: 'm0' });
    let client = await TestClient.connect(monitor.socketPath);
    const started = await startMany(client, 20, (index) => counting(3000, 20, index));
    for (let round = 1; round <= 5; round += 1) {
      await monitor.kill();
      client.close();
      await sleep(50);
      monitor = await place.monitor({ name: `m${round}` });
      client = await TestClient.connect(monitor.socketPath);
      await adoptAll(client, started);
    }
    for (const [index, { params }] of started.entries()) {
      expect(await exitOf(client, params.containerId)).toMatchObject({ exitCode: index });
      expect(readOutput(params.files.logPath).toString()).toBe(counted(3000));
      await client.call('forget', { containerId: params.containerId });
      expect(readdirSync(params.files.runDir)).toEqual(['exit.json']);
    }
    client.close();
  });

  test('a container that writes as fast as it can loses and doubles nothing over ten kills', async () => {
    let monitor = await place.monitor({ name: 'm0' });
    let client = await TestClient.connect(monitor.socketPath);
    const lines = 2_000_000;
    const started = await place.createAndStart(client, {
      runtime: 'runc',
      script: `seq 1 ${lines}; printf end >&2`,
    });
    for (let round = 1; round <= 10; round += 1) {
      await monitor.kill();
      client.close();
      monitor = await place.monitor({ name: `m${round}` });
      client = await TestClient.connect(monitor.socketPath);
      await adoptAll(client, [started]);
      await sleep(round);
    }
    const { params } = started;
    expect(await exitOf(client, params.containerId)).toMatchObject({ exitCode: 0 });
    await client.call('drain-log', { containerId: params.containerId });
    const expected = Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join('');
    const output = readOutput(params.files.logPath).toString();
    expect({ length: output.length, isEqual: output === expected }).toEqual({
      length: expected.length,
      isEqual: true,
    });
    expect(readOutput(params.files.logPath, 'stderr').toString()).toBe('end');
    client.close();
  });

  test('a line that was begun before is finished after', async () => {
    const first = await place.monitor({ name: 'a' });
    const client = await TestClient.connect(first.socketPath);
    const started = await place.createAndStart(client, {
      runtime: 'runc',
      script: 'printf "beg"; while [ ! -e /tmp/go ]; do usleep 10000; done; echo "un"; printf more',
    });
    while ((await client.call('list', {})).containers[0]?.loggedBytes !== '3') await sleep(5);
    await first.kill();
    const second = await place.monitor({ name: 'b' });
    using next = await TestClient.connect(second.socketPath);
    await adoptAll(next, [started]);
    writeFileSync(join(place.directory, 'rootfs', 'tmp', 'go'), '');
    await next.event('exit', started.params.containerId);
    expect(readOutput(started.params.files.logPath).toString()).toBe('begun\nmore');
  });

  test('an exit that was recorded is known to the successor, and one that nobody saw is not invented', async () => {
    const first = await place.monitor({ name: 'a' });
    const client = await TestClient.connect(first.socketPath);
    const started = await place.createAndStart(client, { runtime: 'runc', script: 'exit 3' });
    await client.event('exit', started.params.containerId);
    await first.kill();
    const second = await place.monitor({ name: 'b' });
    using next = await TestClient.connect(second.socketPath);
    const params = adoptParams(started.params, started);
    expect(await next.call('adopt', params)).toMatchObject({ exit: { exitCode: 3 } });
    const other = {
      ...params,
      containerId: 'other',
      // A process of this pid may be there; it is another one.
      startTimeTicks: '1',
      files: { ...params.files, runDir: join(place.directory, 'run') },
    };
    expect(await next.call('adopt', other)).toMatchObject({ exit: { exitCode: null } });
  });
});

describe('when the monitor is stopped (SIGSTOP)', () => {
  test('its calls wait, its containers go on, and after SIGCONT all is as it should be', async () => {
    const monitor = await place.monitor();
    using client = await TestClient.connect(monitor.socketPath);
    const { params, pid } = await place.createAndStart(client, {
      runtime: 'crun',
      script: counting(300, 10, 5),
    });
    monitor.process.kill('SIGSTOP');
    let isAnswered = false;
    const list = client.call('list', {}).then((answer) => {
      isAnswered = true;
      return answer;
    });
    await sleep(300);
    expect(isAnswered).toBe(false);
    // Its process has ended meanwhile, or goes on: it was not stopped.
    expect(['S', 'R', 'Z', 'D']).toContain(/\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1]);
    monitor.process.kill('SIGCONT');
    expect((await list).containers).toHaveLength(1);
    const { exit } = await client.event('exit', params.containerId);
    expect(exit.exitCode).toBe(5);
    expect(readOutput(params.files.logPath).toString()).toBe(counted(300));
  });
});
