/**
 * The namespaces of a pod, held by bind mounts in its run directory and not by a process.
 */
import type { Rollback } from '../base/rollback.ts';
import type { NamespaceRequest } from '../kernel/kernel.ts';
import type { Services } from '../services.ts';
import type { PodRecord } from '../store/pod-record.ts';
import type { PodPaths } from '../store/paths.ts';
import type { PodInMaking } from './pod-files.ts';

type Pins = PodRecord['pins'];

export async function pinPodNamespaces(
  services: Pick<Services, 'kernel'>,
  pod: PodInMaking,
  rollback: Rollback,
): Promise<Pins> {
  const { namespaces, hostname, sysctls } = pod.plan;
  const pins: Pins = {
    net: namespaces.net === 'own' ? pod.paths.net : null,
    ipc: namespaces.ipc === 'own' ? pod.paths.ipc : null,
    uts: namespaces.uts === 'own' ? pod.paths.uts : null,
  };
  if (pins.net === null && pins.ipc === null && pins.uts === null) return pins;
  rollback.defer('unpin namespaces', async () => await unpinPodNamespaces(services, pod.paths));
  await services.kernel.createNamespaces({
    pins: present(pins),
    ...(pins.uts === null ? {} : { hostname }),
    sysctls,
  });
  return pins;
}

function present(pins: Pins): NamespaceRequest['pins'] {
  return {
    ...(pins.net === null ? {} : { net: pins.net }),
    ...(pins.ipc === null ? {} : { ipc: pins.ipc }),
    ...(pins.uts === null ? {} : { uts: pins.uts }),
  };
}

/** Lets go of a pod's namespaces: the kernel ends them when their last process has gone. Done already is done. */
export async function unpinPodNamespaces(services: Pick<Services, 'kernel'>, paths: PodPaths): Promise<void> {
  for (const path of [paths.net, paths.ipc, paths.uts]) await services.kernel.unpinNamespace(path);
}
