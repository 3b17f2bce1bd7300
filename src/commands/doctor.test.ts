import '../images/testing/realm.ts';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PodSandboxConfig } from '../../cri-api/runtime-v1.ts';
import { absolutePath, newPodId, type AbsolutePath } from '../base/ids.ts';
import { mustRun, runCommand, spawnProgram } from '../base/process.ts';
import { sleepMs } from '../base/time.ts';
import { readMounts } from '../kernel/mountinfo.ts';
import { ThreadedKernel } from '../kernel/threaded-kernel.ts';
import { podKind, type PodRecord } from '../store/pod-record.ts';
import { encodeRecord } from '../store/record-file.ts';

const main = join(import.meta.dirname, '../main.ts');

type Row = { readonly kind: string; readonly id: string; readonly what: string; readonly outcome: string };

let dir: AbsolutePath = absolutePath('/nowhere');
let cgroupParent = '';

beforeEach(async () => {
  dir = absolutePath(await mkdtemp('/tmp/cri-ts-doctor-'));
  cgroupParent = `/doctor-test-${randomBytes(4).toString('hex')}`;
  for (const name of ['lib/pods', 'lib/containers', 'run/pods', 'run/containers', 'run/monitors'])
    await mkdir(join(dir, name), { recursive: true });
});

afterEach(async () => {
  for (const mount of (await readMounts()).filter(({ target }) => target.startsWith(`${dir}/`)).toReversed())
    await mustRun({ argv: ['umount', mount.target], timeoutMs: 10_000 });
  await rm(dir, { recursive: true });
});

async function doctor(
  ...more: readonly string[]
): Promise<{ readonly exitCode: number | null; readonly rows: readonly Row[]; readonly stderr: string }> {
  const flags = ['--socket', `${dir}/sock`, '--root-dir', `${dir}/lib`, '--run-dir', `${dir}/run`];
  const argv = [
    process.execPath,
    main,
    'doctor',
    '--json',
    '--config',
    '/dev/null',
    ...flags,
    '--runtime-cgroup-parent',
    cgroupParent,
    ...more,
  ] as const;
  const env = { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: '--no-warnings' };
  await writeFile(`${dir}/empty.toml`, '');
  const { exitCode, stdout, stderr } = await runCommand({
    argv: argv.map((word) => (word === '/dev/null' ? `${dir}/empty.toml` : word)) as [string, ...string[]],
    env,
    timeoutMs: 60_000,
  });
  return { exitCode, rows: stdout.length === 0 ? [] : (JSON.parse(stdout.toString()) as Row[]), stderr };
}

function podRecord(): PodRecord {
  return {
    id: newPodId(),
    config: PodSandboxConfig.decode(
      Buffer.from(PodSandboxConfig.encode({ metadata: { name: 'a', uid: 'b' } })),
    ),
    requestedHandler: '',
    handler: 'runc',
    createdAtNs: 1n,
    state: 'ready',
    bootId: 'b',
    monitor: 'm1',
    ips: [],
    isNetworkOwed: false,
    pins: { user: null, net: null, ipc: null, uts: null },
    selinuxLevel: null,
    init: null,
    cgroupParent,
    isCgroupOurs: true,
  };
}

/** A pod's traces on disk and in the kernel, as a daemon leaves them. */
async function leaveTraces(id: string): Promise<readonly string[]> {
  const podDir = join(dir, 'run/pods', id);
  const containerDir = join(dir, 'run/containers', id);
  await mkdir(join(podDir, 'shm'), { recursive: true });
  await mkdir(containerDir);
  await writeFile(join(podDir, 'uts'), '');
  const run = async (...argv: readonly [string, ...string[]]): Promise<unknown> =>
    await mustRun({ argv, timeoutMs: 10_000 });
  await run('mount', '-t', 'tmpfs', 'tmpfs', join(podDir, 'shm'));
  await run('unshare', '--uts', 'mount', '--bind', '/proc/self/ns/uts', join(podDir, 'uts'));
  await run('mkfifo', join(containerDir, 'stdout'));
  return [podDir, containerDir];
}

async function cgroupRoot(): Promise<string> {
  const mounts = await readMounts();
  const found = mounts.find(
    ({ type, options, target }) =>
      type === 'cgroup2' || (type === 'cgroup' && target.endsWith('/pids') && options.length > 0),
  );
  if (found === undefined) throw new Error('no cgroup hierarchy is mounted');
  return found.target;
}

