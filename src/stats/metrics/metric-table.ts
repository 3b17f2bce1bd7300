/**
 * Every metric of containers and pods that there is: its kind, the labels beyond those that all have, and what it means.
 * Names and labels are those that the kubelet's cAdvisor and CRI-O give, so that dashboards go on working. Pure.
 * Source: CRI ListMetricDescriptors; KEP-2371.
 */

export type MetricKind = 'counter' | 'gauge';

type Entry = {
  readonly kind: MetricKind;
  readonly help: string;
  readonly labels: readonly string[];
};

function counter(help: string, ...labels: readonly string[]): Entry {
  return { kind: 'counter', help, labels };
}

function gauge(help: string, ...labels: readonly string[]): Entry {
  return { kind: 'gauge', help, labels };
}

/** What all metrics are labelled with, first. */
export const baseLabels = ['id', 'image', 'namespace', 'pod', 'container'] as const;

const cpu = {
  container_cpu_usage_seconds_total: counter('CPU time used, in seconds', 'cpu'),
  container_cpu_user_seconds_total: counter('CPU time used in user mode, in seconds'),
  container_cpu_system_seconds_total: counter('CPU time used in the kernel, in seconds'),
  container_cpu_cfs_periods_total: counter('Periods in which the CPU limit was enforced'),
  container_cpu_cfs_throttled_periods_total: counter('Periods in which the CPU limit was reached'),
  container_cpu_cfs_throttled_seconds_total: counter(
    'Time spent waiting because of the CPU limit, in seconds',
  ),
};

const memory = {
  container_memory_usage_bytes: gauge('Memory used, file cache included'),
  container_memory_working_set_bytes: gauge('Memory used without file cache that was not used lately'),
  container_memory_rss: gauge('Anonymous memory, in bytes'),
  container_memory_cache: gauge('File cache, in bytes'),
  container_memory_swap: gauge('Swap used, in bytes'),
  container_memory_mapped_file: gauge('Files mapped into memory, in bytes'),
  container_memory_kernel_usage: gauge('Memory that the kernel holds for the container, in bytes'),
  container_memory_max_usage_bytes: gauge('The most memory used so far'),
  container_memory_failcnt: counter('How often the memory limit was reached'),
  container_memory_failures_total: counter('Page faults', 'failure_type', 'scope'),
};

const disk = {
  container_fs_usage_bytes: gauge('What the container has written into its root file system'),
  container_fs_limit_bytes: gauge('Size of the file system that holds writable layers'),
  container_fs_inodes_total: gauge('Inodes of the file system that holds writable layers'),
  container_fs_inodes_free: gauge('Free inodes of the file system that holds writable layers'),
  container_fs_reads_total: counter('Reads from a device', 'device'),
  container_fs_reads_bytes_total: counter('Bytes read from a device', 'device'),
  container_fs_writes_total: counter('Writes to a device', 'device'),
  container_fs_writes_bytes_total: counter('Bytes written to a device', 'device'),
  container_blkio_device_usage_total: counter(
    'Bytes moved from and to a device',
    'device',
    'major',
    'minor',
    'operation',
  ),
};

const hugepages = {
  container_hugetlb_usage_bytes: gauge('Huge pages used, in bytes', 'pagesize'),
  container_hugetlb_max_usage_bytes: gauge('The most huge pages used so far, in bytes', 'pagesize'),
};

const network = {
  container_network_receive_bytes_total: counter('Bytes received', 'interface'),
  container_network_receive_packets_total: counter('Packets received', 'interface'),
  container_network_receive_packets_dropped_total: counter('Packets dropped while receiving', 'interface'),
  container_network_receive_errors_total: counter('Errors while receiving', 'interface'),
  container_network_transmit_bytes_total: counter('Bytes sent', 'interface'),
  container_network_transmit_packets_total: counter('Packets sent', 'interface'),
  container_network_transmit_packets_dropped_total: counter('Packets dropped while sending', 'interface'),
  container_network_transmit_errors_total: counter('Errors while sending', 'interface'),
};

const processes = {
  container_processes: gauge('Processes'),
  container_threads: gauge('Threads, those of processes included'),
  container_threads_max: gauge('Most threads allowed; 0: unlimited'),
  container_file_descriptors: gauge('Open file descriptors'),
  container_sockets: gauge('Open sockets'),
  container_ulimits_soft: gauge('Soft limits of the first process', 'ulimit'),
};

const limits = {
  container_spec_cpu_period: gauge('Period of the CPU limit, in microseconds'),
  container_spec_cpu_quota: gauge('CPU time allowed in each period, in microseconds'),
  container_spec_cpu_shares: gauge('Share of the CPU, 2 to 262144'),
  container_spec_memory_limit_bytes: gauge('Memory limit; 0: unlimited'),
  container_spec_memory_reservation_limit_bytes: gauge('Memory that is kept for the container; 0: none'),
  container_spec_memory_swap_limit_bytes: gauge('Limit of memory and swap together; 0: unlimited'),
};

const life = {
  container_start_time_seconds: gauge('When the container was started, in seconds since 1970'),
  container_last_seen: gauge('When the container was last seen, in seconds since 1970'),
  container_oom_events_total: counter('Processes killed for lack of memory'),
};

const pressure = {
  container_pressure_cpu_waiting_seconds_total: counter('Time in which some waited for the CPU, in seconds'),
  container_pressure_cpu_stalled_seconds_total: counter('Time in which all waited for the CPU, in seconds'),
  container_pressure_memory_waiting_seconds_total: counter(
    'Time in which some waited for memory, in seconds',
  ),
  container_pressure_memory_stalled_seconds_total: counter('Time in which all waited for memory, in seconds'),
  container_pressure_io_waiting_seconds_total: counter('Time in which some waited for a device, in seconds'),
  container_pressure_io_stalled_seconds_total: counter('Time in which all waited for a device, in seconds'),
};

export const metricTable = {
  ...cpu,
  ...memory,
  ...disk,
  ...hugepages,
  ...network,
  ...processes,
  ...limits,
  ...life,
  ...pressure,
};

export type MetricName = keyof typeof metricTable;

/** A value of a metric, with the labels that only this metric has. */
export type Reading = {
  readonly name: MetricName;
  readonly value: bigint;
  readonly labels?: readonly string[];
};
