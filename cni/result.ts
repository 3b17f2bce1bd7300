/**
 * The result of an attachment: one internal type, read from the JSON of any spoken version and written back in the form
 * that a version wants. Plugin output is hostile: every address is checked, unknown fields are dropped.
 */
import { isIP } from 'node:net';
import {
  asObject,
  countField,
  field,
  listField,
  parseJson,
  ShapeError,
  textField,
  textListField,
  type JsonObject,
} from './json.ts';
import { isAtLeast, isKnownVersion, knownVersions, type CniVersion } from './versions.ts';

export type ResultInterface = {
  readonly name: string;
  readonly mac: string | null;
  readonly mtu: number | null;
  /** The namespace (or the virtual machine) that it is in; null: it is on the host. */
  readonly sandbox: string | null;
  readonly socketPath: string | null;
  readonly pciId: string | null;
};

export type ResultIp = {
  readonly family: 4 | 6;
  /** Without the prefix length. */
  readonly address: string;
  readonly prefixLength: number;
  readonly gateway: string | null;
  /** Index into `interfaces`. */
  readonly interfaceIndex: number | null;
};

export type ResultRoute = {
  /** In CIDR notation. */
  readonly destination: string;
  readonly gateway: string | null;
  readonly mtu: number | null;
  readonly advmss: number | null;
  readonly priority: number | null;
  readonly table: number | null;
  readonly scope: number | null;
};

export type ResultDns = {
  readonly nameservers: readonly string[];
  readonly domain: string | null;
  readonly search: readonly string[];
  readonly options: readonly string[];
};

export type CniResult = {
  readonly interfaces: readonly ResultInterface[];
  readonly ips: readonly ResultIp[];
  readonly routes: readonly ResultRoute[];
  readonly dns: ResultDns;
};

/** A result's JSON text. Source: CNI SPEC 1.1, section 5, "ADD Success". @throws ShapeError */
export function parseResultText(text: string): CniResult {
  return parseResult(parseJson(text, 'result'));
}

/** Reads the forms of all spoken versions; an absent cniVersion is the one that was asked for. @throws ShapeError */
export function parseResult(value: unknown): CniResult {
  const object = asObject(value, 'result');
  const version = textField(object, 'cniVersion', 'result');
  if (version !== null && version !== '' && !isKnownVersion(version))
    throw new ShapeError(
      `result.cniVersion: ${JSON.stringify(version.slice(0, 40))}, expected one of ${knownVersions.join(', ')}`,
    );
  const interfaces = listField(object, 'interfaces', 'result').map(parseInterface);
  return {
    interfaces,
    ips: listField(object, 'ips', 'result').map((entry, at) => parseIp(entry, at, interfaces.length)),
    routes: listField(object, 'routes', 'result').map(parseRoute),
    dns: parseDns(field(object, 'dns')),
  };
}

function parseInterface(value: unknown, at: number): ResultInterface {
  const what = `result.interfaces[${at}]`;
  const object = asObject(value, what);
  return {
    name: textField(object, 'name', what) ?? '',
    mac: nonEmpty(textField(object, 'mac', what)),
    mtu: countField(object, 'mtu', what),
    sandbox: nonEmpty(textField(object, 'sandbox', what)),
    socketPath: nonEmpty(textField(object, 'socketPath', what)),
    pciId: nonEmpty(textField(object, 'pciID', what)),
  };
}

function parseIp(value: unknown, at: number, interfaceCount: number): ResultIp {
  const what = `result.ips[${at}]`;
  const object = asObject(value, what);
  const cidr = parseCidr(textField(object, 'address', what) ?? '', `${what}.address`);
  const interfaceIndex = countField(object, 'interface', what);
  if (interfaceIndex !== null && interfaceIndex >= interfaceCount)
    throw new ShapeError(`${what}.interface: ${interfaceIndex}, but there are ${interfaceCount} interfaces`);
  return { ...cidr, gateway: parseAddress(object, 'gateway', what), interfaceIndex };
}

function parseRoute(value: unknown, at: number): ResultRoute {
  const what = `result.routes[${at}]`;
  const object = asObject(value, what);
  const cidr = parseCidr(textField(object, 'dst', what) ?? '', `${what}.dst`);
  return {
    destination: `${cidr.address}/${cidr.prefixLength}`,
    gateway: parseAddress(object, 'gw', what),
    mtu: countField(object, 'mtu', what),
    advmss: countField(object, 'advmss', what),
    priority: countField(object, 'priority', what),
    table: countField(object, 'table', what),
    scope: countField(object, 'scope', what),
  };
}

