/**
 * Statistics: containers do something, and the figures move by what they did. Reference: cri.md 4.14, 2.6; features.md 1.5,
 * pains 4 and 12.
 */
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import type {
  ContainerStats,
  LinuxPodSandboxStats,
  NetworkInterfaceUsage,
  PodSandboxStats,
} from '../../cri-api/runtime-v1.ts';
import { crictlIn, describeWith, findCrictl, type CrictlRun } from '../harness/crictl.ts';
import { hostNetworkPod, podConfig, shell, sleeper } from '../harness/requests.ts';
import { handlers, type Pod } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually, settle } from '../harness/wait.ts';

const rig = useRig();
const mebibyte = 1024n * 1024n;

async function statsOf(containerId: string): Promise<ContainerStats> {
  const { stats } = await rig().call('ContainerStats', { containerId });
  if (stats === null) throw new Error('ContainerStats answered no stats');
  return stats;
}

async function podStatsOf(podSandboxId: string): Promise<LinuxPodSandboxStats> {
  const { stats } = await rig().call('PodSandboxStats', { podSandboxId });
  if (stats?.linux == null) throw new Error('PodSandboxStats answered no stats');
  return stats.linux;
}

/** A pod with a cgroup of its own, as the kubelet makes one for each. */
async function ownPod(handler: string): Promise<Pod> {
  return await rig().runPod({ handler, config: podConfig({ linux: { cgroupParent: '' } }) });
}

const valueOf = (field: { readonly value: bigint } | null | undefined): bigint => field?.value ?? -1n;

describe.each(handlers)('a container of %s', (handler) => {
  test('that works uses CPU, and its nano cores say how much of one', async () => {
    const pod = await ownPod(handler);
    const id = await rig().run(pod, shell('while :; do :; done'));
    const first = await statsOf(id);
    expect(first.cpu?.usageNanoCores).toBeNull();
    const later = await settle(
      () => statsOf(id),
      ({ cpu }) =>
        valueOf(cpu?.usageCoreNanoSeconds) > valueOf(first.cpu?.usageCoreNanoSeconds) + 400_000_000n,
    );
    const usedNs = valueOf(later.cpu?.usageCoreNanoSeconds) - valueOf(first.cpu?.usageCoreNanoSeconds);
    const elapsedNs = (later.cpu?.timestamp ?? 0n) - (first.cpu?.timestamp ?? 0n);
    expect(usedNs).toBeGreaterThan(400_000_000n);
    // One process cannot use more than one CPU.
    expect(usedNs).toBeLessThan((elapsedNs * 11n) / 10n);
    expect(valueOf(later.cpu?.usageNanoCores)).toBeGreaterThan(50_000_000n);
    expect(valueOf(later.cpu?.usageNanoCores)).toBeLessThan(1_100_000_000n);
    const ofPod = await podStatsOf(pod.id);
    expect(valueOf(ofPod.cpu?.usageCoreNanoSeconds)).toBeGreaterThanOrEqual(usedNs);
    expect(ofPod.containers.map(({ attributes }) => attributes?.id)).toEqual([id]);
  });

  test('that holds memory is seen to, and what is left of its limit', async () => {
    const limit = 128n * mebibyte;
    const resources = { memoryLimitInBytes: limit };
    // busybox keeps the line in memory while it waits for its end.
    const script = '{ head -c 33554432 /dev/zero | tr "\\0" x; sleep 1000; } | sed -n "\\$p"';
    // A limit above, like that of all pods of a kubelet together, is not the container's.
    const above = `/sys/fs/cgroup/memory${rig().machine.cgroupParent}/memory.limit_in_bytes`;
    await rig().machine.run('sh', '-c', `[ ! -e ${above} ] || echo 16G > ${above}`);
    const pod = await ownPod(handler);
    const idle = await rig().run(pod, sleeper());
    const id = await rig().run(pod, shell(script, { linux: { resources } }));
    const isGrown = ({ memory }: ContainerStats): boolean => valueOf(memory?.rssBytes) > 32n * mebibyte;
    const { memory } = await settle(() => statsOf(id), isGrown);
    expect(valueOf(memory?.rssBytes)).toBeGreaterThan(32n * mebibyte);
    expect(valueOf(memory?.usageBytes)).toBeGreaterThanOrEqual(valueOf(memory?.workingSetBytes));
    expect(valueOf(memory?.availableBytes)).toBe(limit - valueOf(memory?.workingSetBytes));
    expect(valueOf(memory?.pageFaults)).toBeGreaterThan(8000n);
    expect(valueOf(memory?.majorPageFaults)).toBeGreaterThanOrEqual(0n);
    const other = await statsOf(idle);
    expect(other.memory?.availableBytes).toBeNull();
    expect(valueOf(other.memory?.rssBytes)).toBeLessThan(16n * mebibyte);
    const ofPod = await podStatsOf(pod.id);
    expect(valueOf(ofPod.memory?.rssBytes)).toBeGreaterThan(32n * mebibyte);
  });

  test('that forks is counted in the processes of its pod', async () => {
    const pod = await ownPod(handler);
    const id = await rig().run(pod, sleeper());
    const count = async (): Promise<bigint> => valueOf((await podStatsOf(pod.id)).process?.processCount);
    // The shell, and what it waits for.
    const before = await settle(count, (found) => found === 2n);
    await rig().sh(id, 'for i in 1 2 3 4 5 6 7; do setsid sleep 1000 </dev/null >/dev/null 2>&1 & done');
    expect([before, await settle(count, (found) => found === 9n)]).toEqual([2n, 9n]);
  });
});

