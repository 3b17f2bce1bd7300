// Written by `node cri-api/generate.ts` from cri-api/runtime-v1/*.proto. Do not edit.
import { type Codec, makeCodec } from '../wire/codec.ts';
import { emptyBytes, emptyList, emptyMap } from '../wire/defaults.ts';
import type { FieldTable } from '../wire/json.ts';
import type { Draft, WireReader } from '../wire/reader.ts';
import type { WireWriter } from '../wire/writer.ts';
import type * as types from './types.ts';

export const Protocol = {
  TCP: 0,
  UDP: 1,
  SCTP: 2,
} as const;
export type Protocol = types.Protocol;

export const MountPropagation = {
  /** rprivate */
  PROPAGATION_PRIVATE: 0,
  /** rslave */
  PROPAGATION_HOST_TO_CONTAINER: 1,
  /** rshared */
  PROPAGATION_BIDIRECTIONAL: 2,
} as const;
export type MountPropagation = types.MountPropagation;

export const ContainerState = {
  CONTAINER_CREATED: 0,
  CONTAINER_RUNNING: 1,
  CONTAINER_EXITED: 2,
  CONTAINER_UNKNOWN: 3,
} as const;
export type ContainerState = types.ContainerState;

export const MetricType = {
  COUNTER: 0,
  GAUGE: 1,
} as const;
export type MetricType = types.MetricType;

/** The default value is SYSTEMD, so an empty LinuxRuntimeConfiguration says systemd. */
export const CgroupDriver = {
  SYSTEMD: 0,
  CGROUPFS: 1,
} as const;
export type CgroupDriver = types.CgroupDriver;

export const ContainerEventType = {
  CONTAINER_CREATED_EVENT: 0,
  CONTAINER_STARTED_EVENT: 1,
  CONTAINER_STOPPED_EVENT: 2,
  CONTAINER_DELETED_EVENT: 3,
} as const;
export type ContainerEventType = types.ContainerEventType;

export const PodSandboxState = {
  SANDBOX_READY: 0,
  SANDBOX_NOTREADY: 1,
} as const;
export type PodSandboxState = types.PodSandboxState;

export const NamespaceMode = {
  /** Shared by all containers of the pod. */
  POD: 0,
  /** One of the container alone. */
  CONTAINER: 1,
  /** That of the host. */
  NODE: 2,
  /** That of the container `target_id`. */
  TARGET: 3,
} as const;
export type NamespaceMode = types.NamespaceMode;

export const ProfileType = {
  RuntimeDefault: 0,
  Unconfined: 1,
  Localhost: 2,
} as const;
export type ProfileType = types.ProfileType;

export const SupplementalGroupsPolicy = {
  /** The groups of the request and those that the image gives the user. */
  Merge: 0,
  /** The groups of the request alone. */
  Strict: 1,
} as const;
export type SupplementalGroupsPolicy = types.SupplementalGroupsPolicy;

/**
 * A list of names: the numbers are not those of the kernel. Renamed in 1.37 (SIGTERM became
 * SIGNAL_SIGTERM).
 */
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
export type Signal = types.Signal;

/** Codec of `runtime.v1.PodSandboxConfig`. */
export const PodSandboxConfig: Codec<types.PodSandboxConfig, types.PodSandboxConfigInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxConfig', fields: fieldsOfPodSandboxConfig },
  read: readPodSandboxConfig,
  write: writePodSandboxConfig,
});
export type PodSandboxConfig = types.PodSandboxConfig;
export type PodSandboxConfigInit = types.PodSandboxConfigInit;
function readPodSandboxConfig(r: WireReader, m: Draft<types.PodSandboxConfig> = newPodSandboxConfig()): types.PodSandboxConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.metadata = r.message(readPodSandboxMetadata, m.metadata); break;
      case 18: m.hostname = r.string(); break;
      case 26: m.logDirectory = r.string(); break;
      case 34: m.dnsConfig = r.message(readDNSConfig, m.dnsConfig); break;
      case 42: m.portMappings = r.append(m.portMappings, r.message(readPortMapping, null)); break;
      case 50: m.labels = r.entry(m.labels); break;
      case 58: m.annotations = r.entry(m.annotations); break;
      case 66: m.linux = r.message(readLinuxPodSandboxConfig, m.linux); break;
      case 74: m.windows = r.message(readWindowsPodSandboxConfig, m.windows); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxConfig(): Draft<types.PodSandboxConfig> {
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
function writePodSandboxConfig(w: WireWriter, m: types.PodSandboxConfigInit): void {
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

/** Codec of `runtime.v1.DNSConfig`. */
export const DNSConfig: Codec<types.DNSConfig, types.DNSConfigInit> = makeCodec({
  table: { name: 'runtime.v1.DNSConfig', fields: fieldsOfDNSConfig },
  read: readDNSConfig,
  write: writeDNSConfig,
});
export type DNSConfig = types.DNSConfig;
export type DNSConfigInit = types.DNSConfigInit;
function readDNSConfig(r: WireReader, m: Draft<types.DNSConfig> = newDNSConfig()): types.DNSConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.servers = r.append(m.servers, r.string()); break;
      case 18: m.searches = r.append(m.searches, r.string()); break;
      case 26: m.options = r.append(m.options, r.string()); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newDNSConfig(): Draft<types.DNSConfig> {
  return {
    servers: emptyList,
    searches: emptyList,
    options: emptyList,
  };
}
function writeDNSConfig(w: WireWriter, m: types.DNSConfigInit): void {
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

/** Codec of `runtime.v1.PortMapping`. */
export const PortMapping: Codec<types.PortMapping, types.PortMappingInit> = makeCodec({
  table: { name: 'runtime.v1.PortMapping', fields: fieldsOfPortMapping },
  read: readPortMapping,
  write: writePortMapping,
});
export type PortMapping = types.PortMapping;
export type PortMappingInit = types.PortMappingInit;
function readPortMapping(r: WireReader, m: Draft<types.PortMapping> = newPortMapping()): types.PortMapping {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.protocol = r.int32(); break;
      case 16: m.containerPort = r.int32(); break;
      case 24: m.hostPort = r.int32(); break;
      case 34: m.hostIp = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPortMapping(): Draft<types.PortMapping> {
  return {
    protocol: 0,
    containerPort: 0,
    hostPort: 0,
    hostIp: '',
  };
}
function writePortMapping(w: WireWriter, m: types.PortMappingInit): void {
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

/** Codec of `runtime.v1.LinuxPodSandboxConfig`. */
export const LinuxPodSandboxConfig: Codec<types.LinuxPodSandboxConfig, types.LinuxPodSandboxConfigInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxPodSandboxConfig', fields: fieldsOfLinuxPodSandboxConfig },
  read: readLinuxPodSandboxConfig,
  write: writeLinuxPodSandboxConfig,
});
export type LinuxPodSandboxConfig = types.LinuxPodSandboxConfig;
export type LinuxPodSandboxConfigInit = types.LinuxPodSandboxConfigInit;
function readLinuxPodSandboxConfig(r: WireReader, m: Draft<types.LinuxPodSandboxConfig> = newLinuxPodSandboxConfig()): types.LinuxPodSandboxConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.cgroupParent = r.string(); break;
      case 18: m.securityContext = r.message(readLinuxSandboxSecurityContext, m.securityContext); break;
      case 26: m.sysctls = r.entry(m.sysctls); break;
      case 34: m.overhead = r.message(readLinuxContainerResources, m.overhead); break;
      case 42: m.resources = r.message(readLinuxContainerResources, m.resources); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newLinuxPodSandboxConfig(): Draft<types.LinuxPodSandboxConfig> {
  return {
    cgroupParent: '',
    securityContext: null,
    sysctls: emptyMap,
    overhead: null,
    resources: null,
  };
}
function writeLinuxPodSandboxConfig(w: WireWriter, m: types.LinuxPodSandboxConfigInit): void {
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

/** Codec of `runtime.v1.LinuxSandboxSecurityContext`. */
export const LinuxSandboxSecurityContext: Codec<types.LinuxSandboxSecurityContext, types.LinuxSandboxSecurityContextInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxSandboxSecurityContext', fields: fieldsOfLinuxSandboxSecurityContext },
  read: readLinuxSandboxSecurityContext,
  write: writeLinuxSandboxSecurityContext,
});
export type LinuxSandboxSecurityContext = types.LinuxSandboxSecurityContext;
export type LinuxSandboxSecurityContextInit = types.LinuxSandboxSecurityContextInit;
function readLinuxSandboxSecurityContext(r: WireReader, m: Draft<types.LinuxSandboxSecurityContext> = newLinuxSandboxSecurityContext()): types.LinuxSandboxSecurityContext {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.namespaceOptions = r.message(readNamespaceOption, m.namespaceOptions); break;
      case 18: m.selinuxOptions = r.message(readSELinuxOption, m.selinuxOptions); break;
      case 26: m.runAsUser = r.message(readInt64Value, m.runAsUser); break;
      case 32: m.readonlyRootfs = r.bool(); break;
      case 42: m.supplementalGroups = r.packed(m.supplementalGroups, (packed) => packed.int64()); break;
      case 40: m.supplementalGroups = r.append(m.supplementalGroups, r.int64()); break;
      case 48: m.privileged = r.bool(); break;
      case 58: m.seccompProfilePath = r.string(); break;
      case 66: m.runAsGroup = r.message(readInt64Value, m.runAsGroup); break;
      case 74: m.seccomp = r.message(readSecurityProfile, m.seccomp); break;
      case 82: m.apparmor = r.message(readSecurityProfile, m.apparmor); break;
      case 88: m.supplementalGroupsPolicy = r.int32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newLinuxSandboxSecurityContext(): Draft<types.LinuxSandboxSecurityContext> {
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
function writeLinuxSandboxSecurityContext(w: WireWriter, m: types.LinuxSandboxSecurityContextInit): void {
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

/** Codec of `runtime.v1.ContainerConfig`. */
export const ContainerConfig: Codec<types.ContainerConfig, types.ContainerConfigInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerConfig', fields: fieldsOfContainerConfig },
  read: readContainerConfig,
  write: writeContainerConfig,
});
export type ContainerConfig = types.ContainerConfig;
export type ContainerConfigInit = types.ContainerConfigInit;
function readContainerConfig(r: WireReader, m: Draft<types.ContainerConfig> = newContainerConfig()): types.ContainerConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.metadata = r.message(readContainerMetadata, m.metadata); break;
      case 18: m.image = r.message(readImageSpec, m.image); break;
      case 26: m.command = r.append(m.command, r.string()); break;
      case 34: m.args = r.append(m.args, r.string()); break;
      case 42: m.workingDir = r.string(); break;
      case 50: m.envs = r.append(m.envs, r.message(readKeyValue, null)); break;
      case 58: m.mounts = r.append(m.mounts, r.message(readMount, null)); break;
      case 66: m.devices = r.append(m.devices, r.message(readDevice, null)); break;
      case 74: m.labels = r.entry(m.labels); break;
      case 82: m.annotations = r.entry(m.annotations); break;
      case 90: m.logPath = r.string(); break;
      case 96: m.stdin = r.bool(); break;
      case 104: m.stdinOnce = r.bool(); break;
      case 112: m.tty = r.bool(); break;
      case 122: m.linux = r.message(readLinuxContainerConfig, m.linux); break;
      case 130: m.windows = r.message(readWindowsContainerConfig, m.windows); break;
      case 138: m.cdiDevices = r.append(m.cdiDevices, r.message(readCDIDevice, null)); break;
      case 144: m.stopSignal = r.int32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerConfig(): Draft<types.ContainerConfig> {
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
function writeContainerConfig(w: WireWriter, m: types.ContainerConfigInit): void {
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

/** Codec of `runtime.v1.Mount`. */
export const Mount: Codec<types.Mount, types.MountInit> = makeCodec({
  table: { name: 'runtime.v1.Mount', fields: fieldsOfMount },
  read: readMount,
  write: writeMount,
});
export type Mount = types.Mount;
export type MountInit = types.MountInit;
function readMount(r: WireReader, m: Draft<types.Mount> = newMount()): types.Mount {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerPath = r.string(); break;
      case 18: m.hostPath = r.string(); break;
      case 24: m.readonly = r.bool(); break;
      case 32: m.selinuxRelabel = r.bool(); break;
      case 40: m.propagation = r.int32(); break;
      case 50: m.uidMappings = r.append(m.uidMappings, r.message(readIDMapping, null)); break;
      case 58: m.gidMappings = r.append(m.gidMappings, r.message(readIDMapping, null)); break;
      case 64: m.recursiveReadOnly = r.bool(); break;
      case 74: m.image = r.message(readImageSpec, m.image); break;
      case 82: m.imageSubPath = r.string(); break;
      case 90: m.mountOptions = r.append(m.mountOptions, r.string()); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newMount(): Draft<types.Mount> {
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
function writeMount(w: WireWriter, m: types.MountInit): void {
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

/** Codec of `runtime.v1.Device`. */
export const Device: Codec<types.Device, types.DeviceInit> = makeCodec({
  table: { name: 'runtime.v1.Device', fields: fieldsOfDevice },
  read: readDevice,
  write: writeDevice,
});
export type Device = types.Device;
export type DeviceInit = types.DeviceInit;
function readDevice(r: WireReader, m: Draft<types.Device> = newDevice()): types.Device {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerPath = r.string(); break;
      case 18: m.hostPath = r.string(); break;
      case 26: m.permissions = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newDevice(): Draft<types.Device> {
  return {
    containerPath: '',
    hostPath: '',
    permissions: '',
  };
}
function writeDevice(w: WireWriter, m: types.DeviceInit): void {
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

/** Codec of `runtime.v1.CDIDevice`. */
export const CDIDevice: Codec<types.CDIDevice, types.CDIDeviceInit> = makeCodec({
  table: { name: 'runtime.v1.CDIDevice', fields: fieldsOfCDIDevice },
  read: readCDIDevice,
  write: writeCDIDevice,
});
export type CDIDevice = types.CDIDevice;
export type CDIDeviceInit = types.CDIDeviceInit;
function readCDIDevice(r: WireReader, m: Draft<types.CDIDevice> = newCDIDevice()): types.CDIDevice {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.name = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newCDIDevice(): Draft<types.CDIDevice> {
  return {
    name: '',
  };
}
function writeCDIDevice(w: WireWriter, m: types.CDIDeviceInit): void {
  w.string(10, m.name);
}
function fieldsOfCDIDevice(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
  ];
}

/** Codec of `runtime.v1.LinuxContainerConfig`. */
export const LinuxContainerConfig: Codec<types.LinuxContainerConfig, types.LinuxContainerConfigInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxContainerConfig', fields: fieldsOfLinuxContainerConfig },
  read: readLinuxContainerConfig,
  write: writeLinuxContainerConfig,
});
export type LinuxContainerConfig = types.LinuxContainerConfig;
export type LinuxContainerConfigInit = types.LinuxContainerConfigInit;
function readLinuxContainerConfig(r: WireReader, m: Draft<types.LinuxContainerConfig> = newLinuxContainerConfig()): types.LinuxContainerConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.resources = r.message(readLinuxContainerResources, m.resources); break;
      case 18: m.securityContext = r.message(readLinuxContainerSecurityContext, m.securityContext); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newLinuxContainerConfig(): Draft<types.LinuxContainerConfig> {
  return {
    resources: null,
    securityContext: null,
  };
}
function writeLinuxContainerConfig(w: WireWriter, m: types.LinuxContainerConfigInit): void {
  w.message(10, m.resources, writeLinuxContainerResources);
  w.message(18, m.securityContext, writeLinuxContainerSecurityContext);
}
function fieldsOfLinuxContainerConfig(): readonly FieldTable[] {
  return [
    one('resources', 'resources', { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources }),
    one('securityContext', 'security_context', { name: 'runtime.v1.LinuxContainerSecurityContext', fields: fieldsOfLinuxContainerSecurityContext }),
  ];
}

/** Codec of `runtime.v1.LinuxContainerSecurityContext`. */
export const LinuxContainerSecurityContext: Codec<types.LinuxContainerSecurityContext, types.LinuxContainerSecurityContextInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxContainerSecurityContext', fields: fieldsOfLinuxContainerSecurityContext },
  read: readLinuxContainerSecurityContext,
  write: writeLinuxContainerSecurityContext,
});
export type LinuxContainerSecurityContext = types.LinuxContainerSecurityContext;
export type LinuxContainerSecurityContextInit = types.LinuxContainerSecurityContextInit;
function readLinuxContainerSecurityContext(r: WireReader, m: Draft<types.LinuxContainerSecurityContext> = newLinuxContainerSecurityContext()): types.LinuxContainerSecurityContext {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.capabilities = r.message(readCapability, m.capabilities); break;
      case 16: m.privileged = r.bool(); break;
      case 26: m.namespaceOptions = r.message(readNamespaceOption, m.namespaceOptions); break;
      case 34: m.selinuxOptions = r.message(readSELinuxOption, m.selinuxOptions); break;
      case 42: m.runAsUser = r.message(readInt64Value, m.runAsUser); break;
      case 50: m.runAsUsername = r.string(); break;
      case 56: m.readonlyRootfs = r.bool(); break;
      case 66: m.supplementalGroups = r.packed(m.supplementalGroups, (packed) => packed.int64()); break;
      case 64: m.supplementalGroups = r.append(m.supplementalGroups, r.int64()); break;
      case 74: m.apparmorProfile = r.string(); break;
      case 82: m.seccompProfilePath = r.string(); break;
      case 88: m.noNewPrivs = r.bool(); break;
      case 98: m.runAsGroup = r.message(readInt64Value, m.runAsGroup); break;
      case 106: m.maskedPaths = r.append(m.maskedPaths, r.string()); break;
      case 114: m.readonlyPaths = r.append(m.readonlyPaths, r.string()); break;
      case 122: m.seccomp = r.message(readSecurityProfile, m.seccomp); break;
      case 130: m.apparmor = r.message(readSecurityProfile, m.apparmor); break;
      case 136: m.supplementalGroupsPolicy = r.int32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newLinuxContainerSecurityContext(): Draft<types.LinuxContainerSecurityContext> {
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
function writeLinuxContainerSecurityContext(w: WireWriter, m: types.LinuxContainerSecurityContextInit): void {
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

/** Codec of `runtime.v1.Capability`. */
export const Capability: Codec<types.Capability, types.CapabilityInit> = makeCodec({
  table: { name: 'runtime.v1.Capability', fields: fieldsOfCapability },
  read: readCapability,
  write: writeCapability,
});
export type Capability = types.Capability;
export type CapabilityInit = types.CapabilityInit;
function readCapability(r: WireReader, m: Draft<types.Capability> = newCapability()): types.Capability {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.addCapabilities = r.append(m.addCapabilities, r.string()); break;
      case 18: m.dropCapabilities = r.append(m.dropCapabilities, r.string()); break;
      case 26: m.addAmbientCapabilities = r.append(m.addAmbientCapabilities, r.string()); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newCapability(): Draft<types.Capability> {
  return {
    addCapabilities: emptyList,
    dropCapabilities: emptyList,
    addAmbientCapabilities: emptyList,
  };
}
function writeCapability(w: WireWriter, m: types.CapabilityInit): void {
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

/** Codec of `runtime.v1.Container`. */
export const Container: Codec<types.Container, types.ContainerInit> = makeCodec({
  table: { name: 'runtime.v1.Container', fields: fieldsOfContainer },
  read: readContainer,
  write: writeContainer,
});
export type Container = types.Container;
export type ContainerInit = types.ContainerInit;
function readContainer(r: WireReader, m: Draft<types.Container> = newContainer()): types.Container {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.podSandboxId = r.string(); break;
      case 26: m.metadata = r.message(readContainerMetadata, m.metadata); break;
      case 34: m.image = r.message(readImageSpec, m.image); break;
      case 42: m.imageRef = r.string(); break;
      case 48: m.state = r.int32(); break;
      case 56: m.createdAt = r.int64(); break;
      case 66: m.labels = r.entry(m.labels); break;
      case 74: m.annotations = r.entry(m.annotations); break;
      case 82: m.imageId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainer(): Draft<types.Container> {
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
function writeContainer(w: WireWriter, m: types.ContainerInit): void {
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

/** Codec of `runtime.v1.ContainerStatus`. */
export const ContainerStatus: Codec<types.ContainerStatus, types.ContainerStatusInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatus', fields: fieldsOfContainerStatus },
  read: readContainerStatus,
  write: writeContainerStatus,
});
export type ContainerStatus = types.ContainerStatus;
export type ContainerStatusInit = types.ContainerStatusInit;
function readContainerStatus(r: WireReader, m: Draft<types.ContainerStatus> = newContainerStatus()): types.ContainerStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.metadata = r.message(readContainerMetadata, m.metadata); break;
      case 24: m.state = r.int32(); break;
      case 32: m.createdAt = r.int64(); break;
      case 40: m.startedAt = r.int64(); break;
      case 48: m.finishedAt = r.int64(); break;
      case 56: m.exitCode = r.int32(); break;
      case 66: m.image = r.message(readImageSpec, m.image); break;
      case 74: m.imageRef = r.string(); break;
      case 82: m.reason = r.string(); break;
      case 90: m.message = r.string(); break;
      case 98: m.labels = r.entry(m.labels); break;
      case 106: m.annotations = r.entry(m.annotations); break;
      case 114: m.mounts = r.append(m.mounts, r.message(readMount, null)); break;
      case 122: m.logPath = r.string(); break;
      case 130: m.resources = r.message(readContainerResources, m.resources); break;
      case 138: m.imageId = r.string(); break;
      case 146: m.user = r.message(readContainerUser, m.user); break;
      case 152: m.stopSignal = r.int32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerStatus(): Draft<types.ContainerStatus> {
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
function writeContainerStatus(w: WireWriter, m: types.ContainerStatusInit): void {
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

/** Codec of `runtime.v1.ContainerResources`. */
export const ContainerResources: Codec<types.ContainerResources, types.ContainerResourcesInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerResources', fields: fieldsOfContainerResources },
  read: readContainerResources,
  write: writeContainerResources,
});
export type ContainerResources = types.ContainerResources;
export type ContainerResourcesInit = types.ContainerResourcesInit;
function readContainerResources(r: WireReader, m: Draft<types.ContainerResources> = newContainerResources()): types.ContainerResources {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.linux = r.message(readLinuxContainerResources, m.linux); break;
      case 18: m.windows = r.message(readWindowsContainerResources, m.windows); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerResources(): Draft<types.ContainerResources> {
  return {
    linux: null,
    windows: null,
  };
}
function writeContainerResources(w: WireWriter, m: types.ContainerResourcesInit): void {
  w.message(10, m.linux, writeLinuxContainerResources);
  w.message(18, m.windows, writeWindowsContainerResources);
}
function fieldsOfContainerResources(): readonly FieldTable[] {
  return [
    one('linux', 'linux', { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources }),
    one('windows', 'windows', { name: 'runtime.v1.WindowsContainerResources', fields: fieldsOfWindowsContainerResources }),
  ];
}

/** Codec of `runtime.v1.ContainerUser`. */
export const ContainerUser: Codec<types.ContainerUser, types.ContainerUserInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerUser', fields: fieldsOfContainerUser },
  read: readContainerUser,
  write: writeContainerUser,
});
export type ContainerUser = types.ContainerUser;
export type ContainerUserInit = types.ContainerUserInit;
function readContainerUser(r: WireReader, m: Draft<types.ContainerUser> = newContainerUser()): types.ContainerUser {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.linux = r.message(readLinuxContainerUser, m.linux); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerUser(): Draft<types.ContainerUser> {
  return {
    linux: null,
  };
}
function writeContainerUser(w: WireWriter, m: types.ContainerUserInit): void {
  w.message(10, m.linux, writeLinuxContainerUser);
}
function fieldsOfContainerUser(): readonly FieldTable[] {
  return [
    one('linux', 'linux', { name: 'runtime.v1.LinuxContainerUser', fields: fieldsOfLinuxContainerUser }),
  ];
}

/** Codec of `runtime.v1.LinuxContainerUser`. */
export const LinuxContainerUser: Codec<types.LinuxContainerUser, types.LinuxContainerUserInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxContainerUser', fields: fieldsOfLinuxContainerUser },
  read: readLinuxContainerUser,
  write: writeLinuxContainerUser,
});
export type LinuxContainerUser = types.LinuxContainerUser;
export type LinuxContainerUserInit = types.LinuxContainerUserInit;
function readLinuxContainerUser(r: WireReader, m: Draft<types.LinuxContainerUser> = newLinuxContainerUser()): types.LinuxContainerUser {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.uid = r.int64(); break;
      case 16: m.gid = r.int64(); break;
      case 26: m.supplementalGroups = r.packed(m.supplementalGroups, (packed) => packed.int64()); break;
      case 24: m.supplementalGroups = r.append(m.supplementalGroups, r.int64()); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newLinuxContainerUser(): Draft<types.LinuxContainerUser> {
  return {
    uid: 0n,
    gid: 0n,
    supplementalGroups: emptyList,
  };
}
function writeLinuxContainerUser(w: WireWriter, m: types.LinuxContainerUserInit): void {
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

/** Codec of `runtime.v1.CreateContainerRequest`. */
export const CreateContainerRequest: Codec<types.CreateContainerRequest, types.CreateContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.CreateContainerRequest', fields: fieldsOfCreateContainerRequest },
  read: readCreateContainerRequest,
  write: writeCreateContainerRequest,
});
export type CreateContainerRequest = types.CreateContainerRequest;
export type CreateContainerRequestInit = types.CreateContainerRequestInit;
function readCreateContainerRequest(r: WireReader, m: Draft<types.CreateContainerRequest> = newCreateContainerRequest()): types.CreateContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      case 18: m.config = r.message(readContainerConfig, m.config); break;
      case 26: m.sandboxConfig = r.message(readPodSandboxConfig, m.sandboxConfig); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newCreateContainerRequest(): Draft<types.CreateContainerRequest> {
  return {
    podSandboxId: '',
    config: null,
    sandboxConfig: null,
  };
}
function writeCreateContainerRequest(w: WireWriter, m: types.CreateContainerRequestInit): void {
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

/** Codec of `runtime.v1.CreateContainerResponse`. */
export const CreateContainerResponse: Codec<types.CreateContainerResponse, types.CreateContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.CreateContainerResponse', fields: fieldsOfCreateContainerResponse },
  read: readCreateContainerResponse,
  write: writeCreateContainerResponse,
});
export type CreateContainerResponse = types.CreateContainerResponse;
export type CreateContainerResponseInit = types.CreateContainerResponseInit;
function readCreateContainerResponse(r: WireReader, m: Draft<types.CreateContainerResponse> = newCreateContainerResponse()): types.CreateContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newCreateContainerResponse(): Draft<types.CreateContainerResponse> {
  return {
    containerId: '',
  };
}
function writeCreateContainerResponse(w: WireWriter, m: types.CreateContainerResponseInit): void {
  w.string(10, m.containerId);
}
function fieldsOfCreateContainerResponse(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

/** Codec of `runtime.v1.StartContainerRequest`. */
export const StartContainerRequest: Codec<types.StartContainerRequest, types.StartContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StartContainerRequest', fields: fieldsOfStartContainerRequest },
  read: readStartContainerRequest,
  write: writeStartContainerRequest,
});
export type StartContainerRequest = types.StartContainerRequest;
export type StartContainerRequestInit = types.StartContainerRequestInit;
function readStartContainerRequest(r: WireReader, m: Draft<types.StartContainerRequest> = newStartContainerRequest()): types.StartContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStartContainerRequest(): Draft<types.StartContainerRequest> {
  return {
    containerId: '',
  };
}
function writeStartContainerRequest(w: WireWriter, m: types.StartContainerRequestInit): void {
  w.string(10, m.containerId);
}
function fieldsOfStartContainerRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

/** Codec of `runtime.v1.StartContainerResponse`. */
export const StartContainerResponse: Codec<types.StartContainerResponse, types.StartContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StartContainerResponse', fields: fieldsOfStartContainerResponse },
  read: readStartContainerResponse,
  write: writeStartContainerResponse,
});
export type StartContainerResponse = types.StartContainerResponse;
export type StartContainerResponseInit = types.StartContainerResponseInit;
function readStartContainerResponse(r: WireReader, m: Draft<types.StartContainerResponse> = {}): types.StartContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeStartContainerResponse(): void {}
function fieldsOfStartContainerResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.StopContainerRequest`. */
export const StopContainerRequest: Codec<types.StopContainerRequest, types.StopContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StopContainerRequest', fields: fieldsOfStopContainerRequest },
  read: readStopContainerRequest,
  write: writeStopContainerRequest,
});
export type StopContainerRequest = types.StopContainerRequest;
export type StopContainerRequestInit = types.StopContainerRequestInit;
function readStopContainerRequest(r: WireReader, m: Draft<types.StopContainerRequest> = newStopContainerRequest()): types.StopContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      case 16: m.timeout = r.int64(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStopContainerRequest(): Draft<types.StopContainerRequest> {
  return {
    containerId: '',
    timeout: 0n,
  };
}
function writeStopContainerRequest(w: WireWriter, m: types.StopContainerRequestInit): void {
  w.string(10, m.containerId);
  w.int64(16, m.timeout);
}
function fieldsOfStopContainerRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    one('timeout', 'timeout', 'int64'),
  ];
}

/** Codec of `runtime.v1.StopContainerResponse`. */
export const StopContainerResponse: Codec<types.StopContainerResponse, types.StopContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StopContainerResponse', fields: fieldsOfStopContainerResponse },
  read: readStopContainerResponse,
  write: writeStopContainerResponse,
});
export type StopContainerResponse = types.StopContainerResponse;
export type StopContainerResponseInit = types.StopContainerResponseInit;
function readStopContainerResponse(r: WireReader, m: Draft<types.StopContainerResponse> = {}): types.StopContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeStopContainerResponse(): void {}
function fieldsOfStopContainerResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.RemoveContainerRequest`. */
export const RemoveContainerRequest: Codec<types.RemoveContainerRequest, types.RemoveContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RemoveContainerRequest', fields: fieldsOfRemoveContainerRequest },
  read: readRemoveContainerRequest,
  write: writeRemoveContainerRequest,
});
export type RemoveContainerRequest = types.RemoveContainerRequest;
export type RemoveContainerRequestInit = types.RemoveContainerRequestInit;
function readRemoveContainerRequest(r: WireReader, m: Draft<types.RemoveContainerRequest> = newRemoveContainerRequest()): types.RemoveContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRemoveContainerRequest(): Draft<types.RemoveContainerRequest> {
  return {
    containerId: '',
  };
}
function writeRemoveContainerRequest(w: WireWriter, m: types.RemoveContainerRequestInit): void {
  w.string(10, m.containerId);
}
function fieldsOfRemoveContainerRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

/** Codec of `runtime.v1.RemoveContainerResponse`. */
export const RemoveContainerResponse: Codec<types.RemoveContainerResponse, types.RemoveContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RemoveContainerResponse', fields: fieldsOfRemoveContainerResponse },
  read: readRemoveContainerResponse,
  write: writeRemoveContainerResponse,
});
export type RemoveContainerResponse = types.RemoveContainerResponse;
export type RemoveContainerResponseInit = types.RemoveContainerResponseInit;
function readRemoveContainerResponse(r: WireReader, m: Draft<types.RemoveContainerResponse> = {}): types.RemoveContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeRemoveContainerResponse(): void {}
function fieldsOfRemoveContainerResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.ContainerStateValue`. */
export const ContainerStateValue: Codec<types.ContainerStateValue, types.ContainerStateValueInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStateValue', fields: fieldsOfContainerStateValue },
  read: readContainerStateValue,
  write: writeContainerStateValue,
});
export type ContainerStateValue = types.ContainerStateValue;
export type ContainerStateValueInit = types.ContainerStateValueInit;
function readContainerStateValue(r: WireReader, m: Draft<types.ContainerStateValue> = newContainerStateValue()): types.ContainerStateValue {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.state = r.int32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerStateValue(): Draft<types.ContainerStateValue> {
  return {
    state: 0,
  };
}
function writeContainerStateValue(w: WireWriter, m: types.ContainerStateValueInit): void {
  w.int32(8, m.state);
}
function fieldsOfContainerStateValue(): readonly FieldTable[] {
  return [
    one('state', 'state', 'enum'),
  ];
}

/** Codec of `runtime.v1.ContainerFilter`. */
export const ContainerFilter: Codec<types.ContainerFilter, types.ContainerFilterInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerFilter', fields: fieldsOfContainerFilter },
  read: readContainerFilter,
  write: writeContainerFilter,
});
export type ContainerFilter = types.ContainerFilter;
export type ContainerFilterInit = types.ContainerFilterInit;
function readContainerFilter(r: WireReader, m: Draft<types.ContainerFilter> = newContainerFilter()): types.ContainerFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.state = r.message(readContainerStateValue, m.state); break;
      case 26: m.podSandboxId = r.string(); break;
      case 34: m.labelSelector = r.entry(m.labelSelector); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerFilter(): Draft<types.ContainerFilter> {
  return {
    id: '',
    state: null,
    podSandboxId: '',
    labelSelector: emptyMap,
  };
}
function writeContainerFilter(w: WireWriter, m: types.ContainerFilterInit): void {
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

/** Codec of `runtime.v1.ListContainersRequest`. */
export const ListContainersRequest: Codec<types.ListContainersRequest, types.ListContainersRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListContainersRequest', fields: fieldsOfListContainersRequest },
  read: readListContainersRequest,
  write: writeListContainersRequest,
});
export type ListContainersRequest = types.ListContainersRequest;
export type ListContainersRequestInit = types.ListContainersRequestInit;
function readListContainersRequest(r: WireReader, m: Draft<types.ListContainersRequest> = newListContainersRequest()): types.ListContainersRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readContainerFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListContainersRequest(): Draft<types.ListContainersRequest> {
  return {
    filter: null,
  };
}
function writeListContainersRequest(w: WireWriter, m: types.ListContainersRequestInit): void {
  w.message(10, m.filter, writeContainerFilter);
}
function fieldsOfListContainersRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ContainerFilter', fields: fieldsOfContainerFilter }),
  ];
}

/** Codec of `runtime.v1.ListContainersResponse`. */
export const ListContainersResponse: Codec<types.ListContainersResponse, types.ListContainersResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListContainersResponse', fields: fieldsOfListContainersResponse },
  read: readListContainersResponse,
  write: writeListContainersResponse,
});
export type ListContainersResponse = types.ListContainersResponse;
export type ListContainersResponseInit = types.ListContainersResponseInit;
function readListContainersResponse(r: WireReader, m: Draft<types.ListContainersResponse> = newListContainersResponse()): types.ListContainersResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containers = r.append(m.containers, r.message(readContainer, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListContainersResponse(): Draft<types.ListContainersResponse> {
  return {
    containers: emptyList,
  };
}
function writeListContainersResponse(w: WireWriter, m: types.ListContainersResponseInit): void {
  w.messages(10, m.containers, writeContainer);
}
function fieldsOfListContainersResponse(): readonly FieldTable[] {
  return [
    list('containers', 'containers', { name: 'runtime.v1.Container', fields: fieldsOfContainer }),
  ];
}

/** Codec of `runtime.v1.StreamContainersRequest`. */
export const StreamContainersRequest: Codec<types.StreamContainersRequest, types.StreamContainersRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamContainersRequest', fields: fieldsOfStreamContainersRequest },
  read: readStreamContainersRequest,
  write: writeStreamContainersRequest,
});
export type StreamContainersRequest = types.StreamContainersRequest;
export type StreamContainersRequestInit = types.StreamContainersRequestInit;
function readStreamContainersRequest(r: WireReader, m: Draft<types.StreamContainersRequest> = newStreamContainersRequest()): types.StreamContainersRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readContainerFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamContainersRequest(): Draft<types.StreamContainersRequest> {
  return {
    filter: null,
  };
}
function writeStreamContainersRequest(w: WireWriter, m: types.StreamContainersRequestInit): void {
  w.message(10, m.filter, writeContainerFilter);
}
function fieldsOfStreamContainersRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ContainerFilter', fields: fieldsOfContainerFilter }),
  ];
}

/** Codec of `runtime.v1.StreamContainersResponse`. */
export const StreamContainersResponse: Codec<types.StreamContainersResponse, types.StreamContainersResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamContainersResponse', fields: fieldsOfStreamContainersResponse },
  read: readStreamContainersResponse,
  write: writeStreamContainersResponse,
});
export type StreamContainersResponse = types.StreamContainersResponse;
export type StreamContainersResponseInit = types.StreamContainersResponseInit;
function readStreamContainersResponse(r: WireReader, m: Draft<types.StreamContainersResponse> = newStreamContainersResponse()): types.StreamContainersResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containers = r.append(m.containers, r.message(readContainer, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamContainersResponse(): Draft<types.StreamContainersResponse> {
  return {
    containers: emptyList,
  };
}
function writeStreamContainersResponse(w: WireWriter, m: types.StreamContainersResponseInit): void {
  w.messages(10, m.containers, writeContainer);
}
function fieldsOfStreamContainersResponse(): readonly FieldTable[] {
  return [
    list('containers', 'containers', { name: 'runtime.v1.Container', fields: fieldsOfContainer }),
  ];
}

/** Codec of `runtime.v1.ContainerStatusRequest`. */
export const ContainerStatusRequest: Codec<types.ContainerStatusRequest, types.ContainerStatusRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatusRequest', fields: fieldsOfContainerStatusRequest },
  read: readContainerStatusRequest,
  write: writeContainerStatusRequest,
});
export type ContainerStatusRequest = types.ContainerStatusRequest;
export type ContainerStatusRequestInit = types.ContainerStatusRequestInit;
function readContainerStatusRequest(r: WireReader, m: Draft<types.ContainerStatusRequest> = newContainerStatusRequest()): types.ContainerStatusRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      case 16: m.verbose = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerStatusRequest(): Draft<types.ContainerStatusRequest> {
  return {
    containerId: '',
    verbose: false,
  };
}
function writeContainerStatusRequest(w: WireWriter, m: types.ContainerStatusRequestInit): void {
  w.string(10, m.containerId);
  w.bool(16, m.verbose);
}
function fieldsOfContainerStatusRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    one('verbose', 'verbose', 'bool'),
  ];
}

/** Codec of `runtime.v1.ContainerStatusResponse`. */
export const ContainerStatusResponse: Codec<types.ContainerStatusResponse, types.ContainerStatusResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatusResponse', fields: fieldsOfContainerStatusResponse },
  read: readContainerStatusResponse,
  write: writeContainerStatusResponse,
});
export type ContainerStatusResponse = types.ContainerStatusResponse;
export type ContainerStatusResponseInit = types.ContainerStatusResponseInit;
function readContainerStatusResponse(r: WireReader, m: Draft<types.ContainerStatusResponse> = newContainerStatusResponse()): types.ContainerStatusResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.status = r.message(readContainerStatus, m.status); break;
      case 18: m.info = r.entry(m.info); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerStatusResponse(): Draft<types.ContainerStatusResponse> {
  return {
    status: null,
    info: emptyMap,
  };
}
function writeContainerStatusResponse(w: WireWriter, m: types.ContainerStatusResponseInit): void {
  w.message(10, m.status, writeContainerStatus);
  w.map(18, m.info);
}
function fieldsOfContainerStatusResponse(): readonly FieldTable[] {
  return [
    one('status', 'status', { name: 'runtime.v1.ContainerStatus', fields: fieldsOfContainerStatus }),
    map('info', 'info'),
  ];
}

/** Codec of `runtime.v1.UpdateContainerResourcesRequest`. */
export const UpdateContainerResourcesRequest: Codec<types.UpdateContainerResourcesRequest, types.UpdateContainerResourcesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.UpdateContainerResourcesRequest', fields: fieldsOfUpdateContainerResourcesRequest },
  read: readUpdateContainerResourcesRequest,
  write: writeUpdateContainerResourcesRequest,
});
export type UpdateContainerResourcesRequest = types.UpdateContainerResourcesRequest;
export type UpdateContainerResourcesRequestInit = types.UpdateContainerResourcesRequestInit;
function readUpdateContainerResourcesRequest(r: WireReader, m: Draft<types.UpdateContainerResourcesRequest> = newUpdateContainerResourcesRequest()): types.UpdateContainerResourcesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      case 18: m.linux = r.message(readLinuxContainerResources, m.linux); break;
      case 26: m.windows = r.message(readWindowsContainerResources, m.windows); break;
      case 34: m.annotations = r.entry(m.annotations); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newUpdateContainerResourcesRequest(): Draft<types.UpdateContainerResourcesRequest> {
  return {
    containerId: '',
    linux: null,
    windows: null,
    annotations: emptyMap,
  };
}
function writeUpdateContainerResourcesRequest(w: WireWriter, m: types.UpdateContainerResourcesRequestInit): void {
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

/** Codec of `runtime.v1.UpdateContainerResourcesResponse`. */
export const UpdateContainerResourcesResponse: Codec<types.UpdateContainerResourcesResponse, types.UpdateContainerResourcesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.UpdateContainerResourcesResponse', fields: fieldsOfUpdateContainerResourcesResponse },
  read: readUpdateContainerResourcesResponse,
  write: writeUpdateContainerResourcesResponse,
});
export type UpdateContainerResourcesResponse = types.UpdateContainerResourcesResponse;
export type UpdateContainerResourcesResponseInit = types.UpdateContainerResourcesResponseInit;
function readUpdateContainerResourcesResponse(r: WireReader, m: Draft<types.UpdateContainerResourcesResponse> = {}): types.UpdateContainerResourcesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeUpdateContainerResourcesResponse(): void {}
function fieldsOfUpdateContainerResourcesResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.ReopenContainerLogRequest`. */
export const ReopenContainerLogRequest: Codec<types.ReopenContainerLogRequest, types.ReopenContainerLogRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ReopenContainerLogRequest', fields: fieldsOfReopenContainerLogRequest },
  read: readReopenContainerLogRequest,
  write: writeReopenContainerLogRequest,
});
export type ReopenContainerLogRequest = types.ReopenContainerLogRequest;
export type ReopenContainerLogRequestInit = types.ReopenContainerLogRequestInit;
function readReopenContainerLogRequest(r: WireReader, m: Draft<types.ReopenContainerLogRequest> = newReopenContainerLogRequest()): types.ReopenContainerLogRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newReopenContainerLogRequest(): Draft<types.ReopenContainerLogRequest> {
  return {
    containerId: '',
  };
}
function writeReopenContainerLogRequest(w: WireWriter, m: types.ReopenContainerLogRequestInit): void {
  w.string(10, m.containerId);
}
function fieldsOfReopenContainerLogRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

