/**
 * A repository as a pull sees it: its mirrors and its registry in order. What one cannot give is asked of the next, with
 * a line that says why, and whoever failed is asked last from then on. When all have failed, mirrors that were only busy
 * are asked once more, unless the registry itself says that there is nothing to wait for. One that sent wrong bytes is
 * not asked again.
 */
import { CriError, messageOf } from '../../base/errors.ts';
import { type Digest, isDigest } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import { sleepMs } from '../../base/time.ts';
import type { NetworkLimits } from '../limits.ts';
import type { Descriptor } from '../documents/manifest.ts';
import type { Observer } from '../progress.ts';
import type { CredentialSources } from './credentials/credential-sources.ts';
import { downloadBlob } from './download/download-blob.ts';
import { Download, type DownloadOptions } from './download/download.ts';
import type { Endpoint } from './endpoint.ts';
import { concluded, isEndpointFault } from './failures.ts';
import { pauseMsAfter } from './patience.ts';
import { type FetchedManifest, RegistryClient } from './registry-client.ts';
import type { Transport } from './transport.ts';

export type RepositoryOptions = {
  readonly transport: Transport;
  readonly limits: NetworkLimits;
  readonly endpoints: readonly Endpoint[];
  readonly credentials: CredentialSources;
  readonly observe: Observer;
  readonly log: Log;
};

export class Repository {
  readonly #options: RepositoryOptions;
  /** Mirrors first, the registry itself last. */
  readonly #all: readonly RegistryClient[];
  /** Those that are asked, in this order: at first that of the configuration. */
  #clients: readonly RegistryClient[];
  /** Whose bytes a blob is made of. */
  readonly #bringers = new Map<Digest, ReadonlySet<RegistryClient>>();
  /** What those answered that are not asked any more. */
  readonly #dropped: CriError[] = [];
  #hasManifest = false;

