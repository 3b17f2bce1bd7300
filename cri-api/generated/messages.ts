// Written by `node cri-api/generate.ts` from cri-api/runtime-v1/*.proto. Do not edit.
import { type Codec, makeCodec } from '../wire/codec.ts';
import type { FieldTable } from '../wire/json.ts';
import { type Draft, type WireReader, emptyBytes, emptyList, emptyMap } from '../wire/reader.ts';
import type { WireWriter } from '../wire/writer.ts';

export const Protocol = {
  TCP: 0,
  UDP: 1,
  SCTP: 2,
} as const;
/** A value of `Protocol`, or a number that this version of the CRI does not know. */
export type Protocol = number;

export const MountPropagation = {
  PROPAGATION_PRIVATE: 0,
  PROPAGATION_HOST_TO_CONTAINER: 1,
  PROPAGATION_BIDIRECTIONAL: 2,
} as const;
/** A value of `MountPropagation`, or a number that this version of the CRI does not know. */
export type MountPropagation = number;

export const ContainerState = {
  CONTAINER_CREATED: 0,
  CONTAINER_RUNNING: 1,
  CONTAINER_EXITED: 2,
  CONTAINER_UNKNOWN: 3,
} as const;
/** A value of `ContainerState`, or a number that this version of the CRI does not know. */
export type ContainerState = number;

export const MetricType = {
  COUNTER: 0,
  GAUGE: 1,
} as const;
/** A value of `MetricType`, or a number that this version of the CRI does not know. */
export type MetricType = number;

export const CgroupDriver = {
  SYSTEMD: 0,
  CGROUPFS: 1,
} as const;
/** A value of `CgroupDriver`, or a number that this version of the CRI does not know. */
export type CgroupDriver = number;

export const ContainerEventType = {
  CONTAINER_CREATED_EVENT: 0,
  CONTAINER_STARTED_EVENT: 1,
  CONTAINER_STOPPED_EVENT: 2,
  CONTAINER_DELETED_EVENT: 3,
} as const;
/** A value of `ContainerEventType`, or a number that this version of the CRI does not know. */
export type ContainerEventType = number;

export const PodSandboxState = {
  SANDBOX_READY: 0,
  SANDBOX_NOTREADY: 1,
} as const;
/** A value of `PodSandboxState`, or a number that this version of the CRI does not know. */
export type PodSandboxState = number;

export const NamespaceMode = {
  POD: 0,
  CONTAINER: 1,
  NODE: 2,
  TARGET: 3,
} as const;
/** A value of `NamespaceMode`, or a number that this version of the CRI does not know. */
export type NamespaceMode = number;

export const ProfileType = {
  RuntimeDefault: 0,
  Unconfined: 1,
  Localhost: 2,
} as const;
/** A value of `ProfileType`, or a number that this version of the CRI does not know. */
export type ProfileType = number;

export const SupplementalGroupsPolicy = {
  Merge: 0,
  Strict: 1,
} as const;
/** A value of `SupplementalGroupsPolicy`, or a number that this version of the CRI does not know. */
export type SupplementalGroupsPolicy = number;

export const Signal = {
  SIGNAL_RUNTIME_DEFAULT: 0,
  SIGNAL_SIGABRT: 1,
  SIGNAL_SIGALRM: 2,
  SIGNAL_SIGBUS: 3,
  SIGNAL_SIGCHLD: 4,
  SIGNAL_SIGCLD: 5,
  SIGNAL_SIGCONT: 6,
  SIGNAL_SIGFPE: 7,
  SIGNAL_SIGHUP: 8,
  SIGNAL_SIGILL: 9,
  SIGNAL_SIGINT: 10,
  SIGNAL_SIGIO: 11,
  SIGNAL_SIGIOT: 12,
  SIGNAL_SIGKILL: 13,
  SIGNAL_SIGPIPE: 14,
  SIGNAL_SIGPOLL: 15,
  SIGNAL_SIGPROF: 16,
  SIGNAL_SIGPWR: 17,
  SIGNAL_SIGQUIT: 18,
  SIGNAL_SIGSEGV: 19,
  SIGNAL_SIGSTKFLT: 20,
  SIGNAL_SIGSTOP: 21,
  SIGNAL_SIGSYS: 22,
  SIGNAL_SIGTERM: 23,
  SIGNAL_SIGTRAP: 24,
  SIGNAL_SIGTSTP: 25,
  SIGNAL_SIGTTIN: 26,
  SIGNAL_SIGTTOU: 27,
  SIGNAL_SIGURG: 28,
  SIGNAL_SIGUSR1: 29,
  SIGNAL_SIGUSR2: 30,
  SIGNAL_SIGVTALRM: 31,
  SIGNAL_SIGWINCH: 32,
  SIGNAL_SIGXCPU: 33,
  SIGNAL_SIGXFSZ: 34,
  SIGNAL_SIGRTMIN: 35,
  SIGNAL_SIGRTMINPLUS1: 36,
  SIGNAL_SIGRTMINPLUS2: 37,
  SIGNAL_SIGRTMINPLUS3: 38,
  SIGNAL_SIGRTMINPLUS4: 39,
  SIGNAL_SIGRTMINPLUS5: 40,
  SIGNAL_SIGRTMINPLUS6: 41,
  SIGNAL_SIGRTMINPLUS7: 42,
  SIGNAL_SIGRTMINPLUS8: 43,
  SIGNAL_SIGRTMINPLUS9: 44,
  SIGNAL_SIGRTMINPLUS10: 45,
  SIGNAL_SIGRTMINPLUS11: 46,
  SIGNAL_SIGRTMINPLUS12: 47,
  SIGNAL_SIGRTMINPLUS13: 48,
  SIGNAL_SIGRTMINPLUS14: 49,
  SIGNAL_SIGRTMINPLUS15: 50,
  SIGNAL_SIGRTMAXMINUS14: 51,
  SIGNAL_SIGRTMAXMINUS13: 52,
  SIGNAL_SIGRTMAXMINUS12: 53,
  SIGNAL_SIGRTMAXMINUS11: 54,
  SIGNAL_SIGRTMAXMINUS10: 55,
  SIGNAL_SIGRTMAXMINUS9: 56,
  SIGNAL_SIGRTMAXMINUS8: 57,
  SIGNAL_SIGRTMAXMINUS7: 58,
  SIGNAL_SIGRTMAXMINUS6: 59,
  SIGNAL_SIGRTMAXMINUS5: 60,
  SIGNAL_SIGRTMAXMINUS4: 61,
  SIGNAL_SIGRTMAXMINUS3: 62,
  SIGNAL_SIGRTMAXMINUS2: 63,
  SIGNAL_SIGRTMAXMINUS1: 64,
  SIGNAL_SIGRTMAX: 65,
} as const;
/** A value of `Signal`, or a number that this version of the CRI does not know. */
export type Signal = number;

export type PodSandboxConfig = {
  readonly metadata: PodSandboxMetadata | null;
  readonly hostname: string;
  readonly logDirectory: string;
  readonly dnsConfig: DNSConfig | null;
  readonly portMappings: readonly PortMapping[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly linux: LinuxPodSandboxConfig | null;
  readonly windows: WindowsPodSandboxConfig | null;
};
/** For encoding: every field of `PodSandboxConfig` may be left out. */
export type PodSandboxConfigInit = {
  readonly metadata?: PodSandboxMetadataInit | null;
  readonly hostname?: string;
  readonly logDirectory?: string;
  readonly dnsConfig?: DNSConfigInit | null;
  readonly portMappings?: readonly PortMappingInit[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly linux?: LinuxPodSandboxConfigInit | null;
  readonly windows?: WindowsPodSandboxConfigInit | null;
};
/** Codec of `runtime.v1.PodSandboxConfig`. */
export const PodSandboxConfig: Codec<PodSandboxConfig, PodSandboxConfigInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxConfig', fields: fieldsOfPodSandboxConfig },
  read: readPodSandboxConfig,
  write: writePodSandboxConfig,
});
function readPodSandboxConfig(r: WireReader, m: Draft<PodSandboxConfig> = newPodSandboxConfig()): PodSandboxConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.metadata = r.message(readPodSandboxMetadata, m.metadata);
        break;
      case 18:
        m.hostname = r.string();
        break;
      case 26:
        m.logDirectory = r.string();
        break;
      case 34:
        m.dnsConfig = r.message(readDNSConfig, m.dnsConfig);
        break;
      case 42:
        m.portMappings = r.append(m.portMappings, r.message(readPortMapping, null));
        break;
      case 50:
        m.labels = r.entry(m.labels);
        break;
      case 58:
        m.annotations = r.entry(m.annotations);
        break;
      case 66:
        m.linux = r.message(readLinuxPodSandboxConfig, m.linux);
        break;
      case 74:
        m.windows = r.message(readWindowsPodSandboxConfig, m.windows);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxConfig(): Draft<PodSandboxConfig> {
  return {
    metadata: null,
    hostname: '',
    logDirectory: '',
    dnsConfig: null,
    portMappings: emptyList,
    labels: emptyMap,
    annotations: emptyMap,
    linux: null,
    windows: null,
  };
}
function writePodSandboxConfig(w: WireWriter, m: PodSandboxConfigInit): void {
  w.message(10, m.metadata, writePodSandboxMetadata);
  w.string(18, m.hostname);
  w.string(26, m.logDirectory);
  w.message(34, m.dnsConfig, writeDNSConfig);
  w.messages(42, m.portMappings, writePortMapping);
  w.map(50, m.labels);
  w.map(58, m.annotations);
  w.message(66, m.linux, writeLinuxPodSandboxConfig);
  w.message(74, m.windows, writeWindowsPodSandboxConfig);
}
function fieldsOfPodSandboxConfig(): readonly FieldTable[] {
  return [
    one('metadata', 'metadata', { name: 'runtime.v1.PodSandboxMetadata', fields: fieldsOfPodSandboxMetadata }),
    one('hostname', 'hostname', 'string'),
    one('logDirectory', 'log_directory', 'string'),
    one('dnsConfig', 'dns_config', { name: 'runtime.v1.DNSConfig', fields: fieldsOfDNSConfig }),
    list('portMappings', 'port_mappings', { name: 'runtime.v1.PortMapping', fields: fieldsOfPortMapping }),
    map('labels', 'labels'),
    map('annotations', 'annotations'),
    one('linux', 'linux', { name: 'runtime.v1.LinuxPodSandboxConfig', fields: fieldsOfLinuxPodSandboxConfig }),
    one('windows', 'windows', { name: 'runtime.v1.WindowsPodSandboxConfig', fields: fieldsOfWindowsPodSandboxConfig }),
  ];
}

export type DNSConfig = {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
};
/** For encoding: every field of `DNSConfig` may be left out. */
export type DNSConfigInit = {
  readonly servers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly string[];
};
/** Codec of `runtime.v1.DNSConfig`. */
export const DNSConfig: Codec<DNSConfig, DNSConfigInit> = makeCodec({
  table: { name: 'runtime.v1.DNSConfig', fields: fieldsOfDNSConfig },
  read: readDNSConfig,
  write: writeDNSConfig,
});
function readDNSConfig(r: WireReader, m: Draft<DNSConfig> = newDNSConfig()): DNSConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.servers = r.append(m.servers, r.string());
        break;
      case 18:
        m.searches = r.append(m.searches, r.string());
        break;
      case 26:
        m.options = r.append(m.options, r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newDNSConfig(): Draft<DNSConfig> {
  return {
    servers: emptyList,
    searches: emptyList,
    options: emptyList,
  };
}
function writeDNSConfig(w: WireWriter, m: DNSConfigInit): void {
  w.strings(10, m.servers);
  w.strings(18, m.searches);
  w.strings(26, m.options);
}
function fieldsOfDNSConfig(): readonly FieldTable[] {
  return [
    list('servers', 'servers', 'string'),
    list('searches', 'searches', 'string'),
    list('options', 'options', 'string'),
  ];
}

export type PortMapping = {
  readonly protocol: Protocol;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly hostIp: string;
};
/** For encoding: every field of `PortMapping` may be left out. */
export type PortMappingInit = {
  readonly protocol?: Protocol;
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly hostIp?: string;
};
/** Codec of `runtime.v1.PortMapping`. */
export const PortMapping: Codec<PortMapping, PortMappingInit> = makeCodec({
  table: { name: 'runtime.v1.PortMapping', fields: fieldsOfPortMapping },
  read: readPortMapping,
  write: writePortMapping,
});
function readPortMapping(r: WireReader, m: Draft<PortMapping> = newPortMapping()): PortMapping {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.protocol = r.int32();
        break;
      case 16:
        m.containerPort = r.int32();
        break;
      case 24:
        m.hostPort = r.int32();
        break;
      case 34:
        m.hostIp = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPortMapping(): Draft<PortMapping> {
  return {
    protocol: 0,
    containerPort: 0,
    hostPort: 0,
    hostIp: '',
  };
}
function writePortMapping(w: WireWriter, m: PortMappingInit): void {
  w.int32(8, m.protocol);
  w.int32(16, m.containerPort);
  w.int32(24, m.hostPort);
  w.string(34, m.hostIp);
}
function fieldsOfPortMapping(): readonly FieldTable[] {
  return [
    one('protocol', 'protocol', 'enum'),
    one('containerPort', 'container_port', 'int32'),
    one('hostPort', 'host_port', 'int32'),
    one('hostIp', 'host_ip', 'string'),
  ];
}

export type LinuxPodSandboxConfig = {
  readonly cgroupParent: string;
  readonly securityContext: LinuxSandboxSecurityContext | null;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly overhead: LinuxContainerResources | null;
  readonly resources: LinuxContainerResources | null;
};
/** For encoding: every field of `LinuxPodSandboxConfig` may be left out. */
export type LinuxPodSandboxConfigInit = {
  readonly cgroupParent?: string;
  readonly securityContext?: LinuxSandboxSecurityContextInit | null;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly overhead?: LinuxContainerResourcesInit | null;
  readonly resources?: LinuxContainerResourcesInit | null;
};
/** Codec of `runtime.v1.LinuxPodSandboxConfig`. */
export const LinuxPodSandboxConfig: Codec<LinuxPodSandboxConfig, LinuxPodSandboxConfigInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxPodSandboxConfig', fields: fieldsOfLinuxPodSandboxConfig },
  read: readLinuxPodSandboxConfig,
  write: writeLinuxPodSandboxConfig,
});
function readLinuxPodSandboxConfig(r: WireReader, m: Draft<LinuxPodSandboxConfig> = newLinuxPodSandboxConfig()): LinuxPodSandboxConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.cgroupParent = r.string();
        break;
      case 18:
        m.securityContext = r.message(readLinuxSandboxSecurityContext, m.securityContext);
        break;
      case 26:
        m.sysctls = r.entry(m.sysctls);
        break;
      case 34:
        m.overhead = r.message(readLinuxContainerResources, m.overhead);
        break;
      case 42:
        m.resources = r.message(readLinuxContainerResources, m.resources);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newLinuxPodSandboxConfig(): Draft<LinuxPodSandboxConfig> {
  return {
    cgroupParent: '',
    securityContext: null,
    sysctls: emptyMap,
    overhead: null,
    resources: null,
  };
}
function writeLinuxPodSandboxConfig(w: WireWriter, m: LinuxPodSandboxConfigInit): void {
  w.string(10, m.cgroupParent);
  w.message(18, m.securityContext, writeLinuxSandboxSecurityContext);
  w.map(26, m.sysctls);
  w.message(34, m.overhead, writeLinuxContainerResources);
  w.message(42, m.resources, writeLinuxContainerResources);
}
function fieldsOfLinuxPodSandboxConfig(): readonly FieldTable[] {
  return [
    one('cgroupParent', 'cgroup_parent', 'string'),
    one('securityContext', 'security_context', { name: 'runtime.v1.LinuxSandboxSecurityContext', fields: fieldsOfLinuxSandboxSecurityContext }),
    map('sysctls', 'sysctls'),
    one('overhead', 'overhead', { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources }),
    one('resources', 'resources', { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources }),
  ];
}

export type LinuxSandboxSecurityContext = {
  readonly namespaceOptions: NamespaceOption | null;
  readonly selinuxOptions: SELinuxOption | null;
  readonly runAsUser: Int64Value | null;
  readonly readonlyRootfs: boolean;
  readonly supplementalGroups: readonly bigint[];
  readonly privileged: boolean;
  /** @deprecated */
  readonly seccompProfilePath: string;
  readonly runAsGroup: Int64Value | null;
  readonly seccomp: SecurityProfile | null;
  readonly apparmor: SecurityProfile | null;
  readonly supplementalGroupsPolicy: SupplementalGroupsPolicy;
};
/** For encoding: every field of `LinuxSandboxSecurityContext` may be left out. */
export type LinuxSandboxSecurityContextInit = {
  readonly namespaceOptions?: NamespaceOptionInit | null;
  readonly selinuxOptions?: SELinuxOptionInit | null;
  readonly runAsUser?: Int64ValueInit | null;
  readonly readonlyRootfs?: boolean;
  readonly supplementalGroups?: readonly bigint[];
  readonly privileged?: boolean;
  readonly seccompProfilePath?: string;
  readonly runAsGroup?: Int64ValueInit | null;
  readonly seccomp?: SecurityProfileInit | null;
  readonly apparmor?: SecurityProfileInit | null;
  readonly supplementalGroupsPolicy?: SupplementalGroupsPolicy;
};
/** Codec of `runtime.v1.LinuxSandboxSecurityContext`. */
export const LinuxSandboxSecurityContext: Codec<LinuxSandboxSecurityContext, LinuxSandboxSecurityContextInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxSandboxSecurityContext', fields: fieldsOfLinuxSandboxSecurityContext },
  read: readLinuxSandboxSecurityContext,
  write: writeLinuxSandboxSecurityContext,
});
function readLinuxSandboxSecurityContext(r: WireReader, m: Draft<LinuxSandboxSecurityContext> = newLinuxSandboxSecurityContext()): LinuxSandboxSecurityContext {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.namespaceOptions = r.message(readNamespaceOption, m.namespaceOptions);
        break;
      case 18:
        m.selinuxOptions = r.message(readSELinuxOption, m.selinuxOptions);
        break;
      case 26:
        m.runAsUser = r.message(readInt64Value, m.runAsUser);
        break;
      case 32:
        m.readonlyRootfs = r.bool();
        break;
      case 42:
        m.supplementalGroups = r.packed(m.supplementalGroups, (packed) => packed.int64());
        break;
      case 40:
        m.supplementalGroups = r.append(m.supplementalGroups, r.int64());
        break;
      case 48:
        m.privileged = r.bool();
        break;
      case 58:
        m.seccompProfilePath = r.string();
        break;
      case 66:
        m.runAsGroup = r.message(readInt64Value, m.runAsGroup);
        break;
      case 74:
        m.seccomp = r.message(readSecurityProfile, m.seccomp);
        break;
      case 82:
        m.apparmor = r.message(readSecurityProfile, m.apparmor);
        break;
      case 88:
        m.supplementalGroupsPolicy = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newLinuxSandboxSecurityContext(): Draft<LinuxSandboxSecurityContext> {
  return {
    namespaceOptions: null,
    selinuxOptions: null,
    runAsUser: null,
    readonlyRootfs: false,
    supplementalGroups: emptyList,
    privileged: false,
    seccompProfilePath: '',
    runAsGroup: null,
    seccomp: null,
    apparmor: null,
    supplementalGroupsPolicy: 0,
  };
}
function writeLinuxSandboxSecurityContext(w: WireWriter, m: LinuxSandboxSecurityContextInit): void {
  w.message(10, m.namespaceOptions, writeNamespaceOption);
  w.message(18, m.selinuxOptions, writeSELinuxOption);
  w.message(26, m.runAsUser, writeInt64Value);
  w.bool(32, m.readonlyRootfs);
  w.int64s(42, m.supplementalGroups);
  w.bool(48, m.privileged);
  w.string(58, m.seccompProfilePath);
  w.message(66, m.runAsGroup, writeInt64Value);
  w.message(74, m.seccomp, writeSecurityProfile);
  w.message(82, m.apparmor, writeSecurityProfile);
  w.int32(88, m.supplementalGroupsPolicy);
}
function fieldsOfLinuxSandboxSecurityContext(): readonly FieldTable[] {
  return [
    one('namespaceOptions', 'namespace_options', { name: 'runtime.v1.NamespaceOption', fields: fieldsOfNamespaceOption }),
    one('selinuxOptions', 'selinux_options', { name: 'runtime.v1.SELinuxOption', fields: fieldsOfSELinuxOption }),
    one('runAsUser', 'run_as_user', { name: 'runtime.v1.Int64Value', fields: fieldsOfInt64Value }),
    one('readonlyRootfs', 'readonly_rootfs', 'bool'),
    list('supplementalGroups', 'supplemental_groups', 'int64'),
    one('privileged', 'privileged', 'bool'),
    one('seccompProfilePath', 'seccomp_profile_path', 'string'),
    one('runAsGroup', 'run_as_group', { name: 'runtime.v1.Int64Value', fields: fieldsOfInt64Value }),
    one('seccomp', 'seccomp', { name: 'runtime.v1.SecurityProfile', fields: fieldsOfSecurityProfile }),
    one('apparmor', 'apparmor', { name: 'runtime.v1.SecurityProfile', fields: fieldsOfSecurityProfile }),
    one('supplementalGroupsPolicy', 'supplemental_groups_policy', 'enum'),
  ];
}

export type ContainerConfig = {
  readonly metadata: ContainerMetadata | null;
  readonly image: ImageSpec | null;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly envs: readonly KeyValue[];
  readonly mounts: readonly Mount[];
  readonly devices: readonly Device[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly logPath: string;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly linux: LinuxContainerConfig | null;
  readonly windows: WindowsContainerConfig | null;
  readonly cdiDevices: readonly CDIDevice[];
  readonly stopSignal: Signal;
};
/** For encoding: every field of `ContainerConfig` may be left out. */
export type ContainerConfigInit = {
  readonly metadata?: ContainerMetadataInit | null;
  readonly image?: ImageSpecInit | null;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly envs?: readonly KeyValueInit[];
  readonly mounts?: readonly MountInit[];
  readonly devices?: readonly DeviceInit[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly logPath?: string;
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly tty?: boolean;
  readonly linux?: LinuxContainerConfigInit | null;
  readonly windows?: WindowsContainerConfigInit | null;
  readonly cdiDevices?: readonly CDIDeviceInit[];
  readonly stopSignal?: Signal;
};
/** Codec of `runtime.v1.ContainerConfig`. */
export const ContainerConfig: Codec<ContainerConfig, ContainerConfigInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerConfig', fields: fieldsOfContainerConfig },
  read: readContainerConfig,
  write: writeContainerConfig,
});
function readContainerConfig(r: WireReader, m: Draft<ContainerConfig> = newContainerConfig()): ContainerConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.metadata = r.message(readContainerMetadata, m.metadata);
        break;
      case 18:
        m.image = r.message(readImageSpec, m.image);
        break;
      case 26:
        m.command = r.append(m.command, r.string());
        break;
      case 34:
        m.args = r.append(m.args, r.string());
        break;
      case 42:
        m.workingDir = r.string();
        break;
      case 50:
        m.envs = r.append(m.envs, r.message(readKeyValue, null));
        break;
      case 58:
        m.mounts = r.append(m.mounts, r.message(readMount, null));
        break;
      case 66:
        m.devices = r.append(m.devices, r.message(readDevice, null));
        break;
      case 74:
        m.labels = r.entry(m.labels);
        break;
      case 82:
        m.annotations = r.entry(m.annotations);
        break;
      case 90:
        m.logPath = r.string();
        break;
      case 96:
        m.stdin = r.bool();
        break;
      case 104:
        m.stdinOnce = r.bool();
        break;
      case 112:
        m.tty = r.bool();
        break;
      case 122:
        m.linux = r.message(readLinuxContainerConfig, m.linux);
        break;
      case 130:
        m.windows = r.message(readWindowsContainerConfig, m.windows);
        break;
      case 138:
        m.cdiDevices = r.append(m.cdiDevices, r.message(readCDIDevice, null));
        break;
      case 144:
        m.stopSignal = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerConfig(): Draft<ContainerConfig> {
  return {
    metadata: null,
    image: null,
    command: emptyList,
    args: emptyList,
    workingDir: '',
    envs: emptyList,
    mounts: emptyList,
    devices: emptyList,
    labels: emptyMap,
    annotations: emptyMap,
    logPath: '',
    stdin: false,
    stdinOnce: false,
    tty: false,
    linux: null,
    windows: null,
    cdiDevices: emptyList,
    stopSignal: 0,
  };
}
function writeContainerConfig(w: WireWriter, m: ContainerConfigInit): void {
  w.message(10, m.metadata, writeContainerMetadata);
  w.message(18, m.image, writeImageSpec);
  w.strings(26, m.command);
  w.strings(34, m.args);
  w.string(42, m.workingDir);
  w.messages(50, m.envs, writeKeyValue);
  w.messages(58, m.mounts, writeMount);
  w.messages(66, m.devices, writeDevice);
  w.map(74, m.labels);
  w.map(82, m.annotations);
  w.string(90, m.logPath);
  w.bool(96, m.stdin);
  w.bool(104, m.stdinOnce);
  w.bool(112, m.tty);
  w.message(122, m.linux, writeLinuxContainerConfig);
  w.message(130, m.windows, writeWindowsContainerConfig);
  w.messages(138, m.cdiDevices, writeCDIDevice);
  w.int32(144, m.stopSignal);
}
function fieldsOfContainerConfig(): readonly FieldTable[] {
  return [
    one('metadata', 'metadata', { name: 'runtime.v1.ContainerMetadata', fields: fieldsOfContainerMetadata }),
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
    list('command', 'command', 'string'),
    list('args', 'args', 'string'),
    one('workingDir', 'working_dir', 'string'),
    list('envs', 'envs', { name: 'runtime.v1.KeyValue', fields: fieldsOfKeyValue }),
    list('mounts', 'mounts', { name: 'runtime.v1.Mount', fields: fieldsOfMount }),
    list('devices', 'devices', { name: 'runtime.v1.Device', fields: fieldsOfDevice }),
    map('labels', 'labels'),
    map('annotations', 'annotations'),
    one('logPath', 'log_path', 'string'),
    one('stdin', 'stdin', 'bool'),
    one('stdinOnce', 'stdin_once', 'bool'),
    one('tty', 'tty', 'bool'),
    one('linux', 'linux', { name: 'runtime.v1.LinuxContainerConfig', fields: fieldsOfLinuxContainerConfig }),
    one('windows', 'windows', { name: 'runtime.v1.WindowsContainerConfig', fields: fieldsOfWindowsContainerConfig }),
    list('cdiDevices', 'CDI_devices', { name: 'runtime.v1.CDIDevice', fields: fieldsOfCDIDevice }),
    one('stopSignal', 'stop_signal', 'enum'),
  ];
}

export type Mount = {
  readonly containerPath: string;
  readonly hostPath: string;
  readonly readonly: boolean;
  readonly selinuxRelabel: boolean;
  readonly propagation: MountPropagation;
  readonly uidMappings: readonly IDMapping[];
  readonly gidMappings: readonly IDMapping[];
  readonly recursiveReadOnly: boolean;
  readonly image: ImageSpec | null;
  readonly imageSubPath: string;
  readonly mountOptions: readonly string[];
};
/** For encoding: every field of `Mount` may be left out. */
export type MountInit = {
  readonly containerPath?: string;
  readonly hostPath?: string;
  readonly readonly?: boolean;
  readonly selinuxRelabel?: boolean;
  readonly propagation?: MountPropagation;
  readonly uidMappings?: readonly IDMappingInit[];
  readonly gidMappings?: readonly IDMappingInit[];
  readonly recursiveReadOnly?: boolean;
  readonly image?: ImageSpecInit | null;
  readonly imageSubPath?: string;
  readonly mountOptions?: readonly string[];
};
/** Codec of `runtime.v1.Mount`. */
export const Mount: Codec<Mount, MountInit> = makeCodec({
  table: { name: 'runtime.v1.Mount', fields: fieldsOfMount },
  read: readMount,
  write: writeMount,
});
function readMount(r: WireReader, m: Draft<Mount> = newMount()): Mount {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerPath = r.string();
        break;
      case 18:
        m.hostPath = r.string();
        break;
      case 24:
        m.readonly = r.bool();
        break;
      case 32:
        m.selinuxRelabel = r.bool();
        break;
      case 40:
        m.propagation = r.int32();
        break;
      case 50:
        m.uidMappings = r.append(m.uidMappings, r.message(readIDMapping, null));
        break;
      case 58:
        m.gidMappings = r.append(m.gidMappings, r.message(readIDMapping, null));
        break;
      case 64:
        m.recursiveReadOnly = r.bool();
        break;
      case 74:
        m.image = r.message(readImageSpec, m.image);
        break;
      case 82:
        m.imageSubPath = r.string();
        break;
      case 90:
        m.mountOptions = r.append(m.mountOptions, r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newMount(): Draft<Mount> {
  return {
    containerPath: '',
    hostPath: '',
    readonly: false,
    selinuxRelabel: false,
    propagation: 0,
    uidMappings: emptyList,
    gidMappings: emptyList,
    recursiveReadOnly: false,
    image: null,
    imageSubPath: '',
    mountOptions: emptyList,
  };
}
function writeMount(w: WireWriter, m: MountInit): void {
  w.string(10, m.containerPath);
  w.string(18, m.hostPath);
  w.bool(24, m.readonly);
  w.bool(32, m.selinuxRelabel);
  w.int32(40, m.propagation);
  w.messages(50, m.uidMappings, writeIDMapping);
  w.messages(58, m.gidMappings, writeIDMapping);
  w.bool(64, m.recursiveReadOnly);
  w.message(74, m.image, writeImageSpec);
  w.string(82, m.imageSubPath);
  w.strings(90, m.mountOptions);
}
function fieldsOfMount(): readonly FieldTable[] {
  return [
    one('containerPath', 'container_path', 'string'),
    one('hostPath', 'host_path', 'string'),
    one('readonly', 'readonly', 'bool'),
    one('selinuxRelabel', 'selinux_relabel', 'bool'),
    one('propagation', 'propagation', 'enum'),
    list('uidMappings', 'uidMappings', { name: 'runtime.v1.IDMapping', fields: fieldsOfIDMapping }),
    list('gidMappings', 'gidMappings', { name: 'runtime.v1.IDMapping', fields: fieldsOfIDMapping }),
    one('recursiveReadOnly', 'recursive_read_only', 'bool'),
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
    one('imageSubPath', 'image_sub_path', 'string'),
    list('mountOptions', 'mount_options', 'string'),
  ];
}

export type Device = {
  readonly containerPath: string;
  readonly hostPath: string;
  readonly permissions: string;
};
/** For encoding: every field of `Device` may be left out. */
export type DeviceInit = {
  readonly containerPath?: string;
  readonly hostPath?: string;
  readonly permissions?: string;
};
/** Codec of `runtime.v1.Device`. */
export const Device: Codec<Device, DeviceInit> = makeCodec({
  table: { name: 'runtime.v1.Device', fields: fieldsOfDevice },
  read: readDevice,
  write: writeDevice,
});
function readDevice(r: WireReader, m: Draft<Device> = newDevice()): Device {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerPath = r.string();
        break;
      case 18:
        m.hostPath = r.string();
        break;
      case 26:
        m.permissions = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newDevice(): Draft<Device> {
  return {
    containerPath: '',
    hostPath: '',
    permissions: '',
  };
}
function writeDevice(w: WireWriter, m: DeviceInit): void {
  w.string(10, m.containerPath);
  w.string(18, m.hostPath);
  w.string(26, m.permissions);
}
function fieldsOfDevice(): readonly FieldTable[] {
  return [
    one('containerPath', 'container_path', 'string'),
    one('hostPath', 'host_path', 'string'),
    one('permissions', 'permissions', 'string'),
  ];
}

export type CDIDevice = {
  readonly name: string;
};
/** For encoding: every field of `CDIDevice` may be left out. */
export type CDIDeviceInit = {
  readonly name?: string;
};
/** Codec of `runtime.v1.CDIDevice`. */
export const CDIDevice: Codec<CDIDevice, CDIDeviceInit> = makeCodec({
  table: { name: 'runtime.v1.CDIDevice', fields: fieldsOfCDIDevice },
  read: readCDIDevice,
  write: writeCDIDevice,
});
function readCDIDevice(r: WireReader, m: Draft<CDIDevice> = newCDIDevice()): CDIDevice {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newCDIDevice(): Draft<CDIDevice> {
  return {
    name: '',
  };
}
function writeCDIDevice(w: WireWriter, m: CDIDeviceInit): void {
  w.string(10, m.name);
}
function fieldsOfCDIDevice(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
  ];
}

export type LinuxContainerConfig = {
  readonly resources: LinuxContainerResources | null;
  readonly securityContext: LinuxContainerSecurityContext | null;
};
/** For encoding: every field of `LinuxContainerConfig` may be left out. */
export type LinuxContainerConfigInit = {
  readonly resources?: LinuxContainerResourcesInit | null;
  readonly securityContext?: LinuxContainerSecurityContextInit | null;
};
/** Codec of `runtime.v1.LinuxContainerConfig`. */
export const LinuxContainerConfig: Codec<LinuxContainerConfig, LinuxContainerConfigInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxContainerConfig', fields: fieldsOfLinuxContainerConfig },
  read: readLinuxContainerConfig,
  write: writeLinuxContainerConfig,
});
function readLinuxContainerConfig(r: WireReader, m: Draft<LinuxContainerConfig> = newLinuxContainerConfig()): LinuxContainerConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.resources = r.message(readLinuxContainerResources, m.resources);
        break;
      case 18:
        m.securityContext = r.message(readLinuxContainerSecurityContext, m.securityContext);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newLinuxContainerConfig(): Draft<LinuxContainerConfig> {
  return {
    resources: null,
    securityContext: null,
  };
}
function writeLinuxContainerConfig(w: WireWriter, m: LinuxContainerConfigInit): void {
  w.message(10, m.resources, writeLinuxContainerResources);
  w.message(18, m.securityContext, writeLinuxContainerSecurityContext);
}
function fieldsOfLinuxContainerConfig(): readonly FieldTable[] {
  return [
    one('resources', 'resources', { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources }),
    one('securityContext', 'security_context', { name: 'runtime.v1.LinuxContainerSecurityContext', fields: fieldsOfLinuxContainerSecurityContext }),
  ];
}

export type LinuxContainerSecurityContext = {
  readonly capabilities: Capability | null;
  readonly privileged: boolean;
  readonly namespaceOptions: NamespaceOption | null;
  readonly selinuxOptions: SELinuxOption | null;
  readonly runAsUser: Int64Value | null;
  readonly runAsUsername: string;
  readonly readonlyRootfs: boolean;
  readonly supplementalGroups: readonly bigint[];
  /** @deprecated */
  readonly apparmorProfile: string;
  /** @deprecated */
  readonly seccompProfilePath: string;
  readonly noNewPrivs: boolean;
  readonly runAsGroup: Int64Value | null;
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
  readonly seccomp: SecurityProfile | null;
  readonly apparmor: SecurityProfile | null;
  readonly supplementalGroupsPolicy: SupplementalGroupsPolicy;
};
/** For encoding: every field of `LinuxContainerSecurityContext` may be left out. */
export type LinuxContainerSecurityContextInit = {
  readonly capabilities?: CapabilityInit | null;
  readonly privileged?: boolean;
  readonly namespaceOptions?: NamespaceOptionInit | null;
  readonly selinuxOptions?: SELinuxOptionInit | null;
  readonly runAsUser?: Int64ValueInit | null;
  readonly runAsUsername?: string;
  readonly readonlyRootfs?: boolean;
  readonly supplementalGroups?: readonly bigint[];
  readonly apparmorProfile?: string;
  readonly seccompProfilePath?: string;
  readonly noNewPrivs?: boolean;
  readonly runAsGroup?: Int64ValueInit | null;
  readonly maskedPaths?: readonly string[];
  readonly readonlyPaths?: readonly string[];
  readonly seccomp?: SecurityProfileInit | null;
  readonly apparmor?: SecurityProfileInit | null;
  readonly supplementalGroupsPolicy?: SupplementalGroupsPolicy;
};
/** Codec of `runtime.v1.LinuxContainerSecurityContext`. */
export const LinuxContainerSecurityContext: Codec<LinuxContainerSecurityContext, LinuxContainerSecurityContextInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxContainerSecurityContext', fields: fieldsOfLinuxContainerSecurityContext },
  read: readLinuxContainerSecurityContext,
  write: writeLinuxContainerSecurityContext,
});
function readLinuxContainerSecurityContext(r: WireReader, m: Draft<LinuxContainerSecurityContext> = newLinuxContainerSecurityContext()): LinuxContainerSecurityContext {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.capabilities = r.message(readCapability, m.capabilities);
        break;
      case 16:
        m.privileged = r.bool();
        break;
      case 26:
        m.namespaceOptions = r.message(readNamespaceOption, m.namespaceOptions);
        break;
      case 34:
        m.selinuxOptions = r.message(readSELinuxOption, m.selinuxOptions);
        break;
      case 42:
        m.runAsUser = r.message(readInt64Value, m.runAsUser);
        break;
      case 50:
        m.runAsUsername = r.string();
        break;
      case 56:
        m.readonlyRootfs = r.bool();
        break;
      case 66:
        m.supplementalGroups = r.packed(m.supplementalGroups, (packed) => packed.int64());
        break;
      case 64:
        m.supplementalGroups = r.append(m.supplementalGroups, r.int64());
        break;
      case 74:
        m.apparmorProfile = r.string();
        break;
      case 82:
        m.seccompProfilePath = r.string();
        break;
      case 88:
        m.noNewPrivs = r.bool();
        break;
      case 98:
        m.runAsGroup = r.message(readInt64Value, m.runAsGroup);
        break;
      case 106:
        m.maskedPaths = r.append(m.maskedPaths, r.string());
        break;
      case 114:
        m.readonlyPaths = r.append(m.readonlyPaths, r.string());
        break;
      case 122:
        m.seccomp = r.message(readSecurityProfile, m.seccomp);
        break;
      case 130:
        m.apparmor = r.message(readSecurityProfile, m.apparmor);
        break;
      case 136:
        m.supplementalGroupsPolicy = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newLinuxContainerSecurityContext(): Draft<LinuxContainerSecurityContext> {
  return {
    capabilities: null,
    privileged: false,
    namespaceOptions: null,
    selinuxOptions: null,
    runAsUser: null,
    runAsUsername: '',
    readonlyRootfs: false,
    supplementalGroups: emptyList,
    apparmorProfile: '',
    seccompProfilePath: '',
    noNewPrivs: false,
    runAsGroup: null,
    maskedPaths: emptyList,
    readonlyPaths: emptyList,
    seccomp: null,
    apparmor: null,
    supplementalGroupsPolicy: 0,
  };
}
function writeLinuxContainerSecurityContext(w: WireWriter, m: LinuxContainerSecurityContextInit): void {
  w.message(10, m.capabilities, writeCapability);
  w.bool(16, m.privileged);
  w.message(26, m.namespaceOptions, writeNamespaceOption);
  w.message(34, m.selinuxOptions, writeSELinuxOption);
  w.message(42, m.runAsUser, writeInt64Value);
  w.string(50, m.runAsUsername);
  w.bool(56, m.readonlyRootfs);
  w.int64s(66, m.supplementalGroups);
  w.string(74, m.apparmorProfile);
  w.string(82, m.seccompProfilePath);
  w.bool(88, m.noNewPrivs);
  w.message(98, m.runAsGroup, writeInt64Value);
  w.strings(106, m.maskedPaths);
  w.strings(114, m.readonlyPaths);
  w.message(122, m.seccomp, writeSecurityProfile);
  w.message(130, m.apparmor, writeSecurityProfile);
  w.int32(136, m.supplementalGroupsPolicy);
}
function fieldsOfLinuxContainerSecurityContext(): readonly FieldTable[] {
  return [
    one('capabilities', 'capabilities', { name: 'runtime.v1.Capability', fields: fieldsOfCapability }),
    one('privileged', 'privileged', 'bool'),
    one('namespaceOptions', 'namespace_options', { name: 'runtime.v1.NamespaceOption', fields: fieldsOfNamespaceOption }),
    one('selinuxOptions', 'selinux_options', { name: 'runtime.v1.SELinuxOption', fields: fieldsOfSELinuxOption }),
    one('runAsUser', 'run_as_user', { name: 'runtime.v1.Int64Value', fields: fieldsOfInt64Value }),
    one('runAsUsername', 'run_as_username', 'string'),
    one('readonlyRootfs', 'readonly_rootfs', 'bool'),
    list('supplementalGroups', 'supplemental_groups', 'int64'),
    one('apparmorProfile', 'apparmor_profile', 'string'),
    one('seccompProfilePath', 'seccomp_profile_path', 'string'),
    one('noNewPrivs', 'no_new_privs', 'bool'),
    one('runAsGroup', 'run_as_group', { name: 'runtime.v1.Int64Value', fields: fieldsOfInt64Value }),
    list('maskedPaths', 'masked_paths', 'string'),
    list('readonlyPaths', 'readonly_paths', 'string'),
    one('seccomp', 'seccomp', { name: 'runtime.v1.SecurityProfile', fields: fieldsOfSecurityProfile }),
    one('apparmor', 'apparmor', { name: 'runtime.v1.SecurityProfile', fields: fieldsOfSecurityProfile }),
    one('supplementalGroupsPolicy', 'supplemental_groups_policy', 'enum'),
  ];
}

export type Capability = {
  readonly addCapabilities: readonly string[];
  readonly dropCapabilities: readonly string[];
  readonly addAmbientCapabilities: readonly string[];
};
/** For encoding: every field of `Capability` may be left out. */
export type CapabilityInit = {
  readonly addCapabilities?: readonly string[];
  readonly dropCapabilities?: readonly string[];
  readonly addAmbientCapabilities?: readonly string[];
};
/** Codec of `runtime.v1.Capability`. */
export const Capability: Codec<Capability, CapabilityInit> = makeCodec({
  table: { name: 'runtime.v1.Capability', fields: fieldsOfCapability },
  read: readCapability,
  write: writeCapability,
});
function readCapability(r: WireReader, m: Draft<Capability> = newCapability()): Capability {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.addCapabilities = r.append(m.addCapabilities, r.string());
        break;
      case 18:
        m.dropCapabilities = r.append(m.dropCapabilities, r.string());
        break;
      case 26:
        m.addAmbientCapabilities = r.append(m.addAmbientCapabilities, r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newCapability(): Draft<Capability> {
  return {
    addCapabilities: emptyList,
    dropCapabilities: emptyList,
    addAmbientCapabilities: emptyList,
  };
}
function writeCapability(w: WireWriter, m: CapabilityInit): void {
  w.strings(10, m.addCapabilities);
  w.strings(18, m.dropCapabilities);
  w.strings(26, m.addAmbientCapabilities);
}
function fieldsOfCapability(): readonly FieldTable[] {
  return [
    list('addCapabilities', 'add_capabilities', 'string'),
    list('dropCapabilities', 'drop_capabilities', 'string'),
    list('addAmbientCapabilities', 'add_ambient_capabilities', 'string'),
  ];
}

export type Container = {
  readonly id: string;
  readonly podSandboxId: string;
  readonly metadata: ContainerMetadata | null;
  readonly image: ImageSpec | null;
  readonly imageRef: string;
  readonly state: ContainerState;
  readonly createdAt: bigint;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly imageId: string;
};
/** For encoding: every field of `Container` may be left out. */
export type ContainerInit = {
  readonly id?: string;
  readonly podSandboxId?: string;
  readonly metadata?: ContainerMetadataInit | null;
  readonly image?: ImageSpecInit | null;
  readonly imageRef?: string;
  readonly state?: ContainerState;
  readonly createdAt?: bigint;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly imageId?: string;
};
/** Codec of `runtime.v1.Container`. */
export const Container: Codec<Container, ContainerInit> = makeCodec({
  table: { name: 'runtime.v1.Container', fields: fieldsOfContainer },
  read: readContainer,
  write: writeContainer,
});
function readContainer(r: WireReader, m: Draft<Container> = newContainer()): Container {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.podSandboxId = r.string();
        break;
      case 26:
        m.metadata = r.message(readContainerMetadata, m.metadata);
        break;
      case 34:
        m.image = r.message(readImageSpec, m.image);
        break;
      case 42:
        m.imageRef = r.string();
        break;
      case 48:
        m.state = r.int32();
        break;
      case 56:
        m.createdAt = r.int64();
        break;
      case 66:
        m.labels = r.entry(m.labels);
        break;
      case 74:
        m.annotations = r.entry(m.annotations);
        break;
      case 82:
        m.imageId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainer(): Draft<Container> {
  return {
    id: '',
    podSandboxId: '',
    metadata: null,
    image: null,
    imageRef: '',
    state: 0,
    createdAt: 0n,
    labels: emptyMap,
    annotations: emptyMap,
    imageId: '',
  };
}
function writeContainer(w: WireWriter, m: ContainerInit): void {
  w.string(10, m.id);
  w.string(18, m.podSandboxId);
  w.message(26, m.metadata, writeContainerMetadata);
  w.message(34, m.image, writeImageSpec);
  w.string(42, m.imageRef);
  w.int32(48, m.state);
  w.int64(56, m.createdAt);
  w.map(66, m.labels);
  w.map(74, m.annotations);
  w.string(82, m.imageId);
}
function fieldsOfContainer(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    one('metadata', 'metadata', { name: 'runtime.v1.ContainerMetadata', fields: fieldsOfContainerMetadata }),
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
    one('imageRef', 'image_ref', 'string'),
    one('state', 'state', 'enum'),
    one('createdAt', 'created_at', 'int64'),
    map('labels', 'labels'),
    map('annotations', 'annotations'),
    one('imageId', 'image_id', 'string'),
  ];
}

export type ContainerStatus = {
  readonly id: string;
  readonly metadata: ContainerMetadata | null;
  readonly state: ContainerState;
  readonly createdAt: bigint;
  readonly startedAt: bigint;
  readonly finishedAt: bigint;
  readonly exitCode: number;
  readonly image: ImageSpec | null;
  readonly imageRef: string;
  readonly reason: string;
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly logPath: string;
  readonly resources: ContainerResources | null;
  readonly imageId: string;
  readonly user: ContainerUser | null;
  readonly stopSignal: Signal;
};
/** For encoding: every field of `ContainerStatus` may be left out. */
export type ContainerStatusInit = {
  readonly id?: string;
  readonly metadata?: ContainerMetadataInit | null;
  readonly state?: ContainerState;
  readonly createdAt?: bigint;
  readonly startedAt?: bigint;
  readonly finishedAt?: bigint;
  readonly exitCode?: number;
  readonly image?: ImageSpecInit | null;
  readonly imageRef?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly mounts?: readonly MountInit[];
  readonly logPath?: string;
  readonly resources?: ContainerResourcesInit | null;
  readonly imageId?: string;
  readonly user?: ContainerUserInit | null;
  readonly stopSignal?: Signal;
};
/** Codec of `runtime.v1.ContainerStatus`. */
export const ContainerStatus: Codec<ContainerStatus, ContainerStatusInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatus', fields: fieldsOfContainerStatus },
  read: readContainerStatus,
  write: writeContainerStatus,
});
function readContainerStatus(r: WireReader, m: Draft<ContainerStatus> = newContainerStatus()): ContainerStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.metadata = r.message(readContainerMetadata, m.metadata);
        break;
      case 24:
        m.state = r.int32();
        break;
      case 32:
        m.createdAt = r.int64();
        break;
      case 40:
        m.startedAt = r.int64();
        break;
      case 48:
        m.finishedAt = r.int64();
        break;
      case 56:
        m.exitCode = r.int32();
        break;
      case 66:
        m.image = r.message(readImageSpec, m.image);
        break;
      case 74:
        m.imageRef = r.string();
        break;
      case 82:
        m.reason = r.string();
        break;
      case 90:
        m.message = r.string();
        break;
      case 98:
        m.labels = r.entry(m.labels);
        break;
      case 106:
        m.annotations = r.entry(m.annotations);
        break;
      case 114:
        m.mounts = r.append(m.mounts, r.message(readMount, null));
        break;
      case 122:
        m.logPath = r.string();
        break;
      case 130:
        m.resources = r.message(readContainerResources, m.resources);
        break;
      case 138:
        m.imageId = r.string();
        break;
      case 146:
        m.user = r.message(readContainerUser, m.user);
        break;
      case 152:
        m.stopSignal = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerStatus(): Draft<ContainerStatus> {
  return {
    id: '',
    metadata: null,
    state: 0,
    createdAt: 0n,
    startedAt: 0n,
    finishedAt: 0n,
    exitCode: 0,
    image: null,
    imageRef: '',
    reason: '',
    message: '',
    labels: emptyMap,
    annotations: emptyMap,
    mounts: emptyList,
    logPath: '',
    resources: null,
    imageId: '',
    user: null,
    stopSignal: 0,
  };
}
function writeContainerStatus(w: WireWriter, m: ContainerStatusInit): void {
  w.string(10, m.id);
  w.message(18, m.metadata, writeContainerMetadata);
  w.int32(24, m.state);
  w.int64(32, m.createdAt);
  w.int64(40, m.startedAt);
  w.int64(48, m.finishedAt);
  w.int32(56, m.exitCode);
  w.message(66, m.image, writeImageSpec);
  w.string(74, m.imageRef);
  w.string(82, m.reason);
  w.string(90, m.message);
  w.map(98, m.labels);
  w.map(106, m.annotations);
  w.messages(114, m.mounts, writeMount);
  w.string(122, m.logPath);
  w.message(130, m.resources, writeContainerResources);
  w.string(138, m.imageId);
  w.message(146, m.user, writeContainerUser);
  w.int32(152, m.stopSignal);
}
function fieldsOfContainerStatus(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    one('metadata', 'metadata', { name: 'runtime.v1.ContainerMetadata', fields: fieldsOfContainerMetadata }),
    one('state', 'state', 'enum'),
    one('createdAt', 'created_at', 'int64'),
    one('startedAt', 'started_at', 'int64'),
    one('finishedAt', 'finished_at', 'int64'),
    one('exitCode', 'exit_code', 'int32'),
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
    one('imageRef', 'image_ref', 'string'),
    one('reason', 'reason', 'string'),
    one('message', 'message', 'string'),
    map('labels', 'labels'),
    map('annotations', 'annotations'),
    list('mounts', 'mounts', { name: 'runtime.v1.Mount', fields: fieldsOfMount }),
    one('logPath', 'log_path', 'string'),
    one('resources', 'resources', { name: 'runtime.v1.ContainerResources', fields: fieldsOfContainerResources }),
    one('imageId', 'image_id', 'string'),
    one('user', 'user', { name: 'runtime.v1.ContainerUser', fields: fieldsOfContainerUser }),
    one('stopSignal', 'stop_signal', 'enum'),
  ];
}

