/**
 * The endpoints of a reference by what an operator wrote, in both formats:
 *
 *   name ─ registries.conf: may it be pulled, and under which names elsewhere? ─▶ places (mirrors first, itself last)
 *   place ─ certs.d/HOST: which hosts serve it, and how is each reached? ───────▶ endpoints
 *
 * So a mirror of registries.conf can have certificates or a hosts.toml of its own. `_default` is for registries that
 * images name, not for mirrors.
 * Source: containers-registries.conf(5), "Choosing a [[registry]] TOML table", "Remapping and mirroring registries".
 */
import { failedPrecondition } from '../../../base/errors.ts';
import { badImage } from '../../documents/document.ts';
import { canonicalName, type Reference, repositoryOf } from '../../names/reference.ts';
import type { ImageSettings } from '../../settings.ts';
import { CertsDirs, type HostDirectory } from './certs-dirs.ts';
import { apiHost, type Endpoint, isLoopback, type RegistryHosts } from '../endpoint.ts';
import type { HostEntry } from './hosts-toml.ts';
import { matchedLength, matchesHost } from './name-prefix.ts';
import {
  type MirrorRule,
  readRegistriesConf,
  type RegistriesConf,
  type RegistryRule,
} from './registries-conf.ts';
import { readTrust } from './trust.ts';

export type HostSettings = Pick<
  ImageSettings,
  'registriesConf' | 'registriesConfDir' | 'certsDirs' | 'insecureRegistries'
>;

/**
 * What the configuration says now. Keys that nobody knows are told once each, with their files: those of certs.d when it
 * is looked into.
 * @throws RegistriesConfInvalid
 */
export async function readHosts(
  settings: HostSettings,
  onUnknownKey: (key: string) => void = () => undefined,
): Promise<ConfiguredHosts> {
  const { registriesConf, registriesConfDir, certsDirs, insecureRegistries } = settings;
  const conf = await readRegistriesConf(registriesConf, registriesConfDir);
  for (const key of conf.unknownKeys) onUnknownKey(key);
  const certs = new CertsDirs(certsDirs, onUnknownKey);
  return new ConfiguredHosts({ conf, certs, insecure: insecureRegistries });
}

export type HostSources = {
  readonly conf: RegistriesConf;
  readonly certs: CertsDirs;
  /** Hosts of the daemon's own configuration, `*.domain` included. */
  readonly insecure: readonly string[];
};

/** A repository that registries.conf leads to. */
type Place = {
  readonly domain: string;
  readonly repository: string;
  readonly tag: string | null;
  readonly isInsecure: boolean;
  readonly isMirror: boolean;
};

export class ConfiguredHosts implements RegistryHosts {
  readonly conf: RegistriesConf;
  readonly #certs: CertsDirs;
  readonly #insecure: readonly string[];

  constructor({ conf, certs, insecure }: HostSources) {
    this.conf = conf;
    this.#certs = certs;
    this.#insecure = insecure;
  }

