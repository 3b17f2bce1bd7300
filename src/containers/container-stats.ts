/**
 * ContainerStats and ListContainerStats: read from the containers' cgroup files when asked; a container that ends
 * meanwhile is left out of the list. Source: CRI ContainerStats.
 */
import type {
  ContainerStatsInit,
  ContainerStatsRequest,
  ContainerStatsResponseInit,
  ListContainerStatsRequest,
  ListContainerStatsResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { failedPrecondition } from '../base/errors.ts';
import { nowNs } from '../base/time.ts';
import type { CgroupStats } from '../kernel/cgroup-stats.ts';
import type { Services } from '../services.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { findContainers } from './list-containers.ts';

type StatsServices = Pick<Services, 'store' | 'cgroups'>;

/** @throws UnknownContainer; NotRunning when it has no cgroup any more */
export async function containerStats(
  services: StatsServices,
  request: ContainerStatsRequest,
): Promise<ContainerStatsResponseInit> {
  const record = services.store.container(request.containerId);
  const stats = await statsOf(services, record);
  if (stats === null)
    throw failedPrecondition('NotRunning', `stats of container "${record.id}": it has exited`);
  return { stats };
}

export async function listContainerStats(
  services: StatsServices,
  request: ListContainerStatsRequest,
): Promise<ListContainerStatsResponseInit> {
  const living = findContainers(services, request.filter).filter(
    (record) => record.exit === null && record.startedAtNs > 0n,
  );
  const stats = await Promise.all(living.map(async (record) => await statsOf(services, record)));
  return { stats: stats.filter((each) => each !== null) };
}

async function statsOf(services: StatsServices, record: ContainerRecord): Promise<ContainerStatsInit | null> {
  const { id, config, cgroupPath } = record;
  const stats = record.exit === null ? await services.cgroups.readStats(cgroupPath) : null;
  if (stats === null) return null;
  const { metadata, labels, annotations } = config;
  return { attributes: { id, metadata, labels, annotations }, ...describe(stats, nowNs()) };
}

function describe(
  stats: CgroupStats,
  timestamp: bigint,
): Pick<ContainerStatsInit, 'cpu' | 'memory' | 'swap'> {
  const { memoryLimitBytes, workingSetBytes } = stats;
  const availableBytes =
    memoryLimitBytes === null ? null : { value: positive(memoryLimitBytes - workingSetBytes) };
  return {
    cpu: { timestamp, usageCoreNanoSeconds: { value: stats.cpuUsageNs } },
    memory: {
      timestamp,
      workingSetBytes: { value: workingSetBytes },
      availableBytes,
      usageBytes: { value: stats.memoryUsageBytes },
      rssBytes: { value: stats.rssBytes },
      pageFaults: { value: stats.pageFaults },
      majorPageFaults: { value: stats.majorPageFaults },
    },
    swap:
      stats.swapUsageBytes === null ? null : { timestamp, swapUsageBytes: { value: stats.swapUsageBytes } },
  };
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