export type ContainerResources = {
  readonly linux: LinuxContainerResources | null;
  readonly windows: WindowsContainerResources | null;
};
/** For encoding: every field of `ContainerResources` may be left out. */
export type ContainerResourcesInit = {
  readonly linux?: LinuxContainerResourcesInit | null;
  readonly windows?: WindowsContainerResourcesInit | null;
};
/** Codec of `runtime.v1.ContainerResources`. */
export const ContainerResources: Codec<ContainerResources, ContainerResourcesInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerResources', fields: fieldsOfContainerResources },
  read: readContainerResources,
  write: writeContainerResources,
});
function readContainerResources(r: WireReader, m: Draft<ContainerResources> = newContainerResources()): ContainerResources {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.linux = r.message(readLinuxContainerResources, m.linux);
        break;
      case 18:
        m.windows = r.message(readWindowsContainerResources, m.windows);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerResources(): Draft<ContainerResources> {
  return {
    linux: null,
    windows: null,
  };
}
function writeContainerResources(w: WireWriter, m: ContainerResourcesInit): void {
  w.message(10, m.linux, writeLinuxContainerResources);
  w.message(18, m.windows, writeWindowsContainerResources);
}
function fieldsOfContainerResources(): readonly FieldTable[] {
  return [
    one('linux', 'linux', { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources }),
    one('windows', 'windows', { name: 'runtime.v1.WindowsContainerResources', fields: fieldsOfWindowsContainerResources }),
  ];
}

export type ContainerUser = {
  readonly linux: LinuxContainerUser | null;
};
/** For encoding: every field of `ContainerUser` may be left out. */
export type ContainerUserInit = {
  readonly linux?: LinuxContainerUserInit | null;
};
/** Codec of `runtime.v1.ContainerUser`. */
export const ContainerUser: Codec<ContainerUser, ContainerUserInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerUser', fields: fieldsOfContainerUser },
  read: readContainerUser,
  write: writeContainerUser,
});
function readContainerUser(r: WireReader, m: Draft<ContainerUser> = newContainerUser()): ContainerUser {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.linux = r.message(readLinuxContainerUser, m.linux);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerUser(): Draft<ContainerUser> {
  return {
    linux: null,
  };
}
function writeContainerUser(w: WireWriter, m: ContainerUserInit): void {
  w.message(10, m.linux, writeLinuxContainerUser);
}
function fieldsOfContainerUser(): readonly FieldTable[] {
  return [
    one('linux', 'linux', { name: 'runtime.v1.LinuxContainerUser', fields: fieldsOfLinuxContainerUser }),
  ];
}

export type LinuxContainerUser = {
  readonly uid: bigint;
  readonly gid: bigint;
  readonly supplementalGroups: readonly bigint[];
};
/** For encoding: every field of `LinuxContainerUser` may be left out. */
export type LinuxContainerUserInit = {
  readonly uid?: bigint;
  readonly gid?: bigint;
  readonly supplementalGroups?: readonly bigint[];
};
/** Codec of `runtime.v1.LinuxContainerUser`. */
export const LinuxContainerUser: Codec<LinuxContainerUser, LinuxContainerUserInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxContainerUser', fields: fieldsOfLinuxContainerUser },
  read: readLinuxContainerUser,
  write: writeLinuxContainerUser,
});
function readLinuxContainerUser(r: WireReader, m: Draft<LinuxContainerUser> = newLinuxContainerUser()): LinuxContainerUser {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.uid = r.int64();
        break;
      case 16:
        m.gid = r.int64();
        break;
      case 26:
        m.supplementalGroups = r.packed(m.supplementalGroups, (packed) => packed.int64());
        break;
      case 24:
        m.supplementalGroups = r.append(m.supplementalGroups, r.int64());
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newLinuxContainerUser(): Draft<LinuxContainerUser> {
  return {
    uid: 0n,
    gid: 0n,
    supplementalGroups: emptyList,
  };
}
function writeLinuxContainerUser(w: WireWriter, m: LinuxContainerUserInit): void {
  w.int64(8, m.uid);
  w.int64(16, m.gid);
  w.int64s(26, m.supplementalGroups);
}
function fieldsOfLinuxContainerUser(): readonly FieldTable[] {
  return [
    one('uid', 'uid', 'int64'),
    one('gid', 'gid', 'int64'),
    list('supplementalGroups', 'supplemental_groups', 'int64'),
  ];
}

export type CreateContainerRequest = {
  readonly podSandboxId: string;
  readonly config: ContainerConfig | null;
  readonly sandboxConfig: PodSandboxConfig | null;
};
/** For encoding: every field of `CreateContainerRequest` may be left out. */
export type CreateContainerRequestInit = {
  readonly podSandboxId?: string;
  readonly config?: ContainerConfigInit | null;
  readonly sandboxConfig?: PodSandboxConfigInit | null;
};
/** Codec of `runtime.v1.CreateContainerRequest`. */
export const CreateContainerRequest: Codec<CreateContainerRequest, CreateContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.CreateContainerRequest', fields: fieldsOfCreateContainerRequest },
  read: readCreateContainerRequest,
  write: writeCreateContainerRequest,
});
function readCreateContainerRequest(r: WireReader, m: Draft<CreateContainerRequest> = newCreateContainerRequest()): CreateContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      case 18:
        m.config = r.message(readContainerConfig, m.config);
        break;
      case 26:
        m.sandboxConfig = r.message(readPodSandboxConfig, m.sandboxConfig);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newCreateContainerRequest(): Draft<CreateContainerRequest> {
  return {
    podSandboxId: '',
    config: null,
    sandboxConfig: null,
  };
}
function writeCreateContainerRequest(w: WireWriter, m: CreateContainerRequestInit): void {
  w.string(10, m.podSandboxId);
  w.message(18, m.config, writeContainerConfig);
  w.message(26, m.sandboxConfig, writePodSandboxConfig);
}
function fieldsOfCreateContainerRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    one('config', 'config', { name: 'runtime.v1.ContainerConfig', fields: fieldsOfContainerConfig }),
    one('sandboxConfig', 'sandbox_config', { name: 'runtime.v1.PodSandboxConfig', fields: fieldsOfPodSandboxConfig }),
  ];
}

export type CreateContainerResponse = {
  readonly containerId: string;
};
/** For encoding: every field of `CreateContainerResponse` may be left out. */
export type CreateContainerResponseInit = {
  readonly containerId?: string;
};
/** Codec of `runtime.v1.CreateContainerResponse`. */
export const CreateContainerResponse: Codec<CreateContainerResponse, CreateContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.CreateContainerResponse', fields: fieldsOfCreateContainerResponse },
  read: readCreateContainerResponse,
  write: writeCreateContainerResponse,
});
function readCreateContainerResponse(r: WireReader, m: Draft<CreateContainerResponse> = newCreateContainerResponse()): CreateContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newCreateContainerResponse(): Draft<CreateContainerResponse> {
  return {
    containerId: '',
  };
}
function writeCreateContainerResponse(w: WireWriter, m: CreateContainerResponseInit): void {
  w.string(10, m.containerId);
}
function fieldsOfCreateContainerResponse(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

export type StartContainerRequest = {
  readonly containerId: string;
};
/** For encoding: every field of `StartContainerRequest` may be left out. */
export type StartContainerRequestInit = {
  readonly containerId?: string;
};
/** Codec of `runtime.v1.StartContainerRequest`. */
export const StartContainerRequest: Codec<StartContainerRequest, StartContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StartContainerRequest', fields: fieldsOfStartContainerRequest },
  read: readStartContainerRequest,
  write: writeStartContainerRequest,
});
function readStartContainerRequest(r: WireReader, m: Draft<StartContainerRequest> = newStartContainerRequest()): StartContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStartContainerRequest(): Draft<StartContainerRequest> {
  return {
    containerId: '',
  };
}
function writeStartContainerRequest(w: WireWriter, m: StartContainerRequestInit): void {
  w.string(10, m.containerId);
}
function fieldsOfStartContainerRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

export type StartContainerResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `StartContainerResponse` may be left out. */
export type StartContainerResponseInit = StartContainerResponse;
/** Codec of `runtime.v1.StartContainerResponse`. */
export const StartContainerResponse: Codec<StartContainerResponse, StartContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StartContainerResponse', fields: fieldsOfStartContainerResponse },
  read: readStartContainerResponse,
  write: writeStartContainerResponse,
});
function readStartContainerResponse(r: WireReader, m: Draft<StartContainerResponse> = {}): StartContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeStartContainerResponse(): void {}
function fieldsOfStartContainerResponse(): readonly FieldTable[] {
  return [
  ];
}

export type StopContainerRequest = {
  readonly containerId: string;
  readonly timeout: bigint;
};
/** For encoding: every field of `StopContainerRequest` may be left out. */
export type StopContainerRequestInit = {
  readonly containerId?: string;
  readonly timeout?: bigint;
};
/** Codec of `runtime.v1.StopContainerRequest`. */
export const StopContainerRequest: Codec<StopContainerRequest, StopContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StopContainerRequest', fields: fieldsOfStopContainerRequest },
  read: readStopContainerRequest,
  write: writeStopContainerRequest,
});
function readStopContainerRequest(r: WireReader, m: Draft<StopContainerRequest> = newStopContainerRequest()): StopContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      case 16:
        m.timeout = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStopContainerRequest(): Draft<StopContainerRequest> {
  return {
    containerId: '',
    timeout: 0n,
  };
}
function writeStopContainerRequest(w: WireWriter, m: StopContainerRequestInit): void {
  w.string(10, m.containerId);
  w.int64(16, m.timeout);
}
function fieldsOfStopContainerRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    one('timeout', 'timeout', 'int64'),
  ];
}

export type StopContainerResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `StopContainerResponse` may be left out. */
export type StopContainerResponseInit = StopContainerResponse;
/** Codec of `runtime.v1.StopContainerResponse`. */
export const StopContainerResponse: Codec<StopContainerResponse, StopContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StopContainerResponse', fields: fieldsOfStopContainerResponse },
  read: readStopContainerResponse,
  write: writeStopContainerResponse,
});
function readStopContainerResponse(r: WireReader, m: Draft<StopContainerResponse> = {}): StopContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeStopContainerResponse(): void {}
function fieldsOfStopContainerResponse(): readonly FieldTable[] {
  return [
  ];
}

export type RemoveContainerRequest = {
  readonly containerId: string;
};
/** For encoding: every field of `RemoveContainerRequest` may be left out. */
export type RemoveContainerRequestInit = {
  readonly containerId?: string;
};
/** Codec of `runtime.v1.RemoveContainerRequest`. */
export const RemoveContainerRequest: Codec<RemoveContainerRequest, RemoveContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RemoveContainerRequest', fields: fieldsOfRemoveContainerRequest },
  read: readRemoveContainerRequest,
  write: writeRemoveContainerRequest,
});
function readRemoveContainerRequest(r: WireReader, m: Draft<RemoveContainerRequest> = newRemoveContainerRequest()): RemoveContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRemoveContainerRequest(): Draft<RemoveContainerRequest> {
  return {
    containerId: '',
  };
}
function writeRemoveContainerRequest(w: WireWriter, m: RemoveContainerRequestInit): void {
  w.string(10, m.containerId);
}
function fieldsOfRemoveContainerRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

export type RemoveContainerResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `RemoveContainerResponse` may be left out. */
export type RemoveContainerResponseInit = RemoveContainerResponse;
/** Codec of `runtime.v1.RemoveContainerResponse`. */
export const RemoveContainerResponse: Codec<RemoveContainerResponse, RemoveContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RemoveContainerResponse', fields: fieldsOfRemoveContainerResponse },
  read: readRemoveContainerResponse,
  write: writeRemoveContainerResponse,
});
function readRemoveContainerResponse(r: WireReader, m: Draft<RemoveContainerResponse> = {}): RemoveContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeRemoveContainerResponse(): void {}
function fieldsOfRemoveContainerResponse(): readonly FieldTable[] {
  return [
  ];
}

export type ContainerStateValue = {
  readonly state: ContainerState;
};
/** For encoding: every field of `ContainerStateValue` may be left out. */
export type ContainerStateValueInit = {
  readonly state?: ContainerState;
};
/** Codec of `runtime.v1.ContainerStateValue`. */
export const ContainerStateValue: Codec<ContainerStateValue, ContainerStateValueInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStateValue', fields: fieldsOfContainerStateValue },
  read: readContainerStateValue,
  write: writeContainerStateValue,
});
function readContainerStateValue(r: WireReader, m: Draft<ContainerStateValue> = newContainerStateValue()): ContainerStateValue {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.state = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerStateValue(): Draft<ContainerStateValue> {
  return {
    state: 0,
  };
}
function writeContainerStateValue(w: WireWriter, m: ContainerStateValueInit): void {
  w.int32(8, m.state);
}
function fieldsOfContainerStateValue(): readonly FieldTable[] {
  return [
    one('state', 'state', 'enum'),
  ];
}

export type ContainerFilter = {
  readonly id: string;
  readonly state: ContainerStateValue | null;
  readonly podSandboxId: string;
  readonly labelSelector: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ContainerFilter` may be left out. */
export type ContainerFilterInit = {
  readonly id?: string;
  readonly state?: ContainerStateValueInit | null;
  readonly podSandboxId?: string;
  readonly labelSelector?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.ContainerFilter`. */
export const ContainerFilter: Codec<ContainerFilter, ContainerFilterInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerFilter', fields: fieldsOfContainerFilter },
  read: readContainerFilter,
  write: writeContainerFilter,
});
function readContainerFilter(r: WireReader, m: Draft<ContainerFilter> = newContainerFilter()): ContainerFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.state = r.message(readContainerStateValue, m.state);
        break;
      case 26:
        m.podSandboxId = r.string();
        break;
      case 34:
        m.labelSelector = r.entry(m.labelSelector);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerFilter(): Draft<ContainerFilter> {
  return {
    id: '',
    state: null,
    podSandboxId: '',
    labelSelector: emptyMap,
  };
}
function writeContainerFilter(w: WireWriter, m: ContainerFilterInit): void {
  w.string(10, m.id);
  w.message(18, m.state, writeContainerStateValue);
  w.string(26, m.podSandboxId);
  w.map(34, m.labelSelector);
}
function fieldsOfContainerFilter(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    one('state', 'state', { name: 'runtime.v1.ContainerStateValue', fields: fieldsOfContainerStateValue }),
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    map('labelSelector', 'label_selector'),
  ];
}

export type ListContainersRequest = {
  readonly filter: ContainerFilter | null;
};
/** For encoding: every field of `ListContainersRequest` may be left out. */
export type ListContainersRequestInit = {
  readonly filter?: ContainerFilterInit | null;
};
/** Codec of `runtime.v1.ListContainersRequest`. */
export const ListContainersRequest: Codec<ListContainersRequest, ListContainersRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListContainersRequest', fields: fieldsOfListContainersRequest },
  read: readListContainersRequest,
  write: writeListContainersRequest,
});
function readListContainersRequest(r: WireReader, m: Draft<ListContainersRequest> = newListContainersRequest()): ListContainersRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readContainerFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListContainersRequest(): Draft<ListContainersRequest> {
  return {
    filter: null,
  };
}
function writeListContainersRequest(w: WireWriter, m: ListContainersRequestInit): void {
  w.message(10, m.filter, writeContainerFilter);
}
function fieldsOfListContainersRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ContainerFilter', fields: fieldsOfContainerFilter }),
  ];
}

export type ListContainersResponse = {
  readonly containers: readonly Container[];
};
/** For encoding: every field of `ListContainersResponse` may be left out. */
export type ListContainersResponseInit = {
  readonly containers?: readonly ContainerInit[];
};
/** Codec of `runtime.v1.ListContainersResponse`. */
export const ListContainersResponse: Codec<ListContainersResponse, ListContainersResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListContainersResponse', fields: fieldsOfListContainersResponse },
  read: readListContainersResponse,
  write: writeListContainersResponse,
});
function readListContainersResponse(r: WireReader, m: Draft<ListContainersResponse> = newListContainersResponse()): ListContainersResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containers = r.append(m.containers, r.message(readContainer, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListContainersResponse(): Draft<ListContainersResponse> {
  return {
    containers: emptyList,
  };
}
function writeListContainersResponse(w: WireWriter, m: ListContainersResponseInit): void {
  w.messages(10, m.containers, writeContainer);
}
function fieldsOfListContainersResponse(): readonly FieldTable[] {
  return [
    list('containers', 'containers', { name: 'runtime.v1.Container', fields: fieldsOfContainer }),
  ];
}

export type StreamContainersRequest = {
  readonly filter: ContainerFilter | null;
};
/** For encoding: every field of `StreamContainersRequest` may be left out. */
export type StreamContainersRequestInit = {
  readonly filter?: ContainerFilterInit | null;
};
/** Codec of `runtime.v1.StreamContainersRequest`. */
export const StreamContainersRequest: Codec<StreamContainersRequest, StreamContainersRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamContainersRequest', fields: fieldsOfStreamContainersRequest },
  read: readStreamContainersRequest,
  write: writeStreamContainersRequest,
});
function readStreamContainersRequest(r: WireReader, m: Draft<StreamContainersRequest> = newStreamContainersRequest()): StreamContainersRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readContainerFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamContainersRequest(): Draft<StreamContainersRequest> {
  return {
    filter: null,
  };
}
function writeStreamContainersRequest(w: WireWriter, m: StreamContainersRequestInit): void {
  w.message(10, m.filter, writeContainerFilter);
}
function fieldsOfStreamContainersRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ContainerFilter', fields: fieldsOfContainerFilter }),
  ];
}

export type StreamContainersResponse = {
  readonly containers: readonly Container[];
};
/** For encoding: every field of `StreamContainersResponse` may be left out. */
export type StreamContainersResponseInit = {
  readonly containers?: readonly ContainerInit[];
};
/** Codec of `runtime.v1.StreamContainersResponse`. */
export const StreamContainersResponse: Codec<StreamContainersResponse, StreamContainersResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamContainersResponse', fields: fieldsOfStreamContainersResponse },
  read: readStreamContainersResponse,
  write: writeStreamContainersResponse,
});
function readStreamContainersResponse(r: WireReader, m: Draft<StreamContainersResponse> = newStreamContainersResponse()): StreamContainersResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containers = r.append(m.containers, r.message(readContainer, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamContainersResponse(): Draft<StreamContainersResponse> {
  return {
    containers: emptyList,
  };
}
function writeStreamContainersResponse(w: WireWriter, m: StreamContainersResponseInit): void {
  w.messages(10, m.containers, writeContainer);
}
function fieldsOfStreamContainersResponse(): readonly FieldTable[] {
  return [
    list('containers', 'containers', { name: 'runtime.v1.Container', fields: fieldsOfContainer }),
  ];
}

export type ContainerStatusRequest = {
  readonly containerId: string;
  readonly verbose: boolean;
};
/** For encoding: every field of `ContainerStatusRequest` may be left out. */
export type ContainerStatusRequestInit = {
  readonly containerId?: string;
  readonly verbose?: boolean;
};
/** Codec of `runtime.v1.ContainerStatusRequest`. */
export const ContainerStatusRequest: Codec<ContainerStatusRequest, ContainerStatusRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatusRequest', fields: fieldsOfContainerStatusRequest },
  read: readContainerStatusRequest,
  write: writeContainerStatusRequest,
});
function readContainerStatusRequest(r: WireReader, m: Draft<ContainerStatusRequest> = newContainerStatusRequest()): ContainerStatusRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      case 16:
        m.verbose = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerStatusRequest(): Draft<ContainerStatusRequest> {
  return {
    containerId: '',
    verbose: false,
  };
}
function writeContainerStatusRequest(w: WireWriter, m: ContainerStatusRequestInit): void {
  w.string(10, m.containerId);
  w.bool(16, m.verbose);
}
function fieldsOfContainerStatusRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    one('verbose', 'verbose', 'bool'),
  ];
}

