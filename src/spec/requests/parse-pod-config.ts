/**
 * The parser of PodSandboxConfig: what a client sends becomes a PodConfig or one error that names the field and what was
 * expected. Every message may be nil. Nothing is decided here that depends on the machine.
 * Source: CRI PodSandboxConfig; cri.md 1.4, 4.3, 4.10 to 4.13.
 */
import { NamespaceMode, Protocol } from '../../../cri-api/runtime-v1.ts';
import type * as cri from '../../../cri-api/runtime-v1.ts';
import { invalid } from '../../base/errors.ts';
import {
  parseApparmor,
  parseGroups,
  parseOptionalId,
  parseSeccomp,
  parseSelinux,
  parseUserNamespace,
} from './parse-security.ts';
import { parseResources } from './parse-resources.ts';
import type {
  DnsConfig,
  PodConfig,
  PodMetadata,
  PodNamespaces,
  PodSecurity,
  PortMapping,
} from './pod-config.ts';
import { parseSysctl } from '../sysctls.ts';
import {
  boundedList,
  byteLength,
  hasControl,
  isAddress,
  parseInteger,
  parseName,
  parseUid,
  parsePath,
  parseTextMap,
  wrong,
  shown,
} from '../text.ts';

/** Kubernetes itself allows 256 KiB of annotations and labels of at most 316 bytes; more would make List replies too large. */
export const maxLabelBytes = 256 * 1024;
export const maxAnnotationBytes = 1024 * 1024;

/** Source: gethostname(2), HOST_NAME_MAX. */
const maxHostnameBytes = 64;
const hostnameForm = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const maxPorts = 4096;

/**
 * @throws InvalidMetadata, InvalidName, InvalidField, InvalidPath, TooLarge, InvalidNamespace, InvalidUserNamespace,
 *   InvalidSysctl, InvalidCgroupParent
 */
export function parsePodConfig(config: cri.PodSandboxConfig | null): PodConfig {
  if (config === null) throw invalid('MissingConfig', 'config: expected a PodSandboxConfig, got none');
  return {
    metadata: parsePodMetadata(config.metadata),
    hostname: parseHostname(config.hostname),
    logDirectory: config.logDirectory === '' ? null : parsePath('log_directory', config.logDirectory),
    dns: parseDns(config.dnsConfig),
    portMappings: boundedList('port_mappings', config.portMappings, maxPorts).map(parsePortMapping),
    labels: parseTextMap('labels', config.labels, maxLabelBytes),
    annotations: parseTextMap('annotations', config.annotations, maxAnnotationBytes),
    ...parsePodLinux(config.linux),
  };
}

type PodLinux = Pick<
  PodConfig,
  'cgroupParent' | 'sysctls' | 'namespaces' | 'security' | 'overhead' | 'resources'
>;

function parsePodLinux(linux: cri.LinuxPodSandboxConfig | null): PodLinux {
  const context = linux?.securityContext ?? null;
  const namespaces = parseNamespaces(context?.namespaceOptions ?? null);
  return {
    cgroupParent: parseCgroupParent(linux?.cgroupParent ?? ''),
    sysctls: parseSysctls(linux?.sysctls ?? {}, namespaces),
    namespaces,
    security: parsePodSecurity(context),
    overhead: optionalResources(linux?.overhead ?? null),
    resources: optionalResources(linux?.resources ?? null),
  };
}

/** @throws InvalidMetadata, InvalidName */
function parsePodMetadata(metadata: cri.PodSandboxMetadata | null): PodMetadata {
  if (metadata === null)
    throw invalid(
      'InvalidMetadata',
      'metadata: expected name, uid, namespace and attempt of the pod, got none',
    );
  return {
    name: parseName('metadata.name', metadata.name),
    uid: parseUid('metadata.uid', metadata.uid),
    namespace: parseName('metadata.namespace', metadata.namespace),
    attempt: metadata.attempt,
  };
}

function parseHostname(text: string): string | null {
  if (text === '') return null;
  if (text.length <= maxHostnameBytes && hostnameForm.test(text)) return text;
  throw wrong('hostname', text, `at most ${maxHostnameBytes} letters, digits, "-", "_" and "."`);
}

/** Each part becomes a word of resolv.conf(5): no white space, no comment sign. */
function parseDns(dns: cri.DNSConfig | null): DnsConfig | null {
  if (dns === null) return null;
  return {
    servers: boundedList('dns_config.servers', dns.servers, 64).map((server) => {
      const [address = '', zone = 'none'] = server.split('%');
      if (isAddress(address) && /^[A-Za-z0-9_.-]{1,15}$/.test(zone)) return server;
      throw wrong('dns_config.servers', server, 'an IP address');
    }),
    searches: boundedList('dns_config.searches', dns.searches, 256).map((word) =>
      resolvWord('searches', word),
    ),
    options: boundedList('dns_config.options', dns.options, 256).map((word) => resolvWord('options', word)),
  };
}

function resolvWord(field: string, word: string): string {
  if (/^[A-Za-z0-9_.:/-]{1,255}$/.test(word)) return word;
  throw wrong(`dns_config.${field}`, word, 'one word without white space');
}

