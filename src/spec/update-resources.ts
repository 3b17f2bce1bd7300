/**
 * UpdateContainerResources as a pure step: the current set and the request give the new set, what the runtime is told, and
 * what ContainerStatus answers. All or nothing: what the kernel would refuse is refused before anything is written.
 * Source: CRI UpdateContainerResourcesRequest; runc-update(8).
 */
import type * as cri from '../../cri-api/runtime-v1.ts';
import { invalid } from '../base/errors.ts';
import type { LinuxResources } from './linux-resources.ts';
import type { OciResources } from './oci-spec.ts';
import { parseResources } from './parse-resources.ts';
import { type CgroupFacts, checkResources, mergeResources, planResources } from './resources.ts';

export type UpdateInput = {
  /** As last applied: the request's at first, the last update's after. */
  readonly current: cri.LinuxContainerResources | null;
  readonly update: cri.LinuxContainerResources | null;
  readonly cgroup: CgroupFacts;
  /** Of the runtime handler. */
  readonly minMemoryBytes: bigint;
};

export type ResourceUpdate = {
  /** The effective set, for the record and for ContainerStatus. */
  readonly effective: cri.LinuxContainerResources;
  /** For `runtime update -r -`; use `stringifyOci`. Null when no cgroup value changes. */
  readonly runtime: OciResources | null;
  /** To be written to the process, for no runtime does it; null when the update does not name one. */
  readonly oomScoreAdj: number | null;
  readonly leftOut: readonly string[];
};

/** @throws MissingResources, InvalidField, InvalidResources, MemoryLimitTooLow, TooLarge */
export function planResourceUpdate(input: UpdateInput): ResourceUpdate {
  if (input.update === null)
    throw invalid('MissingResources', 'update container resources: expected linux resources, got none');
  const update = parseResources(input.update);
  const effective = mergeResources(parseResources(input.current), update);
  checkResources(effective, input.minMemoryBytes);
  const { resources, leftOut } = planResources(effective, input.cgroup);
  return {
    effective: resourcesToCri(effective),
    runtime: Object.keys(resources).length === 0 ? null : resources,
    oomScoreAdj: update.oomScoreAdj === 0 ? null : update.oomScoreAdj,
    leftOut,
  };
}

/** The message of a checked set. */
export function resourcesToCri(resources: LinuxResources): cri.LinuxContainerResources {
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
