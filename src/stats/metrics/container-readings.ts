/**
 * The readings of one container, from its sample and its details. Pure. What this machine cannot tell is left out (pressure
 * on cgroup v1, devices that were not used); metrics in seconds are whole numbers, since the CRI has no others.
 */
import type { CgroupDetails, HugepageFigures, IoFigures } from '../../kernel/figures/cgroup-details.ts';
import type { Psi } from '../../kernel/figures/cgroup-figures.ts';
import type { CgroupStats } from '../../kernel/figures/cgroup-meter.ts';
import type { ProcessFigures } from '../../kernel/figures/process-figures.ts';
import type { DiskFigures } from '../../images/usage/usage-protocol.ts';
import type { WritableUsage } from '../../images/usage/writable-layers.ts';
import type { MetricName, Reading } from './metric-table.ts';

export type ContainerMeasures = {
  readonly stats: CgroupStats;
  readonly details: CgroupDetails;
  readonly processes: ProcessFigures;
  /** Null: not measured yet. */
  readonly writable: WritableUsage | null;
  readonly disk: DiskFigures | null;
  readonly startedAtNs: bigint;
  readonly takenAtNs: bigint;
};

const nsPerSecond = 1_000_000_000n;
const usPerSecond = 1_000_000n;

export function containerReadings(measures: ContainerMeasures): readonly Reading[] {
  const { stats, details, processes, startedAtNs, takenAtNs } = measures;
  return [
    { name: 'container_last_seen', value: takenAtNs / nsPerSecond },
    { name: 'container_start_time_seconds', value: startedAtNs / nsPerSecond },
    { name: 'container_oom_events_total', value: details.memory.oomKills },
    ...cpuReadings(stats, details.cpu),
    ...memoryReadings(stats, details.memory),
    ...diskReadings(measures),
    ...details.io.flatMap(deviceReadings),
    ...details.hugepages.flatMap(hugepageReadings),
    ...processReadings(stats, details, processes),
    ...limitReadings(stats, details),
    ...pressureReadings(stats.psi),
  ];
}

function cpuReadings(stats: CgroupStats, cpu: CgroupDetails['cpu']): readonly Reading[] {
  return [
    { name: 'container_cpu_usage_seconds_total', value: stats.cpuUsageNs / nsPerSecond, labels: ['total'] },
    { name: 'container_cpu_user_seconds_total', value: cpu.userNs / nsPerSecond },
    { name: 'container_cpu_system_seconds_total', value: cpu.systemNs / nsPerSecond },
    { name: 'container_cpu_cfs_periods_total', value: cpu.periods },
    { name: 'container_cpu_cfs_throttled_periods_total', value: cpu.throttledPeriods },
    { name: 'container_cpu_cfs_throttled_seconds_total', value: cpu.throttledNs / nsPerSecond },
  ];
}

function memoryReadings({ memory }: CgroupStats, details: CgroupDetails['memory']): readonly Reading[] {
  if (memory === null) return [];
  const faults = (kind: string, value: bigint): readonly Reading[] =>
    ['container', 'hierarchy'].map((scope) => ({
      name: 'container_memory_failures_total',
      value,
      labels: [kind, scope],
    }));
  return [
    { name: 'container_memory_usage_bytes', value: memory.usageBytes },
    { name: 'container_memory_working_set_bytes', value: memory.workingSetBytes },
    { name: 'container_memory_rss', value: memory.rssBytes },
    { name: 'container_memory_cache', value: memory.cacheBytes },
    { name: 'container_memory_swap', value: memory.swapUsageBytes ?? 0n },
    { name: 'container_memory_mapped_file', value: memory.mappedFileBytes },
    { name: 'container_memory_kernel_usage', value: details.kernelBytes },
    { name: 'container_memory_max_usage_bytes', value: details.maxUsageBytes },
    { name: 'container_memory_failcnt', value: details.failures },
    ...faults('pgfault', memory.pageFaults),
    ...faults('pgmajfault', memory.majorPageFaults),
  ];
}