export type ContainerStatusResponse = {
  readonly status: ContainerStatus | null;
  readonly info: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ContainerStatusResponse` may be left out. */
export type ContainerStatusResponseInit = {
  readonly status?: ContainerStatusInit | null;
  readonly info?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.ContainerStatusResponse`. */
export const ContainerStatusResponse: Codec<ContainerStatusResponse, ContainerStatusResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatusResponse', fields: fieldsOfContainerStatusResponse },
  read: readContainerStatusResponse,
  write: writeContainerStatusResponse,
});
function readContainerStatusResponse(r: WireReader, m: Draft<ContainerStatusResponse> = newContainerStatusResponse()): ContainerStatusResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.status = r.message(readContainerStatus, m.status);
        break;
      case 18:
        m.info = r.entry(m.info);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerStatusResponse(): Draft<ContainerStatusResponse> {
  return {
    status: null,
    info: emptyMap,
  };
}
function writeContainerStatusResponse(w: WireWriter, m: ContainerStatusResponseInit): void {
  w.message(10, m.status, writeContainerStatus);
  w.map(18, m.info);
}
function fieldsOfContainerStatusResponse(): readonly FieldTable[] {
  return [
    one('status', 'status', { name: 'runtime.v1.ContainerStatus', fields: fieldsOfContainerStatus }),
    map('info', 'info'),
  ];
}

export type UpdateContainerResourcesRequest = {
  readonly containerId: string;
  readonly linux: LinuxContainerResources | null;
  readonly windows: WindowsContainerResources | null;
  readonly annotations: Readonly<Record<string, string>>;
};
/** For encoding: every field of `UpdateContainerResourcesRequest` may be left out. */
export type UpdateContainerResourcesRequestInit = {
  readonly containerId?: string;
  readonly linux?: LinuxContainerResourcesInit | null;
  readonly windows?: WindowsContainerResourcesInit | null;
  readonly annotations?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.UpdateContainerResourcesRequest`. */
export const UpdateContainerResourcesRequest: Codec<UpdateContainerResourcesRequest, UpdateContainerResourcesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.UpdateContainerResourcesRequest', fields: fieldsOfUpdateContainerResourcesRequest },
  read: readUpdateContainerResourcesRequest,
  write: writeUpdateContainerResourcesRequest,
});
function readUpdateContainerResourcesRequest(r: WireReader, m: Draft<UpdateContainerResourcesRequest> = newUpdateContainerResourcesRequest()): UpdateContainerResourcesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      case 18:
        m.linux = r.message(readLinuxContainerResources, m.linux);
        break;
      case 26:
        m.windows = r.message(readWindowsContainerResources, m.windows);
        break;
      case 34:
        m.annotations = r.entry(m.annotations);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newUpdateContainerResourcesRequest(): Draft<UpdateContainerResourcesRequest> {
  return {
    containerId: '',
    linux: null,
    windows: null,
    annotations: emptyMap,
  };
}
function writeUpdateContainerResourcesRequest(w: WireWriter, m: UpdateContainerResourcesRequestInit): void {
  w.string(10, m.containerId);
  w.message(18, m.linux, writeLinuxContainerResources);
  w.message(26, m.windows, writeWindowsContainerResources);
  w.map(34, m.annotations);
}
function fieldsOfUpdateContainerResourcesRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    one('linux', 'linux', { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources }),
    one('windows', 'windows', { name: 'runtime.v1.WindowsContainerResources', fields: fieldsOfWindowsContainerResources }),
    map('annotations', 'annotations'),
  ];
}

export type UpdateContainerResourcesResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `UpdateContainerResourcesResponse` may be left out. */
export type UpdateContainerResourcesResponseInit = UpdateContainerResourcesResponse;
/** Codec of `runtime.v1.UpdateContainerResourcesResponse`. */
export const UpdateContainerResourcesResponse: Codec<UpdateContainerResourcesResponse, UpdateContainerResourcesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.UpdateContainerResourcesResponse', fields: fieldsOfUpdateContainerResourcesResponse },
  read: readUpdateContainerResourcesResponse,
  write: writeUpdateContainerResourcesResponse,
});
function readUpdateContainerResourcesResponse(r: WireReader, m: Draft<UpdateContainerResourcesResponse> = {}): UpdateContainerResourcesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeUpdateContainerResourcesResponse(): void {}
function fieldsOfUpdateContainerResourcesResponse(): readonly FieldTable[] {
  return [
  ];
}

export type ReopenContainerLogRequest = {
  readonly containerId: string;
};
/** For encoding: every field of `ReopenContainerLogRequest` may be left out. */
export type ReopenContainerLogRequestInit = {
  readonly containerId?: string;
};
/** Codec of `runtime.v1.ReopenContainerLogRequest`. */
export const ReopenContainerLogRequest: Codec<ReopenContainerLogRequest, ReopenContainerLogRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ReopenContainerLogRequest', fields: fieldsOfReopenContainerLogRequest },
  read: readReopenContainerLogRequest,
  write: writeReopenContainerLogRequest,
});
function readReopenContainerLogRequest(r: WireReader, m: Draft<ReopenContainerLogRequest> = newReopenContainerLogRequest()): ReopenContainerLogRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newReopenContainerLogRequest(): Draft<ReopenContainerLogRequest> {
  return {
    containerId: '',
  };
}
function writeReopenContainerLogRequest(w: WireWriter, m: ReopenContainerLogRequestInit): void {
  w.string(10, m.containerId);
}
function fieldsOfReopenContainerLogRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

export type ReopenContainerLogResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `ReopenContainerLogResponse` may be left out. */
export type ReopenContainerLogResponseInit = ReopenContainerLogResponse;
/** Codec of `runtime.v1.ReopenContainerLogResponse`. */
export const ReopenContainerLogResponse: Codec<ReopenContainerLogResponse, ReopenContainerLogResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ReopenContainerLogResponse', fields: fieldsOfReopenContainerLogResponse },
  read: readReopenContainerLogResponse,
  write: writeReopenContainerLogResponse,
});
function readReopenContainerLogResponse(r: WireReader, m: Draft<ReopenContainerLogResponse> = {}): ReopenContainerLogResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeReopenContainerLogResponse(): void {}
function fieldsOfReopenContainerLogResponse(): readonly FieldTable[] {
  return [
  ];
}

export type ExecSyncRequest = {
  readonly containerId: string;
  readonly cmd: readonly string[];
  readonly timeout: bigint;
};
/** For encoding: every field of `ExecSyncRequest` may be left out. */
export type ExecSyncRequestInit = {
  readonly containerId?: string;
  readonly cmd?: readonly string[];
  readonly timeout?: bigint;
};
/** Codec of `runtime.v1.ExecSyncRequest`. */
export const ExecSyncRequest: Codec<ExecSyncRequest, ExecSyncRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ExecSyncRequest', fields: fieldsOfExecSyncRequest },
  read: readExecSyncRequest,
  write: writeExecSyncRequest,
});
function readExecSyncRequest(r: WireReader, m: Draft<ExecSyncRequest> = newExecSyncRequest()): ExecSyncRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      case 18:
        m.cmd = r.append(m.cmd, r.string());
        break;
      case 24:
        m.timeout = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newExecSyncRequest(): Draft<ExecSyncRequest> {
  return {
    containerId: '',
    cmd: emptyList,
    timeout: 0n,
  };
}
function writeExecSyncRequest(w: WireWriter, m: ExecSyncRequestInit): void {
  w.string(10, m.containerId);
  w.strings(18, m.cmd);
  w.int64(24, m.timeout);
}
function fieldsOfExecSyncRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    list('cmd', 'cmd', 'string'),
    one('timeout', 'timeout', 'int64'),
  ];
}

export type ExecSyncResponse = {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly exitCode: number;
};
/** For encoding: every field of `ExecSyncResponse` may be left out. */
export type ExecSyncResponseInit = {
  readonly stdout?: Uint8Array;
  readonly stderr?: Uint8Array;
  readonly exitCode?: number;
};
/** Codec of `runtime.v1.ExecSyncResponse`. */
export const ExecSyncResponse: Codec<ExecSyncResponse, ExecSyncResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ExecSyncResponse', fields: fieldsOfExecSyncResponse },
  read: readExecSyncResponse,
  write: writeExecSyncResponse,
});
function readExecSyncResponse(r: WireReader, m: Draft<ExecSyncResponse> = newExecSyncResponse()): ExecSyncResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.stdout = r.bytes();
        break;
      case 18:
        m.stderr = r.bytes();
        break;
      case 24:
        m.exitCode = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newExecSyncResponse(): Draft<ExecSyncResponse> {
  return {
    stdout: emptyBytes,
    stderr: emptyBytes,
    exitCode: 0,
  };
}
function writeExecSyncResponse(w: WireWriter, m: ExecSyncResponseInit): void {
  w.bytes(10, m.stdout);
  w.bytes(18, m.stderr);
  w.int32(24, m.exitCode);
}
function fieldsOfExecSyncResponse(): readonly FieldTable[] {
  return [
    one('stdout', 'stdout', 'bytes'),
    one('stderr', 'stderr', 'bytes'),
    one('exitCode', 'exit_code', 'int32'),
  ];
}

export type ExecRequest = {
  readonly containerId: string;
  readonly cmd: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
};
/** For encoding: every field of `ExecRequest` may be left out. */
export type ExecRequestInit = {
  readonly containerId?: string;
  readonly cmd?: readonly string[];
  readonly tty?: boolean;
  readonly stdin?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
};
/** Codec of `runtime.v1.ExecRequest`. */
export const ExecRequest: Codec<ExecRequest, ExecRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ExecRequest', fields: fieldsOfExecRequest },
  read: readExecRequest,
  write: writeExecRequest,
});
function readExecRequest(r: WireReader, m: Draft<ExecRequest> = newExecRequest()): ExecRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      case 18:
        m.cmd = r.append(m.cmd, r.string());
        break;
      case 24:
        m.tty = r.bool();
        break;
      case 32:
        m.stdin = r.bool();
        break;
      case 40:
        m.stdout = r.bool();
        break;
      case 48:
        m.stderr = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newExecRequest(): Draft<ExecRequest> {
  return {
    containerId: '',
    cmd: emptyList,
    tty: false,
    stdin: false,
    stdout: false,
    stderr: false,
  };
}
function writeExecRequest(w: WireWriter, m: ExecRequestInit): void {
  w.string(10, m.containerId);
  w.strings(18, m.cmd);
  w.bool(24, m.tty);
  w.bool(32, m.stdin);
  w.bool(40, m.stdout);
  w.bool(48, m.stderr);
}
function fieldsOfExecRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    list('cmd', 'cmd', 'string'),
    one('tty', 'tty', 'bool'),
    one('stdin', 'stdin', 'bool'),
    one('stdout', 'stdout', 'bool'),
    one('stderr', 'stderr', 'bool'),
  ];
}

export type ExecResponse = {
  readonly url: string;
};
/** For encoding: every field of `ExecResponse` may be left out. */
export type ExecResponseInit = {
  readonly url?: string;
};
/** Codec of `runtime.v1.ExecResponse`. */
export const ExecResponse: Codec<ExecResponse, ExecResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ExecResponse', fields: fieldsOfExecResponse },
  read: readExecResponse,
  write: writeExecResponse,
});
function readExecResponse(r: WireReader, m: Draft<ExecResponse> = newExecResponse()): ExecResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.url = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newExecResponse(): Draft<ExecResponse> {
  return {
    url: '',
  };
}
function writeExecResponse(w: WireWriter, m: ExecResponseInit): void {
  w.string(10, m.url);
}
function fieldsOfExecResponse(): readonly FieldTable[] {
  return [
    one('url', 'url', 'string'),
  ];
}

export type AttachRequest = {
  readonly containerId: string;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
};
/** For encoding: every field of `AttachRequest` may be left out. */
export type AttachRequestInit = {
  readonly containerId?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
};
/** Codec of `runtime.v1.AttachRequest`. */
export const AttachRequest: Codec<AttachRequest, AttachRequestInit> = makeCodec({
  table: { name: 'runtime.v1.AttachRequest', fields: fieldsOfAttachRequest },
  read: readAttachRequest,
  write: writeAttachRequest,
});
function readAttachRequest(r: WireReader, m: Draft<AttachRequest> = newAttachRequest()): AttachRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      case 16:
        m.stdin = r.bool();
        break;
      case 24:
        m.tty = r.bool();
        break;
      case 32:
        m.stdout = r.bool();
        break;
      case 40:
        m.stderr = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newAttachRequest(): Draft<AttachRequest> {
  return {
    containerId: '',
    stdin: false,
    tty: false,
    stdout: false,
    stderr: false,
  };
}
function writeAttachRequest(w: WireWriter, m: AttachRequestInit): void {
  w.string(10, m.containerId);
  w.bool(16, m.stdin);
  w.bool(24, m.tty);
  w.bool(32, m.stdout);
  w.bool(40, m.stderr);
}
function fieldsOfAttachRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    one('stdin', 'stdin', 'bool'),
    one('tty', 'tty', 'bool'),
    one('stdout', 'stdout', 'bool'),
    one('stderr', 'stderr', 'bool'),
  ];
}

export type AttachResponse = {
  readonly url: string;
};
/** For encoding: every field of `AttachResponse` may be left out. */
export type AttachResponseInit = {
  readonly url?: string;
};
/** Codec of `runtime.v1.AttachResponse`. */
export const AttachResponse: Codec<AttachResponse, AttachResponseInit> = makeCodec({
  table: { name: 'runtime.v1.AttachResponse', fields: fieldsOfAttachResponse },
  read: readAttachResponse,
  write: writeAttachResponse,
});
function readAttachResponse(r: WireReader, m: Draft<AttachResponse> = newAttachResponse()): AttachResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.url = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newAttachResponse(): Draft<AttachResponse> {
  return {
    url: '',
  };
}
function writeAttachResponse(w: WireWriter, m: AttachResponseInit): void {
  w.string(10, m.url);
}
function fieldsOfAttachResponse(): readonly FieldTable[] {
  return [
    one('url', 'url', 'string'),
  ];
}

export type CheckpointContainerRequest = {
  readonly containerId: string;
  readonly location: string;
  readonly timeout: bigint;
};
/** For encoding: every field of `CheckpointContainerRequest` may be left out. */
export type CheckpointContainerRequestInit = {
  readonly containerId?: string;
  readonly location?: string;
  readonly timeout?: bigint;
};
/** Codec of `runtime.v1.CheckpointContainerRequest`. */
export const CheckpointContainerRequest: Codec<CheckpointContainerRequest, CheckpointContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.CheckpointContainerRequest', fields: fieldsOfCheckpointContainerRequest },
  read: readCheckpointContainerRequest,
  write: writeCheckpointContainerRequest,
});
function readCheckpointContainerRequest(r: WireReader, m: Draft<CheckpointContainerRequest> = newCheckpointContainerRequest()): CheckpointContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      case 18:
        m.location = r.string();
        break;
      case 24:
        m.timeout = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newCheckpointContainerRequest(): Draft<CheckpointContainerRequest> {
  return {
    containerId: '',
    location: '',
    timeout: 0n,
  };
}
function writeCheckpointContainerRequest(w: WireWriter, m: CheckpointContainerRequestInit): void {
  w.string(10, m.containerId);
  w.string(18, m.location);
  w.int64(24, m.timeout);
}
function fieldsOfCheckpointContainerRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    one('location', 'location', 'string'),
    one('timeout', 'timeout', 'int64'),
  ];
}

export type CheckpointContainerResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `CheckpointContainerResponse` may be left out. */
export type CheckpointContainerResponseInit = CheckpointContainerResponse;
/** Codec of `runtime.v1.CheckpointContainerResponse`. */
export const CheckpointContainerResponse: Codec<CheckpointContainerResponse, CheckpointContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.CheckpointContainerResponse', fields: fieldsOfCheckpointContainerResponse },
  read: readCheckpointContainerResponse,
  write: writeCheckpointContainerResponse,
});
function readCheckpointContainerResponse(r: WireReader, m: Draft<CheckpointContainerResponse> = {}): CheckpointContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeCheckpointContainerResponse(): void {}
function fieldsOfCheckpointContainerResponse(): readonly FieldTable[] {
  return [
  ];
}

export type Image = {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: bigint;
  readonly uid: Int64Value | null;
  readonly username: string;
  readonly spec: ImageSpec | null;
  readonly pinned: boolean;
};
/** For encoding: every field of `Image` may be left out. */
export type ImageInit = {
  readonly id?: string;
  readonly repoTags?: readonly string[];
  readonly repoDigests?: readonly string[];
  readonly size?: bigint;
  readonly uid?: Int64ValueInit | null;
  readonly username?: string;
  readonly spec?: ImageSpecInit | null;
  readonly pinned?: boolean;
};
/** Codec of `runtime.v1.Image`. */
export const Image: Codec<Image, ImageInit> = makeCodec({
  table: { name: 'runtime.v1.Image', fields: fieldsOfImage },
  read: readImage,
  write: writeImage,
});
function readImage(r: WireReader, m: Draft<Image> = newImage()): Image {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.repoTags = r.append(m.repoTags, r.string());
        break;
      case 26:
        m.repoDigests = r.append(m.repoDigests, r.string());
        break;
      case 32:
        m.size = r.uint64();
        break;
      case 42:
        m.uid = r.message(readInt64Value, m.uid);
        break;
      case 50:
        m.username = r.string();
        break;
      case 58:
        m.spec = r.message(readImageSpec, m.spec);
        break;
      case 64:
        m.pinned = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newImage(): Draft<Image> {
  return {
    id: '',
    repoTags: emptyList,
    repoDigests: emptyList,
    size: 0n,
    uid: null,
    username: '',
    spec: null,
    pinned: false,
  };
}
function writeImage(w: WireWriter, m: ImageInit): void {
  w.string(10, m.id);
  w.strings(18, m.repoTags);
  w.strings(26, m.repoDigests);
  w.uint64(32, m.size);
  w.message(42, m.uid, writeInt64Value);
  w.string(50, m.username);
  w.message(58, m.spec, writeImageSpec);
  w.bool(64, m.pinned);
}
function fieldsOfImage(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    list('repoTags', 'repo_tags', 'string'),
    list('repoDigests', 'repo_digests', 'string'),
    one('size', 'size', 'uint64'),
    one('uid', 'uid', { name: 'runtime.v1.Int64Value', fields: fieldsOfInt64Value }),
    one('username', 'username', 'string'),
    one('spec', 'spec', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
    one('pinned', 'pinned', 'bool'),
  ];
}

export type ImageFilter = {
  readonly image: ImageSpec | null;
};
/** For encoding: every field of `ImageFilter` may be left out. */
export type ImageFilterInit = {
  readonly image?: ImageSpecInit | null;
};
/** Codec of `runtime.v1.ImageFilter`. */
export const ImageFilter: Codec<ImageFilter, ImageFilterInit> = makeCodec({
  table: { name: 'runtime.v1.ImageFilter', fields: fieldsOfImageFilter },
  read: readImageFilter,
  write: writeImageFilter,
});
function readImageFilter(r: WireReader, m: Draft<ImageFilter> = newImageFilter()): ImageFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.image = r.message(readImageSpec, m.image);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newImageFilter(): Draft<ImageFilter> {
  return {
    image: null,
  };
}
function writeImageFilter(w: WireWriter, m: ImageFilterInit): void {
  w.message(10, m.image, writeImageSpec);
}
function fieldsOfImageFilter(): readonly FieldTable[] {
  return [
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
  ];
}

export type ListImagesRequest = {
  readonly filter: ImageFilter | null;
};
/** For encoding: every field of `ListImagesRequest` may be left out. */
export type ListImagesRequestInit = {
  readonly filter?: ImageFilterInit | null;
};
/** Codec of `runtime.v1.ListImagesRequest`. */
export const ListImagesRequest: Codec<ListImagesRequest, ListImagesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListImagesRequest', fields: fieldsOfListImagesRequest },
  read: readListImagesRequest,
  write: writeListImagesRequest,
});
function readListImagesRequest(r: WireReader, m: Draft<ListImagesRequest> = newListImagesRequest()): ListImagesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readImageFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListImagesRequest(): Draft<ListImagesRequest> {
  return {
    filter: null,
  };
}
function writeListImagesRequest(w: WireWriter, m: ListImagesRequestInit): void {
  w.message(10, m.filter, writeImageFilter);
}
function fieldsOfListImagesRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ImageFilter', fields: fieldsOfImageFilter }),
  ];
}

export type ListImagesResponse = {
  readonly images: readonly Image[];
};
/** For encoding: every field of `ListImagesResponse` may be left out. */
export type ListImagesResponseInit = {
  readonly images?: readonly ImageInit[];
};
/** Codec of `runtime.v1.ListImagesResponse`. */
export const ListImagesResponse: Codec<ListImagesResponse, ListImagesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListImagesResponse', fields: fieldsOfListImagesResponse },
  read: readListImagesResponse,
  write: writeListImagesResponse,
});
function readListImagesResponse(r: WireReader, m: Draft<ListImagesResponse> = newListImagesResponse()): ListImagesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.images = r.append(m.images, r.message(readImage, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListImagesResponse(): Draft<ListImagesResponse> {
  return {
    images: emptyList,
  };
}
function writeListImagesResponse(w: WireWriter, m: ListImagesResponseInit): void {
  w.messages(10, m.images, writeImage);
}
function fieldsOfListImagesResponse(): readonly FieldTable[] {
  return [
    list('images', 'images', { name: 'runtime.v1.Image', fields: fieldsOfImage }),
  ];
}

export type StreamImagesRequest = {
  readonly filter: ImageFilter | null;
};
/** For encoding: every field of `StreamImagesRequest` may be left out. */
export type StreamImagesRequestInit = {
  readonly filter?: ImageFilterInit | null;
};
/** Codec of `runtime.v1.StreamImagesRequest`. */
export const StreamImagesRequest: Codec<StreamImagesRequest, StreamImagesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamImagesRequest', fields: fieldsOfStreamImagesRequest },
  read: readStreamImagesRequest,
  write: writeStreamImagesRequest,
});
function readStreamImagesRequest(r: WireReader, m: Draft<StreamImagesRequest> = newStreamImagesRequest()): StreamImagesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readImageFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamImagesRequest(): Draft<StreamImagesRequest> {
  return {
    filter: null,
  };
}
function writeStreamImagesRequest(w: WireWriter, m: StreamImagesRequestInit): void {
  w.message(10, m.filter, writeImageFilter);
}
function fieldsOfStreamImagesRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ImageFilter', fields: fieldsOfImageFilter }),
  ];
}

export type StreamImagesResponse = {
  readonly images: readonly Image[];
};
/** For encoding: every field of `StreamImagesResponse` may be left out. */
export type StreamImagesResponseInit = {
  readonly images?: readonly ImageInit[];
};
/** Codec of `runtime.v1.StreamImagesResponse`. */
export const StreamImagesResponse: Codec<StreamImagesResponse, StreamImagesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamImagesResponse', fields: fieldsOfStreamImagesResponse },
  read: readStreamImagesResponse,
  write: writeStreamImagesResponse,
});
function readStreamImagesResponse(r: WireReader, m: Draft<StreamImagesResponse> = newStreamImagesResponse()): StreamImagesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.images = r.append(m.images, r.message(readImage, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamImagesResponse(): Draft<StreamImagesResponse> {
  return {
    images: emptyList,
  };
}
function writeStreamImagesResponse(w: WireWriter, m: StreamImagesResponseInit): void {
  w.messages(10, m.images, writeImage);
}
function fieldsOfStreamImagesResponse(): readonly FieldTable[] {
  return [
    list('images', 'images', { name: 'runtime.v1.Image', fields: fieldsOfImage }),
  ];
}

export type ImageStatusRequest = {
  readonly image: ImageSpec | null;
  readonly verbose: boolean;
};
/** For encoding: every field of `ImageStatusRequest` may be left out. */
export type ImageStatusRequestInit = {
  readonly image?: ImageSpecInit | null;
  readonly verbose?: boolean;
};
/** Codec of `runtime.v1.ImageStatusRequest`. */
export const ImageStatusRequest: Codec<ImageStatusRequest, ImageStatusRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ImageStatusRequest', fields: fieldsOfImageStatusRequest },
  read: readImageStatusRequest,
  write: writeImageStatusRequest,
});
function readImageStatusRequest(r: WireReader, m: Draft<ImageStatusRequest> = newImageStatusRequest()): ImageStatusRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.image = r.message(readImageSpec, m.image);
        break;
      case 16:
        m.verbose = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newImageStatusRequest(): Draft<ImageStatusRequest> {
  return {
    image: null,
    verbose: false,
  };
}
function writeImageStatusRequest(w: WireWriter, m: ImageStatusRequestInit): void {
  w.message(10, m.image, writeImageSpec);
  w.bool(16, m.verbose);
}
function fieldsOfImageStatusRequest(): readonly FieldTable[] {
  return [
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
    one('verbose', 'verbose', 'bool'),
  ];
}

export type ImageStatusResponse = {
  readonly image: Image | null;
  readonly info: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ImageStatusResponse` may be left out. */
export type ImageStatusResponseInit = {
  readonly image?: ImageInit | null;
  readonly info?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.ImageStatusResponse`. */
export const ImageStatusResponse: Codec<ImageStatusResponse, ImageStatusResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ImageStatusResponse', fields: fieldsOfImageStatusResponse },
  read: readImageStatusResponse,
  write: writeImageStatusResponse,
});
function readImageStatusResponse(r: WireReader, m: Draft<ImageStatusResponse> = newImageStatusResponse()): ImageStatusResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.image = r.message(readImage, m.image);
        break;
      case 18:
        m.info = r.entry(m.info);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newImageStatusResponse(): Draft<ImageStatusResponse> {
  return {
    image: null,
    info: emptyMap,
  };
}
function writeImageStatusResponse(w: WireWriter, m: ImageStatusResponseInit): void {
  w.message(10, m.image, writeImage);
  w.map(18, m.info);
}
function fieldsOfImageStatusResponse(): readonly FieldTable[] {
  return [
    one('image', 'image', { name: 'runtime.v1.Image', fields: fieldsOfImage }),
    map('info', 'info'),
  ];
}

export type AuthConfig = {
  readonly username: string;
  /** Secret: never logged. */
  readonly password: string;
  /** Secret: never logged. */
  readonly auth: string;
  readonly serverAddress: string;
  /** Secret: never logged. */
  readonly identityToken: string;
  /** Secret: never logged. */
  readonly registryToken: string;
};
/** For encoding: every field of `AuthConfig` may be left out. */
export type AuthConfigInit = {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly serverAddress?: string;
  readonly identityToken?: string;
  readonly registryToken?: string;
};
/** Codec of `runtime.v1.AuthConfig`. */
export const AuthConfig: Codec<AuthConfig, AuthConfigInit> = makeCodec({
  table: { name: 'runtime.v1.AuthConfig', fields: fieldsOfAuthConfig },
  read: readAuthConfig,
  write: writeAuthConfig,
});
function readAuthConfig(r: WireReader, m: Draft<AuthConfig> = newAuthConfig()): AuthConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.username = r.string();
        break;
      case 18:
        m.password = r.string();
        break;
      case 26:
        m.auth = r.string();
        break;
      case 34:
        m.serverAddress = r.string();
        break;
      case 42:
        m.identityToken = r.string();
        break;
      case 50:
        m.registryToken = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newAuthConfig(): Draft<AuthConfig> {
  return {
    username: '',
    password: '',
    auth: '',
    serverAddress: '',
    identityToken: '',
    registryToken: '',
  };
}
function writeAuthConfig(w: WireWriter, m: AuthConfigInit): void {
  w.string(10, m.username);
  w.string(18, m.password);
  w.string(26, m.auth);
  w.string(34, m.serverAddress);
  w.string(42, m.identityToken);
  w.string(50, m.registryToken);
}
function fieldsOfAuthConfig(): readonly FieldTable[] {
  return [
    one('username', 'username', 'string'),
    one('password', 'password', 'string'),
    one('auth', 'auth', 'string'),
    one('serverAddress', 'server_address', 'string'),
    one('identityToken', 'identity_token', 'string'),
    one('registryToken', 'registry_token', 'string'),
  ];
}

export type PullImageRequest = {
  readonly image: ImageSpec | null;
  readonly auth: AuthConfig | null;
  readonly sandboxConfig: PodSandboxConfig | null;
};
/** For encoding: every field of `PullImageRequest` may be left out. */
export type PullImageRequestInit = {
  readonly image?: ImageSpecInit | null;
  readonly auth?: AuthConfigInit | null;
  readonly sandboxConfig?: PodSandboxConfigInit | null;
};
/** Codec of `runtime.v1.PullImageRequest`. */
export const PullImageRequest: Codec<PullImageRequest, PullImageRequestInit> = makeCodec({
  table: { name: 'runtime.v1.PullImageRequest', fields: fieldsOfPullImageRequest },
  read: readPullImageRequest,
  write: writePullImageRequest,
});
function readPullImageRequest(r: WireReader, m: Draft<PullImageRequest> = newPullImageRequest()): PullImageRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.image = r.message(readImageSpec, m.image);
        break;
      case 18:
        m.auth = r.message(readAuthConfig, m.auth);
        break;
      case 26:
        m.sandboxConfig = r.message(readPodSandboxConfig, m.sandboxConfig);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPullImageRequest(): Draft<PullImageRequest> {
  return {
    image: null,
    auth: null,
    sandboxConfig: null,
  };
}
function writePullImageRequest(w: WireWriter, m: PullImageRequestInit): void {
  w.message(10, m.image, writeImageSpec);
  w.message(18, m.auth, writeAuthConfig);
  w.message(26, m.sandboxConfig, writePodSandboxConfig);
}
function fieldsOfPullImageRequest(): readonly FieldTable[] {
  return [
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
    one('auth', 'auth', { name: 'runtime.v1.AuthConfig', fields: fieldsOfAuthConfig }),
    one('sandboxConfig', 'sandbox_config', { name: 'runtime.v1.PodSandboxConfig', fields: fieldsOfPodSandboxConfig }),
  ];
}

export type PullImageResponse = {
  readonly imageRef: string;
};
/** For encoding: every field of `PullImageResponse` may be left out. */
export type PullImageResponseInit = {
  readonly imageRef?: string;
};
/** Codec of `runtime.v1.PullImageResponse`. */
export const PullImageResponse: Codec<PullImageResponse, PullImageResponseInit> = makeCodec({
  table: { name: 'runtime.v1.PullImageResponse', fields: fieldsOfPullImageResponse },
  read: readPullImageResponse,
  write: writePullImageResponse,
});
function readPullImageResponse(r: WireReader, m: Draft<PullImageResponse> = newPullImageResponse()): PullImageResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.imageRef = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPullImageResponse(): Draft<PullImageResponse> {
  return {
    imageRef: '',
  };
}
function writePullImageResponse(w: WireWriter, m: PullImageResponseInit): void {
  w.string(10, m.imageRef);
}
function fieldsOfPullImageResponse(): readonly FieldTable[] {
  return [
    one('imageRef', 'image_ref', 'string'),
  ];
}

export type RemoveImageRequest = {
  readonly image: ImageSpec | null;
};
/** For encoding: every field of `RemoveImageRequest` may be left out. */
export type RemoveImageRequestInit = {
  readonly image?: ImageSpecInit | null;
};
/** Codec of `runtime.v1.RemoveImageRequest`. */
export const RemoveImageRequest: Codec<RemoveImageRequest, RemoveImageRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RemoveImageRequest', fields: fieldsOfRemoveImageRequest },
  read: readRemoveImageRequest,
  write: writeRemoveImageRequest,
});
function readRemoveImageRequest(r: WireReader, m: Draft<RemoveImageRequest> = newRemoveImageRequest()): RemoveImageRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.image = r.message(readImageSpec, m.image);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRemoveImageRequest(): Draft<RemoveImageRequest> {
  return {
    image: null,
  };
}
function writeRemoveImageRequest(w: WireWriter, m: RemoveImageRequestInit): void {
  w.message(10, m.image, writeImageSpec);
}
function fieldsOfRemoveImageRequest(): readonly FieldTable[] {
  return [
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
  ];
}

export type RemoveImageResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `RemoveImageResponse` may be left out. */
export type RemoveImageResponseInit = RemoveImageResponse;
/** Codec of `runtime.v1.RemoveImageResponse`. */
export const RemoveImageResponse: Codec<RemoveImageResponse, RemoveImageResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RemoveImageResponse', fields: fieldsOfRemoveImageResponse },
  read: readRemoveImageResponse,
  write: writeRemoveImageResponse,
});
function readRemoveImageResponse(r: WireReader, m: Draft<RemoveImageResponse> = {}): RemoveImageResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeRemoveImageResponse(): void {}
function fieldsOfRemoveImageResponse(): readonly FieldTable[] {
  return [
  ];
}

export type ImageFsInfoRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `ImageFsInfoRequest` may be left out. */
export type ImageFsInfoRequestInit = ImageFsInfoRequest;
/** Codec of `runtime.v1.ImageFsInfoRequest`. */
export const ImageFsInfoRequest: Codec<ImageFsInfoRequest, ImageFsInfoRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ImageFsInfoRequest', fields: fieldsOfImageFsInfoRequest },
  read: readImageFsInfoRequest,
  write: writeImageFsInfoRequest,
});
function readImageFsInfoRequest(r: WireReader, m: Draft<ImageFsInfoRequest> = {}): ImageFsInfoRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeImageFsInfoRequest(): void {}
function fieldsOfImageFsInfoRequest(): readonly FieldTable[] {
  return [
  ];
}

export type ImageFsInfoResponse = {
  readonly imageFilesystems: readonly FilesystemUsage[];
  readonly containerFilesystems: readonly FilesystemUsage[];
};
/** For encoding: every field of `ImageFsInfoResponse` may be left out. */
export type ImageFsInfoResponseInit = {
  readonly imageFilesystems?: readonly FilesystemUsageInit[];
  readonly containerFilesystems?: readonly FilesystemUsageInit[];
};
/** Codec of `runtime.v1.ImageFsInfoResponse`. */
export const ImageFsInfoResponse: Codec<ImageFsInfoResponse, ImageFsInfoResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ImageFsInfoResponse', fields: fieldsOfImageFsInfoResponse },
  read: readImageFsInfoResponse,
  write: writeImageFsInfoResponse,
});
function readImageFsInfoResponse(r: WireReader, m: Draft<ImageFsInfoResponse> = newImageFsInfoResponse()): ImageFsInfoResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.imageFilesystems = r.append(m.imageFilesystems, r.message(readFilesystemUsage, null));
        break;
      case 18:
        m.containerFilesystems = r.append(m.containerFilesystems, r.message(readFilesystemUsage, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newImageFsInfoResponse(): Draft<ImageFsInfoResponse> {
  return {
    imageFilesystems: emptyList,
    containerFilesystems: emptyList,
  };
}
function writeImageFsInfoResponse(w: WireWriter, m: ImageFsInfoResponseInit): void {
  w.messages(10, m.imageFilesystems, writeFilesystemUsage);
  w.messages(18, m.containerFilesystems, writeFilesystemUsage);
}
function fieldsOfImageFsInfoResponse(): readonly FieldTable[] {
  return [
    list('imageFilesystems', 'image_filesystems', { name: 'runtime.v1.FilesystemUsage', fields: fieldsOfFilesystemUsage }),
    list('containerFilesystems', 'container_filesystems', { name: 'runtime.v1.FilesystemUsage', fields: fieldsOfFilesystemUsage }),
  ];
}

export type FilesystemIdentifier = {
  readonly mountpoint: string;
};
/** For encoding: every field of `FilesystemIdentifier` may be left out. */
export type FilesystemIdentifierInit = {
  readonly mountpoint?: string;
};
/** Codec of `runtime.v1.FilesystemIdentifier`. */
export const FilesystemIdentifier: Codec<FilesystemIdentifier, FilesystemIdentifierInit> = makeCodec({
  table: { name: 'runtime.v1.FilesystemIdentifier', fields: fieldsOfFilesystemIdentifier },
  read: readFilesystemIdentifier,
  write: writeFilesystemIdentifier,
});
function readFilesystemIdentifier(r: WireReader, m: Draft<FilesystemIdentifier> = newFilesystemIdentifier()): FilesystemIdentifier {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.mountpoint = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newFilesystemIdentifier(): Draft<FilesystemIdentifier> {
  return {
    mountpoint: '',
  };
}
function writeFilesystemIdentifier(w: WireWriter, m: FilesystemIdentifierInit): void {
  w.string(10, m.mountpoint);
}
function fieldsOfFilesystemIdentifier(): readonly FieldTable[] {
  return [
    one('mountpoint', 'mountpoint', 'string'),
  ];
}

export type FilesystemUsage = {
  readonly timestamp: bigint;
  readonly fsId: FilesystemIdentifier | null;
  readonly usedBytes: UInt64Value | null;
  readonly inodesUsed: UInt64Value | null;
};
/** For encoding: every field of `FilesystemUsage` may be left out. */
export type FilesystemUsageInit = {
  readonly timestamp?: bigint;
  readonly fsId?: FilesystemIdentifierInit | null;
  readonly usedBytes?: UInt64ValueInit | null;
  readonly inodesUsed?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.FilesystemUsage`. */
export const FilesystemUsage: Codec<FilesystemUsage, FilesystemUsageInit> = makeCodec({
  table: { name: 'runtime.v1.FilesystemUsage', fields: fieldsOfFilesystemUsage },
  read: readFilesystemUsage,
  write: writeFilesystemUsage,
});
function readFilesystemUsage(r: WireReader, m: Draft<FilesystemUsage> = newFilesystemUsage()): FilesystemUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.fsId = r.message(readFilesystemIdentifier, m.fsId);
        break;
      case 26:
        m.usedBytes = r.message(readUInt64Value, m.usedBytes);
        break;
      case 34:
        m.inodesUsed = r.message(readUInt64Value, m.inodesUsed);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newFilesystemUsage(): Draft<FilesystemUsage> {
  return {
    timestamp: 0n,
    fsId: null,
    usedBytes: null,
    inodesUsed: null,
  };
}
function writeFilesystemUsage(w: WireWriter, m: FilesystemUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.fsId, writeFilesystemIdentifier);
  w.message(26, m.usedBytes, writeUInt64Value);
  w.message(34, m.inodesUsed, writeUInt64Value);
}
function fieldsOfFilesystemUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('fsId', 'fs_id', { name: 'runtime.v1.FilesystemIdentifier', fields: fieldsOfFilesystemIdentifier }),
    one('usedBytes', 'used_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('inodesUsed', 'inodes_used', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type WindowsFilesystemUsage = {
  readonly timestamp: bigint;
  readonly fsId: FilesystemIdentifier | null;
  readonly usedBytes: UInt64Value | null;
};
/** For encoding: every field of `WindowsFilesystemUsage` may be left out. */
export type WindowsFilesystemUsageInit = {
  readonly timestamp?: bigint;
  readonly fsId?: FilesystemIdentifierInit | null;
  readonly usedBytes?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.WindowsFilesystemUsage`. */
export const WindowsFilesystemUsage: Codec<WindowsFilesystemUsage, WindowsFilesystemUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsFilesystemUsage', fields: fieldsOfWindowsFilesystemUsage },
  read: readWindowsFilesystemUsage,
  write: writeWindowsFilesystemUsage,
});
function readWindowsFilesystemUsage(r: WireReader, m: Draft<WindowsFilesystemUsage> = newWindowsFilesystemUsage()): WindowsFilesystemUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.fsId = r.message(readFilesystemIdentifier, m.fsId);
        break;
      case 26:
        m.usedBytes = r.message(readUInt64Value, m.usedBytes);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsFilesystemUsage(): Draft<WindowsFilesystemUsage> {
  return {
    timestamp: 0n,
    fsId: null,
    usedBytes: null,
  };
}
function writeWindowsFilesystemUsage(w: WireWriter, m: WindowsFilesystemUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.fsId, writeFilesystemIdentifier);
  w.message(26, m.usedBytes, writeUInt64Value);
}
function fieldsOfWindowsFilesystemUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('fsId', 'fs_id', { name: 'runtime.v1.FilesystemIdentifier', fields: fieldsOfFilesystemIdentifier }),
    one('usedBytes', 'used_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type Metric = {
  readonly name: string;
  readonly timestamp: bigint;
  readonly metricType: MetricType;
  readonly labelValues: readonly string[];
  readonly value: UInt64Value | null;
};
/** For encoding: every field of `Metric` may be left out. */
export type MetricInit = {
  readonly name?: string;
  readonly timestamp?: bigint;
  readonly metricType?: MetricType;
  readonly labelValues?: readonly string[];
  readonly value?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.Metric`. */
export const Metric: Codec<Metric, MetricInit> = makeCodec({
  table: { name: 'runtime.v1.Metric', fields: fieldsOfMetric },
  read: readMetric,
  write: writeMetric,
});
function readMetric(r: WireReader, m: Draft<Metric> = newMetric()): Metric {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 16:
        m.timestamp = r.int64();
        break;
      case 24:
        m.metricType = r.int32();
        break;
      case 34:
        m.labelValues = r.append(m.labelValues, r.string());
        break;
      case 42:
        m.value = r.message(readUInt64Value, m.value);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newMetric(): Draft<Metric> {
  return {
    name: '',
    timestamp: 0n,
    metricType: 0,
    labelValues: emptyList,
    value: null,
  };
}
function writeMetric(w: WireWriter, m: MetricInit): void {
  w.string(10, m.name);
  w.int64(16, m.timestamp);
  w.int32(24, m.metricType);
  w.strings(34, m.labelValues);
  w.message(42, m.value, writeUInt64Value);
}
function fieldsOfMetric(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('timestamp', 'timestamp', 'int64'),
    one('metricType', 'metric_type', 'enum'),
    list('labelValues', 'label_values', 'string'),
    one('value', 'value', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type MetricDescriptor = {
  readonly name: string;
  readonly help: string;
  readonly labelKeys: readonly string[];
};
/** For encoding: every field of `MetricDescriptor` may be left out. */
export type MetricDescriptorInit = {
  readonly name?: string;
  readonly help?: string;
  readonly labelKeys?: readonly string[];
};
/** Codec of `runtime.v1.MetricDescriptor`. */
export const MetricDescriptor: Codec<MetricDescriptor, MetricDescriptorInit> = makeCodec({
  table: { name: 'runtime.v1.MetricDescriptor', fields: fieldsOfMetricDescriptor },
  read: readMetricDescriptor,
  write: writeMetricDescriptor,
});
function readMetricDescriptor(r: WireReader, m: Draft<MetricDescriptor> = newMetricDescriptor()): MetricDescriptor {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.help = r.string();
        break;
      case 26:
        m.labelKeys = r.append(m.labelKeys, r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newMetricDescriptor(): Draft<MetricDescriptor> {
  return {
    name: '',
    help: '',
    labelKeys: emptyList,
  };
}
function writeMetricDescriptor(w: WireWriter, m: MetricDescriptorInit): void {
  w.string(10, m.name);
  w.string(18, m.help);
  w.strings(26, m.labelKeys);
}
function fieldsOfMetricDescriptor(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('help', 'help', 'string'),
    list('labelKeys', 'label_keys', 'string'),
  ];
}

export type ContainerMetrics = {
  readonly containerId: string;
  readonly metrics: readonly Metric[];
};
/** For encoding: every field of `ContainerMetrics` may be left out. */
export type ContainerMetricsInit = {
  readonly containerId?: string;
  readonly metrics?: readonly MetricInit[];
};
/** Codec of `runtime.v1.ContainerMetrics`. */
export const ContainerMetrics: Codec<ContainerMetrics, ContainerMetricsInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerMetrics', fields: fieldsOfContainerMetrics },
  read: readContainerMetrics,
  write: writeContainerMetrics,
});
function readContainerMetrics(r: WireReader, m: Draft<ContainerMetrics> = newContainerMetrics()): ContainerMetrics {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      case 18:
        m.metrics = r.append(m.metrics, r.message(readMetric, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerMetrics(): Draft<ContainerMetrics> {
  return {
    containerId: '',
    metrics: emptyList,
  };
}
function writeContainerMetrics(w: WireWriter, m: ContainerMetricsInit): void {
  w.string(10, m.containerId);
  w.messages(18, m.metrics, writeMetric);
}
function fieldsOfContainerMetrics(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    list('metrics', 'metrics', { name: 'runtime.v1.Metric', fields: fieldsOfMetric }),
  ];
}

export type PodSandboxMetrics = {
  readonly podSandboxId: string;
  readonly metrics: readonly Metric[];
  readonly containerMetrics: readonly ContainerMetrics[];
};
/** For encoding: every field of `PodSandboxMetrics` may be left out. */
export type PodSandboxMetricsInit = {
  readonly podSandboxId?: string;
  readonly metrics?: readonly MetricInit[];
  readonly containerMetrics?: readonly ContainerMetricsInit[];
};
/** Codec of `runtime.v1.PodSandboxMetrics`. */
export const PodSandboxMetrics: Codec<PodSandboxMetrics, PodSandboxMetricsInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxMetrics', fields: fieldsOfPodSandboxMetrics },
  read: readPodSandboxMetrics,
  write: writePodSandboxMetrics,
});
function readPodSandboxMetrics(r: WireReader, m: Draft<PodSandboxMetrics> = newPodSandboxMetrics()): PodSandboxMetrics {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      case 18:
        m.metrics = r.append(m.metrics, r.message(readMetric, null));
        break;
      case 26:
        m.containerMetrics = r.append(m.containerMetrics, r.message(readContainerMetrics, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxMetrics(): Draft<PodSandboxMetrics> {
  return {
    podSandboxId: '',
    metrics: emptyList,
    containerMetrics: emptyList,
  };
}
function writePodSandboxMetrics(w: WireWriter, m: PodSandboxMetricsInit): void {
  w.string(10, m.podSandboxId);
  w.messages(18, m.metrics, writeMetric);
  w.messages(26, m.containerMetrics, writeContainerMetrics);
}
function fieldsOfPodSandboxMetrics(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    list('metrics', 'metrics', { name: 'runtime.v1.Metric', fields: fieldsOfMetric }),
    list('containerMetrics', 'container_metrics', { name: 'runtime.v1.ContainerMetrics', fields: fieldsOfContainerMetrics }),
  ];
}

export type ListMetricDescriptorsRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `ListMetricDescriptorsRequest` may be left out. */
export type ListMetricDescriptorsRequestInit = ListMetricDescriptorsRequest;
/** Codec of `runtime.v1.ListMetricDescriptorsRequest`. */
export const ListMetricDescriptorsRequest: Codec<ListMetricDescriptorsRequest, ListMetricDescriptorsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListMetricDescriptorsRequest', fields: fieldsOfListMetricDescriptorsRequest },
  read: readListMetricDescriptorsRequest,
  write: writeListMetricDescriptorsRequest,
});
function readListMetricDescriptorsRequest(r: WireReader, m: Draft<ListMetricDescriptorsRequest> = {}): ListMetricDescriptorsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeListMetricDescriptorsRequest(): void {}
function fieldsOfListMetricDescriptorsRequest(): readonly FieldTable[] {
  return [
  ];
}

export type ListMetricDescriptorsResponse = {
  readonly descriptors: readonly MetricDescriptor[];
};
/** For encoding: every field of `ListMetricDescriptorsResponse` may be left out. */
export type ListMetricDescriptorsResponseInit = {
  readonly descriptors?: readonly MetricDescriptorInit[];
};
/** Codec of `runtime.v1.ListMetricDescriptorsResponse`. */
export const ListMetricDescriptorsResponse: Codec<ListMetricDescriptorsResponse, ListMetricDescriptorsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListMetricDescriptorsResponse', fields: fieldsOfListMetricDescriptorsResponse },
  read: readListMetricDescriptorsResponse,
  write: writeListMetricDescriptorsResponse,
});
function readListMetricDescriptorsResponse(r: WireReader, m: Draft<ListMetricDescriptorsResponse> = newListMetricDescriptorsResponse()): ListMetricDescriptorsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.descriptors = r.append(m.descriptors, r.message(readMetricDescriptor, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListMetricDescriptorsResponse(): Draft<ListMetricDescriptorsResponse> {
  return {
    descriptors: emptyList,
  };
}
function writeListMetricDescriptorsResponse(w: WireWriter, m: ListMetricDescriptorsResponseInit): void {
  w.messages(10, m.descriptors, writeMetricDescriptor);
}
function fieldsOfListMetricDescriptorsResponse(): readonly FieldTable[] {
  return [
    list('descriptors', 'descriptors', { name: 'runtime.v1.MetricDescriptor', fields: fieldsOfMetricDescriptor }),
  ];
}

export type ListPodSandboxMetricsRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `ListPodSandboxMetricsRequest` may be left out. */
export type ListPodSandboxMetricsRequestInit = ListPodSandboxMetricsRequest;
/** Codec of `runtime.v1.ListPodSandboxMetricsRequest`. */
export const ListPodSandboxMetricsRequest: Codec<ListPodSandboxMetricsRequest, ListPodSandboxMetricsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxMetricsRequest', fields: fieldsOfListPodSandboxMetricsRequest },
  read: readListPodSandboxMetricsRequest,
  write: writeListPodSandboxMetricsRequest,
});
function readListPodSandboxMetricsRequest(r: WireReader, m: Draft<ListPodSandboxMetricsRequest> = {}): ListPodSandboxMetricsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeListPodSandboxMetricsRequest(): void {}
function fieldsOfListPodSandboxMetricsRequest(): readonly FieldTable[] {
  return [
  ];
}

export type ListPodSandboxMetricsResponse = {
  readonly podMetrics: readonly PodSandboxMetrics[];
};
/** For encoding: every field of `ListPodSandboxMetricsResponse` may be left out. */
export type ListPodSandboxMetricsResponseInit = {
  readonly podMetrics?: readonly PodSandboxMetricsInit[];
};
/** Codec of `runtime.v1.ListPodSandboxMetricsResponse`. */
export const ListPodSandboxMetricsResponse: Codec<ListPodSandboxMetricsResponse, ListPodSandboxMetricsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxMetricsResponse', fields: fieldsOfListPodSandboxMetricsResponse },
  read: readListPodSandboxMetricsResponse,
  write: writeListPodSandboxMetricsResponse,
});
function readListPodSandboxMetricsResponse(r: WireReader, m: Draft<ListPodSandboxMetricsResponse> = newListPodSandboxMetricsResponse()): ListPodSandboxMetricsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podMetrics = r.append(m.podMetrics, r.message(readPodSandboxMetrics, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxMetricsResponse(): Draft<ListPodSandboxMetricsResponse> {
  return {
    podMetrics: emptyList,
  };
}
function writeListPodSandboxMetricsResponse(w: WireWriter, m: ListPodSandboxMetricsResponseInit): void {
  w.messages(10, m.podMetrics, writePodSandboxMetrics);
}
function fieldsOfListPodSandboxMetricsResponse(): readonly FieldTable[] {
  return [
    list('podMetrics', 'pod_metrics', { name: 'runtime.v1.PodSandboxMetrics', fields: fieldsOfPodSandboxMetrics }),
  ];
}

export type StreamPodSandboxMetricsRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `StreamPodSandboxMetricsRequest` may be left out. */
export type StreamPodSandboxMetricsRequestInit = StreamPodSandboxMetricsRequest;
/** Codec of `runtime.v1.StreamPodSandboxMetricsRequest`. */
export const StreamPodSandboxMetricsRequest: Codec<StreamPodSandboxMetricsRequest, StreamPodSandboxMetricsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxMetricsRequest', fields: fieldsOfStreamPodSandboxMetricsRequest },
  read: readStreamPodSandboxMetricsRequest,
  write: writeStreamPodSandboxMetricsRequest,
});
function readStreamPodSandboxMetricsRequest(r: WireReader, m: Draft<StreamPodSandboxMetricsRequest> = {}): StreamPodSandboxMetricsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeStreamPodSandboxMetricsRequest(): void {}
function fieldsOfStreamPodSandboxMetricsRequest(): readonly FieldTable[] {
  return [
  ];
}

