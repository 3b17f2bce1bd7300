/**
 * RemovePodSandbox: stops what still runs, removes the containers, then everything of the pod; its record goes last, so
 * that a removal that was cut off is found and finished. An unknown pod is removed.
 * Source: CRI RemovePodSandboxRequest.
 */
import type { RemovePodSandboxRequest, RemovePodSandboxResponseInit } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { absolutePath } from '../base/ids.ts';
import { Steps } from '../base/steps.ts';
import { removeContainerRecord, type RemoveServices } from '../containers/remove-container.ts';
import type { PodRecord } from '../store/pod-record.ts';
import { removePodFiles } from './pod-files.ts';
import { stopPod, type StopServices } from './stop-pod-sandbox.ts';

const removePodSandboxSteps = ['stop', 'containers', 'cgroup', 'files', 'record'] as const;
type Step = (typeof removePodSandboxSteps)[number];

export async function removePodSandbox(
  services: StopServices & RemoveServices,
  request: RemovePodSandboxRequest,
  call: Call,
): Promise<RemovePodSandboxResponseInit> {
  const pod = services.store.podOrNull(request.podSandboxId);
  if (pod !== null) await removePod(services, pod, call);
  return {};
}

async function removePod(services: StopServices & RemoveServices, pod: PodRecord, call: Call): Promise<void> {
  const steps = new Steps<Step>('RemovePodSandbox', call.log.child({ pod: pod.id }));
  await steps.run('stop', async () => await stopPod(services, pod, { call, graceMs: 0 }));
  await steps.run('containers', async () => {
    const removals = services.store
      .containersOf(pod.id)
      .map(async (record) => await removeContainerRecord(services, record, call));
    const failed = (await Promise.allSettled(removals)).find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  });
  await steps.run('cgroup', async () => {
    if (pod.isCgroupOurs) await services.cgroups.remove(absolutePath(pod.cgroupParent));
  });
  await steps.run('files', async () => await removePodFiles(services, services.paths.pod(pod.id)));
  await steps.run('record', async () => await services.store.pods.remove(pod.id));
  steps.finish();
  await services.monitors.trim();
}