/** Codec of `runtime.v1.ReopenContainerLogResponse`. */
export const ReopenContainerLogResponse: Codec<types.ReopenContainerLogResponse, types.ReopenContainerLogResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ReopenContainerLogResponse', fields: fieldsOfReopenContainerLogResponse },
  read: readReopenContainerLogResponse,
  write: writeReopenContainerLogResponse,
});
export type ReopenContainerLogResponse = types.ReopenContainerLogResponse;
export type ReopenContainerLogResponseInit = types.ReopenContainerLogResponseInit;
function readReopenContainerLogResponse(r: WireReader, m: Draft<types.ReopenContainerLogResponse> = {}): types.ReopenContainerLogResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeReopenContainerLogResponse(): void {}
function fieldsOfReopenContainerLogResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.ExecSyncRequest`. */
export const ExecSyncRequest: Codec<types.ExecSyncRequest, types.ExecSyncRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ExecSyncRequest', fields: fieldsOfExecSyncRequest },
  read: readExecSyncRequest,
  write: writeExecSyncRequest,
});
export type ExecSyncRequest = types.ExecSyncRequest;
export type ExecSyncRequestInit = types.ExecSyncRequestInit;
function readExecSyncRequest(r: WireReader, m: Draft<types.ExecSyncRequest> = newExecSyncRequest()): types.ExecSyncRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      case 18: m.cmd = r.append(m.cmd, r.string()); break;
      case 24: m.timeout = r.int64(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newExecSyncRequest(): Draft<types.ExecSyncRequest> {
  return {
    containerId: '',
    cmd: emptyList,
    timeout: 0n,
  };
}
function writeExecSyncRequest(w: WireWriter, m: types.ExecSyncRequestInit): void {
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

/** Codec of `runtime.v1.ExecSyncResponse`. */
export const ExecSyncResponse: Codec<types.ExecSyncResponse, types.ExecSyncResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ExecSyncResponse', fields: fieldsOfExecSyncResponse },
  read: readExecSyncResponse,
  write: writeExecSyncResponse,
});
export type ExecSyncResponse = types.ExecSyncResponse;
export type ExecSyncResponseInit = types.ExecSyncResponseInit;
function readExecSyncResponse(r: WireReader, m: Draft<types.ExecSyncResponse> = newExecSyncResponse()): types.ExecSyncResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.stdout = r.bytes(); break;
      case 18: m.stderr = r.bytes(); break;
      case 24: m.exitCode = r.int32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newExecSyncResponse(): Draft<types.ExecSyncResponse> {
  return {
    stdout: emptyBytes,
    stderr: emptyBytes,
    exitCode: 0,
  };
}
function writeExecSyncResponse(w: WireWriter, m: types.ExecSyncResponseInit): void {
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

/** Codec of `runtime.v1.ExecRequest`. */
export const ExecRequest: Codec<types.ExecRequest, types.ExecRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ExecRequest', fields: fieldsOfExecRequest },
  read: readExecRequest,
  write: writeExecRequest,
});
export type ExecRequest = types.ExecRequest;
export type ExecRequestInit = types.ExecRequestInit;
function readExecRequest(r: WireReader, m: Draft<types.ExecRequest> = newExecRequest()): types.ExecRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      case 18: m.cmd = r.append(m.cmd, r.string()); break;
      case 24: m.tty = r.bool(); break;
      case 32: m.stdin = r.bool(); break;
      case 40: m.stdout = r.bool(); break;
      case 48: m.stderr = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newExecRequest(): Draft<types.ExecRequest> {
  return {
    containerId: '',
    cmd: emptyList,
    tty: false,
    stdin: false,
    stdout: false,
    stderr: false,
  };
}
function writeExecRequest(w: WireWriter, m: types.ExecRequestInit): void {
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

/** Codec of `runtime.v1.ExecResponse`. */
export const ExecResponse: Codec<types.ExecResponse, types.ExecResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ExecResponse', fields: fieldsOfExecResponse },
  read: readExecResponse,
  write: writeExecResponse,
});
export type ExecResponse = types.ExecResponse;
export type ExecResponseInit = types.ExecResponseInit;
function readExecResponse(r: WireReader, m: Draft<types.ExecResponse> = newExecResponse()): types.ExecResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.url = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newExecResponse(): Draft<types.ExecResponse> {
  return {
    url: '',
  };
}
function writeExecResponse(w: WireWriter, m: types.ExecResponseInit): void {
  w.string(10, m.url);
}
function fieldsOfExecResponse(): readonly FieldTable[] {
  return [
    one('url', 'url', 'string'),
  ];
}

/** Codec of `runtime.v1.AttachRequest`. */
export const AttachRequest: Codec<types.AttachRequest, types.AttachRequestInit> = makeCodec({
  table: { name: 'runtime.v1.AttachRequest', fields: fieldsOfAttachRequest },
  read: readAttachRequest,
  write: writeAttachRequest,
});
export type AttachRequest = types.AttachRequest;
export type AttachRequestInit = types.AttachRequestInit;
function readAttachRequest(r: WireReader, m: Draft<types.AttachRequest> = newAttachRequest()): types.AttachRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      case 16: m.stdin = r.bool(); break;
      case 24: m.tty = r.bool(); break;
      case 32: m.stdout = r.bool(); break;
      case 40: m.stderr = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newAttachRequest(): Draft<types.AttachRequest> {
  return {
    containerId: '',
    stdin: false,
    tty: false,
    stdout: false,
    stderr: false,
  };
}
function writeAttachRequest(w: WireWriter, m: types.AttachRequestInit): void {
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

/** Codec of `runtime.v1.AttachResponse`. */
export const AttachResponse: Codec<types.AttachResponse, types.AttachResponseInit> = makeCodec({
  table: { name: 'runtime.v1.AttachResponse', fields: fieldsOfAttachResponse },
  read: readAttachResponse,
  write: writeAttachResponse,
});
export type AttachResponse = types.AttachResponse;
export type AttachResponseInit = types.AttachResponseInit;
function readAttachResponse(r: WireReader, m: Draft<types.AttachResponse> = newAttachResponse()): types.AttachResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.url = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newAttachResponse(): Draft<types.AttachResponse> {
  return {
    url: '',
  };
}
function writeAttachResponse(w: WireWriter, m: types.AttachResponseInit): void {
  w.string(10, m.url);
}
function fieldsOfAttachResponse(): readonly FieldTable[] {
  return [
    one('url', 'url', 'string'),
  ];
}

/** Codec of `runtime.v1.CheckpointContainerRequest`. */
export const CheckpointContainerRequest: Codec<types.CheckpointContainerRequest, types.CheckpointContainerRequestInit> = makeCodec({
  table: { name: 'runtime.v1.CheckpointContainerRequest', fields: fieldsOfCheckpointContainerRequest },
  read: readCheckpointContainerRequest,
  write: writeCheckpointContainerRequest,
});
export type CheckpointContainerRequest = types.CheckpointContainerRequest;
export type CheckpointContainerRequestInit = types.CheckpointContainerRequestInit;
function readCheckpointContainerRequest(r: WireReader, m: Draft<types.CheckpointContainerRequest> = newCheckpointContainerRequest()): types.CheckpointContainerRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      case 18: m.location = r.string(); break;
      case 24: m.timeout = r.int64(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newCheckpointContainerRequest(): Draft<types.CheckpointContainerRequest> {
  return {
    containerId: '',
    location: '',
    timeout: 0n,
  };
}
function writeCheckpointContainerRequest(w: WireWriter, m: types.CheckpointContainerRequestInit): void {
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

/** Codec of `runtime.v1.CheckpointContainerResponse`. */
export const CheckpointContainerResponse: Codec<types.CheckpointContainerResponse, types.CheckpointContainerResponseInit> = makeCodec({
  table: { name: 'runtime.v1.CheckpointContainerResponse', fields: fieldsOfCheckpointContainerResponse },
  read: readCheckpointContainerResponse,
  write: writeCheckpointContainerResponse,
});
export type CheckpointContainerResponse = types.CheckpointContainerResponse;
export type CheckpointContainerResponseInit = types.CheckpointContainerResponseInit;
function readCheckpointContainerResponse(r: WireReader, m: Draft<types.CheckpointContainerResponse> = {}): types.CheckpointContainerResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeCheckpointContainerResponse(): void {}
function fieldsOfCheckpointContainerResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.Image`. */
export const Image: Codec<types.Image, types.ImageInit> = makeCodec({
  table: { name: 'runtime.v1.Image', fields: fieldsOfImage },
  read: readImage,
  write: writeImage,
});
export type Image = types.Image;
export type ImageInit = types.ImageInit;
function readImage(r: WireReader, m: Draft<types.Image> = newImage()): types.Image {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.repoTags = r.append(m.repoTags, r.string()); break;
      case 26: m.repoDigests = r.append(m.repoDigests, r.string()); break;
      case 32: m.size = r.uint64(); break;
      case 42: m.uid = r.message(readInt64Value, m.uid); break;
      case 50: m.username = r.string(); break;
      case 58: m.spec = r.message(readImageSpec, m.spec); break;
      case 64: m.pinned = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newImage(): Draft<types.Image> {
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
function writeImage(w: WireWriter, m: types.ImageInit): void {
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

/** Codec of `runtime.v1.ImageFilter`. */
export const ImageFilter: Codec<types.ImageFilter, types.ImageFilterInit> = makeCodec({
  table: { name: 'runtime.v1.ImageFilter', fields: fieldsOfImageFilter },
  read: readImageFilter,
  write: writeImageFilter,
});
export type ImageFilter = types.ImageFilter;
export type ImageFilterInit = types.ImageFilterInit;
function readImageFilter(r: WireReader, m: Draft<types.ImageFilter> = newImageFilter()): types.ImageFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.image = r.message(readImageSpec, m.image); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newImageFilter(): Draft<types.ImageFilter> {
  return {
    image: null,
  };
}
function writeImageFilter(w: WireWriter, m: types.ImageFilterInit): void {
  w.message(10, m.image, writeImageSpec);
}
function fieldsOfImageFilter(): readonly FieldTable[] {
  return [
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
  ];
}

/** Codec of `runtime.v1.ListImagesRequest`. */
export const ListImagesRequest: Codec<types.ListImagesRequest, types.ListImagesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListImagesRequest', fields: fieldsOfListImagesRequest },
  read: readListImagesRequest,
  write: writeListImagesRequest,
});
export type ListImagesRequest = types.ListImagesRequest;
export type ListImagesRequestInit = types.ListImagesRequestInit;
function readListImagesRequest(r: WireReader, m: Draft<types.ListImagesRequest> = newListImagesRequest()): types.ListImagesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readImageFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListImagesRequest(): Draft<types.ListImagesRequest> {
  return {
    filter: null,
  };
}
function writeListImagesRequest(w: WireWriter, m: types.ListImagesRequestInit): void {
  w.message(10, m.filter, writeImageFilter);
}
function fieldsOfListImagesRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ImageFilter', fields: fieldsOfImageFilter }),
  ];
}

