/**
 * StreamContainerStats: ListContainerStats in parts, each sampled when its turn comes.
 * Source: CRI StreamContainerStatsRequest; KEP-5825.
 */
import {
  ContainerStats,
  type StreamContainerStatsRequest,
  type StreamContainerStatsResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { inBatches } from '../base/batches.ts';
import type { Services } from '../services.ts';
import { statsOfRunning } from './list-container-stats.ts';

export async function* streamContainerStats(
  services: Pick<Services, 'store' | 'stats'>,
  request: StreamContainerStatsRequest,
): AsyncGenerator<StreamContainerStatsResponseInit> {
  const items = statsOfRunning(services, request.filter);
  for await (const containerStats of inBatches(items, (item) => ContainerStats.encode(item).length)) {
    yield { containerStats };
  }
}
