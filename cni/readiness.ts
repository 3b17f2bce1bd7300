/**
 * Whether the network is ready, always answered from memory: the directory is watched, re-read when somebody asks after
 * a while, the plugins are looked for, and STATUS (1.1) is asked in the background with a deadline of its own.
 */
import type { Chain } from './chain.ts';
import { Deadline } from './deadline.ts';
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
  #isDirty = false;

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

  /** The network of the last reading. */
  current(): LoadedNetwork | null {
    return this.#reading.network;
  }

  /** Looks again at everything; callers at the same time share a look. Never rejects. */
  refresh(): Promise<void> {
    if (this.#running !== null) {
      this.#isDirty = true;
      return this.#running;
    }
    if (this.#abort.signal.aborted) return Promise.resolve();
    this.#running = this.#look()
      .catch((error: unknown) => this.#log.warn({ error: messageOf(error) }, 'network status unknown'))
      .finally(() => {
        this.#running = null;
        this.#lookedAtMs = performance.now();
        if (this.#isDirty) void this.refresh();
      });
    return this.#running;
  }

  close(): void {
    this.#abort.abort();
    this.#watch.close();
  }

  async #look(): Promise<void> {
    this.#isDirty = false;
    await this.#watch.arm();
    await this.read();
    const network = this.#reading.network;
    const status =
      network === null
        ? {
            isReady: false,
            reason: 'NoNetworkConfiguration' as const,
            message: this.#reading.message,
            network: null,
          }
        : await this.#ask(network);
    this.#setStatus(status);
  }

  /** Reads the directory; tells the log of what is new. */
  async read(): Promise<void> {
    const before = this.#reading;
    this.#reading = await readDirectory(this.#request);
    const faults = JSON.stringify(this.#reading.faults);
    if (faults !== JSON.stringify(before.faults)) {
      for (const fault of this.#reading.faults)
        this.#log.warn({ path: fault.path, problem: fault.problem }, 'network configuration is faulty');
    }
    const now = this.#reading.network;
    if (now !== null && JSON.stringify(now) !== JSON.stringify(before.network))
      this.#log.info({ network: now.list.name, path: now.path }, 'network configuration loaded');
  }

  async #ask(network: LoadedNetwork): Promise<NetworkStatus> {
    const named = { name: network.list.name, path: network.path };
    using deadline = new Deadline({
      what: `STATUS of "${network.list.name}"`,
      timeoutMs: statusTimeoutMs,
      signal: this.#abort.signal,
    });
    try {
      await this.#chain.status(network.list, deadline);
      return { isReady: true, reason: '', message: '', network: named };
    } catch (error) {
      const message = `network ${JSON.stringify(named.name)} of "${named.path}": ${messageOf(error)}`;
      return { isReady: false, reason: reasonOf(error), message, network: named };
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
