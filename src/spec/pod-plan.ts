/**
 * From a checked pod request to everything that RunPodSandbox has to make: namespaces, files, cgroup, network request. It
 * decides; it makes nothing.
 * Source: CRI PodSandboxConfig; cri.md 4.10 to 4.12.
 */
import type { PodId } from '../base/ids.ts';
import { type Bandwidth, planBandwidth } from './bandwidth.ts';
import { type CgroupPlace, planPodCgroup, type PodCgroup } from './cgroup-path.ts';
import type { PodConfig, PodNamespaces, PortMapping } from './requests/pod-config.ts';
import { resolvConf } from './resolv-conf.ts';
import { sysctlNamespace } from './sysctls.ts';

export type PodPlanOptions = {
  readonly podId: PodId;
  readonly cgroup: CgroupPlace;
  /** The node's own name; pods in the host's network have it. */
  readonly nodeName: string;
  /** Set in every pod that owns the namespace concerned, before the request's own. */
  readonly defaultSysctls: readonly (readonly [name: string, value: string])[];
};

export type PodPlan = {
  readonly podId: PodId;
  /** `net` host means the host's UTS namespace as well. */
  readonly namespaces: PodNamespaces & { readonly uts: 'own' | 'host' };
  /** What `hostname` prints in the pod. */
  readonly hostname: string;
  readonly sysctls: readonly (readonly [name: string, value: string])[];
  /** Null: a copy of the host's file. */
  readonly resolvConf: string | null;
  /** Content of /etc/hostname. */
  readonly hostnameFile: string;
  /** Size of the pod's own /dev/shm; null: the host's /dev/shm (host IPC). */
  readonly shmSizeBytes: bigint | null;
  readonly cgroup: PodCgroup;
  readonly isPrivileged: boolean;
  /** Those with a host port; empty in the host's network. */
  readonly portMappings: readonly PortMapping[];
  readonly bandwidth: Bandwidth | null;
};

const shmSizeBytes = 64n * 1024n * 1024n;

/** @throws InvalidCgroupParent, InvalidBandwidth */
export function planPod(config: PodConfig, options: PodPlanOptions): PodPlan {
  const isHostNetwork = config.namespaces.net === 'host';
  const hostname = config.hostname ?? (isHostNetwork ? options.nodeName : options.podId.slice(0, 12));
  return {
    podId: options.podId,
    namespaces: { ...config.namespaces, uts: config.namespaces.net },
    hostname,
    sysctls: planSysctls(config, options),
    resolvConf: resolvConf(config.dns),
    hostnameFile: `${hostname}\n`,
    shmSizeBytes: config.namespaces.ipc === 'own' ? shmSizeBytes : null,
    cgroup: planPodCgroup(options.cgroup, config.cgroupParent, options.podId),
    isPrivileged: config.security.isPrivileged,
    portMappings: isHostNetwork ? [] : config.portMappings.filter(({ hostPort }) => hostPort > 0),
    bandwidth: isHostNetwork ? null : planBandwidth(config.annotations),
  };
}

/** Defaults for namespaces that the pod owns, then the request's: a later value of one name wins. */
function planSysctls(config: PodConfig, options: PodPlanOptions): PodPlan['sysctls'] {
  const defaults = options.defaultSysctls.filter(([name]) => {
    const namespace = sysctlNamespace(name);
    return namespace !== null && config.namespaces[namespace] === 'own';
  });
  return [...new Map([...defaults, ...config.sysctls])];
}