  constructor(options: RepositoryOptions) {
    this.#options = options;
    const { transport, limits, endpoints, credentials } = options;
    this.#all = endpoints.map(
      (endpoint, at) =>
        new RegistryClient({
          transport,
          limits,
          endpoint,
          credentials: (signal) => credentials.of(endpoint, signal),
          attempts: at === endpoints.length - 1 ? limits.attempts : 1,
        }),
    );
    this.#clients = this.#all;
  }

  /**
   * Whether a short name means this repository, whatever comes of it: it gave a manifest, or it might have one for better
   * credentials than those that we have for it and it does not take.
   */
  get isMeant(): boolean {
    const registry = this.#all.at(-1);
    if (this.#hasManifest || registry === undefined) return this.#hasManifest;
    return registry.refusesOurCredentials && this.#options.credentials.areItsOwn(registry.endpoint);
  }

  async resolve(reference: string, signal: AbortSignal): Promise<Digest | null> {
    const asking = { clients: this.#knowing(reference), signal };
    const digest = await this.#first(asking, (client) => client.resolve(reference, signal));
    this.#hasManifest ||= digest !== null;
    return digest;
  }

  /** Any manifest: of an image, an index, an artifact. */
  async manifest(reference: string, signal: AbortSignal): Promise<FetchedManifest> {
    const asking = { clients: this.#knowing(reference), signal, isBesides: attachedTag.test(reference) };
    const manifest = await this.#first(asking, (client) => client.manifest(reference, signal));
    this.#hasManifest = true;
    return manifest;
  }

  /** A small blob as a whole. */
  async blob(descriptor: Descriptor, signal: AbortSignal): Promise<Buffer> {
    const asking = { clients: this.#clients, signal };
    return await this.#first(asking, (client) => client.blob(descriptor, signal));
  }

  /** A blob into a file. What one endpoint brought stays when the next one goes on. */
  async download(options: DownloadOptions, signal: AbortSignal): Promise<void> {
    await using download = await Download.open(options, this.#options.limits.partBytes);
    const bringers = new Set<RegistryClient>();
    this.#bringers.set(options.descriptor.digest, bringers);
    await this.#first({ clients: this.#clients, signal }, async (client) => {
      const before = download.blob.receivedBytes;
      try {
        await downloadBlob(client, download, signal);
      } catch (error) {
        // Others would build on bytes that nobody can trust.
        const isSpoiled = download.isWhole || download.blob.receivedBytes > before;
        throw isSpoiled && isWrong(error) ? new Spoiled(error) : error;
      } finally {
        if (download.blob.receivedBytes > before) bringers.add(client);
      }
    });
  }

  /**
   * Whether a blob whose content was wrong, or could not be unpacked, may be had right from somewhere else: whoever
   * brought it is then not asked any more. Of several nobody can tell who was wrong: the last one in the configuration,
   * the registry itself at best, has to bring it alone.
   */
  dropBringer(digest: Digest, failure: unknown): boolean {
    const bringers = this.#bringers.get(digest);
    if (bringers === undefined || bringers.size === 0 || !isWrong(failure)) return false;
    const found = this.#all.filter((client) => bringers.has(client));
    // One of them was dropped meanwhile, for another blob.
    if (found.some((client) => !this.#clients.includes(client))) return true;
    const suspects = found.length === 1 ? found : found.slice(0, -1);
    const others = this.#clients.filter((client) => !suspects.includes(client));
    if (others.length === 0) return false;
    this.#clients = others;
    this.#dropped.push(failure);
    for (const suspect of suspects) this.#passOver(suspect, failure);
    return true;
  }

  /** Those who may say what a tag means. */
  #knowing(reference: string): readonly RegistryClient[] {
    return isDigest(reference)
      ? this.#clients
      : this.#clients.filter((client) => client.endpoint.resolvesTags);
  }

  async #first<T>(asking: Asking, ask: (client: RegistryClient) => Promise<T>): Promise<T> {
    const { signal } = asking;
    const registry = this.#all.at(-1);
    const failures = new Map<RegistryClient | undefined, CriError>();
    const turns: Turn[] = asking.clients.map((client) => ({ client, atMs: 0 }));
    const further: Turn[] = [];
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift() ?? further.shift()) {
      const { client, atMs } = turn;
      try {
        await sleepUntil(atMs, signal);
        return await ask(client);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Spoiled) throw concluded([...this.#dropped, error.failure]);
        if (!isEndpointFault(error)) throw error;
        if (!failures.has(client)) further.push(...this.#furtherTurn(client, error));
        failures.set(client, error);
        // It knows best.
        if (failures.get(registry)?.reason === 'ImageNotInRegistry') further.length = 0;
        if (asking.isBesides !== true || error.reason !== 'ImageNotInRegistry') this.#demote(client);
        if (turns.length + further.length > 0) this.#passOver(client, error);
      }
    }
    // Told in the order of the configuration, whoever was asked first this time.
    const told = this.#all.flatMap((client) => failures.get(client) ?? []);
    throw concluded([...this.#dropped, ...told]);
  }

  /** For a mirror that only asks for patience: the registry itself has been waited for. */
  #furtherTurn(client: RegistryClient, failure: CriError): readonly Turn[] {
    const pauseMs = client === this.#all.at(-1) ? null : pauseMsAfter(failure, 1, this.#options.limits);
    return pauseMs === null ? [] : [{ client, atMs: performance.now() + pauseMs }];
  }

  #passOver(client: RegistryClient, failure: CriError): void {
    const { host, isMirror } = client.endpoint;
    this.#options.log.warn({ endpoint: host, isMirror, error: messageOf(failure) }, 'registry passed over');
    this.#options.observe({ kind: 'passed-over', host, why: messageOf(failure) });
  }

  #demote(client: RegistryClient): void {
    if (!this.#clients.includes(client)) return;
    this.#clients = [...this.#clients.filter((each) => each !== client), client];
  }
}

/** What is attached to a manifest, as cosign names it: a mirror that lacks it may well have the rest. */
const attachedTag = /^sha(?:256|512)-[0-9a-f]+\.[a-z]+$/;

type Asking = {
  readonly clients: readonly RegistryClient[];
  readonly signal: AbortSignal;
  /** Who does not have it may have the image all the same. */
  readonly isBesides?: boolean;
};

/** Who is asked, and not before when. */
type Turn = { readonly client: RegistryClient; readonly atMs: number };

async function sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
  const restMs = atMs - performance.now();
  if (restMs > 0) await sleepMs(restMs, signal);
}

/** The bytes that came are wrong. */
class Spoiled extends Error {
  readonly failure: CriError;

  constructor(failure: CriError) {
    super(failure.message, { cause: failure });
    this.failure = failure;
  }
}

function isWrong(error: unknown): error is CriError {
  return error instanceof CriError && (error.reason === 'WrongContent' || error.reason === 'InvalidImage');
}
