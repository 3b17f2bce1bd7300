/**
 * HTTP to registries: one request with its redirects. It dials and waits for the first byte with deadlines, never sends a
 * secret to another host than the one it is for, and chooses between https and http where both are allowed.
 * Retries, tokens and content are others' business.
 */
import { Agent, type Dispatcher, ProxyAgent, request as httpRequest } from 'undici';
import type { NetworkLimits } from '../limits.ts';
import type { Endpoint } from './endpoint.ts';
import { connectionFailed, connectionWords, shownUrl, wrongContent } from './failures.ts';
import { proxyFor, type ProxyEnvironment } from './hosts/proxy.ts';
import type { TlsContexts } from './hosts/tls-contexts.ts';
import { commonTrust, type Trust, withoutClients } from './hosts/trust.ts';

/** How a host is reached. */
export type Route = Pick<Endpoint, 'schemes' | 'trust' | 'dialTimeoutMs'>;

export type Ask = {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** `registry.example:5000`. */
  readonly host: string;
  /** From the first slash on, with a query if there is one. */
  readonly path: string;
  readonly route: Route;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that only `host` may see: credentials, and what an operator set for it. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
};

export type Answer = {
  readonly status: number;
  /** Names in lower case; of a repeated one the first. */
  readonly header: (name: string) => string | null;
  /** All of a repeated one. */
  readonly headers: (name: string) => readonly string[];
  readonly body: Dispatcher.ResponseData['body'];
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** False: from another place than was asked, one that our credentials are not for. */
  readonly isHome: boolean;
};

export type TransportOptions = {
  readonly limits: NetworkLimits;
  readonly contexts: TlsContexts;
  readonly environment?: ProxyEnvironment;
};

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const maxKnownHosts = 256;
/** A compressed transfer would make ranges, lengths and digests mean something else. */
const everyRequest = { 'user-agent': 'cri-ts', 'accept-encoding': 'identity' };
/** Full with one chunk: what waits in a socket is then never joined into a copy. */
const socketBufferBytes = 16 * 1024;

export class Transport implements AsyncDisposable {
  readonly #options: TransportOptions;
  readonly #agents = new Map<string, Dispatcher>();
  readonly #plainHosts = new Set<string>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /**
   * Asks, following redirects. The caller reads or dumps the body.
   * @throws RegistryUnavailable, WrongContent (redirects without end or to nowhere), the signal's reason
   */
  async ask(ask: Ask): Promise<Answer> {
    const { redirects } = this.#options.limits;
    let answer = await this.#first(ask);
    const home = answer.url.origin;
    for (let hops = 0; redirectStatuses.has(answer.status); hops += 1) {
      await discard(answer, this.#options.limits, ask.signal);
      if (hops >= redirects)
        throw wrongContent(ask.host, `${shownUrl(answer.url)}: more than ${redirects} redirects`);
      const url = redirected(ask, answer);
      answer = await this.#follow(ask, url, url.origin === home);
    }
    return answer;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The schemes in order; the failure told is that of each. */
  async #first(ask: Ask): Promise<Answer> {
    const failures: string[] = [];
    let cause: unknown = null;
    for (const scheme of this.#schemes(ask)) {
      // Put together for each scheme: a URL forgets the port that its own scheme has.
      const url = new URL(`${scheme}://${ask.host}${ask.path}`);
      try {
        const answer = await this.#send(ask, { url, trust: ask.route.trust, isHome: true });
        if (scheme === 'http' && this.#plainHosts.size < maxKnownHosts) this.#plainHosts.add(ask.host);
        return answer;
      } catch (error) {
        ask.signal.throwIfAborted();
        cause = error;
        failures.push(`${failures.length > 0 ? `by ${scheme}: ` : ''}${connectionWords(error)}`);
      }
    }
    throw connectionFailed(ask.host, failures.join('; '), cause);
  }

  /** A host that answered without TLS before is asked so at once. */
  #schemes({ route, host }: Ask): Route['schemes'] {
    return route.schemes.includes('http') && this.#plainHosts.has(host) ? ['http'] : route.schemes;
  }

  async #follow(ask: Ask, url: URL, isHome: boolean): Promise<Answer> {
    if (!isHome && ask.body !== undefined) throw wrongContent(ask.host, 'redirects what holds a secret');
    try {
      const trust = isHome ? ask.route.trust : withoutClients(ask.route.trust);
      return await this.#send(ask, { url, trust, isHome });
    } catch (error) {
      ask.signal.throwIfAborted();
      throw connectionFailed(url.host, connectionWords(error), error);
    }
  }

