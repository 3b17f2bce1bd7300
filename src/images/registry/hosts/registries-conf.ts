/**
 * registries.conf, version 2, with the files laid over it. Read when a pull starts.
 *
 *   registries.conf ─▶ registries.conf.d/*.conf in lexical order; of a later file
 *     [[registry]]                     replaces the one of the same prefix
 *     [aliases]                        are added; one with the value "" takes an earlier one back
 *     unqualified-search-registries,
 *     short-name-mode,
 *     credential-helpers               replace as a whole
 *
 * Source: containers-registries.conf(5), containers-registries.conf.d(5).
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../../base/errors.ts';
import { readLinked } from '../../../base/files.ts';
import { isAliasName, isAliasValue, type ShortNameMode } from '../../names/short-names.ts';
import { readToml, type TomlTable } from './toml-table.ts';

export type MirrorRule = {
  readonly location: string;
  readonly isInsecure: boolean;
  readonly pulls: 'all' | 'digest-only' | 'tag-only';
};

export type RegistryRule = {
  /** `host`, `host/path`, `host/path:tag`, `*.domain`. */
  readonly prefix: string;
  /** What the prefix is replaced by; null (of a wildcard): nothing is replaced. */
  readonly location: string | null;
  readonly isInsecure: boolean;
  readonly isBlocked: boolean;
  readonly mirrors: readonly MirrorRule[];
};

export type RegistriesConf = {
  readonly searchDomains: readonly string[];
  readonly shortNameMode: ShortNameMode;
  readonly aliases: ReadonlyMap<string, string>;
  /** Programs that keep credentials; `containers-auth.json` is the file. Asked in this order. */
  readonly credentialHelpers: readonly string[];
  readonly rules: readonly RegistryRule[];
  /** Keys that this reader does not know, with their files: for a warning. */
  readonly unknownKeys: readonly string[];
};

/** The entry of `credential-helpers` that means the file of credentials. */
export const authFileHelper = 'containers-auth.json';

const reason = 'RegistriesConfInvalid';
const maxFileBytes = 1024 * 1024;
const maxFiles = 256;

/** Without a word about it a short name means docker.io, as it does for most who write one. */
const absent = {
  searchDomains: ['docker.io'],
  shortNameMode: 'permissive',
  credentialHelpers: [authFileHelper],
} as const;

/** Reads the file and what lies in the directory; neither need exist. @throws RegistriesConfInvalid naming file and key */
export async function readRegistriesConf(file: string, directory: string): Promise<RegistriesConf> {
  const rules = new Map<string, RegistryRule>();
  const aliases = new Map<string, string>();
  const unknownKeys: string[] = [];
  let { searchDomains, shortNameMode, credentialHelpers }: Words = absent;
  for (const path of [file, ...(await dropIns(directory))]) {
    const part = await readPart(path);
    if (part === null) continue;
    searchDomains = part.searchDomains ?? searchDomains;
    shortNameMode = part.shortNameMode ?? shortNameMode;
    credentialHelpers = part.credentialHelpers ?? credentialHelpers;
    unknownKeys.push(...part.unknownKeys.map((key) => `${path}: ${key}`));
    for (const rule of part.rules) rules.set(rule.prefix, rule);
    for (const [name, value] of part.aliases) {
      if (value === '') aliases.delete(name);
      else aliases.set(name, value);
    }
  }
  return {
    searchDomains,
    shortNameMode,
    aliases,
    credentialHelpers,
    unknownKeys,
    rules: [...rules.values()],
  };
}

type Words = Pick<RegistriesConf, 'searchDomains' | 'shortNameMode' | 'credentialHelpers'>;

