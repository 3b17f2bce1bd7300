/**
 * What the kubelet's AuthConfig means. Pure. Secrets never reach a message or a log.
 * Source: CRI AuthConfig; docker config.json "auths".
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { AuthConfig } from '../../../../cri-api/runtime-v1.ts';
import { invalid } from '../../../base/errors.ts';

export type Credentials =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** A refresh token for the registry's token server. */
  | { readonly kind: 'identity'; readonly username: string; readonly token: string }
  /** A token for the registry itself. */
  | { readonly kind: 'bearer'; readonly token: string };

export const anonymous: Credentials = { kind: 'anonymous' };

/**
 * The credentials of an AuthConfig for a registry; those that are meant for another one (server_address) are nobody's.
 * @throws InvalidAuth naming the field
 */
export function credentialsOf(auth: AuthConfig | null, domain: string): Credentials {
  if (auth === null) return anonymous;
  if (auth.serverAddress !== '' && registryOf(auth.serverAddress) !== registryOf(domain)) return anonymous;
  if (auth.registryToken !== '') return { kind: 'bearer', token: headerSafe(auth.registryToken) };
  const { username, password } = auth.auth === '' ? auth : decodeAuth(auth.auth);
  if (auth.identityToken !== '') return { kind: 'identity', username, token: auth.identityToken };
  return passwordOf(username, password);
}

/** A pair as tools store it: with `<token>` as the user, the password is an identity token. */
export function passwordOf(username: string, password: string): Credentials {
  if (username === '<token>') return { kind: 'identity', username: '', token: password };
  return username === '' && password === '' ? anonymous : { kind: 'basic', username, password };
}

/** The header for basic authentication. */
export function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

const salt = randomBytes(32);

/** Tells equal credentials from different ones without holding them: only good within this process. */
export function fingerprint(auth: AuthConfig | null): string {
  const fields =
    auth === null
      ? []
      : [auth.username, auth.password, auth.auth, auth.serverAddress, auth.identityToken, auth.registryToken];
  return createHmac('sha256', salt).update(JSON.stringify(fields)).digest('hex');
}

/** The registry that an address stands for: `https://index.docker.io/v1/` is `docker.io`. */
export function registryOf(address: string): string {
  const host =
    address
      .replace(/^https?:\/\//, '')
      .split('/')[0]
      ?.toLowerCase() ?? '';
  const isDocker = host === 'index.docker.io' || host === 'registry-1.docker.io' || host === 'docker.io';
  return isDocker ? 'docker.io' : host;
}

function decodeAuth(text: string): { readonly username: string; readonly password: string } {
  const decoded = /^[A-Za-z0-9+/_=\s-]*$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : '';
  const colon = decoded.indexOf(':');
  if (colon < 0) throw invalid('InvalidAuth', 'auth: expected base64 of "user:password"');
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1).replace(/\0+$/, '') };
}

function headerSafe(token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw invalid('InvalidAuth', 'registry_token: expected printable characters without blanks');
  return token;
}
