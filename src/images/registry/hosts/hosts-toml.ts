/**
 * containerd's hosts.toml: which hosts serve a registry, and how each is reached. Pure.
 *
 *   server = "https://registry.example"        the registry itself, asked last; absent: the host of the name
 *   [host."https://mirror.example"]            a mirror, asked in the order of the file
 *     capabilities = ["pull", "resolve"]       resolve: it may say what a tag means
 *     ca, client, skip_verify, header, override_path, dial_timeout
 *
 * Source: containerd docs/hosts.md.
 */
import { isAbsolute, join } from 'node:path';
import type { Scheme } from '../endpoint.ts';
import { readToml, type TomlTable } from './toml-table.ts';
import type { ClientFiles } from './trust.ts';

export type HostEntry = {
  /** Null: the host that the image's name names. */
  readonly place: HostPlace | null;
  readonly canPull: boolean;
  readonly canResolve: boolean;
  /** Null: the file does not say. */
  readonly isUnverified: boolean | null;
  readonly caFiles: readonly string[];
  readonly clientFiles: readonly ClientFiles[];
  readonly headers: Readonly<Record<string, string>>;
  readonly dialTimeoutMs: number | null;
};

export type HostPlace = { readonly scheme: Scheme; readonly host: string; readonly basePath: string };

export type HostsFile = {
  readonly mirrors: readonly HostEntry[];
  readonly server: HostEntry;
  readonly unknownKeys: readonly string[];
};

const reason = 'HostsTomlInvalid';
const maxHosts = 64;
const maxHeaders = 64;

/** @throws HostsTomlInvalid naming file and key */
export function parseHostsToml(bytes: Uint8Array, file: string, directory: string): HostsFile {
  const table = readToml(bytes, { file, reason });
  const hosts = table.table('host');
  const names = hosts?.keys() ?? [];
  if (names.length > maxHosts) table.refuse('host', `at most ${maxHosts} hosts`);
  const entries = names.flatMap((name) => {
    const host = hosts?.table(name) ?? null;
    return host === null ? [] : [{ name, host }];
  });
  const server = table.string('server', '');
  return {
    mirrors: entries.map(({ name, host }) => parseEntry(host, { key: '', text: name, directory })),
    server: parseEntry(table, { key: 'server', text: server, directory }),
    unknownKeys: [
      ...table.unknownKeys([...entryKeys, 'server', 'host']),
      ...entries.flatMap(({ host }) => host.unknownKeys(entryKeys)),
    ],
  };
}

const entryKeys = ['capabilities', 'ca', 'client', 'skip_verify', 'header', 'override_path', 'dial_timeout'];

type Where = { readonly key: string; readonly text: string; readonly directory: string };

function parseEntry(table: TomlTable, where: Where): HostEntry {
  const capabilities = (table.stringsOrNull('capabilities') ?? []).map((each) => each.toLowerCase());
  if (!capabilities.every((each) => knownCapabilities.has(each)))
    table.refuse('capabilities', '"pull", "resolve" or "push"');
  // Without a word a host does everything.
  const can = (what: string): boolean => capabilities.length === 0 || capabilities.includes(what);
  return {
    place: where.text === '' ? null : parsePlace(table, where),
    canPull: can('pull'),
    canResolve: can('resolve'),
    isUnverified: table.booleanOrNull('skip_verify'),
    caFiles: table.stringOrStrings('ca').map((path) => resolvePath(path, where.directory)),
    clientFiles: parseClients(table, where.directory),
    headers: parseHeaders(table.table('header')),
    dialTimeoutMs: table.has('dial_timeout') ? parseDuration(table, 'dial_timeout') : null,
  };
}

const knownCapabilities: ReadonlySet<string> = new Set(['pull', 'resolve', 'push', 'referrers']);

/** `https://host[:port][/path]`; `/v2` is put behind the path unless the path is said to be the whole. */
function parsePlace(table: TomlTable, { key, text }: Where): HostPlace {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url === null || url.host === '' || !/^https?:$/.test(url.protocol))
    return table.refuse(key, 'a URL like "https://host:port"');
  if (url.username !== '' || url.password !== '')
    table.refuse(key, 'a URL without credentials (they belong into auth_file)');
  if (url.search !== '' || url.hash !== '') table.refuse(key, 'a URL without "?" and "#"');
  const isWhole = table.boolean('override_path', false);
  const path = url.pathname.replace(/\/+$/, '');
  return {
    scheme: url.protocol === 'http:' ? 'http' : 'https',
    host: url.host,
    basePath: isWhole || path.endsWith('/v2') ? path : `${path}/v2`,
  };
}

/** `client = "both.pem"`, `["a.pem", "b.pem"]` or `[["a.cert", "a.key"], …]`. */
function parseClients(table: TomlTable, directory: string): readonly ClientFiles[] {
  const expected = 'a file, or a list of files or of pairs ["certificate", "key"]';
  if (!table.has('client')) return [];
  const pairOf = (value: unknown): ClientFiles => {
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
    const [certificate, key = ''] = parts;
    if (typeof certificate !== 'string' || certificate === '' || typeof key !== 'string' || parts.length > 2)
      return table.refuse('client', expected);
    const certificateFile = resolvePath(certificate, directory);
    return { certificateFile, keyFile: key === '' ? certificateFile : resolvePath(key, directory) };
  };
  return table.isArray('client') ? table.array('client').map(pairOf) : [pairOf(table.string('client', ''))];
}

function parseHeaders(table: TomlTable | null): Readonly<Record<string, string>> {
  const headers: [string, string][] = [];
  for (const name of table?.keys() ?? []) {
    const value = table?.stringOrStrings(name).join(', ') ?? '';
    // Names of headers as of RFC 9110, 5.6.2; values may hold secrets and are not shown.
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name)) table?.refuse(name, 'the name of a header');
    if (!/^[\t\x20-\x7e]{0,8192}$/.test(value)) table?.refuse(name, 'a value of printable characters');
    if (headers.length >= maxHeaders) table?.refuse(name, `at most ${maxHeaders} headers`);
    headers.push([name.toLowerCase(), value]);
  }
  return Object.fromEntries(headers);
}

const unitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's form: `3s`, `1m30s`, `500ms`. */
function parseDuration(table: TomlTable, key: string): number {
  const text = table.string(key, '');
  const parts = [...text.matchAll(/([0-9]{1,9}(?:\.[0-9]{1,9})?)(ns|us|µs|ms|s|m|h)/gy)];
  const isWhole = parts.reduce((length, [part]) => length + part.length, 0) === text.length;
  const durationMs = parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * (unitsMs[unit ?? ''] ?? 0),
    0,
  );
  if (text === '' || !isWhole || durationMs < 1 || durationMs > 600_000)
    return table.refuse(key, 'a time from "1ms" to "10m", like "3s"');
  return Math.ceil(durationMs);
}

function resolvePath(path: string, directory: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}
