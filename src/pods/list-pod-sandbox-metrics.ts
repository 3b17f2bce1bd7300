/**
 * ListPodSandboxMetrics: what the kubelet shows as /metrics/cadvisor, from the samples that statistics use: the network for each
 * ready pod, everything else for each running container. Source: CRI ListPodSandboxMetricsRequest; KEP-2371.
 */
import type {
  ContainerMetricsInit,
  ListPodSandboxMetricsRequest,
  ListPodSandboxMetricsResponseInit,
  PodSandboxMetricsInit,
} from '../../cri-api/runtime-v1.ts';
import { collect } from '../base/batches.ts';
import { isRunning } from '../containers/list-container-stats.ts';
import type { Services } from '../services.ts';
import { containerReadings } from '../stats/metrics/container-readings.ts';
import { containerLabels, describeReadings, podLabels } from '../stats/metrics/describe-metrics.ts';
import { podReadings } from '../stats/metrics/pod-readings.ts';
import type { Stats } from '../stats/stats.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import type { PodRecord } from '../store/pod-record.ts';
import { readyPods } from './list-pod-sandbox-stats.ts';

export async function listPodSandboxMetrics(
  services: Pick<Services, 'store' | 'stats'>,
  _request: ListPodSandboxMetricsRequest,
): Promise<ListPodSandboxMetricsResponseInit> {
  return { podMetrics: await collect(metricsOfReady(services)) };
}

/** Each is sampled when it is taken. */
export async function* metricsOfReady(
  services: Pick<Services, 'store' | 'stats'>,
): AsyncGenerator<PodSandboxMetricsInit> {
  const { stats, store } = services;
  const pods = readyPods(services, null);
  await stats.prepare(pods);
  const containers = Map.groupBy(store.containers.all(), ({ podId }) => podId);
  yield* stats.each(pods, async (pod) => await metricsOfPod(stats, pod, containers.get(pod.id) ?? []));
}

async function metricsOfPod(
  stats: Stats,
  pod: PodRecord,
  containers: readonly ContainerRecord[],
): Promise<PodSandboxMetricsInit | null> {
  const sample = await stats.pod(pod);
  if (sample === null) return null;
  const readings = podReadings(sample.value.interfaces ?? []);
  return {
    podSandboxId: pod.id,
    metrics: describeReadings(readings, podLabels(pod), sample.takenAtNs),
    containerMetrics: containers
      .filter(isRunning)
      .flatMap((record) => metricsOfContainer(stats, pod, record) ?? []),
  };
}

/** Null: it has exited meanwhile. */
function metricsOfContainer(
  stats: Stats,
  pod: PodRecord,
  record: ContainerRecord,
): ContainerMetricsInit | null {
  const sample = stats.container(record);
  const details = stats.containerDetails(record);
  if (sample === null || details === null) return null;
  const { value, takenAtNs } = sample;
  const readings = containerReadings({
    stats: value,
    takenAtNs,
    details: details.cgroup,
    processes: details.processes,
    writable: stats.writableLayers.usage(record.id),
    disk: stats.writableLayers.disk,
    startedAtNs: record.startedAtNs,
  });
  return {
    containerId: record.id,
    metrics: describeReadings(readings, containerLabels(pod, record), takenAtNs),
  };
}
