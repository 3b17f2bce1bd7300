/**
 * Limits as writes to cgroup files, for v1 and v2. Pure: a request and the version of each controller in, an ordered list
 * of writes out.
 */
import { invalid } from '../../base/errors.ts';

/** Only what is given is changed. Bytes; -1 is unlimited. Source: OCI runtime spec, config-linux, resources. */
export type CgroupResources = {
  /** 2 to 262144. */
  readonly cpuShares?: bigint;
  /** -1 or 0: unlimited. */
  readonly cpuQuotaUs?: bigint;
  readonly cpuPeriodUs?: bigint;
  readonly memoryLimitBytes?: bigint;
  /** Memory and swap together, as in the CRI. */
  readonly memorySwapBytes?: bigint;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  /** -1 or 0: unlimited. */
  readonly pidsLimit?: bigint;
  readonly hugepages?: readonly { readonly pageSize: string; readonly limitBytes: bigint }[];
  /** Files of cgroup v2, as they are. */
  readonly unified?: Readonly<Record<string, string>>;
};

export type CgroupWrite = {
  readonly controller: string;
  readonly file: string;
  readonly value: string;
  /** The kernel may lack this file without harm to what was asked. */
  readonly isOptional: boolean;
};

type Version = 'v1' | 'v2';
export type VersionOf = (controller: string) => Version | null;

const defaultPeriodUs = 100_000n;

/** @throws InvalidCgroupResources, CgroupControllerMissing */
export function planWrites(resources: CgroupResources, versionOf: VersionOf): readonly CgroupWrite[] {
  return [
    ...planCpu(resources, versionOf),
    ...planCpuset(resources, versionOf),
    ...planMemory(resources, versionOf),
    ...planPids(resources, versionOf),
    ...planHugepages(resources, versionOf),
    ...planUnified(resources, versionOf),
  ];
}

function need(controller: string, versionOf: VersionOf): Version {
  const version = versionOf(controller);
  if (version === null)
    throw invalid(
      'CgroupControllerMissing',
      `limit ${controller}: the kernel has no ${controller} controller`,
    );
  return version;
}

function write(controller: string, file: string, value: bigint | string): CgroupWrite {
  return { controller, file: `${controller}.${file}`, value: String(value), isOptional: false };
}

function planCpu(resources: CgroupResources, versionOf: VersionOf): readonly CgroupWrite[] {
  return [...planCpuShares(resources, versionOf), ...planCpuQuota(resources, versionOf)];
}

function planCpuShares({ cpuShares }: CgroupResources, versionOf: VersionOf): readonly CgroupWrite[] {
  if (cpuShares === undefined || cpuShares <= 0n) return [];
  if (need('cpu', versionOf) === 'v1') return [write('cpu', 'shares', cpuShares)];
  return [write('cpu', 'weight', sharesToWeight(cpuShares))];
}

function planCpuQuota(resources: CgroupResources, versionOf: VersionOf): readonly CgroupWrite[] {
  const { cpuQuotaUs: quota, cpuPeriodUs: period } = resources;
  if (quota === undefined && period === undefined) return [];
  const isUnlimited = quota !== undefined && quota <= 0n;
  if (need('cpu', versionOf) === 'v2')
    return [write('cpu', 'max', `${isUnlimited ? 'max' : (quota ?? 'max')} ${period ?? defaultPeriodUs}`)];
  return [
    ...(period === undefined || period <= 0n ? [] : [write('cpu', 'cfs_period_us', period)]),
    ...(quota === undefined ? [] : [write('cpu', 'cfs_quota_us', isUnlimited ? -1n : quota)]),
  ];
}

/** 2..262144 → 1..10000, as the kubelet does it for pods. Source: Kubernetes KEP-2254. */
export function sharesToWeight(shares: bigint): bigint {
  const bounded = shares < 2n ? 2n : shares > 262_144n ? 262_144n : shares;
  return 1n + ((bounded - 2n) * 9999n) / 262_142n;
}