/** Codec of `runtime.v1.ListImagesResponse`. */
export const ListImagesResponse: Codec<types.ListImagesResponse, types.ListImagesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListImagesResponse', fields: fieldsOfListImagesResponse },
  read: readListImagesResponse,
  write: writeListImagesResponse,
});
export type ListImagesResponse = types.ListImagesResponse;
export type ListImagesResponseInit = types.ListImagesResponseInit;
function readListImagesResponse(r: WireReader, m: Draft<types.ListImagesResponse> = newListImagesResponse()): types.ListImagesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.images = r.append(m.images, r.message(readImage, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListImagesResponse(): Draft<types.ListImagesResponse> {
  return {
    images: emptyList,
  };
}
function writeListImagesResponse(w: WireWriter, m: types.ListImagesResponseInit): void {
  w.messages(10, m.images, writeImage);
}
function fieldsOfListImagesResponse(): readonly FieldTable[] {
  return [
    list('images', 'images', { name: 'runtime.v1.Image', fields: fieldsOfImage }),
  ];
}

/** Codec of `runtime.v1.StreamImagesRequest`. */
export const StreamImagesRequest: Codec<types.StreamImagesRequest, types.StreamImagesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamImagesRequest', fields: fieldsOfStreamImagesRequest },
  read: readStreamImagesRequest,
  write: writeStreamImagesRequest,
});
export type StreamImagesRequest = types.StreamImagesRequest;
export type StreamImagesRequestInit = types.StreamImagesRequestInit;
function readStreamImagesRequest(r: WireReader, m: Draft<types.StreamImagesRequest> = newStreamImagesRequest()): types.StreamImagesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readImageFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamImagesRequest(): Draft<types.StreamImagesRequest> {
  return {
    filter: null,
  };
}
function writeStreamImagesRequest(w: WireWriter, m: types.StreamImagesRequestInit): void {
  w.message(10, m.filter, writeImageFilter);
}
function fieldsOfStreamImagesRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ImageFilter', fields: fieldsOfImageFilter }),
  ];
}

/** Codec of `runtime.v1.StreamImagesResponse`. */
export const StreamImagesResponse: Codec<types.StreamImagesResponse, types.StreamImagesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamImagesResponse', fields: fieldsOfStreamImagesResponse },
  read: readStreamImagesResponse,
  write: writeStreamImagesResponse,
});
export type StreamImagesResponse = types.StreamImagesResponse;
export type StreamImagesResponseInit = types.StreamImagesResponseInit;
function readStreamImagesResponse(r: WireReader, m: Draft<types.StreamImagesResponse> = newStreamImagesResponse()): types.StreamImagesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.images = r.append(m.images, r.message(readImage, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamImagesResponse(): Draft<types.StreamImagesResponse> {
  return {
    images: emptyList,
  };
}
function writeStreamImagesResponse(w: WireWriter, m: types.StreamImagesResponseInit): void {
  w.messages(10, m.images, writeImage);
}
function fieldsOfStreamImagesResponse(): readonly FieldTable[] {
  return [
    list('images', 'images', { name: 'runtime.v1.Image', fields: fieldsOfImage }),
  ];
}

/** Codec of `runtime.v1.ImageStatusRequest`. */
export const ImageStatusRequest: Codec<types.ImageStatusRequest, types.ImageStatusRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ImageStatusRequest', fields: fieldsOfImageStatusRequest },
  read: readImageStatusRequest,
  write: writeImageStatusRequest,
});
export type ImageStatusRequest = types.ImageStatusRequest;
export type ImageStatusRequestInit = types.ImageStatusRequestInit;
function readImageStatusRequest(r: WireReader, m: Draft<types.ImageStatusRequest> = newImageStatusRequest()): types.ImageStatusRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.image = r.message(readImageSpec, m.image); break;
      case 16: m.verbose = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newImageStatusRequest(): Draft<types.ImageStatusRequest> {
  return {
    image: null,
    verbose: false,
  };
}
function writeImageStatusRequest(w: WireWriter, m: types.ImageStatusRequestInit): void {
  w.message(10, m.image, writeImageSpec);
  w.bool(16, m.verbose);
}
function fieldsOfImageStatusRequest(): readonly FieldTable[] {
  return [
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
    one('verbose', 'verbose', 'bool'),
  ];
}

/** Codec of `runtime.v1.ImageStatusResponse`. */
export const ImageStatusResponse: Codec<types.ImageStatusResponse, types.ImageStatusResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ImageStatusResponse', fields: fieldsOfImageStatusResponse },
  read: readImageStatusResponse,
  write: writeImageStatusResponse,
});
export type ImageStatusResponse = types.ImageStatusResponse;
export type ImageStatusResponseInit = types.ImageStatusResponseInit;
function readImageStatusResponse(r: WireReader, m: Draft<types.ImageStatusResponse> = newImageStatusResponse()): types.ImageStatusResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.image = r.message(readImage, m.image); break;
      case 18: m.info = r.entry(m.info); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newImageStatusResponse(): Draft<types.ImageStatusResponse> {
  return {
    image: null,
    info: emptyMap,
  };
}
function writeImageStatusResponse(w: WireWriter, m: types.ImageStatusResponseInit): void {
  w.message(10, m.image, writeImage);
  w.map(18, m.info);
}
function fieldsOfImageStatusResponse(): readonly FieldTable[] {
  return [
    one('image', 'image', { name: 'runtime.v1.Image', fields: fieldsOfImage }),
    map('info', 'info'),
  ];
}

/** Codec of `runtime.v1.AuthConfig`. */
export const AuthConfig: Codec<types.AuthConfig, types.AuthConfigInit> = makeCodec({
  table: { name: 'runtime.v1.AuthConfig', fields: fieldsOfAuthConfig },
  read: readAuthConfig,
  write: writeAuthConfig,
});
export type AuthConfig = types.AuthConfig;
export type AuthConfigInit = types.AuthConfigInit;
function readAuthConfig(r: WireReader, m: Draft<types.AuthConfig> = newAuthConfig()): types.AuthConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.username = r.string(); break;
      case 18: m.password = r.string(); break;
      case 26: m.auth = r.string(); break;
      case 34: m.serverAddress = r.string(); break;
      case 42: m.identityToken = r.string(); break;
      case 50: m.registryToken = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newAuthConfig(): Draft<types.AuthConfig> {
  return {
    username: '',
    password: '',
    auth: '',
    serverAddress: '',
    identityToken: '',
    registryToken: '',
  };
}
function writeAuthConfig(w: WireWriter, m: types.AuthConfigInit): void {
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

/** Codec of `runtime.v1.PullImageRequest`. */
export const PullImageRequest: Codec<types.PullImageRequest, types.PullImageRequestInit> = makeCodec({
  table: { name: 'runtime.v1.PullImageRequest', fields: fieldsOfPullImageRequest },
  read: readPullImageRequest,
  write: writePullImageRequest,
});
export type PullImageRequest = types.PullImageRequest;
export type PullImageRequestInit = types.PullImageRequestInit;
function readPullImageRequest(r: WireReader, m: Draft<types.PullImageRequest> = newPullImageRequest()): types.PullImageRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.image = r.message(readImageSpec, m.image); break;
      case 18: m.auth = r.message(readAuthConfig, m.auth); break;
      case 26: m.sandboxConfig = r.message(readPodSandboxConfig, m.sandboxConfig); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPullImageRequest(): Draft<types.PullImageRequest> {
  return {
    image: null,
    auth: null,
    sandboxConfig: null,
  };
}
function writePullImageRequest(w: WireWriter, m: types.PullImageRequestInit): void {
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

/** Codec of `runtime.v1.PullImageResponse`. */
export const PullImageResponse: Codec<types.PullImageResponse, types.PullImageResponseInit> = makeCodec({
  table: { name: 'runtime.v1.PullImageResponse', fields: fieldsOfPullImageResponse },
  read: readPullImageResponse,
  write: writePullImageResponse,
});
export type PullImageResponse = types.PullImageResponse;
export type PullImageResponseInit = types.PullImageResponseInit;
function readPullImageResponse(r: WireReader, m: Draft<types.PullImageResponse> = newPullImageResponse()): types.PullImageResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.imageRef = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPullImageResponse(): Draft<types.PullImageResponse> {
  return {
    imageRef: '',
  };
}
function writePullImageResponse(w: WireWriter, m: types.PullImageResponseInit): void {
  w.string(10, m.imageRef);
}
function fieldsOfPullImageResponse(): readonly FieldTable[] {
  return [
    one('imageRef', 'image_ref', 'string'),
  ];
}

/** Codec of `runtime.v1.RemoveImageRequest`. */
export const RemoveImageRequest: Codec<types.RemoveImageRequest, types.RemoveImageRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RemoveImageRequest', fields: fieldsOfRemoveImageRequest },
  read: readRemoveImageRequest,
  write: writeRemoveImageRequest,
});
export type RemoveImageRequest = types.RemoveImageRequest;
export type RemoveImageRequestInit = types.RemoveImageRequestInit;
function readRemoveImageRequest(r: WireReader, m: Draft<types.RemoveImageRequest> = newRemoveImageRequest()): types.RemoveImageRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.image = r.message(readImageSpec, m.image); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRemoveImageRequest(): Draft<types.RemoveImageRequest> {
  return {
    image: null,
  };
}
function writeRemoveImageRequest(w: WireWriter, m: types.RemoveImageRequestInit): void {
  w.message(10, m.image, writeImageSpec);
}
function fieldsOfRemoveImageRequest(): readonly FieldTable[] {
  return [
    one('image', 'image', { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec }),
  ];
}