const protocols: ReadonlyMap<number, PortMapping['protocol']> = new Map([
  [Protocol.TCP, 'tcp'],
  [Protocol.UDP, 'udp'],
  [Protocol.SCTP, 'sctp'],
]);

function parsePortMapping(mapping: cri.PortMapping): PortMapping {
  const protocol = protocols.get(mapping.protocol);
  if (protocol === undefined)
    throw wrong('port_mappings protocol', String(mapping.protocol), 'TCP, UDP or SCTP');
  if (mapping.hostIp !== '' && !isAddress(mapping.hostIp))
    throw wrong('port_mappings host_ip', mapping.hostIp, 'an IP address');
  return {
    protocol,
    containerPort: parseInteger('port_mappings container_port', mapping.containerPort, [1, 65_535]),
    hostPort: parseInteger('port_mappings host_port', mapping.hostPort, [0, 65_535]),
    hostIp: mapping.hostIp,
  };
}

/** A path of cgroups: its parts become directory or unit names, and ":" separates the parts of an OCI cgroups path. */
function parseCgroupParent(text: string): string | null {
  if (text === '') return null;
  const parts = text.split('/').filter((part) => part !== '');
  const isSafe = !hasControl(text) && !text.includes(':') && !parts.includes('..') && !parts.includes('.');
  if (!isSafe || byteLength(text) > 1024) {
    throw invalid(
      'InvalidCgroupParent',
      `cgroup_parent ${shown(text)}: expected a path without "." and ".." parts and ":"`,
    );
  }
  return `/${parts.join('/')}`;
}

function parseSysctls(
  sysctls: Readonly<Record<string, string>>,
  namespaces: PodNamespaces,
): PodConfig['sysctls'] {
  const isOwn = { net: namespaces.net === 'own', ipc: namespaces.ipc === 'own' };
  const entries = boundedList('sysctls', Object.entries(sysctls), 1024);
  return entries.map(([name, value]) => parseSysctl(name, value, isOwn));
}

const hostOrOwn: ReadonlyMap<number, 'own' | 'host'> = new Map([
  [NamespaceMode.POD, 'own'],
  [NamespaceMode.NODE, 'host'],
]);
const podPidModes: ReadonlyMap<number, PodNamespaces['pid']> = new Map([
  [NamespaceMode.POD, 'pod'],
  [NamespaceMode.CONTAINER, 'container'],
  [NamespaceMode.NODE, 'host'],
]);

function parseNamespaces(options: cri.NamespaceOption | null): PodNamespaces {
  if (options === null) return { net: 'own', ipc: 'own', pid: 'pod', user: null };
  const namespaces: PodNamespaces = {
    net: namespaceMode('network', options.network, hostOrOwn),
    ipc: namespaceMode('ipc', options.ipc, hostOrOwn),
    pid: namespaceMode('pid', options.pid, podPidModes),
    user: parseUserNamespace(options.usernsOptions),
  };
  if (options.targetId !== '')
    throw invalid(
      'InvalidNamespace',
      `namespace_options.target_id ${shown(options.targetId)}: expected none for a sandbox`,
    );
  checkOwnUser(namespaces);
  return namespaces;
}

/** As Kubernetes has it: with the host's processes or IPC objects in reach, a user namespace of its own is none. */
function checkOwnUser({ user, pid, ipc }: PodNamespaces): void {
  if (user === null || (pid !== 'host' && ipc !== 'host')) return;
  const kind = pid === 'host' ? 'pid' : 'ipc';
  throw invalid(
    'InvalidUserNamespace',
    `namespace_options.${kind} NODE: expected ${kind === 'pid' ? 'POD or CONTAINER' : 'POD'} with userns_options mode POD`,
  );
}

function namespaceMode<Mode>(kind: string, value: number, modes: ReadonlyMap<number, Mode>): Mode {
  const mode = modes.get(value);
  if (mode !== undefined) return mode;
  const expected = modes.has(NamespaceMode.CONTAINER) ? 'POD, CONTAINER or NODE' : 'POD or NODE';
  throw invalid('InvalidNamespace', `namespace_options.${kind} ${value}: expected ${expected} for a sandbox`);
}

function parsePodSecurity(context: cri.LinuxSandboxSecurityContext | null): PodSecurity {
  if (context === null) return { isPrivileged: false, selinux: null, seccomp: null, apparmor: null };
  const uid = parseOptionalId('run_as_user', context.runAsUser);
  const gid = parseOptionalId('run_as_group', context.runAsGroup);
  if (gid !== null && uid === null)
    throw invalid('InvalidField', `run_as_group ${gid}: expected run_as_user with it`);
  parseGroups(context);
  return {
    isPrivileged: context.privileged,
    selinux: parseSelinux(context.selinuxOptions),
    seccomp: parseSeccomp(context.seccomp, context.seccompProfilePath),
    apparmor: parseApparmor(context.apparmor, ''),
  };
}

function optionalResources(resources: cri.LinuxContainerResources | null): PodConfig['resources'] {
  return resources === null ? null : parseResources(resources);
}
