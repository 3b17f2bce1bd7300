/**
 * One repository at one endpoint: manifests and blobs, with tokens and retries. It verifies digests; it does not know
 * what an image is.
 * Source: OCI distribution spec 1.1, "Pulling manifests", "Pulling blobs".
 */
import { type Digest, isDigest } from '../../base/ids.ts';
import { sleepMs } from '../../base/time.ts';
import { algorithmOf, digestOf } from '../disk/blobs.ts';
import { documentLimits, type NetworkLimits } from '../limits.ts';
import { parseJson } from '../documents/document.ts';
import { acceptedManifests, type Descriptor } from '../documents/manifest.ts';
import { Authorization } from './authorization.ts';
import { readAll } from './download/body.ts';
import { readRefusal } from './refusal.ts';
import type { Credentials } from './credentials/credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { accessDenied, notInRegistry, PassingFailure, registryBusy, wrongContent } from './failures.ts';
import { isPassingStatus, pauseMsAfter, retryAfterMs } from './patience.ts';
import { type Answer, discard, type Transport } from './transport.ts';

export type RegistryClientOptions = {
  readonly transport: Transport;
  readonly limits: NetworkLimits;
  readonly endpoint: Endpoint;
  readonly credentials: (signal: AbortSignal) => Promise<Credentials>;
  /** How often a request is sent that may be answered later. */
  readonly attempts: number;
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
  /** Statuses, beside those of success, that are an answer to the question. */
  readonly takes?: (status: number) => boolean;
};

/** A body that is small enough to be asked for as a whole once more when it breaks off. */
type SmallWant = Want & { readonly maxBytes: number };

const manifestHeaders = { accept: acceptedManifests.join(', ') };

export class RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #authorization: Authorization;

  constructor(options: RegistryClientOptions, authorization = new Authorization(options)) {
    this.#options = options;
    this.#authorization = authorization;
  }

  get endpoint(): Endpoint {
    return this.#options.endpoint;
  }

  get limits(): NetworkLimits {
    return this.#options.limits;
  }

  get attempts(): number {
    return this.#options.attempts;
  }

  /** Whether the credentials that we have for it are none that it takes. */
  get refusesOurCredentials(): boolean {
    return this.#authorization.areRefused;
  }

  /** The same, for whoever has something better to do than to wait. */
  once(): RegistryClient {
    return new RegistryClient({ ...this.#options, attempts: 1 }, this.#authorization);
  }

  /**
   * The digest that a tag has now, or null when the registry does not tell without sending the manifest: some serve no
   * HEAD, or not with these credentials.
   */
  async resolve(reference: string, signal: AbortSignal): Promise<Digest | null> {
    const path = `manifests/${this.#asked(reference)}`;
    const want = { method: 'HEAD' as const, path, headers: manifestHeaders, takes: leavesItToGet };
    const answer = await this.ask(want, signal);
    await discard(answer, this.limits, signal);
    const digest = answer.header('docker-content-digest') ?? '';
    return isSuccess(answer.status) && isDigest(digest) ? digest : null;
  }

  /** @param reference a tag, or a digest that the answer must have. @throws WrongContent */
  async manifest(reference: string, signal: AbortSignal): Promise<FetchedManifest> {
    const path = `manifests/${this.#asked(reference)}`;
    const want = { method: 'GET' as const, path, headers: manifestHeaders };
    const { answer, bytes } = await this.#whole({ ...want, maxBytes: documentLimits.manifestBytes }, signal);
    const contentType = answer.header('content-type');
    if (!isManifest(bytes))
      throw wrongContent(
        this.endpoint.host,
        `manifest "${reference}" comes as ${JSON.stringify(contentType?.slice(0, 80))}: expected JSON with "schemaVersion"`,
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
    return { digest, bytes, contentType };
  }

  /** A small blob as a whole. @throws WrongContent */
  async blob({ digest, sizeBytes }: Descriptor, signal: AbortSignal): Promise<Buffer> {
    const want = { method: 'GET' as const, path: `blobs/${digest}`, headers: {} };
    const { bytes } = await this.#whole({ ...want, maxBytes: sizeBytes }, signal);
    const found = digestOf(bytes, algorithmOf(digest));
    if (found !== digest) throw wrongContent(this.endpoint.host, `blob "${digest}" has digest "${found}"`);
    return bytes;
  }

  /**
   * Asks until there is an answer of 2xx: renews the token once, waits where the registry asks for patience.
   * @throws RegistryUnavailable, ImageAccessDenied, ImageNotInRegistry, WrongContent
   */
  async ask(want: Want, signal: AbortSignal): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.#authorized(want, signal);
        if (isSuccess(answer.status) || want.takes?.(answer.status) === true) return answer;
        throw this.#failureOf(answer, want, await readRefusal(answer, this.limits, signal));
      } catch (error) {
        signal.throwIfAborted();
        const pauseMs = attempt < this.attempts ? pauseMsAfter(error, attempt, this.limits) : null;
        if (pauseMs === null) throw error;
        await sleepMs(pauseMs, signal);
      }
    }
  }

  async #whole(
    want: SmallWant,
    signal: AbortSignal,
  ): Promise<{ readonly answer: Answer; readonly bytes: Buffer }> {
    const { limits } = this;
    for (let isAgain = false; ; isAgain = true) {
      const answer = await this.ask(want, signal);
      try {
        return { answer, bytes: await readAll(answer, { maxBytes: want.maxBytes, limits }, signal) };
      } catch (error) {
        signal.throwIfAborted();
        if (isAgain || !(error instanceof PassingFailure)) throw error;
      }
    }
  }

  async #authorized(want: Want, signal: AbortSignal): Promise<Answer> {
    const used = this.#authorization.header;
    const answer = await this.#send(want, used, signal);
    // Whoever it redirects to may ask for credentials, but none of ours are for him.
    if (answer.status !== 401 || !answer.isHome) return answer;
    try {
      // Its words are left to be read where nothing better comes.
      if (!(await this.#authorization.renew(answer, used, signal))) return answer;
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
    await discard(answer, this.limits, signal);
    const again = await this.#send(want, this.#authorization.header, signal);
    if (again.status === 401 && again.isHome) this.#authorization.refused();
    return again;
  }

  async #send(want: Want, authorization: string | null, signal: AbortSignal): Promise<Answer> {
    const { host, basePath, repository, namespace, headers } = this.endpoint;
    const query = namespace === null ? '' : `?ns=${encodeURIComponent(namespace)}`;
    const secrets = { ...headers, ...(authorization === null ? {} : { authorization }) };
    return await this.#options.transport.ask({
      method: want.method,
      host,
      path: `${basePath}/${repository}/${want.path}${query}`,
      headers: want.headers,
      route: this.endpoint,
      secrets,
      signal,
    });
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
    const why = `${what}: answers ${answer.status}`;
    return isPassingStatus(answer.status)
      ? registryBusy(host, why, retryAfterMs(answer))
      : wrongContent(host, why);
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** A refusal of HEAD says nothing about GET, except that there is no such manifest or that we have to wait. */
function leavesItToGet(status: number): boolean {
  return status >= 400 && status < 500 && status !== 401 && status !== 404 && !isPassingStatus(status);
}

/** What every manifest has, and a page for people, which a proxy may send in its place, has not. */
function isManifest(bytes: Buffer): boolean {
  try {
    return parseJson(bytes, 'manifest').has('schemaVersion');
  } catch {
    return false;
  }
}