/** Codec of `runtime.v1.RemoveImageResponse`. */
export const RemoveImageResponse: Codec<types.RemoveImageResponse, types.RemoveImageResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RemoveImageResponse', fields: fieldsOfRemoveImageResponse },
  read: readRemoveImageResponse,
  write: writeRemoveImageResponse,
});
export type RemoveImageResponse = types.RemoveImageResponse;
export type RemoveImageResponseInit = types.RemoveImageResponseInit;
function readRemoveImageResponse(r: WireReader, m: Draft<types.RemoveImageResponse> = {}): types.RemoveImageResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeRemoveImageResponse(): void {}
function fieldsOfRemoveImageResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.ImageFsInfoRequest`. */
export const ImageFsInfoRequest: Codec<types.ImageFsInfoRequest, types.ImageFsInfoRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ImageFsInfoRequest', fields: fieldsOfImageFsInfoRequest },
  read: readImageFsInfoRequest,
  write: writeImageFsInfoRequest,
});
export type ImageFsInfoRequest = types.ImageFsInfoRequest;
export type ImageFsInfoRequestInit = types.ImageFsInfoRequestInit;
function readImageFsInfoRequest(r: WireReader, m: Draft<types.ImageFsInfoRequest> = {}): types.ImageFsInfoRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeImageFsInfoRequest(): void {}
function fieldsOfImageFsInfoRequest(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.ImageFsInfoResponse`. */
export const ImageFsInfoResponse: Codec<types.ImageFsInfoResponse, types.ImageFsInfoResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ImageFsInfoResponse', fields: fieldsOfImageFsInfoResponse },
  read: readImageFsInfoResponse,
  write: writeImageFsInfoResponse,
});
export type ImageFsInfoResponse = types.ImageFsInfoResponse;
export type ImageFsInfoResponseInit = types.ImageFsInfoResponseInit;
function readImageFsInfoResponse(r: WireReader, m: Draft<types.ImageFsInfoResponse> = newImageFsInfoResponse()): types.ImageFsInfoResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.imageFilesystems = r.append(m.imageFilesystems, r.message(readFilesystemUsage, null)); break;
      case 18: m.containerFilesystems = r.append(m.containerFilesystems, r.message(readFilesystemUsage, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newImageFsInfoResponse(): Draft<types.ImageFsInfoResponse> {
  return {
    imageFilesystems: emptyList,
    containerFilesystems: emptyList,
  };
}
function writeImageFsInfoResponse(w: WireWriter, m: types.ImageFsInfoResponseInit): void {
  w.messages(10, m.imageFilesystems, writeFilesystemUsage);
  w.messages(18, m.containerFilesystems, writeFilesystemUsage);
}
function fieldsOfImageFsInfoResponse(): readonly FieldTable[] {
  return [
    list('imageFilesystems', 'image_filesystems', { name: 'runtime.v1.FilesystemUsage', fields: fieldsOfFilesystemUsage }),
    list('containerFilesystems', 'container_filesystems', { name: 'runtime.v1.FilesystemUsage', fields: fieldsOfFilesystemUsage }),
  ];
}

/** Codec of `runtime.v1.FilesystemIdentifier`. */
export const FilesystemIdentifier: Codec<types.FilesystemIdentifier, types.FilesystemIdentifierInit> = makeCodec({
  table: { name: 'runtime.v1.FilesystemIdentifier', fields: fieldsOfFilesystemIdentifier },
  read: readFilesystemIdentifier,
  write: writeFilesystemIdentifier,
});
export type FilesystemIdentifier = types.FilesystemIdentifier;
export type FilesystemIdentifierInit = types.FilesystemIdentifierInit;
function readFilesystemIdentifier(r: WireReader, m: Draft<types.FilesystemIdentifier> = newFilesystemIdentifier()): types.FilesystemIdentifier {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.mountpoint = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newFilesystemIdentifier(): Draft<types.FilesystemIdentifier> {
  return {
    mountpoint: '',
  };
}
function writeFilesystemIdentifier(w: WireWriter, m: types.FilesystemIdentifierInit): void {
  w.string(10, m.mountpoint);
}
function fieldsOfFilesystemIdentifier(): readonly FieldTable[] {
  return [
    one('mountpoint', 'mountpoint', 'string'),
  ];
}

/** Codec of `runtime.v1.FilesystemUsage`. */
export const FilesystemUsage: Codec<types.FilesystemUsage, types.FilesystemUsageInit> = makeCodec({
  table: { name: 'runtime.v1.FilesystemUsage', fields: fieldsOfFilesystemUsage },
  read: readFilesystemUsage,
  write: writeFilesystemUsage,
});
export type FilesystemUsage = types.FilesystemUsage;
export type FilesystemUsageInit = types.FilesystemUsageInit;
function readFilesystemUsage(r: WireReader, m: Draft<types.FilesystemUsage> = newFilesystemUsage()): types.FilesystemUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.fsId = r.message(readFilesystemIdentifier, m.fsId); break;
      case 26: m.usedBytes = r.message(readUInt64Value, m.usedBytes); break;
      case 34: m.inodesUsed = r.message(readUInt64Value, m.inodesUsed); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newFilesystemUsage(): Draft<types.FilesystemUsage> {
  return {
    timestamp: 0n,
    fsId: null,
    usedBytes: null,
    inodesUsed: null,
  };
}
function writeFilesystemUsage(w: WireWriter, m: types.FilesystemUsageInit): void {
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

/** Codec of `runtime.v1.WindowsFilesystemUsage`. */
export const WindowsFilesystemUsage: Codec<types.WindowsFilesystemUsage, types.WindowsFilesystemUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsFilesystemUsage', fields: fieldsOfWindowsFilesystemUsage },
  read: readWindowsFilesystemUsage,
  write: writeWindowsFilesystemUsage,
});
export type WindowsFilesystemUsage = types.WindowsFilesystemUsage;
export type WindowsFilesystemUsageInit = types.WindowsFilesystemUsageInit;
function readWindowsFilesystemUsage(r: WireReader, m: Draft<types.WindowsFilesystemUsage> = newWindowsFilesystemUsage()): types.WindowsFilesystemUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.fsId = r.message(readFilesystemIdentifier, m.fsId); break;
      case 26: m.usedBytes = r.message(readUInt64Value, m.usedBytes); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsFilesystemUsage(): Draft<types.WindowsFilesystemUsage> {
  return {
    timestamp: 0n,
    fsId: null,
    usedBytes: null,
  };
}
function writeWindowsFilesystemUsage(w: WireWriter, m: types.WindowsFilesystemUsageInit): void {
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

/** Codec of `runtime.v1.Metric`. */
export const Metric: Codec<types.Metric, types.MetricInit> = makeCodec({
  table: { name: 'runtime.v1.Metric', fields: fieldsOfMetric },
  read: readMetric,
  write: writeMetric,
});
export type Metric = types.Metric;
export type MetricInit = types.MetricInit;
function readMetric(r: WireReader, m: Draft<types.Metric> = newMetric()): types.Metric {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.name = r.string(); break;
      case 16: m.timestamp = r.int64(); break;
      case 24: m.metricType = r.int32(); break;
      case 34: m.labelValues = r.append(m.labelValues, r.string()); break;
      case 42: m.value = r.message(readUInt64Value, m.value); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newMetric(): Draft<types.Metric> {
  return {
    name: '',
    timestamp: 0n,
    metricType: 0,
    labelValues: emptyList,
    value: null,
  };
}
function writeMetric(w: WireWriter, m: types.MetricInit): void {
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

/** Codec of `runtime.v1.MetricDescriptor`. */
export const MetricDescriptor: Codec<types.MetricDescriptor, types.MetricDescriptorInit> = makeCodec({
  table: { name: 'runtime.v1.MetricDescriptor', fields: fieldsOfMetricDescriptor },
  read: readMetricDescriptor,
  write: writeMetricDescriptor,
});
export type MetricDescriptor = types.MetricDescriptor;
export type MetricDescriptorInit = types.MetricDescriptorInit;
function readMetricDescriptor(r: WireReader, m: Draft<types.MetricDescriptor> = newMetricDescriptor()): types.MetricDescriptor {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.name = r.string(); break;
      case 18: m.help = r.string(); break;
      case 26: m.labelKeys = r.append(m.labelKeys, r.string()); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newMetricDescriptor(): Draft<types.MetricDescriptor> {
  return {
    name: '',
    help: '',
    labelKeys: emptyList,
  };
}
function writeMetricDescriptor(w: WireWriter, m: types.MetricDescriptorInit): void {
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

/** Codec of `runtime.v1.ContainerMetrics`. */
export const ContainerMetrics: Codec<types.ContainerMetrics, types.ContainerMetricsInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerMetrics', fields: fieldsOfContainerMetrics },
  read: readContainerMetrics,
  write: writeContainerMetrics,
});
export type ContainerMetrics = types.ContainerMetrics;
export type ContainerMetricsInit = types.ContainerMetricsInit;
function readContainerMetrics(r: WireReader, m: Draft<types.ContainerMetrics> = newContainerMetrics()): types.ContainerMetrics {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      case 18: m.metrics = r.append(m.metrics, r.message(readMetric, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerMetrics(): Draft<types.ContainerMetrics> {
  return {
    containerId: '',
    metrics: emptyList,
  };
}
function writeContainerMetrics(w: WireWriter, m: types.ContainerMetricsInit): void {
  w.string(10, m.containerId);
  w.messages(18, m.metrics, writeMetric);
}
function fieldsOfContainerMetrics(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
    list('metrics', 'metrics', { name: 'runtime.v1.Metric', fields: fieldsOfMetric }),
  ];
}

/** Codec of `runtime.v1.PodSandboxMetrics`. */
export const PodSandboxMetrics: Codec<types.PodSandboxMetrics, types.PodSandboxMetricsInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxMetrics', fields: fieldsOfPodSandboxMetrics },
  read: readPodSandboxMetrics,
  write: writePodSandboxMetrics,
});
export type PodSandboxMetrics = types.PodSandboxMetrics;
export type PodSandboxMetricsInit = types.PodSandboxMetricsInit;
function readPodSandboxMetrics(r: WireReader, m: Draft<types.PodSandboxMetrics> = newPodSandboxMetrics()): types.PodSandboxMetrics {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      case 18: m.metrics = r.append(m.metrics, r.message(readMetric, null)); break;
      case 26: m.containerMetrics = r.append(m.containerMetrics, r.message(readContainerMetrics, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxMetrics(): Draft<types.PodSandboxMetrics> {
  return {
    podSandboxId: '',
    metrics: emptyList,
    containerMetrics: emptyList,
  };
}
function writePodSandboxMetrics(w: WireWriter, m: types.PodSandboxMetricsInit): void {
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

/** Codec of `runtime.v1.ListMetricDescriptorsRequest`. */
export const ListMetricDescriptorsRequest: Codec<types.ListMetricDescriptorsRequest, types.ListMetricDescriptorsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListMetricDescriptorsRequest', fields: fieldsOfListMetricDescriptorsRequest },
  read: readListMetricDescriptorsRequest,
  write: writeListMetricDescriptorsRequest,
});
export type ListMetricDescriptorsRequest = types.ListMetricDescriptorsRequest;
export type ListMetricDescriptorsRequestInit = types.ListMetricDescriptorsRequestInit;
function readListMetricDescriptorsRequest(r: WireReader, m: Draft<types.ListMetricDescriptorsRequest> = {}): types.ListMetricDescriptorsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeListMetricDescriptorsRequest(): void {}
function fieldsOfListMetricDescriptorsRequest(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.ListMetricDescriptorsResponse`. */
export const ListMetricDescriptorsResponse: Codec<types.ListMetricDescriptorsResponse, types.ListMetricDescriptorsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListMetricDescriptorsResponse', fields: fieldsOfListMetricDescriptorsResponse },
  read: readListMetricDescriptorsResponse,
  write: writeListMetricDescriptorsResponse,
});
export type ListMetricDescriptorsResponse = types.ListMetricDescriptorsResponse;
export type ListMetricDescriptorsResponseInit = types.ListMetricDescriptorsResponseInit;
function readListMetricDescriptorsResponse(r: WireReader, m: Draft<types.ListMetricDescriptorsResponse> = newListMetricDescriptorsResponse()): types.ListMetricDescriptorsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.descriptors = r.append(m.descriptors, r.message(readMetricDescriptor, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListMetricDescriptorsResponse(): Draft<types.ListMetricDescriptorsResponse> {
  return {
    descriptors: emptyList,
  };
}
function writeListMetricDescriptorsResponse(w: WireWriter, m: types.ListMetricDescriptorsResponseInit): void {
  w.messages(10, m.descriptors, writeMetricDescriptor);
}
function fieldsOfListMetricDescriptorsResponse(): readonly FieldTable[] {
  return [
    list('descriptors', 'descriptors', { name: 'runtime.v1.MetricDescriptor', fields: fieldsOfMetricDescriptor }),
  ];
}

/** Codec of `runtime.v1.ListPodSandboxMetricsRequest`. */
export const ListPodSandboxMetricsRequest: Codec<types.ListPodSandboxMetricsRequest, types.ListPodSandboxMetricsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxMetricsRequest', fields: fieldsOfListPodSandboxMetricsRequest },
  read: readListPodSandboxMetricsRequest,
  write: writeListPodSandboxMetricsRequest,
});
export type ListPodSandboxMetricsRequest = types.ListPodSandboxMetricsRequest;
export type ListPodSandboxMetricsRequestInit = types.ListPodSandboxMetricsRequestInit;
function readListPodSandboxMetricsRequest(r: WireReader, m: Draft<types.ListPodSandboxMetricsRequest> = {}): types.ListPodSandboxMetricsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeListPodSandboxMetricsRequest(): void {}
function fieldsOfListPodSandboxMetricsRequest(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.ListPodSandboxMetricsResponse`. */
export const ListPodSandboxMetricsResponse: Codec<types.ListPodSandboxMetricsResponse, types.ListPodSandboxMetricsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxMetricsResponse', fields: fieldsOfListPodSandboxMetricsResponse },
  read: readListPodSandboxMetricsResponse,
  write: writeListPodSandboxMetricsResponse,
});
export type ListPodSandboxMetricsResponse = types.ListPodSandboxMetricsResponse;
export type ListPodSandboxMetricsResponseInit = types.ListPodSandboxMetricsResponseInit;
function readListPodSandboxMetricsResponse(r: WireReader, m: Draft<types.ListPodSandboxMetricsResponse> = newListPodSandboxMetricsResponse()): types.ListPodSandboxMetricsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podMetrics = r.append(m.podMetrics, r.message(readPodSandboxMetrics, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxMetricsResponse(): Draft<types.ListPodSandboxMetricsResponse> {
  return {
    podMetrics: emptyList,
  };
}
function writeListPodSandboxMetricsResponse(w: WireWriter, m: types.ListPodSandboxMetricsResponseInit): void {
  w.messages(10, m.podMetrics, writePodSandboxMetrics);
}
function fieldsOfListPodSandboxMetricsResponse(): readonly FieldTable[] {
  return [
    list('podMetrics', 'pod_metrics', { name: 'runtime.v1.PodSandboxMetrics', fields: fieldsOfPodSandboxMetrics }),
  ];
}

/** Codec of `runtime.v1.StreamPodSandboxMetricsRequest`. */
export const StreamPodSandboxMetricsRequest: Codec<types.StreamPodSandboxMetricsRequest, types.StreamPodSandboxMetricsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxMetricsRequest', fields: fieldsOfStreamPodSandboxMetricsRequest },
  read: readStreamPodSandboxMetricsRequest,
  write: writeStreamPodSandboxMetricsRequest,
});
export type StreamPodSandboxMetricsRequest = types.StreamPodSandboxMetricsRequest;
export type StreamPodSandboxMetricsRequestInit = types.StreamPodSandboxMetricsRequestInit;
function readStreamPodSandboxMetricsRequest(r: WireReader, m: Draft<types.StreamPodSandboxMetricsRequest> = {}): types.StreamPodSandboxMetricsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeStreamPodSandboxMetricsRequest(): void {}
function fieldsOfStreamPodSandboxMetricsRequest(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.StreamPodSandboxMetricsResponse`. */
export const StreamPodSandboxMetricsResponse: Codec<types.StreamPodSandboxMetricsResponse, types.StreamPodSandboxMetricsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxMetricsResponse', fields: fieldsOfStreamPodSandboxMetricsResponse },
  read: readStreamPodSandboxMetricsResponse,
  write: writeStreamPodSandboxMetricsResponse,
});
export type StreamPodSandboxMetricsResponse = types.StreamPodSandboxMetricsResponse;
export type StreamPodSandboxMetricsResponseInit = types.StreamPodSandboxMetricsResponseInit;
function readStreamPodSandboxMetricsResponse(r: WireReader, m: Draft<types.StreamPodSandboxMetricsResponse> = newStreamPodSandboxMetricsResponse()): types.StreamPodSandboxMetricsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxMetrics = r.append(m.podSandboxMetrics, r.message(readPodSandboxMetrics, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxMetricsResponse(): Draft<types.StreamPodSandboxMetricsResponse> {
  return {
    podSandboxMetrics: emptyList,
  };
}
function writeStreamPodSandboxMetricsResponse(w: WireWriter, m: types.StreamPodSandboxMetricsResponseInit): void {
  w.messages(10, m.podSandboxMetrics, writePodSandboxMetrics);
}
function fieldsOfStreamPodSandboxMetricsResponse(): readonly FieldTable[] {
  return [
    list('podSandboxMetrics', 'pod_sandbox_metrics', { name: 'runtime.v1.PodSandboxMetrics', fields: fieldsOfPodSandboxMetrics }),
  ];
}

/** Codec of `runtime.v1.VersionRequest`. */
export const VersionRequest: Codec<types.VersionRequest, types.VersionRequestInit> = makeCodec({
  table: { name: 'runtime.v1.VersionRequest', fields: fieldsOfVersionRequest },
  read: readVersionRequest,
  write: writeVersionRequest,
});
export type VersionRequest = types.VersionRequest;
export type VersionRequestInit = types.VersionRequestInit;
function readVersionRequest(r: WireReader, m: Draft<types.VersionRequest> = newVersionRequest()): types.VersionRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.version = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newVersionRequest(): Draft<types.VersionRequest> {
  return {
    version: '',
  };
}
function writeVersionRequest(w: WireWriter, m: types.VersionRequestInit): void {
  w.string(10, m.version);
}
function fieldsOfVersionRequest(): readonly FieldTable[] {
  return [
    one('version', 'version', 'string'),
  ];
}

/** Codec of `runtime.v1.VersionResponse`. */
export const VersionResponse: Codec<types.VersionResponse, types.VersionResponseInit> = makeCodec({
  table: { name: 'runtime.v1.VersionResponse', fields: fieldsOfVersionResponse },
  read: readVersionResponse,
  write: writeVersionResponse,
});
export type VersionResponse = types.VersionResponse;
export type VersionResponseInit = types.VersionResponseInit;
function readVersionResponse(r: WireReader, m: Draft<types.VersionResponse> = newVersionResponse()): types.VersionResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.version = r.string(); break;
      case 18: m.runtimeName = r.string(); break;
      case 26: m.runtimeVersion = r.string(); break;
      case 34: m.runtimeApiVersion = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newVersionResponse(): Draft<types.VersionResponse> {
  return {
    version: '',
    runtimeName: '',
    runtimeVersion: '',
    runtimeApiVersion: '',
  };
}
function writeVersionResponse(w: WireWriter, m: types.VersionResponseInit): void {
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

/** Codec of `runtime.v1.StatusRequest`. */
export const StatusRequest: Codec<types.StatusRequest, types.StatusRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StatusRequest', fields: fieldsOfStatusRequest },
  read: readStatusRequest,
  write: writeStatusRequest,
});
export type StatusRequest = types.StatusRequest;
export type StatusRequestInit = types.StatusRequestInit;
function readStatusRequest(r: WireReader, m: Draft<types.StatusRequest> = newStatusRequest()): types.StatusRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.verbose = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStatusRequest(): Draft<types.StatusRequest> {
  return {
    verbose: false,
  };
}
function writeStatusRequest(w: WireWriter, m: types.StatusRequestInit): void {
  w.bool(8, m.verbose);
}
function fieldsOfStatusRequest(): readonly FieldTable[] {
  return [
    one('verbose', 'verbose', 'bool'),
  ];
}

/** Codec of `runtime.v1.StatusResponse`. */
export const StatusResponse: Codec<types.StatusResponse, types.StatusResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StatusResponse', fields: fieldsOfStatusResponse },
  read: readStatusResponse,
  write: writeStatusResponse,
});
export type StatusResponse = types.StatusResponse;
export type StatusResponseInit = types.StatusResponseInit;
function readStatusResponse(r: WireReader, m: Draft<types.StatusResponse> = newStatusResponse()): types.StatusResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.status = r.message(readRuntimeStatus, m.status); break;
      case 18: m.info = r.entry(m.info); break;
      case 26: m.runtimeHandlers = r.append(m.runtimeHandlers, r.message(readRuntimeHandler, null)); break;
      case 34: m.features = r.message(readRuntimeFeatures, m.features); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStatusResponse(): Draft<types.StatusResponse> {
  return {
    status: null,
    info: emptyMap,
    runtimeHandlers: emptyList,
    features: null,
  };
}
function writeStatusResponse(w: WireWriter, m: types.StatusResponseInit): void {
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

/** Codec of `runtime.v1.RuntimeStatus`. */
export const RuntimeStatus: Codec<types.RuntimeStatus, types.RuntimeStatusInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeStatus', fields: fieldsOfRuntimeStatus },
  read: readRuntimeStatus,
  write: writeRuntimeStatus,
});
export type RuntimeStatus = types.RuntimeStatus;
export type RuntimeStatusInit = types.RuntimeStatusInit;
function readRuntimeStatus(r: WireReader, m: Draft<types.RuntimeStatus> = newRuntimeStatus()): types.RuntimeStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.conditions = r.append(m.conditions, r.message(readRuntimeCondition, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRuntimeStatus(): Draft<types.RuntimeStatus> {
  return {
    conditions: emptyList,
  };
}
function writeRuntimeStatus(w: WireWriter, m: types.RuntimeStatusInit): void {
  w.messages(10, m.conditions, writeRuntimeCondition);
}
function fieldsOfRuntimeStatus(): readonly FieldTable[] {
  return [
    list('conditions', 'conditions', { name: 'runtime.v1.RuntimeCondition', fields: fieldsOfRuntimeCondition }),
  ];
}

/** Codec of `runtime.v1.RuntimeCondition`. */
export const RuntimeCondition: Codec<types.RuntimeCondition, types.RuntimeConditionInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeCondition', fields: fieldsOfRuntimeCondition },
  read: readRuntimeCondition,
  write: writeRuntimeCondition,
});
export type RuntimeCondition = types.RuntimeCondition;
export type RuntimeConditionInit = types.RuntimeConditionInit;
function readRuntimeCondition(r: WireReader, m: Draft<types.RuntimeCondition> = newRuntimeCondition()): types.RuntimeCondition {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.type = r.string(); break;
      case 16: m.status = r.bool(); break;
      case 26: m.reason = r.string(); break;
      case 34: m.message = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRuntimeCondition(): Draft<types.RuntimeCondition> {
  return {
    type: '',
    status: false,
    reason: '',
    message: '',
  };
}
function writeRuntimeCondition(w: WireWriter, m: types.RuntimeConditionInit): void {
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

/** Codec of `runtime.v1.RuntimeHandler`. */
export const RuntimeHandler: Codec<types.RuntimeHandler, types.RuntimeHandlerInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeHandler', fields: fieldsOfRuntimeHandler },
  read: readRuntimeHandler,
  write: writeRuntimeHandler,
});
export type RuntimeHandler = types.RuntimeHandler;
export type RuntimeHandlerInit = types.RuntimeHandlerInit;
function readRuntimeHandler(r: WireReader, m: Draft<types.RuntimeHandler> = newRuntimeHandler()): types.RuntimeHandler {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.name = r.string(); break;
      case 18: m.features = r.message(readRuntimeHandlerFeatures, m.features); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRuntimeHandler(): Draft<types.RuntimeHandler> {
  return {
    name: '',
    features: null,
  };
}
function writeRuntimeHandler(w: WireWriter, m: types.RuntimeHandlerInit): void {
  w.string(10, m.name);
  w.message(18, m.features, writeRuntimeHandlerFeatures);
}
function fieldsOfRuntimeHandler(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('features', 'features', { name: 'runtime.v1.RuntimeHandlerFeatures', fields: fieldsOfRuntimeHandlerFeatures }),
  ];
}

/** Codec of `runtime.v1.RuntimeHandlerFeatures`. */
export const RuntimeHandlerFeatures: Codec<types.RuntimeHandlerFeatures, types.RuntimeHandlerFeaturesInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeHandlerFeatures', fields: fieldsOfRuntimeHandlerFeatures },
  read: readRuntimeHandlerFeatures,
  write: writeRuntimeHandlerFeatures,
});
export type RuntimeHandlerFeatures = types.RuntimeHandlerFeatures;
export type RuntimeHandlerFeaturesInit = types.RuntimeHandlerFeaturesInit;
function readRuntimeHandlerFeatures(r: WireReader, m: Draft<types.RuntimeHandlerFeatures> = newRuntimeHandlerFeatures()): types.RuntimeHandlerFeatures {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.recursiveReadOnlyMounts = r.bool(); break;
      case 16: m.userNamespaces = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRuntimeHandlerFeatures(): Draft<types.RuntimeHandlerFeatures> {
  return {
    recursiveReadOnlyMounts: false,
    userNamespaces: false,
  };
}
function writeRuntimeHandlerFeatures(w: WireWriter, m: types.RuntimeHandlerFeaturesInit): void {
  w.bool(8, m.recursiveReadOnlyMounts);
  w.bool(16, m.userNamespaces);
}
function fieldsOfRuntimeHandlerFeatures(): readonly FieldTable[] {
  return [
    one('recursiveReadOnlyMounts', 'recursive_read_only_mounts', 'bool'),
    one('userNamespaces', 'user_namespaces', 'bool'),
  ];
}

/** Codec of `runtime.v1.RuntimeFeatures`. */
export const RuntimeFeatures: Codec<types.RuntimeFeatures, types.RuntimeFeaturesInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeFeatures', fields: fieldsOfRuntimeFeatures },
  read: readRuntimeFeatures,
  write: writeRuntimeFeatures,
});
export type RuntimeFeatures = types.RuntimeFeatures;
export type RuntimeFeaturesInit = types.RuntimeFeaturesInit;
function readRuntimeFeatures(r: WireReader, m: Draft<types.RuntimeFeatures> = newRuntimeFeatures()): types.RuntimeFeatures {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.supplementalGroupsPolicy = r.bool(); break;
      case 16: m.userNamespacesHostNetwork = r.bool(); break;
      case 24: m.mountOptions = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRuntimeFeatures(): Draft<types.RuntimeFeatures> {
  return {
    supplementalGroupsPolicy: false,
    userNamespacesHostNetwork: false,
    mountOptions: false,
  };
}
function writeRuntimeFeatures(w: WireWriter, m: types.RuntimeFeaturesInit): void {
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

/** Codec of `runtime.v1.UpdateRuntimeConfigRequest`. */
export const UpdateRuntimeConfigRequest: Codec<types.UpdateRuntimeConfigRequest, types.UpdateRuntimeConfigRequestInit> = makeCodec({
  table: { name: 'runtime.v1.UpdateRuntimeConfigRequest', fields: fieldsOfUpdateRuntimeConfigRequest },
  read: readUpdateRuntimeConfigRequest,
  write: writeUpdateRuntimeConfigRequest,
});
export type UpdateRuntimeConfigRequest = types.UpdateRuntimeConfigRequest;
export type UpdateRuntimeConfigRequestInit = types.UpdateRuntimeConfigRequestInit;
function readUpdateRuntimeConfigRequest(r: WireReader, m: Draft<types.UpdateRuntimeConfigRequest> = newUpdateRuntimeConfigRequest()): types.UpdateRuntimeConfigRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.runtimeConfig = r.message(readRuntimeConfig, m.runtimeConfig); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newUpdateRuntimeConfigRequest(): Draft<types.UpdateRuntimeConfigRequest> {
  return {
    runtimeConfig: null,
  };
}
function writeUpdateRuntimeConfigRequest(w: WireWriter, m: types.UpdateRuntimeConfigRequestInit): void {
  w.message(10, m.runtimeConfig, writeRuntimeConfig);
}
function fieldsOfUpdateRuntimeConfigRequest(): readonly FieldTable[] {
  return [
    one('runtimeConfig', 'runtime_config', { name: 'runtime.v1.RuntimeConfig', fields: fieldsOfRuntimeConfig }),
  ];
}

/** Codec of `runtime.v1.UpdateRuntimeConfigResponse`. */
export const UpdateRuntimeConfigResponse: Codec<types.UpdateRuntimeConfigResponse, types.UpdateRuntimeConfigResponseInit> = makeCodec({
  table: { name: 'runtime.v1.UpdateRuntimeConfigResponse', fields: fieldsOfUpdateRuntimeConfigResponse },
  read: readUpdateRuntimeConfigResponse,
  write: writeUpdateRuntimeConfigResponse,
});
export type UpdateRuntimeConfigResponse = types.UpdateRuntimeConfigResponse;
export type UpdateRuntimeConfigResponseInit = types.UpdateRuntimeConfigResponseInit;
function readUpdateRuntimeConfigResponse(r: WireReader, m: Draft<types.UpdateRuntimeConfigResponse> = {}): types.UpdateRuntimeConfigResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeUpdateRuntimeConfigResponse(): void {}
function fieldsOfUpdateRuntimeConfigResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.RuntimeConfig`. */
export const RuntimeConfig: Codec<types.RuntimeConfig, types.RuntimeConfigInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeConfig', fields: fieldsOfRuntimeConfig },
  read: readRuntimeConfig,
  write: writeRuntimeConfig,
});
export type RuntimeConfig = types.RuntimeConfig;
export type RuntimeConfigInit = types.RuntimeConfigInit;
function readRuntimeConfig(r: WireReader, m: Draft<types.RuntimeConfig> = newRuntimeConfig()): types.RuntimeConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.networkConfig = r.message(readNetworkConfig, m.networkConfig); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRuntimeConfig(): Draft<types.RuntimeConfig> {
  return {
    networkConfig: null,
  };
}
function writeRuntimeConfig(w: WireWriter, m: types.RuntimeConfigInit): void {
  w.message(10, m.networkConfig, writeNetworkConfig);
}
function fieldsOfRuntimeConfig(): readonly FieldTable[] {
  return [
    one('networkConfig', 'network_config', { name: 'runtime.v1.NetworkConfig', fields: fieldsOfNetworkConfig }),
  ];
}

/** Codec of `runtime.v1.NetworkConfig`. */
export const NetworkConfig: Codec<types.NetworkConfig, types.NetworkConfigInit> = makeCodec({
  table: { name: 'runtime.v1.NetworkConfig', fields: fieldsOfNetworkConfig },
  read: readNetworkConfig,
  write: writeNetworkConfig,
});
export type NetworkConfig = types.NetworkConfig;
export type NetworkConfigInit = types.NetworkConfigInit;
function readNetworkConfig(r: WireReader, m: Draft<types.NetworkConfig> = newNetworkConfig()): types.NetworkConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podCidr = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newNetworkConfig(): Draft<types.NetworkConfig> {
  return {
    podCidr: '',
  };
}
function writeNetworkConfig(w: WireWriter, m: types.NetworkConfigInit): void {
  w.string(10, m.podCidr);
}
function fieldsOfNetworkConfig(): readonly FieldTable[] {
  return [
    one('podCidr', 'pod_cidr', 'string'),
  ];
}

/** Codec of `runtime.v1.RuntimeConfigRequest`. */
export const RuntimeConfigRequest: Codec<types.RuntimeConfigRequest, types.RuntimeConfigRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeConfigRequest', fields: fieldsOfRuntimeConfigRequest },
  read: readRuntimeConfigRequest,
  write: writeRuntimeConfigRequest,
});
export type RuntimeConfigRequest = types.RuntimeConfigRequest;
export type RuntimeConfigRequestInit = types.RuntimeConfigRequestInit;
function readRuntimeConfigRequest(r: WireReader, m: Draft<types.RuntimeConfigRequest> = {}): types.RuntimeConfigRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeRuntimeConfigRequest(): void {}
function fieldsOfRuntimeConfigRequest(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.RuntimeConfigResponse`. */
export const RuntimeConfigResponse: Codec<types.RuntimeConfigResponse, types.RuntimeConfigResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RuntimeConfigResponse', fields: fieldsOfRuntimeConfigResponse },
  read: readRuntimeConfigResponse,
  write: writeRuntimeConfigResponse,
});
export type RuntimeConfigResponse = types.RuntimeConfigResponse;
export type RuntimeConfigResponseInit = types.RuntimeConfigResponseInit;
function readRuntimeConfigResponse(r: WireReader, m: Draft<types.RuntimeConfigResponse> = newRuntimeConfigResponse()): types.RuntimeConfigResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.linux = r.message(readLinuxRuntimeConfiguration, m.linux); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRuntimeConfigResponse(): Draft<types.RuntimeConfigResponse> {
  return {
    linux: null,
  };
}
function writeRuntimeConfigResponse(w: WireWriter, m: types.RuntimeConfigResponseInit): void {
  w.message(10, m.linux, writeLinuxRuntimeConfiguration);
}
function fieldsOfRuntimeConfigResponse(): readonly FieldTable[] {
  return [
    one('linux', 'linux', { name: 'runtime.v1.LinuxRuntimeConfiguration', fields: fieldsOfLinuxRuntimeConfiguration }),
  ];
}

/** Codec of `runtime.v1.LinuxRuntimeConfiguration`. */
export const LinuxRuntimeConfiguration: Codec<types.LinuxRuntimeConfiguration, types.LinuxRuntimeConfigurationInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxRuntimeConfiguration', fields: fieldsOfLinuxRuntimeConfiguration },
  read: readLinuxRuntimeConfiguration,
  write: writeLinuxRuntimeConfiguration,
});
export type LinuxRuntimeConfiguration = types.LinuxRuntimeConfiguration;
export type LinuxRuntimeConfigurationInit = types.LinuxRuntimeConfigurationInit;
function readLinuxRuntimeConfiguration(r: WireReader, m: Draft<types.LinuxRuntimeConfiguration> = newLinuxRuntimeConfiguration()): types.LinuxRuntimeConfiguration {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.cgroupDriver = r.int32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newLinuxRuntimeConfiguration(): Draft<types.LinuxRuntimeConfiguration> {
  return {
    cgroupDriver: 0,
  };
}
function writeLinuxRuntimeConfiguration(w: WireWriter, m: types.LinuxRuntimeConfigurationInit): void {
  w.int32(8, m.cgroupDriver);
}
function fieldsOfLinuxRuntimeConfiguration(): readonly FieldTable[] {
  return [
    one('cgroupDriver', 'cgroup_driver', 'enum'),
  ];
}

/** Codec of `runtime.v1.GetEventsRequest`. */
export const GetEventsRequest: Codec<types.GetEventsRequest, types.GetEventsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.GetEventsRequest', fields: fieldsOfGetEventsRequest },
  read: readGetEventsRequest,
  write: writeGetEventsRequest,
});
export type GetEventsRequest = types.GetEventsRequest;
export type GetEventsRequestInit = types.GetEventsRequestInit;
function readGetEventsRequest(r: WireReader, m: Draft<types.GetEventsRequest> = {}): types.GetEventsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeGetEventsRequest(): void {}
function fieldsOfGetEventsRequest(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.ContainerEventResponse`. */
export const ContainerEventResponse: Codec<types.ContainerEventResponse, types.ContainerEventResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerEventResponse', fields: fieldsOfContainerEventResponse },
  read: readContainerEventResponse,
  write: writeContainerEventResponse,
});
export type ContainerEventResponse = types.ContainerEventResponse;
export type ContainerEventResponseInit = types.ContainerEventResponseInit;
function readContainerEventResponse(r: WireReader, m: Draft<types.ContainerEventResponse> = newContainerEventResponse()): types.ContainerEventResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      case 16: m.containerEventType = r.int32(); break;
      case 24: m.createdAt = r.int64(); break;
      case 34: m.podSandboxStatus = r.message(readPodSandboxStatus, m.podSandboxStatus); break;
      case 42: m.containersStatuses = r.append(m.containersStatuses, r.message(readContainerStatus, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerEventResponse(): Draft<types.ContainerEventResponse> {
  return {
    containerId: '',
    containerEventType: 0,
    createdAt: 0n,
    podSandboxStatus: null,
    containersStatuses: emptyList,
  };
}
function writeContainerEventResponse(w: WireWriter, m: types.ContainerEventResponseInit): void {
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

/** Codec of `runtime.v1.PodSandbox`. */
export const PodSandbox: Codec<types.PodSandbox, types.PodSandboxInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandbox', fields: fieldsOfPodSandbox },
  read: readPodSandbox,
  write: writePodSandbox,
});
export type PodSandbox = types.PodSandbox;
export type PodSandboxInit = types.PodSandboxInit;
function readPodSandbox(r: WireReader, m: Draft<types.PodSandbox> = newPodSandbox()): types.PodSandbox {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.metadata = r.message(readPodSandboxMetadata, m.metadata); break;
      case 24: m.state = r.int32(); break;
      case 32: m.createdAt = r.int64(); break;
      case 42: m.labels = r.entry(m.labels); break;
      case 50: m.annotations = r.entry(m.annotations); break;
      case 58: m.runtimeHandler = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandbox(): Draft<types.PodSandbox> {
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
function writePodSandbox(w: WireWriter, m: types.PodSandboxInit): void {
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

/** Codec of `runtime.v1.PodSandboxStatus`. */
export const PodSandboxStatus: Codec<types.PodSandboxStatus, types.PodSandboxStatusInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatus', fields: fieldsOfPodSandboxStatus },
  read: readPodSandboxStatus,
  write: writePodSandboxStatus,
});
export type PodSandboxStatus = types.PodSandboxStatus;
export type PodSandboxStatusInit = types.PodSandboxStatusInit;
function readPodSandboxStatus(r: WireReader, m: Draft<types.PodSandboxStatus> = newPodSandboxStatus()): types.PodSandboxStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.metadata = r.message(readPodSandboxMetadata, m.metadata); break;
      case 24: m.state = r.int32(); break;
      case 32: m.createdAt = r.int64(); break;
      case 42: m.network = r.message(readPodSandboxNetworkStatus, m.network); break;
      case 50: m.linux = r.message(readLinuxPodSandboxStatus, m.linux); break;
      case 58: m.labels = r.entry(m.labels); break;
      case 66: m.annotations = r.entry(m.annotations); break;
      case 74: m.runtimeHandler = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatus(): Draft<types.PodSandboxStatus> {
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
function writePodSandboxStatus(w: WireWriter, m: types.PodSandboxStatusInit): void {
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

/** Codec of `runtime.v1.PodSandboxNetworkStatus`. */
export const PodSandboxNetworkStatus: Codec<types.PodSandboxNetworkStatus, types.PodSandboxNetworkStatusInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxNetworkStatus', fields: fieldsOfPodSandboxNetworkStatus },
  read: readPodSandboxNetworkStatus,
  write: writePodSandboxNetworkStatus,
});
export type PodSandboxNetworkStatus = types.PodSandboxNetworkStatus;
export type PodSandboxNetworkStatusInit = types.PodSandboxNetworkStatusInit;
function readPodSandboxNetworkStatus(r: WireReader, m: Draft<types.PodSandboxNetworkStatus> = newPodSandboxNetworkStatus()): types.PodSandboxNetworkStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.ip = r.string(); break;
      case 18: m.additionalIps = r.append(m.additionalIps, r.message(readPodIP, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxNetworkStatus(): Draft<types.PodSandboxNetworkStatus> {
  return {
    ip: '',
    additionalIps: emptyList,
  };
}
function writePodSandboxNetworkStatus(w: WireWriter, m: types.PodSandboxNetworkStatusInit): void {
  w.string(10, m.ip);
  w.messages(18, m.additionalIps, writePodIP);
}
function fieldsOfPodSandboxNetworkStatus(): readonly FieldTable[] {
  return [
    one('ip', 'ip', 'string'),
    list('additionalIps', 'additional_ips', { name: 'runtime.v1.PodIP', fields: fieldsOfPodIP }),
  ];
}

/** Codec of `runtime.v1.PodIP`. */
export const PodIP: Codec<types.PodIP, types.PodIPInit> = makeCodec({
  table: { name: 'runtime.v1.PodIP', fields: fieldsOfPodIP },
  read: readPodIP,
  write: writePodIP,
});
export type PodIP = types.PodIP;
export type PodIPInit = types.PodIPInit;
function readPodIP(r: WireReader, m: Draft<types.PodIP> = newPodIP()): types.PodIP {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.ip = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodIP(): Draft<types.PodIP> {
  return {
    ip: '',
  };
}
function writePodIP(w: WireWriter, m: types.PodIPInit): void {
  w.string(10, m.ip);
}
function fieldsOfPodIP(): readonly FieldTable[] {
  return [
    one('ip', 'ip', 'string'),
  ];
}

/** Codec of `runtime.v1.LinuxPodSandboxStatus`. */
export const LinuxPodSandboxStatus: Codec<types.LinuxPodSandboxStatus, types.LinuxPodSandboxStatusInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxPodSandboxStatus', fields: fieldsOfLinuxPodSandboxStatus },
  read: readLinuxPodSandboxStatus,
  write: writeLinuxPodSandboxStatus,
});
export type LinuxPodSandboxStatus = types.LinuxPodSandboxStatus;
export type LinuxPodSandboxStatusInit = types.LinuxPodSandboxStatusInit;
function readLinuxPodSandboxStatus(r: WireReader, m: Draft<types.LinuxPodSandboxStatus> = newLinuxPodSandboxStatus()): types.LinuxPodSandboxStatus {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.namespaces = r.message(readNamespace, m.namespaces); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newLinuxPodSandboxStatus(): Draft<types.LinuxPodSandboxStatus> {
  return {
    namespaces: null,
  };
}
function writeLinuxPodSandboxStatus(w: WireWriter, m: types.LinuxPodSandboxStatusInit): void {
  w.message(10, m.namespaces, writeNamespace);
}
function fieldsOfLinuxPodSandboxStatus(): readonly FieldTable[] {
  return [
    one('namespaces', 'namespaces', { name: 'runtime.v1.Namespace', fields: fieldsOfNamespace }),
  ];
}

/** Codec of `runtime.v1.Namespace`. */
export const Namespace: Codec<types.Namespace, types.NamespaceInit> = makeCodec({
  table: { name: 'runtime.v1.Namespace', fields: fieldsOfNamespace },
  read: readNamespace,
  write: writeNamespace,
});
export type Namespace = types.Namespace;
export type NamespaceInit = types.NamespaceInit;
function readNamespace(r: WireReader, m: Draft<types.Namespace> = newNamespace()): types.Namespace {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 18: m.options = r.message(readNamespaceOption, m.options); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newNamespace(): Draft<types.Namespace> {
  return {
    options: null,
  };
}
function writeNamespace(w: WireWriter, m: types.NamespaceInit): void {
  w.message(18, m.options, writeNamespaceOption);
}
function fieldsOfNamespace(): readonly FieldTable[] {
  return [
    one('options', 'options', { name: 'runtime.v1.NamespaceOption', fields: fieldsOfNamespaceOption }),
  ];
}

/** Codec of `runtime.v1.RunPodSandboxRequest`. */
export const RunPodSandboxRequest: Codec<types.RunPodSandboxRequest, types.RunPodSandboxRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RunPodSandboxRequest', fields: fieldsOfRunPodSandboxRequest },
  read: readRunPodSandboxRequest,
  write: writeRunPodSandboxRequest,
});
export type RunPodSandboxRequest = types.RunPodSandboxRequest;
export type RunPodSandboxRequestInit = types.RunPodSandboxRequestInit;
function readRunPodSandboxRequest(r: WireReader, m: Draft<types.RunPodSandboxRequest> = newRunPodSandboxRequest()): types.RunPodSandboxRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.config = r.message(readPodSandboxConfig, m.config); break;
      case 18: m.runtimeHandler = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRunPodSandboxRequest(): Draft<types.RunPodSandboxRequest> {
  return {
    config: null,
    runtimeHandler: '',
  };
}
function writeRunPodSandboxRequest(w: WireWriter, m: types.RunPodSandboxRequestInit): void {
  w.message(10, m.config, writePodSandboxConfig);
  w.string(18, m.runtimeHandler);
}
function fieldsOfRunPodSandboxRequest(): readonly FieldTable[] {
  return [
    one('config', 'config', { name: 'runtime.v1.PodSandboxConfig', fields: fieldsOfPodSandboxConfig }),
    one('runtimeHandler', 'runtime_handler', 'string'),
  ];
}

/** Codec of `runtime.v1.RunPodSandboxResponse`. */
export const RunPodSandboxResponse: Codec<types.RunPodSandboxResponse, types.RunPodSandboxResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RunPodSandboxResponse', fields: fieldsOfRunPodSandboxResponse },
  read: readRunPodSandboxResponse,
  write: writeRunPodSandboxResponse,
});
export type RunPodSandboxResponse = types.RunPodSandboxResponse;
export type RunPodSandboxResponseInit = types.RunPodSandboxResponseInit;
function readRunPodSandboxResponse(r: WireReader, m: Draft<types.RunPodSandboxResponse> = newRunPodSandboxResponse()): types.RunPodSandboxResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRunPodSandboxResponse(): Draft<types.RunPodSandboxResponse> {
  return {
    podSandboxId: '',
  };
}
function writeRunPodSandboxResponse(w: WireWriter, m: types.RunPodSandboxResponseInit): void {
  w.string(10, m.podSandboxId);
}
function fieldsOfRunPodSandboxResponse(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
  ];
}

/** Codec of `runtime.v1.StopPodSandboxRequest`. */
export const StopPodSandboxRequest: Codec<types.StopPodSandboxRequest, types.StopPodSandboxRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StopPodSandboxRequest', fields: fieldsOfStopPodSandboxRequest },
  read: readStopPodSandboxRequest,
  write: writeStopPodSandboxRequest,
});
export type StopPodSandboxRequest = types.StopPodSandboxRequest;
export type StopPodSandboxRequestInit = types.StopPodSandboxRequestInit;
function readStopPodSandboxRequest(r: WireReader, m: Draft<types.StopPodSandboxRequest> = newStopPodSandboxRequest()): types.StopPodSandboxRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStopPodSandboxRequest(): Draft<types.StopPodSandboxRequest> {
  return {
    podSandboxId: '',
  };
}
function writeStopPodSandboxRequest(w: WireWriter, m: types.StopPodSandboxRequestInit): void {
  w.string(10, m.podSandboxId);
}
function fieldsOfStopPodSandboxRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
  ];
}