function planCpuset(resources: CgroupResources, versionOf: VersionOf): readonly CgroupWrite[] {
  const writes: CgroupWrite[] = [];
  for (const [file, list] of [
    ['cpus', resources.cpusetCpus],
    ['mems', resources.cpusetMems],
  ] as const) {
    if (list === undefined || list === '') continue;
    if (!/^[0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)*$/.test(list))
      throw invalid(
        'InvalidCgroupResources',
        `cpuset ${file} ${JSON.stringify(list)}: expected a list such as "0-3,7"`,
      );
    need('cpuset', versionOf);
    writes.push(write('cpuset', file, list));
  }
  return writes;
}

function planMemory(resources: CgroupResources, versionOf: VersionOf): readonly CgroupWrite[] {
  const { memoryLimitBytes: limit, memorySwapBytes: sum } = resources;
  if (limit === undefined && sum === undefined) return [];
  const isV1 = need('memory', versionOf) === 'v1';
  const writes: CgroupWrite[] = [];
  if (limit !== undefined)
    writes.push(isV1 ? write('memory', 'limit_in_bytes', limit) : write('memory', 'max', orMax(limit)));
  if (sum === undefined) return writes;
  const swap = isV1
    ? write('memory', 'memsw.limit_in_bytes', sum)
    : write('memory', 'swap.max', orMax(swapAlone(limit, sum)));
  return [...writes, { ...swap, isOptional: true }];
}

/** v2 limits swap by itself; the request has memory and swap in one sum. */
function swapAlone(limit: bigint | undefined, sum: bigint): bigint {
  if (sum < 0n) return sum;
  if (limit === undefined || limit < 0n || sum < limit) {
    throw invalid(
      'InvalidCgroupResources',
      `memory and swap ${sum}: expected at least the memory limit, ${limit ?? 'which is not given'}`,
    );
  }
  return sum - limit;
}

function orMax(value: bigint): bigint | string {
  return value < 0n ? 'max' : value;
}

function planPids(resources: CgroupResources, versionOf: VersionOf): readonly CgroupWrite[] {
  if (resources.pidsLimit === undefined) return [];
  need('pids', versionOf);
  return [write('pids', 'max', resources.pidsLimit <= 0n ? 'max' : resources.pidsLimit)];
}

/** A machine without huge pages is given limits of 0 all the same: nothing is lost there. */
function planHugepages(resources: CgroupResources, versionOf: VersionOf): readonly CgroupWrite[] {
  return (resources.hugepages ?? []).map(({ pageSize, limitBytes }) => {
    if (!/^[0-9]{1,6}[KMG]B$/.test(pageSize))
      throw invalid(
        'InvalidCgroupResources',
        `huge page size ${JSON.stringify(pageSize)}: expected one such as "2MB"`,
      );
    const file = versionOf('hugetlb') === 'v1' ? `${pageSize}.limit_in_bytes` : `${pageSize}.max`;
    return { ...write('hugetlb', file, limitBytes), isOptional: true };
  });
}

function planUnified(resources: CgroupResources, versionOf: VersionOf): readonly CgroupWrite[] {
  return Object.entries(resources.unified ?? {}).map(([file, value]) => {
    const controller = file.slice(0, file.indexOf('.'));
    // cgroup.* are no limits: cgroup.procs or cgroup.kill would act.
    if (
      !/^[a-z_]+(?:\.[A-Za-z0-9_]+)+$/.test(file) ||
      controller === 'cgroup' ||
      !/^[\x20-\x7e\n]{0,4096}$/.test(value)
    )
      throw invalid(
        'InvalidCgroupResources',
        `unified ${JSON.stringify(file)}: expected a file such as "memory.high"`,
      );
    if (versionOf(controller) !== 'v2')
      throw invalid(
        'CgroupControllerMissing',
        `unified "${file}": the kernel has no ${controller} controller of cgroup v2`,
      );
    return { controller, file, value, isOptional: false };
  });
}
