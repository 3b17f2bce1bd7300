/**
 * Resources: what the kernel's files say inside and outside, what happens at a limit, and that an update takes effect at
 * once, or not at all. Reference: cri.md 1.4 (LinuxContainerResources), 2.7 (in-place resize).
 */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { LinuxContainerResourcesInit } from '../../cri-api/runtime-v1.ts';
import { detectCgroups, hierarchyOf, type CgroupLayout } from '../../src/kernel/cgroups/cgroup-layout.ts';
import { joined, readLog, handlers } from '../harness/rig.ts';
import { cgroupDriver } from '../harness/machine.ts';
import { podConfig, shell, sleeper } from '../harness/requests.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig({
  extraConfig: '[limits]\ncontainer_pids = 40\n\n[runtimes.runc]\ncontainer_min_memory = "20MiB"\n',
});
const mib = 1024n * 1024n;

let layout: CgroupLayout;
beforeAll(async () => {
  layout = await detectCgroups();
});
const isV1 = (controller: string): boolean => hierarchyOf(layout, controller)?.version === 'v1';

type Running = { readonly id: string; readonly cgroup: string };

/** Runs a container and finds its cgroup. */
async function start(
  handler: string,
  resources: LinuxContainerResourcesInit,
  script?: string,
): Promise<Running> {
  const pod = await rig().runPod({ handler });
  const config = script === undefined ? sleeper() : shell(script);
  const id = await rig().run(pod, { ...config, linux: { ...config.linux, resources } });
  const { info } = await rig().call('ContainerStatus', { containerId: id, verbose: true });
  const told: unknown = JSON.parse(info['info'] ?? '{}');
  return { id, cgroup: String(Reflect.get(Object(told), 'cgroupPath')) };
}

async function read(cgroup: string, controller: string, file: string): Promise<string> {
  const mountPoint = hierarchyOf(layout, controller)?.mountPoint ?? '';
  return (await readFile(`${mountPoint}${cgroup}/${file}`, 'utf8')).trim();
}

/** The limits as the kernel has them, in the words of v1. */
async function limits({ cgroup }: Running): Promise<Record<string, string>> {
  const cpu = isV1('cpu')
    ? [await read(cgroup, 'cpu', 'cpu.cfs_quota_us'), await read(cgroup, 'cpu', 'cpu.cfs_period_us')].join(
        ' ',
      )
    : await read(cgroup, 'cpu', 'cpu.max');
  const memory = isV1('memory') ? 'memory.limit_in_bytes' : 'memory.max';
  return {
    cpu,
    shares: await read(cgroup, 'cpu', isV1('cpu') ? 'cpu.shares' : 'cpu.weight'),
    memory: await read(cgroup, 'memory', memory),
    cpus: await read(cgroup, 'cpuset', 'cpuset.cpus'),
    usable: await read(cgroup, 'cpuset', isV1('cpuset') ? 'cpuset.effective_cpus' : 'cpuset.cpus.effective'),
    pids: await read(cgroup, 'pids', 'pids.max'),
  };
}

const update = async ({ id }: Running, linux: LinuxContainerResourcesInit): Promise<unknown> =>
  await rig().call('UpdateContainerResources', { containerId: id, linux });
const told = async ({ id }: Running): Promise<LinuxContainerResourcesInit | null | undefined> =>
  (await rig().status(id)).resources?.linux;

