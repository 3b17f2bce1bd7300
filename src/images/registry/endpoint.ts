/**
 * Where an image's content can be asked for: the registry of its name and the mirrors before it, each with the way in
 * which it is reached. `configured-hosts.ts` makes them of what an operator wrote.
 */
import type { Reference } from '../names/reference.ts';
import type { Trust } from './hosts/trust.ts';

export type Scheme = 'https' | 'http';

export type Endpoint = {
  /** `registry.example:5000`. */
  readonly host: string;
  /** In the order in which they are tried; without TLS only where an operator said so, or on loopback. */
  readonly schemes: readonly Scheme[];
  /** Before the repository's name: `/v2`, or what the operator put there. */
  readonly basePath: string;
  /** The repository's name there. */
  readonly repository: string;
  /** A tag that is called otherwise there; null: each by its own name. */
  readonly renamedTag: { readonly from: string; readonly to: string } | null;
  /** The registry that a mirror stands for, told to it as `ns`; null: nothing is told. */
  readonly namespace: string | null;
  readonly isMirror: boolean;
  /** Whether credentials that came with the request are meant for it. */
  readonly isNamed: boolean;
  /** What the node's own credentials for it are filed under: `registry.example/team/app`. */
  readonly credentialName: string;
  /** Whether it may say what a tag means; a place that may not is asked for digests only. */
  readonly resolvesTags: boolean;
  readonly trust: Trust;
  /** Sent to this host and to no other. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: the general one. */
  readonly dialTimeoutMs: number | null;
};

export interface RegistryHosts {
  /** In the order in which they are tried; never empty. @throws RegistryBlocked, HostsTomlInvalid, CertificatesInvalid */
  endpointsOf(reference: Reference): Promise<readonly Endpoint[]>;
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