/** Codec of `runtime.v1.StopPodSandboxResponse`. */
export const StopPodSandboxResponse: Codec<types.StopPodSandboxResponse, types.StopPodSandboxResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StopPodSandboxResponse', fields: fieldsOfStopPodSandboxResponse },
  read: readStopPodSandboxResponse,
  write: writeStopPodSandboxResponse,
});
export type StopPodSandboxResponse = types.StopPodSandboxResponse;
export type StopPodSandboxResponseInit = types.StopPodSandboxResponseInit;
function readStopPodSandboxResponse(r: WireReader, m: Draft<types.StopPodSandboxResponse> = {}): types.StopPodSandboxResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeStopPodSandboxResponse(): void {}
function fieldsOfStopPodSandboxResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.RemovePodSandboxRequest`. */
export const RemovePodSandboxRequest: Codec<types.RemovePodSandboxRequest, types.RemovePodSandboxRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RemovePodSandboxRequest', fields: fieldsOfRemovePodSandboxRequest },
  read: readRemovePodSandboxRequest,
  write: writeRemovePodSandboxRequest,
});
export type RemovePodSandboxRequest = types.RemovePodSandboxRequest;
export type RemovePodSandboxRequestInit = types.RemovePodSandboxRequestInit;
function readRemovePodSandboxRequest(r: WireReader, m: Draft<types.RemovePodSandboxRequest> = newRemovePodSandboxRequest()): types.RemovePodSandboxRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRemovePodSandboxRequest(): Draft<types.RemovePodSandboxRequest> {
  return {
    podSandboxId: '',
  };
}
function writeRemovePodSandboxRequest(w: WireWriter, m: types.RemovePodSandboxRequestInit): void {
  w.string(10, m.podSandboxId);
}
function fieldsOfRemovePodSandboxRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
  ];
}

/** Codec of `runtime.v1.RemovePodSandboxResponse`. */
export const RemovePodSandboxResponse: Codec<types.RemovePodSandboxResponse, types.RemovePodSandboxResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RemovePodSandboxResponse', fields: fieldsOfRemovePodSandboxResponse },
  read: readRemovePodSandboxResponse,
  write: writeRemovePodSandboxResponse,
});
export type RemovePodSandboxResponse = types.RemovePodSandboxResponse;
export type RemovePodSandboxResponseInit = types.RemovePodSandboxResponseInit;
function readRemovePodSandboxResponse(r: WireReader, m: Draft<types.RemovePodSandboxResponse> = {}): types.RemovePodSandboxResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeRemovePodSandboxResponse(): void {}
function fieldsOfRemovePodSandboxResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.PodSandboxStatusRequest`. */
export const PodSandboxStatusRequest: Codec<types.PodSandboxStatusRequest, types.PodSandboxStatusRequestInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatusRequest', fields: fieldsOfPodSandboxStatusRequest },
  read: readPodSandboxStatusRequest,
  write: writePodSandboxStatusRequest,
});
export type PodSandboxStatusRequest = types.PodSandboxStatusRequest;
export type PodSandboxStatusRequestInit = types.PodSandboxStatusRequestInit;
function readPodSandboxStatusRequest(r: WireReader, m: Draft<types.PodSandboxStatusRequest> = newPodSandboxStatusRequest()): types.PodSandboxStatusRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      case 16: m.verbose = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatusRequest(): Draft<types.PodSandboxStatusRequest> {
  return {
    podSandboxId: '',
    verbose: false,
  };
}
function writePodSandboxStatusRequest(w: WireWriter, m: types.PodSandboxStatusRequestInit): void {
  w.string(10, m.podSandboxId);
  w.bool(16, m.verbose);
}
function fieldsOfPodSandboxStatusRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    one('verbose', 'verbose', 'bool'),
  ];
}

/** Codec of `runtime.v1.PodSandboxStatusResponse`. */
export const PodSandboxStatusResponse: Codec<types.PodSandboxStatusResponse, types.PodSandboxStatusResponseInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatusResponse', fields: fieldsOfPodSandboxStatusResponse },
  read: readPodSandboxStatusResponse,
  write: writePodSandboxStatusResponse,
});
export type PodSandboxStatusResponse = types.PodSandboxStatusResponse;
export type PodSandboxStatusResponseInit = types.PodSandboxStatusResponseInit;
function readPodSandboxStatusResponse(r: WireReader, m: Draft<types.PodSandboxStatusResponse> = newPodSandboxStatusResponse()): types.PodSandboxStatusResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.status = r.message(readPodSandboxStatus, m.status); break;
      case 18: m.info = r.entry(m.info); break;
      case 26: m.containersStatuses = r.append(m.containersStatuses, r.message(readContainerStatus, null)); break;
      case 32: m.timestamp = r.int64(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatusResponse(): Draft<types.PodSandboxStatusResponse> {
  return {
    status: null,
    info: emptyMap,
    containersStatuses: emptyList,
    timestamp: 0n,
  };
}
function writePodSandboxStatusResponse(w: WireWriter, m: types.PodSandboxStatusResponseInit): void {
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

/** Codec of `runtime.v1.PodSandboxStateValue`. */
export const PodSandboxStateValue: Codec<types.PodSandboxStateValue, types.PodSandboxStateValueInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStateValue', fields: fieldsOfPodSandboxStateValue },
  read: readPodSandboxStateValue,
  write: writePodSandboxStateValue,
});
export type PodSandboxStateValue = types.PodSandboxStateValue;
export type PodSandboxStateValueInit = types.PodSandboxStateValueInit;
function readPodSandboxStateValue(r: WireReader, m: Draft<types.PodSandboxStateValue> = newPodSandboxStateValue()): types.PodSandboxStateValue {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.state = r.int32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStateValue(): Draft<types.PodSandboxStateValue> {
  return {
    state: 0,
  };
}
function writePodSandboxStateValue(w: WireWriter, m: types.PodSandboxStateValueInit): void {
  w.int32(8, m.state);
}
function fieldsOfPodSandboxStateValue(): readonly FieldTable[] {
  return [
    one('state', 'state', 'enum'),
  ];
}

/** Codec of `runtime.v1.PodSandboxFilter`. */
export const PodSandboxFilter: Codec<types.PodSandboxFilter, types.PodSandboxFilterInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxFilter', fields: fieldsOfPodSandboxFilter },
  read: readPodSandboxFilter,
  write: writePodSandboxFilter,
});
export type PodSandboxFilter = types.PodSandboxFilter;
export type PodSandboxFilterInit = types.PodSandboxFilterInit;
function readPodSandboxFilter(r: WireReader, m: Draft<types.PodSandboxFilter> = newPodSandboxFilter()): types.PodSandboxFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.state = r.message(readPodSandboxStateValue, m.state); break;
      case 26: m.labelSelector = r.entry(m.labelSelector); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxFilter(): Draft<types.PodSandboxFilter> {
  return {
    id: '',
    state: null,
    labelSelector: emptyMap,
  };
}
function writePodSandboxFilter(w: WireWriter, m: types.PodSandboxFilterInit): void {
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

/** Codec of `runtime.v1.ListPodSandboxRequest`. */
export const ListPodSandboxRequest: Codec<types.ListPodSandboxRequest, types.ListPodSandboxRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxRequest', fields: fieldsOfListPodSandboxRequest },
  read: readListPodSandboxRequest,
  write: writeListPodSandboxRequest,
});
export type ListPodSandboxRequest = types.ListPodSandboxRequest;
export type ListPodSandboxRequestInit = types.ListPodSandboxRequestInit;
function readListPodSandboxRequest(r: WireReader, m: Draft<types.ListPodSandboxRequest> = newListPodSandboxRequest()): types.ListPodSandboxRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readPodSandboxFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxRequest(): Draft<types.ListPodSandboxRequest> {
  return {
    filter: null,
  };
}
function writeListPodSandboxRequest(w: WireWriter, m: types.ListPodSandboxRequestInit): void {
  w.message(10, m.filter, writePodSandboxFilter);
}
function fieldsOfListPodSandboxRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.PodSandboxFilter', fields: fieldsOfPodSandboxFilter }),
  ];
}

/** Codec of `runtime.v1.ListPodSandboxResponse`. */
export const ListPodSandboxResponse: Codec<types.ListPodSandboxResponse, types.ListPodSandboxResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxResponse', fields: fieldsOfListPodSandboxResponse },
  read: readListPodSandboxResponse,
  write: writeListPodSandboxResponse,
});
export type ListPodSandboxResponse = types.ListPodSandboxResponse;
export type ListPodSandboxResponseInit = types.ListPodSandboxResponseInit;
function readListPodSandboxResponse(r: WireReader, m: Draft<types.ListPodSandboxResponse> = newListPodSandboxResponse()): types.ListPodSandboxResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.items = r.append(m.items, r.message(readPodSandbox, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxResponse(): Draft<types.ListPodSandboxResponse> {
  return {
    items: emptyList,
  };
}
function writeListPodSandboxResponse(w: WireWriter, m: types.ListPodSandboxResponseInit): void {
  w.messages(10, m.items, writePodSandbox);
}
function fieldsOfListPodSandboxResponse(): readonly FieldTable[] {
  return [
    list('items', 'items', { name: 'runtime.v1.PodSandbox', fields: fieldsOfPodSandbox }),
  ];
}

/** Codec of `runtime.v1.StreamPodSandboxesRequest`. */
export const StreamPodSandboxesRequest: Codec<types.StreamPodSandboxesRequest, types.StreamPodSandboxesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxesRequest', fields: fieldsOfStreamPodSandboxesRequest },
  read: readStreamPodSandboxesRequest,
  write: writeStreamPodSandboxesRequest,
});
export type StreamPodSandboxesRequest = types.StreamPodSandboxesRequest;
export type StreamPodSandboxesRequestInit = types.StreamPodSandboxesRequestInit;
function readStreamPodSandboxesRequest(r: WireReader, m: Draft<types.StreamPodSandboxesRequest> = newStreamPodSandboxesRequest()): types.StreamPodSandboxesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readPodSandboxFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxesRequest(): Draft<types.StreamPodSandboxesRequest> {
  return {
    filter: null,
  };
}
function writeStreamPodSandboxesRequest(w: WireWriter, m: types.StreamPodSandboxesRequestInit): void {
  w.message(10, m.filter, writePodSandboxFilter);
}
function fieldsOfStreamPodSandboxesRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.PodSandboxFilter', fields: fieldsOfPodSandboxFilter }),
  ];
}