  async #send(
    ask: Ask,
    to: { readonly url: URL; readonly trust: Trust; readonly isHome: boolean },
  ): Promise<Answer> {
    const dispatcher = await this.#agent(to.url, to.trust, ask.route.dialTimeoutMs);
    const { dialTimeoutMs, firstByteTimeoutMs } = this.#options.limits;
    // undici begins anew with each answer of 1xx, and these may never end.
    using deadline = answerDeadline((ask.route.dialTimeoutMs ?? dialTimeoutMs) + firstByteTimeoutMs);
    const { statusCode, headers, body } = await httpRequest(to.url, {
      method: ask.method,
      dispatcher,
      headers: { ...everyRequest, ...ask.headers, ...(to.isHome ? ask.secrets : {}) },
      body: ask.body ?? null,
      headersTimeout: firstByteTimeoutMs,
      // The minimum rate is watched by whoever reads the body.
      bodyTimeout: 0,
      signal: AbortSignal.any([ask.signal, deadline.signal]),
    });
    // A body that fails before somebody reads it must not end the daemon; the reader gets the failure as well.
    body.on('error', () => undefined);
    const values = (name: string): readonly string[] => {
      const value = headers[name] ?? [];
      return Array.isArray(value) ? value : [value];
    };
    const header = (name: string): string | null => values(name)[0] ?? null;
    return { status: statusCode, header, headers: values, body, url: to.url, isHome: to.isHome };
  }

  /** Connections are shared by all requests that trust alike. */
  async #agent(url: URL, trust: Trust, ownDialTimeoutMs: number | null): Promise<Dispatcher> {
    const { limits, contexts, environment = process.env } = this.#options;
    const proxy = proxyFor(url, environment);
    const timeout = ownDialTimeoutMs ?? limits.dialTimeoutMs;
    const key = JSON.stringify([proxy, timeout, trust.key]);
    const known = this.#agents.get(key);
    if (known !== undefined) return known;
    const tls = {
      secureContext: await contexts.of(trust),
      rejectUnauthorized: trust.isVerified,
      timeout,
      highWaterMark: socketBufferBytes,
    };
    const proxyTls = { secureContext: await contexts.of(commonTrust), timeout };
    const shared = { maxHeaderSize: 64 * 1024, keepAliveTimeout: 10_000, pipelining: 1 };
    // Another request may have made it meanwhile.
    const agent =
      this.#agents.get(key) ??
      (proxy === null
        ? new Agent({ ...shared, connect: tls })
        : new ProxyAgent({
            ...shared,
            uri: proxy,
            requestTls: tls,
            proxyTls,
            // What needs no tunnel is asked without one: proxies often allow tunnels to port 443 only.
            proxyTunnel: false,
          }));
    this.#agents.set(key, agent);
    return agent;
  }
}

/** Fires unless it is disposed of before. */
function answerDeadline(timeoutMs: number): Disposable & { readonly signal: AbortSignal } {
  const late = new AbortController();
  const words = `no answer within ${timeoutMs} ms`;
  const timer = setTimeout(() => late.abort(new Error(words)), timeoutMs);
  return { signal: late.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

const discardedBytes = 64 * 1024;

/** Lets a body go that nobody reads: one that is short and comes at once leaves its connection to the next request. */
export async function discard(
  { body }: Answer,
  { firstByteTimeoutMs }: Pick<NetworkLimits, 'firstByteTimeoutMs'>,
  signal: AbortSignal,
): Promise<void> {
  const late = AbortSignal.timeout(firstByteTimeoutMs);
  try {
    await body.dump({ limit: discardedBytes, signal: AbortSignal.any([signal, late]) });
  } catch {
    // It was too long or too slow, and its connection is closed.
    signal.throwIfAborted();
  }
}

/** Where an answer sends us. @throws WrongContent */
function redirected(ask: Ask, answer: Answer): URL {
  const location = answer.header('location') ?? '';
  const next = location === '' ? null : URL.parse(location, answer.url);
  if (next === null || (next.protocol !== 'https:' && next.protocol !== 'http:'))
    throw wrongContent(ask.host, `${shownUrl(answer.url)}: redirects to nowhere`);
  const isDowngrade = next.protocol === 'http:' && answer.url.protocol === 'https:';
  if (isDowngrade && !ask.route.schemes.includes('http'))
    throw wrongContent(ask.host, `${shownUrl(answer.url)}: redirects from https to http`);
  next.username = '';
  next.password = '';
  return next;
}