export type StreamPodSandboxMetricsResponse = {
  readonly podSandboxMetrics: readonly PodSandboxMetrics[];
};
/** For encoding: every field of `StreamPodSandboxMetricsResponse` may be left out. */
export type StreamPodSandboxMetricsResponseInit = {
  readonly podSandboxMetrics?: readonly PodSandboxMetricsInit[];
};
/** Codec of `runtime.v1.StreamPodSandboxMetricsResponse`. */
export const StreamPodSandboxMetricsResponse: Codec<StreamPodSandboxMetricsResponse, StreamPodSandboxMetricsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxMetricsResponse', fields: fieldsOfStreamPodSandboxMetricsResponse },
  read: readStreamPodSandboxMetricsResponse,
  write: writeStreamPodSandboxMetricsResponse,
});
function readStreamPodSandboxMetricsResponse(r: WireReader, m: Draft<StreamPodSandboxMetricsResponse> = newStreamPodSandboxMetricsResponse()): StreamPodSandboxMetricsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxMetrics = r.append(m.podSandboxMetrics, r.message(readPodSandboxMetrics, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxMetricsResponse(): Draft<StreamPodSandboxMetricsResponse> {
  return {
    podSandboxMetrics: emptyList,
  };
}
function writeStreamPodSandboxMetricsResponse(w: WireWriter, m: StreamPodSandboxMetricsResponseInit): void {
  w.messages(10, m.podSandboxMetrics, writePodSandboxMetrics);
}
function fieldsOfStreamPodSandboxMetricsResponse(): readonly FieldTable[] {
  return [
    list('podSandboxMetrics', 'pod_sandbox_metrics', { name: 'runtime.v1.PodSandboxMetrics', fields: fieldsOfPodSandboxMetrics }),
  ];
}

export type VersionRequest = {
  readonly version: string;
};
/** For encoding: every field of `VersionRequest` may be left out. */
export type VersionRequestInit = {
  readonly version?: string;
};
/** Codec of `runtime.v1.VersionRequest`. */
export const VersionRequest: Codec<VersionRequest, VersionRequestInit> = makeCodec({
  table: { name: 'runtime.v1.VersionRequest', fields: fieldsOfVersionRequest },
  read: readVersionRequest,
  write: writeVersionRequest,
});
function readVersionRequest(r: WireReader, m: Draft<VersionRequest> = newVersionRequest()): VersionRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.version = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newVersionRequest(): Draft<VersionRequest> {
  return {
    version: '',
  };
}
function writeVersionRequest(w: WireWriter, m: VersionRequestInit): void {
  w.string(10, m.version);
}
function fieldsOfVersionRequest(): readonly FieldTable[] {
  return [
    one('version', 'version', 'string'),
  ];
}

export type VersionResponse = {
  readonly version: string;
  readonly runtimeName: string;
  readonly runtimeVersion: string;
  readonly runtimeApiVersion: string;
};
/** For encoding: every field of `VersionResponse` may be left out. */
export type VersionResponseInit = {
  readonly version?: string;
  readonly runtimeName?: string;
  readonly runtimeVersion?: string;
  readonly runtimeApiVersion?: string;
};
/** Codec of `runtime.v1.VersionResponse`. */
export const VersionResponse: Codec<VersionResponse, VersionResponseInit> = makeCodec({
  table: { name: 'runtime.v1.VersionResponse', fields: fieldsOfVersionResponse },
  read: readVersionResponse,
  write: writeVersionResponse,
});
function readVersionResponse(r: WireReader, m: Draft<VersionResponse> = newVersionResponse()): VersionResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.version = r.string();
        break;
      case 18:
        m.runtimeName = r.string();
        break;
      case 26:
        m.runtimeVersion = r.string();
        break;
      case 34:
        m.runtimeApiVersion = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newVersionResponse(): Draft<VersionResponse> {
  return {
    version: '',
    runtimeName: '',
    runtimeVersion: '',
    runtimeApiVersion: '',
  };
}
function writeVersionResponse(w: WireWriter, m: VersionResponseInit): void {
  w.string(10, m.version);
  w.string(18, m.runtimeName);
  w.string(26, m.runtimeVersion);
  w.string(34, m.runtimeApiVersion);
}
function fieldsOfVersionResponse(): readonly FieldTable[] {
  return [
    one('version', 'version', 'string'),
    one('runtimeName', 'runtime_name', 'string'),
    one('runtimeVersion', 'runtime_version', 'string'),
    one('runtimeApiVersion', 'runtime_api_version', 'string'),
  ];
}

export type StatusRequest = {
  readonly verbose: boolean;
};
/** For encoding: every field of `StatusRequest` may be left out. */
export type StatusRequestInit = {
  readonly verbose?: boolean;
};
/** Codec of `runtime.v1.StatusRequest`. */
export const StatusRequest: Codec<StatusRequest, StatusRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StatusRequest', fields: fieldsOfStatusRequest },
  read: readStatusRequest,
  write: writeStatusRequest,
});
function readStatusRequest(r: WireReader, m: Draft<StatusRequest> = newStatusRequest()): StatusRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.verbose = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStatusRequest(): Draft<StatusRequest> {
  return {
    verbose: false,
  };
}
function writeStatusRequest(w: WireWriter, m: StatusRequestInit): void {
  w.bool(8, m.verbose);
}
function fieldsOfStatusRequest(): readonly FieldTable[] {
  return [
    one('verbose', 'verbose', 'bool'),
  ];
}

export type StatusResponse = {
  readonly status: RuntimeStatus | null;
  readonly info: Readonly<Record<string, string>>;
  readonly runtimeHandlers: readonly RuntimeHandler[];
  readonly features: RuntimeFeatures | null;
};
/** For encoding: every field of `StatusResponse` may be left out. */
export type StatusResponseInit = {
  readonly status?: RuntimeStatusInit | null;
  readonly info?: Readonly<Record<string, string>>;
  readonly runtimeHandlers?: readonly RuntimeHandlerInit[];
  readonly features?: RuntimeFeaturesInit | null;
};
/** Codec of `runtime.v1.StatusResponse`. */
export const StatusResponse: Codec<StatusResponse, StatusResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StatusResponse', fields: fieldsOfStatusResponse },
  read: readStatusResponse,
  write: writeStatusResponse,
});
function readStatusResponse(r: WireReader, m: Draft<StatusResponse> = newStatusResponse()): StatusResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.status = r.message(readRuntimeStatus, m.status);
        break;
      case 18:
        m.info = r.entry(m.info);
        break;
      case 26:
        m.runtimeHandlers = r.append(m.runtimeHandlers, r.message(readRuntimeHandler, null));
        break;
      case 34:
        m.features = r.message(readRuntimeFeatures, m.features);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStatusResponse(): Draft<StatusResponse> {
  return {
    status: null,
    info: emptyMap,
    runtimeHandlers: emptyList,
    features: null,
  };
}
function writeStatusResponse(w: WireWriter, m: StatusResponseInit): void {
  w.message(10, m.status, writeRuntimeStatus);
  w.map(18, m.info);
  w.messages(26, m.runtimeHandlers, writeRuntimeHandler);
  w.message(34, m.features, writeRuntimeFeatures);
}
function fieldsOfStatusResponse(): readonly FieldTable[] {
  return [
    one('status', 'status', { name: 'runtime.v1.RuntimeStatus', fields: fieldsOfRuntimeStatus }),
    map('info', 'info'),
    list('runtimeHandlers', 'runtime_handlers', { name: 'runtime.v1.RuntimeHandler', fields: fieldsOfRuntimeHandler }),
    one('features', 'features', { name: 'runtime.v1.RuntimeFeatures', fields: fieldsOfRuntimeFeatures }),
  ];
}

export type RuntimeStatus = {
  readonly conditions: readonly RuntimeCondition[];
};
/** For encoding: every field of `RuntimeStatus` may be left out. */
export type RuntimeStatusInit = {
  readonly conditions?: readonly RuntimeConditionInit[];
};
/** Codec of `runtime.v1.RuntimeStatus`. */
export const RuntimeStatus: Codec<RuntimeStatus, RuntimeStatusInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeStatus', fields: fieldsOfRuntimeStatus },
  read: readRuntimeStatus,
  write: writeRuntimeStatus,
});
function readRuntimeStatus(r: WireReader, m: Draft<RuntimeStatus> = newRuntimeStatus()): RuntimeStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.conditions = r.append(m.conditions, r.message(readRuntimeCondition, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRuntimeStatus(): Draft<RuntimeStatus> {
  return {
    conditions: emptyList,
  };
}
function writeRuntimeStatus(w: WireWriter, m: RuntimeStatusInit): void {
  w.messages(10, m.conditions, writeRuntimeCondition);
}
function fieldsOfRuntimeStatus(): readonly FieldTable[] {
  return [
    list('conditions', 'conditions', { name: 'runtime.v1.RuntimeCondition', fields: fieldsOfRuntimeCondition }),
  ];
}

export type RuntimeCondition = {
  readonly type: string;
  readonly status: boolean;
  readonly reason: string;
  readonly message: string;
};
/** For encoding: every field of `RuntimeCondition` may be left out. */
export type RuntimeConditionInit = {
  readonly type?: string;
  readonly status?: boolean;
  readonly reason?: string;
  readonly message?: string;
};
/** Codec of `runtime.v1.RuntimeCondition`. */
export const RuntimeCondition: Codec<RuntimeCondition, RuntimeConditionInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeCondition', fields: fieldsOfRuntimeCondition },
  read: readRuntimeCondition,
  write: writeRuntimeCondition,
});
function readRuntimeCondition(r: WireReader, m: Draft<RuntimeCondition> = newRuntimeCondition()): RuntimeCondition {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.type = r.string();
        break;
      case 16:
        m.status = r.bool();
        break;
      case 26:
        m.reason = r.string();
        break;
      case 34:
        m.message = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRuntimeCondition(): Draft<RuntimeCondition> {
  return {
    type: '',
    status: false,
    reason: '',
    message: '',
  };
}
function writeRuntimeCondition(w: WireWriter, m: RuntimeConditionInit): void {
  w.string(10, m.type);
  w.bool(16, m.status);
  w.string(26, m.reason);
  w.string(34, m.message);
}
function fieldsOfRuntimeCondition(): readonly FieldTable[] {
  return [
    one('type', 'type', 'string'),
    one('status', 'status', 'bool'),
    one('reason', 'reason', 'string'),
    one('message', 'message', 'string'),
  ];
}

export type RuntimeHandler = {
  readonly name: string;
  readonly features: RuntimeHandlerFeatures | null;
};
/** For encoding: every field of `RuntimeHandler` may be left out. */
export type RuntimeHandlerInit = {
  readonly name?: string;
  readonly features?: RuntimeHandlerFeaturesInit | null;
};
/** Codec of `runtime.v1.RuntimeHandler`. */
export const RuntimeHandler: Codec<RuntimeHandler, RuntimeHandlerInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeHandler', fields: fieldsOfRuntimeHandler },
  read: readRuntimeHandler,
  write: writeRuntimeHandler,
});
function readRuntimeHandler(r: WireReader, m: Draft<RuntimeHandler> = newRuntimeHandler()): RuntimeHandler {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.features = r.message(readRuntimeHandlerFeatures, m.features);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRuntimeHandler(): Draft<RuntimeHandler> {
  return {
    name: '',
    features: null,
  };
}
function writeRuntimeHandler(w: WireWriter, m: RuntimeHandlerInit): void {
  w.string(10, m.name);
  w.message(18, m.features, writeRuntimeHandlerFeatures);
}
function fieldsOfRuntimeHandler(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('features', 'features', { name: 'runtime.v1.RuntimeHandlerFeatures', fields: fieldsOfRuntimeHandlerFeatures }),
  ];
}

export type RuntimeHandlerFeatures = {
  readonly recursiveReadOnlyMounts: boolean;
  readonly userNamespaces: boolean;
};
/** For encoding: every field of `RuntimeHandlerFeatures` may be left out. */
export type RuntimeHandlerFeaturesInit = {
  readonly recursiveReadOnlyMounts?: boolean;
  readonly userNamespaces?: boolean;
};
/** Codec of `runtime.v1.RuntimeHandlerFeatures`. */
export const RuntimeHandlerFeatures: Codec<RuntimeHandlerFeatures, RuntimeHandlerFeaturesInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeHandlerFeatures', fields: fieldsOfRuntimeHandlerFeatures },
  read: readRuntimeHandlerFeatures,
  write: writeRuntimeHandlerFeatures,
});
function readRuntimeHandlerFeatures(r: WireReader, m: Draft<RuntimeHandlerFeatures> = newRuntimeHandlerFeatures()): RuntimeHandlerFeatures {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.recursiveReadOnlyMounts = r.bool();
        break;
      case 16:
        m.userNamespaces = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRuntimeHandlerFeatures(): Draft<RuntimeHandlerFeatures> {
  return {
    recursiveReadOnlyMounts: false,
    userNamespaces: false,
  };
}
function writeRuntimeHandlerFeatures(w: WireWriter, m: RuntimeHandlerFeaturesInit): void {
  w.bool(8, m.recursiveReadOnlyMounts);
  w.bool(16, m.userNamespaces);
}
function fieldsOfRuntimeHandlerFeatures(): readonly FieldTable[] {
  return [
    one('recursiveReadOnlyMounts', 'recursive_read_only_mounts', 'bool'),
    one('userNamespaces', 'user_namespaces', 'bool'),
  ];
}

export type RuntimeFeatures = {
  readonly supplementalGroupsPolicy: boolean;
  readonly userNamespacesHostNetwork: boolean;
  readonly mountOptions: boolean;
};
/** For encoding: every field of `RuntimeFeatures` may be left out. */
export type RuntimeFeaturesInit = {
  readonly supplementalGroupsPolicy?: boolean;
  readonly userNamespacesHostNetwork?: boolean;
  readonly mountOptions?: boolean;
};
/** Codec of `runtime.v1.RuntimeFeatures`. */
export const RuntimeFeatures: Codec<RuntimeFeatures, RuntimeFeaturesInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeFeatures', fields: fieldsOfRuntimeFeatures },
  read: readRuntimeFeatures,
  write: writeRuntimeFeatures,
});
function readRuntimeFeatures(r: WireReader, m: Draft<RuntimeFeatures> = newRuntimeFeatures()): RuntimeFeatures {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.supplementalGroupsPolicy = r.bool();
        break;
      case 16:
        m.userNamespacesHostNetwork = r.bool();
        break;
      case 24:
        m.mountOptions = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRuntimeFeatures(): Draft<RuntimeFeatures> {
  return {
    supplementalGroupsPolicy: false,
    userNamespacesHostNetwork: false,
    mountOptions: false,
  };
}
function writeRuntimeFeatures(w: WireWriter, m: RuntimeFeaturesInit): void {
  w.bool(8, m.supplementalGroupsPolicy);
  w.bool(16, m.userNamespacesHostNetwork);
  w.bool(24, m.mountOptions);
}
function fieldsOfRuntimeFeatures(): readonly FieldTable[] {
  return [
    one('supplementalGroupsPolicy', 'supplemental_groups_policy', 'bool'),
    one('userNamespacesHostNetwork', 'user_namespaces_host_network', 'bool'),
    one('mountOptions', 'mount_options', 'bool'),
  ];
}

export type UpdateRuntimeConfigRequest = {
  readonly runtimeConfig: RuntimeConfig | null;
};
/** For encoding: every field of `UpdateRuntimeConfigRequest` may be left out. */
export type UpdateRuntimeConfigRequestInit = {
  readonly runtimeConfig?: RuntimeConfigInit | null;
};
/** Codec of `runtime.v1.UpdateRuntimeConfigRequest`. */
export const UpdateRuntimeConfigRequest: Codec<UpdateRuntimeConfigRequest, UpdateRuntimeConfigRequestInit> = makeCodec({
  table: { name: 'runtime.v1.UpdateRuntimeConfigRequest', fields: fieldsOfUpdateRuntimeConfigRequest },
  read: readUpdateRuntimeConfigRequest,
  write: writeUpdateRuntimeConfigRequest,
});
function readUpdateRuntimeConfigRequest(r: WireReader, m: Draft<UpdateRuntimeConfigRequest> = newUpdateRuntimeConfigRequest()): UpdateRuntimeConfigRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.runtimeConfig = r.message(readRuntimeConfig, m.runtimeConfig);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newUpdateRuntimeConfigRequest(): Draft<UpdateRuntimeConfigRequest> {
  return {
    runtimeConfig: null,
  };
}
function writeUpdateRuntimeConfigRequest(w: WireWriter, m: UpdateRuntimeConfigRequestInit): void {
  w.message(10, m.runtimeConfig, writeRuntimeConfig);
}
function fieldsOfUpdateRuntimeConfigRequest(): readonly FieldTable[] {
  return [
    one('runtimeConfig', 'runtime_config', { name: 'runtime.v1.RuntimeConfig', fields: fieldsOfRuntimeConfig }),
  ];
}

export type UpdateRuntimeConfigResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `UpdateRuntimeConfigResponse` may be left out. */
export type UpdateRuntimeConfigResponseInit = UpdateRuntimeConfigResponse;
/** Codec of `runtime.v1.UpdateRuntimeConfigResponse`. */
export const UpdateRuntimeConfigResponse: Codec<UpdateRuntimeConfigResponse, UpdateRuntimeConfigResponseInit> = makeCodec({
  table: { name: 'runtime.v1.UpdateRuntimeConfigResponse', fields: fieldsOfUpdateRuntimeConfigResponse },
  read: readUpdateRuntimeConfigResponse,
  write: writeUpdateRuntimeConfigResponse,
});
function readUpdateRuntimeConfigResponse(r: WireReader, m: Draft<UpdateRuntimeConfigResponse> = {}): UpdateRuntimeConfigResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeUpdateRuntimeConfigResponse(): void {}
function fieldsOfUpdateRuntimeConfigResponse(): readonly FieldTable[] {
  return [
  ];
}

export type RuntimeConfig = {
  readonly networkConfig: NetworkConfig | null;
};
/** For encoding: every field of `RuntimeConfig` may be left out. */
export type RuntimeConfigInit = {
  readonly networkConfig?: NetworkConfigInit | null;
};
/** Codec of `runtime.v1.RuntimeConfig`. */
export const RuntimeConfig: Codec<RuntimeConfig, RuntimeConfigInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeConfig', fields: fieldsOfRuntimeConfig },
  read: readRuntimeConfig,
  write: writeRuntimeConfig,
});
function readRuntimeConfig(r: WireReader, m: Draft<RuntimeConfig> = newRuntimeConfig()): RuntimeConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.networkConfig = r.message(readNetworkConfig, m.networkConfig);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRuntimeConfig(): Draft<RuntimeConfig> {
  return {
    networkConfig: null,
  };
}
function writeRuntimeConfig(w: WireWriter, m: RuntimeConfigInit): void {
  w.message(10, m.networkConfig, writeNetworkConfig);
}
function fieldsOfRuntimeConfig(): readonly FieldTable[] {
  return [
    one('networkConfig', 'network_config', { name: 'runtime.v1.NetworkConfig', fields: fieldsOfNetworkConfig }),
  ];
}

export type NetworkConfig = {
  readonly podCidr: string;
};
/** For encoding: every field of `NetworkConfig` may be left out. */
export type NetworkConfigInit = {
  readonly podCidr?: string;
};
/** Codec of `runtime.v1.NetworkConfig`. */
export const NetworkConfig: Codec<NetworkConfig, NetworkConfigInit> = makeCodec({
  table: { name: 'runtime.v1.NetworkConfig', fields: fieldsOfNetworkConfig },
  read: readNetworkConfig,
  write: writeNetworkConfig,
});
function readNetworkConfig(r: WireReader, m: Draft<NetworkConfig> = newNetworkConfig()): NetworkConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podCidr = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newNetworkConfig(): Draft<NetworkConfig> {
  return {
    podCidr: '',
  };
}
function writeNetworkConfig(w: WireWriter, m: NetworkConfigInit): void {
  w.string(10, m.podCidr);
}
function fieldsOfNetworkConfig(): readonly FieldTable[] {
  return [
    one('podCidr', 'pod_cidr', 'string'),
  ];
}

