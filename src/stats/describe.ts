/**
 * Samples in the words of the CRI. Pure. Source: CRI CpuUsage, MemoryUsage, SwapUsage, IoUsage, PsiStats, NetworkUsage.
 */
import type {
  ContainerStatsInit,
  CpuUsageInit,
  FilesystemUsageInit,
  IoUsageInit,
  MemoryUsageInit,
  NetworkInterfaceUsageInit,
  NetworkUsageInit,
  ProcessUsageInit,
  PsiDataInit,
  PsiStatsInit,
  SwapUsageInit,
} from '../../cri-api/runtime-v1.ts';
import { atLeastZero, type Psi, type PsiLine } from '../kernel/figures/cgroup-figures.ts';
import type { CgroupStats } from '../kernel/figures/cgroup-meter.ts';
import type { InterfaceCounters } from '../kernel/figures/net-dev.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import type { WritableUsage } from '../images/usage/writable-layers.ts';
import type { ContainerSample, PodSample } from './stats.ts';
import { ratePerSecond } from './tracks.ts';

export type Writable = { readonly usage: WritableUsage | null; readonly mountpoint: string };

export function describeContainer(
  record: ContainerRecord,
  sample: ContainerSample,
  writable: Writable,
): ContainerStatsInit {
  const { id, config } = record;
  const { metadata, labels, annotations } = config;
  const { value, takenAtNs } = sample;
  return {
    attributes: { id, metadata, labels, annotations },
    cpu: describeCpu(value, takenAtNs, ratePerSecond(sample, cpuUsage)),
    memory: describeMemory(value, takenAtNs),
    writableLayer: describeWritable(writable),
    swap: describeSwap(value, takenAtNs),
    io: describeIo(value, takenAtNs),
  };
}

const cpuUsage = (value: CgroupStats): bigint => value.cpuUsageNs;

/** Without the network and the containers, which come from elsewhere. */
export function describePod(sample: PodSample): {
  readonly cpu: CpuUsageInit;
  readonly memory: MemoryUsageInit | null;
  readonly process: ProcessUsageInit;
  readonly io: IoUsageInit | null;
  readonly network: NetworkUsageInit | null;
} {
  const { value, takenAtNs } = sample;
  const { cgroup, interfaces } = value;
  const rate = ratePerSecond(sample, (each) => each.cgroup.cpuUsageNs);
  return {
    cpu: describeCpu(cgroup, takenAtNs, rate),
    memory: describeMemory(cgroup, takenAtNs),
    process: { timestamp: takenAtNs, processCount: { value: cgroup.tasks } },
    io: describeIo(cgroup, takenAtNs),
    network: interfaces === null ? null : describeNetwork(interfaces, takenAtNs),
  };
}

function describeCpu(stats: CgroupStats, timestamp: bigint, rate: bigint | null): CpuUsageInit {
  return {
    timestamp,
    usageCoreNanoSeconds: { value: stats.cpuUsageNs },
    usageNanoCores: rate === null ? null : { value: rate },
    psi: describePsi(stats.psi?.cpu ?? null),
  };
}

function describeMemory({ memory, psi }: CgroupStats, timestamp: bigint): MemoryUsageInit | null {
  if (memory === null) return null;
  const { limitBytes, workingSetBytes } = memory;
  return {
    timestamp,
    workingSetBytes: { value: workingSetBytes },
    availableBytes: limitBytes === null ? null : { value: atLeastZero(limitBytes - workingSetBytes) },
    usageBytes: { value: memory.usageBytes },
    rssBytes: { value: memory.rssBytes },
    pageFaults: { value: memory.pageFaults },
    majorPageFaults: { value: memory.majorPageFaults },
    psi: describePsi(psi?.memory ?? null),
  };
}

function describeSwap({ memory }: CgroupStats, timestamp: bigint): SwapUsageInit | null {
  const usage = memory?.swapUsageBytes ?? null;
  if (memory === null || usage === null) return null;
  const limit = memory.swapLimitBytes;
  return {
    timestamp,
    swapAvailableBytes: limit === null ? null : { value: atLeastZero(limit - usage) },
    swapUsageBytes: { value: usage },
  };
}

function describeIo({ psi }: CgroupStats, timestamp: bigint): IoUsageInit | null {
  const io = psi?.io ?? null;
  return io === null ? null : { timestamp, psi: describePsi(io) };
}

function describePsi(psi: Psi | null): PsiStatsInit | null {
  if (psi === null) return null;
  return { some: describePsiLine(psi.some), full: psi.full === null ? null : describePsiLine(psi.full) };
}

function describePsiLine({ avg10, avg60, avg300, totalUs }: PsiLine): PsiDataInit {
  return { total: totalUs * 1000n, avg10, avg60, avg300 };
}

function describeWritable({ usage, mountpoint }: Writable): FilesystemUsageInit | null {
  if (usage === null) return null;
  return {
    timestamp: usage.takenAtNs,
    fsId: { mountpoint },
    usedBytes: { value: usage.usedBytes },
    inodesUsed: { value: usage.inodes },
  };
}

/** The name that pods' first interface has by convention, and ours gives it. */
const podInterface = 'eth0';

function describeNetwork(interfaces: readonly InterfaceCounters[], timestamp: bigint): NetworkUsageInit {
  const first =
    interfaces.find(({ name }) => name === podInterface) ?? interfaces.find(({ name }) => name !== 'lo');
  return {
    timestamp,
    defaultInterface: first === undefined ? null : describeInterface(first),
    interfaces: interfaces.filter((each) => each !== first).map(describeInterface),
  };
}

function describeInterface(counters: InterfaceCounters): NetworkInterfaceUsageInit {
  const { name, rxBytes, rxErrors, txBytes, txErrors } = counters;
  return {
    name,
    rxBytes: { value: rxBytes },
    rxErrors: { value: rxErrors },
    txBytes: { value: txBytes },
    txErrors: { value: txErrors },
  };
}