describe('the doctor', () => {
  test('finds nothing where nothing is, also when the directories do not exist', async () => {
    expect(await doctor()).toEqual({ exitCode: 0, rows: [], stderr: '' });
    await rm(join(dir, 'lib'), { recursive: true });
    expect(await doctor()).toMatchObject({ exitCode: 0, rows: [] });
  });

  test('leaves alone what belongs to a pod that has a record, also when that record is damaged', async () => {
    const healthy = podRecord();
    await writeFile(join(dir, 'lib/pods', `${healthy.id}.json`), encodeRecord(podKind.toJson(healthy)));
    await leaveTraces(healthy.id);
    const damaged = newPodId();
    await writeFile(join(dir, 'lib/pods', `${damaged}.json`), 'broken');
    await leaveTraces(damaged);
    const { exitCode, rows } = await doctor();
    expect(exitCode).toBe(1);
    expect(rows.map(({ kind, id }) => [kind, id])).toEqual([
      ['record', join(dir, 'lib/pods', `${damaged}.json`)],
      ['monitor', 'slot m1'],
    ]);
  });

  test('finds mounts, namespaces, FIFOs, directories and cgroups of nobody, changes nothing, and repairs when told to', async () => {
    const id = newPodId();
    const [podDir = '', containerDir = ''] = await leaveTraces(id);
    const cgroup = join(await cgroupRoot(), cgroupParent, `cri-ts-${id}`);
    await mkdir(cgroup, { recursive: true });
    const sleeper = await spawnProgram({ argv: ['sleep', '1000'], stdio: ['ignore', 'ignore', 'ignore'] });
    await writeFile(join(cgroup, 'cgroup.procs'), String(sleeper.pid));
    const kinds = [
      ['cgroup', cgroup],
      ['namespace', join(podDir, 'uts')],
      ['mount', join(podDir, 'shm')],
      ['directory', podDir],
      ['fifo', containerDir],
    ];
    const looked = await doctor();
    expect(looked.rows.map(({ kind, id }) => [kind, id])).toEqual(kinds);
    expect(looked.rows[0]?.what).toBe('of no pod or container, with 1 process');
    expect(existsSync(join(containerDir, 'stdout'))).toBe(true);
    const repaired = await doctor('--repair');
    expect(repaired).toMatchObject({ exitCode: 0, stderr: '' });
    expect(repaired.rows.map(({ outcome }) => outcome)).toEqual(kinds.map(() => 'repaired'));
    expect((await sleeper.ended).signal).toBe('SIGKILL');
    expect(existsSync(cgroup)).toBe(false);
    expect(await readdir(join(dir, 'run/pods'))).toEqual([]);
    expect((await readMounts()).filter(({ target }) => target.startsWith(dir))).toEqual([]);
    await rmdir(join(await cgroupRoot(), cgroupParent));
    expect(await doctor()).toMatchObject({ exitCode: 0, rows: [] });
  });

  test('sets a damaged record aside, sweeps torn writes, and then asks a person to look', async () => {
    const id = newPodId();
    await writeFile(join(dir, 'lib/pods', `${id}.json`), encodeRecord({ id }).replace('"id"', '"ID"'));
    await writeFile(join(dir, `lib/pods/.${id}.json.1.1.tmp`), 'half');
    expect((await doctor('--repair')).rows.map(({ outcome }) => outcome)).toEqual(['repaired', 'repaired']);
    const { exitCode, rows } = await doctor('--repair');
    expect({ exitCode, rows }).toMatchObject({
      exitCode: 1,
      rows: [{ kind: 'quarantine', outcome: 'not repaired' }],
    });
  });

  test('ends a monitor whose socket is gone, and no other process', async () => {
    const lost = await spawnProgram({
      argv: ['sh', '-c', 'while :; do sleep 1; done', 'conmon', '--socket', `${dir}/run/monitors/m9/control`],
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    const other = await spawnProgram({
      argv: ['sh', '-c', 'while :; do sleep 1; done', 'conmon', '--socket', `${dir}/elsewhere/m9/control`],
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    try {
      expect((await doctor('--repair')).rows).toMatchObject([
        { kind: 'monitor', id: `pid ${lost.pid}`, outcome: 'repaired' },
      ]);
      expect((await lost.ended).signal).toBe('SIGKILL');
      await sleepMs(50);
      expect(existsSync(`/proc/${other.pid}`)).toBe(true);
    } finally {
      lost.kill();
      other.kill();
    }
  });

  test('refuses to repair while a daemon holds the lock', async () => {
    await leaveTraces(newPodId());
    await using kernel = new ThreadedKernel();
    const held = await kernel.lockFile(absolutePath(`${dir}/run/lock`));
    const { exitCode, rows, stderr } = await doctor('--repair');
    expect({ exitCode, rows, stderr }).toEqual({
      exitCode: 1,
      rows: [],
      stderr:
        'cri-ts: the daemon runs, or a command that works on the store: end it before --repair (containers go on)\n',
    });
    expect((await doctor()).rows).not.toHaveLength(0);
    held.close();
  });
});
