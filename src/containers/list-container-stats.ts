/**
 * ListContainerStats: the figures of the running containers that a filter means; one that ends meanwhile is left out.
 * Source: CRI ListContainerStatsRequest.
 */
import type {
  ContainerStatsFilter,
  ContainerStatsInit,
  ListContainerStatsRequest,
  ListContainerStatsResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { collect } from '../base/batches.ts';
import type { Services } from '../services.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { statsOfContainer } from './container-stats.ts';
import { findContainers } from './list-containers.ts';

export async function listContainerStats(
  services: Pick<Services, 'store' | 'stats'>,
  request: ListContainerStatsRequest,
): Promise<ListContainerStatsResponseInit> {
  return { stats: await collect(statsOfRunning(services, request.filter)) };
}

/** Each is sampled when it is taken. */
export function statsOfRunning(
  services: Pick<Services, 'store' | 'stats'>,
  filter: ContainerStatsFilter | null,
): AsyncGenerator<ContainerStatsInit> {
  const running = findContainers(services, filter).filter(isRunning);
  return services.stats.each(running, (record) => statsOfContainer(services.stats, record));
}

export function isRunning({ exit, startedAtNs }: ContainerRecord): boolean {
  return exit === null && startedAtNs > 0n;
}
