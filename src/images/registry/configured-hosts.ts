/**
 * The endpoints of a reference by the rules of registries.conf.
 * Source: containers-registries.conf(5), "Choosing a [[registry]] TOML table", "Remapping and mirroring registries".
 */
import { failedPrecondition } from '../../base/errors.ts';
import { badImage } from '../document.ts';
import { type Reference, repositoryOf } from '../reference.ts';
import { apiHost, type Endpoint, isLoopback, type RegistryHosts } from './endpoint.ts';
import {
  type MirrorRule,
  readRegistriesConf,
  type RegistriesConf,
  type RegistryRule,
} from './registries-conf.ts';
import type { ImageSettings } from '../settings.ts';

/** What the configuration says now. @throws RegistriesConfInvalid */
export async function readHosts(settings: ImageSettings): Promise<RegistryHosts> {
  const { registriesConf, registriesConfDir, insecureRegistries } = settings;
  return new ConfiguredHosts(await readRegistriesConf(registriesConf, registriesConfDir), insecureRegistries);
}

export class ConfiguredHosts implements RegistryHosts {
  readonly searchDomains: readonly string[];
  readonly #rules: readonly RegistryRule[];
  readonly #insecure: readonly string[];

  /** `insecure`: hosts of the daemon's own configuration, `*.domain` included. */
  constructor(conf: RegistriesConf, insecure: readonly string[]) {
    this.searchDomains = conf.searchDomains;
    this.#rules = conf.rules;
    this.#insecure = insecure;
  }

  endpointsOf(reference: Reference): readonly Endpoint[] {
    const name = repositoryOf(reference);
    const rule = chooseRule(this.#rules, name);
    if (rule === null) return [this.#endpoint(name, { isInsecure: false, isMirror: false })];
    if (rule.isBlocked)
      throw failedPrecondition(
        'RegistryBlocked',
        `image "${name}": registry "${rule.prefix}" is blocked by configuration`,
      );
    const mirrors = rule.mirrors
      .filter((mirror) => isFor(mirror, reference))
      .map((mirror) => this.#endpoint(remap(name, rule, mirror.location), { ...mirror, isMirror: true }));
    const own = this.#endpoint(remap(name, rule, rule.location), { ...rule, isMirror: false });
    return [...mirrors, own];
  }

  #endpoint(name: string, is: { readonly isInsecure: boolean; readonly isMirror: boolean }): Endpoint {
    const slash = name.indexOf('/');
    if (slash <= 0) throw badImage(`image "${name}": expected a registry and a repository`);
    const domain = name.slice(0, slash);
    const isInsecure =
      is.isInsecure || isLoopback(domain) || this.#insecure.some((each) => matchesHost(domain, each));
    return { host: apiHost(domain), repository: name.slice(slash + 1), isInsecure, isMirror: is.isMirror };
  }
}

/** The rule with the longest prefix that matches. */
function chooseRule(rules: readonly RegistryRule[], name: string): RegistryRule | null {
  let best: RegistryRule | null = null;
  for (const rule of rules) {
    if (matchedLength(rule.prefix, name) === 0) continue;
    if (best === null || rule.prefix.length > best.prefix.length) best = rule;
  }
  return best;
}

/** How much of the name the prefix covers; 0: it does not match. */
function matchedLength(prefix: string, name: string): number {
  if (!prefix.startsWith('*.')) return name === prefix || name.startsWith(`${prefix}/`) ? prefix.length : 0;
  const slash = name.indexOf('/');
  const host = name.slice(0, slash < 0 ? name.length : slash);
  const [pattern = '', ...path] = prefix.slice(1).split('/');
  if (!host.endsWith(pattern) || host.length === pattern.length) return 0;
  const covered = [host, ...path].join('/');
  return name === covered || name.startsWith(`${covered}/`) ? covered.length : 0;
}

function remap(name: string, rule: RegistryRule, location: string): string {
  // A wildcard without a location of its own leaves the name as it is.
  if (location === rule.prefix) return name;
  return location + name.slice(matchedLength(rule.prefix, name));
}

function isFor(mirror: MirrorRule, reference: Reference): boolean {
  if (mirror.pulls === 'all') return true;
  return (mirror.pulls === 'digest-only') === (reference.digest !== null);
}

function matchesHost(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
