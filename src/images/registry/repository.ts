/**
 * A repository as a pull sees it: its mirrors and its registry in order. What one cannot give is asked of the next, with
 * a line that says why; the one that answered last is asked first.
 */
import { CriError, messageOf } from '../../base/errors.ts';
import type { Digest } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { NetworkLimits } from '../limits.ts';
import type { Descriptor } from '../manifest.ts';
import { anonymous, type Credentials } from './credentials.ts';
import { type Download, downloadBlob } from './download.ts';
import type { Endpoint } from './endpoint.ts';
import { isEndpointFault } from './failures.ts';
import { type FetchedManifest, RegistryClient } from './registry-client.ts';
import type { Transport } from './transport.ts';

export type RepositoryOptions = {
  readonly transport: Transport;
  readonly limits: NetworkLimits;
  readonly endpoints: readonly Endpoint[];
  /** For the registry itself; mirrors are asked as nobody. */
  readonly credentials: Credentials;
  readonly log: Log;
};

export class Repository {
  readonly #log: Log;
  #clients: readonly RegistryClient[];

  constructor(options: RepositoryOptions) {
    const { transport, limits, endpoints, credentials } = options;
    this.#log = options.log;
    this.#clients = endpoints.map(
      (endpoint, at) =>
        new RegistryClient({
          transport,
          limits,
          endpoint,
          credentials: endpoint.isMirror ? anonymous : credentials,
          isLast: at === endpoints.length - 1,
        }),
    );
  }

  async resolve(reference: string, signal: AbortSignal): Promise<Digest | null> {
    return await this.#first(signal, (client) => client.resolve(reference, signal));
  }

  async manifest(reference: string, signal: AbortSignal): Promise<FetchedManifest> {
    return await this.#first(signal, (client) => client.manifest(reference, signal));
  }

  async blob(descriptor: Descriptor, signal: AbortSignal): Promise<Buffer> {
    return await this.#first(signal, (client) => client.blob(descriptor, signal));
  }

  async download(download: Download, signal: AbortSignal): Promise<void> {
    await this.#first(signal, (client) => downloadBlob(client, download, signal));
  }

  async #first<T>(signal: AbortSignal, ask: (client: RegistryClient) => Promise<T>): Promise<T> {
    const failures: unknown[] = [];
    for (const client of this.#clients) {
      try {
        const result = await ask(client);
        this.#prefer(client);
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (!isEndpointFault(error)) throw error;
        failures.push(error);
        if (failures.length < this.#clients.length)
          this.#log.warn({ endpoint: client.endpoint.host, error: messageOf(error) }, 'registry passed over');
      }
    }
    throw combine(failures);
  }

  #prefer(client: RegistryClient): void {
    if (this.#clients[0] === client) return;
    this.#clients = [client, ...this.#clients.filter((each) => each !== client)];
  }
}

/** The registry's own failure, with what the mirrors said behind it. */
function combine(failures: readonly unknown[]): unknown {
  const last = failures.at(-1);
  if (failures.length < 2 || !(last instanceof CriError)) return last;
  const others = failures.slice(0, -1).map(messageOf).join('; ');
  const { code, reason } = last;
  return new CriError({ code, reason, message: `${last.message} (before that: ${others})` }, { cause: last });
}
