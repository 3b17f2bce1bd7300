/**
 * Credentials of the node itself, for pulls to which the kubelet gives none: a file in the form of docker's config.json.
 * Read when a pull starts; never logged.
 * Source: containers-auth.json(5), "auths": by registry, namespace or repository; the longest match counts.
 */
import type { AuthConfig } from '../../../cri-api/runtime-v1.ts';
import { CriError, failedPrecondition } from '../../base/errors.ts';
import { readBounded } from '../../base/files.ts';
import { parseJson } from '../document.ts';
import { type Reference, repositoryOf } from '../reference.ts';

const maxFileBytes = 1024 * 1024;

/** The credentials for a reference, or null. @throws AuthFileInvalid naming the file */
export async function authFromFile(path: string, reference: Reference): Promise<AuthConfig | null> {
  const bytes = await readBounded(path, maxFileBytes);
  if (bytes === null) return null;
  try {
    const auths = parseJson(bytes, 'file').objectOrNull('auths');
    const key = candidates(reference).find((each) => auths?.has(each) ?? false);
    const entry = key === undefined ? null : (auths?.objectOrNull(key) ?? null);
    if (entry === null) return null;
    return {
      username: entry.stringOrNull('username') ?? '',
      password: entry.stringOrNull('password') ?? '',
      auth: entry.stringOrNull('auth') ?? '',
      serverAddress: '',
      identityToken: entry.stringOrNull('identitytoken') ?? '',
      registryToken: entry.stringOrNull('registrytoken') ?? '',
    };
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    throw failedPrecondition('AuthFileInvalid', `read "${path}": ${error.message}`, { cause: error });
  }
}

/** `a.test/b/c`, `a.test/b`, `a.test`, then the older ways to write a registry. */
function candidates(reference: Reference): readonly string[] {
  const parts = repositoryOf(reference).split('/');
  const prefixes = parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
  const { domain } = reference;
  const docker = ['index.docker.io', 'https://index.docker.io/v1/'];
  return [...prefixes, `https://${domain}`, `http://${domain}`, ...(domain === 'docker.io' ? docker : [])];
}
