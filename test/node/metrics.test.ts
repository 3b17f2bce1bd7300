/**
 * Metrics as the kubelet reads them for /metrics/cadvisor. Reference: cri.md 2.6 and 3.5, PodSandbox 5 and 6; KEP-2371.
 */
import { describe, expect, test } from '@jest/globals';
import type { Metric, PodSandboxMetrics } from '../../cri-api/runtime-v1.ts';
import { crictlIn, describeWith, findCrictl } from '../harness/crictl.ts';
import { podConfig, shell, sleeper } from '../harness/requests.ts';
import { handlers } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';
import { settle } from '../harness/wait.ts';

const rig = useRig();

const nothing: PodSandboxMetrics = { podSandboxId: '', metrics: [], containerMetrics: [] };

async function metricsOf(podId: string): Promise<PodSandboxMetrics> {
  const { podMetrics } = await rig().call('ListPodSandboxMetrics', {});
  return podMetrics.find(({ podSandboxId }) => podSandboxId === podId) ?? nothing;
}

function ofContainers({ containerMetrics }: PodSandboxMetrics): readonly Metric[] {
  return containerMetrics.flatMap(({ metrics }) => metrics);
}

function containerValue(metrics: PodSandboxMetrics, name: string): bigint {
  return valuesOf(ofContainers(metrics)).get(name) ?? 0n;
}

function valuesOf(metrics: readonly Metric[]): ReadonlyMap<string, bigint> {
  return new Map(metrics.map(({ name, value }) => [name, value?.value ?? -1n]));
}

/** Only where the kernel has them. */
const optional = /hugetlb|pressure|blkio|fs_(?:reads|writes)/;

describe.each(handlers)('metrics of a container of %s', (handler) => {
  test('are there for every descriptor, with its labels, and say what the container does', async () => {
    const { descriptors } = await rig().call('ListMetricDescriptors', {});
    const keys = new Map(descriptors.map(({ name, labelKeys }) => [name, labelKeys]));
    const pod = await rig().runPod({ handler, config: podConfig({ metadata: { name: 'measured' } }) });
    const resources = {
      cpuPeriod: 100_000n,
      cpuQuota: 20_000n,
      cpuShares: 512n,
      memoryLimitInBytes: 64n * 1024n * 1024n,
      memorySwapLimitInBytes: 64n * 1024n * 1024n,
    };
    const script = 'for i in 1 2 3; do sleep 1000 & done; while :; do :; done';
    const config = shell(script, { metadata: { name: 'busy' }, linux: { resources } });
    const id = await rig().run(pod, config);
    const found = await settle(
      () => metricsOf(pod.id),
      (metrics) => containerValue(metrics, 'container_cpu_cfs_throttled_seconds_total') >= 1n,
      { timeoutMs: 30_000, everyMs: 250 },
    );
    const all = [...found.metrics, ...ofContainers(found)];
    for (const { name, labelValues } of all)
      expect([name, labelValues.length]).toEqual([name, keys.get(name)?.length]);
    const names = new Set(all.map(({ name }) => name));
    expect(descriptors.filter(({ name }) => !optional.test(name) && !names.has(name))).toEqual([]);

    const values = valuesOf(all);
    expect(Object.fromEntries(values)).toMatchObject({
      container_spec_cpu_period: 100_000n,
      container_spec_cpu_quota: 20_000n,
      container_spec_cpu_shares: 512n,
      container_spec_memory_limit_bytes: 64n * 1024n * 1024n,
      container_processes: 4n,
      container_threads: 4n,
      container_oom_events_total: 0n,
    });
    const above = [
      'cpu_cfs_periods_total',
      'cpu_cfs_throttled_periods_total',
      'memory_usage_bytes',
      'file_descriptors',
    ];
    for (const name of above)
      expect([name, containerValue(found, `container_${name}`) > 0n]).toEqual([name, true]);
    const { startedAt } = await rig().status(id);
    expect(values.get('container_start_time_seconds')).toBe(startedAt / 1_000_000_000n);
    const base = [id, 'test', 'measured', 'busy'];
    const [containerId, , ...others] = ofContainers(found)[0]?.labelValues ?? [];
    expect([containerId, ...others]).toEqual(base);
    expect(found.metrics[0]?.labelValues).toEqual([pod.id, '', 'test', 'measured', 'POD', 'eth0']);
    const streamed: PodSandboxMetrics[] = [];
    for await (const part of rig().client.stream('StreamPodSandboxMetrics', {}))
      streamed.push(...part.podSandboxMetrics);
    expect(streamed.map(({ podSandboxId }) => podSandboxId)).toEqual([pod.id]);
  });

  test('count processes that were killed for lack of memory', async () => {
    const pod = await rig().runPod({ handler });
    const resources = {
      memoryLimitInBytes: 32n * 1024n * 1024n,
      memorySwapLimitInBytes: 32n * 1024n * 1024n,
    };
    // The shell goes on after the kernel has killed what it started.
    const script = 'tail /dev/zero; tail /dev/zero; sleep 1000';
    await rig().run(pod, shell(script, { linux: { resources } }));
    const kills = async (): Promise<bigint> =>
      containerValue(await metricsOf(pod.id), 'container_oom_events_total');
    expect(await settle(kills, (count) => count >= 2n)).toBeGreaterThanOrEqual(2n);
  });
});

describe('metrics', () => {
  test('are told of ready pods and running containers only', async () => {
    const ready = await rig().runPod();
    const stopped = await rig().runPod();
    await rig().call('StopPodSandbox', { podSandboxId: stopped.id });
    const running = await rig().run(ready, sleeper());
    await rig().create(ready, sleeper());
    const { podMetrics } = await rig().call('ListPodSandboxMetrics', {});
    expect(podMetrics.map(({ podSandboxId }) => podSandboxId)).toEqual([ready.id]);
    expect(podMetrics[0]?.containerMetrics.map(({ containerId }) => containerId)).toEqual([running]);
  });
});

const crictl = await findCrictl();
describeWith(crictl)('crictl', () => {
  test('shows metrics and their descriptors', async () => {
    const run = crictlIn(rig().machine, crictl.path ?? '', rig().server.socketPath);
    const pod = await rig().runPod();
    await rig().run(pod, sleeper());
    const descriptors = await run('metricdescs');
    expect(descriptors).toContain('"container_memory_working_set_bytes"');
    const metrics = await run('metricsp');
    expect(metrics).toContain(pod.id);
    expect(metrics).toContain('"container_network_receive_bytes_total"');
  });
});
