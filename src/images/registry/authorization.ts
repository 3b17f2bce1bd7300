/**
 * The credentials of one pull at one endpoint: looks for them when the endpoint asks, answers its challenges, fetches
 * tokens once for all parallel downloads and renews them when they run out. Nothing of it outlives the pull.
 *
 *   request ─401 + Bearer realm─▶ token server (basic, refresh token or nobody) ─token─▶ request again
 *   request ─401 + Basic────────▶ request again with user and password
 *   request ─401 (any)──────────▶ request again with a registry token, if that is what we have
 *
 * Source: Docker registry token authentication; OAuth 2.0, RFC 6749 section 6 (refresh_token).
 */
import { SingleFlight } from '../../base/single-flight.ts';
import { parseJson } from '../documents/document.ts';
import type { NetworkLimits } from '../limits.ts';
import { readAll } from './download/body.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { basicHeader, type Credentials } from './credentials/credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { accessDenied, registryBusy, registryUnavailable, shownUrl, wrongContent } from './failures.ts';
import { isPassingStatus, retryAfterMs } from './patience.ts';
import { readRefusal } from './refusal.ts';
import type { Answer, Transport } from './transport.ts';

export type AuthorizationOptions = {
  readonly transport: Transport;
  readonly limits: NetworkLimits;
  readonly endpoint: Endpoint;
  /** Called when the endpoint asks for credentials, each time again. */
  readonly credentials: (signal: AbortSignal) => Promise<Credentials>;
};

const maxTokenBytes = 1024 * 1024;
/** A registry that names more has lost its mind; the URL would, too. */
const maxScopes = 16;

export class Authorization {
  readonly #options: AuthorizationOptions;
  readonly #renewals = new SingleFlight<string | null>();
  #header: string | null = null;
  /** The header that shows the credentials themselves, and no token that was given for them. */
  #ownHeader: string | null = null;
  #areRefused = false;

  constructor(options: AuthorizationOptions) {
    this.#options = options;
  }

  /** The header for the next request, or null. */
  get header(): string | null {
    return this.#header;
  }

  /** Whether the endpoint, or the server of its tokens, was shown credentials and does not take them. */
  get areRefused(): boolean {
    return this.#areRefused;
  }

  /** The header did not help. Where it is a token, its server took our credentials: they do not reach so far. */
  refused(): void {
    if (this.#header !== null && this.#header === this.#ownHeader) this.#areRefused = true;
  }

  /**
   * Takes the challenge of a 401 that came for a request with `used`.
   * @returns whether asking again can help
   */
  async renew(answer: Answer, used: string | null, signal: AbortSignal): Promise<boolean> {
    // Another download has renewed it meanwhile.
    if (this.#header !== used) return true;
    const challenges = answer.headers('www-authenticate').flatMap(parseChallenges);
    const renewed = await this.#renewals.run('', { signal, isDetached: false }, async (own) => {
      const header = await this.#answer(challenges, answer.url, own);
      this.#header = header ?? this.#header;
      return header;
    });
    return renewed !== null && renewed !== used;
  }

