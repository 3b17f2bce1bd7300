/**
 * A PodSandboxConfig after checking: what the rest of the daemon may rely on. Only `parse-pod-config.ts` makes one.
 * Source: CRI PodSandboxConfig.
 */
import type { IdMap } from './id-mapping.ts';
import type { LinuxResources } from './linux-resources.ts';
import type { TextMap } from '../text-map.ts';
import type { SecurityProfile } from './security-profile.ts';

/** The identity of a pod: at most one pod exists with all four. */
export type PodMetadata = {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly attempt: number;
};

export type DnsConfig = {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
};

export type PortMapping = {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** 1..65535. */
  readonly containerPort: number;
  /** 0..65535; 0: no mapping. */
  readonly hostPort: number;
  /** An address, or "" for all. */
  readonly hostIp: string;
};

/** Which namespaces the pod shares with the host. */
export type PodNamespaces = {
  readonly net: 'own' | 'host';
  readonly ipc: 'own' | 'host';
  /** `pod`: one namespace for all containers; `container`: one each. */
  readonly pid: 'pod' | 'container' | 'host';
  /** Of the pod's own user namespace; null: the host's. */
  readonly user: IdMap | null;
};

export type SelinuxOptions = {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  readonly level: string;
};

/** Fields that act on a sandbox container (user, groups, read-only root) were checked and have nothing to act on here. */
export type PodSecurity = {
  readonly isPrivileged: boolean;
  readonly selinux: SelinuxOptions | null;
  readonly seccomp: SecurityProfile | null;
  readonly apparmor: SecurityProfile | null;
};

export type PodConfig = {
  readonly metadata: PodMetadata;
  /** Null: the node's name with host network, else one made from the pod's id. */
  readonly hostname: string | null;
  /** Absolute, in normal form; null: no logs are kept. */
  readonly logDirectory: string | null;
  readonly dns: DnsConfig | null;
  readonly portMappings: readonly PortMapping[];
  readonly labels: TextMap;
  readonly annotations: TextMap;
  /** As sent, without a trailing slash; null: none was named. */
  readonly cgroupParent: string | null;
  /** Dotted names; each is namespaced and its namespace is the pod's own. */
  readonly sysctls: readonly (readonly [name: string, value: string])[];
  readonly namespaces: PodNamespaces;
  readonly security: PodSecurity;
  readonly overhead: LinuxResources | null;
  readonly resources: LinuxResources | null;
};
