/**
 * The cgroup that holds a pod's containers. The kubelet makes it, names it and limits it; only for pods that name none do
 * we make, limit and remove one. Source: CRI LinuxPodSandboxConfig.cgroup_parent, overhead, resources.
 */
import { absolutePath } from '../base/ids.ts';
import type { Rollback } from '../base/rollback.ts';
import type { CgroupResources } from '../kernel/cgroups/cgroup-resources.ts';
import type { Services } from '../services.ts';
import type { PodConfig } from '../spec/requests/pod-config.ts';
import type { PodPlan } from '../spec/pod-plan.ts';
import { podLimits } from '../spec/requests/pod-resources.ts';

/** @returns the parent of the containers' cgroups: a cgroupfs path, or a slice */
export async function makePodCgroup(
  services: Pick<Services, 'cgroups'>,
  pod: { readonly plan: PodPlan; readonly config: PodConfig },
  rollback: Rollback,
): Promise<string> {
  const { parent, isOwn } = pod.plan.cgroup;
  if (!isOwn) return parent;
  const path = absolutePath(parent);
  rollback.defer('remove pod cgroup', async () => await services.cgroups.remove(path));
  await services.cgroups.create(path);
  const limits = podCgroupLimits(pod.config);
  if (limits !== null) await services.cgroups.applyResources(path, limits);
  return parent;
}

/** For the files of a cgroup of ours; null: the pod is not limited. */
export function podCgroupLimits(config: Pick<PodConfig, 'resources' | 'overhead'>): CgroupResources | null {
  const limits = podLimits(config.resources, config.overhead);
  if (limits === null) return null;
  const { cpuShares, cpuQuotaUs, cpuPeriodUs, memoryLimitBytes } = limits;
  // Of one of its containers without a limit the sum has none: that undoes an earlier limit.
  const orUnlimited = (value: bigint): bigint => (value === 0n ? -1n : value);
  return {
    ...(cpuShares === 0n ? {} : { cpuShares }),
    ...(cpuPeriodUs === 0n ? {} : { cpuPeriodUs }),
    cpuQuotaUs: orUnlimited(cpuQuotaUs),
    memoryLimitBytes: orUnlimited(memoryLimitBytes),
  };
}
