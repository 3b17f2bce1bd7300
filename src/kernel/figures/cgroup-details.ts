/**
 * The figures of a cgroup that only metrics have. Source: Linux, admin-guide/cgroup-v1 and cgroup-v2; CFS bandwidth control.
 */
import { limitV1 } from './cgroup-figures.ts';
import { parseKeyed, parseNumber } from '../cgroups/cgroup-files.ts';

/** Reads one file of a controller; null: no such controller, file or cgroup. */
export type ReadFile = (controller: string, file: string) => string | null;

export type CgroupDetails = {
  readonly cpu: {
    readonly userNs: bigint;
    readonly systemNs: bigint;
    readonly periods: bigint;
    readonly throttledPeriods: bigint;
    readonly throttledNs: bigint;
    /** Of v1's range, 2 to 262144. */
    readonly shares: bigint;
    readonly periodUs: bigint;
    /** Null: unlimited. */
    readonly quotaUs: bigint | null;
  };
  readonly memory: {
    readonly kernelBytes: bigint;
    readonly maxUsageBytes: bigint;
    /** How often the limit was hit. */
    readonly failures: bigint;
    readonly oomKills: bigint;
    /** Null: none. */
    readonly reservationBytes: bigint | null;
    /** Of memory and swap together. Null: unlimited, or not accounted. */
    readonly swapLimitBytes: bigint | null;
  };
  /** Null: unlimited. */
  readonly tasksMax: bigint | null;
  readonly hugepages: readonly HugepageFigures[];
  readonly io: readonly IoFigures[];
};

export type HugepageFigures = {
  /** `2MB`. */
  readonly pageSize: string;
  readonly usageBytes: bigint;
  /** Null: v2 does not tell. */
  readonly maxUsageBytes: bigint | null;
};

/** What a device has done for a cgroup. */
export type IoFigures = {
  readonly major: string;
  readonly minor: string;
  readonly readBytes: bigint;
  readonly writeBytes: bigint;
  readonly reads: bigint;
  readonly writes: bigint;
};

const pageSizes = ['64KB', '2MB', '32MB', '512MB', '1GB', '16GB'];

export function readDetails(read: ReadFile, isV1: (controller: string) => boolean): CgroupDetails {
  return {
    cpu: isV1('cpu') ? cpuV1(read) : cpuV2(read),
    memory: isV1('memory') ? memoryV1(read) : memoryV2(read),
    tasksMax: parseNumber(read('pids', 'pids.max')),
    hugepages: pageSizes.flatMap((size) => hugepages(read, size, isV1('hugetlb'))),
    io: isV1('blkio') ? ioV1(read) : parseIoStat(read('io', 'io.stat')),
  };
}

const defaultPeriodUs = 100_000n;

function cpuV1(read: ReadFile): CgroupDetails['cpu'] {
  const stat = parseKeyed(read('cpu', 'cpu.stat'));
  const number = (controller: string, file: string): bigint | null => parseNumber(read(controller, file));
  const quotaUs = number('cpu', 'cpu.cfs_quota_us') ?? -1n;
  return {
    userNs: number('cpuacct', 'cpuacct.usage_user') ?? 0n,
    systemNs: number('cpuacct', 'cpuacct.usage_sys') ?? 0n,
    periods: stat.get('nr_periods') ?? 0n,
    throttledPeriods: stat.get('nr_throttled') ?? 0n,
    throttledNs: stat.get('throttled_time') ?? 0n,
    shares: number('cpu', 'cpu.shares') ?? 0n,
    periodUs: number('cpu', 'cpu.cfs_period_us') ?? defaultPeriodUs,
    quotaUs: quotaUs < 0n ? null : quotaUs,
  };
}

function cpuV2(read: ReadFile): CgroupDetails['cpu'] {
  const stat = parseKeyed(read('cpu', 'cpu.stat'));
  const timeNs = (key: string): bigint => (stat.get(key) ?? 0n) * 1000n;
  const [quota = 'max', period = null] = (read('cpu', 'cpu.max') ?? '').trim().split(' ');
  return {
    userNs: timeNs('user_usec'),
    systemNs: timeNs('system_usec'),
    periods: stat.get('nr_periods') ?? 0n,
    throttledPeriods: stat.get('nr_throttled') ?? 0n,
    throttledNs: timeNs('throttled_usec'),
    shares: sharesOfWeight(parseNumber(read('cpu', 'cpu.weight')) ?? 100n),
    periodUs: parseNumber(period) ?? defaultPeriodUs,
    quotaUs: parseNumber(quota),
  };
}

