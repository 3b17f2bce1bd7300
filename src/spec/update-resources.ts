/**
 * UpdateContainerResources as a pure step: the current set and the request give the new set, what the runtime is told, and
 * what ContainerStatus answers. All or nothing: what the kernel would refuse is refused before anything is written.
 * Source: CRI UpdateContainerResourcesRequest; runc-update(8).
 */
import type * as cri from '../../cri-api/runtime-v1.ts';
import { invalid } from '../base/errors.ts';
import type { LinuxResources } from './requests/linux-resources.ts';
import type { OciResources } from './oci-spec.ts';
import { parseResources } from './requests/parse-resources.ts';
import { type OomScoreFacts, reachableOomScoreAdj } from './process-limits.ts';
import {
  type CgroupFacts,
  checkResources,
  effectiveResources,
  mergeResources,
  ociResources,
} from './resources.ts';

export type UpdateInput = {
  /** As last applied: the request's at first, the last update's after. */
  readonly current: cri.LinuxContainerResources | null;
  readonly update: cri.LinuxContainerResources | null;
  readonly host: OomScoreFacts & { readonly cgroup: CgroupFacts };
  /** Of the runtime handler. */
  readonly minMemoryBytes: bigint;
};

export type ResourceUpdate = {
  /** The effective set, for the record and for ContainerStatus. */
  readonly effective: cri.LinuxContainerResources;
  /** The cgroup's limits; null when none is named by the update. */
  readonly limits: LimitUpdate | null;
  /** To be written to the processes, for no runtime does it; null when the update does not name one. */
  readonly oomScoreAdj: number | null;
  readonly leftOut: readonly string[];
};

export type LimitUpdate = {
  /** The whole effective set for `runtime update`. */
  readonly runtime: OciResources;
  /**
   * What is written behind it: runc's `update` passes over huge pages, crun 1.8 fails to take a CPU quota back on cgroup v1.
   * By the names of the cgroup means.
   */
  readonly rest: {
    readonly cpuQuotaUs?: bigint;
    readonly hugepages: LinuxResources['hugepageLimits'];
    readonly unified: LinuxResources['unified'];
  };
};

/** @throws MissingResources, InvalidField, InvalidResources, MemoryLimitTooLow, UnifiedUnsupported, TooLarge */
export function planResourceUpdate(input: UpdateInput): ResourceUpdate {
  if (input.update === null)
    throw invalid('MissingResources', 'update container resources: expected linux resources, got none');
  const update = parseResources(input.update);
  const merged = mergeResources(parseResources(input.current), update);
  checkResources(merged, input.minMemoryBytes);
  const { resources, leftOut } = effectiveResources(merged, input.host.cgroup);
  const oomScoreAdj = reachableOomScoreAdj(resources.oomScoreAdj, input.host);
  const effective = { ...resources, oomScoreAdj };
  return {
    effective: resourcesToCri(effective),
    limits: namesLimits(update) ? planLimits(effective, input.host.cgroup) : null,
    oomScoreAdj: update.oomScoreAdj === 0 ? null : oomScoreAdj,
    leftOut,
  };
}

function namesLimits(update: LinuxResources): boolean {
  return update.cpuQuotaUs !== 0n || Object.keys(ociResources(update)).length > 0;
}

function planLimits(effective: LinuxResources, facts: CgroupFacts): LimitUpdate {
  const runtime = ociResources(effective);
  const rest = { hugepages: effective.hugepageLimits, unified: effective.unified };
  if (effective.cpuQuotaUs >= 0n) return { runtime, rest };
  if (facts.version === 'v2') return { runtime: { ...runtime, cpu: { ...runtime.cpu, quota: -1n } }, rest };
  return { runtime, rest: { ...rest, cpuQuotaUs: -1n } };
}

/** What a container has from its creation on; null: it asked for nothing. @throws UnifiedUnsupported */
export function initialResources(
  wanted: cri.LinuxContainerResources | null,
  host: UpdateInput['host'],
): cri.LinuxContainerResources | null {
  if (wanted === null) return null;
  const { resources } = effectiveResources(parseResources(wanted), host.cgroup);
  return resourcesToCri({
    ...resources,
    oomScoreAdj: reachableOomScoreAdj(resources.oomScoreAdj, host),
  });
}

/** The message of a checked set. */
function resourcesToCri(resources: LinuxResources): cri.LinuxContainerResources {
  return {
    cpuPeriod: resources.cpuPeriodUs,
    cpuQuota: resources.cpuQuotaUs,
    cpuShares: resources.cpuShares,
    memoryLimitInBytes: resources.memoryLimitBytes,
    oomScoreAdj: BigInt(resources.oomScoreAdj),
    cpusetCpus: resources.cpusetCpus,
    cpusetMems: resources.cpusetMems,
    hugepageLimits: resources.hugepageLimits.map(({ pageSize, limitBytes }) => ({
      pageSize,
      limit: limitBytes,
    })),
    unified: resources.unified,
    memorySwapLimitInBytes: resources.memorySwapLimitBytes,
  };
}
