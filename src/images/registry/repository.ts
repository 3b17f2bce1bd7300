/**
 * A repository as a pull sees it: its mirrors and its registry in order. What one cannot give is asked of the next, with
 * a line that says why; the one that answered last is asked first. One that sent wrong bytes is not asked again.
 */
import { CriError, messageOf } from '../../base/errors.ts';
import { type Digest, isDigest } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { NetworkLimits } from '../limits.ts';
import type { Descriptor } from '../documents/manifest.ts';
import type { Observer } from '../progress.ts';
import type { CredentialSources } from './credentials/credential-sources.ts';
import { downloadBlob } from './download/download-blob.ts';
import { Download, type DownloadOptions } from './download/download.ts';
import type { Endpoint } from './endpoint.ts';
import { concluded, isEndpointFault } from './failures.ts';
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
  /** Those that are asked, in this order. */
  #clients: readonly RegistryClient[];
  /** Who was asked last for a blob. */
  readonly #bringers = new Map<Digest, RegistryClient>();
  /** What those answered that are not asked any more. */
  readonly #dropped: CriError[] = [];

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

  async resolve(reference: string, signal: AbortSignal): Promise<Digest | null> {
    return await this.#first(this.#knowing(reference), signal, (client) => client.resolve(reference, signal));
  }

  /** Any manifest: of an image, an index, an artifact. */
  async manifest(reference: string, signal: AbortSignal): Promise<FetchedManifest> {
    return await this.#first(this.#knowing(reference), signal, (client) =>
      client.manifest(reference, signal),
    );
  }

  /** A small blob as a whole. */
  async blob(descriptor: Descriptor, signal: AbortSignal): Promise<Buffer> {
    return await this.#first(this.#clients, signal, (client) => client.blob(descriptor, signal));
  }

  /** A blob into a file. What one endpoint brought stays when the next one goes on. */
  async download(options: DownloadOptions, signal: AbortSignal): Promise<void> {
    await using download = await Download.open(options, this.#options.limits.partBytes);
    await this.#first(this.#clients, signal, async (client) => {
      this.#bringers.set(options.descriptor.digest, client);
      try {
        await downloadBlob(client, download, signal);
      } catch (error) {
        // Others would build on bytes that nobody can trust.
        if (download.blob.receivedBytes > 0 && isWrong(error)) throw new Spoiled(error);
        throw error;
      }
    });
  }

  /**
   * Whether a blob whose content was wrong, or could not be unpacked, may be had right from somewhere else: whoever
   * brought it is then not asked any more.
   */
  dropBringer(digest: Digest, failure: unknown): boolean {
    const bringer = this.#bringers.get(digest);
    if (bringer === undefined || !isWrong(failure)) return false;
    const others = this.#clients.filter((client) => client !== bringer);
    if (others.length === 0) return false;
    if (others.length === this.#clients.length) return true;
    this.#clients = others;
    this.#dropped.push(failure);
    this.#passOver(bringer, failure);
    return true;
  }

  /** Those who may say what a tag means. */
  #knowing(reference: string): readonly RegistryClient[] {
    return isDigest(reference)
      ? this.#clients
      : this.#clients.filter((client) => client.endpoint.resolvesTags);
  }

  async #first<T>(
    clients: readonly RegistryClient[],
    signal: AbortSignal,
    ask: (client: RegistryClient) => Promise<T>,
  ): Promise<T> {
    const failures = new Map<RegistryClient, CriError>();
    for (const client of clients) {
      try {
        const result = await ask(client);
        this.#prefer(client);
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Spoiled) throw concluded([...this.#dropped, error.failure]);
        if (!isEndpointFault(error)) throw error;
        failures.set(client, error);
        if (failures.size < clients.length) this.#passOver(client, error);
      }
    }
    // Told in the order of the configuration, whoever was asked first this time.
    const told = this.#all.flatMap((client) => failures.get(client) ?? []);
    throw concluded([...this.#dropped, ...told]);
  }

  #passOver(client: RegistryClient, failure: CriError): void {
    const { host, isMirror } = client.endpoint;
    this.#options.log.warn({ endpoint: host, isMirror, error: messageOf(failure) }, 'registry passed over');
    this.#options.observe({ kind: 'passed-over', host, why: messageOf(failure) });
  }

  #prefer(client: RegistryClient): void {
    if (this.#clients[0] === client || !this.#clients.includes(client)) return;
    this.#clients = [client, ...this.#clients.filter((each) => each !== client)];
  }
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