describe('the writable layer', () => {
  test('grows by what the container writes', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, sleeper());
    const measured = ({ writableLayer }: ContainerStats): boolean => writableLayer !== null;
    const before = (await settle(() => statsOf(id), measured)).writableLayer;
    await rig().sh(id, 'mkdir /data; head -c 8388608 /dev/urandom >/data/file; touch /data/1 /data/2; sync');
    const isNewer = ({ writableLayer }: ContainerStats): boolean =>
      valueOf(writableLayer?.inodesUsed) > valueOf(before?.inodesUsed);
    const after = (await settle(() => statsOf(id), isNewer, { timeoutMs: 30_000, everyMs: 500 }))
      .writableLayer;
    const grown = valueOf(after?.usedBytes) - valueOf(before?.usedBytes);
    expect(grown).toBeGreaterThanOrEqual(8n * mebibyte);
    expect(grown).toBeLessThan(9n * mebibyte);
    expect(valueOf(after?.inodesUsed) - valueOf(before?.inodesUsed)).toBe(4n);
    expect(after?.timestamp).toBeGreaterThan(before?.timestamp ?? 0n);
    const mountpoint = rig().machine.outside(after?.fsId?.mountpoint ?? '');
    expect(await readdir(mountpoint)).toContain(id);
  });
});

describe('the network of a pod', () => {
  const eth0 = (network: LinuxPodSandboxStats['network']): NetworkInterfaceUsage | null =>
    network?.defaultInterface ?? null;

  test('is counted on every interface, also before there is a container', async () => {
    const pod = await rig().runPod();
    const before = (await podStatsOf(pod.id)).network;
    expect([eth0(before)?.name, before?.interfaces.map(({ name }) => name)]).toEqual(['eth0', ['lo']]);
    // A thousand datagrams that nobody takes: the kernel of the pod counts them all the same.
    const send = `
      const socket = require('node:dgram').createSocket('udp4');
      let left = 1000;
      const next = () => (left-- > 0 ? socket.send(Buffer.alloc(1000), 9, process.argv[1], next) : socket.close());
      socket.on('error', () => undefined);
      next();`;
    const { network } = await rig().podStatus(pod.id);
    await rig().machine.run(process.execPath, '-e', send, network?.ip ?? '');
    const received = async (): Promise<bigint> =>
      valueOf(eth0((await podStatsOf(pod.id)).network)?.rxBytes) - valueOf(eth0(before)?.rxBytes);
    const bytes = await settle(received, (count) => count > 1_000_000n);
    expect(bytes).toBeGreaterThan(1_000_000n);
    expect(bytes).toBeLessThan(1_200_000n);
    // With a container it is the same network.
    await rig().run(pod, sleeper());
    const after = (await podStatsOf(pod.id)).network;
    expect(valueOf(eth0(after)?.rxBytes)).toBeGreaterThanOrEqual(bytes);
    expect(valueOf(eth0(after)?.txBytes)).toBeGreaterThan(0n);
    expect([eth0(after)?.txErrors, eth0(after)?.rxErrors]).toEqual([{ value: 0n }, { value: 0n }]);
  });

  test('is the host’s when the pod has none of its own', async () => {
    const pod = await rig().runPod({ config: hostNetworkPod() });
    const { network } = await podStatsOf(pod.id);
    const { defaultInterface, interfaces = [] } = network ?? {};
    const names = [String(defaultInterface?.name), ...interfaces.map(({ name }) => name)];
    const { stdout } = await rig().machine.run('cat', '/proc/net/dev');
    const known = [...stdout.toString('utf8').matchAll(/^ *(\S+):/gm)].map(([, name]) => String(name));
    expect(names.toSorted()).toEqual(known.toSorted());
    expect(network?.defaultInterface?.name).not.toBe('lo');
  });
});

