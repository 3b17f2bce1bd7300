import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CriError, errnoOf } from '../../base/errors.ts';
import { absolutePath, joinPath } from '../../base/ids.ts';
import { type CgroupLayout, detectCgroups, expandSlice, layoutOf } from './cgroup-layout.ts';
import { type CgroupResources, planWrites, sharesToWeight } from './cgroup-resources.ts';
import { CgroupMeter } from '../figures/cgroup-meter.ts';
import { Cgroups } from './cgroups.ts';
import { parseMountinfo, readMounts } from '../mountinfo.ts';

function reasonOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof CriError ? error.reason : errnoOf(error);
  }
}

async function failure(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error instanceof CriError ? error.reason : errnoOf(error);
  }
}

describe('names of the systemd driver', () => {
  test('expand to the path of the cgroup', () => {
    expect([expandSlice('kubepods-burstable-pod1_2.slice'), expandSlice('-.slice')]).toEqual([
      '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice',
      '/',
    ]);
  });

  test('that are malformed or lead elsewhere are refused', () => {
    const bad = ['a', '.slice', 'a/b.slice', '../a.slice', 'a\0.slice', '--.slice', 'a-.slice', 'a--b.slice'];
    expect(bad.map((text) => reasonOf(() => expandSlice(text)))).toEqual(bad.map(() => 'InvalidCgroup'));
  });
});

describe('the layout of the hierarchies', () => {
  const line = (target: string, type: string, options: string): string =>
    `31 23 0:28 / ${target} rw - ${type} ${type} ${options}`;

  test('is told from mountinfo', () => {
    const v2 = layoutOf(parseMountinfo(line('/sys/fs/cgroup', 'cgroup2', 'rw,nsdelegate')));
    const v1 = layoutOf(
      parseMountinfo(
        [
          line('/sys/fs/cgroup/cpu,cpuacct', 'cgroup', 'rw,cpu,cpuacct'),
          line('/sys/fs/cgroup/systemd', 'cgroup', 'rw,xattr,name=systemd'),
          line('/var/lib/elsewhere', 'cgroup', 'rw,cpu,cpuacct'),
        ].join('\n'),
      ),
    );
    const both = layoutOf(
      parseMountinfo(
        [line('/c/memory', 'cgroup', 'rw,memory'), line('/c/unified', 'cgroup2', 'rw')].join('\n'),
      ),
    );
    expect([v2.version, v1.version, both.version]).toEqual(['v2', 'v1', 'hybrid']);
    expect(v1.hierarchies).toEqual([
      { version: 'v1', mountPoint: '/sys/fs/cgroup/cpu,cpuacct', controllers: ['cpu', 'cpuacct'] },
      { version: 'v1', mountPoint: '/sys/fs/cgroup/systemd', controllers: ['name=systemd'] },
    ]);
    expect(reasonOf(() => layoutOf([]))).toBe('NoCgroups');
  });
});

