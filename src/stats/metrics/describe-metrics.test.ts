import { describe, expect, test } from '@jest/globals';
import { containerRecord, podRecord } from '../../store/test-records.ts';
import { type ContainerMeasures, containerReadings } from './container-readings.ts';
import { containerLabels, describeReadings, metricDescriptors, podLabels } from './describe-metrics.ts';
import { podReadings } from './pod-readings.ts';

/** Those that critest of Kubernetes 1.36 asks for, and the optional ones. */
const wanted = `
cpu_cfs_periods_total cpu_cfs_throttled_periods_total cpu_cfs_throttled_seconds_total cpu_system_seconds_total
cpu_usage_seconds_total cpu_user_seconds_total file_descriptors fs_inodes_free fs_inodes_total fs_limit_bytes fs_usage_bytes
last_seen memory_cache memory_failcnt memory_failures_total memory_kernel_usage memory_mapped_file memory_max_usage_bytes
memory_rss memory_swap memory_usage_bytes memory_working_set_bytes network_receive_bytes_total network_receive_errors_total
network_receive_packets_dropped_total network_receive_packets_total network_transmit_bytes_total
network_transmit_errors_total network_transmit_packets_dropped_total network_transmit_packets_total oom_events_total
processes sockets spec_cpu_period spec_cpu_shares spec_memory_limit_bytes spec_memory_swap_limit_bytes start_time_seconds
threads threads_max blkio_device_usage_total fs_reads_bytes_total fs_reads_total fs_writes_bytes_total fs_writes_total
hugetlb_usage_bytes hugetlb_max_usage_bytes pressure_cpu_waiting_seconds_total pressure_cpu_stalled_seconds_total
pressure_memory_waiting_seconds_total pressure_memory_stalled_seconds_total pressure_io_waiting_seconds_total
pressure_io_stalled_seconds_total spec_cpu_quota spec_memory_reservation_limit_bytes ulimits_soft`
  .trim()
  .split(/\s+/)
  .map((name) => `container_${name}`);

const psiLine = { avg10: 1, avg60: 0, avg300: 0, totalUs: 7_500_000n };
const psi = { some: psiLine, full: psiLine };

/** A container of which everything is known. */
const measures: ContainerMeasures = {
  stats: {
    cpuUsageNs: 5_999_999_999n,
    memory: {
      usageBytes: 100n,
      workingSetBytes: 90n,
      rssBytes: 80n,
      cacheBytes: 20n,
      mappedFileBytes: 10n,
      pageFaults: 5n,
      majorPageFaults: 1n,
      swapUsageBytes: 3n,
      swapLimitBytes: 4n,
      limitBytes: 1000n,
    },
    tasks: 12n,
    psi: { cpu: psi, memory: psi, io: psi },
  },
  details: {
    cpu: {
      userNs: 4_000_000_000n,
      systemNs: 1_500_000_000n,
      periods: 10n,
      throttledPeriods: 2n,
      throttledNs: 3_000_000_000n,
      shares: 512n,
      periodUs: 100_000n,
      quotaUs: 50_000n,
    },
    memory: {
      kernelBytes: 6n,
      maxUsageBytes: 110n,
      failures: 9n,
      oomKills: 2n,
      reservationBytes: 50n,
      swapLimitBytes: 1004n,
    },
    tasksMax: null,
    hugepages: [{ pageSize: '2MB', usageBytes: 1n, maxUsageBytes: 2n }],
    io: [{ major: '8', minor: '0', readBytes: 1n, writeBytes: 2n, reads: 3n, writes: 4n }],
  },
  processes: { processes: 3, fileDescriptors: 20, sockets: 4, maxOpenFiles: 1024n },
  writable: {
    usedBytes: 4096n,
    inodes: 2n,
    takenAtNs: 1n,
  },
  disk: { limitBytes: 1_000_000n, inodes: 500n, inodesFree: 400n },
  startedAtNs: 1_700_000_000_500_000_000n,
  takenAtNs: 1_700_000_060_900_000_000n,
};

const counters = {
  name: 'eth0',
  rxBytes: 1n,
  rxPackets: 2n,
  rxErrors: 3n,
  rxDropped: 4n,
  txBytes: 5n,
  txPackets: 6n,
  txErrors: 7n,
  txDropped: 8n,
};

describe('the descriptors', () => {
  test('are the 56 that are wanted, each with help and keys that begin alike', () => {
    expect(metricDescriptors.map(({ name }) => name ?? '').toSorted()).toEqual(wanted.toSorted());
    for (const { help, labelKeys = [] } of metricDescriptors) {
      expect(help).not.toBe('');
      expect(labelKeys.slice(0, 5)).toEqual(['id', 'image', 'namespace', 'pod', 'container']);
    }
  });
});

describe('the readings', () => {
  const pod = podRecord();
  const record = containerRecord({ podId: pod.id });
  const ofContainer = describeReadings(containerReadings(measures), containerLabels(pod, record), 5n);
  const ofPod = describeReadings(podReadings([counters, { ...counters, name: 'lo' }]), podLabels(pod), 5n);
  const all = [...ofContainer, ...ofPod];

  test('are of every metric, with as many labels as it has keys', () => {
    expect([...new Set(all.map(({ name }) => name ?? ''))].toSorted()).toEqual(wanted.toSorted());
    const keys = new Map(metricDescriptors.map(({ name, labelKeys = [] }) => [name, labelKeys.length]));
    expect(all.filter(({ name, labelValues = [] }) => labelValues.length !== keys.get(name))).toEqual([]);
  });

  test('are told apart by their labels', () => {
    const series = all.map(({ name, labelValues }) => JSON.stringify([name, labelValues]));
    expect(new Set(series).size).toBe(series.length);
  });

  test('name the container, its image, pod and namespace; the network names the pod', () => {
    expect(ofContainer[0]?.labelValues).toEqual([
      record.id,
      'docker.io/library/busybox:latest',
      'default',
      'web',
      'app',
    ]);
    expect(ofPod[0]?.labelValues).toEqual([pod.id, '', 'default', 'web', 'POD', 'eth0']);
  });

  test('are whole seconds, and leave the loopback out', () => {
    const value = (name: string): bigint | undefined => all.find((each) => each.name === name)?.value?.value;
    expect([
      value('container_cpu_usage_seconds_total'),
      value('container_pressure_io_stalled_seconds_total'),
      value('container_start_time_seconds'),
      value('container_last_seen'),
      value('container_threads_max'),
    ]).toEqual([5n, 7n, 1_700_000_000n, 1_700_000_060n, 0n]);
    expect(ofPod.length).toBe(8);
  });

  test('leave out what the machine cannot tell', () => {
    const { stats, details, processes } = measures;
    const poor = containerReadings({
      ...measures,
      stats: { ...stats, psi: { cpu: { some: psiLine, full: null }, memory: null, io: null } },
      details: { ...details, io: [], hugepages: [], cpu: { ...details.cpu, quotaUs: null } },
      processes: { ...processes, maxOpenFiles: null },
      writable: null,
      disk: null,
    }).map(({ name }) => name);
    expect(poor).toContain('container_pressure_cpu_waiting_seconds_total');
    expect(poor).toContain('container_fs_usage_bytes');
    const absent = poor.filter((name) => /stalled|_io_|memory_wait|hugetlb|_reads|_quota|ulimit/.test(name));
    expect(absent).toEqual([]);
  });
});
