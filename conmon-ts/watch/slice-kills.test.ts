/** Slices and scopes as directories; that a removed cgroup cannot be read any more is shown by an emptied file. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openOom, type OomSource } from './oom.ts';
import { Slices } from './slice-kills.ts';

let root = '';
let slice = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slice-'));
  slice = join(root, 'pod.slice');
  count(slice, 0);
});
afterEach(() => rmSync(root, { recursive: true }));

/** What the kernel shows of a cgroup. */
function count(directory: string, kills: number): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'memory.events'), `max 9\noom 3\noom_kill ${kills}\noom_group_kill 0\n`);
}

const scope = (name: string): string => join(slice, `cri-ts-${name}.scope`);

/** systemd removes it. */
function vanish(directory: string): void {
  truncateSync(join(directory, 'memory.events'));
  rmSync(directory, { recursive: true });
}

function open(name: string, slices: Slices, { isNew = true, directory = scope(name) } = {}): OomSource {
  const runDir = join(root, basename(name));
  mkdirSync(runDir, { recursive: true });
  if (isNew) count(directory, 0);
  const place = { cgroup: { version: 2, directory } as const, isNew, runDir, slices };
  return openOom(place, () => undefined) ?? { conclude: () => false, close: () => undefined };
}

test('a kill that only the slice still shows is that of the container whose cgroup is gone', () => {
  const slices = new Slices();
  const [killed, below, ended, alive] = [
    open('killed', slices),
    open('below', slices, { directory: join(scope('below'), 'container') }),
    open('ended', slices),
    open('alive', slices),
  ];
  count(slice, 1);
  vanish(scope('killed'));
  expect(killed.conclude()).toBe(true);
  vanish(scope('ended'));
  expect(ended.conclude()).toBe(false);
  count(slice, 2);
  vanish(join(scope('below'), 'container'));
  expect(below.conclude()).toBe(true);
  expect(alive.conclude()).toBe(false);
});

test('each of several whose cgroups are gone is given its kill', () => {
  const slices = new Slices();
  const three = ['a', 'b', 'c'].map((name) => open(name, slices));
  count(slice, 3);
  for (const name of ['a', 'b', 'c']) vanish(scope(name));
  expect(three.map((each) => each.conclude())).toEqual([true, true, true]);
});

test('kills that others account for, and those of before, are nobody else’s', () => {
  count(slice, 5);
  const slices = new Slices();
  const [first, second] = [open('first', slices), open('second', slices)];
  count(scope('first'), 2);
  count(slice, 7);
  vanish(scope('second'));
  expect(second.conclude()).toBe(false);
  expect(first.conclude()).toBe(true);
  const third = open('third', slices);
  vanish(scope('first'));
  vanish(scope('third'));
  expect(third.conclude()).toBe(false);
});

test('a kill elsewhere in a slice that is shared is settled while all can be read', async () => {
  const slices = new Slices();
  const [one, other] = [open('one', slices), open('other', slices)];
  count(slice, 1);
  // The next container to come looks, too, should the kernel's word still be on its way.
  open('late', slices).close();
  vanish(scope('one'));
  expect(one.conclude()).toBe(false);
  other.close();
});

test('a successor tells by what was kept, and only of what came after', () => {
  const slices = new Slices();
  const [killed, alive, before] = [open('killed', slices), open('alive', slices), open('before', slices)];
  count(scope('before'), 1);
  count(slice, 1);
  expect(before.conclude()).toBe(true);
  vanish(scope('before'));
  for (const each of [killed, alive]) each.close();

  const adopt = (name: string): boolean => open(name, new Slices(), { isNew: false }).conclude();
  vanish(scope('killed'));
  expect(adopt('killed')).toBe(false);
  count(scope('alive'), 1);
  count(slice, 2);
  expect([adopt('killed'), adopt('alive')]).toEqual([false, true]);
  count(slice, 3);
  expect(adopt('killed')).toBe(true);
});
