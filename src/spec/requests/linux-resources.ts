/**
 * The resources of a container, checked: one shape for requests, for the current set that UpdateContainerResources changes,
 * and for the echo in ContainerStatus. 0 and "" mean "not specified", as on the wire.
 * Source: CRI LinuxContainerResources.
 */
import type { TextMap } from '../text-map.ts';
import { textMap } from '../text-map.ts';

export type HugepageLimit = {
  /** `2MB`, `1GB`: as the kernel names the page sizes in its cgroup files. */
  readonly pageSize: string;
  readonly limitBytes: bigint;
};

export type LinuxResources = {
  readonly cpuPeriodUs: bigint;
  /** -1: explicitly unlimited. */
  readonly cpuQuotaUs: bigint;
  readonly cpuShares: bigint;
  /** -1: explicitly unlimited. */
  readonly memoryLimitBytes: bigint;
  /** Memory plus swap, as the CRI counts it; -1: explicitly unlimited. */
  readonly memorySwapLimitBytes: bigint;
  /** -1000..1000. */
  readonly oomScoreAdj: number;
  readonly cpusetCpus: string;
  readonly cpusetMems: string;
  readonly hugepageLimits: readonly HugepageLimit[];
  /** cgroup v2 files and their values. */
  readonly unified: TextMap;
};

export const noResources: LinuxResources = {
  cpuPeriodUs: 0n,
  cpuQuotaUs: 0n,
  cpuShares: 0n,
  memoryLimitBytes: 0n,
  memorySwapLimitBytes: 0n,
  oomScoreAdj: 0,
  cpusetCpus: '',
  cpusetMems: '',
  hugepageLimits: [],
  unified: textMap([]),
};