/** Before the first measurement, which is moments away, nothing is known to be written. */
function diskReadings({ writable, disk }: ContainerMeasures): readonly Reading[] {
  return [
    { name: 'container_fs_usage_bytes', value: writable?.usedBytes ?? 0n },
    { name: 'container_fs_limit_bytes', value: disk?.limitBytes ?? 0n },
    { name: 'container_fs_inodes_total', value: disk?.inodes ?? 0n },
    { name: 'container_fs_inodes_free', value: disk?.inodesFree ?? 0n },
  ];
}

function deviceReadings(io: IoFigures): readonly Reading[] {
  const device = `${io.major}:${io.minor}`;
  const usage = (operation: string, value: bigint): Reading => ({
    name: 'container_blkio_device_usage_total',
    value,
    labels: [device, io.major, io.minor, operation],
  });
  return [
    { name: 'container_fs_reads_total', value: io.reads, labels: [device] },
    { name: 'container_fs_reads_bytes_total', value: io.readBytes, labels: [device] },
    { name: 'container_fs_writes_total', value: io.writes, labels: [device] },
    { name: 'container_fs_writes_bytes_total', value: io.writeBytes, labels: [device] },
    usage('read', io.readBytes),
    usage('write', io.writeBytes),
  ];
}

function hugepageReadings({ pageSize, usageBytes, maxUsageBytes }: HugepageFigures): readonly Reading[] {
  const usage: Reading = { name: 'container_hugetlb_usage_bytes', value: usageBytes, labels: [pageSize] };
  if (maxUsageBytes === null) return [usage];
  return [usage, { name: 'container_hugetlb_max_usage_bytes', value: maxUsageBytes, labels: [pageSize] }];
}

function processReadings(
  stats: CgroupStats,
  { tasksMax }: CgroupDetails,
  figures: ProcessFigures,
): readonly Reading[] {
  const { processes, fileDescriptors, sockets, maxOpenFiles } = figures;
  const own: readonly Reading[] = [
    { name: 'container_processes', value: BigInt(processes) },
    { name: 'container_threads', value: stats.tasks },
    { name: 'container_threads_max', value: tasksMax ?? 0n },
    { name: 'container_file_descriptors', value: BigInt(fileDescriptors) },
    { name: 'container_sockets', value: BigInt(sockets) },
  ];
  if (maxOpenFiles === null) return own;
  return [...own, { name: 'container_ulimits_soft', value: maxOpenFiles, labels: ['max_open_files'] }];
}

function limitReadings(stats: CgroupStats, { cpu, memory }: CgroupDetails): readonly Reading[] {
  const quota: readonly Reading[] =
    cpu.quotaUs === null ? [] : [{ name: 'container_spec_cpu_quota', value: cpu.quotaUs }];
  return [
    ...quota,
    { name: 'container_spec_cpu_period', value: cpu.periodUs },
    { name: 'container_spec_cpu_shares', value: cpu.shares },
    { name: 'container_spec_memory_limit_bytes', value: stats.memory?.limitBytes ?? 0n },
    { name: 'container_spec_memory_reservation_limit_bytes', value: memory.reservationBytes ?? 0n },
    { name: 'container_spec_memory_swap_limit_bytes', value: memory.swapLimitBytes ?? 0n },
  ];
}

const pressureNames = {
  cpu: {
    some: 'container_pressure_cpu_waiting_seconds_total',
    full: 'container_pressure_cpu_stalled_seconds_total',
  },
  memory: {
    some: 'container_pressure_memory_waiting_seconds_total',
    full: 'container_pressure_memory_stalled_seconds_total',
  },
  io: {
    some: 'container_pressure_io_waiting_seconds_total',
    full: 'container_pressure_io_stalled_seconds_total',
  },
} as const satisfies Record<string, Record<'some' | 'full', MetricName>>;

function pressureReadings(psi: CgroupStats['psi']): readonly Reading[] {
  if (psi === null) return [];
  return (['cpu', 'memory', 'io'] as const).flatMap((resource) =>
    linesOf(psi[resource]).map(({ kind, totalUs }) => ({
      name: pressureNames[resource][kind],
      value: totalUs / usPerSecond,
    })),
  );
}

function linesOf(psi: Psi | null): readonly { readonly kind: 'some' | 'full'; readonly totalUs: bigint }[] {
  if (psi === null) return [];
  const some = { kind: 'some', totalUs: psi.some.totalUs } as const;
  return psi.full === null ? [some] : [some, { kind: 'full', totalUs: psi.full.totalUs }];
}
