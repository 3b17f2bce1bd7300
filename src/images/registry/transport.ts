/**
 * HTTP to registries: one request with its redirects. It dials and waits for the first byte with deadlines, never sends
 * credentials to another origin than the one they are for, and chooses between https and http where http is allowed.
 * Retries, tokens and content are others' business.
 */
import { Agent, request as httpRequest, type Dispatcher } from 'undici';
import type { NetworkLimits } from '../limits.ts';
import { connectionWords, registryUnavailable, shownUrl, wrongContent } from './failures.ts';

export type Ask = {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Only ever sent to the origin of `url`. */
  readonly authorization: string | null;
  readonly body?: string;
  readonly isInsecure: boolean;
  readonly signal: AbortSignal;
};

export type Answer = {
  readonly status: number;
  /** Names in lower case; of a repeated one the first. */
  readonly header: (name: string) => string | null;
  readonly body: Dispatcher.ResponseData['body'];
  /** Where the answer came from, after redirects. */
  readonly url: URL;
};

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const maxKnownSchemes = 256;

export class Transport implements AsyncDisposable {
  readonly #limits: NetworkLimits;
  readonly #secure: Agent;
  readonly #insecure: Agent;
  readonly #plainHosts = new Set<string>();

  constructor(limits: NetworkLimits) {
    this.#limits = limits;
    const shared = {
      headersTimeout: limits.firstByteTimeoutMs,
      // The minimum rate is watched by whoever reads the body.
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
      keepAliveTimeout: 10_000,
      pipelining: 1,
    };
    const connect = { timeout: limits.dialTimeoutMs };
    this.#secure = new Agent({ ...shared, connect });
    this.#insecure = new Agent({ ...shared, connect: { ...connect, rejectUnauthorized: false } });
  }

  /** The scheme to begin with: http only for a host that answered so before and may. */
  origin(host: string, isInsecure: boolean): string {
    return `${isInsecure && this.#plainHosts.has(host) ? 'http' : 'https'}://${host}`;
  }

  /**
   * Asks, following redirects. The caller reads or dumps the body.
   * @throws RegistryUnavailable, WrongContent (redirects without end or to nowhere), the signal's reason
   */
  async ask(ask: Ask): Promise<Answer> {
    let url = ask.url;
    for (let hops = 0; hops <= this.#limits.redirects; hops += 1) {
      const isOwn = url.origin === ask.url.origin;
      if (!isOwn && ask.body !== undefined) throw wrongContent(ask.url.host, 'redirects what holds a secret');
      const answer = await this.#send({ ...ask, url, authorization: isOwn ? ask.authorization : null });
      if (!redirectStatuses.has(answer.status)) return answer;
      await answer.body.dump();
      url = this.#redirected(ask, answer);
    }
    throw wrongContent(ask.url.host, `${shownUrl(ask.url)}: more than ${this.#limits.redirects} redirects`);
  }

  async close(): Promise<void> {
    await Promise.all([this.#secure.destroy(), this.#insecure.destroy()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #redirected(ask: Ask, answer: Answer): URL {
    const location = answer.header('location') ?? '';
    const next = URL.parse(location, answer.url);
    if (next === null || (next.protocol !== 'https:' && next.protocol !== 'http:'))
      throw wrongContent(ask.url.host, `${shownUrl(ask.url)}: redirects to nowhere`);
    if (next.protocol === 'http:' && answer.url.protocol === 'https:' && !ask.isInsecure)
      throw wrongContent(ask.url.host, `${shownUrl(ask.url)}: redirects from https to http`);
    next.username = '';
    next.password = '';
    return next;
  }

  async #send(ask: Ask): Promise<Answer> {
    try {
      return await this.#sendOnce(ask);
    } catch (error) {
      ask.signal.throwIfAborted();
      const plain = this.#plainUrl(ask);
      if (plain === null) throw registryUnavailable(ask.url.host, connectionWords(error), error);
      return await this.#sendPlain(ask, plain, error);
    }
  }

  /** Where https failed and http is allowed, http is tried; the failure told is that of https unless http answers. */
  async #sendPlain(ask: Ask, url: URL, httpsError: unknown): Promise<Answer> {
    try {
      const answer = await this.#sendOnce({ ...ask, url });
      if (this.#plainHosts.size < maxKnownSchemes) this.#plainHosts.add(url.host);
      return answer;
    } catch (error) {
      ask.signal.throwIfAborted();
      throw registryUnavailable(
        url.host,
        `${connectionWords(httpsError)}; by http: ${connectionWords(error)}`,
        error,
      );
    }
  }

  #plainUrl(ask: Ask): URL | null {
    if (!ask.isInsecure || ask.url.protocol !== 'https:') return null;
    const plain = new URL(ask.url);
    plain.protocol = 'http:';
    return plain;
  }

  async #sendOnce(ask: Ask): Promise<Answer> {
    const headers = { 'user-agent': 'cri-ts', ...ask.headers };
    const {
      statusCode,
      headers: received,
      body,
    } = await httpRequest(ask.url, {
      method: ask.method,
      dispatcher: ask.isInsecure ? this.#insecure : this.#secure,
      headers: ask.authorization === null ? headers : { ...headers, authorization: ask.authorization },
      body: ask.body ?? null,
      signal: ask.signal,
    });
    // A body that fails before somebody reads it must not end the daemon; the reader gets the failure as well.
    body.on('error', () => undefined);
    const header = (name: string): string | null => {
      const value = received[name];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    };
    return { status: statusCode, header, body, url: ask.url };
  }
}