describe.each(handlers)('a container with %s', (handler) => {
  test('has the limits that were asked for, in its cgroup and in its status', async () => {
    const wanted = {
      cpuShares: 512n,
      cpuQuota: 50_000n,
      cpuPeriod: 100_000n,
      memoryLimitInBytes: 64n * mib,
      cpusetCpus: '0',
      cpusetMems: '0',
      hugepageLimits: [{ pageSize: '2MB', limit: 0n }],
    };
    const running = await start(handler, wanted);
    expect(await limits(running)).toMatchObject({
      cpu: '50000 100000',
      memory: String(64n * mib),
      cpus: '0',
      pids: '40',
    });
    expect(await rig().sh(running.id, 'grep Cpus_allowed_list /proc/self/status | cut -f2')).toBe('0');
    // Swap is not named: none is allowed, so that the sum of both is the limit.
    const swap = { memorySwapLimitInBytes: 64n * mib };
    expect(await told(running)).toMatchObject({ ...wanted, ...swap, hugepageLimits: expect.anything() });
    if (isV1('memory'))
      expect(await read(running.cgroup, 'memory', 'memory.memsw.limit_in_bytes')).toBe(String(64n * mib));
  });

  test('has memory and swap limited as one sum, or not at all', async () => {
    const file = isV1('memory') ? 'memory.memsw.limit_in_bytes' : 'memory.swap.max';
    const swap = async (memorySwapLimitInBytes: bigint): Promise<string> => {
      const running = await start(handler, { memoryLimitInBytes: 64n * mib, memorySwapLimitInBytes });
      return await read(running.cgroup, 'memory', file);
    };
    // cgroup v2 limits swap by itself.
    expect(await swap(96n * mib)).toBe(String((isV1('memory') ? 96n : 32n) * mib));
    expect(await swap(-1n)).toMatch(/^(max|9223372036854771712)$/);
  });

  test('keeps its limit when it has more memory in use than it is to have', async () => {
    // v2 would not refuse: it kills. The kubelet looks before it asks.
    if (!isV1('memory')) return;
    const running = await start(handler, { memoryLimitInBytes: 96n * mib });
    await rig().sh(running.id, 'head -c 50000000 /dev/zero > /dev/shm/held');
    const before = await limits(running);
    await expect(update(running, { memoryLimitInBytes: 24n * mib, cpuShares: 77n })).rejects.toThrow(
      /UNKNOWN/,
    );
    expect(await limits(running)).toEqual(before);
    expect((await told(running))?.memoryLimitInBytes).toBe(96n * mib);
  });

  test('has huge pages and files of cgroup v2 limited where the kernel has them', async () => {
    if (layout.version !== 'v2') return;
    const unified = { 'memory.high': String(48n * mib), 'memory.oom.group': '1' };
    const hugepages = (count: bigint) => [{ pageSize: '2MB', limit: count * 2n * mib }];
    const running = await start(handler, {
      memoryLimitInBytes: 64n * mib,
      hugepageLimits: hugepages(2n),
      unified,
    });
    const files = async (): Promise<readonly string[]> => [
      await read(running.cgroup, 'memory', 'memory.high'),
      await read(running.cgroup, 'memory', 'memory.oom.group'),
      await read(running.cgroup, 'hugetlb', 'hugetlb.2MB.max'),
    ];
    expect(await files()).toEqual([String(48n * mib), '1', String(4n * mib)]);
    await update(running, { hugepageLimits: hugepages(3n), unified: { 'memory.high': String(32n * mib) } });
    expect(await files()).toEqual([String(32n * mib), '1', String(6n * mib)]);
    await expect(
      update(running, { memoryLimitInBytes: 80n * mib, unified: { 'memory.high': 'nonsense' } }),
    ).rejects.toThrow(/INVALID_ARGUMENT|UNKNOWN|INTERNAL/);
    expect(await files()).toEqual([String(32n * mib), '1', String(6n * mib)]);
    expect((await limits(running))['memory']).toBe(String(64n * mib));
  });

  test('cannot have more processes than the configuration allows', async () => {
    const running = await start(handler, {});
    const script = 'for i in $(seq 60); do sleep 5 & done 2>&1; true';
    const { stdout, stderr } = await rig().exec(running.id, ['sh', '-c', script]);
    expect(stdout + stderr).toMatch(/can't fork|Resource temporarily unavailable/);
  });

  test('feels an update at once: memory, CPU, CPUs, OOM score, seen from inside, too', async () => {
    const running = await start(handler, {
      memoryLimitInBytes: 64n * mib,
      cpuShares: 512n,
      oomScoreAdj: 100n,
    });
    await update(running, {
      memoryLimitInBytes: 128n * mib,
      cpuShares: 2048n,
      cpuQuota: 30_000n,
      cpuPeriod: 50_000n,
      cpusetCpus: '0',
      oomScoreAdj: 500n,
    });
    expect(await limits(running)).toMatchObject({
      cpu: '30000 50000',
      memory: String(128n * mib),
      cpus: '0',
    });
    expect(await rig().sh(running.id, 'cat /proc/1/oom_score_adj')).toBe('500');
    expect(await told(running)).toMatchObject({
      memoryLimitInBytes: 128n * mib,
      memorySwapLimitInBytes: 128n * mib,
      cpuShares: 2048n,
      cpuQuota: 30_000n,
      oomScoreAdj: 500n,
    });
    // Down again, and without a CPU limit.
    await update(running, { memoryLimitInBytes: 32n * mib, cpuQuota: -1n });
    expect(await limits(running)).toMatchObject({ memory: String(32n * mib) });
    expect((await limits(running))['cpu']).toMatch(/^(-1|max) 50000$/);
  });

  test('is changed before its start, too, and keeps its limits over a restart of the daemon', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().create(pod, sleeper());
    await rig().call('UpdateContainerResources', {
      containerId: id,
      linux: { memoryLimitInBytes: 48n * mib },
    });
    await rig().call('StartContainer', { containerId: id });
    await rig().server.restart();
    expect((await rig().status(id)).resources?.linux?.memoryLimitInBytes).toBe(48n * mib);
    const { info } = await rig().call('ContainerStatus', { containerId: id, verbose: true });
    const { cgroupPath } = JSON.parse(info['info'] ?? '{}') as { cgroupPath: string };
    expect((await limits({ id, cgroup: cgroupPath }))['memory']).toBe(String(48n * mib));
  });

  test('keeps everything when a part of an update fails', async () => {
    const running = await start(handler, {
      memoryLimitInBytes: 64n * mib,
      cpuShares: 512n,
      oomScoreAdj: 100n,
    });
    const before = await limits(running);
    const status = await told(running);
    // CPU 4000 does not exist; the kernel says so after other files have been written.
    await expect(
      update(running, {
        cpuShares: 99n,
        cpuQuota: 20_000n,
        memoryLimitInBytes: 96n * mib,
        cpusetCpus: '4000',
        oomScoreAdj: 700n,
      }),
    ).rejects.toThrow(/UNKNOWN/);
    // systemd, told to take its CPUs back, names them all where none were named.
    const cpus = cgroupDriver === 'systemd' ? { cpus: expect.any(String) } : {};
    expect(await limits(running)).toEqual({ ...before, ...cpus });
    expect(await told(running)).toEqual(status);
    expect(await rig().sh(running.id, 'cat /proc/1/oom_score_adj')).toBe('100');
  });

  test('that would need more than it may have is refused with the number, made or changed', async () => {
    const min = handler === 'crun' ? 512_000n : 20n * mib;
    await expect(start(handler, { memoryLimitInBytes: min - 1n })).rejects.toThrow(
      `INVALID_ARGUMENT: memory_limit_in_bytes ${min - 1n}: the runtime needs at least ${min} bytes`,
    );
    const running = await start(handler, { memoryLimitInBytes: 64n * mib });
    await expect(update(running, { memoryLimitInBytes: min - 1n })).rejects.toThrow(`${min}`);
    await expect(
      update(running, { memoryLimitInBytes: 40n * mib, memorySwapLimitInBytes: 30n * mib }),
    ).rejects.toThrow(/INVALID_ARGUMENT/);
    expect((await limits(running))['memory']).toBe(String(64n * mib));
  });

  test('starts with the least memory that is not refused', async () => {
    const min = handler === 'crun' ? 512_000n : 20n * mib;
    const pod = await rig().runPod({ handler });
    const config = shell('echo started');
    const id = await rig().run(pod, {
      ...config,
      linux: { ...config.linux, resources: { memoryLimitInBytes: min } },
    });
    const { logPath } = await rig().exited(id);
    // A shell may need more than that; what counts is that the runtime brought it to its start.
    if (handler === 'runc') expect(joined(await readLog(logPath))).toBe('started\n');
  });
});

