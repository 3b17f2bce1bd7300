/**
 * ContainerStats: the figures of one container that lives. Source: CRI ContainerStatsRequest.
 */
import type {
  ContainerStatsInit,
  ContainerStatsRequest,
  ContainerStatsResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { failedPrecondition } from '../base/errors.ts';
import type { Services } from '../services.ts';
import { describeContainer } from '../stats/describe.ts';
import type { Stats } from '../stats/stats.ts';
import type { ContainerRecord } from '../store/container-record.ts';

/** @throws UnknownContainer; NotRunning when it has exited */
export async function containerStats(
  services: Pick<Services, 'store' | 'stats'>,
  request: ContainerStatsRequest,
): Promise<ContainerStatsResponseInit> {
  const record = services.store.container(request.containerId);
  const stats = statsOfContainer(services.stats, record);
  if (stats === null)
    throw failedPrecondition('NotRunning', `stats of container "${record.id}": it has exited`);
  return { stats };
}

/** Null: it has exited. */
export function statsOfContainer(stats: Stats, record: ContainerRecord): ContainerStatsInit | null {
  const sample = stats.container(record);
  if (sample === null) return null;
  const { writableLayers } = stats;
  const writable = { usage: writableLayers.usage(record.id), mountpoint: writableLayers.path };
  return describeContainer(record, sample, writable);
}
