/**
 * StreamPodSandboxStats: ListPodSandboxStats in parts, each sampled when its turn comes.
 * Source: CRI StreamPodSandboxStatsRequest; KEP-5825.
 */
import {
  PodSandboxStats,
  type StreamPodSandboxStatsRequest,
  type StreamPodSandboxStatsResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { inBatches } from '../base/batches.ts';
import type { Services } from '../services.ts';
import { statsOfReady } from './list-pod-sandbox-stats.ts';

export async function* streamPodSandboxStats(
  services: Pick<Services, 'store' | 'stats'>,
  request: StreamPodSandboxStatsRequest,
): AsyncGenerator<StreamPodSandboxStatsResponseInit> {
  const items = statsOfReady(services, request.filter);
  for await (const podSandboxStats of inBatches(items, (item) => PodSandboxStats.encode(item).length)) {
    yield { podSandboxStats };
  }
}
