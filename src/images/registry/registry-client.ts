/**
 * One repository at one endpoint: manifests and blobs, with tokens and retries. It verifies digests; it does not know
 * what an image is.
 * Source: OCI distribution spec 1.1, "Pulling manifests", "Pulling blobs".
 */
import { CriError, errnoOf } from '../../base/errors.ts';
import { type Digest, isDigest } from '../../base/ids.ts';
import { sleepMs } from '../../base/time.ts';
import { algorithmOf, digestOf } from '../disk/blobs.ts';
import { documentLimits, type NetworkLimits } from '../limits.ts';
import { acceptedManifests, type Descriptor } from '../documents/manifest.ts';
import { Authorization } from './authorization.ts';
import { readAll } from './download/body.ts';
import { readRefusal } from './refusal.ts';
import type { Credentials } from './credentials/credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { accessDenied, notInRegistry, registryUnavailable, wrongContent } from './failures.ts';
import { type Answer, discard, type Transport } from './transport.ts';

export type RegistryClientOptions = {
  readonly transport: Transport;
  readonly limits: NetworkLimits;
  readonly endpoint: Endpoint;
  readonly credentials: (signal: AbortSignal) => Promise<Credentials>;
  /** False: there is another endpoint to try, so that waiting for this one is not worth it. */
  readonly isLast: boolean;
};

export type FetchedManifest = {
  readonly digest: Digest;
  readonly bytes: Buffer;
  readonly contentType: string | null;
};

