/**
 * StreamPodSandboxMetrics: ListPodSandboxMetrics in parts, each pod sampled when its turn comes.
 * Source: CRI StreamPodSandboxMetricsRequest; KEP-5825.
 */
import {
  PodSandboxMetrics,
  type StreamPodSandboxMetricsRequest,
  type StreamPodSandboxMetricsResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { inBatches } from '../base/batches.ts';
import type { Services } from '../services.ts';
import { metricsOfReady } from './list-pod-sandbox-metrics.ts';

export async function* streamPodSandboxMetrics(
  services: Pick<Services, 'store' | 'stats'>,
  _request: StreamPodSandboxMetricsRequest,
): AsyncGenerator<StreamPodSandboxMetricsResponseInit> {
  const items = metricsOfReady(services);
  for await (const podSandboxMetrics of inBatches(items, (item) => PodSandboxMetrics.encode(item).length)) {
    yield { podSandboxMetrics };
  }
}