/** Codec of `runtime.v1.StreamPodSandboxesResponse`. */
export const StreamPodSandboxesResponse: Codec<types.StreamPodSandboxesResponse, types.StreamPodSandboxesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxesResponse', fields: fieldsOfStreamPodSandboxesResponse },
  read: readStreamPodSandboxesResponse,
  write: writeStreamPodSandboxesResponse,
});
export type StreamPodSandboxesResponse = types.StreamPodSandboxesResponse;
export type StreamPodSandboxesResponseInit = types.StreamPodSandboxesResponseInit;
function readStreamPodSandboxesResponse(r: WireReader, m: Draft<types.StreamPodSandboxesResponse> = newStreamPodSandboxesResponse()): types.StreamPodSandboxesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxes = r.append(m.podSandboxes, r.message(readPodSandbox, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxesResponse(): Draft<types.StreamPodSandboxesResponse> {
  return {
    podSandboxes: emptyList,
  };
}
function writeStreamPodSandboxesResponse(w: WireWriter, m: types.StreamPodSandboxesResponseInit): void {
  w.messages(10, m.podSandboxes, writePodSandbox);
}
function fieldsOfStreamPodSandboxesResponse(): readonly FieldTable[] {
  return [
    list('podSandboxes', 'pod_sandboxes', { name: 'runtime.v1.PodSandbox', fields: fieldsOfPodSandbox }),
  ];
}

/** Codec of `runtime.v1.UpdatePodSandboxResourcesRequest`. */
export const UpdatePodSandboxResourcesRequest: Codec<types.UpdatePodSandboxResourcesRequest, types.UpdatePodSandboxResourcesRequestInit> = makeCodec({
  table: { name: 'runtime.v1.UpdatePodSandboxResourcesRequest', fields: fieldsOfUpdatePodSandboxResourcesRequest },
  read: readUpdatePodSandboxResourcesRequest,
  write: writeUpdatePodSandboxResourcesRequest,
});
export type UpdatePodSandboxResourcesRequest = types.UpdatePodSandboxResourcesRequest;
export type UpdatePodSandboxResourcesRequestInit = types.UpdatePodSandboxResourcesRequestInit;
function readUpdatePodSandboxResourcesRequest(r: WireReader, m: Draft<types.UpdatePodSandboxResourcesRequest> = newUpdatePodSandboxResourcesRequest()): types.UpdatePodSandboxResourcesRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      case 18: m.overhead = r.message(readLinuxContainerResources, m.overhead); break;
      case 26: m.resources = r.message(readLinuxContainerResources, m.resources); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newUpdatePodSandboxResourcesRequest(): Draft<types.UpdatePodSandboxResourcesRequest> {
  return {
    podSandboxId: '',
    overhead: null,
    resources: null,
  };
}
function writeUpdatePodSandboxResourcesRequest(w: WireWriter, m: types.UpdatePodSandboxResourcesRequestInit): void {
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

/** Codec of `runtime.v1.UpdatePodSandboxResourcesResponse`. */
export const UpdatePodSandboxResourcesResponse: Codec<types.UpdatePodSandboxResourcesResponse, types.UpdatePodSandboxResourcesResponseInit> = makeCodec({
  table: { name: 'runtime.v1.UpdatePodSandboxResourcesResponse', fields: fieldsOfUpdatePodSandboxResourcesResponse },
  read: readUpdatePodSandboxResourcesResponse,
  write: writeUpdatePodSandboxResourcesResponse,
});
export type UpdatePodSandboxResourcesResponse = types.UpdatePodSandboxResourcesResponse;
export type UpdatePodSandboxResourcesResponseInit = types.UpdatePodSandboxResourcesResponseInit;
function readUpdatePodSandboxResourcesResponse(r: WireReader, m: Draft<types.UpdatePodSandboxResourcesResponse> = {}): types.UpdatePodSandboxResourcesResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeUpdatePodSandboxResourcesResponse(): void {}
function fieldsOfUpdatePodSandboxResourcesResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.PortForwardRequest`. */
export const PortForwardRequest: Codec<types.PortForwardRequest, types.PortForwardRequestInit> = makeCodec({
  table: { name: 'runtime.v1.PortForwardRequest', fields: fieldsOfPortForwardRequest },
  read: readPortForwardRequest,
  write: writePortForwardRequest,
});
export type PortForwardRequest = types.PortForwardRequest;
export type PortForwardRequestInit = types.PortForwardRequestInit;
function readPortForwardRequest(r: WireReader, m: Draft<types.PortForwardRequest> = newPortForwardRequest()): types.PortForwardRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      case 18: m.port = r.packed(m.port, (packed) => packed.int32()); break;
      case 16: m.port = r.append(m.port, r.int32()); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPortForwardRequest(): Draft<types.PortForwardRequest> {
  return {
    podSandboxId: '',
    port: emptyList,
  };
}
function writePortForwardRequest(w: WireWriter, m: types.PortForwardRequestInit): void {
  w.string(10, m.podSandboxId);
  w.int32s(18, m.port);
}
function fieldsOfPortForwardRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    list('port', 'port', 'int32'),
  ];
}

/** Codec of `runtime.v1.PortForwardResponse`. */
export const PortForwardResponse: Codec<types.PortForwardResponse, types.PortForwardResponseInit> = makeCodec({
  table: { name: 'runtime.v1.PortForwardResponse', fields: fieldsOfPortForwardResponse },
  read: readPortForwardResponse,
  write: writePortForwardResponse,
});
export type PortForwardResponse = types.PortForwardResponse;
export type PortForwardResponseInit = types.PortForwardResponseInit;
function readPortForwardResponse(r: WireReader, m: Draft<types.PortForwardResponse> = newPortForwardResponse()): types.PortForwardResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.url = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPortForwardResponse(): Draft<types.PortForwardResponse> {
  return {
    url: '',
  };
}
function writePortForwardResponse(w: WireWriter, m: types.PortForwardResponseInit): void {
  w.string(10, m.url);
}
function fieldsOfPortForwardResponse(): readonly FieldTable[] {
  return [
    one('url', 'url', 'string'),
  ];
}

/** Codec of `runtime.v1.CheckpointPodRequest`. */
export const CheckpointPodRequest: Codec<types.CheckpointPodRequest, types.CheckpointPodRequestInit> = makeCodec({
  table: { name: 'runtime.v1.CheckpointPodRequest', fields: fieldsOfCheckpointPodRequest },
  read: readCheckpointPodRequest,
  write: writeCheckpointPodRequest,
});
export type CheckpointPodRequest = types.CheckpointPodRequest;
export type CheckpointPodRequestInit = types.CheckpointPodRequestInit;
function readCheckpointPodRequest(r: WireReader, m: Draft<types.CheckpointPodRequest> = newCheckpointPodRequest()): types.CheckpointPodRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      case 18: m.outputPath = r.string(); break;
      case 26: m.containerIds = r.append(m.containerIds, r.string()); break;
      case 34: m.options = r.entry(m.options); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newCheckpointPodRequest(): Draft<types.CheckpointPodRequest> {
  return {
    podSandboxId: '',
    outputPath: '',
    containerIds: emptyList,
    options: emptyMap,
  };
}
function writeCheckpointPodRequest(w: WireWriter, m: types.CheckpointPodRequestInit): void {
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

/** Codec of `runtime.v1.CheckpointPodResponse`. */
export const CheckpointPodResponse: Codec<types.CheckpointPodResponse, types.CheckpointPodResponseInit> = makeCodec({
  table: { name: 'runtime.v1.CheckpointPodResponse', fields: fieldsOfCheckpointPodResponse },
  read: readCheckpointPodResponse,
  write: writeCheckpointPodResponse,
});
export type CheckpointPodResponse = types.CheckpointPodResponse;
export type CheckpointPodResponseInit = types.CheckpointPodResponseInit;
function readCheckpointPodResponse(r: WireReader, m: Draft<types.CheckpointPodResponse> = {}): types.CheckpointPodResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function writeCheckpointPodResponse(): void {}
function fieldsOfCheckpointPodResponse(): readonly FieldTable[] {
  return [];
}

/** Codec of `runtime.v1.RestorePodRequest`. */
export const RestorePodRequest: Codec<types.RestorePodRequest, types.RestorePodRequestInit> = makeCodec({
  table: { name: 'runtime.v1.RestorePodRequest', fields: fieldsOfRestorePodRequest },
  read: readRestorePodRequest,
  write: writeRestorePodRequest,
});
export type RestorePodRequest = types.RestorePodRequest;
export type RestorePodRequestInit = types.RestorePodRequestInit;
function readRestorePodRequest(r: WireReader, m: Draft<types.RestorePodRequest> = newRestorePodRequest()): types.RestorePodRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.checkpointPath = r.string(); break;
      case 18: m.config = r.message(readPodSandboxConfig, m.config); break;
      case 26: m.runtimeHandler = r.string(); break;
      case 34: m.options = r.entry(m.options); break;
      case 42: m.containerConfigs = r.append(m.containerConfigs, r.message(readContainerConfig, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRestorePodRequest(): Draft<types.RestorePodRequest> {
  return {
    checkpointPath: '',
    config: null,
    runtimeHandler: '',
    options: emptyMap,
    containerConfigs: emptyList,
  };
}
function writeRestorePodRequest(w: WireWriter, m: types.RestorePodRequestInit): void {
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

/** Codec of `runtime.v1.RestoredContainer`. */
export const RestoredContainer: Codec<types.RestoredContainer, types.RestoredContainerInit> = makeCodec({
  table: { name: 'runtime.v1.RestoredContainer', fields: fieldsOfRestoredContainer },
  read: readRestoredContainer,
  write: writeRestoredContainer,
});
export type RestoredContainer = types.RestoredContainer;
export type RestoredContainerInit = types.RestoredContainerInit;
function readRestoredContainer(r: WireReader, m: Draft<types.RestoredContainer> = newRestoredContainer()): types.RestoredContainer {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.name = r.string(); break;
      case 18: m.containerId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRestoredContainer(): Draft<types.RestoredContainer> {
  return {
    name: '',
    containerId: '',
  };
}
function writeRestoredContainer(w: WireWriter, m: types.RestoredContainerInit): void {
  w.string(10, m.name);
  w.string(18, m.containerId);
}
function fieldsOfRestoredContainer(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('containerId', 'container_id', 'string'),
  ];
}

/** Codec of `runtime.v1.RestorePodResponse`. */
export const RestorePodResponse: Codec<types.RestorePodResponse, types.RestorePodResponseInit> = makeCodec({
  table: { name: 'runtime.v1.RestorePodResponse', fields: fieldsOfRestorePodResponse },
  read: readRestorePodResponse,
  write: writeRestorePodResponse,
});
export type RestorePodResponse = types.RestorePodResponse;
export type RestorePodResponseInit = types.RestorePodResponseInit;
function readRestorePodResponse(r: WireReader, m: Draft<types.RestorePodResponse> = newRestorePodResponse()): types.RestorePodResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      case 18: m.restoredContainers = r.append(m.restoredContainers, r.message(readRestoredContainer, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newRestorePodResponse(): Draft<types.RestorePodResponse> {
  return {
    podSandboxId: '',
    restoredContainers: emptyList,
  };
}
function writeRestorePodResponse(w: WireWriter, m: types.RestorePodResponseInit): void {
  w.string(10, m.podSandboxId);
  w.messages(18, m.restoredContainers, writeRestoredContainer);
}
function fieldsOfRestorePodResponse(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
    list('restoredContainers', 'restored_containers', { name: 'runtime.v1.RestoredContainer', fields: fieldsOfRestoredContainer }),
  ];
}

/** Codec of `runtime.v1.ContainerStats`. */
export const ContainerStats: Codec<types.ContainerStats, types.ContainerStatsInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStats', fields: fieldsOfContainerStats },
  read: readContainerStats,
  write: writeContainerStats,
});
export type ContainerStats = types.ContainerStats;
export type ContainerStatsInit = types.ContainerStatsInit;
function readContainerStats(r: WireReader, m: Draft<types.ContainerStats> = newContainerStats()): types.ContainerStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.attributes = r.message(readContainerAttributes, m.attributes); break;
      case 18: m.cpu = r.message(readCpuUsage, m.cpu); break;
      case 26: m.memory = r.message(readMemoryUsage, m.memory); break;
      case 34: m.writableLayer = r.message(readFilesystemUsage, m.writableLayer); break;
      case 42: m.swap = r.message(readSwapUsage, m.swap); break;
      case 50: m.io = r.message(readIoUsage, m.io); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerStats(): Draft<types.ContainerStats> {
  return {
    attributes: null,
    cpu: null,
    memory: null,
    writableLayer: null,
    swap: null,
    io: null,
  };
}
function writeContainerStats(w: WireWriter, m: types.ContainerStatsInit): void {
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

/** Codec of `runtime.v1.ContainerAttributes`. */
export const ContainerAttributes: Codec<types.ContainerAttributes, types.ContainerAttributesInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerAttributes', fields: fieldsOfContainerAttributes },
  read: readContainerAttributes,
  write: writeContainerAttributes,
});
export type ContainerAttributes = types.ContainerAttributes;
export type ContainerAttributesInit = types.ContainerAttributesInit;
function readContainerAttributes(r: WireReader, m: Draft<types.ContainerAttributes> = newContainerAttributes()): types.ContainerAttributes {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.metadata = r.message(readContainerMetadata, m.metadata); break;
      case 26: m.labels = r.entry(m.labels); break;
      case 34: m.annotations = r.entry(m.annotations); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerAttributes(): Draft<types.ContainerAttributes> {
  return {
    id: '',
    metadata: null,
    labels: emptyMap,
    annotations: emptyMap,
  };
}
function writeContainerAttributes(w: WireWriter, m: types.ContainerAttributesInit): void {
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

/** Codec of `runtime.v1.CpuUsage`. */
export const CpuUsage: Codec<types.CpuUsage, types.CpuUsageInit> = makeCodec({
  table: { name: 'runtime.v1.CpuUsage', fields: fieldsOfCpuUsage },
  read: readCpuUsage,
  write: writeCpuUsage,
});
export type CpuUsage = types.CpuUsage;
export type CpuUsageInit = types.CpuUsageInit;
function readCpuUsage(r: WireReader, m: Draft<types.CpuUsage> = newCpuUsage()): types.CpuUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.usageCoreNanoSeconds = r.message(readUInt64Value, m.usageCoreNanoSeconds); break;
      case 26: m.usageNanoCores = r.message(readUInt64Value, m.usageNanoCores); break;
      case 34: m.psi = r.message(readPsiStats, m.psi); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newCpuUsage(): Draft<types.CpuUsage> {
  return {
    timestamp: 0n,
    usageCoreNanoSeconds: null,
    usageNanoCores: null,
    psi: null,
  };
}
function writeCpuUsage(w: WireWriter, m: types.CpuUsageInit): void {
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

/** Codec of `runtime.v1.MemoryUsage`. */
export const MemoryUsage: Codec<types.MemoryUsage, types.MemoryUsageInit> = makeCodec({
  table: { name: 'runtime.v1.MemoryUsage', fields: fieldsOfMemoryUsage },
  read: readMemoryUsage,
  write: writeMemoryUsage,
});
export type MemoryUsage = types.MemoryUsage;
export type MemoryUsageInit = types.MemoryUsageInit;
function readMemoryUsage(r: WireReader, m: Draft<types.MemoryUsage> = newMemoryUsage()): types.MemoryUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.workingSetBytes = r.message(readUInt64Value, m.workingSetBytes); break;
      case 26: m.availableBytes = r.message(readUInt64Value, m.availableBytes); break;
      case 34: m.usageBytes = r.message(readUInt64Value, m.usageBytes); break;
      case 42: m.rssBytes = r.message(readUInt64Value, m.rssBytes); break;
      case 50: m.pageFaults = r.message(readUInt64Value, m.pageFaults); break;
      case 58: m.majorPageFaults = r.message(readUInt64Value, m.majorPageFaults); break;
      case 66: m.psi = r.message(readPsiStats, m.psi); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newMemoryUsage(): Draft<types.MemoryUsage> {
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
function writeMemoryUsage(w: WireWriter, m: types.MemoryUsageInit): void {
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

/** Codec of `runtime.v1.SwapUsage`. */
export const SwapUsage: Codec<types.SwapUsage, types.SwapUsageInit> = makeCodec({
  table: { name: 'runtime.v1.SwapUsage', fields: fieldsOfSwapUsage },
  read: readSwapUsage,
  write: writeSwapUsage,
});
export type SwapUsage = types.SwapUsage;
export type SwapUsageInit = types.SwapUsageInit;
function readSwapUsage(r: WireReader, m: Draft<types.SwapUsage> = newSwapUsage()): types.SwapUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.swapAvailableBytes = r.message(readUInt64Value, m.swapAvailableBytes); break;
      case 26: m.swapUsageBytes = r.message(readUInt64Value, m.swapUsageBytes); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newSwapUsage(): Draft<types.SwapUsage> {
  return {
    timestamp: 0n,
    swapAvailableBytes: null,
    swapUsageBytes: null,
  };
}
function writeSwapUsage(w: WireWriter, m: types.SwapUsageInit): void {
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

/** Codec of `runtime.v1.IoUsage`. */
export const IoUsage: Codec<types.IoUsage, types.IoUsageInit> = makeCodec({
  table: { name: 'runtime.v1.IoUsage', fields: fieldsOfIoUsage },
  read: readIoUsage,
  write: writeIoUsage,
});
export type IoUsage = types.IoUsage;
export type IoUsageInit = types.IoUsageInit;
function readIoUsage(r: WireReader, m: Draft<types.IoUsage> = newIoUsage()): types.IoUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.psi = r.message(readPsiStats, m.psi); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newIoUsage(): Draft<types.IoUsage> {
  return {
    timestamp: 0n,
    psi: null,
  };
}
function writeIoUsage(w: WireWriter, m: types.IoUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.psi, writePsiStats);
}
function fieldsOfIoUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('psi', 'psi', { name: 'runtime.v1.PsiStats', fields: fieldsOfPsiStats }),
  ];
}

/** Codec of `runtime.v1.PsiStats`. */
export const PsiStats: Codec<types.PsiStats, types.PsiStatsInit> = makeCodec({
  table: { name: 'runtime.v1.PsiStats', fields: fieldsOfPsiStats },
  read: readPsiStats,
  write: writePsiStats,
});
export type PsiStats = types.PsiStats;
export type PsiStatsInit = types.PsiStatsInit;
function readPsiStats(r: WireReader, m: Draft<types.PsiStats> = newPsiStats()): types.PsiStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.full = r.message(readPsiData, m.full); break;
      case 18: m.some = r.message(readPsiData, m.some); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPsiStats(): Draft<types.PsiStats> {
  return {
    full: null,
    some: null,
  };
}
function writePsiStats(w: WireWriter, m: types.PsiStatsInit): void {
  w.message(10, m.full, writePsiData);
  w.message(18, m.some, writePsiData);
}
function fieldsOfPsiStats(): readonly FieldTable[] {
  return [
    one('full', 'Full', { name: 'runtime.v1.PsiData', fields: fieldsOfPsiData }),
    one('some', 'Some', { name: 'runtime.v1.PsiData', fields: fieldsOfPsiData }),
  ];
}

/** Codec of `runtime.v1.PsiData`. */
export const PsiData: Codec<types.PsiData, types.PsiDataInit> = makeCodec({
  table: { name: 'runtime.v1.PsiData', fields: fieldsOfPsiData },
  read: readPsiData,
  write: writePsiData,
});
export type PsiData = types.PsiData;
export type PsiDataInit = types.PsiDataInit;
function readPsiData(r: WireReader, m: Draft<types.PsiData> = newPsiData()): types.PsiData {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.total = r.uint64(); break;
      case 17: m.avg10 = r.double(); break;
      case 25: m.avg60 = r.double(); break;
      case 33: m.avg300 = r.double(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPsiData(): Draft<types.PsiData> {
  return {
    total: 0n,
    avg10: 0,
    avg60: 0,
    avg300: 0,
  };
}
function writePsiData(w: WireWriter, m: types.PsiDataInit): void {
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

/** Codec of `runtime.v1.WindowsContainerStats`. */
export const WindowsContainerStats: Codec<types.WindowsContainerStats, types.WindowsContainerStatsInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsContainerStats', fields: fieldsOfWindowsContainerStats },
  read: readWindowsContainerStats,
  write: writeWindowsContainerStats,
});
export type WindowsContainerStats = types.WindowsContainerStats;
export type WindowsContainerStatsInit = types.WindowsContainerStatsInit;
function readWindowsContainerStats(r: WireReader, m: Draft<types.WindowsContainerStats> = newWindowsContainerStats()): types.WindowsContainerStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.attributes = r.message(readContainerAttributes, m.attributes); break;
      case 18: m.cpu = r.message(readWindowsCpuUsage, m.cpu); break;
      case 26: m.memory = r.message(readWindowsMemoryUsage, m.memory); break;
      case 34: m.writableLayer = r.message(readWindowsFilesystemUsage, m.writableLayer); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsContainerStats(): Draft<types.WindowsContainerStats> {
  return {
    attributes: null,
    cpu: null,
    memory: null,
    writableLayer: null,
  };
}
function writeWindowsContainerStats(w: WireWriter, m: types.WindowsContainerStatsInit): void {
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

/** Codec of `runtime.v1.WindowsCpuUsage`. */
export const WindowsCpuUsage: Codec<types.WindowsCpuUsage, types.WindowsCpuUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsCpuUsage', fields: fieldsOfWindowsCpuUsage },
  read: readWindowsCpuUsage,
  write: writeWindowsCpuUsage,
});
export type WindowsCpuUsage = types.WindowsCpuUsage;
export type WindowsCpuUsageInit = types.WindowsCpuUsageInit;
function readWindowsCpuUsage(r: WireReader, m: Draft<types.WindowsCpuUsage> = newWindowsCpuUsage()): types.WindowsCpuUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.usageCoreNanoSeconds = r.message(readUInt64Value, m.usageCoreNanoSeconds); break;
      case 26: m.usageNanoCores = r.message(readUInt64Value, m.usageNanoCores); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsCpuUsage(): Draft<types.WindowsCpuUsage> {
  return {
    timestamp: 0n,
    usageCoreNanoSeconds: null,
    usageNanoCores: null,
  };
}
function writeWindowsCpuUsage(w: WireWriter, m: types.WindowsCpuUsageInit): void {
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

/** Codec of `runtime.v1.WindowsMemoryUsage`. */
export const WindowsMemoryUsage: Codec<types.WindowsMemoryUsage, types.WindowsMemoryUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsMemoryUsage', fields: fieldsOfWindowsMemoryUsage },
  read: readWindowsMemoryUsage,
  write: writeWindowsMemoryUsage,
});
export type WindowsMemoryUsage = types.WindowsMemoryUsage;
export type WindowsMemoryUsageInit = types.WindowsMemoryUsageInit;
function readWindowsMemoryUsage(r: WireReader, m: Draft<types.WindowsMemoryUsage> = newWindowsMemoryUsage()): types.WindowsMemoryUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.workingSetBytes = r.message(readUInt64Value, m.workingSetBytes); break;
      case 26: m.availableBytes = r.message(readUInt64Value, m.availableBytes); break;
      case 34: m.pageFaults = r.message(readUInt64Value, m.pageFaults); break;
      case 42: m.commitMemoryBytes = r.message(readUInt64Value, m.commitMemoryBytes); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsMemoryUsage(): Draft<types.WindowsMemoryUsage> {
  return {
    timestamp: 0n,
    workingSetBytes: null,
    availableBytes: null,
    pageFaults: null,
    commitMemoryBytes: null,
  };
}
function writeWindowsMemoryUsage(w: WireWriter, m: types.WindowsMemoryUsageInit): void {
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

/** Codec of `runtime.v1.PodSandboxStats`. */
export const PodSandboxStats: Codec<types.PodSandboxStats, types.PodSandboxStatsInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStats', fields: fieldsOfPodSandboxStats },
  read: readPodSandboxStats,
  write: writePodSandboxStats,
});
export type PodSandboxStats = types.PodSandboxStats;
export type PodSandboxStatsInit = types.PodSandboxStatsInit;
function readPodSandboxStats(r: WireReader, m: Draft<types.PodSandboxStats> = newPodSandboxStats()): types.PodSandboxStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.attributes = r.message(readPodSandboxAttributes, m.attributes); break;
      case 18: m.linux = r.message(readLinuxPodSandboxStats, m.linux); break;
      case 26: m.windows = r.message(readWindowsPodSandboxStats, m.windows); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStats(): Draft<types.PodSandboxStats> {
  return {
    attributes: null,
    linux: null,
    windows: null,
  };
}
function writePodSandboxStats(w: WireWriter, m: types.PodSandboxStatsInit): void {
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

/** Codec of `runtime.v1.PodSandboxAttributes`. */
export const PodSandboxAttributes: Codec<types.PodSandboxAttributes, types.PodSandboxAttributesInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxAttributes', fields: fieldsOfPodSandboxAttributes },
  read: readPodSandboxAttributes,
  write: writePodSandboxAttributes,
});
export type PodSandboxAttributes = types.PodSandboxAttributes;
export type PodSandboxAttributesInit = types.PodSandboxAttributesInit;
function readPodSandboxAttributes(r: WireReader, m: Draft<types.PodSandboxAttributes> = newPodSandboxAttributes()): types.PodSandboxAttributes {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.metadata = r.message(readPodSandboxMetadata, m.metadata); break;
      case 26: m.labels = r.entry(m.labels); break;
      case 34: m.annotations = r.entry(m.annotations); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxAttributes(): Draft<types.PodSandboxAttributes> {
  return {
    id: '',
    metadata: null,
    labels: emptyMap,
    annotations: emptyMap,
  };
}
function writePodSandboxAttributes(w: WireWriter, m: types.PodSandboxAttributesInit): void {
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

/** Codec of `runtime.v1.LinuxPodSandboxStats`. */
export const LinuxPodSandboxStats: Codec<types.LinuxPodSandboxStats, types.LinuxPodSandboxStatsInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxPodSandboxStats', fields: fieldsOfLinuxPodSandboxStats },
  read: readLinuxPodSandboxStats,
  write: writeLinuxPodSandboxStats,
});
export type LinuxPodSandboxStats = types.LinuxPodSandboxStats;
export type LinuxPodSandboxStatsInit = types.LinuxPodSandboxStatsInit;
function readLinuxPodSandboxStats(r: WireReader, m: Draft<types.LinuxPodSandboxStats> = newLinuxPodSandboxStats()): types.LinuxPodSandboxStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.cpu = r.message(readCpuUsage, m.cpu); break;
      case 18: m.memory = r.message(readMemoryUsage, m.memory); break;
      case 26: m.network = r.message(readNetworkUsage, m.network); break;
      case 34: m.process = r.message(readProcessUsage, m.process); break;
      case 42: m.containers = r.append(m.containers, r.message(readContainerStats, null)); break;
      case 50: m.io = r.message(readIoUsage, m.io); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newLinuxPodSandboxStats(): Draft<types.LinuxPodSandboxStats> {
  return {
    cpu: null,
    memory: null,
    network: null,
    process: null,
    containers: emptyList,
    io: null,
  };
}
function writeLinuxPodSandboxStats(w: WireWriter, m: types.LinuxPodSandboxStatsInit): void {
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

/** Codec of `runtime.v1.NetworkUsage`. */
export const NetworkUsage: Codec<types.NetworkUsage, types.NetworkUsageInit> = makeCodec({
  table: { name: 'runtime.v1.NetworkUsage', fields: fieldsOfNetworkUsage },
  read: readNetworkUsage,
  write: writeNetworkUsage,
});
export type NetworkUsage = types.NetworkUsage;
export type NetworkUsageInit = types.NetworkUsageInit;
function readNetworkUsage(r: WireReader, m: Draft<types.NetworkUsage> = newNetworkUsage()): types.NetworkUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.defaultInterface = r.message(readNetworkInterfaceUsage, m.defaultInterface); break;
      case 26: m.interfaces = r.append(m.interfaces, r.message(readNetworkInterfaceUsage, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newNetworkUsage(): Draft<types.NetworkUsage> {
  return {
    timestamp: 0n,
    defaultInterface: null,
    interfaces: emptyList,
  };
}
function writeNetworkUsage(w: WireWriter, m: types.NetworkUsageInit): void {
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

/** Codec of `runtime.v1.NetworkInterfaceUsage`. */
export const NetworkInterfaceUsage: Codec<types.NetworkInterfaceUsage, types.NetworkInterfaceUsageInit> = makeCodec({
  table: { name: 'runtime.v1.NetworkInterfaceUsage', fields: fieldsOfNetworkInterfaceUsage },
  read: readNetworkInterfaceUsage,
  write: writeNetworkInterfaceUsage,
});
export type NetworkInterfaceUsage = types.NetworkInterfaceUsage;
export type NetworkInterfaceUsageInit = types.NetworkInterfaceUsageInit;
function readNetworkInterfaceUsage(r: WireReader, m: Draft<types.NetworkInterfaceUsage> = newNetworkInterfaceUsage()): types.NetworkInterfaceUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.name = r.string(); break;
      case 18: m.rxBytes = r.message(readUInt64Value, m.rxBytes); break;
      case 26: m.rxErrors = r.message(readUInt64Value, m.rxErrors); break;
      case 34: m.txBytes = r.message(readUInt64Value, m.txBytes); break;
      case 42: m.txErrors = r.message(readUInt64Value, m.txErrors); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newNetworkInterfaceUsage(): Draft<types.NetworkInterfaceUsage> {
  return {
    name: '',
    rxBytes: null,
    rxErrors: null,
    txBytes: null,
    txErrors: null,
  };
}
function writeNetworkInterfaceUsage(w: WireWriter, m: types.NetworkInterfaceUsageInit): void {
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

/** Codec of `runtime.v1.ProcessUsage`. */
export const ProcessUsage: Codec<types.ProcessUsage, types.ProcessUsageInit> = makeCodec({
  table: { name: 'runtime.v1.ProcessUsage', fields: fieldsOfProcessUsage },
  read: readProcessUsage,
  write: writeProcessUsage,
});
export type ProcessUsage = types.ProcessUsage;
export type ProcessUsageInit = types.ProcessUsageInit;
function readProcessUsage(r: WireReader, m: Draft<types.ProcessUsage> = newProcessUsage()): types.ProcessUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.processCount = r.message(readUInt64Value, m.processCount); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newProcessUsage(): Draft<types.ProcessUsage> {
  return {
    timestamp: 0n,
    processCount: null,
  };
}
function writeProcessUsage(w: WireWriter, m: types.ProcessUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.processCount, writeUInt64Value);
}
function fieldsOfProcessUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('processCount', 'process_count', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

/** Codec of `runtime.v1.WindowsPodSandboxStats`. */
export const WindowsPodSandboxStats: Codec<types.WindowsPodSandboxStats, types.WindowsPodSandboxStatsInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsPodSandboxStats', fields: fieldsOfWindowsPodSandboxStats },
  read: readWindowsPodSandboxStats,
  write: writeWindowsPodSandboxStats,
});
export type WindowsPodSandboxStats = types.WindowsPodSandboxStats;
export type WindowsPodSandboxStatsInit = types.WindowsPodSandboxStatsInit;
function readWindowsPodSandboxStats(r: WireReader, m: Draft<types.WindowsPodSandboxStats> = newWindowsPodSandboxStats()): types.WindowsPodSandboxStats {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.cpu = r.message(readWindowsCpuUsage, m.cpu); break;
      case 18: m.memory = r.message(readWindowsMemoryUsage, m.memory); break;
      case 26: m.network = r.message(readWindowsNetworkUsage, m.network); break;
      case 34: m.process = r.message(readWindowsProcessUsage, m.process); break;
      case 42: m.containers = r.append(m.containers, r.message(readWindowsContainerStats, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsPodSandboxStats(): Draft<types.WindowsPodSandboxStats> {
  return {
    cpu: null,
    memory: null,
    network: null,
    process: null,
    containers: emptyList,
  };
}
function writeWindowsPodSandboxStats(w: WireWriter, m: types.WindowsPodSandboxStatsInit): void {
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

/** Codec of `runtime.v1.WindowsNetworkUsage`. */
export const WindowsNetworkUsage: Codec<types.WindowsNetworkUsage, types.WindowsNetworkUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsNetworkUsage', fields: fieldsOfWindowsNetworkUsage },
  read: readWindowsNetworkUsage,
  write: writeWindowsNetworkUsage,
});
export type WindowsNetworkUsage = types.WindowsNetworkUsage;
export type WindowsNetworkUsageInit = types.WindowsNetworkUsageInit;
function readWindowsNetworkUsage(r: WireReader, m: Draft<types.WindowsNetworkUsage> = newWindowsNetworkUsage()): types.WindowsNetworkUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.defaultInterface = r.message(readWindowsNetworkInterfaceUsage, m.defaultInterface); break;
      case 26: m.interfaces = r.append(m.interfaces, r.message(readWindowsNetworkInterfaceUsage, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsNetworkUsage(): Draft<types.WindowsNetworkUsage> {
  return {
    timestamp: 0n,
    defaultInterface: null,
    interfaces: emptyList,
  };
}
function writeWindowsNetworkUsage(w: WireWriter, m: types.WindowsNetworkUsageInit): void {
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

/** Codec of `runtime.v1.WindowsNetworkInterfaceUsage`. */
export const WindowsNetworkInterfaceUsage: Codec<types.WindowsNetworkInterfaceUsage, types.WindowsNetworkInterfaceUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsNetworkInterfaceUsage', fields: fieldsOfWindowsNetworkInterfaceUsage },
  read: readWindowsNetworkInterfaceUsage,
  write: writeWindowsNetworkInterfaceUsage,
});
export type WindowsNetworkInterfaceUsage = types.WindowsNetworkInterfaceUsage;
export type WindowsNetworkInterfaceUsageInit = types.WindowsNetworkInterfaceUsageInit;
function readWindowsNetworkInterfaceUsage(r: WireReader, m: Draft<types.WindowsNetworkInterfaceUsage> = newWindowsNetworkInterfaceUsage()): types.WindowsNetworkInterfaceUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.name = r.string(); break;
      case 18: m.rxBytes = r.message(readUInt64Value, m.rxBytes); break;
      case 26: m.rxPacketsDropped = r.message(readUInt64Value, m.rxPacketsDropped); break;
      case 34: m.txBytes = r.message(readUInt64Value, m.txBytes); break;
      case 42: m.txPacketsDropped = r.message(readUInt64Value, m.txPacketsDropped); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsNetworkInterfaceUsage(): Draft<types.WindowsNetworkInterfaceUsage> {
  return {
    name: '',
    rxBytes: null,
    rxPacketsDropped: null,
    txBytes: null,
    txPacketsDropped: null,
  };
}
function writeWindowsNetworkInterfaceUsage(w: WireWriter, m: types.WindowsNetworkInterfaceUsageInit): void {
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

/** Codec of `runtime.v1.WindowsProcessUsage`. */
export const WindowsProcessUsage: Codec<types.WindowsProcessUsage, types.WindowsProcessUsageInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsProcessUsage', fields: fieldsOfWindowsProcessUsage },
  read: readWindowsProcessUsage,
  write: writeWindowsProcessUsage,
});
export type WindowsProcessUsage = types.WindowsProcessUsage;
export type WindowsProcessUsageInit = types.WindowsProcessUsageInit;
function readWindowsProcessUsage(r: WireReader, m: Draft<types.WindowsProcessUsage> = newWindowsProcessUsage()): types.WindowsProcessUsage {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.timestamp = r.int64(); break;
      case 18: m.processCount = r.message(readUInt64Value, m.processCount); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsProcessUsage(): Draft<types.WindowsProcessUsage> {
  return {
    timestamp: 0n,
    processCount: null,
  };
}
function writeWindowsProcessUsage(w: WireWriter, m: types.WindowsProcessUsageInit): void {
  w.int64(8, m.timestamp);
  w.message(18, m.processCount, writeUInt64Value);
}
function fieldsOfWindowsProcessUsage(): readonly FieldTable[] {
  return [
    one('timestamp', 'timestamp', 'int64'),
    one('processCount', 'process_count', { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value }),
  ];
}

/** Codec of `runtime.v1.ContainerStatsFilter`. */
export const ContainerStatsFilter: Codec<types.ContainerStatsFilter, types.ContainerStatsFilterInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatsFilter', fields: fieldsOfContainerStatsFilter },
  read: readContainerStatsFilter,
  write: writeContainerStatsFilter,
});
export type ContainerStatsFilter = types.ContainerStatsFilter;
export type ContainerStatsFilterInit = types.ContainerStatsFilterInit;
function readContainerStatsFilter(r: WireReader, m: Draft<types.ContainerStatsFilter> = newContainerStatsFilter()): types.ContainerStatsFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.podSandboxId = r.string(); break;
      case 26: m.labelSelector = r.entry(m.labelSelector); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerStatsFilter(): Draft<types.ContainerStatsFilter> {
  return {
    id: '',
    podSandboxId: '',
    labelSelector: emptyMap,
  };
}
function writeContainerStatsFilter(w: WireWriter, m: types.ContainerStatsFilterInit): void {
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

/** Codec of `runtime.v1.ContainerStatsRequest`. */
export const ContainerStatsRequest: Codec<types.ContainerStatsRequest, types.ContainerStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatsRequest', fields: fieldsOfContainerStatsRequest },
  read: readContainerStatsRequest,
  write: writeContainerStatsRequest,
});
export type ContainerStatsRequest = types.ContainerStatsRequest;
export type ContainerStatsRequestInit = types.ContainerStatsRequestInit;
function readContainerStatsRequest(r: WireReader, m: Draft<types.ContainerStatsRequest> = newContainerStatsRequest()): types.ContainerStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerStatsRequest(): Draft<types.ContainerStatsRequest> {
  return {
    containerId: '',
  };
}
function writeContainerStatsRequest(w: WireWriter, m: types.ContainerStatsRequestInit): void {
  w.string(10, m.containerId);
}
function fieldsOfContainerStatsRequest(): readonly FieldTable[] {
  return [
    one('containerId', 'container_id', 'string'),
  ];
}

/** Codec of `runtime.v1.ContainerStatsResponse`. */
export const ContainerStatsResponse: Codec<types.ContainerStatsResponse, types.ContainerStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerStatsResponse', fields: fieldsOfContainerStatsResponse },
  read: readContainerStatsResponse,
  write: writeContainerStatsResponse,
});
export type ContainerStatsResponse = types.ContainerStatsResponse;
export type ContainerStatsResponseInit = types.ContainerStatsResponseInit;
function readContainerStatsResponse(r: WireReader, m: Draft<types.ContainerStatsResponse> = newContainerStatsResponse()): types.ContainerStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.stats = r.message(readContainerStats, m.stats); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerStatsResponse(): Draft<types.ContainerStatsResponse> {
  return {
    stats: null,
  };
}
function writeContainerStatsResponse(w: WireWriter, m: types.ContainerStatsResponseInit): void {
  w.message(10, m.stats, writeContainerStats);
}
function fieldsOfContainerStatsResponse(): readonly FieldTable[] {
  return [
    one('stats', 'stats', { name: 'runtime.v1.ContainerStats', fields: fieldsOfContainerStats }),
  ];
}

/** Codec of `runtime.v1.ListContainerStatsRequest`. */
export const ListContainerStatsRequest: Codec<types.ListContainerStatsRequest, types.ListContainerStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListContainerStatsRequest', fields: fieldsOfListContainerStatsRequest },
  read: readListContainerStatsRequest,
  write: writeListContainerStatsRequest,
});
export type ListContainerStatsRequest = types.ListContainerStatsRequest;
export type ListContainerStatsRequestInit = types.ListContainerStatsRequestInit;
function readListContainerStatsRequest(r: WireReader, m: Draft<types.ListContainerStatsRequest> = newListContainerStatsRequest()): types.ListContainerStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readContainerStatsFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListContainerStatsRequest(): Draft<types.ListContainerStatsRequest> {
  return {
    filter: null,
  };
}
function writeListContainerStatsRequest(w: WireWriter, m: types.ListContainerStatsRequestInit): void {
  w.message(10, m.filter, writeContainerStatsFilter);
}
function fieldsOfListContainerStatsRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ContainerStatsFilter', fields: fieldsOfContainerStatsFilter }),
  ];
}

/** Codec of `runtime.v1.ListContainerStatsResponse`. */
export const ListContainerStatsResponse: Codec<types.ListContainerStatsResponse, types.ListContainerStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListContainerStatsResponse', fields: fieldsOfListContainerStatsResponse },
  read: readListContainerStatsResponse,
  write: writeListContainerStatsResponse,
});
export type ListContainerStatsResponse = types.ListContainerStatsResponse;
export type ListContainerStatsResponseInit = types.ListContainerStatsResponseInit;
function readListContainerStatsResponse(r: WireReader, m: Draft<types.ListContainerStatsResponse> = newListContainerStatsResponse()): types.ListContainerStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.stats = r.append(m.stats, r.message(readContainerStats, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListContainerStatsResponse(): Draft<types.ListContainerStatsResponse> {
  return {
    stats: emptyList,
  };
}
function writeListContainerStatsResponse(w: WireWriter, m: types.ListContainerStatsResponseInit): void {
  w.messages(10, m.stats, writeContainerStats);
}
function fieldsOfListContainerStatsResponse(): readonly FieldTable[] {
  return [
    list('stats', 'stats', { name: 'runtime.v1.ContainerStats', fields: fieldsOfContainerStats }),
  ];
}

/** Codec of `runtime.v1.StreamContainerStatsRequest`. */
export const StreamContainerStatsRequest: Codec<types.StreamContainerStatsRequest, types.StreamContainerStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamContainerStatsRequest', fields: fieldsOfStreamContainerStatsRequest },
  read: readStreamContainerStatsRequest,
  write: writeStreamContainerStatsRequest,
});
export type StreamContainerStatsRequest = types.StreamContainerStatsRequest;
export type StreamContainerStatsRequestInit = types.StreamContainerStatsRequestInit;
function readStreamContainerStatsRequest(r: WireReader, m: Draft<types.StreamContainerStatsRequest> = newStreamContainerStatsRequest()): types.StreamContainerStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readContainerStatsFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamContainerStatsRequest(): Draft<types.StreamContainerStatsRequest> {
  return {
    filter: null,
  };
}
function writeStreamContainerStatsRequest(w: WireWriter, m: types.StreamContainerStatsRequestInit): void {
  w.message(10, m.filter, writeContainerStatsFilter);
}
function fieldsOfStreamContainerStatsRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.ContainerStatsFilter', fields: fieldsOfContainerStatsFilter }),
  ];
}

/** Codec of `runtime.v1.StreamContainerStatsResponse`. */
export const StreamContainerStatsResponse: Codec<types.StreamContainerStatsResponse, types.StreamContainerStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamContainerStatsResponse', fields: fieldsOfStreamContainerStatsResponse },
  read: readStreamContainerStatsResponse,
  write: writeStreamContainerStatsResponse,
});
export type StreamContainerStatsResponse = types.StreamContainerStatsResponse;
export type StreamContainerStatsResponseInit = types.StreamContainerStatsResponseInit;
function readStreamContainerStatsResponse(r: WireReader, m: Draft<types.StreamContainerStatsResponse> = newStreamContainerStatsResponse()): types.StreamContainerStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.containerStats = r.append(m.containerStats, r.message(readContainerStats, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamContainerStatsResponse(): Draft<types.StreamContainerStatsResponse> {
  return {
    containerStats: emptyList,
  };
}
function writeStreamContainerStatsResponse(w: WireWriter, m: types.StreamContainerStatsResponseInit): void {
  w.messages(10, m.containerStats, writeContainerStats);
}
function fieldsOfStreamContainerStatsResponse(): readonly FieldTable[] {
  return [
    list('containerStats', 'container_stats', { name: 'runtime.v1.ContainerStats', fields: fieldsOfContainerStats }),
  ];
}

/** Codec of `runtime.v1.PodSandboxStatsFilter`. */
export const PodSandboxStatsFilter: Codec<types.PodSandboxStatsFilter, types.PodSandboxStatsFilterInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatsFilter', fields: fieldsOfPodSandboxStatsFilter },
  read: readPodSandboxStatsFilter,
  write: writePodSandboxStatsFilter,
});
export type PodSandboxStatsFilter = types.PodSandboxStatsFilter;
export type PodSandboxStatsFilterInit = types.PodSandboxStatsFilterInit;
function readPodSandboxStatsFilter(r: WireReader, m: Draft<types.PodSandboxStatsFilter> = newPodSandboxStatsFilter()): types.PodSandboxStatsFilter {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.id = r.string(); break;
      case 18: m.labelSelector = r.entry(m.labelSelector); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatsFilter(): Draft<types.PodSandboxStatsFilter> {
  return {
    id: '',
    labelSelector: emptyMap,
  };
}
function writePodSandboxStatsFilter(w: WireWriter, m: types.PodSandboxStatsFilterInit): void {
  w.string(10, m.id);
  w.map(18, m.labelSelector);
}
function fieldsOfPodSandboxStatsFilter(): readonly FieldTable[] {
  return [
    one('id', 'id', 'string'),
    map('labelSelector', 'label_selector'),
  ];
}

/** Codec of `runtime.v1.PodSandboxStatsRequest`. */
export const PodSandboxStatsRequest: Codec<types.PodSandboxStatsRequest, types.PodSandboxStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatsRequest', fields: fieldsOfPodSandboxStatsRequest },
  read: readPodSandboxStatsRequest,
  write: writePodSandboxStatsRequest,
});
export type PodSandboxStatsRequest = types.PodSandboxStatsRequest;
export type PodSandboxStatsRequestInit = types.PodSandboxStatsRequestInit;
function readPodSandboxStatsRequest(r: WireReader, m: Draft<types.PodSandboxStatsRequest> = newPodSandboxStatsRequest()): types.PodSandboxStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxId = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatsRequest(): Draft<types.PodSandboxStatsRequest> {
  return {
    podSandboxId: '',
  };
}
function writePodSandboxStatsRequest(w: WireWriter, m: types.PodSandboxStatsRequestInit): void {
  w.string(10, m.podSandboxId);
}
function fieldsOfPodSandboxStatsRequest(): readonly FieldTable[] {
  return [
    one('podSandboxId', 'pod_sandbox_id', 'string'),
  ];
}

/** Codec of `runtime.v1.PodSandboxStatsResponse`. */
export const PodSandboxStatsResponse: Codec<types.PodSandboxStatsResponse, types.PodSandboxStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxStatsResponse', fields: fieldsOfPodSandboxStatsResponse },
  read: readPodSandboxStatsResponse,
  write: writePodSandboxStatsResponse,
});
export type PodSandboxStatsResponse = types.PodSandboxStatsResponse;
export type PodSandboxStatsResponseInit = types.PodSandboxStatsResponseInit;
function readPodSandboxStatsResponse(r: WireReader, m: Draft<types.PodSandboxStatsResponse> = newPodSandboxStatsResponse()): types.PodSandboxStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.stats = r.message(readPodSandboxStats, m.stats); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxStatsResponse(): Draft<types.PodSandboxStatsResponse> {
  return {
    stats: null,
  };
}
function writePodSandboxStatsResponse(w: WireWriter, m: types.PodSandboxStatsResponseInit): void {
  w.message(10, m.stats, writePodSandboxStats);
}
function fieldsOfPodSandboxStatsResponse(): readonly FieldTable[] {
  return [
    one('stats', 'stats', { name: 'runtime.v1.PodSandboxStats', fields: fieldsOfPodSandboxStats }),
  ];
}

/** Codec of `runtime.v1.ListPodSandboxStatsRequest`. */
export const ListPodSandboxStatsRequest: Codec<types.ListPodSandboxStatsRequest, types.ListPodSandboxStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxStatsRequest', fields: fieldsOfListPodSandboxStatsRequest },
  read: readListPodSandboxStatsRequest,
  write: writeListPodSandboxStatsRequest,
});
export type ListPodSandboxStatsRequest = types.ListPodSandboxStatsRequest;
export type ListPodSandboxStatsRequestInit = types.ListPodSandboxStatsRequestInit;
function readListPodSandboxStatsRequest(r: WireReader, m: Draft<types.ListPodSandboxStatsRequest> = newListPodSandboxStatsRequest()): types.ListPodSandboxStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readPodSandboxStatsFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxStatsRequest(): Draft<types.ListPodSandboxStatsRequest> {
  return {
    filter: null,
  };
}
function writeListPodSandboxStatsRequest(w: WireWriter, m: types.ListPodSandboxStatsRequestInit): void {
  w.message(10, m.filter, writePodSandboxStatsFilter);
}
function fieldsOfListPodSandboxStatsRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.PodSandboxStatsFilter', fields: fieldsOfPodSandboxStatsFilter }),
  ];
}

/** Codec of `runtime.v1.ListPodSandboxStatsResponse`. */
export const ListPodSandboxStatsResponse: Codec<types.ListPodSandboxStatsResponse, types.ListPodSandboxStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.ListPodSandboxStatsResponse', fields: fieldsOfListPodSandboxStatsResponse },
  read: readListPodSandboxStatsResponse,
  write: writeListPodSandboxStatsResponse,
});
export type ListPodSandboxStatsResponse = types.ListPodSandboxStatsResponse;
export type ListPodSandboxStatsResponseInit = types.ListPodSandboxStatsResponseInit;
function readListPodSandboxStatsResponse(r: WireReader, m: Draft<types.ListPodSandboxStatsResponse> = newListPodSandboxStatsResponse()): types.ListPodSandboxStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.stats = r.append(m.stats, r.message(readPodSandboxStats, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newListPodSandboxStatsResponse(): Draft<types.ListPodSandboxStatsResponse> {
  return {
    stats: emptyList,
  };
}
function writeListPodSandboxStatsResponse(w: WireWriter, m: types.ListPodSandboxStatsResponseInit): void {
  w.messages(10, m.stats, writePodSandboxStats);
}
function fieldsOfListPodSandboxStatsResponse(): readonly FieldTable[] {
  return [
    list('stats', 'stats', { name: 'runtime.v1.PodSandboxStats', fields: fieldsOfPodSandboxStats }),
  ];
}

/** Codec of `runtime.v1.StreamPodSandboxStatsRequest`. */
export const StreamPodSandboxStatsRequest: Codec<types.StreamPodSandboxStatsRequest, types.StreamPodSandboxStatsRequestInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxStatsRequest', fields: fieldsOfStreamPodSandboxStatsRequest },
  read: readStreamPodSandboxStatsRequest,
  write: writeStreamPodSandboxStatsRequest,
});
export type StreamPodSandboxStatsRequest = types.StreamPodSandboxStatsRequest;
export type StreamPodSandboxStatsRequestInit = types.StreamPodSandboxStatsRequestInit;
function readStreamPodSandboxStatsRequest(r: WireReader, m: Draft<types.StreamPodSandboxStatsRequest> = newStreamPodSandboxStatsRequest()): types.StreamPodSandboxStatsRequest {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.filter = r.message(readPodSandboxStatsFilter, m.filter); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxStatsRequest(): Draft<types.StreamPodSandboxStatsRequest> {
  return {
    filter: null,
  };
}
function writeStreamPodSandboxStatsRequest(w: WireWriter, m: types.StreamPodSandboxStatsRequestInit): void {
  w.message(10, m.filter, writePodSandboxStatsFilter);
}
function fieldsOfStreamPodSandboxStatsRequest(): readonly FieldTable[] {
  return [
    one('filter', 'filter', { name: 'runtime.v1.PodSandboxStatsFilter', fields: fieldsOfPodSandboxStatsFilter }),
  ];
}

/** Codec of `runtime.v1.StreamPodSandboxStatsResponse`. */
export const StreamPodSandboxStatsResponse: Codec<types.StreamPodSandboxStatsResponse, types.StreamPodSandboxStatsResponseInit> = makeCodec({
  table: { name: 'runtime.v1.StreamPodSandboxStatsResponse', fields: fieldsOfStreamPodSandboxStatsResponse },
  read: readStreamPodSandboxStatsResponse,
  write: writeStreamPodSandboxStatsResponse,
});
export type StreamPodSandboxStatsResponse = types.StreamPodSandboxStatsResponse;
export type StreamPodSandboxStatsResponseInit = types.StreamPodSandboxStatsResponseInit;
function readStreamPodSandboxStatsResponse(r: WireReader, m: Draft<types.StreamPodSandboxStatsResponse> = newStreamPodSandboxStatsResponse()): types.StreamPodSandboxStatsResponse {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.podSandboxStats = r.append(m.podSandboxStats, r.message(readPodSandboxStats, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newStreamPodSandboxStatsResponse(): Draft<types.StreamPodSandboxStatsResponse> {
  return {
    podSandboxStats: emptyList,
  };
}
function writeStreamPodSandboxStatsResponse(w: WireWriter, m: types.StreamPodSandboxStatsResponseInit): void {
  w.messages(10, m.podSandboxStats, writePodSandboxStats);
}
function fieldsOfStreamPodSandboxStatsResponse(): readonly FieldTable[] {
  return [
    list('podSandboxStats', 'pod_sandbox_stats', { name: 'runtime.v1.PodSandboxStats', fields: fieldsOfPodSandboxStats }),
  ];
}

/** Codec of `runtime.v1.Int64Value`. */
export const Int64Value: Codec<types.Int64Value, types.Int64ValueInit> = makeCodec({
  table: { name: 'runtime.v1.Int64Value', fields: fieldsOfInt64Value },
  read: readInt64Value,
  write: writeInt64Value,
});
export type Int64Value = types.Int64Value;
export type Int64ValueInit = types.Int64ValueInit;
function readInt64Value(r: WireReader, m: Draft<types.Int64Value> = newInt64Value()): types.Int64Value {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.value = r.int64(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newInt64Value(): Draft<types.Int64Value> {
  return {
    value: 0n,
  };
}
function writeInt64Value(w: WireWriter, m: types.Int64ValueInit): void {
  w.int64(8, m.value);
}
function fieldsOfInt64Value(): readonly FieldTable[] {
  return [
    one('value', 'value', 'int64'),
  ];
}

/** Codec of `runtime.v1.UInt64Value`. */
export const UInt64Value: Codec<types.UInt64Value, types.UInt64ValueInit> = makeCodec({
  table: { name: 'runtime.v1.UInt64Value', fields: fieldsOfUInt64Value },
  read: readUInt64Value,
  write: writeUInt64Value,
});
export type UInt64Value = types.UInt64Value;
export type UInt64ValueInit = types.UInt64ValueInit;
function readUInt64Value(r: WireReader, m: Draft<types.UInt64Value> = newUInt64Value()): types.UInt64Value {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.value = r.uint64(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newUInt64Value(): Draft<types.UInt64Value> {
  return {
    value: 0n,
  };
}
function writeUInt64Value(w: WireWriter, m: types.UInt64ValueInit): void {
  w.uint64(8, m.value);
}
function fieldsOfUInt64Value(): readonly FieldTable[] {
  return [
    one('value', 'value', 'uint64'),
  ];
}

/** Codec of `runtime.v1.KeyValue`. */
export const KeyValue: Codec<types.KeyValue, types.KeyValueInit> = makeCodec({
  table: { name: 'runtime.v1.KeyValue', fields: fieldsOfKeyValue },
  read: readKeyValue,
  write: writeKeyValue,
});
export type KeyValue = types.KeyValue;
export type KeyValueInit = types.KeyValueInit;
function readKeyValue(r: WireReader, m: Draft<types.KeyValue> = newKeyValue()): types.KeyValue {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.key = r.string(); break;
      case 18: m.value = r.bytes(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newKeyValue(): Draft<types.KeyValue> {
  return {
    key: '',
    value: emptyBytes,
  };
}
function writeKeyValue(w: WireWriter, m: types.KeyValueInit): void {
  w.string(10, m.key);
  w.bytes(18, m.value);
}
function fieldsOfKeyValue(): readonly FieldTable[] {
  return [
    one('key', 'key', 'string'),
    one('value', 'value', 'bytes'),
  ];
}

/** Codec of `runtime.v1.ImageSpec`. */
export const ImageSpec: Codec<types.ImageSpec, types.ImageSpecInit> = makeCodec({
  table: { name: 'runtime.v1.ImageSpec', fields: fieldsOfImageSpec },
  read: readImageSpec,
  write: writeImageSpec,
});
export type ImageSpec = types.ImageSpec;
export type ImageSpecInit = types.ImageSpecInit;
function readImageSpec(r: WireReader, m: Draft<types.ImageSpec> = newImageSpec()): types.ImageSpec {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.image = r.string(); break;
      case 18: m.annotations = r.entry(m.annotations); break;
      case 146: m.userSpecifiedImage = r.string(); break;
      case 154: m.runtimeHandler = r.string(); break;
      case 162: m.imageRef = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newImageSpec(): Draft<types.ImageSpec> {
  return {
    image: '',
    annotations: emptyMap,
    userSpecifiedImage: '',
    runtimeHandler: '',
    imageRef: '',
  };
}
function writeImageSpec(w: WireWriter, m: types.ImageSpecInit): void {
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

/** Codec of `runtime.v1.PodSandboxMetadata`. */
export const PodSandboxMetadata: Codec<types.PodSandboxMetadata, types.PodSandboxMetadataInit> = makeCodec({
  table: { name: 'runtime.v1.PodSandboxMetadata', fields: fieldsOfPodSandboxMetadata },
  read: readPodSandboxMetadata,
  write: writePodSandboxMetadata,
});
export type PodSandboxMetadata = types.PodSandboxMetadata;
export type PodSandboxMetadataInit = types.PodSandboxMetadataInit;
function readPodSandboxMetadata(r: WireReader, m: Draft<types.PodSandboxMetadata> = newPodSandboxMetadata()): types.PodSandboxMetadata {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.name = r.string(); break;
      case 18: m.uid = r.string(); break;
      case 26: m.namespace = r.string(); break;
      case 32: m.attempt = r.uint32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newPodSandboxMetadata(): Draft<types.PodSandboxMetadata> {
  return {
    name: '',
    uid: '',
    namespace: '',
    attempt: 0,
  };
}
function writePodSandboxMetadata(w: WireWriter, m: types.PodSandboxMetadataInit): void {
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

/** Codec of `runtime.v1.ContainerMetadata`. */
export const ContainerMetadata: Codec<types.ContainerMetadata, types.ContainerMetadataInit> = makeCodec({
  table: { name: 'runtime.v1.ContainerMetadata', fields: fieldsOfContainerMetadata },
  read: readContainerMetadata,
  write: writeContainerMetadata,
});
export type ContainerMetadata = types.ContainerMetadata;
export type ContainerMetadataInit = types.ContainerMetadataInit;
function readContainerMetadata(r: WireReader, m: Draft<types.ContainerMetadata> = newContainerMetadata()): types.ContainerMetadata {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.name = r.string(); break;
      case 16: m.attempt = r.uint32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newContainerMetadata(): Draft<types.ContainerMetadata> {
  return {
    name: '',
    attempt: 0,
  };
}
function writeContainerMetadata(w: WireWriter, m: types.ContainerMetadataInit): void {
  w.string(10, m.name);
  w.uint32(16, m.attempt);
}
function fieldsOfContainerMetadata(): readonly FieldTable[] {
  return [
    one('name', 'name', 'string'),
    one('attempt', 'attempt', 'uint32'),
  ];
}

/** Codec of `runtime.v1.IDMapping`. */
export const IDMapping: Codec<types.IDMapping, types.IDMappingInit> = makeCodec({
  table: { name: 'runtime.v1.IDMapping', fields: fieldsOfIDMapping },
  read: readIDMapping,
  write: writeIDMapping,
});
export type IDMapping = types.IDMapping;
export type IDMappingInit = types.IDMappingInit;
function readIDMapping(r: WireReader, m: Draft<types.IDMapping> = newIDMapping()): types.IDMapping {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.hostId = r.uint32(); break;
      case 16: m.containerId = r.uint32(); break;
      case 24: m.length = r.uint32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newIDMapping(): Draft<types.IDMapping> {
  return {
    hostId: 0,
    containerId: 0,
    length: 0,
  };
}
function writeIDMapping(w: WireWriter, m: types.IDMappingInit): void {
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

/** Codec of `runtime.v1.UserNamespace`. */
export const UserNamespace: Codec<types.UserNamespace, types.UserNamespaceInit> = makeCodec({
  table: { name: 'runtime.v1.UserNamespace', fields: fieldsOfUserNamespace },
  read: readUserNamespace,
  write: writeUserNamespace,
});
export type UserNamespace = types.UserNamespace;
export type UserNamespaceInit = types.UserNamespaceInit;
function readUserNamespace(r: WireReader, m: Draft<types.UserNamespace> = newUserNamespace()): types.UserNamespace {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.mode = r.int32(); break;
      case 18: m.uids = r.append(m.uids, r.message(readIDMapping, null)); break;
      case 26: m.gids = r.append(m.gids, r.message(readIDMapping, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newUserNamespace(): Draft<types.UserNamespace> {
  return {
    mode: 0,
    uids: emptyList,
    gids: emptyList,
  };
}
function writeUserNamespace(w: WireWriter, m: types.UserNamespaceInit): void {
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

/** Codec of `runtime.v1.NamespaceOption`. */
export const NamespaceOption: Codec<types.NamespaceOption, types.NamespaceOptionInit> = makeCodec({
  table: { name: 'runtime.v1.NamespaceOption', fields: fieldsOfNamespaceOption },
  read: readNamespaceOption,
  write: writeNamespaceOption,
});
export type NamespaceOption = types.NamespaceOption;
export type NamespaceOptionInit = types.NamespaceOptionInit;
function readNamespaceOption(r: WireReader, m: Draft<types.NamespaceOption> = newNamespaceOption()): types.NamespaceOption {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.network = r.int32(); break;
      case 16: m.pid = r.int32(); break;
      case 24: m.ipc = r.int32(); break;
      case 34: m.targetId = r.string(); break;
      case 42: m.usernsOptions = r.message(readUserNamespace, m.usernsOptions); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newNamespaceOption(): Draft<types.NamespaceOption> {
  return {
    network: 0,
    pid: 0,
    ipc: 0,
    targetId: '',
    usernsOptions: null,
  };
}
function writeNamespaceOption(w: WireWriter, m: types.NamespaceOptionInit): void {
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

/** Codec of `runtime.v1.SecurityProfile`. */
export const SecurityProfile: Codec<types.SecurityProfile, types.SecurityProfileInit> = makeCodec({
  table: { name: 'runtime.v1.SecurityProfile', fields: fieldsOfSecurityProfile },
  read: readSecurityProfile,
  write: writeSecurityProfile,
});
export type SecurityProfile = types.SecurityProfile;
export type SecurityProfileInit = types.SecurityProfileInit;
function readSecurityProfile(r: WireReader, m: Draft<types.SecurityProfile> = newSecurityProfile()): types.SecurityProfile {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.profileType = r.int32(); break;
      case 18: m.localhostRef = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newSecurityProfile(): Draft<types.SecurityProfile> {
  return {
    profileType: 0,
    localhostRef: '',
  };
}
function writeSecurityProfile(w: WireWriter, m: types.SecurityProfileInit): void {
  w.int32(8, m.profileType);
  w.string(18, m.localhostRef);
}
function fieldsOfSecurityProfile(): readonly FieldTable[] {
  return [
    one('profileType', 'profile_type', 'enum'),
    one('localhostRef', 'localhost_ref', 'string'),
  ];
}

/** Codec of `runtime.v1.SELinuxOption`. */
export const SELinuxOption: Codec<types.SELinuxOption, types.SELinuxOptionInit> = makeCodec({
  table: { name: 'runtime.v1.SELinuxOption', fields: fieldsOfSELinuxOption },
  read: readSELinuxOption,
  write: writeSELinuxOption,
});
export type SELinuxOption = types.SELinuxOption;
export type SELinuxOptionInit = types.SELinuxOptionInit;
function readSELinuxOption(r: WireReader, m: Draft<types.SELinuxOption> = newSELinuxOption()): types.SELinuxOption {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.user = r.string(); break;
      case 18: m.role = r.string(); break;
      case 26: m.type = r.string(); break;
      case 34: m.level = r.string(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newSELinuxOption(): Draft<types.SELinuxOption> {
  return {
    user: '',
    role: '',
    type: '',
    level: '',
  };
}
function writeSELinuxOption(w: WireWriter, m: types.SELinuxOptionInit): void {
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

/** Codec of `runtime.v1.LinuxContainerResources`. */
export const LinuxContainerResources: Codec<types.LinuxContainerResources, types.LinuxContainerResourcesInit> = makeCodec({
  table: { name: 'runtime.v1.LinuxContainerResources', fields: fieldsOfLinuxContainerResources },
  read: readLinuxContainerResources,
  write: writeLinuxContainerResources,
});
export type LinuxContainerResources = types.LinuxContainerResources;
export type LinuxContainerResourcesInit = types.LinuxContainerResourcesInit;
function readLinuxContainerResources(r: WireReader, m: Draft<types.LinuxContainerResources> = newLinuxContainerResources()): types.LinuxContainerResources {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.cpuPeriod = r.int64(); break;
      case 16: m.cpuQuota = r.int64(); break;
      case 24: m.cpuShares = r.int64(); break;
      case 32: m.memoryLimitInBytes = r.int64(); break;
      case 40: m.oomScoreAdj = r.int64(); break;
      case 50: m.cpusetCpus = r.string(); break;
      case 58: m.cpusetMems = r.string(); break;
      case 66: m.hugepageLimits = r.append(m.hugepageLimits, r.message(readHugepageLimit, null)); break;
      case 74: m.unified = r.entry(m.unified); break;
      case 80: m.memorySwapLimitInBytes = r.int64(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newLinuxContainerResources(): Draft<types.LinuxContainerResources> {
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
function writeLinuxContainerResources(w: WireWriter, m: types.LinuxContainerResourcesInit): void {
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

/** Codec of `runtime.v1.HugepageLimit`. */
export const HugepageLimit: Codec<types.HugepageLimit, types.HugepageLimitInit> = makeCodec({
  table: { name: 'runtime.v1.HugepageLimit', fields: fieldsOfHugepageLimit },
  read: readHugepageLimit,
  write: writeHugepageLimit,
});
export type HugepageLimit = types.HugepageLimit;
export type HugepageLimitInit = types.HugepageLimitInit;
function readHugepageLimit(r: WireReader, m: Draft<types.HugepageLimit> = newHugepageLimit()): types.HugepageLimit {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.pageSize = r.string(); break;
      case 16: m.limit = r.uint64(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newHugepageLimit(): Draft<types.HugepageLimit> {
  return {
    pageSize: '',
    limit: 0n,
  };
}
function writeHugepageLimit(w: WireWriter, m: types.HugepageLimitInit): void {
  w.string(10, m.pageSize);
  w.uint64(16, m.limit);
}
function fieldsOfHugepageLimit(): readonly FieldTable[] {
  return [
    one('pageSize', 'page_size', 'string'),
    one('limit', 'limit', 'uint64'),
  ];
}

/** Codec of `runtime.v1.WindowsNamespaceOption`. */
export const WindowsNamespaceOption: Codec<types.WindowsNamespaceOption, types.WindowsNamespaceOptionInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsNamespaceOption', fields: fieldsOfWindowsNamespaceOption },
  read: readWindowsNamespaceOption,
  write: writeWindowsNamespaceOption,
});
export type WindowsNamespaceOption = types.WindowsNamespaceOption;
export type WindowsNamespaceOptionInit = types.WindowsNamespaceOptionInit;
function readWindowsNamespaceOption(r: WireReader, m: Draft<types.WindowsNamespaceOption> = newWindowsNamespaceOption()): types.WindowsNamespaceOption {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.network = r.int32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsNamespaceOption(): Draft<types.WindowsNamespaceOption> {
  return {
    network: 0,
  };
}
function writeWindowsNamespaceOption(w: WireWriter, m: types.WindowsNamespaceOptionInit): void {
  w.int32(8, m.network);
}
function fieldsOfWindowsNamespaceOption(): readonly FieldTable[] {
  return [
    one('network', 'network', 'enum'),
  ];
}

/** Codec of `runtime.v1.WindowsSandboxSecurityContext`. */
export const WindowsSandboxSecurityContext: Codec<types.WindowsSandboxSecurityContext, types.WindowsSandboxSecurityContextInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsSandboxSecurityContext', fields: fieldsOfWindowsSandboxSecurityContext },
  read: readWindowsSandboxSecurityContext,
  write: writeWindowsSandboxSecurityContext,
});
export type WindowsSandboxSecurityContext = types.WindowsSandboxSecurityContext;
export type WindowsSandboxSecurityContextInit = types.WindowsSandboxSecurityContextInit;
function readWindowsSandboxSecurityContext(r: WireReader, m: Draft<types.WindowsSandboxSecurityContext> = newWindowsSandboxSecurityContext()): types.WindowsSandboxSecurityContext {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.runAsUsername = r.string(); break;
      case 18: m.credentialSpec = r.string(); break;
      case 24: m.hostProcess = r.bool(); break;
      case 34: m.namespaceOptions = r.message(readWindowsNamespaceOption, m.namespaceOptions); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsSandboxSecurityContext(): Draft<types.WindowsSandboxSecurityContext> {
  return {
    runAsUsername: '',
    credentialSpec: '',
    hostProcess: false,
    namespaceOptions: null,
  };
}
function writeWindowsSandboxSecurityContext(w: WireWriter, m: types.WindowsSandboxSecurityContextInit): void {
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

/** Codec of `runtime.v1.WindowsPodSandboxConfig`. */
export const WindowsPodSandboxConfig: Codec<types.WindowsPodSandboxConfig, types.WindowsPodSandboxConfigInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsPodSandboxConfig', fields: fieldsOfWindowsPodSandboxConfig },
  read: readWindowsPodSandboxConfig,
  write: writeWindowsPodSandboxConfig,
});
export type WindowsPodSandboxConfig = types.WindowsPodSandboxConfig;
export type WindowsPodSandboxConfigInit = types.WindowsPodSandboxConfigInit;
function readWindowsPodSandboxConfig(r: WireReader, m: Draft<types.WindowsPodSandboxConfig> = newWindowsPodSandboxConfig()): types.WindowsPodSandboxConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.securityContext = r.message(readWindowsSandboxSecurityContext, m.securityContext); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsPodSandboxConfig(): Draft<types.WindowsPodSandboxConfig> {
  return {
    securityContext: null,
  };
}
function writeWindowsPodSandboxConfig(w: WireWriter, m: types.WindowsPodSandboxConfigInit): void {
  w.message(10, m.securityContext, writeWindowsSandboxSecurityContext);
}
function fieldsOfWindowsPodSandboxConfig(): readonly FieldTable[] {
  return [
    one('securityContext', 'security_context', { name: 'runtime.v1.WindowsSandboxSecurityContext', fields: fieldsOfWindowsSandboxSecurityContext }),
  ];
}

/** Codec of `runtime.v1.WindowsCpuGroupAffinity`. */
export const WindowsCpuGroupAffinity: Codec<types.WindowsCpuGroupAffinity, types.WindowsCpuGroupAffinityInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsCpuGroupAffinity', fields: fieldsOfWindowsCpuGroupAffinity },
  read: readWindowsCpuGroupAffinity,
  write: writeWindowsCpuGroupAffinity,
});
export type WindowsCpuGroupAffinity = types.WindowsCpuGroupAffinity;
export type WindowsCpuGroupAffinityInit = types.WindowsCpuGroupAffinityInit;
function readWindowsCpuGroupAffinity(r: WireReader, m: Draft<types.WindowsCpuGroupAffinity> = newWindowsCpuGroupAffinity()): types.WindowsCpuGroupAffinity {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.cpuMask = r.uint64(); break;
      case 16: m.cpuGroup = r.uint32(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsCpuGroupAffinity(): Draft<types.WindowsCpuGroupAffinity> {
  return {
    cpuMask: 0n,
    cpuGroup: 0,
  };
}
function writeWindowsCpuGroupAffinity(w: WireWriter, m: types.WindowsCpuGroupAffinityInit): void {
  w.uint64(8, m.cpuMask);
  w.uint32(16, m.cpuGroup);
}
function fieldsOfWindowsCpuGroupAffinity(): readonly FieldTable[] {
  return [
    one('cpuMask', 'cpu_mask', 'uint64'),
    one('cpuGroup', 'cpu_group', 'uint32'),
  ];
}

/** Codec of `runtime.v1.WindowsContainerResources`. */
export const WindowsContainerResources: Codec<types.WindowsContainerResources, types.WindowsContainerResourcesInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsContainerResources', fields: fieldsOfWindowsContainerResources },
  read: readWindowsContainerResources,
  write: writeWindowsContainerResources,
});
export type WindowsContainerResources = types.WindowsContainerResources;
export type WindowsContainerResourcesInit = types.WindowsContainerResourcesInit;
function readWindowsContainerResources(r: WireReader, m: Draft<types.WindowsContainerResources> = newWindowsContainerResources()): types.WindowsContainerResources {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 8: m.cpuShares = r.int64(); break;
      case 16: m.cpuCount = r.int64(); break;
      case 24: m.cpuMaximum = r.int64(); break;
      case 32: m.memoryLimitInBytes = r.int64(); break;
      case 40: m.rootfsSizeInBytes = r.int64(); break;
      case 50: m.affinityCpus = r.append(m.affinityCpus, r.message(readWindowsCpuGroupAffinity, null)); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsContainerResources(): Draft<types.WindowsContainerResources> {
  return {
    cpuShares: 0n,
    cpuCount: 0n,
    cpuMaximum: 0n,
    memoryLimitInBytes: 0n,
    rootfsSizeInBytes: 0n,
    affinityCpus: emptyList,
  };
}
function writeWindowsContainerResources(w: WireWriter, m: types.WindowsContainerResourcesInit): void {
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

/** Codec of `runtime.v1.WindowsContainerSecurityContext`. */
export const WindowsContainerSecurityContext: Codec<types.WindowsContainerSecurityContext, types.WindowsContainerSecurityContextInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsContainerSecurityContext', fields: fieldsOfWindowsContainerSecurityContext },
  read: readWindowsContainerSecurityContext,
  write: writeWindowsContainerSecurityContext,
});
export type WindowsContainerSecurityContext = types.WindowsContainerSecurityContext;
export type WindowsContainerSecurityContextInit = types.WindowsContainerSecurityContextInit;
function readWindowsContainerSecurityContext(r: WireReader, m: Draft<types.WindowsContainerSecurityContext> = newWindowsContainerSecurityContext()): types.WindowsContainerSecurityContext {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.runAsUsername = r.string(); break;
      case 18: m.credentialSpec = r.string(); break;
      case 24: m.hostProcess = r.bool(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsContainerSecurityContext(): Draft<types.WindowsContainerSecurityContext> {
  return {
    runAsUsername: '',
    credentialSpec: '',
    hostProcess: false,
  };
}
function writeWindowsContainerSecurityContext(w: WireWriter, m: types.WindowsContainerSecurityContextInit): void {
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

/** Codec of `runtime.v1.WindowsContainerConfig`. */
export const WindowsContainerConfig: Codec<types.WindowsContainerConfig, types.WindowsContainerConfigInit> = makeCodec({
  table: { name: 'runtime.v1.WindowsContainerConfig', fields: fieldsOfWindowsContainerConfig },
  read: readWindowsContainerConfig,
  write: writeWindowsContainerConfig,
});
export type WindowsContainerConfig = types.WindowsContainerConfig;
export type WindowsContainerConfigInit = types.WindowsContainerConfigInit;
function readWindowsContainerConfig(r: WireReader, m: Draft<types.WindowsContainerConfig> = newWindowsContainerConfig()): types.WindowsContainerConfig {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
      case 10: m.resources = r.message(readWindowsContainerResources, m.resources); break;
      case 18: m.securityContext = r.message(readWindowsContainerSecurityContext, m.securityContext); break;
      default: r.skip(tag);
    }
  }
  return m;
}
function newWindowsContainerConfig(): Draft<types.WindowsContainerConfig> {
  return {
    resources: null,
    securityContext: null,
  };
}
function writeWindowsContainerConfig(w: WireWriter, m: types.WindowsContainerConfigInit): void {
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