type Want = {
  readonly method: 'GET' | 'HEAD';
  /** `manifests/latest`, `blobs/sha256:…`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
};

export class RegistryClient {
  readonly endpoint: Endpoint;
  readonly limits: NetworkLimits;
  readonly #transport: Transport;
  readonly #authorization: Authorization;
  readonly #attempts: number;

  constructor(options: RegistryClientOptions) {
    this.endpoint = options.endpoint;
    this.limits = options.limits;
    this.#transport = options.transport;
    this.#authorization = new Authorization(options);
    this.#attempts = options.isLast ? options.limits.attempts : 1;
  }

  /** The digest that a tag has now, or null when the registry does not tell without sending the manifest. */
  async resolve(reference: string, signal: AbortSignal): Promise<Digest | null> {
    const headers = { accept: acceptedManifests.join(', ') };
    const path = `manifests/${this.#asked(reference)}`;
    const answer = await this.ask({ method: 'HEAD', path, headers }, signal);
    await discard(answer, this.limits, signal);
    const digest = answer.header('docker-content-digest') ?? '';
    return isDigest(digest) ? digest : null;
  }

  /** @param reference a tag, or a digest that the answer must have. @throws WrongContent */
  async manifest(reference: string, signal: AbortSignal): Promise<FetchedManifest> {
    const headers = { accept: acceptedManifests.join(', ') };
    const path = `manifests/${this.#asked(reference)}`;
    const answer = await this.ask({ method: 'GET', path, headers }, signal);
    const bytes = await readAll(
      answer,
      { maxBytes: documentLimits.manifestBytes, limits: this.limits },
      signal,
    );
    const wanted = isDigest(reference) ? reference : null;
    const digest = digestOf(bytes, wanted === null ? 'sha256' : algorithmOf(wanted));
    if (!isDigest(digest) || (wanted !== null && digest !== wanted))
      throw wrongContent(this.endpoint.host, `manifest "${reference}" has digest "${digest}"`);
    const announced = answer.header('docker-content-digest') ?? digest;
    if (announced.startsWith(`${algorithmOf(digest)}:`) && announced !== digest)
      throw wrongContent(
        this.endpoint.host,
        `manifest "${reference}" has digest "${digest}" and is announced as "${announced.slice(0, 140)}"`,
      );
    return { digest, bytes, contentType: answer.header('content-type') };
  }

  /** A small blob as a whole. @throws WrongContent */
  async blob(descriptor: Descriptor, signal: AbortSignal): Promise<Buffer> {
    const answer = await this.ask({ method: 'GET', path: `blobs/${descriptor.digest}`, headers: {} }, signal);
    const bytes = await readAll(answer, { maxBytes: descriptor.sizeBytes, limits: this.limits }, signal);
    const digest = digestOf(bytes, algorithmOf(descriptor.digest));
    if (digest !== descriptor.digest)
      throw wrongContent(this.endpoint.host, `blob "${descriptor.digest}" has digest "${digest}"`);
    return bytes;
  }

  /**
   * Asks until there is an answer of 2xx: renews the token once, waits where the registry asks for patience.
   * @throws RegistryUnavailable, ImageAccessDenied, ImageNotInRegistry, WrongContent
   */
  async ask(want: Want, signal: AbortSignal): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const pauseMs = this.limits.pauseMs * 2 ** (attempt - 1);
      try {
        const answer = await this.#authorized(want, signal);
        if (answer.status >= 200 && answer.status < 300) return answer;
        const failure = this.#failureOf(answer, want, await readRefusal(answer, this.limits, signal));
        if (!isPassing(answer.status) || attempt >= this.#attempts) throw failure;
        await sleepMs(this.#pauseMs(answer, pauseMs, failure), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (attempt >= this.#attempts || !isBrokenConnection(error)) throw error;
        await sleepMs(pauseMs, signal);
      }
    }
  }

  async #authorized(want: Want, signal: AbortSignal): Promise<Answer> {
    const used = this.#authorization.header;
    const answer = await this.#send(want, used, signal);
    // Whoever it redirects to may ask for credentials, but none of ours are for him.
    if (answer.status !== 401 || !answer.isHome) return answer;
    await discard(answer, this.limits, signal);
    const canHelp = await this.#authorization.renew(answer, used, signal);
    return canHelp ? await this.#send(want, this.#authorization.header, signal) : answer;
  }

  async #send(want: Want, authorization: string | null, signal: AbortSignal): Promise<Answer> {
    const { host, basePath, repository, namespace } = this.endpoint;
    const url = new URL(`https://${host}${basePath}/${repository}/${want.path}`);
    if (namespace !== null) url.searchParams.set('ns', namespace);
    const secrets = { ...this.endpoint.headers, ...(authorization === null ? {} : { authorization }) };
    return await this.#transport.ask({ ...want, url, route: this.endpoint, secrets, signal });
  }

  /** The registry's own tag where registries.conf leads to another one. */
  #asked(reference: string): string {
    const { renamedTag } = this.endpoint;
    return renamedTag?.from === reference ? renamedTag.to : reference;
  }

  #failureOf(answer: Answer, want: Want, words: string): Error {
    const { host, repository } = this.endpoint;
    const where = answer.isHome ? '' : `, sent on to "${answer.url.host}"`;
    const what = `"${repository}" ${want.path}${where}${words === '' ? '' : ` (${words})`}`;
    if (answer.status === 401 || answer.status === 403) return accessDenied(host, what, answer.status);
    if (answer.status === 404) return notInRegistry(host, what);
    if (isPassing(answer.status)) return registryUnavailable(host, `${what}: answers ${answer.status}`);
    return wrongContent(host, `${what}: answers ${answer.status}`);
  }

  #pauseMs(answer: Answer, pauseMs: number, failure: Error): number {
    const asked = retryAfterMs(answer.header('retry-after'));
    if (asked !== null && asked > this.limits.maxPauseMs) throw failure;
    return asked ?? pauseMs;
  }
}

function isPassing(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

/**
 * A name that does not resolve is not asked again: each try takes the resolver seconds, and the kubelet comes back anyhow.
 * A certificate that is not believed is the same a second later.
 */
const lasting = /^(?:ENOTFOUND|EAI_AGAIN|ERR_TLS_.*|.*CERT.*|.*_SIGNATURE)$/;

function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof CriError) || error.reason !== 'RegistryUnavailable') return false;
  return error.cause !== undefined && !lasting.test(errnoOf(error.cause) ?? '');
}

/** Seconds or a date. Source: RFC 9110, 10.2.3. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  if (/^[0-9]{1,6}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
