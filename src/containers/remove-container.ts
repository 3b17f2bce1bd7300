/**
 * RemoveContainer: ends it if it lives, then the runtime's state, the monitor's, the root file system, its volumes and the
 * run directory; its record goes last. Each step may be repeated. An unknown container is removed. The log stays: it is the
 * kubelet's. Source: CRI RemoveContainerRequest.
 */
import type { RemoveContainerRequest, RemoveContainerResponseInit } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import type { PodId } from '../base/ids.ts';
import { Steps } from '../base/steps.ts';
import type { Services } from '../services.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { removeContainerFiles } from './container-files.ts';

const removeContainerSteps = ['stop', 'runtime', 'monitor', 'rootfs', 'files', 'record'] as const;
type Step = (typeof removeContainerSteps)[number];

export type RemoveServices = Pick<
  Services,
  'store' | 'stops' | 'removals' | 'monitors' | 'terminals' | 'holds' | 'images' | 'paths' | 'kernel' | 'log'
>;

export async function removeContainer(
  services: RemoveServices,
  request: RemoveContainerRequest,
  call: Call,
): Promise<RemoveContainerResponseInit> {
  const record = services.store.containerOrNull(request.containerId);
  if (record !== null) await removeContainerRecord(services, record, call);
  return {};
}

export async function removeContainerRecord(
  services: RemoveServices,
  record: ContainerRecord,
  call: Call,
): Promise<void> {
  const { id } = record;
  const steps = new Steps<Step>('RemoveContainer', call.log.child({ container: id, pod: record.podId }));
  await steps.run('stop', async () => await services.stops.stop(record, 0, call.signal));
  await steps.run('runtime', async () => await services.removals.remove(record));
  await steps.run('monitor', async () => await forget(services, record));
  await steps.run('rootfs', async () => {
    await services.images.removeRootfs(id);
    await services.images.removeVolumes(id);
  });
  await steps.run('files', async () => await removeContainerFiles(services, id));
  await steps.run('record', async () => await services.store.containers.remove(id));
  services.removals.forget(id);
  steps.finish();
}

async function forget(services: RemoveServices, record: ContainerRecord): Promise<void> {
  services.terminals.close(record.id);
  services.holds.release(record.id);
  const slot = monitorSlot(services, record.podId);
  if (slot !== null) await services.monitors.forget(slot, record.id);
}

export function monitorSlot(services: Pick<Services, 'store'>, podId: PodId): string | null {
  return services.store.pods.get(podId)?.monitor ?? null;
}
