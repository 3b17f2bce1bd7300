/**
 * A subset of registries.conf, version 2, with its drop-in directory: unqualified-search-registries, [[registry]] with
 * prefix, location, insecure, blocked, and [[registry.mirror]] with location, insecure, pull-from-mirror. Other keys are
 * left alone. Read when a pull starts.
 * Source: containers-registries.conf(5), containers-registries.conf.d(5).
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { errnoOf, failedPrecondition, messageOf } from '../../base/errors.ts';
import { readBounded } from '../../base/files.ts';
import { TomlTable } from './toml-table.ts';

export type MirrorRule = {
  readonly location: string;
  readonly isInsecure: boolean;
  readonly pulls: 'all' | 'digest-only' | 'tag-only';
};

export type RegistryRule = {
  /** `host`, `host/path`, `*.domain`. */
  readonly prefix: string;
  /** What the prefix is replaced by. */
  readonly location: string;
  readonly isInsecure: boolean;
  readonly isBlocked: boolean;
  readonly mirrors: readonly MirrorRule[];
};

export type RegistriesConf = {
  readonly searchDomains: readonly string[];
  readonly rules: readonly RegistryRule[];
};

const maxFileBytes = 1024 * 1024;
const maxFiles = 256;
const defaultSearchDomains = ['docker.io'];

/** Reads the file and what lies in the directory; neither need exist. @throws RegistriesConfInvalid naming file and key */
export async function readRegistriesConf(file: string, directory: string): Promise<RegistriesConf> {
  const rules = new Map<string, RegistryRule>();
  let searchDomains: readonly string[] | null = null;
  for (const path of [file, ...(await dropIns(directory))]) {
    const part = await readPart(path);
    searchDomains = part?.searchDomains ?? searchDomains;
    // A later file replaces what an earlier one says of the same prefix.
    for (const rule of part?.rules ?? []) rules.set(rule.prefix, rule);
  }
  return { searchDomains: searchDomains ?? defaultSearchDomains, rules: [...rules.values()] };
}

async function dropIns(directory: string): Promise<readonly string[]> {
  try {
    const names = (await readdir(directory)).filter((name) => name.endsWith('.conf')).sort();
    return names.slice(0, maxFiles).map((name) => join(directory, name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

type Part = { readonly searchDomains: readonly string[] | null; readonly rules: readonly RegistryRule[] };

async function readPart(path: string): Promise<Part | null> {
  const bytes = await readBounded(path, maxFileBytes);
  if (bytes === null) return null;
  const table = parseFile(path, bytes.toString('utf8'));
  if (table.has('registries'))
    throw failedPrecondition(
      'RegistriesConfInvalid',
      `read "${path}": [registries] is version 1, expected [[registry]]`,
    );
  const rules = table.tables('registry').map(parseRule);
  return { searchDomains: table.stringsOrNull('unqualified-search-registries'), rules };
}

function parseFile(path: string, text: string): TomlTable {
  try {
    return new TomlTable(parseToml(text), path, '');
  } catch (error) {
    throw failedPrecondition(
      'RegistriesConfInvalid',
      `read "${path}": ${messageOf(error).split('\n')[0] ?? ''}`,
      {
        cause: error,
      },
    );
  }
}

function parseRule(table: TomlTable): RegistryRule {
  const location = trimSlash(table.string('location', ''));
  const prefix = trimSlash(table.string('prefix', location));
  if (prefix === '') table.refuse('location', 'a registry, or a prefix beside it');
  return {
    prefix,
    location: location === '' ? prefix : location,
    isInsecure: table.boolean('insecure', false),
    isBlocked: table.boolean('blocked', false),
    mirrors: table
      .tables('mirror')
      .map((mirror) => parseMirror(mirror, table.boolean('mirror-by-digest-only', false))),
  };
}

function parseMirror(table: TomlTable, isDigestOnly: boolean): MirrorRule {
  const location = trimSlash(table.string('location', ''));
  if (location === '') table.refuse('location', 'a registry');
  const pulls = table.string('pull-from-mirror', isDigestOnly ? 'digest-only' : 'all');
  if (pulls !== 'all' && pulls !== 'digest-only' && pulls !== 'tag-only')
    return table.refuse('pull-from-mirror', 'all, digest-only or tag-only');
  return { location, isInsecure: table.boolean('insecure', false), pulls };
}

function trimSlash(text: string): string {
  return text.replace(/\/+$/, '');
}
