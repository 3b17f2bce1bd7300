/**
 * The namespaces of a pod, held by bind mounts in its run directory and not by a process.
 */
import type { Rollback } from '../base/rollback.ts';
import type { NamespaceKind, NamespaceRequest } from '../kernel/contract/namespaces.ts';
import { holdNamespaces } from '../runtime/namespace-holder.ts';
import type { Services } from '../services.ts';
import type { IdMap } from '../spec/requests/id-mapping.ts';
import type { PodRecord } from '../store/pod-record.ts';
import type { PodPaths } from '../store/paths.ts';
import type { PodInMaking } from './pod-files.ts';

type Pins = PodRecord['pins'];
type NamespaceServices = Pick<Services, 'kernel' | 'programs'>;

const kinds: readonly NamespaceKind[] = ['user', 'net', 'ipc', 'uts'];

export async function pinPodNamespaces(
  services: NamespaceServices,
  pod: PodInMaking,
  rollback: Rollback,
): Promise<Pins> {
  const { namespaces, hostname, sysctls } = pod.plan;
  const pins: Pins = {
    user: namespaces.user === null ? null : pod.paths.user,
    net: namespaces.net === 'own' ? pod.paths.net : null,
    ipc: namespaces.ipc === 'own' ? pod.paths.ipc : null,
    uts: namespaces.uts === 'own' ? pod.paths.uts : null,
  };
  const request: NamespaceRequest = {
    pins: present(pins),
    ...(pins.uts === null ? {} : { hostname }),
    sysctls,
  };
  if (Object.keys(request.pins).length === 0) return pins;
  rollback.defer('unpin namespaces', async () => await unpinPodNamespaces(services, pod.paths));
  if (namespaces.user === null) await services.kernel.createNamespaces(request);
  else await createOwned(services, request, namespaces.user);
  return pins;
}

/** A namespace belongs to the user namespace in which it was made: only then may the pod's root administer it. */
async function createOwned(
  services: NamespaceServices,
  request: NamespaceRequest,
  idMap: IdMap,
): Promise<void> {
  const others = kinds.filter((kind) => kind !== 'user').filter((kind) => request.pins[kind] !== undefined);
  await using holder = await holdNamespaces(services, { idMap, kinds: others });
  await services.kernel.createNamespaces({ ...request, holder: holder.pid });
}

function present(pins: Pins): NamespaceRequest['pins'] {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const path = pins[kind];
      return path === null ? [] : [[kind, path] as const];
    }),
  );
}

/** Lets go of a pod's namespaces: the kernel ends them when their last process has gone. Done already is done. */
export async function unpinPodNamespaces(services: Pick<Services, 'kernel'>, paths: PodPaths): Promise<void> {
  for (const kind of kinds) await services.kernel.unpinNamespace(paths[kind]);
}
