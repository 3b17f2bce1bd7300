/**
 * PodSandboxStats: the figures of one ready pod: of its cgroup, of its network and of its running containers.
 * Source: CRI PodSandboxStatsRequest.
 */
import type {
  PodSandboxStatsInit,
  PodSandboxStatsRequest,
  PodSandboxStatsResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { failedPrecondition } from '../base/errors.ts';
import { statsOfContainer } from '../containers/container-stats.ts';
import { isRunning } from '../containers/list-container-stats.ts';
import type { Services } from '../services.ts';
import { describePod } from '../stats/describe.ts';
import type { Stats } from '../stats/stats.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import type { PodRecord } from '../store/pod-record.ts';

/** @throws UnknownPod; NotReady when it has been stopped */
export async function podSandboxStats(
  services: Pick<Services, 'store' | 'stats'>,
  request: PodSandboxStatsRequest,
): Promise<PodSandboxStatsResponseInit> {
  const pod = services.store.pod(request.podSandboxId);
  const stats = await statsOfPod(services.stats, pod, services.store.containersOf(pod.id));
  if (stats === null) throw failedPrecondition('NotReady', `stats of pod "${pod.id}": it has been stopped`);
  return { stats };
}

/** Null: it is not ready. */
export async function statsOfPod(
  stats: Stats,
  pod: PodRecord,
  containers: readonly ContainerRecord[],
): Promise<PodSandboxStatsInit | null> {
  const sample = await stats.pod(pod);
  if (sample === null) return null;
  const { id, config } = pod;
  const { metadata, labels, annotations } = config;
  const running = containers.filter(isRunning);
  return {
    attributes: { id, metadata, labels, annotations },
    linux: {
      ...describePod(sample),
      containers: running.flatMap((record) => statsOfContainer(stats, record) ?? []),
    },
  };
}
