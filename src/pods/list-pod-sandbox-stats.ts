/**
 * ListPodSandboxStats: the figures of the ready pods that a filter means. Source: CRI ListPodSandboxStatsRequest.
 */
import type {
  ListPodSandboxStatsRequest,
  ListPodSandboxStatsResponseInit,
  PodSandboxStatsFilter,
  PodSandboxStatsInit,
} from '../../cri-api/runtime-v1.ts';
import { collect } from '../base/batches.ts';
import type { Services } from '../services.ts';
import type { PodRecord } from '../store/pod-record.ts';
import { findPods } from './list-pod-sandbox.ts';
import { statsOfPod } from './pod-sandbox-stats.ts';

export async function listPodSandboxStats(
  services: Pick<Services, 'store' | 'stats'>,
  request: ListPodSandboxStatsRequest,
): Promise<ListPodSandboxStatsResponseInit> {
  return { stats: await collect(statsOfReady(services, request.filter)) };
}

/** Each is sampled when it is taken. */
export async function* statsOfReady(
  services: Pick<Services, 'store' | 'stats'>,
  filter: PodSandboxStatsFilter | null,
): AsyncGenerator<PodSandboxStatsInit> {
  const { stats, store } = services;
  const pods = readyPods(services, filter);
  await stats.prepare(pods);
  const containers = Map.groupBy(store.containers.all(), ({ podId }) => podId);
  yield* stats.each(pods, async (pod) => await statsOfPod(stats, pod, containers.get(pod.id) ?? []));
}

export function readyPods(
  services: Pick<Services, 'store'>,
  filter: PodSandboxStatsFilter | null,
): readonly PodRecord[] {
  const wanted = filter === null ? null : { ...filter, state: null };
  return findPods(services, wanted).filter(({ state }) => state === 'ready');
}
