/**
 * What the caller asks for, checked and turned into the protocol's words: CNI_ARGS with the pod's identity, and the
 * capability arguments by the names of the conventions. Pure.
 */
import { isAbsolute } from 'node:path';
import { isIP } from 'node:net';
import { isName } from './config.ts';
import { cniError, printable, type CniError } from './errors.ts';
import type { JsonObject } from './json.ts';

export type PortMapping = {
  /** 0: not mapped at all. */
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** Null or empty: all addresses of the host. */
  readonly hostIp: string | null;
};

/** Rates in bits per second, bursts in bits. Null: no limit; a rate without a burst gets a large one. */
export type Bandwidth = {
  readonly ingressBitsPerSecond: bigint | null;
  readonly ingressBurstBits: bigint | null;
  readonly egressBitsPerSecond: bigint | null;
  readonly egressBurstBits: bigint | null;
};

export type DnsArguments = {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
};

export type IpRange = {
  readonly subnet: string;
  readonly rangeStart?: string;
  readonly rangeEnd?: string;
  readonly gateway?: string;
};

/** Given to those plugins only that declare the capability. Source: CNI CONVENTIONS, "Well-known Capabilities". */
export type CapabilityArguments = {
  readonly portMappings?: readonly PortMapping[];
  readonly bandwidth?: Bandwidth;
  readonly dns?: DnsArguments;
  readonly ips?: readonly string[];
  readonly mac?: string;
  readonly ipRanges?: readonly (readonly IpRange[])[];
  readonly aliases?: readonly string[];
  readonly infinibandGuid?: string;
  readonly deviceId?: string;
  readonly cgroupPath?: string;
};

export type PodIdentity = {
  readonly podNamespace: string;
  readonly podName: string;
  readonly podUid: string;
};

export type AttachRequest = PodIdentity & {
  readonly containerId: string;
  /** Absolute; the pinned namespace. */
  readonly netnsPath: string;
  readonly ifName: string;
  readonly capabilities: CapabilityArguments;
};

const ifNamePattern = /^[A-Za-z0-9_.-]{1,15}$/;
const maxArgumentLength = 1024;
/** A token bucket must have a depth: 256 MiB, in bits. */
const defaultBurstBits = 2_147_483_647n;

/** @throws InvalidRequest naming the field */
export function checkRequest(request: AttachRequest): void {
  checkContainerId(request.containerId);
  checkIfName(request.ifName);
  if (!isAbsolute(request.netnsPath) || request.netnsPath.includes('\0'))
    throw refuse('netnsPath', request.netnsPath, 'an absolute path');
}

/** @throws InvalidRequest */
export function checkContainerId(text: string): void {
  if (!isName(text)) throw refuse('containerId', text, 'letters, digits, "_", "." and "-", at most 100');
}

/** Narrower than the kernel's rule: the name is also a part of a file's name. @throws InvalidRequest */
export function checkIfName(text: string): void {
  if (!ifNamePattern.test(text) || text === '.' || text === '..')
    throw refuse('ifName', text, 'letters, digits, "_", "." and "-", at most 15');
}

function refuse(field: string, value: string, expected: string): CniError {
  return cniError(
    'InvalidRequest',
    `${field} ${JSON.stringify(printable(value, 120))}: expected ${expected}`,
  );
}

/** CNI_ARGS as pairs. Source: the keys that all Kubernetes runtimes use. @throws InvalidRequest */
export function podArguments(request: AttachRequest): readonly (readonly [string, string])[] {
  const pairs = [
    ['IgnoreUnknown', '1'],
    ['K8S_POD_NAMESPACE', request.podNamespace],
    ['K8S_POD_NAME', request.podName],
    ['K8S_POD_INFRA_CONTAINER_ID', request.containerId],
    ['K8S_POD_UID', request.podUid],
  ] as const;
  for (const [key, value] of pairs) {
    // oxlint-disable-next-line no-control-regex -- control characters are what is refused
    if (value.length > maxArgumentLength || /[;=\u0000-\u001f\u007f]/.test(value))
      throw refuse(key, value, `no ";", "=" or control character, at most ${maxArgumentLength} characters`);
  }
  return pairs;
}

export function formatArguments(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map((pair) => pair.join('=')).join(';');
}

/** The arguments by capability name, as JSON; what is empty is left out. @throws InvalidRequest */
export function capabilityArguments(given: CapabilityArguments): JsonObject {
  const mappings = (given.portMappings ?? []).filter((mapping) => mapping.hostPort !== 0).map(formatMapping);
  const entries: readonly (readonly [string, unknown])[] = [
    ['portMappings', mappings.length === 0 ? undefined : mappings],
    ['bandwidth', given.bandwidth === undefined ? undefined : formatBandwidth(given.bandwidth)],
    ['dns', given.dns],
    ['ips', nonEmpty(given.ips)],
    ['mac', given.mac],
    ['ipRanges', nonEmpty(given.ipRanges)],
    ['aliases', nonEmpty(given.aliases)],
    ['infinibandGUID', given.infinibandGuid],
    ['deviceID', given.deviceId],
    ['cgroupPath', given.cgroupPath],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function nonEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

function formatMapping(mapping: PortMapping): JsonObject {
  for (const [field, port] of [
    ['hostPort', mapping.hostPort],
    ['containerPort', mapping.containerPort],
  ] as const) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw refuse(`portMappings.${field}`, String(port), '1 to 65535');
  }
  const hostIp = mapping.hostIp ?? '';
  if (hostIp !== '' && isIP(hostIp) === 0) throw refuse('portMappings.hostIp', hostIp, 'an IP address');
  return {
    hostPort: mapping.hostPort,
    containerPort: mapping.containerPort,
    protocol: mapping.protocol,
    ...(hostIp === '' ? {} : { hostIP: hostIp }),
  };
}

function formatBandwidth(bandwidth: Bandwidth): JsonObject | undefined {
  const ingress = formatLimit(bandwidth.ingressBitsPerSecond, bandwidth.ingressBurstBits);
  const egress = formatLimit(bandwidth.egressBitsPerSecond, bandwidth.egressBurstBits);
  if (ingress === null && egress === null) return undefined;
  return {
    ...(ingress === null ? {} : { ingressRate: ingress.rate, ingressBurst: ingress.burst }),
    ...(egress === null ? {} : { egressRate: egress.rate, egressBurst: egress.burst }),
  };
}

function formatLimit(
  rateBits: bigint | null,
  burstBits: bigint | null,
): { readonly rate: number; readonly burst: number } | null {
  if (rateBits === null) return null;
  const burst = burstBits ?? defaultBurstBits;
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  if (rateBits < 1n || rateBits > most || burst < 1n || burst > most)
    throw refuse('bandwidth', `${rateBits}, ${burst}`, 'positive rates and bursts');
  return { rate: Number(rateBits), burst: Number(burst) };
}
