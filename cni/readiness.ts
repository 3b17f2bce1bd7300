/**
 * Whether the network is ready, always answered from memory: the directory is watched, re-read when somebody asks after
 * a while, the plugins are looked for, and STATUS (1.1) is asked in the background with a deadline of its own.
 */
import type { Chain } from './chain.ts';
import { startDeadline } from './deadline.ts';
import { CniError, errorCodes, messageOf } from './errors.ts';
import {
  readDirectory,
  type DirectoryReading,
  type DirectoryRequest,
  type LoadedNetwork,
} from './directory.ts';
import { DirectoryWatch } from './watch.ts';

export type CniLog = {
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
};

/** `reason` is one CamelCase word, empty when ready; `message` is for people. */
export type NetworkStatus = {
  readonly isReady: boolean;
  readonly reason:
    | ''
    | 'NetworkNotRead'
    | 'NoNetworkConfiguration'
    | 'PluginMissing'
    | 'PluginNotAvailable'
    | 'PluginLimitedConnectivity'
    | 'PluginStatusFailed';
  readonly message: string;
  /** The network that is in use, and its file. */
  readonly network: { readonly name: string; readonly path: string } | null;
};

/** An answer older than this starts a new look in the background. */
const maxAgeMs = 5_000;
const statusTimeoutMs = 10_000;

const notRead: DirectoryReading = { network: null, faults: [], message: 'not read yet' };

export class Readiness {
  readonly #request: DirectoryRequest;
  readonly #chain: Chain;
  readonly #log: CniLog;
  readonly #watch: DirectoryWatch;
  readonly #abort = new AbortController();
  #reading: DirectoryReading = notRead;
  #status: NetworkStatus = {
    isReady: false,
    reason: 'NetworkNotRead',
    message: 'the network configuration was not read yet',
    network: null,
  };
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;
  #reads: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  /** The STATUS under way, and the network that it is asked of. */
  #asking: { readonly network: string; readonly abort: AbortController } | null = null;

  constructor(request: DirectoryRequest, chain: Chain, log: CniLog) {
    this.#request = request;
    this.#chain = chain;
    this.#log = log;
    this.#watch = new DirectoryWatch(request.confDir, () => void this.refresh());
  }

  /** From memory; an old answer is looked after in the background. */
  status(): NetworkStatus {
    if (performance.now() - this.#lookedAtMs > maxAgeMs) void this.refresh();
    return this.#status;
  }

  /** The network for a new attachment; the directory is read again when there was none. */
  async network(): Promise<LoadedNetwork | null> {
    if (this.#reading.network === null) await this.read();
    return this.#reading.network;
  }

  /** Why there is no network, in one sentence. */
  problem(): string {
    return this.#reading.message;
  }

  /**
   * Looks again at everything and resolves when `status()` tells of it. Never rejects. Callers at the same time share
   * a look that starts after they asked.
   */
  refresh(): Promise<void> {
    if (this.#abort.signal.aborted) return Promise.resolve();
    if (this.#running === null) return this.#start();
    void this.#interrupt();
    this.#next ??= this.#running.then(async () => {
      this.#next = null;
      await this.#start();
    });
    return this.#next;
  }

  #start(): Promise<void> {
    this.#running = this.#look()
      .catch((error: unknown) => this.#log.warn({ error: messageOf(error) }, 'network status unknown'))
      .finally(() => {
        this.#running = null;
        this.#lookedAtMs = performance.now();
      });
    return this.#running;
  }

  /** A STATUS that hangs must not hide that its network has changed or gone meanwhile. */
  async #interrupt(): Promise<void> {
    if (this.#asking === null) return;
    await this.read();
    if (this.#asking !== null && JSON.stringify(this.#reading.network) !== this.#asking.network)
      this.#asking.abort.abort();
  }

  close(): void {
    this.#abort.abort();
    this.#watch.close();
  }

  async #look(): Promise<void> {
    await this.#watch.arm();
    await this.read();
    const network = this.#reading.network;
    if (network !== null) await this.#ask(network);
    else
      this.#setStatus({
        isReady: false,
        reason: 'NoNetworkConfiguration',
        message: this.#reading.message,
        network: null,
      });
  }

  /** Reads the directory; tells the log of what is new. Readings follow one another, so that the last is the newest. */
  read(): Promise<void> {
    this.#reads = this.#reads.then(async () => await this.#readOnce());
    return this.#reads;
  }

  async #readOnce(): Promise<void> {
    const before = this.#reading;
    const now = await readDirectory(this.#request);
    this.#reading = now;
    if (JSON.stringify(now.faults) !== JSON.stringify(before.faults)) {
      for (const fault of now.faults) this.#log.warn({ ...fault }, 'network configuration is faulty');
    }
    const { network } = now;
    if (network !== null && JSON.stringify(network) !== JSON.stringify(before.network))
      this.#log.info({ network: network.list.name, path: network.path }, 'network configuration loaded');
  }

  async #ask(network: LoadedNetwork): Promise<void> {
    const abort = new AbortController();
    this.#asking = { network: JSON.stringify(network), abort };
    using deadline = startDeadline(`STATUS of "${network.list.name}"`, {
      timeoutMs: statusTimeoutMs,
      signal: AbortSignal.any([this.#abort.signal, abort.signal]),
    });
    const named = { name: network.list.name, path: network.path };
    try {
      await this.#chain.status(network.list, deadline);
      this.#setStatus({ isReady: true, reason: '', message: '', network: named });
    } catch (error) {
      // Interrupted: the next look follows at once and will tell.
      if (abort.signal.aborted) return;
      const message = `network ${JSON.stringify(named.name)} of "${named.path}": ${messageOf(error)}`;
      this.#setStatus({ isReady: false, reason: reasonOf(error), message, network: named });
    } finally {
      this.#asking = null;
    }
  }

  #setStatus(status: NetworkStatus): void {
    const isNews =
      status.isReady !== this.#status.isReady ||
      status.reason !== this.#status.reason ||
      status.message !== this.#status.message;
    this.#status = status;
    if (!isNews || this.#abort.signal.aborted) return;
    if (status.isReady) this.#log.info({ network: status.network?.name }, 'network is ready');
    else this.#log.warn({ reason: status.reason, detail: status.message }, 'network is not ready');
  }
}

function reasonOf(error: unknown): NetworkStatus['reason'] {
  if (!(error instanceof CniError)) return 'PluginStatusFailed';
  if (error.reason === 'PluginMissing') return 'PluginMissing';
  if (error.code === errorCodes.notAvailable) return 'PluginNotAvailable';
  if (error.code === errorCodes.limitedConnectivity) return 'PluginLimitedConnectivity';
  return 'PluginStatusFailed';
}
