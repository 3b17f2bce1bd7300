/** The counters of cgroup v2 as files; v1 is tested with real containers in faults.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findMemoryCgroup } from './cgroup.ts';
import { OomWatch } from './oom.ts';

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

describe('OomWatch with cgroup v2', () => {
  test('tells of a kill at once, and of nothing that is no kill', async () => {
    writeEvents(0);
    const told = Promise.withResolvers<void>();
    using watch = new OomWatch({ version: 2, directory }, true, () => told.resolve());
    expect(watch.isOomKilled).toBe(false);
    writeEvents(1);
    await told.promise;
    expect(watch.isOomKilled).toBe(true);
  });

  test('counts from the start of a new container, and from zero for an adopted one', () => {
    writeEvents(2);
    using created = new OomWatch({ version: 2, directory }, true, () => undefined);
    using adopted = new OomWatch({ version: 2, directory }, false, () => undefined);
    expect([created.isOomKilled, adopted.isOomKilled]).toEqual([false, true]);
  });

  test('is refused for a directory without counters', () => {
    expect(() => new OomWatch({ version: 2, directory }, true, () => undefined)).toThrow('ENOENT');
  });
});

test('the memory cgroup of this very process is found, and none of a process that is gone', () => {
  expect(findMemoryCgroup(process.pid)?.directory).toMatch(/^\/sys\/fs\/cgroup/);
  expect(findMemoryCgroup(2 ** 22 + 1)).toBeNull();
});