describe('which are shown', () => {
  const idsOf = (stats: readonly ContainerStats[]): readonly string[] =>
    stats.map(({ attributes }) => attributes?.id ?? '').toSorted();
  const podIdsOf = (stats: readonly PodSandboxStats[]): readonly string[] =>
    stats.map(({ attributes }) => attributes?.id ?? '').toSorted();

  test('running containers and ready pods, by id, pod and labels, as lists and as streams', async () => {
    const one = await rig().runPod({
      config: podConfig({ labels: { app: 'one' }, annotations: { a: 'b' } }),
    });
    const two = await rig().runPod({ config: podConfig({ labels: { app: 'two' } }) });
    const stopped = await rig().runPod();
    await rig().call('StopPodSandbox', { podSandboxId: stopped.id });
    const first = await rig().run(one, sleeper({ labels: { tier: 'x' } }));
    const second = await rig().run(two, sleeper({ labels: { tier: 'y' } }));
    const created = await rig().create(two, sleeper());
    const exited = await rig().run(two, shell('true'));
    await rig().exited(exited);

    const filters = [
      [null, [first, second]],
      [{ id: first.slice(0, 13) }, [first]],
      [{ id: created }, []],
      [{ podSandboxId: two.id }, [second]],
      [{ labelSelector: { tier: 'y' } }, [second]],
      [{ podSandboxId: one.id, labelSelector: { tier: 'y' } }, []],
      [{ id: 'none' }, []],
    ] as const;
    for (const [filter, expected] of filters) {
      const { stats } = await rig().call('ListContainerStats', { filter });
      const streamed: ContainerStats[] = [];
      for await (const part of rig().client.stream('StreamContainerStats', { filter }))
        streamed.push(...part.containerStats);
      const wanted = [...expected].map(String).toSorted();
      expect([idsOf(stats), idsOf(streamed)]).toEqual([wanted, wanted]);
    }
    const podFilters = [
      [null, [one.id, two.id]],
      [{ id: one.id.slice(0, 13) }, [one.id]],
      [{ id: stopped.id }, []],
      [{ labelSelector: { app: 'two' } }, [two.id]],
    ] as const;
    for (const [filter, expected] of podFilters) {
      const { stats } = await rig().call('ListPodSandboxStats', { filter });
      const streamed: PodSandboxStats[] = [];
      for await (const part of rig().client.stream('StreamPodSandboxStats', { filter }))
        streamed.push(...part.podSandboxStats);
      const wanted = [...expected].map(String).toSorted();
      expect([podIdsOf(stats), podIdsOf(streamed)]).toEqual([wanted, wanted]);
    }
    const { stats: podStats } = await rig().call('PodSandboxStats', { podSandboxId: one.id });
    expect(podStats?.attributes).toMatchObject({
      metadata: one.config.metadata,
      labels: { app: 'one' },
      annotations: { a: 'b' },
    });
    expect((await statsOf(created)).attributes?.id).toBe(created);
    await expect(statsOf(exited)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    await expect(podStatsOf(stopped.id)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    await expect(statsOf('f'.repeat(64))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a pod without containers, with all that a pod has', async () => {
    const pod = await ownPod('crun');
    const { cpu, memory, process, network, containers } = await podStatsOf(pod.id);
    for (const part of [cpu, memory, process, network])
      expect(part?.timestamp).toBeGreaterThan(1_600_000_000_000_000_000n);
    expect(containers).toEqual([]);
  });
});

describe('samples', () => {
  test('are shared by those who ask together, and have times that grow', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, shell('while :; do :; done'));
    const times: bigint[] = [];
    await eventually('a first rate', async () => (await statsOf(id)).cpu?.usageNanoCores != null);
    for (let round = 0; round < 5; round += 1) {
      const together = await Promise.all(Array.from({ length: 20 }, async () => await statsOf(id)));
      const taken = together.map(({ cpu }) => cpu?.timestamp ?? 0n);
      // All of a burst come within a tenth of a second, on a loaded machine within a few.
      expect(new Set(taken).size).toBeLessThanOrEqual(5);
      times.push(...taken);
      const last = times.at(-1) ?? 0n;
      await eventually('the next sample', async () => (await statsOf(id)).cpu?.timestamp !== last);
    }
    expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  test('need no monitor', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, sleeper());
    const monitors = await monitorPids();
    expect(monitors.length).toBeGreaterThan(0);
    try {
      for (const pid of monitors) process.kill(pid, 'SIGSTOP');
      const first = await statsOf(id);
      await eventually('figures go on', async () => {
        const next = await statsOf(id);
        return (next.cpu?.timestamp ?? 0n) > (first.cpu?.timestamp ?? 0n) && next.memory !== null;
      });
      expect((await rig().call('ListPodSandboxStats', {})).stats.length).toBe(1);
    } finally {
      for (const pid of monitors) process.kill(pid, 'SIGCONT');
    }
  });

  test('leave no descriptor when containers and pods are gone', async () => {
    const look = async (): Promise<number> => {
      await rig().call('ListPodSandboxStats', {});
      return (await readdir(`/proc/${rig().server.pid}/fd`)).length;
    };
    const before = await settle(look, () => false, { timeoutMs: 1000 });
    const pods = await Promise.all([1, 2, 3, 4].map(async () => await rig().runPod()));
    await Promise.all(pods.map(async (pod) => await rig().run(pod, sleeper())));
    expect(await look()).toBeGreaterThan(before + 12);
    await rig().removeEverything();
    expect(await settle(look, (count) => count <= before + 4)).toBeLessThanOrEqual(before + 4);
  });

  async function monitorPids(): Promise<readonly number[]> {
    return (await rig().machine.members())
      .filter(({ argv }) => argv.some((word) => word.includes('conmon-ts')))
      .map(({ pid }) => pid);
  }
});

describe('a daemon that starts again', () => {
  test('has the figures of what ran on', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, shell('while :; do :; done'));
    const before = await statsOf(id);
    await rig().server.kill9();
    await rig().server.start();
    const after = await statsOf(id);
    expect(valueOf(after.cpu?.usageCoreNanoSeconds)).toBeGreaterThan(
      valueOf(before.cpu?.usageCoreNanoSeconds),
    );
    expect(after.cpu?.timestamp).toBeGreaterThan(before.cpu?.timestamp ?? 0n);
    expect((await podStatsOf(pod.id)).network?.defaultInterface?.name).toBe('eth0');
  });
});

const crictl = await findCrictl();
describeWith(crictl)('crictl', () => {
  let run: CrictlRun;

  test('shows figures as a person reads them', async () => {
    run = crictlIn(rig().machine, crictl.path ?? '', rig().server.socketPath);
    const pod = await rig().runPod();
    const id = await rig().run(pod, shell('while :; do :; done', { metadata: { name: 'busy' } }));
    const table = (await run('stats', '-s', '1', id)).split('\n');
    expect(table[0]).toMatch(/CONTAINER +NAME +CPU % +MEM +DISK +INODES/);
    const [, name, cpu] = /^\S+ +(\S+) +([\d.]+) /.exec(table[1] ?? '') ?? [];
    expect(name).toBe('busy');
    expect(Number(cpu)).toBeGreaterThan(5);
    expect(Number(cpu)).toBeLessThan(110);
    const pods = await run('statsp', '-s', '1', pod.id);
    expect(pods).toContain(pod.config.metadata?.name ?? '');
  });
});