  async #answer(challenges: readonly Challenge[], from: URL, signal: AbortSignal): Promise<string | null> {
    const credentials = await this.#options.credentials(signal);
    if (credentials.kind === 'bearer') return this.#show(`Bearer ${credentials.token}`);
    const bearer = challenges.find((challenge) => challenge.scheme === 'bearer');
    if (bearer !== undefined) return await this.#fetchToken({ challenge: bearer, from, credentials }, signal);
    const isBasic = challenges.some((challenge) => challenge.scheme === 'basic');
    return isBasic && credentials.kind === 'basic'
      ? this.#show(basicHeader(credentials.username, credentials.password))
      : null;
  }

  #show(header: string): string {
    this.#ownHeader = header;
    return header;
  }

  async #fetchToken(want: TokenWant, signal: AbortSignal): Promise<string> {
    const { transport, endpoint, limits } = this.#options;
    const { challenge, credentials } = want;
    const realm = this.#realm(want);
    const service = challenge.parameters.get('service') ?? '';
    const named = (challenge.parameters.get('scope') ?? '').split(' ').filter((each) => each !== '');
    const scopes = named.length > 0 ? named : [`repository:${endpoint.repository}:pull`];
    if (scopes.length > maxScopes)
      throw wrongContent(endpoint.host, `asks for ${scopes.length} scopes at once`);
    const request = tokenRequest({ realm, service, scopes, credentials });
    const scheme = realm.protocol === 'http:' ? ('http' as const) : ('https' as const);
    const route = { schemes: [scheme], trust: endpoint.trust, dialTimeoutMs: endpoint.dialTimeoutMs };
    const answer = await transport.ask({ ...request, route, signal });
    if (answer.status !== 200) {
      if (refusesCredentials(answer.status, credentials)) this.#areRefused = true;
      throw await this.#refusalOf(answer, realm, signal);
    }
    const token = tokenOf(await readAll(answer, { maxBytes: maxTokenBytes, limits }, signal));
    if (token === null)
      throw wrongContent(endpoint.host, `its token server ${shownUrl(realm)} sends no token`);
    return `Bearer ${token}`;
  }

  async #refusalOf(answer: Answer, realm: URL, signal: AbortSignal): Promise<Error> {
    const { endpoint, limits } = this.#options;
    const { status } = answer;
    const words = await readRefusal(answer, limits, signal);
    const who = `token server ${shownUrl(realm)}${words === '' ? '' : ` (${words})`}`;
    if (isDenial(status)) return accessDenied(endpoint.host, `"${endpoint.repository}": ${who}`, status);
    const why = `${who} answers ${status}`;
    return isPassingStatus(status)
      ? registryBusy(endpoint.host, why, retryAfterMs(answer))
      : registryUnavailable(endpoint.host, why);
  }

  /** Credentials go to the place that the registry names, but never in clear text when the registry itself is not. */
  #realm({ challenge, from }: TokenWant): URL {
    const { endpoint } = this.#options;
    const realm = URL.parse(challenge.parameters.get('realm') ?? '');
    if (realm === null || (realm.protocol !== 'https:' && realm.protocol !== 'http:'))
      throw wrongContent(endpoint.host, 'names no token server');
    if (realm.protocol === 'http:' && from.protocol === 'https:')
      throw wrongContent(endpoint.host, `names a token server without TLS, ${shownUrl(realm)}`);
    return realm;
  }
}

type TokenWant = {
  readonly challenge: Challenge;
  /** Where the challenge came from. */
  readonly from: URL;
  readonly credentials: Credentials;
};

type TokenAsk = {
  readonly realm: URL;
  readonly service: string;
  readonly scopes: readonly string[];
  readonly credentials: Credentials;
};

type TokenRequest = {
  readonly method: 'GET' | 'POST';
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Source: RFC 6749, 5.2: a refresh token that is not taken is answered with 400. */
function isDenial(status: number): boolean {
  return status === 400 || status === 401 || status === 403;
}

/** A 403 says that they do not reach so far; a 400 of a password, that the question was wrong. */
function refusesCredentials(status: number, { kind }: Credentials): boolean {
  return kind !== 'anonymous' && (status === 401 || (status === 400 && kind === 'identity'));
}

function tokenRequest(ask: TokenAsk): TokenRequest {
  const { credentials } = ask;
  if (credentials.kind === 'identity') return refreshRequest(ask, credentials.token);
  const url = new URL(ask.realm);
  if (ask.service !== '') url.searchParams.set('service', ask.service);
  for (const scope of ask.scopes) url.searchParams.append('scope', scope);
  if (credentials.kind === 'basic') url.searchParams.set('account', credentials.username);
  const secrets =
    credentials.kind === 'basic'
      ? { authorization: basicHeader(credentials.username, credentials.password) }
      : {};
  return { method: 'GET', ...placeOf(url), headers: { accept: 'application/json' }, secrets };
}

function refreshRequest(ask: TokenAsk, token: string): TokenRequest {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    service: ask.service,
    scope: ask.scopes.join(' '),
    client_id: 'cri-ts',
    refresh_token: token,
  });
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', ...placeOf(ask.realm), headers, secrets: {}, body: form.toString() };
}

function placeOf(url: URL): Pick<TokenRequest, 'host' | 'path'> {
  return { host: url.host, path: `${url.pathname}${url.search}` };
}

function tokenOf(bytes: Buffer): string | null {
  try {
    const document = parseJson(bytes, 'token answer');
    const named = document.stringOrNull('token') ?? '';
    const token = named === '' ? (document.stringOrNull('access_token') ?? '') : named;
    return /^[\x21-\x7e]+$/.test(token) ? token : null;
  } catch {
    // A page for people, which a proxy may send in its place.
    return null;
  }
}
