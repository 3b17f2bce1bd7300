/** The counters of cgroup v2 as files; v1 is tested with real containers in faults.test.ts. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findMemoryCgroup, memoryCgroupAt } from './cgroup.ts';
import { OomWatch } from './oom.ts';
import { Slices } from './slice-kills.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'oom-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function writeEvents(kills: number): void {
  writeFileSync(
    join(directory, 'memory.events'),
    `low 0\nhigh 0\nmax 9\noom 3\noom_kill ${kills}\noom_group_kill 0\n`,
  );
}

const place = (isNew: boolean) => ({
  cgroup: { version: 2, directory } as const,
  isNew,
  runDir: directory,
  slices: new Slices(),
});

describe('OomWatch with cgroup v2', () => {
  test('tells of a kill at once, and of nothing that is no kill', async () => {
    writeEvents(0);
    const told = Promise.withResolvers<void>();
    using watch = new OomWatch(place(true), () => told.resolve());
    writeEvents(1);
    await told.promise;
    expect(watch.conclude()).toBe(true);
  });

  test('counts from the start of a new container, and from zero for an adopted one', () => {
    writeEvents(2);
    using created = new OomWatch(place(true), () => undefined);
    using adopted = new OomWatch(place(false), () => undefined);
    expect([created.conclude(), adopted.conclude()]).toEqual([false, true]);
  });

  test('is refused for a directory without counters', () => {
    expect(() => new OomWatch(place(true), () => undefined)).toThrow('ENOENT');
  });
});

test('a memory cgroup is found by a process in it and by its path, and none of a process that is gone', () => {
  const found = findMemoryCgroup(process.pid);
  const path = /:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)|^0::(.*)/m.exec(readFileSync('/proc/self/cgroup', 'utf8'));
  expect(memoryCgroupAt(path?.[1] ?? path?.[2] ?? null)).toEqual(found);
  expect(memoryCgroupAt('/a/b')?.directory).toMatch(/^\/sys\/fs\/cgroup.*\/a\/b$/);
  expect([memoryCgroupAt(null), memoryCgroupAt('/'), findMemoryCgroup(2 ** 22 + 1)]).toEqual([
    null,
    null,
    null,
  ]);
});

test('a zombie’s cgroup is not taken for the whole machine’s', async () => {
  const child = spawn('sh', ['-c', 'read x & exec sleep 1000'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const zombie = await zombieOf(child.pid ?? 0);
  const found = findMemoryCgroup(zombie);
  child.kill('SIGKILL');
  expect(found?.directory ?? 'none').not.toMatch(/^\/sys\/fs\/cgroup\/(memory)?$/);
});

/** The child that a process has not waited for. */
async function zombieOf(parent: number): Promise<number> {
  for (let tries = 0; tries < 500; tries += 1) {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
    const pid = Number(children[0]);
    if (pid > 0 && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) return pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('no zombie');
}
