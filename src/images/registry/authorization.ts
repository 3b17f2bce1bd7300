/**
 * The credentials of one pull at one registry: answers its challenges, fetches tokens once for all parallel downloads and
 * renews them when they run out. Nothing of it outlives the pull.
 *
 *   request ─401 + Bearer realm─▶ token server (basic, refresh token or nobody) ─token─▶ request again
 *   request ─401 + Basic────────▶ request again with user and password
 *
 * Source: Docker registry token authentication; OAuth 2.0, RFC 6749 section 6 (refresh_token).
 */
import { parseJson } from '../document.ts';
import type { NetworkLimits } from '../limits.ts';
import { SingleFlight } from '../../base/single-flight.ts';
import { readAll } from './body.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { basicHeader, type Credentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { accessDenied, registryUnavailable, shownUrl, wrongContent } from './failures.ts';
import type { Answer, Transport } from './transport.ts';

export type AuthorizationOptions = {
  readonly transport: Transport;
  readonly limits: NetworkLimits;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
};

const maxTokenBytes = 1024 * 1024;

export class Authorization {
  readonly #options: AuthorizationOptions;
  readonly #renewals = new SingleFlight<string | null>();
  #header: string | null;

  constructor(options: AuthorizationOptions) {
    this.#options = options;
    this.#header = options.credentials.kind === 'bearer' ? `Bearer ${options.credentials.token}` : null;
  }

  /** The header for the next request, or null. */
  get header(): string | null {
    return this.#header;
  }

  /**
   * Takes the challenge of a 401 that came for a request with `used`.
   * @returns whether asking again can help
   */
  async renew(answer: Answer, used: string | null, signal: AbortSignal): Promise<boolean> {
    // Another download has renewed it meanwhile.
    if (this.#header !== used) return true;
    if (this.#options.credentials.kind === 'bearer') return false;
    const challenges = parseChallenges(answer.header('www-authenticate') ?? '');
    const renewed = await this.#renewals.run('', { signal, isDetached: false }, async (own) => {
      const header = await this.#answer(challenges, answer.url, own);
      this.#header = header ?? this.#header;
      return header;
    });
    return renewed !== null && renewed !== used;
  }

  async #answer(challenges: readonly Challenge[], from: URL, signal: AbortSignal): Promise<string | null> {
    const { credentials } = this.#options;
    const bearer = challenges.find((challenge) => challenge.scheme === 'bearer');
    if (bearer !== undefined) return await this.#fetchToken(bearer, from, signal);
    const isBasic = challenges.some((challenge) => challenge.scheme === 'basic');
    return isBasic && credentials.kind === 'basic'
      ? basicHeader(credentials.username, credentials.password)
      : null;
  }

  async #fetchToken(challenge: Challenge, from: URL, signal: AbortSignal): Promise<string> {
    const { transport, endpoint, credentials, limits } = this.#options;
    const realm = this.#realm(challenge, from);
    const service = challenge.parameters.get('service') ?? '';
    const scope = challenge.parameters.get('scope') ?? `repository:${endpoint.repository}:pull`;
    const isInsecure = endpoint.isInsecure;
    const answer =
      credentials.kind === 'identity'
        ? await transport.ask({
            ...refreshRequest({ realm, service, scope, token: credentials.token }),
            isInsecure,
            signal,
          })
        : await transport.ask({
            ...tokenRequest({ realm, service, scope, credentials }),
            isInsecure,
            signal,
          });
    const bytes = await readAll(answer, { maxBytes: maxTokenBytes, limits }, signal);
    if (answer.status === 401 || answer.status === 403 || answer.status === 400)
      throw accessDenied(
        endpoint.host,
        `"${endpoint.repository}": token server ${shownUrl(realm)}`,
        answer.status,
      );
    if (answer.status !== 200)
      throw registryUnavailable(endpoint.host, `token server ${shownUrl(realm)} answers ${answer.status}`);
    return `Bearer ${tokenOf(bytes, endpoint.host)}`;
  }

  /** Credentials go to the place that the registry names, but never in clear text when the registry itself is not. */
  #realm(challenge: Challenge, from: URL): URL {
    const { endpoint } = this.#options;
    const realm = URL.parse(challenge.parameters.get('realm') ?? '');
    if (realm === null || (realm.protocol !== 'https:' && realm.protocol !== 'http:'))
      throw wrongContent(endpoint.host, 'names no token server');
    if (realm.protocol === 'http:' && from.protocol === 'https:')
      throw wrongContent(endpoint.host, `names a token server without TLS, ${shownUrl(realm)}`);
    return realm;
  }
}

type TokenAsk = { readonly realm: URL; readonly service: string; readonly scope: string };

function tokenRequest(ask: TokenAsk & { readonly credentials: Credentials }): {
  method: 'GET';
  url: URL;
  headers: Record<string, string>;
  authorization: string | null;
} {
  const url = new URL(ask.realm);
  if (ask.service !== '') url.searchParams.set('service', ask.service);
  for (const scope of ask.scope.split(' ')) url.searchParams.append('scope', scope);
  const { credentials } = ask;
  const isBasic = credentials.kind === 'basic';
  if (isBasic) url.searchParams.set('account', credentials.username);
  const authorization = isBasic ? basicHeader(credentials.username, credentials.password) : null;
  return { method: 'GET', url, headers: { accept: 'application/json' }, authorization };
}

function refreshRequest(ask: TokenAsk & { readonly token: string }): {
  method: 'POST';
  url: URL;
  headers: Record<string, string>;
  authorization: null;
  body: string;
} {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    service: ask.service,
    scope: ask.scope,
    client_id: 'cri-ts',
    refresh_token: ask.token,
  });
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: ask.realm, headers, authorization: null, body: form.toString() };
}

function tokenOf(bytes: Buffer, host: string): string {
  const document = parseJson(bytes, 'token answer');
  const token = document.stringOrNull('token') ?? document.stringOrNull('access_token') ?? '';
  if (!/^[\x21-\x7e]+$/.test(token)) throw wrongContent(host, 'its token server sends no token');
  return token;
}