function parseDns(value: unknown): ResultDns {
  const what = 'result.dns';
  const object = value === undefined ? {} : asObject(value, what);
  return {
    nameservers: textListField(object, 'nameservers', what),
    domain: nonEmpty(textField(object, 'domain', what)),
    search: textListField(object, 'search', what),
    options: textListField(object, 'options', what),
  };
}

type Cidr = Pick<ResultIp, 'family' | 'address' | 'prefixLength'>;

function parseCidr(text: string, what: string): Cidr {
  const [address = '', length = '', ...rest] = text.split('/');
  const family = familyOf(address);
  const prefixLength = /^\d{1,3}$/.test(length) ? Number(length) : -1;
  const maxLength = family === 4 ? 32 : 128;
  if (family === null || rest.length > 0 || prefixLength < 0 || prefixLength > maxLength)
    throw new ShapeError(`${what}: ${JSON.stringify(text.slice(0, 60))}, expected ADDRESS/LENGTH`);
  return { family, address, prefixLength };
}

function parseAddress(object: JsonObject, key: string, what: string): string | null {
  const text = nonEmpty(textField(object, key, what));
  if (text !== null && familyOf(text) === null)
    throw new ShapeError(`${what}.${key}: ${JSON.stringify(text.slice(0, 60))}, expected an IP address`);
  return text;
}

function familyOf(address: string): 4 | 6 | null {
  // isIP accepts a zone ("fe80::1%eth0"); a result has none.
  const family = address.includes('%') ? 0 : isIP(address);
  return family === 4 || family === 6 ? family : null;
}

function nonEmpty(text: string | null): string | null {
  return text === '' ? null : text;
}

/** The result in the form of a version, for `prevResult` and for the caller's records. */
export function formatResult(result: CniResult, version: CniVersion): JsonObject {
  const hasFamily = !isAtLeast(version, '1.0.0');
  return present({
    cniVersion: version,
    interfaces: result.interfaces.map((entry) =>
      present({
        name: entry.name,
        mac: entry.mac,
        mtu: entry.mtu,
        sandbox: entry.sandbox,
        socketPath: entry.socketPath,
        pciID: entry.pciId,
      }),
    ),
    ips: result.ips.map((ip) =>
      present({
        version: hasFamily ? String(ip.family) : null,
        address: `${ip.address}/${ip.prefixLength}`,
        gateway: ip.gateway,
        interface: ip.interfaceIndex,
      }),
    ),
    routes: result.routes.map(({ destination, gateway, ...rest }) =>
      present({ dst: destination, gw: gateway, ...rest }),
    ),
    dns: present({
      nameservers: listOrNull(result.dns.nameservers),
      domain: result.dns.domain,
      search: listOrNull(result.dns.search),
      options: listOrNull(result.dns.options),
    }),
  });
}

function listOrNull(list: readonly string[]): readonly string[] | null {
  return list.length === 0 ? null : list;
}

function present(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/** What a caller gets of an attachment. */
export type AttachResult = {
  readonly networkName: string;
  /** Of the sandbox's interface, in the order of the result; the first is the pod's. May be empty. */
  readonly ips: readonly ResultIp[];
  readonly interfaces: readonly ResultInterface[];
  readonly dns: ResultDns;
  /** The whole result in the specification's own form. */
  readonly raw: JsonObject;
};

export function attachResult(
  result: CniResult,
  of: { readonly networkName: string; readonly ifName: string; readonly version: CniVersion },
): AttachResult {
  return {
    networkName: of.networkName,
    ips: sandboxIps(result, of.ifName),
    interfaces: result.interfaces,
    dns: result.dns,
    raw: formatResult(result, of.version),
  };
}

/**
 * The addresses of the interface that was asked for, in the order of the result, each once. Addresses that name no
 * interface count; those of host interfaces do not. When a plugin named the interface otherwise, all addresses that lie
 * in a sandbox count.
 */
export function sandboxIps(result: CniResult, ifName: string): readonly ResultIp[] {
  const inSandbox = result.ips.filter((ip) => {
    const at = ip.interfaceIndex === null ? undefined : result.interfaces[ip.interfaceIndex];
    return at === undefined || at.sandbox !== null;
  });
  const named = inSandbox.filter((ip) => {
    const at = ip.interfaceIndex === null ? undefined : result.interfaces[ip.interfaceIndex];
    return at === undefined || at.name === ifName;
  });
  const chosen = named.length > 0 ? named : inSandbox;
  return chosen.filter((ip, at) => chosen.findIndex((other) => other.address === ip.address) === at);
}