export type RuntimeConfigRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `RuntimeConfigRequest` may be left out. */
export type RuntimeConfigRequestInit = RuntimeConfigRequest;
/** Codec of `runtime.v1.RuntimeConfigRequest`. */
export const RuntimeConfigRequest: Codec<RuntimeConfigRequest, RuntimeConfigRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeConfigRequest', fields: fieldsOfRuntimeConfigRequest },
  read: readRuntimeConfigRequest,
  write: writeRuntimeConfigRequest,
});
function readRuntimeConfigRequest(r: WireReader, m: Draft<RuntimeConfigRequest> = {}): RuntimeConfigRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeRuntimeConfigRequest(): void {}
function fieldsOfRuntimeConfigRequest(): readonly FieldTable[] {
  return [
  ];
}

export type RuntimeConfigResponse = {
  readonly linux: LinuxRuntimeConfiguration | null;
};
/** For encoding: every field of `RuntimeConfigResponse` may be left out. */
export type RuntimeConfigResponseInit = {
  readonly linux?: LinuxRuntimeConfigurationInit | null;
};
/** Codec of `runtime.v1.RuntimeConfigResponse`. */
export const RuntimeConfigResponse: Codec<RuntimeConfigResponse, RuntimeConfigResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeConfigResponse', fields: fieldsOfRuntimeConfigResponse },
  read: readRuntimeConfigResponse,
  write: writeRuntimeConfigResponse,
});
function readRuntimeConfigResponse(r: WireReader, m: Draft<RuntimeConfigResponse> = newRuntimeConfigResponse()): RuntimeConfigResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.linux = r.message(readLinuxRuntimeConfiguration, m.linux);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRuntimeConfigResponse(): Draft<RuntimeConfigResponse> {
  return {
    linux: null,
  };
}
function writeRuntimeConfigResponse(w: WireWriter, m: RuntimeConfigResponseInit): void {
  w.message(10, m.linux, writeLinuxRuntimeConfiguration);
}
function fieldsOfRuntimeConfigResponse(): readonly FieldTable[] {
  return [
    one('linux', 'linux', { name: 'runtime.v1.LinuxRuntimeConfiguration', fields: fieldsOfLinuxRuntimeConfiguration }),
  ];
}

export type LinuxRuntimeConfiguration = {
  readonly cgroupDriver: CgroupDriver;
};
/** For encoding: every field of `LinuxRuntimeConfiguration` may be left out. */
export type LinuxRuntimeConfigurationInit = {
  readonly cgroupDriver?: CgroupDriver;
};
/** Codec of `runtime.v1.LinuxRuntimeConfiguration`. */
export const LinuxRuntimeConfiguration: Codec<LinuxRuntimeConfiguration, LinuxRuntimeConfigurationInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxRuntimeConfiguration', fields: fieldsOfLinuxRuntimeConfiguration },
  read: readLinuxRuntimeConfiguration,
  write: writeLinuxRuntimeConfiguration,
});
function readLinuxRuntimeConfiguration(r: WireReader, m: Draft<LinuxRuntimeConfiguration> = newLinuxRuntimeConfiguration()): LinuxRuntimeConfiguration {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.cgroupDriver = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newLinuxRuntimeConfiguration(): Draft<LinuxRuntimeConfiguration> {
  return {
    cgroupDriver: 0,
  };
}
function writeLinuxRuntimeConfiguration(w: WireWriter, m: LinuxRuntimeConfigurationInit): void {
  w.int32(8, m.cgroupDriver);
}
function fieldsOfLinuxRuntimeConfiguration(): readonly FieldTable[] {
  return [
    one('cgroupDriver', 'cgroup_driver', 'enum'),
  ];
}

export type GetEventsRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `GetEventsRequest` may be left out. */
export type GetEventsRequestInit = GetEventsRequest;
/** Codec of `runtime.v1.GetEventsRequest`. */
export const GetEventsRequest: Codec<GetEventsRequest, GetEventsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.GetEventsRequest', fields: fieldsOfGetEventsRequest },
  read: readGetEventsRequest,
  write: writeGetEventsRequest,
});
function readGetEventsRequest(r: WireReader, m: Draft<GetEventsRequest> = {}): GetEventsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeGetEventsRequest(): void {}
function fieldsOfGetEventsRequest(): readonly FieldTable[] {
  return [
  ];
}

export type ContainerEventResponse = {
  readonly containerId: string;
  readonly containerEventType: ContainerEventType;
  readonly createdAt: bigint;
  readonly podSandboxStatus: PodSandboxStatus | null;
  readonly containersStatuses: readonly ContainerStatus[];
};
/** For encoding: every field of `ContainerEventResponse` may be left out. */
export type ContainerEventResponseInit = {
  readonly containerId?: string;
  readonly containerEventType?: ContainerEventType;
  readonly createdAt?: bigint;
  readonly podSandboxStatus?: PodSandboxStatusInit | null;
  readonly containersStatuses?: readonly ContainerStatusInit[];
};
/** Codec of `runtime.v1.ContainerEventResponse`. */
export const ContainerEventResponse: Codec<ContainerEventResponse, ContainerEventResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerEventResponse', fields: fieldsOfContainerEventResponse },
  read: readContainerEventResponse,
  write: writeContainerEventResponse,
});
function readContainerEventResponse(r: WireReader, m: Draft<ContainerEventResponse> = newContainerEventResponse()): ContainerEventResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      case 16:
        m.containerEventType = r.int32();
        break;
      case 24:
        m.createdAt = r.int64();
        break;
      case 34:
        m.podSandboxStatus = r.message(readPodSandboxStatus, m.podSandboxStatus);
        break;
      case 42:
        m.containersStatuses = r.append(m.containersStatuses, r.message(readContainerStatus, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerEventResponse(): Draft<ContainerEventResponse> {
  return {
    containerId: '',
    containerEventType: 0,
    createdAt: 0n,
    podSandboxStatus: null,
    containersStatuses: emptyList,
  };
}
function writeContainerEventResponse(w: WireWriter, m: ContainerEventResponseInit): void {
  w.string(10, m.containerId);
  w.int32(16, m.containerEventType);
  w.int64(24, m.createdAt);
  w.message(34, m.podSandboxStatus, writePodSandboxStatus);
  w.messages(42, m.containersStatuses, writeContainerStatus);
}
function fieldsOfContainerEventResponse(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    one('containerEventType', 'container_event_type', 'enum'),
    one('createdAt', 'created_at', 'int64'),
    one('podSandboxStatus', 'pod_sandbox_status', { name: 'runtime.v1.PodSandboxStatus', fields: fieldsOfPodSandboxStatus }),
    list('containersStatuses', 'containers_statuses', { name: 'runtime.v1.ContainerStatus', fields: fieldsOfContainerStatus }),
  ];
}

export type PodSandbox = {
  readonly id: string;
  readonly metadata: PodSandboxMetadata | null;
  readonly state: PodSandboxState;
  readonly createdAt: bigint;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly runtimeHandler: string;
};
/** For encoding: every field of `PodSandbox` may be left out. */
export type PodSandboxInit = {
  readonly id?: string;
  readonly metadata?: PodSandboxMetadataInit | null;
  readonly state?: PodSandboxState;
  readonly createdAt?: bigint;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly runtimeHandler?: string;
};
/** Codec of `runtime.v1.PodSandbox`. */
export const PodSandbox: Codec<PodSandbox, PodSandboxInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandbox', fields: fieldsOfPodSandbox },
  read: readPodSandbox,
  write: writePodSandbox,
});
function readPodSandbox(r: WireReader, m: Draft<PodSandbox> = newPodSandbox()): PodSandbox {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.metadata = r.message(readPodSandboxMetadata, m.metadata);
        break;
      case 24:
        m.state = r.int32();
        break;
      case 32:
        m.createdAt = r.int64();
        break;
      case 42:
        m.labels = r.entry(m.labels);
        break;
      case 50:
        m.annotations = r.entry(m.annotations);
        break;
      case 58:
        m.runtimeHandler = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandbox(): Draft<PodSandbox> {
  return {
    id: '',
    metadata: null,
    state: 0,
    createdAt: 0n,
    labels: emptyMap,
    annotations: emptyMap,
    runtimeHandler: '',
  };
}
function writePodSandbox(w: WireWriter, m: PodSandboxInit): void {
  w.string(10, m.id);
  w.message(18, m.metadata, writePodSandboxMetadata);
  w.int32(24, m.state);
  w.int64(32, m.createdAt);
  w.map(42, m.labels);
  w.map(50, m.annotations);
  w.string(58, m.runtimeHandler);
}
function fieldsOfPodSandbox(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    one('metadata', 'metadata', { name: 'runtime.v1.PodSandboxMetadata', fields: fieldsOfPodSandboxMetadata }),
    one('state', 'state', 'enum'),
    one('createdAt', 'created_at', 'int64'),
    map('labels', 'labels'),
    map('annotations', 'annotations'),
    one('runtimeHandler', 'runtime_handler', 'string'),
  ];
}

export type PodSandboxStatus = {
  readonly id: string;
  readonly metadata: PodSandboxMetadata | null;
  readonly state: PodSandboxState;
  readonly createdAt: bigint;
  readonly network: PodSandboxNetworkStatus | null;
  readonly linux: LinuxPodSandboxStatus | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly runtimeHandler: string;
};
/** For encoding: every field of `PodSandboxStatus` may be left out. */
export type PodSandboxStatusInit = {
  readonly id?: string;
  readonly metadata?: PodSandboxMetadataInit | null;
  readonly state?: PodSandboxState;
  readonly createdAt?: bigint;
  readonly network?: PodSandboxNetworkStatusInit | null;
  readonly linux?: LinuxPodSandboxStatusInit | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly runtimeHandler?: string;
};
/** Codec of `runtime.v1.PodSandboxStatus`. */
export const PodSandboxStatus: Codec<PodSandboxStatus, PodSandboxStatusInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatus', fields: fieldsOfPodSandboxStatus },
  read: readPodSandboxStatus,
  write: writePodSandboxStatus,
});
function readPodSandboxStatus(r: WireReader, m: Draft<PodSandboxStatus> = newPodSandboxStatus()): PodSandboxStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.metadata = r.message(readPodSandboxMetadata, m.metadata);
        break;
      case 24:
        m.state = r.int32();
        break;
      case 32:
        m.createdAt = r.int64();
        break;
      case 42:
        m.network = r.message(readPodSandboxNetworkStatus, m.network);
        break;
      case 50:
        m.linux = r.message(readLinuxPodSandboxStatus, m.linux);
        break;
      case 58:
        m.labels = r.entry(m.labels);
        break;
      case 66:
        m.annotations = r.entry(m.annotations);
        break;
      case 74:
        m.runtimeHandler = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatus(): Draft<PodSandboxStatus> {
  return {
    id: '',
    metadata: null,
    state: 0,
    createdAt: 0n,
    network: null,
    linux: null,
    labels: emptyMap,
    annotations: emptyMap,
    runtimeHandler: '',
  };
}
function writePodSandboxStatus(w: WireWriter, m: PodSandboxStatusInit): void {
  w.string(10, m.id);
  w.message(18, m.metadata, writePodSandboxMetadata);
  w.int32(24, m.state);
  w.int64(32, m.createdAt);
  w.message(42, m.network, writePodSandboxNetworkStatus);
  w.message(50, m.linux, writeLinuxPodSandboxStatus);
  w.map(58, m.labels);
  w.map(66, m.annotations);
  w.string(74, m.runtimeHandler);
}
function fieldsOfPodSandboxStatus(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    one('metadata', 'metadata', { name: 'runtime.v1.PodSandboxMetadata', fields: fieldsOfPodSandboxMetadata }),
    one('state', 'state', 'enum'),
    one('createdAt', 'created_at', 'int64'),
    one('network', 'network', { name: 'runtime.v1.PodSandboxNetworkStatus', fields: fieldsOfPodSandboxNetworkStatus }),
    one('linux', 'linux', { name: 'runtime.v1.LinuxPodSandboxStatus', fields: fieldsOfLinuxPodSandboxStatus }),
    map('labels', 'labels'),
    map('annotations', 'annotations'),
    one('runtimeHandler', 'runtime_handler', 'string'),
  ];
}

export type PodSandboxNetworkStatus = {
  readonly ip: string;
  readonly additionalIps: readonly PodIP[];
};
/** For encoding: every field of `PodSandboxNetworkStatus` may be left out. */
export type PodSandboxNetworkStatusInit = {
  readonly ip?: string;
  readonly additionalIps?: readonly PodIPInit[];
};
/** Codec of `runtime.v1.PodSandboxNetworkStatus`. */
export const PodSandboxNetworkStatus: Codec<PodSandboxNetworkStatus, PodSandboxNetworkStatusInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxNetworkStatus', fields: fieldsOfPodSandboxNetworkStatus },
  read: readPodSandboxNetworkStatus,
  write: writePodSandboxNetworkStatus,
});
function readPodSandboxNetworkStatus(r: WireReader, m: Draft<PodSandboxNetworkStatus> = newPodSandboxNetworkStatus()): PodSandboxNetworkStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.ip = r.string();
        break;
      case 18:
        m.additionalIps = r.append(m.additionalIps, r.message(readPodIP, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxNetworkStatus(): Draft<PodSandboxNetworkStatus> {
  return {
    ip: '',
    additionalIps: emptyList,
  };
}
function writePodSandboxNetworkStatus(w: WireWriter, m: PodSandboxNetworkStatusInit): void {
  w.string(10, m.ip);
  w.messages(18, m.additionalIps, writePodIP);
}
function fieldsOfPodSandboxNetworkStatus(): readonly FieldTable[] {
  return [
    one('ip', 'ip', 'string'),
    list('additionalIps', 'additional_ips', { name: 'runtime.v1.PodIP', fields: fieldsOfPodIP }),
  ];
}

export type PodIP = {
  readonly ip: string;
};
/** For encoding: every field of `PodIP` may be left out. */
export type PodIPInit = {
  readonly ip?: string;
};
/** Codec of `runtime.v1.PodIP`. */
export const PodIP: Codec<PodIP, PodIPInit> = makeCodec({
  table: { name: 'runtime.v1.PodIP', fields: fieldsOfPodIP },
  read: readPodIP,
  write: writePodIP,
});
function readPodIP(r: WireReader, m: Draft<PodIP> = newPodIP()): PodIP {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.ip = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodIP(): Draft<PodIP> {
  return {
    ip: '',
  };
}
function writePodIP(w: WireWriter, m: PodIPInit): void {
  w.string(10, m.ip);
}
function fieldsOfPodIP(): readonly FieldTable[] {
  return [
    one('ip', 'ip', 'string'),
  ];
}

export type LinuxPodSandboxStatus = {
  readonly namespaces: Namespace | null;
};
/** For encoding: every field of `LinuxPodSandboxStatus` may be left out. */
export type LinuxPodSandboxStatusInit = {
  readonly namespaces?: NamespaceInit | null;
};
/** Codec of `runtime.v1.LinuxPodSandboxStatus`. */
export const LinuxPodSandboxStatus: Codec<LinuxPodSandboxStatus, LinuxPodSandboxStatusInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxPodSandboxStatus', fields: fieldsOfLinuxPodSandboxStatus },
  read: readLinuxPodSandboxStatus,
  write: writeLinuxPodSandboxStatus,
});
function readLinuxPodSandboxStatus(r: WireReader, m: Draft<LinuxPodSandboxStatus> = newLinuxPodSandboxStatus()): LinuxPodSandboxStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.namespaces = r.message(readNamespace, m.namespaces);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newLinuxPodSandboxStatus(): Draft<LinuxPodSandboxStatus> {
  return {
    namespaces: null,
  };
}
function writeLinuxPodSandboxStatus(w: WireWriter, m: LinuxPodSandboxStatusInit): void {
  w.message(10, m.namespaces, writeNamespace);
}
function fieldsOfLinuxPodSandboxStatus(): readonly FieldTable[] {
  return [
    one('namespaces', 'namespaces', { name: 'runtime.v1.Namespace', fields: fieldsOfNamespace }),
  ];
}

export type Namespace = {
  readonly options: NamespaceOption | null;
};
/** For encoding: every field of `Namespace` may be left out. */
export type NamespaceInit = {
  readonly options?: NamespaceOptionInit | null;
};
/** Codec of `runtime.v1.Namespace`. */
export const Namespace: Codec<Namespace, NamespaceInit> = makeCodec({
  table: { name: 'runtime.v1.Namespace', fields: fieldsOfNamespace },
  read: readNamespace,
  write: writeNamespace,
});
function readNamespace(r: WireReader, m: Draft<Namespace> = newNamespace()): Namespace {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 18:
        m.options = r.message(readNamespaceOption, m.options);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newNamespace(): Draft<Namespace> {
  return {
    options: null,
  };
}
function writeNamespace(w: WireWriter, m: NamespaceInit): void {
  w.message(18, m.options, writeNamespaceOption);
}
function fieldsOfNamespace(): readonly FieldTable[] {
  return [
    one('options', 'options', { name: 'runtime.v1.NamespaceOption', fields: fieldsOfNamespaceOption }),
  ];
}

export type RunPodSandboxRequest = {
  readonly config: PodSandboxConfig | null;
  readonly runtimeHandler: string;
};
/** For encoding: every field of `RunPodSandboxRequest` may be left out. */
export type RunPodSandboxRequestInit = {
  readonly config?: PodSandboxConfigInit | null;
  readonly runtimeHandler?: string;
};
/** Codec of `runtime.v1.RunPodSandboxRequest`. */
export const RunPodSandboxRequest: Codec<RunPodSandboxRequest, RunPodSandboxRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RunPodSandboxRequest', fields: fieldsOfRunPodSandboxRequest },
  read: readRunPodSandboxRequest,
  write: writeRunPodSandboxRequest,
});
function readRunPodSandboxRequest(r: WireReader, m: Draft<RunPodSandboxRequest> = newRunPodSandboxRequest()): RunPodSandboxRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.config = r.message(readPodSandboxConfig, m.config);
        break;
      case 18:
        m.runtimeHandler = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRunPodSandboxRequest(): Draft<RunPodSandboxRequest> {
  return {
    config: null,
    runtimeHandler: '',
  };
}
function writeRunPodSandboxRequest(w: WireWriter, m: RunPodSandboxRequestInit): void {
  w.message(10, m.config, writePodSandboxConfig);
  w.string(18, m.runtimeHandler);
}
function fieldsOfRunPodSandboxRequest(): readonly FieldTable[] {
  return [
    one('config', 'config', { name: 'runtime.v1.PodSandboxConfig', fields: fieldsOfPodSandboxConfig }),
    one('runtimeHandler', 'runtime_handler', 'string'),
  ];
}

export type RunPodSandboxResponse = {
  readonly podSandboxId: string;
};
/** For encoding: every field of `RunPodSandboxResponse` may be left out. */
export type RunPodSandboxResponseInit = {
  readonly podSandboxId?: string;
};
/** Codec of `runtime.v1.RunPodSandboxResponse`. */
export const RunPodSandboxResponse: Codec<RunPodSandboxResponse, RunPodSandboxResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RunPodSandboxResponse', fields: fieldsOfRunPodSandboxResponse },
  read: readRunPodSandboxResponse,
  write: writeRunPodSandboxResponse,
});
function readRunPodSandboxResponse(r: WireReader, m: Draft<RunPodSandboxResponse> = newRunPodSandboxResponse()): RunPodSandboxResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRunPodSandboxResponse(): Draft<RunPodSandboxResponse> {
  return {
    podSandboxId: '',
  };
}
function writeRunPodSandboxResponse(w: WireWriter, m: RunPodSandboxResponseInit): void {
  w.string(10, m.podSandboxId);
}
function fieldsOfRunPodSandboxResponse(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
  ];
}

export type StopPodSandboxRequest = {
  readonly podSandboxId: string;
};
/** For encoding: every field of `StopPodSandboxRequest` may be left out. */
export type StopPodSandboxRequestInit = {
  readonly podSandboxId?: string;
};
/** Codec of `runtime.v1.StopPodSandboxRequest`. */
export const StopPodSandboxRequest: Codec<StopPodSandboxRequest, StopPodSandboxRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StopPodSandboxRequest', fields: fieldsOfStopPodSandboxRequest },
  read: readStopPodSandboxRequest,
  write: writeStopPodSandboxRequest,
});
function readStopPodSandboxRequest(r: WireReader, m: Draft<StopPodSandboxRequest> = newStopPodSandboxRequest()): StopPodSandboxRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStopPodSandboxRequest(): Draft<StopPodSandboxRequest> {
  return {
    podSandboxId: '',
  };
}
function writeStopPodSandboxRequest(w: WireWriter, m: StopPodSandboxRequestInit): void {
  w.string(10, m.podSandboxId);
}
function fieldsOfStopPodSandboxRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
  ];
}

export type StopPodSandboxResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `StopPodSandboxResponse` may be left out. */
export type StopPodSandboxResponseInit = StopPodSandboxResponse;
/** Codec of `runtime.v1.StopPodSandboxResponse`. */
export const StopPodSandboxResponse: Codec<StopPodSandboxResponse, StopPodSandboxResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StopPodSandboxResponse', fields: fieldsOfStopPodSandboxResponse },
  read: readStopPodSandboxResponse,
  write: writeStopPodSandboxResponse,
});
function readStopPodSandboxResponse(r: WireReader, m: Draft<StopPodSandboxResponse> = {}): StopPodSandboxResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeStopPodSandboxResponse(): void {}
function fieldsOfStopPodSandboxResponse(): readonly FieldTable[] {
  return [
  ];
}

export type RemovePodSandboxRequest = {
  readonly podSandboxId: string;
};
/** For encoding: every field of `RemovePodSandboxRequest` may be left out. */
export type RemovePodSandboxRequestInit = {
  readonly podSandboxId?: string;
};
/** Codec of `runtime.v1.RemovePodSandboxRequest`. */
export const RemovePodSandboxRequest: Codec<RemovePodSandboxRequest, RemovePodSandboxRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RemovePodSandboxRequest', fields: fieldsOfRemovePodSandboxRequest },
  read: readRemovePodSandboxRequest,
  write: writeRemovePodSandboxRequest,
});
function readRemovePodSandboxRequest(r: WireReader, m: Draft<RemovePodSandboxRequest> = newRemovePodSandboxRequest()): RemovePodSandboxRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRemovePodSandboxRequest(): Draft<RemovePodSandboxRequest> {
  return {
    podSandboxId: '',
  };
}
function writeRemovePodSandboxRequest(w: WireWriter, m: RemovePodSandboxRequestInit): void {
  w.string(10, m.podSandboxId);
}
function fieldsOfRemovePodSandboxRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
  ];
}

export type RemovePodSandboxResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `RemovePodSandboxResponse` may be left out. */
export type RemovePodSandboxResponseInit = RemovePodSandboxResponse;
/** Codec of `runtime.v1.RemovePodSandboxResponse`. */
export const RemovePodSandboxResponse: Codec<RemovePodSandboxResponse, RemovePodSandboxResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RemovePodSandboxResponse', fields: fieldsOfRemovePodSandboxResponse },
  read: readRemovePodSandboxResponse,
  write: writeRemovePodSandboxResponse,
});
function readRemovePodSandboxResponse(r: WireReader, m: Draft<RemovePodSandboxResponse> = {}): RemovePodSandboxResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeRemovePodSandboxResponse(): void {}
function fieldsOfRemovePodSandboxResponse(): readonly FieldTable[] {
  return [
  ];
}

export type PodSandboxStatusRequest = {
  readonly podSandboxId: string;
  readonly verbose: boolean;
};
/** For encoding: every field of `PodSandboxStatusRequest` may be left out. */
export type PodSandboxStatusRequestInit = {
  readonly podSandboxId?: string;
  readonly verbose?: boolean;
};
/** Codec of `runtime.v1.PodSandboxStatusRequest`. */
export const PodSandboxStatusRequest: Codec<PodSandboxStatusRequest, PodSandboxStatusRequestInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatusRequest', fields: fieldsOfPodSandboxStatusRequest },
  read: readPodSandboxStatusRequest,
  write: writePodSandboxStatusRequest,
});
function readPodSandboxStatusRequest(r: WireReader, m: Draft<PodSandboxStatusRequest> = newPodSandboxStatusRequest()): PodSandboxStatusRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      case 16:
        m.verbose = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatusRequest(): Draft<PodSandboxStatusRequest> {
  return {
    podSandboxId: '',
    verbose: false,
  };
}
function writePodSandboxStatusRequest(w: WireWriter, m: PodSandboxStatusRequestInit): void {
  w.string(10, m.podSandboxId);
  w.bool(16, m.verbose);
}
function fieldsOfPodSandboxStatusRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    one('verbose', 'verbose', 'bool'),
  ];
}

export type PodSandboxStatusResponse = {
  readonly status: PodSandboxStatus | null;
  readonly info: Readonly<Record<string, string>>;
  readonly containersStatuses: readonly ContainerStatus[];
  readonly timestamp: bigint;
};
/** For encoding: every field of `PodSandboxStatusResponse` may be left out. */
export type PodSandboxStatusResponseInit = {
  readonly status?: PodSandboxStatusInit | null;
  readonly info?: Readonly<Record<string, string>>;
  readonly containersStatuses?: readonly ContainerStatusInit[];
  readonly timestamp?: bigint;
};
/** Codec of `runtime.v1.PodSandboxStatusResponse`. */
export const PodSandboxStatusResponse: Codec<PodSandboxStatusResponse, PodSandboxStatusResponseInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatusResponse', fields: fieldsOfPodSandboxStatusResponse },
  read: readPodSandboxStatusResponse,
  write: writePodSandboxStatusResponse,
});
function readPodSandboxStatusResponse(r: WireReader, m: Draft<PodSandboxStatusResponse> = newPodSandboxStatusResponse()): PodSandboxStatusResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.status = r.message(readPodSandboxStatus, m.status);
        break;
      case 18:
        m.info = r.entry(m.info);
        break;
      case 26:
        m.containersStatuses = r.append(m.containersStatuses, r.message(readContainerStatus, null));
        break;
      case 32:
        m.timestamp = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatusResponse(): Draft<PodSandboxStatusResponse> {
  return {
    status: null,
    info: emptyMap,
    containersStatuses: emptyList,
    timestamp: 0n,
  };
}
function writePodSandboxStatusResponse(w: WireWriter, m: PodSandboxStatusResponseInit): void {
  w.message(10, m.status, writePodSandboxStatus);
  w.map(18, m.info);
  w.messages(26, m.containersStatuses, writeContainerStatus);
  w.int64(32, m.timestamp);
}
function fieldsOfPodSandboxStatusResponse(): readonly FieldTable[] {
  return [
    one('status', 'status', { name: 'runtime.v1.PodSandboxStatus', fields: fieldsOfPodSandboxStatus }),
    map('info', 'info'),
    list('containersStatuses', 'containers_statuses', { name: 'runtime.v1.ContainerStatus', fields: fieldsOfContainerStatus }),
    one('timestamp', 'timestamp', 'int64'),
  ];
}

export type PodSandboxStateValue = {
  readonly state: PodSandboxState;
};
/** For encoding: every field of `PodSandboxStateValue` may be left out. */
export type PodSandboxStateValueInit = {
  readonly state?: PodSandboxState;
};
/** Codec of `runtime.v1.PodSandboxStateValue`. */
export const PodSandboxStateValue: Codec<PodSandboxStateValue, PodSandboxStateValueInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStateValue', fields: fieldsOfPodSandboxStateValue },
  read: readPodSandboxStateValue,
  write: writePodSandboxStateValue,
});
function readPodSandboxStateValue(r: WireReader, m: Draft<PodSandboxStateValue> = newPodSandboxStateValue()): PodSandboxStateValue {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.state = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStateValue(): Draft<PodSandboxStateValue> {
  return {
    state: 0,
  };
}
function writePodSandboxStateValue(w: WireWriter, m: PodSandboxStateValueInit): void {
  w.int32(8, m.state);
}
function fieldsOfPodSandboxStateValue(): readonly FieldTable[] {
  return [
    one('state', 'state', 'enum'),
  ];
}

export type PodSandboxFilter = {
  readonly id: string;
  readonly state: PodSandboxStateValue | null;
  readonly labelSelector: Readonly<Record<string, string>>;
};
/** For encoding: every field of `PodSandboxFilter` may be left out. */
export type PodSandboxFilterInit = {
  readonly id?: string;
  readonly state?: PodSandboxStateValueInit | null;
  readonly labelSelector?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.PodSandboxFilter`. */
export const PodSandboxFilter: Codec<PodSandboxFilter, PodSandboxFilterInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxFilter', fields: fieldsOfPodSandboxFilter },
  read: readPodSandboxFilter,
  write: writePodSandboxFilter,
});
function readPodSandboxFilter(r: WireReader, m: Draft<PodSandboxFilter> = newPodSandboxFilter()): PodSandboxFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.state = r.message(readPodSandboxStateValue, m.state);
        break;
      case 26:
        m.labelSelector = r.entry(m.labelSelector);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxFilter(): Draft<PodSandboxFilter> {
  return {
    id: '',
    state: null,
    labelSelector: emptyMap,
  };
}
function writePodSandboxFilter(w: WireWriter, m: PodSandboxFilterInit): void {
  w.string(10, m.id);
  w.message(18, m.state, writePodSandboxStateValue);
  w.map(26, m.labelSelector);
}
function fieldsOfPodSandboxFilter(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    one('state', 'state', { name: 'runtime.v1.PodSandboxStateValue', fields: fieldsOfPodSandboxStateValue }),
    map('labelSelector', 'label_selector'),
  ];
}

export type ListPodSandboxRequest = {
  readonly filter: PodSandboxFilter | null;
};
/** For encoding: every field of `ListPodSandboxRequest` may be left out. */
export type ListPodSandboxRequestInit = {
  readonly filter?: PodSandboxFilterInit | null;
};
/** Codec of `runtime.v1.ListPodSandboxRequest`. */
export const ListPodSandboxRequest: Codec<ListPodSandboxRequest, ListPodSandboxRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxRequest', fields: fieldsOfListPodSandboxRequest },
  read: readListPodSandboxRequest,
  write: writeListPodSandboxRequest,
});
function readListPodSandboxRequest(r: WireReader, m: Draft<ListPodSandboxRequest> = newListPodSandboxRequest()): ListPodSandboxRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readPodSandboxFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxRequest(): Draft<ListPodSandboxRequest> {
  return {
    filter: null,
  };
}
function writeListPodSandboxRequest(w: WireWriter, m: ListPodSandboxRequestInit): void {
  w.message(10, m.filter, writePodSandboxFilter);
}
function fieldsOfListPodSandboxRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.PodSandboxFilter', fields: fieldsOfPodSandboxFilter }),
  ];
}

export type ListPodSandboxResponse = {
  readonly items: readonly PodSandbox[];
};
/** For encoding: every field of `ListPodSandboxResponse` may be left out. */
export type ListPodSandboxResponseInit = {
  readonly items?: readonly PodSandboxInit[];
};
/** Codec of `runtime.v1.ListPodSandboxResponse`. */
export const ListPodSandboxResponse: Codec<ListPodSandboxResponse, ListPodSandboxResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxResponse', fields: fieldsOfListPodSandboxResponse },
  read: readListPodSandboxResponse,
  write: writeListPodSandboxResponse,
});
function readListPodSandboxResponse(r: WireReader, m: Draft<ListPodSandboxResponse> = newListPodSandboxResponse()): ListPodSandboxResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.items = r.append(m.items, r.message(readPodSandbox, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxResponse(): Draft<ListPodSandboxResponse> {
  return {
    items: emptyList,
  };
}
function writeListPodSandboxResponse(w: WireWriter, m: ListPodSandboxResponseInit): void {
  w.messages(10, m.items, writePodSandbox);
}
function fieldsOfListPodSandboxResponse(): readonly FieldTable[] {
  return [
    list('items', 'items', { name: 'runtime.v1.PodSandbox', fields: fieldsOfPodSandbox }),
  ];
}

export type StreamPodSandboxesRequest = {
  readonly filter: PodSandboxFilter | null;
};
/** For encoding: every field of `StreamPodSandboxesRequest` may be left out. */
export type StreamPodSandboxesRequestInit = {
  readonly filter?: PodSandboxFilterInit | null;
};
/** Codec of `runtime.v1.StreamPodSandboxesRequest`. */
export const StreamPodSandboxesRequest: Codec<StreamPodSandboxesRequest, StreamPodSandboxesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxesRequest', fields: fieldsOfStreamPodSandboxesRequest },
  read: readStreamPodSandboxesRequest,
  write: writeStreamPodSandboxesRequest,
});
function readStreamPodSandboxesRequest(r: WireReader, m: Draft<StreamPodSandboxesRequest> = newStreamPodSandboxesRequest()): StreamPodSandboxesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readPodSandboxFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxesRequest(): Draft<StreamPodSandboxesRequest> {
  return {
    filter: null,
  };
}
function writeStreamPodSandboxesRequest(w: WireWriter, m: StreamPodSandboxesRequestInit): void {
  w.message(10, m.filter, writePodSandboxFilter);
}
function fieldsOfStreamPodSandboxesRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.PodSandboxFilter', fields: fieldsOfPodSandboxFilter }),
  ];
}

export type StreamPodSandboxesResponse = {
  readonly podSandboxes: readonly PodSandbox[];
};
/** For encoding: every field of `StreamPodSandboxesResponse` may be left out. */
export type StreamPodSandboxesResponseInit = {
  readonly podSandboxes?: readonly PodSandboxInit[];
};
/** Codec of `runtime.v1.StreamPodSandboxesResponse`. */
export const StreamPodSandboxesResponse: Codec<StreamPodSandboxesResponse, StreamPodSandboxesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxesResponse', fields: fieldsOfStreamPodSandboxesResponse },
  read: readStreamPodSandboxesResponse,
  write: writeStreamPodSandboxesResponse,
});
function readStreamPodSandboxesResponse(r: WireReader, m: Draft<StreamPodSandboxesResponse> = newStreamPodSandboxesResponse()): StreamPodSandboxesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxes = r.append(m.podSandboxes, r.message(readPodSandbox, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxesResponse(): Draft<StreamPodSandboxesResponse> {
  return {
    podSandboxes: emptyList,
  };
}
function writeStreamPodSandboxesResponse(w: WireWriter, m: StreamPodSandboxesResponseInit): void {
  w.messages(10, m.podSandboxes, writePodSandbox);
}
function fieldsOfStreamPodSandboxesResponse(): readonly FieldTable[] {
  return [
    list('podSandboxes', 'pod_sandboxes', { name: 'runtime.v1.PodSandbox', fields: fieldsOfPodSandbox }),
  ];
}

export type UpdatePodSandboxResourcesRequest = {
  readonly podSandboxId: string;
  readonly overhead: LinuxContainerResources | null;
  readonly resources: LinuxContainerResources | null;
};
/** For encoding: every field of `UpdatePodSandboxResourcesRequest` may be left out. */
export type UpdatePodSandboxResourcesRequestInit = {
  readonly podSandboxId?: string;
  readonly overhead?: LinuxContainerResourcesInit | null;
  readonly resources?: LinuxContainerResourcesInit | null;
};
/** Codec of `runtime.v1.UpdatePodSandboxResourcesRequest`. */
export const UpdatePodSandboxResourcesRequest: Codec<UpdatePodSandboxResourcesRequest, UpdatePodSandboxResourcesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.UpdatePodSandboxResourcesRequest', fields: fieldsOfUpdatePodSandboxResourcesRequest },
  read: readUpdatePodSandboxResourcesRequest,
  write: writeUpdatePodSandboxResourcesRequest,
});
function readUpdatePodSandboxResourcesRequest(r: WireReader, m: Draft<UpdatePodSandboxResourcesRequest> = newUpdatePodSandboxResourcesRequest()): UpdatePodSandboxResourcesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      case 18:
        m.overhead = r.message(readLinuxContainerResources, m.overhead);
        break;
      case 26:
        m.resources = r.message(readLinuxContainerResources, m.resources);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newUpdatePodSandboxResourcesRequest(): Draft<UpdatePodSandboxResourcesRequest> {
  return {
    podSandboxId: '',
    overhead: null,
    resources: null,
  };
}
function writeUpdatePodSandboxResourcesRequest(w: WireWriter, m: UpdatePodSandboxResourcesRequestInit): void {
  w.string(10, m.podSandboxId);
  w.message(18, m.overhead, writeLinuxContainerResources);
  w.message(26, m.resources, writeLinuxContainerResources);
}
function fieldsOfUpdatePodSandboxResourcesRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    one('overhead', 'overhead', { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources }),
    one('resources', 'resources', { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources }),
  ];
}

export type UpdatePodSandboxResourcesResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `UpdatePodSandboxResourcesResponse` may be left out. */
export type UpdatePodSandboxResourcesResponseInit = UpdatePodSandboxResourcesResponse;
/** Codec of `runtime.v1.UpdatePodSandboxResourcesResponse`. */
export const UpdatePodSandboxResourcesResponse: Codec<UpdatePodSandboxResourcesResponse, UpdatePodSandboxResourcesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.UpdatePodSandboxResourcesResponse', fields: fieldsOfUpdatePodSandboxResourcesResponse },
  read: readUpdatePodSandboxResourcesResponse,
  write: writeUpdatePodSandboxResourcesResponse,
});
function readUpdatePodSandboxResourcesResponse(r: WireReader, m: Draft<UpdatePodSandboxResourcesResponse> = {}): UpdatePodSandboxResourcesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeUpdatePodSandboxResourcesResponse(): void {}
function fieldsOfUpdatePodSandboxResourcesResponse(): readonly FieldTable[] {
  return [
  ];
}

export type PortForwardRequest = {
  readonly podSandboxId: string;
  readonly port: readonly number[];
};
/** For encoding: every field of `PortForwardRequest` may be left out. */
export type PortForwardRequestInit = {
  readonly podSandboxId?: string;
  readonly port?: readonly number[];
};
/** Codec of `runtime.v1.PortForwardRequest`. */
export const PortForwardRequest: Codec<PortForwardRequest, PortForwardRequestInit> = makeCodec({
  table: { name: 'runtime.v1.PortForwardRequest', fields: fieldsOfPortForwardRequest },
  read: readPortForwardRequest,
  write: writePortForwardRequest,
});
function readPortForwardRequest(r: WireReader, m: Draft<PortForwardRequest> = newPortForwardRequest()): PortForwardRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      case 18:
        m.port = r.packed(m.port, (packed) => packed.int32());
        break;
      case 16:
        m.port = r.append(m.port, r.int32());
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPortForwardRequest(): Draft<PortForwardRequest> {
  return {
    podSandboxId: '',
    port: emptyList,
  };
}
function writePortForwardRequest(w: WireWriter, m: PortForwardRequestInit): void {
  w.string(10, m.podSandboxId);
  w.int32s(18, m.port);
}
function fieldsOfPortForwardRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    list('port', 'port', 'int32'),
  ];
}

export type PortForwardResponse = {
  readonly url: string;
};
/** For encoding: every field of `PortForwardResponse` may be left out. */
export type PortForwardResponseInit = {
  readonly url?: string;
};
/** Codec of `runtime.v1.PortForwardResponse`. */
export const PortForwardResponse: Codec<PortForwardResponse, PortForwardResponseInit> = makeCodec({
  table: { name: 'runtime.v1.PortForwardResponse', fields: fieldsOfPortForwardResponse },
  read: readPortForwardResponse,
  write: writePortForwardResponse,
});
function readPortForwardResponse(r: WireReader, m: Draft<PortForwardResponse> = newPortForwardResponse()): PortForwardResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.url = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPortForwardResponse(): Draft<PortForwardResponse> {
  return {
    url: '',
  };
}
function writePortForwardResponse(w: WireWriter, m: PortForwardResponseInit): void {
  w.string(10, m.url);
}
function fieldsOfPortForwardResponse(): readonly FieldTable[] {
  return [
    one('url', 'url', 'string'),
  ];
}

export type CheckpointPodRequest = {
  readonly podSandboxId: string;
  readonly outputPath: string;
  readonly containerIds: readonly string[];
  readonly options: Readonly<Record<string, string>>;
};
/** For encoding: every field of `CheckpointPodRequest` may be left out. */
export type CheckpointPodRequestInit = {
  readonly podSandboxId?: string;
  readonly outputPath?: string;
  readonly containerIds?: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.CheckpointPodRequest`. */
export const CheckpointPodRequest: Codec<CheckpointPodRequest, CheckpointPodRequestInit> = makeCodec({
  table: { name: 'runtime.v1.CheckpointPodRequest', fields: fieldsOfCheckpointPodRequest },
  read: readCheckpointPodRequest,
  write: writeCheckpointPodRequest,
});
function readCheckpointPodRequest(r: WireReader, m: Draft<CheckpointPodRequest> = newCheckpointPodRequest()): CheckpointPodRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      case 18:
        m.outputPath = r.string();
        break;
      case 26:
        m.containerIds = r.append(m.containerIds, r.string());
        break;
      case 34:
        m.options = r.entry(m.options);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newCheckpointPodRequest(): Draft<CheckpointPodRequest> {
  return {
    podSandboxId: '',
    outputPath: '',
    containerIds: emptyList,
    options: emptyMap,
  };
}
function writeCheckpointPodRequest(w: WireWriter, m: CheckpointPodRequestInit): void {
  w.string(10, m.podSandboxId);
  w.string(18, m.outputPath);
  w.strings(26, m.containerIds);
  w.map(34, m.options);
}
function fieldsOfCheckpointPodRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    one('outputPath', 'output_path', 'string'),
    list('containerIds', 'container_ids', 'string'),
    map('options', 'options'),
  ];
}

