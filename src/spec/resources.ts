/**
 * Resources: from the checked CRI form to the OCI form (config.json and `runtime update`), the merge that
 * UpdateContainerResources means, and the cgroup names. No cgroup file is read or written here.
 * Source: CRI LinuxContainerResources; OCI config-linux.md, control groups.
 */
import { invalid } from '../base/errors.ts';
import type { HugepageLimit, LinuxResources } from './linux-resources.ts';
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

export type PlannedResources = {
  readonly resources: OciResources;
  /** What this kernel cannot do and was left out, in words. */
  readonly leftOut: readonly string[];
};

/** The OCI form; unspecified values are absent, so that the runtime leaves the kernel's defaults. */
export function planResources(wanted: LinuxResources, facts: CgroupFacts): PlannedResources {
  const leftOut: string[] = [];
  const hugepageLimits = planHugepages(wanted.hugepageLimits, facts, leftOut);
  const cpu = planCpu(wanted);
  const memory = planMemory(wanted, facts, leftOut);
  const unified = planUnified(wanted, facts, leftOut);
  return {
    resources: {
      ...(Object.keys(cpu).length > 0 ? { cpu } : {}),
      ...(Object.keys(memory).length > 0 ? { memory } : {}),
      ...(hugepageLimits.length > 0 ? { hugepageLimits } : {}),
      ...(unified === null ? {} : { unified }),
    },
    leftOut,
  };
}

/** What the kernel takes; beyond it v1 clamps and the conversion to v2's weight fails. Source: cgroup-v1 cpu, cgroup-v2 cpu.weight. */
function clampShares(shares: bigint): bigint {
  if (shares < 2n) return 2n;
  return shares > 262_144n ? 262_144n : shares;
}

function planCpu(wanted: LinuxResources): OciCpu {
  return {
    ...(wanted.cpuShares === 0n ? {} : { shares: clampShares(wanted.cpuShares) }),
    ...(wanted.cpuQuotaUs === 0n ? {} : { quota: wanted.cpuQuotaUs }),
    ...(wanted.cpuPeriodUs === 0n ? {} : { period: wanted.cpuPeriodUs }),
    ...(wanted.cpusetCpus === '' ? {} : { cpus: wanted.cpusetCpus }),
    ...(wanted.cpusetMems === '' ? {} : { mems: wanted.cpusetMems }),
  };
}

/** A memory limit without a swap limit means no swap at all: swap is then the same sum. */
function planMemory(wanted: LinuxResources, facts: CgroupFacts, leftOut: string[]): OciMemory {
  const limit = wanted.memoryLimitBytes;
  const swap = wanted.memorySwapLimitBytes === 0n ? limit : wanted.memorySwapLimitBytes;
  if (!facts.hasSwapAccounting && wanted.memorySwapLimitBytes > limit) {
    leftOut.push('memory_swap_limit_in_bytes: this kernel does not account swap');
  }
  return {
    ...(limit === 0n ? {} : { limit }),
    ...(swap === 0n || !facts.hasSwapAccounting ? {} : { swap }),
  };
}

function planHugepages(
  limits: readonly HugepageLimit[],
  facts: CgroupFacts,
  leftOut: string[],
): readonly OciHugepageLimit[] {
  if (facts.hasHugetlb) return limits.map(({ pageSize, limitBytes }) => ({ pageSize, limit: limitBytes }));
  if (limits.some(({ limitBytes }) => limitBytes > 0n))
    leftOut.push('hugepage_limits: this kernel has no hugetlb controller');
  return [];
}

function planUnified(
  wanted: LinuxResources,
  facts: CgroupFacts,
  leftOut: string[],
): Readonly<Record<string, string>> | null {
  if (Object.keys(wanted.unified).length === 0) return null;
  if (facts.version !== 'v2') {
    leftOut.push('unified: this machine has cgroup v1');
    return null;
  }
  return wanted.unified;
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
