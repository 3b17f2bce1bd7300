/**
 * The tests' own instruments: what looks for leaks and torn lines has to find them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runCommand } from '../../src/base/process.ts';
import { difference, takeCensus } from './census.ts';
import { Machine, plainEnv, type Member } from './machine.ts';
import { joined, parseLog } from './rig.ts';
import { eventually, settle } from './wait.ts';

describe('the census', () => {
  test('names what was left behind and what is gone', () => {
    const before = { mounts: ['tmpfs /a', 'tmpfs /a', 'tmpfs /b'], files: [] };
    const after = { mounts: ['tmpfs /a', 'tmpfs /c'], files: ['fifo /x'] };
    expect(difference(before, after).split('\n')).toEqual([
      '- mounts: tmpfs /a',
      '- mounts: tmpfs /b',
      '+ mounts: tmpfs /c',
      '+ files: fifo /x',
    ]);
  });

  test('sees a mount, a cgroup, a process, a FIFO, a link and a rule of its machine', async () => {
    await using machine = await Machine.create();
    const dir = machine.path('run');
    await mkdir(dir);
    const scope = { machine, dirs: [dir] };
    const before = await takeCensus(scope);
    await machine.run('mkdir', machine.path('run/mnt'));
    await machine.run('mount', '-t', 'tmpfs', 'leak', machine.path('run/mnt'));
    await machine.run('mkfifo', machine.path('run/fifo'));
    const hierarchy = existsSync('/sys/fs/cgroup/cgroup.controllers') ? '' : '/pids';
    await machine.run('mkdir', `/sys/fs/cgroup${hierarchy}${machine.cgroupParent}`);
    await machine.run('ip', 'link', 'add', 'leak0', 'type', 'bridge');
    await machine.run('iptables', '-A', 'INPUT', '-p', 'sctp', '-j', 'DROP');
    await machine.run('sh', '-c', 'sleep 77 >/dev/null 2>&1 &');
    const after = await takeCensus(scope);
    expect(difference(before, after).split('\n').sort()).toEqual([
      expect.stringMatching(new RegExp(`^\\+ cgroups: \\w+:${machine.cgroupParent}$`)),
      `+ files: dir ${dir}/mnt`,
      `+ files: fifo ${dir}/fifo`,
      '+ links: leak0',
      `+ mounts: tmpfs ${dir}/mnt`,
      '+ processes: sleep 77',
      '+ rules: -A INPUT -p sctp -j DROP',
    ]);
  });
});

describe('a machine', () => {
  test('takes its processes, mounts and directory with it', async () => {
    const machine = await Machine.create();
    await machine.run('sh', '-c', 'setsid sleep 78 >/dev/null 2>&1 &');
    const isOurs = (member: Member): boolean => member.argv.join(' ') === 'sleep 78';
    const look = async (): Promise<readonly Member[]> => (await machine.members()).filter(isOurs);
    const [member] = await settle(look, (found) => found.length === 1);
    await machine.close();
    // init may take its time to reap it: what is left of it until then has no command line.
    const path = `/proc/${member?.pid}/cmdline`;
    await eventually('the process is gone', () => !existsSync(path) || readFileSync(path).length === 0);
    expect(member?.pid).toBeGreaterThan(1);
  });
});

describe('a machine whose test process is killed', () => {
  test('ends its processes, mounts and cgroups, and removes its directory', async () => {
    const script = `
      import { Machine } from ${JSON.stringify(join(import.meta.dirname, 'machine.ts'))};
      const machine = await Machine.create();
      await machine.run('mkdir', '-p', machine.path('mnt'));
      await machine.run('mount', '-t', 'tmpfs', 'left', machine.path('mnt'));
      await machine.run('sh', '-c', 'setsid sleep 79 >/dev/null 2>&1 &');
      console.log(machine.root);
      process.kill(process.pid, 'SIGKILL');`;
    const argv = [process.execPath, '--input-type=module', '-e', script] as const;
    const { stdout, signal } = await runCommand({ argv, env: plainEnv, timeoutMs: 20_000 });
    const root = stdout.toString('utf8').trim();
    expect({ root, signal }).toEqual({ root: expect.stringMatching(/^\/tmp\/ct-/), signal: 'SIGKILL' });
    await eventually('the directory is gone', () => !existsSync(root));
  });
});

describe('the log reader', () => {
  test('joins partial lines', () => {
    const log = '2026-01-01T00:00:00.000000000Z stdout P ab\n2026-01-01T00:00:00.000000001Z stdout F c\n';
    expect(joined(parseLog(log))).toBe('abc\n');
  });

  test.each([
    ['a torn line', '2026-01-01T00:00:00.000000000Z stdo'],
    ['a line without a stream', '2026-01-01T00:00:00.000000000Z text\n'],
    ['a missing end', '2026-01-01T00:00:00.000000000Z stdout F text'],
  ])('finds %s', (_, log) => {
    expect(() => parseLog(log)).toThrow();
  });
});