export type CheckpointPodResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `CheckpointPodResponse` may be left out. */
export type CheckpointPodResponseInit = CheckpointPodResponse;
/** Codec of `runtime.v1.CheckpointPodResponse`. */
export const CheckpointPodResponse: Codec<CheckpointPodResponse, CheckpointPodResponseInit> = makeCodec({
  table: { name: 'runtime.v1.CheckpointPodResponse', fields: fieldsOfCheckpointPodResponse },
  read: readCheckpointPodResponse,
  write: writeCheckpointPodResponse,
});
function readCheckpointPodResponse(r: WireReader, m: Draft<CheckpointPodResponse> = {}): CheckpointPodResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeCheckpointPodResponse(): void {}
function fieldsOfCheckpointPodResponse(): readonly FieldTable[] {
  return [
  ];
}

export type RestorePodRequest = {
  readonly checkpointPath: string;
  readonly config: PodSandboxConfig | null;
  readonly runtimeHandler: string;
  readonly options: Readonly<Record<string, string>>;
  readonly containerConfigs: readonly ContainerConfig[];
};
/** For encoding: every field of `RestorePodRequest` may be left out. */
export type RestorePodRequestInit = {
  readonly checkpointPath?: string;
  readonly config?: PodSandboxConfigInit | null;
  readonly runtimeHandler?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly containerConfigs?: readonly ContainerConfigInit[];
};
/** Codec of `runtime.v1.RestorePodRequest`. */
export const RestorePodRequest: Codec<RestorePodRequest, RestorePodRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RestorePodRequest', fields: fieldsOfRestorePodRequest },
  read: readRestorePodRequest,
  write: writeRestorePodRequest,
});
function readRestorePodRequest(r: WireReader, m: Draft<RestorePodRequest> = newRestorePodRequest()): RestorePodRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.checkpointPath = r.string();
        break;
      case 18:
        m.config = r.message(readPodSandboxConfig, m.config);
        break;
      case 26:
        m.runtimeHandler = r.string();
        break;
      case 34:
        m.options = r.entry(m.options);
        break;
      case 42:
        m.containerConfigs = r.append(m.containerConfigs, r.message(readContainerConfig, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRestorePodRequest(): Draft<RestorePodRequest> {
  return {
    checkpointPath: '',
    config: null,
    runtimeHandler: '',
    options: emptyMap,
    containerConfigs: emptyList,
  };
}
function writeRestorePodRequest(w: WireWriter, m: RestorePodRequestInit): void {
  w.string(10, m.checkpointPath);
  w.message(18, m.config, writePodSandboxConfig);
  w.string(26, m.runtimeHandler);
  w.map(34, m.options);
  w.messages(42, m.containerConfigs, writeContainerConfig);
}
function fieldsOfRestorePodRequest(): readonly FieldTable[] {
  return [
    one('checkpointPath', 'checkpoint_path', 'string'),
    one('config', 'config', { name: 'runtime.v1.PodSandboxConfig', fields: fieldsOfPodSandboxConfig }),
    one('runtimeHandler', 'runtime_handler', 'string'),
    map('options', 'options'),
    list('containerConfigs', 'container_configs', { name: 'runtime.v1.ContainerConfig', fields: fieldsOfContainerConfig }),
  ];
}

export type RestoredContainer = {
  readonly name: string;
  readonly containerId: string;
};
/** For encoding: every field of `RestoredContainer` may be left out. */
export type RestoredContainerInit = {
  readonly name?: string;
  readonly containerId?: string;
};
/** Codec of `runtime.v1.RestoredContainer`. */
export const RestoredContainer: Codec<RestoredContainer, RestoredContainerInit> = makeCodec({
  table: { name: 'runtime.v1.RestoredContainer', fields: fieldsOfRestoredContainer },
  read: readRestoredContainer,
  write: writeRestoredContainer,
});
function readRestoredContainer(r: WireReader, m: Draft<RestoredContainer> = newRestoredContainer()): RestoredContainer {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.containerId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRestoredContainer(): Draft<RestoredContainer> {
  return {
    name: '',
    containerId: '',
  };
}
function writeRestoredContainer(w: WireWriter, m: RestoredContainerInit): void {
  w.string(10, m.name);
  w.string(18, m.containerId);
}
function fieldsOfRestoredContainer(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('containerId', 'container_id', 'string'),
  ];
}

export type RestorePodResponse = {
  readonly podSandboxId: string;
  readonly restoredContainers: readonly RestoredContainer[];
};
/** For encoding: every field of `RestorePodResponse` may be left out. */
export type RestorePodResponseInit = {
  readonly podSandboxId?: string;
  readonly restoredContainers?: readonly RestoredContainerInit[];
};
/** Codec of `runtime.v1.RestorePodResponse`. */
export const RestorePodResponse: Codec<RestorePodResponse, RestorePodResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RestorePodResponse', fields: fieldsOfRestorePodResponse },
  read: readRestorePodResponse,
  write: writeRestorePodResponse,
});
function readRestorePodResponse(r: WireReader, m: Draft<RestorePodResponse> = newRestorePodResponse()): RestorePodResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      case 18:
        m.restoredContainers = r.append(m.restoredContainers, r.message(readRestoredContainer, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newRestorePodResponse(): Draft<RestorePodResponse> {
  return {
    podSandboxId: '',
    restoredContainers: emptyList,
  };
}
function writeRestorePodResponse(w: WireWriter, m: RestorePodResponseInit): void {
  w.string(10, m.podSandboxId);
  w.messages(18, m.restoredContainers, writeRestoredContainer);
}
function fieldsOfRestorePodResponse(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    list('restoredContainers', 'restored_containers', { name: 'runtime.v1.RestoredContainer', fields: fieldsOfRestoredContainer }),
  ];
}

export type ContainerStats = {
  readonly attributes: ContainerAttributes | null;
  readonly cpu: CpuUsage | null;
  readonly memory: MemoryUsage | null;
  readonly writableLayer: FilesystemUsage | null;
  readonly swap: SwapUsage | null;
  readonly io: IoUsage | null;
};
/** For encoding: every field of `ContainerStats` may be left out. */
export type ContainerStatsInit = {
  readonly attributes?: ContainerAttributesInit | null;
  readonly cpu?: CpuUsageInit | null;
  readonly memory?: MemoryUsageInit | null;
  readonly writableLayer?: FilesystemUsageInit | null;
  readonly swap?: SwapUsageInit | null;
  readonly io?: IoUsageInit | null;
};
/** Codec of `runtime.v1.ContainerStats`. */
export const ContainerStats: Codec<ContainerStats, ContainerStatsInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStats', fields: fieldsOfContainerStats },
  read: readContainerStats,
  write: writeContainerStats,
});
function readContainerStats(r: WireReader, m: Draft<ContainerStats> = newContainerStats()): ContainerStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.attributes = r.message(readContainerAttributes, m.attributes);
        break;
      case 18:
        m.cpu = r.message(readCpuUsage, m.cpu);
        break;
      case 26:
        m.memory = r.message(readMemoryUsage, m.memory);
        break;
      case 34:
        m.writableLayer = r.message(readFilesystemUsage, m.writableLayer);
        break;
      case 42:
        m.swap = r.message(readSwapUsage, m.swap);
        break;
      case 50:
        m.io = r.message(readIoUsage, m.io);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerStats(): Draft<ContainerStats> {
  return {
    attributes: null,
    cpu: null,
    memory: null,
    writableLayer: null,
    swap: null,
    io: null,
  };
}
function writeContainerStats(w: WireWriter, m: ContainerStatsInit): void {
  w.message(10, m.attributes, writeContainerAttributes);
  w.message(18, m.cpu, writeCpuUsage);
  w.message(26, m.memory, writeMemoryUsage);
  w.message(34, m.writableLayer, writeFilesystemUsage);
  w.message(42, m.swap, writeSwapUsage);
  w.message(50, m.io, writeIoUsage);
}
function fieldsOfContainerStats(): readonly FieldTable[] {
  return [
    one('attributes', 'attributes', { name: 'runtime.v1.ContainerAttributes', fields: fieldsOfContainerAttributes }),
    one('cpu', 'cpu', { name: 'runtime.v1.CpuUsage', fields: fieldsOfCpuUsage }),
    one('memory', 'memory', { name: 'runtime.v1.MemoryUsage', fields: fieldsOfMemoryUsage }),
    one('writableLayer', 'writable_layer', { name: 'runtime.v1.FilesystemUsage', fields: fieldsOfFilesystemUsage }),
    one('swap', 'swap', { name: 'runtime.v1.SwapUsage', fields: fieldsOfSwapUsage }),
    one('io', 'io', { name: 'runtime.v1.IoUsage', fields: fieldsOfIoUsage }),
  ];
}

export type ContainerAttributes = {
  readonly id: string;
  readonly metadata: ContainerMetadata | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ContainerAttributes` may be left out. */
export type ContainerAttributesInit = {
  readonly id?: string;
  readonly metadata?: ContainerMetadataInit | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.ContainerAttributes`. */
export const ContainerAttributes: Codec<ContainerAttributes, ContainerAttributesInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerAttributes', fields: fieldsOfContainerAttributes },
  read: readContainerAttributes,
  write: writeContainerAttributes,
});
function readContainerAttributes(r: WireReader, m: Draft<ContainerAttributes> = newContainerAttributes()): ContainerAttributes {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.metadata = r.message(readContainerMetadata, m.metadata);
        break;
      case 26:
        m.labels = r.entry(m.labels);
        break;
      case 34:
        m.annotations = r.entry(m.annotations);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerAttributes(): Draft<ContainerAttributes> {
  return {
    id: '',
    metadata: null,
    labels: emptyMap,
    annotations: emptyMap,
  };
}
function writeContainerAttributes(w: WireWriter, m: ContainerAttributesInit): void {
  w.string(10, m.id);
  w.message(18, m.metadata, writeContainerMetadata);
  w.map(26, m.labels);
  w.map(34, m.annotations);
}
function fieldsOfContainerAttributes(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    one('metadata', 'metadata', { name: 'runtime.v1.ContainerMetadata', fields: fieldsOfContainerMetadata }),
    map('labels', 'labels'),
    map('annotations', 'annotations'),
  ];
}

export type CpuUsage = {
  readonly timestamp: bigint;
  readonly usageCoreNanoSeconds: UInt64Value | null;
  readonly usageNanoCores: UInt64Value | null;
  readonly psi: PsiStats | null;
};
/** For encoding: every field of `CpuUsage` may be left out. */
export type CpuUsageInit = {
  readonly timestamp?: bigint;
  readonly usageCoreNanoSeconds?: UInt64ValueInit | null;
  readonly usageNanoCores?: UInt64ValueInit | null;
  readonly psi?: PsiStatsInit | null;
};
/** Codec of `runtime.v1.CpuUsage`. */
export const CpuUsage: Codec<CpuUsage, CpuUsageInit> = makeCodec({
  table: { name: 'runtime.v1.CpuUsage', fields: fieldsOfCpuUsage },
  read: readCpuUsage,
  write: writeCpuUsage,
});
function readCpuUsage(r: WireReader, m: Draft<CpuUsage> = newCpuUsage()): CpuUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.usageCoreNanoSeconds = r.message(readUInt64Value, m.usageCoreNanoSeconds);
        break;
      case 26:
        m.usageNanoCores = r.message(readUInt64Value, m.usageNanoCores);
        break;
      case 34:
        m.psi = r.message(readPsiStats, m.psi);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newCpuUsage(): Draft<CpuUsage> {
  return {
    timestamp: 0n,
    usageCoreNanoSeconds: null,
    usageNanoCores: null,
    psi: null,
  };
}
function writeCpuUsage(w: WireWriter, m: CpuUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.usageCoreNanoSeconds, writeUInt64Value);
  w.message(26, m.usageNanoCores, writeUInt64Value);
  w.message(34, m.psi, writePsiStats);
}
function fieldsOfCpuUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('usageCoreNanoSeconds', 'usage_core_nano_seconds', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('usageNanoCores', 'usage_nano_cores', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('psi', 'psi', { name: 'runtime.v1.PsiStats', fields: fieldsOfPsiStats }),
  ];
}

export type MemoryUsage = {
  readonly timestamp: bigint;
  readonly workingSetBytes: UInt64Value | null;
  readonly availableBytes: UInt64Value | null;
  readonly usageBytes: UInt64Value | null;
  readonly rssBytes: UInt64Value | null;
  readonly pageFaults: UInt64Value | null;
  readonly majorPageFaults: UInt64Value | null;
  readonly psi: PsiStats | null;
};
/** For encoding: every field of `MemoryUsage` may be left out. */
export type MemoryUsageInit = {
  readonly timestamp?: bigint;
  readonly workingSetBytes?: UInt64ValueInit | null;
  readonly availableBytes?: UInt64ValueInit | null;
  readonly usageBytes?: UInt64ValueInit | null;
  readonly rssBytes?: UInt64ValueInit | null;
  readonly pageFaults?: UInt64ValueInit | null;
  readonly majorPageFaults?: UInt64ValueInit | null;
  readonly psi?: PsiStatsInit | null;
};
/** Codec of `runtime.v1.MemoryUsage`. */
export const MemoryUsage: Codec<MemoryUsage, MemoryUsageInit> = makeCodec({
  table: { name: 'runtime.v1.MemoryUsage', fields: fieldsOfMemoryUsage },
  read: readMemoryUsage,
  write: writeMemoryUsage,
});
function readMemoryUsage(r: WireReader, m: Draft<MemoryUsage> = newMemoryUsage()): MemoryUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.workingSetBytes = r.message(readUInt64Value, m.workingSetBytes);
        break;
      case 26:
        m.availableBytes = r.message(readUInt64Value, m.availableBytes);
        break;
      case 34:
        m.usageBytes = r.message(readUInt64Value, m.usageBytes);
        break;
      case 42:
        m.rssBytes = r.message(readUInt64Value, m.rssBytes);
        break;
      case 50:
        m.pageFaults = r.message(readUInt64Value, m.pageFaults);
        break;
      case 58:
        m.majorPageFaults = r.message(readUInt64Value, m.majorPageFaults);
        break;
      case 66:
        m.psi = r.message(readPsiStats, m.psi);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newMemoryUsage(): Draft<MemoryUsage> {
  return {
    timestamp: 0n,
    workingSetBytes: null,
    availableBytes: null,
    usageBytes: null,
    rssBytes: null,
    pageFaults: null,
    majorPageFaults: null,
    psi: null,
  };
}
function writeMemoryUsage(w: WireWriter, m: MemoryUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.workingSetBytes, writeUInt64Value);
  w.message(26, m.availableBytes, writeUInt64Value);
  w.message(34, m.usageBytes, writeUInt64Value);
  w.message(42, m.rssBytes, writeUInt64Value);
  w.message(50, m.pageFaults, writeUInt64Value);
  w.message(58, m.majorPageFaults, writeUInt64Value);
  w.message(66, m.psi, writePsiStats);
}
function fieldsOfMemoryUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('workingSetBytes', 'working_set_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('availableBytes', 'available_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('usageBytes', 'usage_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('rssBytes', 'rss_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('pageFaults', 'page_faults', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('majorPageFaults', 'major_page_faults', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('psi', 'psi', { name: 'runtime.v1.PsiStats', fields: fieldsOfPsiStats }),
  ];
}

export type SwapUsage = {
  readonly timestamp: bigint;
  readonly swapAvailableBytes: UInt64Value | null;
  readonly swapUsageBytes: UInt64Value | null;
};
/** For encoding: every field of `SwapUsage` may be left out. */
export type SwapUsageInit = {
  readonly timestamp?: bigint;
  readonly swapAvailableBytes?: UInt64ValueInit | null;
  readonly swapUsageBytes?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.SwapUsage`. */
export const SwapUsage: Codec<SwapUsage, SwapUsageInit> = makeCodec({
  table: { name: 'runtime.v1.SwapUsage', fields: fieldsOfSwapUsage },
  read: readSwapUsage,
  write: writeSwapUsage,
});
function readSwapUsage(r: WireReader, m: Draft<SwapUsage> = newSwapUsage()): SwapUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.swapAvailableBytes = r.message(readUInt64Value, m.swapAvailableBytes);
        break;
      case 26:
        m.swapUsageBytes = r.message(readUInt64Value, m.swapUsageBytes);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newSwapUsage(): Draft<SwapUsage> {
  return {
    timestamp: 0n,
    swapAvailableBytes: null,
    swapUsageBytes: null,
  };
}
function writeSwapUsage(w: WireWriter, m: SwapUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.swapAvailableBytes, writeUInt64Value);
  w.message(26, m.swapUsageBytes, writeUInt64Value);
}
function fieldsOfSwapUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('swapAvailableBytes', 'swap_available_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('swapUsageBytes', 'swap_usage_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type IoUsage = {
  readonly timestamp: bigint;
  readonly psi: PsiStats | null;
};
/** For encoding: every field of `IoUsage` may be left out. */
export type IoUsageInit = {
  readonly timestamp?: bigint;
  readonly psi?: PsiStatsInit | null;
};
/** Codec of `runtime.v1.IoUsage`. */
export const IoUsage: Codec<IoUsage, IoUsageInit> = makeCodec({
  table: { name: 'runtime.v1.IoUsage', fields: fieldsOfIoUsage },
  read: readIoUsage,
  write: writeIoUsage,
});
function readIoUsage(r: WireReader, m: Draft<IoUsage> = newIoUsage()): IoUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.psi = r.message(readPsiStats, m.psi);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newIoUsage(): Draft<IoUsage> {
  return {
    timestamp: 0n,
    psi: null,
  };
}
function writeIoUsage(w: WireWriter, m: IoUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.psi, writePsiStats);
}
function fieldsOfIoUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('psi', 'psi', { name: 'runtime.v1.PsiStats', fields: fieldsOfPsiStats }),
  ];
}

export type PsiStats = {
  readonly full: PsiData | null;
  readonly some: PsiData | null;
};
/** For encoding: every field of `PsiStats` may be left out. */
export type PsiStatsInit = {
  readonly full?: PsiDataInit | null;
  readonly some?: PsiDataInit | null;
};
/** Codec of `runtime.v1.PsiStats`. */
export const PsiStats: Codec<PsiStats, PsiStatsInit> = makeCodec({
  table: { name: 'runtime.v1.PsiStats', fields: fieldsOfPsiStats },
  read: readPsiStats,
  write: writePsiStats,
});
function readPsiStats(r: WireReader, m: Draft<PsiStats> = newPsiStats()): PsiStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.full = r.message(readPsiData, m.full);
        break;
      case 18:
        m.some = r.message(readPsiData, m.some);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPsiStats(): Draft<PsiStats> {
  return {
    full: null,
    some: null,
  };
}
function writePsiStats(w: WireWriter, m: PsiStatsInit): void {
  w.message(10, m.full, writePsiData);
  w.message(18, m.some, writePsiData);
}
function fieldsOfPsiStats(): readonly FieldTable[] {
  return [
    one('full', 'Full', { name: 'runtime.v1.PsiData', fields: fieldsOfPsiData }),
    one('some', 'Some', { name: 'runtime.v1.PsiData', fields: fieldsOfPsiData }),
  ];
}

export type PsiData = {
  readonly total: bigint;
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
};
/** For encoding: every field of `PsiData` may be left out. */
export type PsiDataInit = {
  readonly total?: bigint;
  readonly avg10?: number;
  readonly avg60?: number;
  readonly avg300?: number;
};
/** Codec of `runtime.v1.PsiData`. */
export const PsiData: Codec<PsiData, PsiDataInit> = makeCodec({
  table: { name: 'runtime.v1.PsiData', fields: fieldsOfPsiData },
  read: readPsiData,
  write: writePsiData,
});
function readPsiData(r: WireReader, m: Draft<PsiData> = newPsiData()): PsiData {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.total = r.uint64();
        break;
      case 17:
        m.avg10 = r.double();
        break;
      case 25:
        m.avg60 = r.double();
        break;
      case 33:
        m.avg300 = r.double();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPsiData(): Draft<PsiData> {
  return {
    total: 0n,
    avg10: 0,
    avg60: 0,
    avg300: 0,
  };
}
function writePsiData(w: WireWriter, m: PsiDataInit): void {
  w.uint64(8, m.total);
  w.double(17, m.avg10);
  w.double(25, m.avg60);
  w.double(33, m.avg300);
}
function fieldsOfPsiData(): readonly FieldTable[] {
  return [
    one('total', 'Total', 'uint64'),
    one('avg10', 'Avg10', 'double'),
    one('avg60', 'Avg60', 'double'),
    one('avg300', 'Avg300', 'double'),
  ];
}

export type WindowsContainerStats = {
  readonly attributes: ContainerAttributes | null;
  readonly cpu: WindowsCpuUsage | null;
  readonly memory: WindowsMemoryUsage | null;
  readonly writableLayer: WindowsFilesystemUsage | null;
};
/** For encoding: every field of `WindowsContainerStats` may be left out. */
export type WindowsContainerStatsInit = {
  readonly attributes?: ContainerAttributesInit | null;
  readonly cpu?: WindowsCpuUsageInit | null;
  readonly memory?: WindowsMemoryUsageInit | null;
  readonly writableLayer?: WindowsFilesystemUsageInit | null;
};
/** Codec of `runtime.v1.WindowsContainerStats`. */
export const WindowsContainerStats: Codec<WindowsContainerStats, WindowsContainerStatsInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsContainerStats', fields: fieldsOfWindowsContainerStats },
  read: readWindowsContainerStats,
  write: writeWindowsContainerStats,
});
function readWindowsContainerStats(r: WireReader, m: Draft<WindowsContainerStats> = newWindowsContainerStats()): WindowsContainerStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.attributes = r.message(readContainerAttributes, m.attributes);
        break;
      case 18:
        m.cpu = r.message(readWindowsCpuUsage, m.cpu);
        break;
      case 26:
        m.memory = r.message(readWindowsMemoryUsage, m.memory);
        break;
      case 34:
        m.writableLayer = r.message(readWindowsFilesystemUsage, m.writableLayer);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsContainerStats(): Draft<WindowsContainerStats> {
  return {
    attributes: null,
    cpu: null,
    memory: null,
    writableLayer: null,
  };
}
function writeWindowsContainerStats(w: WireWriter, m: WindowsContainerStatsInit): void {
  w.message(10, m.attributes, writeContainerAttributes);
  w.message(18, m.cpu, writeWindowsCpuUsage);
  w.message(26, m.memory, writeWindowsMemoryUsage);
  w.message(34, m.writableLayer, writeWindowsFilesystemUsage);
}
function fieldsOfWindowsContainerStats(): readonly FieldTable[] {
  return [
    one('attributes', 'attributes', { name: 'runtime.v1.ContainerAttributes', fields: fieldsOfContainerAttributes }),
    one('cpu', 'cpu', { name: 'runtime.v1.WindowsCpuUsage', fields: fieldsOfWindowsCpuUsage }),
    one('memory', 'memory', { name: 'runtime.v1.WindowsMemoryUsage', fields: fieldsOfWindowsMemoryUsage }),
    one('writableLayer', 'writable_layer', { name: 'runtime.v1.WindowsFilesystemUsage', fields: fieldsOfWindowsFilesystemUsage }),
  ];
}

export type WindowsCpuUsage = {
  readonly timestamp: bigint;
  readonly usageCoreNanoSeconds: UInt64Value | null;
  readonly usageNanoCores: UInt64Value | null;
};
/** For encoding: every field of `WindowsCpuUsage` may be left out. */
export type WindowsCpuUsageInit = {
  readonly timestamp?: bigint;
  readonly usageCoreNanoSeconds?: UInt64ValueInit | null;
  readonly usageNanoCores?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.WindowsCpuUsage`. */
export const WindowsCpuUsage: Codec<WindowsCpuUsage, WindowsCpuUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsCpuUsage', fields: fieldsOfWindowsCpuUsage },
  read: readWindowsCpuUsage,
  write: writeWindowsCpuUsage,
});
function readWindowsCpuUsage(r: WireReader, m: Draft<WindowsCpuUsage> = newWindowsCpuUsage()): WindowsCpuUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.usageCoreNanoSeconds = r.message(readUInt64Value, m.usageCoreNanoSeconds);
        break;
      case 26:
        m.usageNanoCores = r.message(readUInt64Value, m.usageNanoCores);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsCpuUsage(): Draft<WindowsCpuUsage> {
  return {
    timestamp: 0n,
    usageCoreNanoSeconds: null,
    usageNanoCores: null,
  };
}
function writeWindowsCpuUsage(w: WireWriter, m: WindowsCpuUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.usageCoreNanoSeconds, writeUInt64Value);
  w.message(26, m.usageNanoCores, writeUInt64Value);
}
function fieldsOfWindowsCpuUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('usageCoreNanoSeconds', 'usage_core_nano_seconds', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('usageNanoCores', 'usage_nano_cores', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type WindowsMemoryUsage = {
  readonly timestamp: bigint;
  readonly workingSetBytes: UInt64Value | null;
  readonly availableBytes: UInt64Value | null;
  readonly pageFaults: UInt64Value | null;
  readonly commitMemoryBytes: UInt64Value | null;
};
/** For encoding: every field of `WindowsMemoryUsage` may be left out. */
export type WindowsMemoryUsageInit = {
  readonly timestamp?: bigint;
  readonly workingSetBytes?: UInt64ValueInit | null;
  readonly availableBytes?: UInt64ValueInit | null;
  readonly pageFaults?: UInt64ValueInit | null;
  readonly commitMemoryBytes?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.WindowsMemoryUsage`. */
export const WindowsMemoryUsage: Codec<WindowsMemoryUsage, WindowsMemoryUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsMemoryUsage', fields: fieldsOfWindowsMemoryUsage },
  read: readWindowsMemoryUsage,
  write: writeWindowsMemoryUsage,
});
function readWindowsMemoryUsage(r: WireReader, m: Draft<WindowsMemoryUsage> = newWindowsMemoryUsage()): WindowsMemoryUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.workingSetBytes = r.message(readUInt64Value, m.workingSetBytes);
        break;
      case 26:
        m.availableBytes = r.message(readUInt64Value, m.availableBytes);
        break;
      case 34:
        m.pageFaults = r.message(readUInt64Value, m.pageFaults);
        break;
      case 42:
        m.commitMemoryBytes = r.message(readUInt64Value, m.commitMemoryBytes);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsMemoryUsage(): Draft<WindowsMemoryUsage> {
  return {
    timestamp: 0n,
    workingSetBytes: null,
    availableBytes: null,
    pageFaults: null,
    commitMemoryBytes: null,
  };
}
function writeWindowsMemoryUsage(w: WireWriter, m: WindowsMemoryUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.workingSetBytes, writeUInt64Value);
  w.message(26, m.availableBytes, writeUInt64Value);
  w.message(34, m.pageFaults, writeUInt64Value);
  w.message(42, m.commitMemoryBytes, writeUInt64Value);
}
function fieldsOfWindowsMemoryUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('workingSetBytes', 'working_set_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('availableBytes', 'available_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('pageFaults', 'page_faults', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('commitMemoryBytes', 'commit_memory_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type PodSandboxStats = {
  readonly attributes: PodSandboxAttributes | null;
  readonly linux: LinuxPodSandboxStats | null;
  readonly windows: WindowsPodSandboxStats | null;
};
/** For encoding: every field of `PodSandboxStats` may be left out. */
export type PodSandboxStatsInit = {
  readonly attributes?: PodSandboxAttributesInit | null;
  readonly linux?: LinuxPodSandboxStatsInit | null;
  readonly windows?: WindowsPodSandboxStatsInit | null;
};
/** Codec of `runtime.v1.PodSandboxStats`. */
export const PodSandboxStats: Codec<PodSandboxStats, PodSandboxStatsInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStats', fields: fieldsOfPodSandboxStats },
  read: readPodSandboxStats,
  write: writePodSandboxStats,
});
function readPodSandboxStats(r: WireReader, m: Draft<PodSandboxStats> = newPodSandboxStats()): PodSandboxStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.attributes = r.message(readPodSandboxAttributes, m.attributes);
        break;
      case 18:
        m.linux = r.message(readLinuxPodSandboxStats, m.linux);
        break;
      case 26:
        m.windows = r.message(readWindowsPodSandboxStats, m.windows);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStats(): Draft<PodSandboxStats> {
  return {
    attributes: null,
    linux: null,
    windows: null,
  };
}
function writePodSandboxStats(w: WireWriter, m: PodSandboxStatsInit): void {
  w.message(10, m.attributes, writePodSandboxAttributes);
  w.message(18, m.linux, writeLinuxPodSandboxStats);
  w.message(26, m.windows, writeWindowsPodSandboxStats);
}
function fieldsOfPodSandboxStats(): readonly FieldTable[] {
  return [
    one('attributes', 'attributes', { name: 'runtime.v1.PodSandboxAttributes', fields: fieldsOfPodSandboxAttributes }),
    one('linux', 'linux', { name: 'runtime.v1.LinuxPodSandboxStats', fields: fieldsOfLinuxPodSandboxStats }),
    one('windows', 'windows', { name: 'runtime.v1.WindowsPodSandboxStats', fields: fieldsOfWindowsPodSandboxStats }),
  ];
}

export type PodSandboxAttributes = {
  readonly id: string;
  readonly metadata: PodSandboxMetadata | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};
/** For encoding: every field of `PodSandboxAttributes` may be left out. */
export type PodSandboxAttributesInit = {
  readonly id?: string;
  readonly metadata?: PodSandboxMetadataInit | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.PodSandboxAttributes`. */
export const PodSandboxAttributes: Codec<PodSandboxAttributes, PodSandboxAttributesInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxAttributes', fields: fieldsOfPodSandboxAttributes },
  read: readPodSandboxAttributes,
  write: writePodSandboxAttributes,
});
function readPodSandboxAttributes(r: WireReader, m: Draft<PodSandboxAttributes> = newPodSandboxAttributes()): PodSandboxAttributes {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.metadata = r.message(readPodSandboxMetadata, m.metadata);
        break;
      case 26:
        m.labels = r.entry(m.labels);
        break;
      case 34:
        m.annotations = r.entry(m.annotations);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxAttributes(): Draft<PodSandboxAttributes> {
  return {
    id: '',
    metadata: null,
    labels: emptyMap,
    annotations: emptyMap,
  };
}
function writePodSandboxAttributes(w: WireWriter, m: PodSandboxAttributesInit): void {
  w.string(10, m.id);
  w.message(18, m.metadata, writePodSandboxMetadata);
  w.map(26, m.labels);
  w.map(34, m.annotations);
}
function fieldsOfPodSandboxAttributes(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    one('metadata', 'metadata', { name: 'runtime.v1.PodSandboxMetadata', fields: fieldsOfPodSandboxMetadata }),
    map('labels', 'labels'),
    map('annotations', 'annotations'),
  ];
}

export type LinuxPodSandboxStats = {
  readonly cpu: CpuUsage | null;
  readonly memory: MemoryUsage | null;
  readonly network: NetworkUsage | null;
  readonly process: ProcessUsage | null;
  readonly containers: readonly ContainerStats[];
  readonly io: IoUsage | null;
};
/** For encoding: every field of `LinuxPodSandboxStats` may be left out. */
export type LinuxPodSandboxStatsInit = {
  readonly cpu?: CpuUsageInit | null;
  readonly memory?: MemoryUsageInit | null;
  readonly network?: NetworkUsageInit | null;
  readonly process?: ProcessUsageInit | null;
  readonly containers?: readonly ContainerStatsInit[];
  readonly io?: IoUsageInit | null;
};
/** Codec of `runtime.v1.LinuxPodSandboxStats`. */
export const LinuxPodSandboxStats: Codec<LinuxPodSandboxStats, LinuxPodSandboxStatsInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxPodSandboxStats', fields: fieldsOfLinuxPodSandboxStats },
  read: readLinuxPodSandboxStats,
  write: writeLinuxPodSandboxStats,
});
function readLinuxPodSandboxStats(r: WireReader, m: Draft<LinuxPodSandboxStats> = newLinuxPodSandboxStats()): LinuxPodSandboxStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.cpu = r.message(readCpuUsage, m.cpu);
        break;
      case 18:
        m.memory = r.message(readMemoryUsage, m.memory);
        break;
      case 26:
        m.network = r.message(readNetworkUsage, m.network);
        break;
      case 34:
        m.process = r.message(readProcessUsage, m.process);
        break;
      case 42:
        m.containers = r.append(m.containers, r.message(readContainerStats, null));
        break;
      case 50:
        m.io = r.message(readIoUsage, m.io);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newLinuxPodSandboxStats(): Draft<LinuxPodSandboxStats> {
  return {
    cpu: null,
    memory: null,
    network: null,
    process: null,
    containers: emptyList,
    io: null,
  };
}
function writeLinuxPodSandboxStats(w: WireWriter, m: LinuxPodSandboxStatsInit): void {
  w.message(10, m.cpu, writeCpuUsage);
  w.message(18, m.memory, writeMemoryUsage);
  w.message(26, m.network, writeNetworkUsage);
  w.message(34, m.process, writeProcessUsage);
  w.messages(42, m.containers, writeContainerStats);
  w.message(50, m.io, writeIoUsage);
}
function fieldsOfLinuxPodSandboxStats(): readonly FieldTable[] {
  return [
    one('cpu', 'cpu', { name: 'runtime.v1.CpuUsage', fields: fieldsOfCpuUsage }),
    one('memory', 'memory', { name: 'runtime.v1.MemoryUsage', fields: fieldsOfMemoryUsage }),
    one('network', 'network', { name: 'runtime.v1.NetworkUsage', fields: fieldsOfNetworkUsage }),
    one('process', 'process', { name: 'runtime.v1.ProcessUsage', fields: fieldsOfProcessUsage }),
    list('containers', 'containers', { name: 'runtime.v1.ContainerStats', fields: fieldsOfContainerStats }),
    one('io', 'io', { name: 'runtime.v1.IoUsage', fields: fieldsOfIoUsage }),
  ];
}