test('files of cgroup v2 and limits of an exited container are refused', async () => {
  const running = await start('crun', {});
  if (layout.version !== 'v2')
    await expect(update(running, { unified: { 'memory.high': '1000000' } })).rejects.toThrow(
      /INVALID_ARGUMENT.*cgroup v1/,
    );
  await expect(update(running, { unified: { 'cgroup.kill': '1' } })).rejects.toThrow(/INVALID_ARGUMENT/);
  await rig().call('StopContainer', { containerId: running.id, timeout: 0n });
  await expect(update(running, { cpuShares: 5n })).rejects.toThrow(/FAILED_PRECONDITION/);
});

describe('the cgroup of a pod', () => {
  const overhead = { cpuShares: 50n, cpuQuota: 10_000n, memoryLimitInBytes: 32n * mib };
  const resources = {
    cpuShares: 1000n,
    cpuPeriod: 100_000n,
    cpuQuota: 40_000n,
    memoryLimitInBytes: 128n * mib,
  };
  const run = async (cgroupParent: string): Promise<{ readonly id: string; readonly cgroup: string }> => {
    const { id } = await rig().runPod({
      config: podConfig({ linux: { cgroupParent, overhead, resources } }),
    });
    return { id, cgroup: String(Reflect.get(Object(await info(id)), 'cgroupParent')) };
  };
  const info = async (podSandboxId: string): Promise<unknown> =>
    JSON.parse((await rig().call('PodSandboxStatus', { podSandboxId, verbose: true })).info['info'] ?? '{}');

  // With systemd there is none of ours: such pods are in system.slice.
  if (cgroupDriver === 'systemd')
    process.stderr.write('the limits of a cgroup of ours are not tried with systemd: there is none\n');
  const ownTest = cgroupDriver === 'systemd' ? test.skip : test;

  ownTest(
    'that is ours has the limits of the pod with its overhead, and what an update makes of them',
    async () => {
      const pod = await run('');
      expect(await limits(pod)).toMatchObject({ memory: String(160n * mib), cpu: '50000 100000' });
      await rig().call('UpdatePodSandboxResources', {
        podSandboxId: pod.id,
        resources: { ...resources, memoryLimitInBytes: 256n * mib, cpuQuota: -1n },
      });
      expect(await limits(pod)).toMatchObject({ memory: String(288n * mib) });
      expect((await limits(pod))['cpu']).toMatch(/^(-1|max) 100000$/);
      expect(await info(pod.id)).toMatchObject({
        overhead: { memory_limit_in_bytes: Number(32n * mib) },
        resources: { memory_limit_in_bytes: Number(256n * mib), cpu_quota: -1 },
      });
    },
  );

  ownTest('that is ours keeps its limits and its record when the kernel refuses a part', async () => {
    const pod = await run('');
    const before = [await limits(pod), await info(pod.id)];
    const period = hierarchyOf(layout, 'cpu')?.mountPoint;
    // A child whose quota is larger than what its pod is to have: v1 refuses the pod's.
    const child = await rig().create(
      { id: pod.id, config: podConfig(), logDir: '' },
      {
        ...sleeper(),
        linux: { resources: { cpuQuota: 45_000n, cpuPeriod: 100_000n } },
      },
    );
    expect(child).not.toBe('');
    if (isV1('cpu')) {
      const smaller = { ...resources, cpuShares: 7n, cpuQuota: 1000n };
      await expect(
        rig().call('UpdatePodSandboxResources', { podSandboxId: pod.id, resources: smaller }),
      ).rejects.toThrow(/UNKNOWN/);
      expect([await limits(pod), await info(pod.id)]).toEqual(before);
    }
    expect(period).toBeDefined();
  });

  test('that the kubelet named is left to it, and the update recorded', async () => {
    const parent = rig().machine.cgroupParent;
    const pod = await run(parent);
    await rig().call('UpdatePodSandboxResources', {
      podSandboxId: pod.id,
      resources: { memoryLimitInBytes: 1n << 30n },
    });
    expect(await info(pod.id)).toMatchObject({
      resources: { memory_limit_in_bytes: 1024 ** 3 },
      overhead: { cpu_shares: 50 },
    });
    await rig().run({ id: pod.id, config: podConfig(), logDir: '' }, sleeper());
    const { memory } = await limits({ id: '', cgroup: parent });
    expect(memory).not.toBe(String(1n << 30n));
  });

  test('of a pod that is stopped is not changed', async () => {
    const { id } = await rig().runPod();
    await rig().call('StopPodSandbox', { podSandboxId: id });
    await expect(
      rig().call('UpdatePodSandboxResources', { podSandboxId: id, resources: {} }),
    ).rejects.toThrow(/FAILED_PRECONDITION/);
    await expect(rig().call('UpdatePodSandboxResources', { podSandboxId: 'f'.repeat(64) })).rejects.toThrow(
      /NOT_FOUND/,
    );
  });
});