describe('limits', () => {
  const plan = (resources: CgroupResources, version: 'v1' | 'v2'): readonly string[] =>
    planWrites(resources, (controller) => (controller === 'rdma' ? null : version)).map(
      (one) => `${one.file}=${one.value}${one.isOptional ? '?' : ''}`,
    );

  test('become writes for v1 and v2', () => {
    const resources: CgroupResources = {
      cpuShares: 1024n,
      cpuQuotaUs: 50_000n,
      cpuPeriodUs: 100_000n,
      memoryLimitBytes: 1n << 30n,
      memorySwapBytes: 3n << 29n,
      cpusetCpus: '0-1,3',
      cpusetMems: '0',
      pidsLimit: 100n,
      hugepages: [{ pageSize: '2MB', limitBytes: 0n }],
    };
    expect([plan(resources, 'v1'), plan(resources, 'v2')]).toEqual([
      [
        'cpu.shares=1024',
        'cpu.cfs_period_us=100000',
        'cpu.cfs_quota_us=50000',
        'cpuset.cpus=0-1,3',
        'cpuset.mems=0',
        'memory.limit_in_bytes=1073741824',
        'memory.memsw.limit_in_bytes=1610612736?',
        'pids.max=100',
        'hugetlb.2MB.limit_in_bytes=0?',
      ],
      [
        'cpu.weight=39',
        'cpu.max=50000 100000',
        'cpuset.cpus=0-1,3',
        'cpuset.mems=0',
        'memory.max=1073741824',
        'memory.swap.max=536870912?',
        'pids.max=100',
        'hugetlb.2MB.max=0?',
      ],
    ]);
    const unlimited = { cpuQuotaUs: -1n, memoryLimitBytes: -1n, memorySwapBytes: -1n, pidsLimit: 0n };
    expect([plan(unlimited, 'v1'), plan(unlimited, 'v2'), plan({}, 'v2')]).toEqual([
      ['cpu.cfs_quota_us=-1', 'memory.limit_in_bytes=-1', 'memory.memsw.limit_in_bytes=-1?', 'pids.max=max'],
      ['cpu.max=max 100000', 'memory.max=max', 'memory.swap.max=max?', 'pids.max=max'],
      [],
    ]);
    expect([
      sharesToWeight(0n),
      sharesToWeight(2n),
      sharesToWeight(262_144n),
      sharesToWeight(1n << 40n),
    ]).toEqual([1n, 1n, 10_000n, 10_000n]);
  });

  test('that make no sense, or name files that act, are refused', () => {
    const unified = (file: string, value = '1'): string | null =>
      reasonOf(() => plan({ unified: { [file]: value } }, 'v2'));
    expect(plan({ unified: { 'memory.high': '1G', 'io.max': '8:0 rbps=1' } }, 'v2')).toEqual([
      'memory.high=1G',
      'io.max=8:0 rbps=1',
    ]);
    expect(
      ['cgroup.procs', 'cgroup.kill', '../memory.max', 'memory/../cgroup.kill', 'memory', 'memory.max\n'].map(
        (file) => unified(file),
      ),
    ).toEqual(Array.from({ length: 6 }, () => 'InvalidCgroupResources'));
    expect([
      unified('memory.high', '\0'),
      unified('rdma.max'),
      reasonOf(() => plan({ unified: { 'memory.high': '1' } }, 'v1')),
    ]).toEqual(['InvalidCgroupResources', 'CgroupControllerMissing', 'CgroupControllerMissing']);
    expect(reasonOf(() => plan({ memoryLimitBytes: 10n, memorySwapBytes: 5n }, 'v2'))).toBe(
      'InvalidCgroupResources',
    );
    expect(reasonOf(() => plan({ cpusetCpus: '0\n1' }, 'v2'))).toBe('InvalidCgroupResources');
    expect(reasonOf(() => plan({ hugepages: [{ pageSize: '../x', limitBytes: 1n }] }, 'v2'))).toBe(
      'InvalidCgroupResources',
    );
  });
});

/** A process that lives until it is killed, and its end. */
function startSleeper(): { readonly pid: number; readonly ended: Promise<unknown> } {
  const child = spawn('sh', ['-c', 'while :; do sleep 60 & wait; done'], { stdio: 'ignore' });
  return { pid: child.pid ?? -1, ended: once(child, 'exit') };
}