export type NetworkUsage = {
  readonly timestamp: bigint;
  readonly defaultInterface: NetworkInterfaceUsage | null;
  readonly interfaces: readonly NetworkInterfaceUsage[];
};
/** For encoding: every field of `NetworkUsage` may be left out. */
export type NetworkUsageInit = {
  readonly timestamp?: bigint;
  readonly defaultInterface?: NetworkInterfaceUsageInit | null;
  readonly interfaces?: readonly NetworkInterfaceUsageInit[];
};
/** Codec of `runtime.v1.NetworkUsage`. */
export const NetworkUsage: Codec<NetworkUsage, NetworkUsageInit> = makeCodec({
  table: { name: 'runtime.v1.NetworkUsage', fields: fieldsOfNetworkUsage },
  read: readNetworkUsage,
  write: writeNetworkUsage,
});
function readNetworkUsage(r: WireReader, m: Draft<NetworkUsage> = newNetworkUsage()): NetworkUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.defaultInterface = r.message(readNetworkInterfaceUsage, m.defaultInterface);
        break;
      case 26:
        m.interfaces = r.append(m.interfaces, r.message(readNetworkInterfaceUsage, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newNetworkUsage(): Draft<NetworkUsage> {
  return {
    timestamp: 0n,
    defaultInterface: null,
    interfaces: emptyList,
  };
}
function writeNetworkUsage(w: WireWriter, m: NetworkUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.defaultInterface, writeNetworkInterfaceUsage);
  w.messages(26, m.interfaces, writeNetworkInterfaceUsage);
}
function fieldsOfNetworkUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('defaultInterface', 'default_interface', { name: 'runtime.v1.NetworkInterfaceUsage', fields: fieldsOfNetworkInterfaceUsage }),
    list('interfaces', 'interfaces', { name: 'runtime.v1.NetworkInterfaceUsage', fields: fieldsOfNetworkInterfaceUsage }),
  ];
}

export type NetworkInterfaceUsage = {
  readonly name: string;
  readonly rxBytes: UInt64Value | null;
  readonly rxErrors: UInt64Value | null;
  readonly txBytes: UInt64Value | null;
  readonly txErrors: UInt64Value | null;
};
/** For encoding: every field of `NetworkInterfaceUsage` may be left out. */
export type NetworkInterfaceUsageInit = {
  readonly name?: string;
  readonly rxBytes?: UInt64ValueInit | null;
  readonly rxErrors?: UInt64ValueInit | null;
  readonly txBytes?: UInt64ValueInit | null;
  readonly txErrors?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.NetworkInterfaceUsage`. */
export const NetworkInterfaceUsage: Codec<NetworkInterfaceUsage, NetworkInterfaceUsageInit> = makeCodec({
  table: { name: 'runtime.v1.NetworkInterfaceUsage', fields: fieldsOfNetworkInterfaceUsage },
  read: readNetworkInterfaceUsage,
  write: writeNetworkInterfaceUsage,
});
function readNetworkInterfaceUsage(r: WireReader, m: Draft<NetworkInterfaceUsage> = newNetworkInterfaceUsage()): NetworkInterfaceUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.rxBytes = r.message(readUInt64Value, m.rxBytes);
        break;
      case 26:
        m.rxErrors = r.message(readUInt64Value, m.rxErrors);
        break;
      case 34:
        m.txBytes = r.message(readUInt64Value, m.txBytes);
        break;
      case 42:
        m.txErrors = r.message(readUInt64Value, m.txErrors);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newNetworkInterfaceUsage(): Draft<NetworkInterfaceUsage> {
  return {
    name: '',
    rxBytes: null,
    rxErrors: null,
    txBytes: null,
    txErrors: null,
  };
}
function writeNetworkInterfaceUsage(w: WireWriter, m: NetworkInterfaceUsageInit): void {
  w.string(10, m.name);
  w.message(18, m.rxBytes, writeUInt64Value);
  w.message(26, m.rxErrors, writeUInt64Value);
  w.message(34, m.txBytes, writeUInt64Value);
  w.message(42, m.txErrors, writeUInt64Value);
}
function fieldsOfNetworkInterfaceUsage(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('rxBytes', 'rx_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('rxErrors', 'rx_errors', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('txBytes', 'tx_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('txErrors', 'tx_errors', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type ProcessUsage = {
  readonly timestamp: bigint;
  readonly processCount: UInt64Value | null;
};
/** For encoding: every field of `ProcessUsage` may be left out. */
export type ProcessUsageInit = {
  readonly timestamp?: bigint;
  readonly processCount?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.ProcessUsage`. */
export const ProcessUsage: Codec<ProcessUsage, ProcessUsageInit> = makeCodec({
  table: { name: 'runtime.v1.ProcessUsage', fields: fieldsOfProcessUsage },
  read: readProcessUsage,
  write: writeProcessUsage,
});
function readProcessUsage(r: WireReader, m: Draft<ProcessUsage> = newProcessUsage()): ProcessUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.processCount = r.message(readUInt64Value, m.processCount);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newProcessUsage(): Draft<ProcessUsage> {
  return {
    timestamp: 0n,
    processCount: null,
  };
}
function writeProcessUsage(w: WireWriter, m: ProcessUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.processCount, writeUInt64Value);
}
function fieldsOfProcessUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('processCount', 'process_count', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type WindowsPodSandboxStats = {
  readonly cpu: WindowsCpuUsage | null;
  readonly memory: WindowsMemoryUsage | null;
  readonly network: WindowsNetworkUsage | null;
  readonly process: WindowsProcessUsage | null;
  readonly containers: readonly WindowsContainerStats[];
};
/** For encoding: every field of `WindowsPodSandboxStats` may be left out. */
export type WindowsPodSandboxStatsInit = {
  readonly cpu?: WindowsCpuUsageInit | null;
  readonly memory?: WindowsMemoryUsageInit | null;
  readonly network?: WindowsNetworkUsageInit | null;
  readonly process?: WindowsProcessUsageInit | null;
  readonly containers?: readonly WindowsContainerStatsInit[];
};
/** Codec of `runtime.v1.WindowsPodSandboxStats`. */
export const WindowsPodSandboxStats: Codec<WindowsPodSandboxStats, WindowsPodSandboxStatsInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsPodSandboxStats', fields: fieldsOfWindowsPodSandboxStats },
  read: readWindowsPodSandboxStats,
  write: writeWindowsPodSandboxStats,
});
function readWindowsPodSandboxStats(r: WireReader, m: Draft<WindowsPodSandboxStats> = newWindowsPodSandboxStats()): WindowsPodSandboxStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.cpu = r.message(readWindowsCpuUsage, m.cpu);
        break;
      case 18:
        m.memory = r.message(readWindowsMemoryUsage, m.memory);
        break;
      case 26:
        m.network = r.message(readWindowsNetworkUsage, m.network);
        break;
      case 34:
        m.process = r.message(readWindowsProcessUsage, m.process);
        break;
      case 42:
        m.containers = r.append(m.containers, r.message(readWindowsContainerStats, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsPodSandboxStats(): Draft<WindowsPodSandboxStats> {
  return {
    cpu: null,
    memory: null,
    network: null,
    process: null,
    containers: emptyList,
  };
}
function writeWindowsPodSandboxStats(w: WireWriter, m: WindowsPodSandboxStatsInit): void {
  w.message(10, m.cpu, writeWindowsCpuUsage);
  w.message(18, m.memory, writeWindowsMemoryUsage);
  w.message(26, m.network, writeWindowsNetworkUsage);
  w.message(34, m.process, writeWindowsProcessUsage);
  w.messages(42, m.containers, writeWindowsContainerStats);
}
function fieldsOfWindowsPodSandboxStats(): readonly FieldTable[] {
  return [
    one('cpu', 'cpu', { name: 'runtime.v1.WindowsCpuUsage', fields: fieldsOfWindowsCpuUsage }),
    one('memory', 'memory', { name: 'runtime.v1.WindowsMemoryUsage', fields: fieldsOfWindowsMemoryUsage }),
    one('network', 'network', { name: 'runtime.v1.WindowsNetworkUsage', fields: fieldsOfWindowsNetworkUsage }),
    one('process', 'process', { name: 'runtime.v1.WindowsProcessUsage', fields: fieldsOfWindowsProcessUsage }),
    list('containers', 'containers', { name: 'runtime.v1.WindowsContainerStats', fields: fieldsOfWindowsContainerStats }),
  ];
}

export type WindowsNetworkUsage = {
  readonly timestamp: bigint;
  readonly defaultInterface: WindowsNetworkInterfaceUsage | null;
  readonly interfaces: readonly WindowsNetworkInterfaceUsage[];
};
/** For encoding: every field of `WindowsNetworkUsage` may be left out. */
export type WindowsNetworkUsageInit = {
  readonly timestamp?: bigint;
  readonly defaultInterface?: WindowsNetworkInterfaceUsageInit | null;
  readonly interfaces?: readonly WindowsNetworkInterfaceUsageInit[];
};
/** Codec of `runtime.v1.WindowsNetworkUsage`. */
export const WindowsNetworkUsage: Codec<WindowsNetworkUsage, WindowsNetworkUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsNetworkUsage', fields: fieldsOfWindowsNetworkUsage },
  read: readWindowsNetworkUsage,
  write: writeWindowsNetworkUsage,
});
function readWindowsNetworkUsage(r: WireReader, m: Draft<WindowsNetworkUsage> = newWindowsNetworkUsage()): WindowsNetworkUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.defaultInterface = r.message(readWindowsNetworkInterfaceUsage, m.defaultInterface);
        break;
      case 26:
        m.interfaces = r.append(m.interfaces, r.message(readWindowsNetworkInterfaceUsage, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsNetworkUsage(): Draft<WindowsNetworkUsage> {
  return {
    timestamp: 0n,
    defaultInterface: null,
    interfaces: emptyList,
  };
}
function writeWindowsNetworkUsage(w: WireWriter, m: WindowsNetworkUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.defaultInterface, writeWindowsNetworkInterfaceUsage);
  w.messages(26, m.interfaces, writeWindowsNetworkInterfaceUsage);
}
function fieldsOfWindowsNetworkUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('defaultInterface', 'default_interface', { name: 'runtime.v1.WindowsNetworkInterfaceUsage', fields: fieldsOfWindowsNetworkInterfaceUsage }),
    list('interfaces', 'interfaces', { name: 'runtime.v1.WindowsNetworkInterfaceUsage', fields: fieldsOfWindowsNetworkInterfaceUsage }),
  ];
}

