/**
 * The directories of one registry: `certs.d/HOST[:PORT]/`, with containerd's hosts.toml, or with certificates as Docker
 * and containers/image name them (`*.crt` authorities; `X.cert` with `X.key` for a client), or with both.
 * Source: containerd docs/hosts.md; containers-certs.d(5).
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, failedPrecondition } from '../../../base/errors.ts';
import { readLinked } from '../../../base/files.ts';
import { type HostsFile, parseHostsToml } from './hosts-toml.ts';
import type { ClientFiles } from './trust.ts';

export type HostDirectory = {
  readonly path: string;
  /** Null: there is none. */
  readonly hosts: HostsFile | null;
  readonly caFiles: readonly string[];
  readonly clientFiles: readonly ClientFiles[];
};

const maxHostsBytes = 1024 * 1024;
const maxFiles = 256;
const defaultName = '_default';

export class CertsDirs {
  readonly #roots: readonly string[];
  readonly #onUnknownKey: (key: string) => void;
  readonly #toldKeys = new Set<string>();

  constructor(roots: readonly string[], onUnknownKey: (key: string) => void = () => undefined) {
    this.#roots = roots;
    this.#onUnknownKey = onUnknownKey;
  }

  /** What is said of a host: the first directory of its name counts, alone. @throws HostsTomlInvalid, CertificatesInvalid */
  async of(host: string): Promise<HostDirectory | null> {
    return await this.#first(namesOf(host));
  }

  /** What is said of hosts that have no directory of their own. */
  async ofOthers(): Promise<HostDirectory | null> {
    return await this.#first([defaultName]);
  }

  async #first(names: readonly string[]): Promise<HostDirectory | null> {
    for (const root of this.#roots) {
      for (const name of names) {
        const found = await readHostDirectory(join(root, name));
        if (found === null) continue;
        this.#tell(found);
        return found;
      }
    }
    return null;
  }

  #tell({ path, hosts }: HostDirectory): void {
    for (const name of hosts?.unknownKeys ?? []) {
      const key = `${join(path, 'hosts.toml')}: ${name}`;
      if (this.#toldKeys.has(key)) continue;
      this.#toldKeys.add(key);
      this.#onUnknownKey(key);
    }
  }
}

/** `host:port`, and the form of it that file systems without colons can keep. */
function namesOf(host: string): readonly string[] {
  const colon = host.lastIndexOf(':');
  if (colon <= 0 || host.endsWith(']')) return [host];
  return [`${host.slice(0, colon)}_${host.slice(colon + 1)}_`, host];
}

async function readHostDirectory(path: string): Promise<HostDirectory | null> {
  const names = await list(path);
  if (names === null) return null;
  const file = join(path, 'hosts.toml');
  const bytes = names.includes('hosts.toml') ? await readLinked(file, maxHostsBytes) : null;
  return {
    path,
    hosts: bytes === null ? null : parseHostsToml(bytes, file, path),
    ...certificatesOf(path, names, bytes !== null),
  };
}

/**
 * What lies there by Docker's names. Beside a hosts.toml the names are free, since it may name any file: there a pair that
 * is not whole is none, and a certificate with its key is nobody's authority.
 */
function certificatesOf(
  path: string,
  names: readonly string[],
  areFree: boolean,
): Pick<HostDirectory, 'caFiles' | 'clientFiles'> {
  const hasKey = (name: string): boolean => names.includes(name.replace(/\.(?:crt|cert)$/, '.key'));
  const authorities = names.filter((name) => name.endsWith('.crt') && !(areFree && hasKey(name)));
  if (!areFree) refuseHalves(path, names);
  const clients = names.filter((name) => name.endsWith('.cert') && hasKey(name));
  return {
    caFiles: authorities.map((name) => join(path, name)),
    clientFiles: clients.map((name) => ({
      certificateFile: join(path, name),
      keyFile: join(path, name.replace(/\.cert$/, '.key')),
    })),
  };
}

async function list(path: string): Promise<readonly string[] | null> {
  try {
    return (await readdir(path)).sort().slice(0, maxFiles);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
    throw error;
  }
}

/** @throws CertificatesInvalid */
function refuseHalves(path: string, names: readonly string[]): void {
  for (const name of names) {
    const other = name.endsWith('.cert')
      ? name.replace(/\.cert$/, '.key')
      : name.endsWith('.key')
        ? name.replace(/\.key$/, '.cert')
        : name;
    if (!names.includes(other))
      throw failedPrecondition(
        'CertificatesInvalid',
        `read "${join(path, name)}": expected "${other}" beside it (an authority's certificate ends in ".crt")`,
      );
  }
}
