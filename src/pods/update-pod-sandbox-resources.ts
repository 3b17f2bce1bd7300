/**
 * UpdatePodSandboxResources: what the pod may have changes together with its record, or not at all. The kubelet has changed
 * the cgroup that it named before it calls; a cgroup of ours is changed here. A part that the request leaves out stays.
 * Source: CRI UpdatePodSandboxResourcesRequest.
 */
import {
  LinuxPodSandboxConfig,
  type UpdatePodSandboxResourcesRequest,
  type UpdatePodSandboxResourcesResponseInit,
} from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { failedPrecondition, unknown } from '../base/errors.ts';
import { absolutePath } from '../base/ids.ts';
import { Rollback } from '../base/rollback.ts';
import { Steps } from '../base/steps.ts';
import type { Services } from '../services.ts';
import { parsePodConfig } from '../spec/requests/parse-pod-config.ts';
import type { PodConfig } from '../spec/requests/pod-config.ts';
import type { PodRecord } from '../store/pod-record.ts';
import { podCgroupLimits } from './pod-cgroup.ts';

const updatePodSandboxResourcesSteps = ['cgroup', 'record'] as const;
type Step = (typeof updatePodSandboxResourcesSteps)[number];
type UpdateServices = Pick<Services, 'store' | 'cgroups' | 'locks'>;

export async function updatePodSandboxResources(
  services: UpdateServices,
  request: UpdatePodSandboxResourcesRequest,
  call: Call,
): Promise<UpdatePodSandboxResourcesResponseInit> {
  const { id } = services.store.pod(request.podSandboxId);
  // Not the pod's own lock, which CreateContainer and StopPodSandbox take for moments only.
  await services.locks.hold(`resources ${id}`, call.signal, async () => {
    await updateHeld(services, request, call);
  });
  return {};
}

async function updateHeld(
  services: UpdateServices,
  request: UpdatePodSandboxResourcesRequest,
  call: Call,
): Promise<void> {
  const pod = services.store.pod(request.podSandboxId);
  if (pod.state !== 'ready')
    throw failedPrecondition(
      'PodNotReady',
      `update pod "${pod.id}": expected a ready pod, it has been stopped`,
    );
  const linux = pod.config.linux ?? LinuxPodSandboxConfig.create({});
  const config = {
    ...pod.config,
    linux: {
      ...linux,
      overhead: request.overhead ?? linux.overhead,
      resources: request.resources ?? linux.resources,
    },
  };
  const checked = parsePodConfig(config);
  const log = call.log.child({ pod: pod.id });
  const steps = new Steps<Step>('UpdatePodSandboxResources', log);
  await using rollback = new Rollback((leak) =>
    log.error({ ...leak }, 'undo of UpdatePodSandboxResources failed'),
  );
  if (pod.isCgroupOurs)
    await steps.run('cgroup', async () => await limitOwnCgroup(services, { pod, config: checked }, rollback));
  await steps.run('record', async () => {
    await services.store.pods.update(pod.id, 'power-cut', (now) => ({ ...now, config }));
  });
  rollback.commit();
  steps.finish();
}

async function limitOwnCgroup(
  services: UpdateServices,
  { pod, config }: { readonly pod: PodRecord; readonly config: PodConfig },
  rollback: Rollback,
): Promise<void> {
  const limits = podCgroupLimits(config);
  if (limits === null) return;
  const path = absolutePath(pod.cgroupParent);
  const before = await services.cgroups.readLimits(path);
  rollback.defer('put limits back', async () => await services.cgroups.restoreLimits(path, before));
  try {
    await services.cgroups.applyResources(path, limits);
  } catch (cause) {
    throw unknown('UpdateFailed', `update pod "${pod.id}"`, { cause });
  }
}
