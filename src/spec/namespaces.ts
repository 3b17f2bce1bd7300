/**
 * Which namespaces a container enters, makes or shares with the host. Source: OCI config-linux.md, namespaces; CRI
 * NamespaceOption; cri.md 4.10.
 */
import { internal } from '../base/errors.ts';
import type { ContainerPidMode } from './requests/container-config.ts';
import type { IdMap, IdMapping } from './requests/id-mapping.ts';
import type { OciIdMapping, OciLinux, OciNamespace } from './oci-spec.ts';
import type { CgroupVersion } from './resources.ts';

/** The pod's namespaces as they are pinned: a path, or null where the pod has the host's. */
export type PodNamespacePaths = {
  readonly user: string | null;
  readonly net: string | null;
  readonly ipc: string | null;
  readonly uts: string | null;
  /** Of the pod's init; null unless the pod shares a PID namespace. */
  readonly pid: string | null;
};

export type NamespaceInput = {
  readonly pod: PodNamespacePaths;
  readonly pidMode: ContainerPidMode;
  /** Mode `target`: the other container's PID namespace (`/proc/PID/ns/pid`). */
  readonly targetPid: string | null;
  readonly cgroupVersion: CgroupVersion;
};

/** Mount and, on v2, cgroup namespaces are always the container's own. */
export function planNamespaces(input: NamespaceInput): readonly OciNamespace[] {
  return [
    { type: 'mount' },
    ...joined('user', input.pod.user),
    ...joined('network', input.pod.net),
    ...joined('ipc', input.pod.ipc),
    ...joined('uts', input.pod.uts),
    ...pidNamespace(input),
    ...(input.cgroupVersion === 'v2' ? [{ type: 'cgroup' } as const] : []),
  ];
}

/** For the runtimes, which do not ask the namespace that they join. Source: config-linux.md, user namespace mappings. */
export function ociIdMappings(map: IdMap | null): Pick<OciLinux, 'uidMappings' | 'gidMappings'> {
  if (map === null) return {};
  const oci = ({ containerId, hostId, length }: IdMapping): OciIdMapping => ({
    containerID: containerId,
    hostID: hostId,
    size: length,
  });
  return { uidMappings: map.uids.map(oci), gidMappings: map.gids.map(oci) };
}

function joined(type: 'user' | 'network' | 'ipc' | 'uts', path: string | null): readonly OciNamespace[] {
  return path === null ? [] : [{ type, path }];
}

function pidNamespace(input: NamespaceInput): readonly OciNamespace[] {
  switch (input.pidMode) {
    case 'host':
      return [];
    case 'container':
      return [{ type: 'pid' }];
    case 'pod':
      return [{ type: 'pid', path: present(input.pod.pid, 'the pod') }];
    case 'target':
      return [{ type: 'pid', path: present(input.targetPid, 'the target container') }];
    default:
      return input.pidMode satisfies never;
  }
}

/** An entry without a path would silently make a new namespace. */
function present(path: string | null, whose: string): string {
  if (path === null) throw internal('MissingNamespace', `plan PID namespace: no path of ${whose} was given`);
  return path;
}
