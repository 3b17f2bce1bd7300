/**
 * A file of credentials: containers/image's auth.json or Docker's config.json. Read when a registry asks for them.
 *
 *   credHelpers[registry] ─▶ auths, the longest of registry/namespace/repository … registry ─▶ credsStore
 *
 * Source: containers-auth.json(5); Docker CLI, "Configuration files".
 */
import { CriError, failedPrecondition } from '../../../base/errors.ts';
import { readLinked } from '../../../base/files.ts';
import { type JsonObject, parseJson } from '../../documents/document.ts';
import { anonymous, type Credentials, credentialsOf, registryOf } from './credentials.ts';

const maxFileBytes = 1024 * 1024;

export type FileAnswer = Credentials | { readonly kind: 'helper'; readonly helper: string };

/**
 * What a file says of a name like `registry.example/team/app`: credentials, the helper that keeps them, or nobody's.
 * @throws AuthFileInvalid naming file and key
 */
export async function readAuthFile(path: string, name: string): Promise<FileAnswer> {
  const bytes = await readLinked(path, maxFileBytes);
  if (bytes === null) return anonymous;
  try {
    return answerOf(parseJson(bytes, 'file'), name);
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    throw failedPrecondition('AuthFileInvalid', `read "${path}": ${error.message}`, { cause: error });
  }
}

function answerOf(file: JsonObject, name: string): FileAnswer {
  const registry = registryOf(name);
  const helpers = file.objectOrNull('credHelpers');
  const own = helpers?.names().find((key) => registryOf(key) === registry);
  if (own !== undefined && helpers !== null) return { kind: 'helper', helper: helpers.string(own) };
  const stored = fromAuths(file.objectOrNull('auths'), name);
  if (stored.kind !== 'anonymous') return stored;
  const store = file.stringOrNull('credsStore') ?? '';
  return store === '' ? anonymous : { kind: 'helper', helper: store };
}

function fromAuths(auths: JsonObject | null, name: string): Credentials {
  for (const key of keysFor(auths, name)) {
    const entry = auths?.objectOrNull(key) ?? null;
    const found = entry === null ? anonymous : credentialsOfEntry(entry, key);
    // With a store, Docker leaves empty objects here.
    if (found.kind !== 'anonymous') return found;
  }
  return anonymous;
}

/** `a.test/b/c`, `a.test/b`, `a.test` as they are; then the older ways to write a registry. */
function keysFor(auths: JsonObject | null, name: string): readonly string[] {
  const parts = name.split('/');
  const prefixes = parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
  const names = auths?.names() ?? [];
  const exact = prefixes.filter((key) => names.includes(key));
  const older = names.filter((key) => isWholeRegistry(key) && registryOf(key) === registryOf(name));
  return [...exact, ...older];
}

/** `https://registry.example/v1/`, `registry.example`: no namespace of it. */
function isWholeRegistry(key: string): boolean {
  return /^(?:https?:\/\/)?[^/]+(?:\/(?:v[12]\/?)?)?$/.test(key);
}

function credentialsOfEntry(entry: JsonObject, key: string): Credentials {
  const auth = {
    username: entry.stringOrNull('username') ?? '',
    password: entry.stringOrNull('password') ?? '',
    auth: entry.stringOrNull('auth') ?? '',
    serverAddress: '',
    identityToken: entry.stringOrNull('identitytoken') ?? '',
    registryToken: entry.stringOrNull('registrytoken') ?? '',
  };
  try {
    return credentialsOf(auth, '');
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    throw failedPrecondition('AuthFileInvalid', `auths.${JSON.stringify(key)}.${error.message}`, {
      cause: error,
    });
  }
}