async function dropIns(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const names = entries.filter((each) => each.name.endsWith('.conf') && !each.isDirectory());
    return names
      .map((each) => join(directory, each.name))
      .sort()
      .slice(0, maxFiles);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

type Part = { readonly [K in keyof Words]: Words[K] | null } & {
  readonly rules: readonly RegistryRule[];
  readonly aliases: ReadonlyMap<string, string>;
  readonly unknownKeys: readonly string[];
};

const knownKeys = [
  'unqualified-search-registries',
  'short-name-mode',
  'credential-helpers',
  'aliases',
  'registry',
];

async function readPart(path: string): Promise<Part | null> {
  const bytes = await readLinked(path, maxFileBytes);
  if (bytes === null) return null;
  const table = readToml(bytes, { file: path, reason });
  if (table.has('registries'))
    table.refuse('registries', 'version 2 of the format: [[registry]] and unqualified-search-registries');
  const tables = table.tables('registry');
  const rules = tables.map(parseRule);
  refuseContradictions(tables, rules);
  return {
    searchDomains: parseSearchDomains(table),
    shortNameMode: parseShortNameMode(table),
    credentialHelpers: parseHelpers(table),
    aliases: parseAliases(table.table('aliases')),
    rules,
    unknownKeys: [...table.unknownKeys(knownKeys), ...tables.flatMap(unknownRegistryKeys)],
  };
}

function parseSearchDomains(table: TomlTable): readonly string[] | null {
  const key = 'unqualified-search-registries';
  const domains = table.stringsOrNull(key);
  return (
    domains?.map((each) => checkedLocation(table, { key, value: each, expected: 'host[:port]' })) ?? null
  );
}

function parseShortNameMode(table: TomlTable): ShortNameMode | null {
  const mode = table.string('short-name-mode', '').toLowerCase();
  if (mode === '') return null;
  if (mode === 'enforcing' || mode === 'permissive' || mode === 'disabled') return mode;
  return table.refuse('short-name-mode', '"enforcing", "permissive" or "disabled"');
}

function parseHelpers(table: TomlTable): readonly string[] | null {
  const helpers = table.stringsOrNull('credential-helpers');
  if (helpers?.every((each) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(each)) === false)
    table.refuse('credential-helpers', 'the NAMEs of programs docker-credential-NAME');
  return helpers;
}

function parseAliases(table: TomlTable | null): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const name of table?.keys() ?? []) {
    const value = table?.string(name, '') ?? '';
    if (!isAliasName(name)) table?.refuse(name, 'a short name without tag and digest before "="');
    if (value !== '' && !isAliasValue(value))
      table?.refuse(name, 'a name with its registry, without tag and digest');
    aliases.set(name, value);
  }
  return aliases;
}

function parseRule(table: TomlTable): RegistryRule {
  const location = optionalLocation(table, 'location');
  const prefix = optionalLocation(table, 'prefix') ?? location;
  if (prefix === null) return table.refuse('location', 'a registry, or a prefix beside it');
  const isWildcard = prefix.startsWith('*.');
  if (prefix.slice(isWildcard ? 2 : 0).includes('*')) table.refuse('prefix', 'a "*." only at its beginning');
  if (table.has('pull-from-mirror')) table.refuse('pull-from-mirror', 'it only in a [[registry.mirror]]');
  return {
    prefix,
    location: location ?? (isWildcard ? null : prefix),
    isInsecure: table.boolean('insecure', false),
    isBlocked: table.boolean('blocked', false),
    mirrors: table
      .tables('mirror')
      .map((mirror) => parseMirror(mirror, table.boolean('mirror-by-digest-only', false))),
  };
}

function parseMirror(table: TomlTable, isDigestOnly: boolean): MirrorRule {
  const location = optionalLocation(table, 'location') ?? table.refuse('location', 'a registry');
  const own = table.string('pull-from-mirror', '');
  if (isDigestOnly && own !== '')
    table.refuse('pull-from-mirror', 'nothing beside mirror-by-digest-only of the registry');
  const pulls = own === '' ? (isDigestOnly ? 'digest-only' : 'all') : own;
  if (pulls !== 'all' && pulls !== 'digest-only' && pulls !== 'tag-only')
    return table.refuse('pull-from-mirror', 'all, digest-only or tag-only');
  return { location, isInsecure: table.boolean('insecure', false), pulls };
}

/** Two prefixes may lead to one place, but not with different words about whether and how it may be reached. */
function refuseContradictions(tables: readonly TomlTable[], rules: readonly RegistryRule[]): void {
  const first = new Map<string, RegistryRule>();
  for (const [at, rule] of rules.entries()) {
    const place = rule.location ?? rule.prefix;
    const other = first.get(place);
    if (other === undefined) first.set(place, rule);
    else if (other.isInsecure !== rule.isInsecure)
      tables[at]?.refuse('insecure', `the same as in the other [[registry]] of "${place}"`);
    else if (other.isBlocked !== rule.isBlocked)
      tables[at]?.refuse('blocked', `the same as in the other [[registry]] of "${place}"`);
  }
}

function optionalLocation(table: TomlTable, key: string): string | null {
  const value = table.string(key, '');
  if (value === '') return null;
  return checkedLocation(table, { key, value, expected: 'host[:port][/path]' });
}

function checkedLocation(
  table: TomlTable,
  { key, value, expected }: { readonly key: string; readonly value: string; readonly expected: string },
): string {
  const location = value.replace(/\/+$/, '');
  const form = expected.includes('path') ? /^[^\s/][^\s]*$/ : /^[^\s/]+$/;
  if (location.includes('://') || !form.test(location)) table.refuse(key, `${expected} without "https://"`);
  return location;
}

function unknownRegistryKeys(table: TomlTable): readonly string[] {
  const known = ['prefix', 'location', 'insecure', 'blocked', 'mirror-by-digest-only', 'mirror'];
  const mirrors = table
    .tables('mirror')
    .flatMap((mirror) => mirror.unknownKeys(['location', 'insecure', 'pull-from-mirror']));
  return [...table.unknownKeys(known), ...mirrors];
}
