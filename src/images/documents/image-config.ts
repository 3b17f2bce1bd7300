/**
 * The configuration of an image, from hostile bytes to checked data. Pure. Paths in it are only text here: whoever uses
 * one resolves it inside the container's root.
 * Source: OCI image spec, config.md; Docker image spec v1.2.
 */
import { type Digest, isDigest } from '../../base/ids.ts';
import { badImage, type JsonObject, parseJson } from './document.ts';
import { documentLimits } from '../limits.ts';

export type ImageConfig = {
  readonly architecture: string;
  readonly os: string;
  readonly variant: string | null;
  /** RFC 3339, as the image says; null when it does not. */
  readonly created: string | null;
  /** `user`, `uid`, `user:group`, `uid:gid`, or empty. */
  readonly user: string;
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  /** Paths of VOLUME instructions. */
  readonly volumes: readonly string[];
  /** `SIGTERM`, `15`, or null. */
  readonly stopSignal: string | null;
  /** Prototype-less. */
  readonly labels: Readonly<Record<string, string>>;
  /** Lowest first. */
  readonly diffIds: readonly Digest[];
};

const maxArguments = 4096;

/** @throws InvalidImage */
export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  if (bytes.length > documentLimits.configBytes)
    throw badImage(`image config: ${bytes.length} bytes, at most ${documentLimits.configBytes} are read`);
  const document = parseJson(bytes, 'image config');
  const rootfs = document.object('rootfs');
  const config = document.objectOrNull('config');
  return {
    architecture: document.stringOrNull('architecture') ?? '',
    os: document.stringOrNull('os') ?? '',
    variant: document.stringOrNull('variant'),
    created: document.stringOrNull('created'),
    user: textOf(config, 'User'),
    env: checkEnv(config?.strings('Env', documentLimits.environment) ?? []),
    entrypoint: listOf(config, 'Entrypoint'),
    cmd: listOf(config, 'Cmd'),
    workingDir: textOf(config, 'WorkingDir'),
    volumes: volumesOf(config),
    stopSignal: config?.stringOrNull('StopSignal') ?? null,
    labels: labelsOf(config?.objectOrNull('Labels') ?? null),
    diffIds: rootfs.strings('diff_ids', documentLimits.layers).map((text) => diffIdOf(rootfs, text)),
  };
}

/** The user of an image as the CRI shows it: a number or a name, never both; the group is left out. */
export type ImageUser = { readonly uid: bigint | null; readonly username: string };

/** Source: CRI Image.uid and Image.username. Numbers over 2^32 - 2 are no user id (CVE-2024-40635): they stay a name. */
export function imageUser(user: string): ImageUser {
  const name = user.split(':')[0] ?? '';
  if (!/^[0-9]{1,10}$/.test(name)) return { uid: null, username: name };
  const uid = BigInt(name);
  return uid <= 4_294_967_294n ? { uid, username: '' } : { uid: null, username: name };
}

function textOf(config: JsonObject | null, name: string): string {
  const text = config?.stringOrNull(name) ?? '';
  if (text.includes('\0') || text.length > 4096)
    throw badImage(`image config.${name}: expected at most 4096 bytes, no NUL`);
  return text;
}

function listOf(config: JsonObject | null, name: string): readonly string[] {
  const list = config?.strings(name, maxArguments) ?? [];
  if (list.some((each) => each.includes('\0'))) throw badImage(`image config.${name}: expected no NUL`);
  return list;
}

function checkEnv(env: readonly string[]): readonly string[] {
  for (const each of env) {
    if (each.includes('\0') || each.startsWith('='))
      throw badImage('image config.Env: expected NAME=value without NUL');
  }
  return env;
}

function volumesOf(config: JsonObject | null): readonly string[] {
  const paths = config?.objectOrNull('Volumes')?.names() ?? [];
  if (paths.length > 256) throw badImage(`image config.Volumes: expected at most 256`);
  if (paths.some((path) => path.includes('\0') || path.length > 4096))
    throw badImage('image config.Volumes: expected paths of at most 4096 bytes without NUL');
  return paths;
}

function labelsOf(labels: JsonObject | null): Readonly<Record<string, string>> {
  const names = labels?.names() ?? [];
  if (names.length > documentLimits.labels)
    throw badImage(`image config.Labels: expected at most ${documentLimits.labels}`);
  const result: Record<string, string> = Object.create(null);
  for (const name of names) result[name] = labels?.stringOrNull(name) ?? '';
  return result;
}

function diffIdOf(rootfs: JsonObject, text: string): Digest {
  return isDigest(text) ? text : rootfs.refuse('diff_ids', 'sha256:<64 hex> or sha512:<128 hex>');
}