/** The inverse of what runtimes make of shares: 2..262144 from 1..10000. Source: OCI runtime spec, crun(1), CPU controller. */
export function sharesOfWeight(weight: bigint): bigint {
  return 2n + ((weight - 1n) * 262_142n) / 9999n;
}

function memoryV1(read: ReadFile): CgroupDetails['memory'] {
  const number = (file: string): bigint | null => parseNumber(read('memory', file));
  return {
    kernelBytes: number('memory.kmem.usage_in_bytes') ?? 0n,
    maxUsageBytes: number('memory.max_usage_in_bytes') ?? 0n,
    failures: number('memory.failcnt') ?? 0n,
    oomKills: parseKeyed(read('memory', 'memory.oom_control')).get('oom_kill') ?? 0n,
    reservationBytes: limitV1(number('memory.soft_limit_in_bytes')),
    swapLimitBytes: limitV1(number('memory.memsw.limit_in_bytes')),
  };
}

function memoryV2(read: ReadFile): CgroupDetails['memory'] {
  const number = (file: string): bigint | null => parseNumber(read('memory', file));
  const events = parseKeyed(read('memory', 'memory.events'));
  const limit = number('memory.max');
  const swapLimit = number('memory.swap.max');
  return {
    kernelBytes: parseKeyed(read('memory', 'memory.stat')).get('kernel') ?? 0n,
    maxUsageBytes: number('memory.peak') ?? 0n,
    failures: events.get('max') ?? 0n,
    oomKills: events.get('oom_kill') ?? 0n,
    reservationBytes: number('memory.low'),
    swapLimitBytes: limit === null || swapLimit === null ? null : limit + swapLimit,
  };
}

function hugepages(read: ReadFile, pageSize: string, isV1: boolean): readonly HugepageFigures[] {
  const usage = parseNumber(read('hugetlb', `hugetlb.${pageSize}.${isV1 ? 'usage_in_bytes' : 'current'}`));
  if (usage === null) return [];
  const max = isV1 ? parseNumber(read('hugetlb', `hugetlb.${pageSize}.max_usage_in_bytes`)) : null;
  return [{ pageSize, usageBytes: usage, maxUsageBytes: max }];
}

function ioV1(read: ReadFile): readonly IoFigures[] {
  const bytes = read('blkio', 'blkio.throttle.io_service_bytes_recursive');
  return parseIoServiced(bytes, read('blkio', 'blkio.throttle.io_serviced_recursive'));
}

const nothing = { readBytes: 0n, writeBytes: 0n, reads: 0n, writes: 0n };

/** Lines `8:0 Read 4096` of two files, and totals that are passed over. */
export function parseIoServiced(bytes: string | null, operations: string | null): readonly IoFigures[] {
  const devices = new Map<string, IoFigures>();
  const add = (
    text: string | null,
    fields: Readonly<Record<string, 'readBytes' | 'writeBytes' | 'reads' | 'writes'>>,
  ) => {
    for (const line of (text ?? '').split('\n')) {
      const [, major, minor, kind = '', value = ''] = /^(\d+):(\d+) (\w+) (\d+)$/.exec(line) ?? [];
      const field = fields[kind];
      if (major === undefined || minor === undefined || field === undefined) continue;
      const device = devices.get(`${major}:${minor}`) ?? { major, minor, ...nothing };
      devices.set(`${major}:${minor}`, { ...device, [field]: BigInt(value) });
    }
  };
  add(bytes, { Read: 'readBytes', Write: 'writeBytes' });
  add(operations, { Read: 'reads', Write: 'writes' });
  return [...devices.values()];
}

/** Lines `8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0`. */
export function parseIoStat(text: string | null): readonly IoFigures[] {
  return (text ?? '').split('\n').flatMap((line): readonly IoFigures[] => {
    const [device = '', ...words] = line.split(' ');
    const [, major, minor] = /^(\d+):(\d+)$/.exec(device) ?? [];
    if (major === undefined || minor === undefined) return [];
    const values = new Map(
      words.map((word): [string, string] => [word.split('=')[0] ?? '', word.split('=')[1] ?? '']),
    );
    const of = (key: string): bigint => parseNumber(values.get(key) ?? null) ?? 0n;
    return [
      {
        major,
        minor,
        readBytes: of('rbytes'),
        writeBytes: of('wbytes'),
        reads: of('rios'),
        writes: of('wios'),
      },
    ];
  });
}
