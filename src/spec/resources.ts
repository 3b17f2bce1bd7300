/**
 * Resources: from the checked CRI form to the OCI form (config.json and `runtime update`), the merge that
 * UpdateContainerResources means, and the cgroup names. No cgroup file is read or written here.
 * Source: CRI LinuxContainerResources; OCI config-linux.md, control groups.
 */
import { invalid } from '../base/errors.ts';
import { type HugepageLimit, type LinuxResources, noResources } from './requests/linux-resources.ts';
import type { OciCpu, OciHugepageLimit, OciMemory, OciResources } from './oci-spec.ts';
import { textMap } from './text-map.ts';

/** `hybrid`: controllers on v1 and an empty v2 hierarchy; for a container that is v1. */
export type CgroupVersion = 'v1' | 'v2' | 'hybrid';

export type CgroupFacts = {
  readonly version: CgroupVersion;
  /** The kernel accounts swap (`memory.memsw.limit_in_bytes`, `memory.swap.max`). */
  readonly hasSwapAccounting: boolean;
  readonly hasHugetlb: boolean;
};

export type EffectiveResources = {
  readonly resources: LinuxResources;
  /** What this kernel cannot do and was left out, in words. */
  readonly leftOut: readonly string[];
};

/**
 * What this machine makes of a wanted set: the values that the cgroup will have, for the runtime and for ContainerStatus. A
 * memory limit without a swap limit means no swap at all: the sum of both is then the limit.
 * @throws UnifiedUnsupported
 */
export function effectiveResources(wanted: LinuxResources, facts: CgroupFacts): EffectiveResources {
  const { cpuShares, memoryLimitBytes, memorySwapLimitBytes: swap, hugepageLimits, unified } = wanted;
  if (Object.keys(unified).length > 0 && facts.version !== 'v2')
    throw invalid(
      'UnifiedUnsupported',
      'unified: expected a machine with cgroup v2: this one has cgroup v1, where its files do not exist',
    );
  const leftOut: string[] = [];
  if (!facts.hasSwapAccounting && swap > memoryLimitBytes)
    leftOut.push('memory_swap_limit_in_bytes: this kernel does not account swap');
  if (!facts.hasHugetlb && hugepageLimits.some(({ limitBytes }) => limitBytes > 0n))
    leftOut.push('hugepage_limits: this kernel has no hugetlb controller');
  return {
    resources: {
      ...wanted,
      cpuShares: cpuShares === 0n ? 0n : clampShares(cpuShares),
      memorySwapLimitBytes: facts.hasSwapAccounting ? (swap === 0n ? memoryLimitBytes : swap) : 0n,
      hugepageLimits: facts.hasHugetlb ? hugepageLimits : noResources.hugepageLimits,
    },
    leftOut,
  };
}

/**
 * The OCI form of an effective set for a new container; unspecified values are absent, so that the runtime leaves the
 * kernel's defaults. No CPU quota (-1) is that default, and crun 1.8 cannot write it on cgroup v1.
 */
export function ociResources(effective: LinuxResources): OciResources {
  const cpu = planCpu(effective);
  const memory = planMemory(effective);
  const hugepageLimits = planHugepages(effective.hugepageLimits);
  return {
    ...(Object.keys(cpu).length > 0 ? { cpu } : {}),
    ...(Object.keys(memory).length > 0 ? { memory } : {}),
    ...(hugepageLimits.length > 0 ? { hugepageLimits } : {}),
    ...(Object.keys(effective.unified).length > 0 ? { unified: effective.unified } : {}),
  };
}

/** What the kernel takes; beyond it v1 clamps and the conversion to v2's weight fails. Source: cgroup-v1 cpu, cgroup-v2 cpu.weight. */
function clampShares(shares: bigint): bigint {
  if (shares < 2n) return 2n;
  return shares > 262_144n ? 262_144n : shares;
}

function planCpu(wanted: LinuxResources): OciCpu {
  return {
    ...(wanted.cpuShares === 0n ? {} : { shares: wanted.cpuShares }),
    ...(wanted.cpuQuotaUs <= 0n ? {} : { quota: wanted.cpuQuotaUs }),
    ...(wanted.cpuPeriodUs === 0n ? {} : { period: wanted.cpuPeriodUs }),
    ...(wanted.cpusetCpus === '' ? {} : { cpus: wanted.cpusetCpus }),
    ...(wanted.cpusetMems === '' ? {} : { mems: wanted.cpusetMems }),
  };
}

