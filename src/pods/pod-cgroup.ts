/**
 * The cgroup that holds a pod's containers. The kubelet makes it and names it; only for pods that name none do we make
 * (and remove) one. Source: CRI LinuxPodSandboxConfig.cgroup_parent, overhead, resources.
 */
import { absolutePath } from '../base/ids.ts';
import type { Rollback } from '../base/rollback.ts';
import type { Services } from '../services.ts';
import type { PodConfig } from '../spec/pod-config.ts';
import type { PodPlan } from '../spec/pod-plan.ts';

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
  return parent;
}