export type WindowsNetworkInterfaceUsage = {
  readonly name: string;
  readonly rxBytes: UInt64Value | null;
  readonly rxPacketsDropped: UInt64Value | null;
  readonly txBytes: UInt64Value | null;
  readonly txPacketsDropped: UInt64Value | null;
};
/** For encoding: every field of `WindowsNetworkInterfaceUsage` may be left out. */
export type WindowsNetworkInterfaceUsageInit = {
  readonly name?: string;
  readonly rxBytes?: UInt64ValueInit | null;
  readonly rxPacketsDropped?: UInt64ValueInit | null;
  readonly txBytes?: UInt64ValueInit | null;
  readonly txPacketsDropped?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.WindowsNetworkInterfaceUsage`. */
export const WindowsNetworkInterfaceUsage: Codec<WindowsNetworkInterfaceUsage, WindowsNetworkInterfaceUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsNetworkInterfaceUsage', fields: fieldsOfWindowsNetworkInterfaceUsage },
  read: readWindowsNetworkInterfaceUsage,
  write: writeWindowsNetworkInterfaceUsage,
});
function readWindowsNetworkInterfaceUsage(r: WireReader, m: Draft<WindowsNetworkInterfaceUsage> = newWindowsNetworkInterfaceUsage()): WindowsNetworkInterfaceUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.rxBytes = r.message(readUInt64Value, m.rxBytes);
        break;
      case 26:
        m.rxPacketsDropped = r.message(readUInt64Value, m.rxPacketsDropped);
        break;
      case 34:
        m.txBytes = r.message(readUInt64Value, m.txBytes);
        break;
      case 42:
        m.txPacketsDropped = r.message(readUInt64Value, m.txPacketsDropped);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsNetworkInterfaceUsage(): Draft<WindowsNetworkInterfaceUsage> {
  return {
    name: '',
    rxBytes: null,
    rxPacketsDropped: null,
    txBytes: null,
    txPacketsDropped: null,
  };
}
function writeWindowsNetworkInterfaceUsage(w: WireWriter, m: WindowsNetworkInterfaceUsageInit): void {
  w.string(10, m.name);
  w.message(18, m.rxBytes, writeUInt64Value);
  w.message(26, m.rxPacketsDropped, writeUInt64Value);
  w.message(34, m.txBytes, writeUInt64Value);
  w.message(42, m.txPacketsDropped, writeUInt64Value);
}
function fieldsOfWindowsNetworkInterfaceUsage(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('rxBytes', 'rx_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('rxPacketsDropped', 'rx_packets_dropped', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('txBytes', 'tx_bytes', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
    one('txPacketsDropped', 'tx_packets_dropped', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type WindowsProcessUsage = {
  readonly timestamp: bigint;
  readonly processCount: UInt64Value | null;
};
/** For encoding: every field of `WindowsProcessUsage` may be left out. */
export type WindowsProcessUsageInit = {
  readonly timestamp?: bigint;
  readonly processCount?: UInt64ValueInit | null;
};
/** Codec of `runtime.v1.WindowsProcessUsage`. */
export const WindowsProcessUsage: Codec<WindowsProcessUsage, WindowsProcessUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsProcessUsage', fields: fieldsOfWindowsProcessUsage },
  read: readWindowsProcessUsage,
  write: writeWindowsProcessUsage,
});
function readWindowsProcessUsage(r: WireReader, m: Draft<WindowsProcessUsage> = newWindowsProcessUsage()): WindowsProcessUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.timestamp = r.int64();
        break;
      case 18:
        m.processCount = r.message(readUInt64Value, m.processCount);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsProcessUsage(): Draft<WindowsProcessUsage> {
  return {
    timestamp: 0n,
    processCount: null,
  };
}
function writeWindowsProcessUsage(w: WireWriter, m: WindowsProcessUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.processCount, writeUInt64Value);
}
function fieldsOfWindowsProcessUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('processCount', 'process_count', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

export type ContainerStatsFilter = {
  readonly id: string;
  readonly podSandboxId: string;
  readonly labelSelector: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ContainerStatsFilter` may be left out. */
export type ContainerStatsFilterInit = {
  readonly id?: string;
  readonly podSandboxId?: string;
  readonly labelSelector?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.ContainerStatsFilter`. */
export const ContainerStatsFilter: Codec<ContainerStatsFilter, ContainerStatsFilterInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatsFilter', fields: fieldsOfContainerStatsFilter },
  read: readContainerStatsFilter,
  write: writeContainerStatsFilter,
});
function readContainerStatsFilter(r: WireReader, m: Draft<ContainerStatsFilter> = newContainerStatsFilter()): ContainerStatsFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.podSandboxId = r.string();
        break;
      case 26:
        m.labelSelector = r.entry(m.labelSelector);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerStatsFilter(): Draft<ContainerStatsFilter> {
  return {
    id: '',
    podSandboxId: '',
    labelSelector: emptyMap,
  };
}
function writeContainerStatsFilter(w: WireWriter, m: ContainerStatsFilterInit): void {
  w.string(10, m.id);
  w.string(18, m.podSandboxId);
  w.map(26, m.labelSelector);
}
function fieldsOfContainerStatsFilter(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    map('labelSelector', 'label_selector'),
  ];
}

export type ContainerStatsRequest = {
  readonly containerId: string;
};
/** For encoding: every field of `ContainerStatsRequest` may be left out. */
export type ContainerStatsRequestInit = {
  readonly containerId?: string;
};
/** Codec of `runtime.v1.ContainerStatsRequest`. */
export const ContainerStatsRequest: Codec<ContainerStatsRequest, ContainerStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatsRequest', fields: fieldsOfContainerStatsRequest },
  read: readContainerStatsRequest,
  write: writeContainerStatsRequest,
});
function readContainerStatsRequest(r: WireReader, m: Draft<ContainerStatsRequest> = newContainerStatsRequest()): ContainerStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerStatsRequest(): Draft<ContainerStatsRequest> {
  return {
    containerId: '',
  };
}
function writeContainerStatsRequest(w: WireWriter, m: ContainerStatsRequestInit): void {
  w.string(10, m.containerId);
}
function fieldsOfContainerStatsRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

export type ContainerStatsResponse = {
  readonly stats: ContainerStats | null;
};
/** For encoding: every field of `ContainerStatsResponse` may be left out. */
export type ContainerStatsResponseInit = {
  readonly stats?: ContainerStatsInit | null;
};
/** Codec of `runtime.v1.ContainerStatsResponse`. */
export const ContainerStatsResponse: Codec<ContainerStatsResponse, ContainerStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatsResponse', fields: fieldsOfContainerStatsResponse },
  read: readContainerStatsResponse,
  write: writeContainerStatsResponse,
});
function readContainerStatsResponse(r: WireReader, m: Draft<ContainerStatsResponse> = newContainerStatsResponse()): ContainerStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.stats = r.message(readContainerStats, m.stats);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerStatsResponse(): Draft<ContainerStatsResponse> {
  return {
    stats: null,
  };
}
function writeContainerStatsResponse(w: WireWriter, m: ContainerStatsResponseInit): void {
  w.message(10, m.stats, writeContainerStats);
}
function fieldsOfContainerStatsResponse(): readonly FieldTable[] {
  return [
    one('stats', 'stats', { name: 'runtime.v1.ContainerStats', fields: fieldsOfContainerStats }),
  ];
}

export type ListContainerStatsRequest = {
  readonly filter: ContainerStatsFilter | null;
};
/** For encoding: every field of `ListContainerStatsRequest` may be left out. */
export type ListContainerStatsRequestInit = {
  readonly filter?: ContainerStatsFilterInit | null;
};
/** Codec of `runtime.v1.ListContainerStatsRequest`. */
export const ListContainerStatsRequest: Codec<ListContainerStatsRequest, ListContainerStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListContainerStatsRequest', fields: fieldsOfListContainerStatsRequest },
  read: readListContainerStatsRequest,
  write: writeListContainerStatsRequest,
});
function readListContainerStatsRequest(r: WireReader, m: Draft<ListContainerStatsRequest> = newListContainerStatsRequest()): ListContainerStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readContainerStatsFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListContainerStatsRequest(): Draft<ListContainerStatsRequest> {
  return {
    filter: null,
  };
}
function writeListContainerStatsRequest(w: WireWriter, m: ListContainerStatsRequestInit): void {
  w.message(10, m.filter, writeContainerStatsFilter);
}
function fieldsOfListContainerStatsRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ContainerStatsFilter', fields: fieldsOfContainerStatsFilter }),
  ];
}

export type ListContainerStatsResponse = {
  readonly stats: readonly ContainerStats[];
};
/** For encoding: every field of `ListContainerStatsResponse` may be left out. */
export type ListContainerStatsResponseInit = {
  readonly stats?: readonly ContainerStatsInit[];
};
/** Codec of `runtime.v1.ListContainerStatsResponse`. */
export const ListContainerStatsResponse: Codec<ListContainerStatsResponse, ListContainerStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListContainerStatsResponse', fields: fieldsOfListContainerStatsResponse },
  read: readListContainerStatsResponse,
  write: writeListContainerStatsResponse,
});
function readListContainerStatsResponse(r: WireReader, m: Draft<ListContainerStatsResponse> = newListContainerStatsResponse()): ListContainerStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.stats = r.append(m.stats, r.message(readContainerStats, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListContainerStatsResponse(): Draft<ListContainerStatsResponse> {
  return {
    stats: emptyList,
  };
}
function writeListContainerStatsResponse(w: WireWriter, m: ListContainerStatsResponseInit): void {
  w.messages(10, m.stats, writeContainerStats);
}
function fieldsOfListContainerStatsResponse(): readonly FieldTable[] {
  return [
    list('stats', 'stats', { name: 'runtime.v1.ContainerStats', fields: fieldsOfContainerStats }),
  ];
}

export type StreamContainerStatsRequest = {
  readonly filter: ContainerStatsFilter | null;
};
/** For encoding: every field of `StreamContainerStatsRequest` may be left out. */
export type StreamContainerStatsRequestInit = {
  readonly filter?: ContainerStatsFilterInit | null;
};
/** Codec of `runtime.v1.StreamContainerStatsRequest`. */
export const StreamContainerStatsRequest: Codec<StreamContainerStatsRequest, StreamContainerStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamContainerStatsRequest', fields: fieldsOfStreamContainerStatsRequest },
  read: readStreamContainerStatsRequest,
  write: writeStreamContainerStatsRequest,
});
function readStreamContainerStatsRequest(r: WireReader, m: Draft<StreamContainerStatsRequest> = newStreamContainerStatsRequest()): StreamContainerStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readContainerStatsFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamContainerStatsRequest(): Draft<StreamContainerStatsRequest> {
  return {
    filter: null,
  };
}
function writeStreamContainerStatsRequest(w: WireWriter, m: StreamContainerStatsRequestInit): void {
  w.message(10, m.filter, writeContainerStatsFilter);
}
function fieldsOfStreamContainerStatsRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ContainerStatsFilter', fields: fieldsOfContainerStatsFilter }),
  ];
}

export type StreamContainerStatsResponse = {
  readonly containerStats: readonly ContainerStats[];
};
/** For encoding: every field of `StreamContainerStatsResponse` may be left out. */
export type StreamContainerStatsResponseInit = {
  readonly containerStats?: readonly ContainerStatsInit[];
};
/** Codec of `runtime.v1.StreamContainerStatsResponse`. */
export const StreamContainerStatsResponse: Codec<StreamContainerStatsResponse, StreamContainerStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamContainerStatsResponse', fields: fieldsOfStreamContainerStatsResponse },
  read: readStreamContainerStatsResponse,
  write: writeStreamContainerStatsResponse,
});
function readStreamContainerStatsResponse(r: WireReader, m: Draft<StreamContainerStatsResponse> = newStreamContainerStatsResponse()): StreamContainerStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.containerStats = r.append(m.containerStats, r.message(readContainerStats, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamContainerStatsResponse(): Draft<StreamContainerStatsResponse> {
  return {
    containerStats: emptyList,
  };
}
function writeStreamContainerStatsResponse(w: WireWriter, m: StreamContainerStatsResponseInit): void {
  w.messages(10, m.containerStats, writeContainerStats);
}
function fieldsOfStreamContainerStatsResponse(): readonly FieldTable[] {
  return [
    list('containerStats', 'container_stats', { name: 'runtime.v1.ContainerStats', fields: fieldsOfContainerStats }),
  ];
}

export type PodSandboxStatsFilter = {
  readonly id: string;
  readonly labelSelector: Readonly<Record<string, string>>;
};
/** For encoding: every field of `PodSandboxStatsFilter` may be left out. */
export type PodSandboxStatsFilterInit = {
  readonly id?: string;
  readonly labelSelector?: Readonly<Record<string, string>>;
};
/** Codec of `runtime.v1.PodSandboxStatsFilter`. */
export const PodSandboxStatsFilter: Codec<PodSandboxStatsFilter, PodSandboxStatsFilterInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatsFilter', fields: fieldsOfPodSandboxStatsFilter },
  read: readPodSandboxStatsFilter,
  write: writePodSandboxStatsFilter,
});
function readPodSandboxStatsFilter(r: WireReader, m: Draft<PodSandboxStatsFilter> = newPodSandboxStatsFilter()): PodSandboxStatsFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.id = r.string();
        break;
      case 18:
        m.labelSelector = r.entry(m.labelSelector);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatsFilter(): Draft<PodSandboxStatsFilter> {
  return {
    id: '',
    labelSelector: emptyMap,
  };
}
function writePodSandboxStatsFilter(w: WireWriter, m: PodSandboxStatsFilterInit): void {
  w.string(10, m.id);
  w.map(18, m.labelSelector);
}
function fieldsOfPodSandboxStatsFilter(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    map('labelSelector', 'label_selector'),
  ];
}

export type PodSandboxStatsRequest = {
  readonly podSandboxId: string;
};
/** For encoding: every field of `PodSandboxStatsRequest` may be left out. */
export type PodSandboxStatsRequestInit = {
  readonly podSandboxId?: string;
};
/** Codec of `runtime.v1.PodSandboxStatsRequest`. */
export const PodSandboxStatsRequest: Codec<PodSandboxStatsRequest, PodSandboxStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatsRequest', fields: fieldsOfPodSandboxStatsRequest },
  read: readPodSandboxStatsRequest,
  write: writePodSandboxStatsRequest,
});
function readPodSandboxStatsRequest(r: WireReader, m: Draft<PodSandboxStatsRequest> = newPodSandboxStatsRequest()): PodSandboxStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxId = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatsRequest(): Draft<PodSandboxStatsRequest> {
  return {
    podSandboxId: '',
  };
}
function writePodSandboxStatsRequest(w: WireWriter, m: PodSandboxStatsRequestInit): void {
  w.string(10, m.podSandboxId);
}
function fieldsOfPodSandboxStatsRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
  ];
}

export type PodSandboxStatsResponse = {
  readonly stats: PodSandboxStats | null;
};
/** For encoding: every field of `PodSandboxStatsResponse` may be left out. */
export type PodSandboxStatsResponseInit = {
  readonly stats?: PodSandboxStatsInit | null;
};
/** Codec of `runtime.v1.PodSandboxStatsResponse`. */
export const PodSandboxStatsResponse: Codec<PodSandboxStatsResponse, PodSandboxStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatsResponse', fields: fieldsOfPodSandboxStatsResponse },
  read: readPodSandboxStatsResponse,
  write: writePodSandboxStatsResponse,
});
function readPodSandboxStatsResponse(r: WireReader, m: Draft<PodSandboxStatsResponse> = newPodSandboxStatsResponse()): PodSandboxStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.stats = r.message(readPodSandboxStats, m.stats);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatsResponse(): Draft<PodSandboxStatsResponse> {
  return {
    stats: null,
  };
}
function writePodSandboxStatsResponse(w: WireWriter, m: PodSandboxStatsResponseInit): void {
  w.message(10, m.stats, writePodSandboxStats);
}
function fieldsOfPodSandboxStatsResponse(): readonly FieldTable[] {
  return [
    one('stats', 'stats', { name: 'runtime.v1.PodSandboxStats', fields: fieldsOfPodSandboxStats }),
  ];
}

export type ListPodSandboxStatsRequest = {
  readonly filter: PodSandboxStatsFilter | null;
};
/** For encoding: every field of `ListPodSandboxStatsRequest` may be left out. */
export type ListPodSandboxStatsRequestInit = {
  readonly filter?: PodSandboxStatsFilterInit | null;
};
/** Codec of `runtime.v1.ListPodSandboxStatsRequest`. */
export const ListPodSandboxStatsRequest: Codec<ListPodSandboxStatsRequest, ListPodSandboxStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxStatsRequest', fields: fieldsOfListPodSandboxStatsRequest },
  read: readListPodSandboxStatsRequest,
  write: writeListPodSandboxStatsRequest,
});
function readListPodSandboxStatsRequest(r: WireReader, m: Draft<ListPodSandboxStatsRequest> = newListPodSandboxStatsRequest()): ListPodSandboxStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readPodSandboxStatsFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxStatsRequest(): Draft<ListPodSandboxStatsRequest> {
  return {
    filter: null,
  };
}
function writeListPodSandboxStatsRequest(w: WireWriter, m: ListPodSandboxStatsRequestInit): void {
  w.message(10, m.filter, writePodSandboxStatsFilter);
}
function fieldsOfListPodSandboxStatsRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.PodSandboxStatsFilter', fields: fieldsOfPodSandboxStatsFilter }),
  ];
}

export type ListPodSandboxStatsResponse = {
  readonly stats: readonly PodSandboxStats[];
};
/** For encoding: every field of `ListPodSandboxStatsResponse` may be left out. */
export type ListPodSandboxStatsResponseInit = {
  readonly stats?: readonly PodSandboxStatsInit[];
};
/** Codec of `runtime.v1.ListPodSandboxStatsResponse`. */
export const ListPodSandboxStatsResponse: Codec<ListPodSandboxStatsResponse, ListPodSandboxStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxStatsResponse', fields: fieldsOfListPodSandboxStatsResponse },
  read: readListPodSandboxStatsResponse,
  write: writeListPodSandboxStatsResponse,
});
function readListPodSandboxStatsResponse(r: WireReader, m: Draft<ListPodSandboxStatsResponse> = newListPodSandboxStatsResponse()): ListPodSandboxStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.stats = r.append(m.stats, r.message(readPodSandboxStats, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxStatsResponse(): Draft<ListPodSandboxStatsResponse> {
  return {
    stats: emptyList,
  };
}
function writeListPodSandboxStatsResponse(w: WireWriter, m: ListPodSandboxStatsResponseInit): void {
  w.messages(10, m.stats, writePodSandboxStats);
}
function fieldsOfListPodSandboxStatsResponse(): readonly FieldTable[] {
  return [
    list('stats', 'stats', { name: 'runtime.v1.PodSandboxStats', fields: fieldsOfPodSandboxStats }),
  ];
}

export type StreamPodSandboxStatsRequest = {
  readonly filter: PodSandboxStatsFilter | null;
};
/** For encoding: every field of `StreamPodSandboxStatsRequest` may be left out. */
export type StreamPodSandboxStatsRequestInit = {
  readonly filter?: PodSandboxStatsFilterInit | null;
};
/** Codec of `runtime.v1.StreamPodSandboxStatsRequest`. */
export const StreamPodSandboxStatsRequest: Codec<StreamPodSandboxStatsRequest, StreamPodSandboxStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxStatsRequest', fields: fieldsOfStreamPodSandboxStatsRequest },
  read: readStreamPodSandboxStatsRequest,
  write: writeStreamPodSandboxStatsRequest,
});
function readStreamPodSandboxStatsRequest(r: WireReader, m: Draft<StreamPodSandboxStatsRequest> = newStreamPodSandboxStatsRequest()): StreamPodSandboxStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.filter = r.message(readPodSandboxStatsFilter, m.filter);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxStatsRequest(): Draft<StreamPodSandboxStatsRequest> {
  return {
    filter: null,
  };
}
function writeStreamPodSandboxStatsRequest(w: WireWriter, m: StreamPodSandboxStatsRequestInit): void {
  w.message(10, m.filter, writePodSandboxStatsFilter);
}
function fieldsOfStreamPodSandboxStatsRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.PodSandboxStatsFilter', fields: fieldsOfPodSandboxStatsFilter }),
  ];
}

export type StreamPodSandboxStatsResponse = {
  readonly podSandboxStats: readonly PodSandboxStats[];
};
/** For encoding: every field of `StreamPodSandboxStatsResponse` may be left out. */
export type StreamPodSandboxStatsResponseInit = {
  readonly podSandboxStats?: readonly PodSandboxStatsInit[];
};
/** Codec of `runtime.v1.StreamPodSandboxStatsResponse`. */
export const StreamPodSandboxStatsResponse: Codec<StreamPodSandboxStatsResponse, StreamPodSandboxStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxStatsResponse', fields: fieldsOfStreamPodSandboxStatsResponse },
  read: readStreamPodSandboxStatsResponse,
  write: writeStreamPodSandboxStatsResponse,
});
function readStreamPodSandboxStatsResponse(r: WireReader, m: Draft<StreamPodSandboxStatsResponse> = newStreamPodSandboxStatsResponse()): StreamPodSandboxStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.podSandboxStats = r.append(m.podSandboxStats, r.message(readPodSandboxStats, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxStatsResponse(): Draft<StreamPodSandboxStatsResponse> {
  return {
    podSandboxStats: emptyList,
  };
}
function writeStreamPodSandboxStatsResponse(w: WireWriter, m: StreamPodSandboxStatsResponseInit): void {
  w.messages(10, m.podSandboxStats, writePodSandboxStats);
}
function fieldsOfStreamPodSandboxStatsResponse(): readonly FieldTable[] {
  return [
    list('podSandboxStats', 'pod_sandbox_stats', { name: 'runtime.v1.PodSandboxStats', fields: fieldsOfPodSandboxStats }),
  ];
}

export type Int64Value = {
  readonly value: bigint;
};
/** For encoding: every field of `Int64Value` may be left out. */
export type Int64ValueInit = {
  readonly value?: bigint;
};
/** Codec of `runtime.v1.Int64Value`. */
export const Int64Value: Codec<Int64Value, Int64ValueInit> = makeCodec({
  table: { name: 'runtime.v1.Int64Value', fields: fieldsOfInt64Value },
  read: readInt64Value,
  write: writeInt64Value,
});
function readInt64Value(r: WireReader, m: Draft<Int64Value> = newInt64Value()): Int64Value {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.value = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newInt64Value(): Draft<Int64Value> {
  return {
    value: 0n,
  };
}
function writeInt64Value(w: WireWriter, m: Int64ValueInit): void {
  w.int64(8, m.value);
}
function fieldsOfInt64Value(): readonly FieldTable[] {
  return [
    one('value', 'value', 'int64'),
  ];
}

export type UInt64Value = {
  readonly value: bigint;
};
/** For encoding: every field of `UInt64Value` may be left out. */
export type UInt64ValueInit = {
  readonly value?: bigint;
};
/** Codec of `runtime.v1.UInt64Value`. */
export const UInt64Value: Codec<UInt64Value, UInt64ValueInit> = makeCodec({
  table: { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value },
  read: readUInt64Value,
  write: writeUInt64Value,
});
function readUInt64Value(r: WireReader, m: Draft<UInt64Value> = newUInt64Value()): UInt64Value {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.value = r.uint64();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newUInt64Value(): Draft<UInt64Value> {
  return {
    value: 0n,
  };
}
function writeUInt64Value(w: WireWriter, m: UInt64ValueInit): void {
  w.uint64(8, m.value);
}
function fieldsOfUInt64Value(): readonly FieldTable[] {
  return [
    one('value', 'value', 'uint64'),
  ];
}

export type KeyValue = {
  readonly key: string;
  readonly value: Uint8Array;
};
/** For encoding: every field of `KeyValue` may be left out. */
export type KeyValueInit = {
  readonly key?: string;
  readonly value?: Uint8Array;
};
/** Codec of `runtime.v1.KeyValue`. */
export const KeyValue: Codec<KeyValue, KeyValueInit> = makeCodec({
  table: { name: 'runtime.v1.KeyValue', fields: fieldsOfKeyValue },
  read: readKeyValue,
  write: writeKeyValue,
});
function readKeyValue(r: WireReader, m: Draft<KeyValue> = newKeyValue()): KeyValue {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.key = r.string();
        break;
      case 18:
        m.value = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newKeyValue(): Draft<KeyValue> {
  return {
    key: '',
    value: emptyBytes,
  };
}
function writeKeyValue(w: WireWriter, m: KeyValueInit): void {
  w.string(10, m.key);
  w.bytes(18, m.value);
}
function fieldsOfKeyValue(): readonly FieldTable[] {
  return [
    one('key', 'key', 'string'),
    one('value', 'value', 'bytes'),
  ];
}

export type ImageSpec = {
  readonly image: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly userSpecifiedImage: string;
  readonly runtimeHandler: string;
  readonly imageRef: string;
};
/** For encoding: every field of `ImageSpec` may be left out. */
export type ImageSpecInit = {
  readonly image?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly userSpecifiedImage?: string;
  readonly runtimeHandler?: string;
  readonly imageRef?: string;
};
/** Codec of `runtime.v1.ImageSpec`. */
export const ImageSpec: Codec<ImageSpec, ImageSpecInit> = makeCodec({
  table: { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec },
  read: readImageSpec,
  write: writeImageSpec,
});
function readImageSpec(r: WireReader, m: Draft<ImageSpec> = newImageSpec()): ImageSpec {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.image = r.string();
        break;
      case 18:
        m.annotations = r.entry(m.annotations);
        break;
      case 146:
        m.userSpecifiedImage = r.string();
        break;
      case 154:
        m.runtimeHandler = r.string();
        break;
      case 162:
        m.imageRef = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newImageSpec(): Draft<ImageSpec> {
  return {
    image: '',
    annotations: emptyMap,
    userSpecifiedImage: '',
    runtimeHandler: '',
    imageRef: '',
  };
}
function writeImageSpec(w: WireWriter, m: ImageSpecInit): void {
  w.string(10, m.image);
  w.map(18, m.annotations);
  w.string(146, m.userSpecifiedImage);
  w.string(154, m.runtimeHandler);
  w.string(162, m.imageRef);
}
function fieldsOfImageSpec(): readonly FieldTable[] {
  return [
    one('image', 'image', 'string'),
    map('annotations', 'annotations'),
    one('userSpecifiedImage', 'user_specified_image', 'string'),
    one('runtimeHandler', 'runtime_handler', 'string'),
    one('imageRef', 'image_ref', 'string'),
  ];
}

export type PodSandboxMetadata = {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly attempt: number;
};
/** For encoding: every field of `PodSandboxMetadata` may be left out. */
export type PodSandboxMetadataInit = {
  readonly name?: string;
  readonly uid?: string;
  readonly namespace?: string;
  readonly attempt?: number;
};
/** Codec of `runtime.v1.PodSandboxMetadata`. */
export const PodSandboxMetadata: Codec<PodSandboxMetadata, PodSandboxMetadataInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxMetadata', fields: fieldsOfPodSandboxMetadata },
  read: readPodSandboxMetadata,
  write: writePodSandboxMetadata,
});
function readPodSandboxMetadata(r: WireReader, m: Draft<PodSandboxMetadata> = newPodSandboxMetadata()): PodSandboxMetadata {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.uid = r.string();
        break;
      case 26:
        m.namespace = r.string();
        break;
      case 32:
        m.attempt = r.uint32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxMetadata(): Draft<PodSandboxMetadata> {
  return {
    name: '',
    uid: '',
    namespace: '',
    attempt: 0,
  };
}
function writePodSandboxMetadata(w: WireWriter, m: PodSandboxMetadataInit): void {
  w.string(10, m.name);
  w.string(18, m.uid);
  w.string(26, m.namespace);
  w.uint32(32, m.attempt);
}
function fieldsOfPodSandboxMetadata(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('uid', 'uid', 'string'),
    one('namespace', 'namespace', 'string'),
    one('attempt', 'attempt', 'uint32'),
  ];
}

export type ContainerMetadata = {
  readonly name: string;
  readonly attempt: number;
};
/** For encoding: every field of `ContainerMetadata` may be left out. */
export type ContainerMetadataInit = {
  readonly name?: string;
  readonly attempt?: number;
};
/** Codec of `runtime.v1.ContainerMetadata`. */
export const ContainerMetadata: Codec<ContainerMetadata, ContainerMetadataInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerMetadata', fields: fieldsOfContainerMetadata },
  read: readContainerMetadata,
  write: writeContainerMetadata,
});
function readContainerMetadata(r: WireReader, m: Draft<ContainerMetadata> = newContainerMetadata()): ContainerMetadata {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 16:
        m.attempt = r.uint32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newContainerMetadata(): Draft<ContainerMetadata> {
  return {
    name: '',
    attempt: 0,
  };
}
function writeContainerMetadata(w: WireWriter, m: ContainerMetadataInit): void {
  w.string(10, m.name);
  w.uint32(16, m.attempt);
}
function fieldsOfContainerMetadata(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('attempt', 'attempt', 'uint32'),
  ];
}

export type IDMapping = {
  readonly hostId: number;
  readonly containerId: number;
  readonly length: number;
};
/** For encoding: every field of `IDMapping` may be left out. */
export type IDMappingInit = {
  readonly hostId?: number;
  readonly containerId?: number;
  readonly length?: number;
};
/** Codec of `runtime.v1.IDMapping`. */
export const IDMapping: Codec<IDMapping, IDMappingInit> = makeCodec({
  table: { name: 'runtime.v1.IDMapping', fields: fieldsOfIDMapping },
  read: readIDMapping,
  write: writeIDMapping,
});
function readIDMapping(r: WireReader, m: Draft<IDMapping> = newIDMapping()): IDMapping {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.hostId = r.uint32();
        break;
      case 16:
        m.containerId = r.uint32();
        break;
      case 24:
        m.length = r.uint32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newIDMapping(): Draft<IDMapping> {
  return {
    hostId: 0,
    containerId: 0,
    length: 0,
  };
}
function writeIDMapping(w: WireWriter, m: IDMappingInit): void {
  w.uint32(8, m.hostId);
  w.uint32(16, m.containerId);
  w.uint32(24, m.length);
}
function fieldsOfIDMapping(): readonly FieldTable[] {
  return [
    one('hostId', 'host_id', 'uint32'),
    one('containerId', 'container_id', 'uint32'),
    one('length', 'length', 'uint32'),
  ];
}

export type UserNamespace = {
  readonly mode: NamespaceMode;
  readonly uids: readonly IDMapping[];
  readonly gids: readonly IDMapping[];
};
/** For encoding: every field of `UserNamespace` may be left out. */
export type UserNamespaceInit = {
  readonly mode?: NamespaceMode;
  readonly uids?: readonly IDMappingInit[];
  readonly gids?: readonly IDMappingInit[];
};
/** Codec of `runtime.v1.UserNamespace`. */
export const UserNamespace: Codec<UserNamespace, UserNamespaceInit> = makeCodec({
  table: { name: 'runtime.v1.UserNamespace', fields: fieldsOfUserNamespace },
  read: readUserNamespace,
  write: writeUserNamespace,
});
function readUserNamespace(r: WireReader, m: Draft<UserNamespace> = newUserNamespace()): UserNamespace {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.mode = r.int32();
        break;
      case 18:
        m.uids = r.append(m.uids, r.message(readIDMapping, null));
        break;
      case 26:
        m.gids = r.append(m.gids, r.message(readIDMapping, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newUserNamespace(): Draft<UserNamespace> {
  return {
    mode: 0,
    uids: emptyList,
    gids: emptyList,
  };
}
function writeUserNamespace(w: WireWriter, m: UserNamespaceInit): void {
  w.int32(8, m.mode);
  w.messages(18, m.uids, writeIDMapping);
  w.messages(26, m.gids, writeIDMapping);
}
function fieldsOfUserNamespace(): readonly FieldTable[] {
  return [
    one('mode', 'mode', 'enum'),
    list('uids', 'uids', { name: 'runtime.v1.IDMapping', fields: fieldsOfIDMapping }),
    list('gids', 'gids', { name: 'runtime.v1.IDMapping', fields: fieldsOfIDMapping }),
  ];
}

export type NamespaceOption = {
  readonly network: NamespaceMode;
  readonly pid: NamespaceMode;
  readonly ipc: NamespaceMode;
  readonly targetId: string;
  readonly usernsOptions: UserNamespace | null;
};
/** For encoding: every field of `NamespaceOption` may be left out. */
export type NamespaceOptionInit = {
  readonly network?: NamespaceMode;
  readonly pid?: NamespaceMode;
  readonly ipc?: NamespaceMode;
  readonly targetId?: string;
  readonly usernsOptions?: UserNamespaceInit | null;
};
/** Codec of `runtime.v1.NamespaceOption`. */
export const NamespaceOption: Codec<NamespaceOption, NamespaceOptionInit> = makeCodec({
  table: { name: 'runtime.v1.NamespaceOption', fields: fieldsOfNamespaceOption },
  read: readNamespaceOption,
  write: writeNamespaceOption,
});
function readNamespaceOption(r: WireReader, m: Draft<NamespaceOption> = newNamespaceOption()): NamespaceOption {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.network = r.int32();
        break;
      case 16:
        m.pid = r.int32();
        break;
      case 24:
        m.ipc = r.int32();
        break;
      case 34:
        m.targetId = r.string();
        break;
      case 42:
        m.usernsOptions = r.message(readUserNamespace, m.usernsOptions);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newNamespaceOption(): Draft<NamespaceOption> {
  return {
    network: 0,
    pid: 0,
    ipc: 0,
    targetId: '',
    usernsOptions: null,
  };
}
function writeNamespaceOption(w: WireWriter, m: NamespaceOptionInit): void {
  w.int32(8, m.network);
  w.int32(16, m.pid);
  w.int32(24, m.ipc);
  w.string(34, m.targetId);
  w.message(42, m.usernsOptions, writeUserNamespace);
}
function fieldsOfNamespaceOption(): readonly FieldTable[] {
  return [
    one('network', 'network', 'enum'),
    one('pid', 'pid', 'enum'),
    one('ipc', 'ipc', 'enum'),
    one('targetId', 'target_id', 'string'),
    one('usernsOptions', 'userns_options', { name: 'runtime.v1.UserNamespace', fields: fieldsOfUserNamespace }),
  ];
}

export type SecurityProfile = {
  readonly profileType: ProfileType;
  readonly localhostRef: string;
};
/** For encoding: every field of `SecurityProfile` may be left out. */
export type SecurityProfileInit = {
  readonly profileType?: ProfileType;
  readonly localhostRef?: string;
};
/** Codec of `runtime.v1.SecurityProfile`. */
export const SecurityProfile: Codec<SecurityProfile, SecurityProfileInit> = makeCodec({
  table: { name: 'runtime.v1.SecurityProfile', fields: fieldsOfSecurityProfile },
  read: readSecurityProfile,
  write: writeSecurityProfile,
});
function readSecurityProfile(r: WireReader, m: Draft<SecurityProfile> = newSecurityProfile()): SecurityProfile {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.profileType = r.int32();
        break;
      case 18:
        m.localhostRef = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newSecurityProfile(): Draft<SecurityProfile> {
  return {
    profileType: 0,
    localhostRef: '',
  };
}
function writeSecurityProfile(w: WireWriter, m: SecurityProfileInit): void {
  w.int32(8, m.profileType);
  w.string(18, m.localhostRef);
}
function fieldsOfSecurityProfile(): readonly FieldTable[] {
  return [
    one('profileType', 'profile_type', 'enum'),
    one('localhostRef', 'localhost_ref', 'string'),
  ];
}

export type SELinuxOption = {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  readonly level: string;
};
/** For encoding: every field of `SELinuxOption` may be left out. */
export type SELinuxOptionInit = {
  readonly user?: string;
  readonly role?: string;
  readonly type?: string;
  readonly level?: string;
};
/** Codec of `runtime.v1.SELinuxOption`. */
export const SELinuxOption: Codec<SELinuxOption, SELinuxOptionInit> = makeCodec({
  table: { name: 'runtime.v1.SELinuxOption', fields: fieldsOfSELinuxOption },
  read: readSELinuxOption,
  write: writeSELinuxOption,
});
function readSELinuxOption(r: WireReader, m: Draft<SELinuxOption> = newSELinuxOption()): SELinuxOption {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.user = r.string();
        break;
      case 18:
        m.role = r.string();
        break;
      case 26:
        m.type = r.string();
        break;
      case 34:
        m.level = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newSELinuxOption(): Draft<SELinuxOption> {
  return {
    user: '',
    role: '',
    type: '',
    level: '',
  };
}
function writeSELinuxOption(w: WireWriter, m: SELinuxOptionInit): void {
  w.string(10, m.user);
  w.string(18, m.role);
  w.string(26, m.type);
  w.string(34, m.level);
}
function fieldsOfSELinuxOption(): readonly FieldTable[] {
  return [
    one('user', 'user', 'string'),
    one('role', 'role', 'string'),
    one('type', 'type', 'string'),
    one('level', 'level', 'string'),
  ];
}

export type LinuxContainerResources = {
  readonly cpuPeriod: bigint;
  readonly cpuQuota: bigint;
  readonly cpuShares: bigint;
  readonly memoryLimitInBytes: bigint;
  readonly oomScoreAdj: bigint;
  readonly cpusetCpus: string;
  readonly cpusetMems: string;
  readonly hugepageLimits: readonly HugepageLimit[];
  readonly unified: Readonly<Record<string, string>>;
  readonly memorySwapLimitInBytes: bigint;
};
/** For encoding: every field of `LinuxContainerResources` may be left out. */
export type LinuxContainerResourcesInit = {
  readonly cpuPeriod?: bigint;
  readonly cpuQuota?: bigint;
  readonly cpuShares?: bigint;
  readonly memoryLimitInBytes?: bigint;
  readonly oomScoreAdj?: bigint;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  readonly hugepageLimits?: readonly HugepageLimitInit[];
  readonly unified?: Readonly<Record<string, string>>;
  readonly memorySwapLimitInBytes?: bigint;
};
/** Codec of `runtime.v1.LinuxContainerResources`. */
export const LinuxContainerResources: Codec<LinuxContainerResources, LinuxContainerResourcesInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources },
  read: readLinuxContainerResources,
  write: writeLinuxContainerResources,
});
function readLinuxContainerResources(r: WireReader, m: Draft<LinuxContainerResources> = newLinuxContainerResources()): LinuxContainerResources {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.cpuPeriod = r.int64();
        break;
      case 16:
        m.cpuQuota = r.int64();
        break;
      case 24:
        m.cpuShares = r.int64();
        break;
      case 32:
        m.memoryLimitInBytes = r.int64();
        break;
      case 40:
        m.oomScoreAdj = r.int64();
        break;
      case 50:
        m.cpusetCpus = r.string();
        break;
      case 58:
        m.cpusetMems = r.string();
        break;
      case 66:
        m.hugepageLimits = r.append(m.hugepageLimits, r.message(readHugepageLimit, null));
        break;
      case 74:
        m.unified = r.entry(m.unified);
        break;
      case 80:
        m.memorySwapLimitInBytes = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newLinuxContainerResources(): Draft<LinuxContainerResources> {
  return {
    cpuPeriod: 0n,
    cpuQuota: 0n,
    cpuShares: 0n,
    memoryLimitInBytes: 0n,
    oomScoreAdj: 0n,
    cpusetCpus: '',
    cpusetMems: '',
    hugepageLimits: emptyList,
    unified: emptyMap,
    memorySwapLimitInBytes: 0n,
  };
}
function writeLinuxContainerResources(w: WireWriter, m: LinuxContainerResourcesInit): void {
  w.int64(8, m.cpuPeriod);
  w.int64(16, m.cpuQuota);
  w.int64(24, m.cpuShares);
  w.int64(32, m.memoryLimitInBytes);
  w.int64(40, m.oomScoreAdj);
  w.string(50, m.cpusetCpus);
  w.string(58, m.cpusetMems);
  w.messages(66, m.hugepageLimits, writeHugepageLimit);
  w.map(74, m.unified);
  w.int64(80, m.memorySwapLimitInBytes);
}
function fieldsOfLinuxContainerResources(): readonly FieldTable[] {
  return [
    one('cpuPeriod', 'cpu_period', 'int64'),
    one('cpuQuota', 'cpu_quota', 'int64'),
    one('cpuShares', 'cpu_shares', 'int64'),
    one('memoryLimitInBytes', 'memory_limit_in_bytes', 'int64'),
    one('oomScoreAdj', 'oom_score_adj', 'int64'),
    one('cpusetCpus', 'cpuset_cpus', 'string'),
    one('cpusetMems', 'cpuset_mems', 'string'),
    list('hugepageLimits', 'hugepage_limits', { name: 'runtime.v1.HugepageLimit', fields: fieldsOfHugepageLimit }),
    map('unified', 'unified'),
    one('memorySwapLimitInBytes', 'memory_swap_limit_in_bytes', 'int64'),
  ];
}

export type HugepageLimit = {
  readonly pageSize: string;
  readonly limit: bigint;
};
/** For encoding: every field of `HugepageLimit` may be left out. */
export type HugepageLimitInit = {
  readonly pageSize?: string;
  readonly limit?: bigint;
};
/** Codec of `runtime.v1.HugepageLimit`. */
export const HugepageLimit: Codec<HugepageLimit, HugepageLimitInit> = makeCodec({
  table: { name: 'runtime.v1.HugepageLimit', fields: fieldsOfHugepageLimit },
  read: readHugepageLimit,
  write: writeHugepageLimit,
});
function readHugepageLimit(r: WireReader, m: Draft<HugepageLimit> = newHugepageLimit()): HugepageLimit {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.pageSize = r.string();
        break;
      case 16:
        m.limit = r.uint64();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newHugepageLimit(): Draft<HugepageLimit> {
  return {
    pageSize: '',
    limit: 0n,
  };
}
function writeHugepageLimit(w: WireWriter, m: HugepageLimitInit): void {
  w.string(10, m.pageSize);
  w.uint64(16, m.limit);
}
function fieldsOfHugepageLimit(): readonly FieldTable[] {
  return [
    one('pageSize', 'page_size', 'string'),
    one('limit', 'limit', 'uint64'),
  ];
}

export type WindowsNamespaceOption = {
  readonly network: NamespaceMode;
};
/** For encoding: every field of `WindowsNamespaceOption` may be left out. */
export type WindowsNamespaceOptionInit = {
  readonly network?: NamespaceMode;
};
/** Codec of `runtime.v1.WindowsNamespaceOption`. */
export const WindowsNamespaceOption: Codec<WindowsNamespaceOption, WindowsNamespaceOptionInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsNamespaceOption', fields: fieldsOfWindowsNamespaceOption },
  read: readWindowsNamespaceOption,
  write: writeWindowsNamespaceOption,
});
function readWindowsNamespaceOption(r: WireReader, m: Draft<WindowsNamespaceOption> = newWindowsNamespaceOption()): WindowsNamespaceOption {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.network = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsNamespaceOption(): Draft<WindowsNamespaceOption> {
  return {
    network: 0,
  };
}
function writeWindowsNamespaceOption(w: WireWriter, m: WindowsNamespaceOptionInit): void {
  w.int32(8, m.network);
}
function fieldsOfWindowsNamespaceOption(): readonly FieldTable[] {
  return [
    one('network', 'network', 'enum'),
  ];
}

export type WindowsSandboxSecurityContext = {
  readonly runAsUsername: string;
  readonly credentialSpec: string;
  readonly hostProcess: boolean;
  readonly namespaceOptions: WindowsNamespaceOption | null;
};
/** For encoding: every field of `WindowsSandboxSecurityContext` may be left out. */
export type WindowsSandboxSecurityContextInit = {
  readonly runAsUsername?: string;
  readonly credentialSpec?: string;
  readonly hostProcess?: boolean;
  readonly namespaceOptions?: WindowsNamespaceOptionInit | null;
};
/** Codec of `runtime.v1.WindowsSandboxSecurityContext`. */
export const WindowsSandboxSecurityContext: Codec<WindowsSandboxSecurityContext, WindowsSandboxSecurityContextInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsSandboxSecurityContext', fields: fieldsOfWindowsSandboxSecurityContext },
  read: readWindowsSandboxSecurityContext,
  write: writeWindowsSandboxSecurityContext,
});
function readWindowsSandboxSecurityContext(r: WireReader, m: Draft<WindowsSandboxSecurityContext> = newWindowsSandboxSecurityContext()): WindowsSandboxSecurityContext {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.runAsUsername = r.string();
        break;
      case 18:
        m.credentialSpec = r.string();
        break;
      case 24:
        m.hostProcess = r.bool();
        break;
      case 34:
        m.namespaceOptions = r.message(readWindowsNamespaceOption, m.namespaceOptions);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsSandboxSecurityContext(): Draft<WindowsSandboxSecurityContext> {
  return {
    runAsUsername: '',
    credentialSpec: '',
    hostProcess: false,
    namespaceOptions: null,
  };
}
function writeWindowsSandboxSecurityContext(w: WireWriter, m: WindowsSandboxSecurityContextInit): void {
  w.string(10, m.runAsUsername);
  w.string(18, m.credentialSpec);
  w.bool(24, m.hostProcess);
  w.message(34, m.namespaceOptions, writeWindowsNamespaceOption);
}
function fieldsOfWindowsSandboxSecurityContext(): readonly FieldTable[] {
  return [
    one('runAsUsername', 'run_as_username', 'string'),
    one('credentialSpec', 'credential_spec', 'string'),
    one('hostProcess', 'host_process', 'bool'),
    one('namespaceOptions', 'namespace_options', { name: 'runtime.v1.WindowsNamespaceOption', fields: fieldsOfWindowsNamespaceOption }),
  ];
}

export type WindowsPodSandboxConfig = {
  readonly securityContext: WindowsSandboxSecurityContext | null;
};
/** For encoding: every field of `WindowsPodSandboxConfig` may be left out. */
export type WindowsPodSandboxConfigInit = {
  readonly securityContext?: WindowsSandboxSecurityContextInit | null;
};
/** Codec of `runtime.v1.WindowsPodSandboxConfig`. */
export const WindowsPodSandboxConfig: Codec<WindowsPodSandboxConfig, WindowsPodSandboxConfigInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsPodSandboxConfig', fields: fieldsOfWindowsPodSandboxConfig },
  read: readWindowsPodSandboxConfig,
  write: writeWindowsPodSandboxConfig,
});
function readWindowsPodSandboxConfig(r: WireReader, m: Draft<WindowsPodSandboxConfig> = newWindowsPodSandboxConfig()): WindowsPodSandboxConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.securityContext = r.message(readWindowsSandboxSecurityContext, m.securityContext);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsPodSandboxConfig(): Draft<WindowsPodSandboxConfig> {
  return {
    securityContext: null,
  };
}
function writeWindowsPodSandboxConfig(w: WireWriter, m: WindowsPodSandboxConfigInit): void {
  w.message(10, m.securityContext, writeWindowsSandboxSecurityContext);
}
function fieldsOfWindowsPodSandboxConfig(): readonly FieldTable[] {
  return [
    one('securityContext', 'security_context', { name: 'runtime.v1.WindowsSandboxSecurityContext', fields: fieldsOfWindowsSandboxSecurityContext }),
  ];
}

export type WindowsCpuGroupAffinity = {
  readonly cpuMask: bigint;
  readonly cpuGroup: number;
};
/** For encoding: every field of `WindowsCpuGroupAffinity` may be left out. */
export type WindowsCpuGroupAffinityInit = {
  readonly cpuMask?: bigint;
  readonly cpuGroup?: number;
};
/** Codec of `runtime.v1.WindowsCpuGroupAffinity`. */
export const WindowsCpuGroupAffinity: Codec<WindowsCpuGroupAffinity, WindowsCpuGroupAffinityInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsCpuGroupAffinity', fields: fieldsOfWindowsCpuGroupAffinity },
  read: readWindowsCpuGroupAffinity,
  write: writeWindowsCpuGroupAffinity,
});
function readWindowsCpuGroupAffinity(r: WireReader, m: Draft<WindowsCpuGroupAffinity> = newWindowsCpuGroupAffinity()): WindowsCpuGroupAffinity {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.cpuMask = r.uint64();
        break;
      case 16:
        m.cpuGroup = r.uint32();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsCpuGroupAffinity(): Draft<WindowsCpuGroupAffinity> {
  return {
    cpuMask: 0n,
    cpuGroup: 0,
  };
}
function writeWindowsCpuGroupAffinity(w: WireWriter, m: WindowsCpuGroupAffinityInit): void {
  w.uint64(8, m.cpuMask);
  w.uint32(16, m.cpuGroup);
}
function fieldsOfWindowsCpuGroupAffinity(): readonly FieldTable[] {
  return [
    one('cpuMask', 'cpu_mask', 'uint64'),
    one('cpuGroup', 'cpu_group', 'uint32'),
  ];
}

export type WindowsContainerResources = {
  readonly cpuShares: bigint;
  readonly cpuCount: bigint;
  readonly cpuMaximum: bigint;
  readonly memoryLimitInBytes: bigint;
  readonly rootfsSizeInBytes: bigint;
  readonly affinityCpus: readonly WindowsCpuGroupAffinity[];
};
/** For encoding: every field of `WindowsContainerResources` may be left out. */
export type WindowsContainerResourcesInit = {
  readonly cpuShares?: bigint;
  readonly cpuCount?: bigint;
  readonly cpuMaximum?: bigint;
  readonly memoryLimitInBytes?: bigint;
  readonly rootfsSizeInBytes?: bigint;
  readonly affinityCpus?: readonly WindowsCpuGroupAffinityInit[];
};
/** Codec of `runtime.v1.WindowsContainerResources`. */
export const WindowsContainerResources: Codec<WindowsContainerResources, WindowsContainerResourcesInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsContainerResources', fields: fieldsOfWindowsContainerResources },
  read: readWindowsContainerResources,
  write: writeWindowsContainerResources,
});
function readWindowsContainerResources(r: WireReader, m: Draft<WindowsContainerResources> = newWindowsContainerResources()): WindowsContainerResources {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8:
        m.cpuShares = r.int64();
        break;
      case 16:
        m.cpuCount = r.int64();
        break;
      case 24:
        m.cpuMaximum = r.int64();
        break;
      case 32:
        m.memoryLimitInBytes = r.int64();
        break;
      case 40:
        m.rootfsSizeInBytes = r.int64();
        break;
      case 50:
        m.affinityCpus = r.append(m.affinityCpus, r.message(readWindowsCpuGroupAffinity, null));
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsContainerResources(): Draft<WindowsContainerResources> {
  return {
    cpuShares: 0n,
    cpuCount: 0n,
    cpuMaximum: 0n,
    memoryLimitInBytes: 0n,
    rootfsSizeInBytes: 0n,
    affinityCpus: emptyList,
  };
}
function writeWindowsContainerResources(w: WireWriter, m: WindowsContainerResourcesInit): void {
  w.int64(8, m.cpuShares);
  w.int64(16, m.cpuCount);
  w.int64(24, m.cpuMaximum);
  w.int64(32, m.memoryLimitInBytes);
  w.int64(40, m.rootfsSizeInBytes);
  w.messages(50, m.affinityCpus, writeWindowsCpuGroupAffinity);
}
function fieldsOfWindowsContainerResources(): readonly FieldTable[] {
  return [
    one('cpuShares', 'cpu_shares', 'int64'),
    one('cpuCount', 'cpu_count', 'int64'),
    one('cpuMaximum', 'cpu_maximum', 'int64'),
    one('memoryLimitInBytes', 'memory_limit_in_bytes', 'int64'),
    one('rootfsSizeInBytes', 'rootfs_size_in_bytes', 'int64'),
    list('affinityCpus', 'affinity_cpus', { name: 'runtime.v1.WindowsCpuGroupAffinity', fields: fieldsOfWindowsCpuGroupAffinity }),
  ];
}

export type WindowsContainerSecurityContext = {
  readonly runAsUsername: string;
  readonly credentialSpec: string;
  readonly hostProcess: boolean;
};
/** For encoding: every field of `WindowsContainerSecurityContext` may be left out. */
export type WindowsContainerSecurityContextInit = {
  readonly runAsUsername?: string;
  readonly credentialSpec?: string;
  readonly hostProcess?: boolean;
};
/** Codec of `runtime.v1.WindowsContainerSecurityContext`. */
export const WindowsContainerSecurityContext: Codec<WindowsContainerSecurityContext, WindowsContainerSecurityContextInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsContainerSecurityContext', fields: fieldsOfWindowsContainerSecurityContext },
  read: readWindowsContainerSecurityContext,
  write: writeWindowsContainerSecurityContext,
});
function readWindowsContainerSecurityContext(r: WireReader, m: Draft<WindowsContainerSecurityContext> = newWindowsContainerSecurityContext()): WindowsContainerSecurityContext {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.runAsUsername = r.string();
        break;
      case 18:
        m.credentialSpec = r.string();
        break;
      case 24:
        m.hostProcess = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsContainerSecurityContext(): Draft<WindowsContainerSecurityContext> {
  return {
    runAsUsername: '',
    credentialSpec: '',
    hostProcess: false,
  };
}
function writeWindowsContainerSecurityContext(w: WireWriter, m: WindowsContainerSecurityContextInit): void {
  w.string(10, m.runAsUsername);
  w.string(18, m.credentialSpec);
  w.bool(24, m.hostProcess);
}
function fieldsOfWindowsContainerSecurityContext(): readonly FieldTable[] {
  return [
    one('runAsUsername', 'run_as_username', 'string'),
    one('credentialSpec', 'credential_spec', 'string'),
    one('hostProcess', 'host_process', 'bool'),
  ];
}

export type WindowsContainerConfig = {
  readonly resources: WindowsContainerResources | null;
  readonly securityContext: WindowsContainerSecurityContext | null;
};
/** For encoding: every field of `WindowsContainerConfig` may be left out. */
export type WindowsContainerConfigInit = {
  readonly resources?: WindowsContainerResourcesInit | null;
  readonly securityContext?: WindowsContainerSecurityContextInit | null;
};
/** Codec of `runtime.v1.WindowsContainerConfig`. */
export const WindowsContainerConfig: Codec<WindowsContainerConfig, WindowsContainerConfigInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsContainerConfig', fields: fieldsOfWindowsContainerConfig },
  read: readWindowsContainerConfig,
  write: writeWindowsContainerConfig,
});
function readWindowsContainerConfig(r: WireReader, m: Draft<WindowsContainerConfig> = newWindowsContainerConfig()): WindowsContainerConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10:
        m.resources = r.message(readWindowsContainerResources, m.resources);
        break;
      case 18:
        m.securityContext = r.message(readWindowsContainerSecurityContext, m.securityContext);
        break;
      default:
        r.skip(tag);
    }
  }
  return m;
}
function newWindowsContainerConfig(): Draft<WindowsContainerConfig> {
  return {
    resources: null,
    securityContext: null,
  };
}
function writeWindowsContainerConfig(w: WireWriter, m: WindowsContainerConfigInit): void {
  w.message(10, m.resources, writeWindowsContainerResources);
  w.message(18, m.securityContext, writeWindowsContainerSecurityContext);
}
function fieldsOfWindowsContainerConfig(): readonly FieldTable[] {
  return [
    one('resources', 'resources', { name: 'runtime.v1.WindowsContainerResources', fields: fieldsOfWindowsContainerResources }),
    one('securityContext', 'security_context', { name: 'runtime.v1.WindowsContainerSecurityContext', fields: fieldsOfWindowsContainerSecurityContext }),
  ];
}

function one(name: string, jsonName: string, kind: FieldTable['kind']): FieldTable {
  return { name, jsonName, form: 'one', kind };
}
function list(name: string, jsonName: string, kind: FieldTable['kind']): FieldTable {
  return { name, jsonName, form: 'list', kind };
}
function map(name: string, jsonName: string): FieldTable {
  return { name, jsonName, form: 'map', kind: 'string' };
}