function planMemory({ memoryLimitBytes: limit, memorySwapLimitBytes: swap }: LinuxResources): OciMemory {
  return { ...(limit === 0n ? {} : { limit }), ...(swap === 0n ? {} : { swap }) };
}

function planHugepages(limits: readonly HugepageLimit[]): readonly OciHugepageLimit[] {
  return limits.map(({ pageSize, limitBytes }) => ({ pageSize, limit: limitBytes }));
}

/**
 * The set after an update: what the update does not specify stays. Hugepage limits are replaced by page size, unified
 * keys by name. A memory limit that rises above an unspecified swap limit takes it along, which the kernel demands.
 */
export function mergeResources(current: LinuxResources, update: LinuxResources): LinuxResources {
  const pick = (next: bigint, before: bigint): bigint => (next === 0n ? before : next);
  const memoryLimitBytes = pick(update.memoryLimitBytes, current.memoryLimitBytes);
  const hugepages = new Map(
    [...current.hugepageLimits, ...update.hugepageLimits].map((at) => [at.pageSize, at]),
  );
  return {
    cpuPeriodUs: pick(update.cpuPeriodUs, current.cpuPeriodUs),
    cpuQuotaUs: pick(update.cpuQuotaUs, current.cpuQuotaUs),
    cpuShares: pick(update.cpuShares, current.cpuShares),
    memoryLimitBytes,
    memorySwapLimitBytes: mergeSwap(current, update, memoryLimitBytes),
    oomScoreAdj: update.oomScoreAdj === 0 ? current.oomScoreAdj : update.oomScoreAdj,
    cpusetCpus: update.cpusetCpus === '' ? current.cpusetCpus : update.cpusetCpus,
    cpusetMems: update.cpusetMems === '' ? current.cpusetMems : update.cpusetMems,
    hugepageLimits: [...hugepages.values()],
    unified: textMap([...Object.entries(current.unified), ...Object.entries(update.unified)]),
  };
}

function mergeSwap(current: LinuxResources, update: LinuxResources, memoryLimitBytes: bigint): bigint {
  if (update.memorySwapLimitBytes !== 0n) return update.memorySwapLimitBytes;
  const before = current.memorySwapLimitBytes;
  if (before === 0n || before === -1n) return before;
  if (memoryLimitBytes === -1n) return -1n;
  // No swap before: none after, whichever way the limit went.
  if (before === current.memoryLimitBytes) return memoryLimitBytes;
  return before < memoryLimitBytes ? memoryLimitBytes : before;
}

/**
 * The OCI form with the kernel's defaults for what is unspecified: it undoes whatever was set on top.
 * @param cpuset what the cgroup above has; "" where it has none of its own
 */
export function resetResources(
  effective: LinuxResources,
  facts: CgroupFacts,
  cpuset: { readonly cpus: string; readonly mems: string },
): OciResources {
  const cpus = effective.cpusetCpus === '' ? cpuset.cpus : effective.cpusetCpus;
  const mems = effective.cpusetMems === '' ? cpuset.mems : effective.cpusetMems;
  const or = (value: bigint, otherwise: bigint): bigint => (value === 0n ? otherwise : value);
  const swap = or(effective.memorySwapLimitBytes, -1n);
  return {
    ...ociResources(effective),
    cpu: {
      ...planCpu(effective),
      shares: or(effective.cpuShares, 1024n),
      quota: or(effective.cpuQuotaUs, -1n),
      period: or(effective.cpuPeriodUs, 100_000n),
      ...(cpus === '' ? {} : { cpus }),
      ...(mems === '' ? {} : { mems }),
    },
    memory: {
      limit: or(effective.memoryLimitBytes, -1n),
      ...(facts.hasSwapAccounting ? { swap } : {}),
    },
  };
}

/** Refuses sets that the kernel would refuse in the middle of the work. @throws InvalidResources, MemoryLimitTooLow */
export function checkResources(wanted: LinuxResources, minMemoryBytes: bigint): void {
  const { memoryLimitBytes: limit, memorySwapLimitBytes: swap } = wanted;
  if (limit > 0n && limit < minMemoryBytes) {
    throw invalid(
      'MemoryLimitTooLow',
      `memory_limit_in_bytes ${limit}: the runtime needs at least ${minMemoryBytes} bytes to start a container`,
    );
  }
  if (swap > 0n && (limit <= 0n || swap < limit)) {
    throw invalid(
      'InvalidResources',
      `memory_swap_limit_in_bytes ${swap}: expected no less than memory_limit_in_bytes (${limit}): it counts memory and swap`,
    );
  }
}
