/**
 * Where an image's content can be asked for: the registry of its name and the mirrors before it. Each configuration format
 * (registries.conf now, hosts.toml later) is one implementation of `RegistryHosts`.
 */
import type { Reference } from '../reference.ts';

export type Endpoint = {
  /** `registry.example:5000`. */
  readonly host: string;
  /** The repository's name there. */
  readonly repository: string;
  /** Plain HTTP and unknown certificates are accepted. */
  readonly isInsecure: boolean;
  /** A mirror gets no credentials that were given for the registry itself. */
  readonly isMirror: boolean;
};

export interface RegistryHosts {
  /** In the order in which they are tried; never empty. @throws RegistryBlocked */
  endpointsOf(reference: Reference): readonly Endpoint[];
  /** Where a name without a registry is looked for, in order. */
  readonly searchDomains: readonly string[];
}

/** The host that serves a registry's API. */
export function apiHost(domain: string): string {
  return domain === 'docker.io' ? 'registry-1.docker.io' : domain;
}

/** Whether a host is this machine: plain HTTP is then no risk. */
export function isLoopback(host: string): boolean {
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : (host.split(':')[0] ?? '');
  return name === 'localhost' || name === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(name);
}