  async endpointsOf(reference: Reference): Promise<readonly Endpoint[]> {
    const places = placesOf(this.conf.rules, reference);
    const lists = await Promise.all(places.map((place) => this.#expand(place, reference)));
    const endpoints = lists.flat();
    if (!endpoints.some((each) => each.resolvesTags || reference.digest !== null))
      throw failedPrecondition(
        'RegistryBlocked',
        `image "${canonicalName(reference)}": hosts.toml gives no host of "${reference.domain}" the capability to ${reference.digest === null ? 'resolve its tag' : 'pull'}`,
      );
    return endpoints;
  }

  async #expand(place: Place, reference: Reference): Promise<readonly Endpoint[]> {
    const own = await this.#certs.of(place.domain);
    const directory = own ?? (place.isMirror ? null : await this.#certs.ofOthers());
    const server = directory?.hosts?.server ?? plainEntry;
    const mirrors = directory?.hosts?.mirrors ?? [];
    const entries = [...mirrors, server].filter((entry) => entry.canPull);
    return await Promise.all(
      entries.map((entry) =>
        this.#endpoint({ entry, place, directory, reference, isServer: entry === server }),
      ),
    );
  }

  async #endpoint(found: Found): Promise<Endpoint> {
    const { entry, place, reference, isServer } = found;
    const upstream = apiHost(place.domain);
    const host = entry.place?.host ?? upstream;
    const isNamed = (isServer && place.domain === reference.domain) || host === apiHost(reference.domain);
    return {
      host,
      ...(await this.#way(found, host)),
      basePath: entry.place?.basePath ?? '/v2',
      repository: place.repository,
      renamedTag: renamed(reference.tag, place.tag),
      namespace: host === upstream ? null : place.domain,
      isMirror: place.isMirror || !isServer,
      isNamed,
      credentialName: `${host === upstream || isServer ? place.domain : host}/${place.repository}`,
      resolvesTags: entry.canResolve,
      headers: entry.headers,
      dialTimeoutMs: entry.dialTimeoutMs,
    };
  }

  /** How a host is reached: hosts.toml's word before registries.conf's and the daemon's. */
  async #way(found: Found, host: string): Promise<Pick<Endpoint, 'schemes' | 'trust'>> {
    const { entry } = found;
    const certificates = await this.#certificates(found, host);
    // An authority named for a loopback registry is meant to be asked.
    const isOwn = isLoopback(host) && certificates.caFiles.length === 0;
    const isInsecure = isOwn || this.#isInsecure(found, host);
    const trust = await readTrust({ isVerified: !(entry.isUnverified ?? isInsecure), ...certificates });
    if (entry.place !== null) return { schemes: [entry.place.scheme], trust };
    return { schemes: isInsecure ? ['https', 'http'] : ['https'], trust };
  }

  /** What hosts.toml names for the host, else what lies in the host's own directory. */
  async #certificates(
    { entry, place, directory, isServer }: Found,
    host: string,
  ): Promise<Pick<HostDirectory, 'caFiles' | 'clientFiles'>> {
    if (entry.caFiles.length > 0 || entry.clientFiles.length > 0) return entry;
    const isOwn = isServer || host === place.domain || host === apiHost(place.domain);
    return (isOwn ? directory : await this.#certs.of(host)) ?? noCertificates;
  }

  #isInsecure({ place, isServer }: Found, host: string): boolean {
    const hosts = isServer ? [place.domain, host] : [host];
    return (
      (isServer && place.isInsecure) ||
      hosts.some((each) => this.#insecure.some((pattern) => matchesHost(each, pattern)))
    );
  }
}

type Found = {
  readonly entry: HostEntry;
  readonly place: Place;
  readonly directory: HostDirectory | null;
  readonly reference: Reference;
  readonly isServer: boolean;
};

const noCertificates = { caFiles: [], clientFiles: [] };

/** A registry of which no hosts.toml speaks. */
const plainEntry: HostEntry = {
  place: null,
  canPull: true,
  canResolve: true,
  isUnverified: null,
  caFiles: [],
  clientFiles: [],
  headers: {},
  dialTimeoutMs: null,
};

/** @throws RegistryBlocked */
function placesOf(rules: readonly RegistryRule[], reference: Reference): readonly Place[] {
  const name = canonicalName(reference);
  const rule = chooseRule(rules, name);
  if (rule === null) return [placeOf(name, { isInsecure: false, isMirror: false })];
  if (rule.isBlocked)
    throw failedPrecondition(
      'RegistryBlocked',
      `image "${repositoryOf(reference)}": registry "${rule.prefix}" is blocked by registries.conf`,
    );
  const mirrors = rule.mirrors
    .filter((mirror) => isFor(mirror, reference))
    .map((mirror) =>
      placeOf(remap(name, rule, mirror.location), { isInsecure: mirror.isInsecure, isMirror: true }),
    );
  const own = placeOf(remap(name, rule, rule.location), { isInsecure: rule.isInsecure, isMirror: false });
  return [...mirrors, own];
}

function placeOf(name: string, is: Pick<Place, 'isInsecure' | 'isMirror'>): Place {
  const slash = name.indexOf('/');
  const [path = ''] = name.slice(slash + 1).split('@');
  const [repository = '', tag = null] = path.split(':');
  if (slash <= 0 || repository === '')
    throw badImage(`image "${name}": expected a registry and a repository`);
  return { domain: name.slice(0, slash), repository, tag, ...is };
}

function renamed(from: string | null, to: string | null): Endpoint['renamedTag'] {
  return from === null || to === null || from === to ? null : { from, to };
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

function remap(name: string, rule: RegistryRule, location: string | null): string {
  return location === null ? name : location + name.slice(matchedLength(rule.prefix, name));
}

function isFor(mirror: MirrorRule, reference: Reference): boolean {
  if (mirror.pulls === 'all') return true;
  return (mirror.pulls === 'digest-only') === (reference.digest !== null);
}
