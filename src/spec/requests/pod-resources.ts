/**
 * The limits of a pod's own cgroup: what its containers may have together, and what the sandbox itself costs. The kubelet
 * sets them on the cgroup that it names; only for a cgroup of ours do we.
 * Source: CRI LinuxPodSandboxConfig resources, overhead; Kubernetes, pod overhead.
 */
import type { LinuxResources } from './linux-resources.ts';

/** Null: nothing limits the pod. A limit that the containers' sum does not have is none, whatever the overhead. */
export function podLimits(
  resources: LinuxResources | null,
  overhead: LinuxResources | null,
): Pick<LinuxResources, 'cpuShares' | 'cpuQuotaUs' | 'cpuPeriodUs' | 'memoryLimitBytes'> | null {
  if (resources === null) return null;
  const add = (value: bigint, more: bigint): bigint => (value > 0n && more > 0n ? value + more : value);
  return {
    cpuShares: add(resources.cpuShares, overhead?.cpuShares ?? 0n),
    cpuPeriodUs: resources.cpuPeriodUs,
    cpuQuotaUs: add(resources.cpuQuotaUs, overhead === null ? 0n : quotaIn(overhead, resources.cpuPeriodUs)),
    memoryLimitBytes: add(resources.memoryLimitBytes, overhead?.memoryLimitBytes ?? 0n),
  };
}

const defaultPeriodUs = 100_000n;

/** A quota in another period, rounded up. */
function quotaIn(from: LinuxResources, periodUs: bigint): bigint {
  const own = from.cpuPeriodUs === 0n ? defaultPeriodUs : from.cpuPeriodUs;
  const wanted = periodUs === 0n ? defaultPeriodUs : periodUs;
  return from.cpuQuotaUs <= 0n ? 0n : (from.cpuQuotaUs * wanted + own - 1n) / own;
}