describe('cgroups of this machine', () => {
  let cgroups: Cgroups;
  let unified: Cgroups | null = null;
  const pod = absolutePath(`/cri-ts-test-${process.pid}`);
  const container = joinPath(pod, 'container');

  beforeAll(async () => {
    const layout: CgroupLayout = await detectCgroups();
    cgroups = new Cgroups(layout);
    const v2 = layout.hierarchies.filter((one) => one.version === 'v2');
    if (v2.length > 0) unified = new Cgroups({ version: 'v2', hierarchies: v2 });
  });
  afterEach(async () => {
    await cgroups.kill(pod, 9);
    await cgroups.remove(pod);
    expect(await cgroups.exists(pod)).toBe(false);
  });

  test('are found where they are mounted', async () => {
    const mounted = (await readMounts())
      .filter((mount) => mount.type === 'cgroup' || mount.type === 'cgroup2')
      .map((mount) => mount.target);
    expect(cgroups.layout.hierarchies.map((one) => one.mountPoint).toSorted()).toEqual(mounted.toSorted());
  });

  test('are made in every hierarchy, hold processes, and go with all below them', async () => {
    expect([
      await cgroups.create(container),
      await cgroups.create(container),
      await cgroups.exists(pod),
    ]).toEqual([true, false, true]);
    const { pid, ended } = startSleeper();
    await cgroups.place(container, pid);
    expect(await cgroups.pids(pod)).toContain(pid);
    expect(
      readFileSync(`/proc/${pid}/cgroup`, 'utf8')
        .split('\n')
        .filter((line) => line.endsWith(container)),
    ).toHaveLength(cgroups.layout.hierarchies.length);
    expect(await failure(cgroups.remove(container))).toBe('EBUSY');
    expect(await cgroups.kill(container, 9)).toEqual([]);
    await ended;
    await cgroups.remove(pod);
    await cgroups.remove(pod);
    expect([await cgroups.exists(container), await cgroups.pids(pod), await cgroups.kill(pod, 9)]).toEqual([
      false,
      [],
      [],
    ]);
  });

  test('take processes although somebody else has just made them, and nothing more', async () => {
    for (const { mountPoint } of cgroups.layout.hierarchies) mkdirSync(`${mountPoint}${pod}`);
    await cgroups.create(container);
    const { pid, ended } = startSleeper();
    await cgroups.place(container, pid);
    expect(await cgroups.pids(container)).toEqual([pid]);
    await cgroups.kill(pod, 9);
    await ended;
  });

  test('are killed although their processes fork all the time', async () => {
    await cgroups.create(container);
    const child = spawn(
      'sh',
      [
        '-c',
        'read go; f() { while :; do (sleep 0.01 & sleep 0.01; wait) & sleep 0.01; done; }; f & f & wait',
      ],
      { stdio: ['pipe', 'ignore', 'ignore'] },
    );
    const ended = once(child, 'exit');
    await cgroups.place(container, child.pid ?? -1);
    child.stdin.end('\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await cgroups.pids(container)).length).toBeGreaterThan(2);
    expect(await cgroups.kill(pod, 9)).toEqual([]);
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  test('are killed although they, or some below them, are frozen', async () => {
    const freezer = cgroups.layout.hierarchies.find((one) => one.controllers.includes('freezer'));
    await cgroups.create(container);
    const { pid, ended } = startSleeper();
    await cgroups.place(container, pid);
    const [file, word] = freezer === undefined ? ['cgroup.freeze', '1'] : ['freezer.state', 'FROZEN'];
    const mountPoint = (freezer ?? cgroups.layout.hierarchies[0])?.mountPoint;
    writeFileSync(`${mountPoint}${container}/${file}`, word);
    expect(await cgroups.kill(pod, 9)).toEqual([]);
    await ended;
  });

  test('pass on other signals', async () => {
    await cgroups.create(container);
    const child = spawn('sh', ['-c', 'trap "exit 5" TERM; echo up; while :; do sleep 0.05; done'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    await cgroups.place(container, child.pid ?? -1);
    const ended = once(child, 'exit');
    await cgroups.kill(container, 15);
    expect(await ended).toEqual([5, null]);
  });

  test('take limits and give figures', async () => {
    await cgroups.create(pod);
    await cgroups.applyResources(pod, {
      cpuShares: 512n,
      cpuQuotaUs: 20_000n,
      cpuPeriodUs: 50_000n,
      memoryLimitBytes: 64n << 20n,
      memorySwapBytes: 64n << 20n,
      pidsLimit: 50n,
      hugepages: [{ pageSize: '2MB', limitBytes: 0n }],
    });
    await cgroups.applyResources(pod, { memoryLimitBytes: 256n << 20n, memorySwapBytes: 512n << 20n });
    await cgroups.applyResources(pod, { memoryLimitBytes: 128n << 20n, memorySwapBytes: 128n << 20n });
    const child = spawn('sh', ['-c', 'read go; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; read end'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = once(child, 'exit');
    await cgroups.place(pod, child.pid ?? -1);
    child.stdin.write('\n');
    using meter = new CgroupMeter(cgroups.layout);
    for (let tries = 0; tries < 400 && (meter.read(pod)?.cpuUsageNs ?? 0n) === 0n; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const stats = meter.read(pod);
    expect(stats).toMatchObject({ memory: { limitBytes: 128n << 20n }, tasks: 1n });
    expect(meter.details(pod)).toMatchObject({
      cpu: { shares: 512n, quotaUs: 20_000n, periodUs: 50_000n },
      memory: { swapLimitBytes: 128n << 20n },
      tasksMax: 50n,
    });
    expect(meter.processes(pod)).toEqual([child.pid]);
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    const otherEnded = once(other, 'exit');
    await cgroups.place(pod, other.pid ?? -1);
    expect(meter.processes(pod)).toContain(other.pid);
    other.kill('SIGKILL');
    await otherEnded;
    expect((stats?.cpuUsageNs ?? 0n) > 0n).toBe(true);
    expect(await cgroups.oomKills(pod)).toBe(0n);
    child.stdin.end('\n');
    await ended;
    await cgroups.remove(pod);
    expect([meter.read(pod), await cgroups.oomKills(pod)]).toEqual([null, null]);
    expect(await failure(cgroups.applyResources(pod, { pidsLimit: 1n }))).toBe('ENOENT');
  });

  test('take limits all or nothing, and back', async () => {
    await cgroups.create(pod);
    const first = { cpuShares: 512n, memoryLimitBytes: 64n << 20n, memorySwapBytes: 64n << 20n };
    await cgroups.applyResources(pod, first);
    const before = await cgroups.readLimits(pod);
    const missing = { ...first, cpuShares: 99n, memoryLimitBytes: 32n << 20n, cpusetCpus: '4095' };
    expect(await failure(cgroups.applyResources(pod, missing))).not.toBeNull();
    expect(await cgroups.readLimits(pod)).toEqual(before);
    await cgroups.applyResources(pod, {
      cpuShares: 99n,
      memoryLimitBytes: 256n << 20n,
      memorySwapBytes: 512n << 20n,
      pidsLimit: 7n,
    });
    expect(await cgroups.readLimits(pod)).not.toEqual(before);
    expect((await cgroups.parentCpuset(pod)).cpus).toMatch(/^[0-9]/);
    await cgroups.restoreLimits(pod, before);
    expect(await cgroups.readLimits(pod)).toEqual(before);
  });

  test('count the processes that were killed for lack of memory', async () => {
    await cgroups.create(pod);
    await cgroups.applyResources(pod, { memoryLimitBytes: 16n << 20n, memorySwapBytes: 16n << 20n });
    const child = spawn('sh', ['-c', 'read go; head -c 200000000 /dev/zero | tail > /dev/null'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = once(child, 'exit');
    expect(await cgroups.oomKills(pod)).toBe(0n);
    await cgroups.place(pod, child.pid ?? -1);
    child.stdin.end('\n');
    expect(await ended).toEqual([137, null]);
    // The kernel may take a second one before the first has given its memory back.
    expect(await cgroups.oomKills(pod)).toBeGreaterThanOrEqual(1n);
  });

  test('of the machine itself are refused', async () => {
    const foreign = [
      '/',
      '/system.slice',
      '/system.slice/ssh.service',
      '/user.slice',
      '/kubepods',
      '/kubepods.slice',
      '/init.scope',
    ].map(absolutePath);
    for (const path of foreign) {
      expect([
        await failure(cgroups.remove(path)),
        await failure(cgroups.kill(path, 9)),
        await failure(cgroups.applyResources(path, {})),
      ]).toEqual(['ForeignCgroup', 'ForeignCgroup', 'ForeignCgroup']);
    }
    expect(await failure(cgroups.kill(absolutePath('/system.slice/cri-ts.service/monitors'), 0))).toBeNull();
  });

  test('that cannot be made in one hierarchy are made in none', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'no-cgroup-'));
    writeFileSync(join(broken, pod.slice(1)), '');
    const hierarchies = [
      ...cgroups.layout.hierarchies,
      { version: 'v1', mountPoint: absolutePath(broken), controllers: ['x'] },
    ] as const;
    expect(await failure(new Cgroups({ version: 'v1', hierarchies }).create(container))).toBe('ENOTDIR');
    expect(await cgroups.exists(pod)).toBe(false);
    rmSync(broken, { recursive: true });
  });

  test('of v2 are killed by cgroup.kill and removed', async () => {
    if (unified === null) return;
    await unified.create(container);
    const { pid, ended } = startSleeper();
    await unified.place(container, pid);
    const root = unified.layout.hierarchies[0]?.mountPoint ?? absolutePath('/');
    expect(existsSync(`${root}${container}/cgroup.kill`)).toBe(true);
    using meter = new CgroupMeter(unified.layout);
    expect(meter.read(container)).toMatchObject({ memory: null, psi: { cpu: { some: { avg10: 0 } } } });
    mkdirSync(`${root}${container}/deeper`);
    expect(await unified.kill(pod, 9)).toEqual([]);
    await ended;
    await unified.remove(pod);
    expect(existsSync(`${root}${pod}`)).toBe(false);
  });
});
