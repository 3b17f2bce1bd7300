/**
 * The library's face: attaches pods to a network and detaches them, whatever happens in between. It starts no daemon,
 * creates no namespace and does not bring up `lo`; those are the caller's.
 *
 *   attach   turn of the container → record (durable) → ADD of each plugin → result (durable) → addresses
 *   detach   turn of the container → record → DEL of each plugin, last first → record removed
 *
 * An attach that failed or was killed has left its record: detach (now, or after a restart: `attachments()`) cleans up.
 */
import type { Attachment, CallOptions, CniOptions, Collected, DetachRequest } from './api.ts';
import { AttachmentCache, type Found } from './cache.ts';
import { Chain, type ValidAttachment } from './chain.ts';
import { startDeadline, type Deadline } from './deadline.ts';
import { asCniError, cniError, type CniError } from './errors.ts';
import { Leftovers } from './leftovers.ts';
import { AttachmentLocks } from './locks.ts';
import { livingNamespace } from './namespace.ts';
import { Readiness, type CniLog, type NetworkStatus } from './readiness.ts';
import { fileNameOf, isSame, newRecord, type AttachmentKey, type AttachmentRecord } from './record.ts';
import {
  capabilityArguments,
  checkContainerId,
  checkIfName,
  checkRequest,
  podArguments,
  type AttachRequest,
} from './request.ts';
import { attachResult, type AttachResult } from './result.ts';

/** @throws CacheFailed when the cache directory cannot be used; a missing configuration is no failure */
export async function openCni(options: CniOptions): Promise<Cni> {
  const cache = await AttachmentCache.open(options.cacheDir);
  const cni = new Cni(options, cache);
  void cni.refresh();
  return cni;
}

export class Cni implements AsyncDisposable {
  readonly #cache: AttachmentCache;
  readonly #chain: Chain;
  readonly #readiness: Readiness;
  readonly #log: CniLog;
  readonly #locks = new AttachmentLocks();
  /** File names of the records that this life made: their owner is alive and will detach them. */
  readonly #own = new Set<string>();
  readonly #leftovers = new Leftovers();
  #isClosed = false;

  /** Use `openCni`. */
  constructor(options: CniOptions, cache: AttachmentCache) {
    this.#cache = cache;
    this.#log = options.log;
    this.#chain = new Chain({
      pluginDirs: options.pluginDirs,
      scratchDir: options.scratchDir ?? options.cacheDir,
    });
    const { confDir, networkName } = options;
    this.#readiness = new Readiness({ confDir, networkName }, this.#chain, options.log);
  }

  /** From memory; never waits. */
  status(): NetworkStatus {
    return this.#readiness.status();
  }

  /** Looks at directory, plugins and STATUS now; resolves when `status()` tells of it. */
  async refresh(): Promise<void> {
    await this.#readiness.refresh();
  }

  /**
   * Attaches a namespace. After a failure the caller must detach: plugins may have done a part.
   * @throws InvalidRequest, NotReady, AlreadyAttached, VersionUnsupported, Plugin…, CacheFailed, Aborted, Closed
   */
  async attach(request: AttachRequest, options: CallOptions = {}): Promise<AttachResult> {
    checkRequest(request);
    const args = podArguments(request);
    const capabilityArgs = capabilityArguments(request.capabilities);
    const { containerId, ifName, netnsPath } = request;
    const turn = { what: `attach "${containerId}"`, containerId, ...options };
    return await this.#inTurn(turn, async (deadline) => {
      const network = await this.#readiness.network();
      if (network === null) throw cniError('NotReady', this.#readiness.problem());
      if (this.#cache.keys(containerId).some((key) => key.ifName === ifName))
        throw cniError(
          'AlreadyAttached',
          `attach "${containerId}": "${ifName}" is attached; detach it first`,
        );
      const version = await this.#chain.negotiate(network.list, deadline);
      const record = newRecord({
        key: { containerId, ifName, networkName: network.list.name },
        network,
        version,
        netnsPath,
        args,
        capabilityArgs,
      });
      await this.#cache.writeIntent(record);
      this.#own.add(fileNameOf(record));
      const result = await this.#chain.add(record, deadline);
      await this.#cache.writeResult(record, result);
      return attachResult(result, record);
    });
  }

  /**
   * Detaches with the configuration and result of the time of attaching, also when the file, the namespace or the
   * process that attached has gone. Nothing attached is success. Takes no signal: a DEL is not given up with a request.
   * @throws Plugin…, CacheFailed, Closed; the record then stays, and a later call tries again
   */
  async detach(request: DetachRequest, options: Pick<CallOptions, 'timeoutMs'> = {}): Promise<void> {
    checkContainerId(request.containerId);
    if (request.ifName !== null) checkIfName(request.ifName);
    const { containerId, ifName } = request;
    const turn = { what: `detach "${containerId}"`, containerId, timeoutMs: options.timeoutMs };
    await this.#inTurn(turn, async (deadline) => {
      const keys = this.#cache.keys(containerId).filter((key) => ifName === null || key.ifName === ifName);
      const failures: unknown[] = [];
      for (const key of keys.toReversed()) {
        // One network that cannot be left is no reason to stay in the others.
        await this.#delete(key, () => request.netnsPath, deadline).catch((error: unknown) =>
          failures.push(error),
        );
      }
      if (failures.length > 0) throw failures[0];
    });
  }

  /** @throws NotAttached, VersionUnsupported, Plugin…, CacheFailed, Aborted, Closed */
  async check(key: { containerId: string; ifName: string }, options: CallOptions = {}): Promise<void> {
    const { containerId, ifName } = key;
    await this.#inTurn({ what: `check "${containerId}"`, containerId, ...options }, async (deadline) => {
      const record = await this.#find(containerId, ifName);
      if (record === null || record.result === null)
        throw cniError('NotAttached', `check "${containerId}": "${ifName}" is not attached`);
      await this.#chain.check(record, deadline);
    });
  }

  /** What a finished attach told, also after a restart; null when there is none. @throws CacheFailed */
  async result(containerId: string, ifName: string): Promise<AttachResult | null> {
    const record = await this.#find(containerId, ifName);
    return record === null ? null : resultOf(record);
  }

  /** Everything that is owed a DEL. @throws CacheFailed */
  async attachments(): Promise<readonly Attachment[]> {
    const all: Attachment[] = [];
    for (const key of this.#cache.keys(null)) {
      const found = await this.#cache.read(key);
      if (found === null) continue;
      const { record } = found;
      const known =
        record === null
          ? { netnsPath: null, createdAt: null, result: null }
          : { netnsPath: record.netnsPath, createdAt: record.createdAt, result: resultOf(record) };
      all.push({ ...key, ...known });
    }
    return all;
  }

  /**
   * Detaches what an earlier life has attached and `valid` does not name, then lets the plugins collect (GC, 1.1).
   * `timeoutMs` holds for each DEL and for GC. Never throws: failures are returned, their records stay.
   */
  async collectGarbage(
    valid: readonly ValidAttachment[],
    options: Pick<CallOptions, 'timeoutMs'> = {},
  ): Promise<Collected> {
    const detached: AttachmentKey[] = [];
    const failures: CniError[] = [];
    for (const key of this.#cache.keys(null)) {
      if (this.#own.has(fileNameOf(key)) || valid.some((one) => isSame(one, key))) continue;
      const turn = { what: `detach stale "${key.containerId}"`, containerId: key.containerId, ...options };
      await this.#inTurn(turn, async (deadline) => await this.#delete(key, netnsOf, deadline))
        .then(() => detached.push(key))
        .catch((error: unknown) => failures.push(asCniError(error)));
    }
    const more = await this.#collect(valid, options).catch((error: unknown) => [asCniError(error)]);
    return { detached, failures: [...failures, ...more] };
  }

  /** Takes no more work, waits for what runs (each has its deadline). Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#readiness.close();
    await this.#locks.exclusive(new AbortController().signal, async () => await this.#cache.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #collect(
    valid: readonly ValidAttachment[],
    options: Pick<CallOptions, 'timeoutMs'>,
  ): Promise<readonly CniError[]> {
    const network = this.#readiness.current();
    if (network === null) return [];
    const { list } = network;
    using deadline = startDeadline(`GC of "${list.name}"`, options);
    return await this.#locks.exclusive(deadline.signal, async () => {
      // Asked for now, when nothing runs: what was attached since the caller made its list is valid too.
      const own = this.#cache.keys(null).filter((key) => this.#own.has(fileNameOf(key)));
      const claimed = [...valid.filter((one) => !own.some((key) => isSame(one, key))), ...own];
      const here = claimed.filter((one) => !this.#isElsewhere(one, list.name));
      return await this.#chain.collect(list, here, deadline);
    });
  }

  /** Whether the only records of an attachment are of other networks. */
  #isElsewhere(one: ValidAttachment, networkName: string): boolean {
    const keys = this.#cache.keys(one.containerId).filter((key) => key.ifName === one.ifName);
    return keys.length > 0 && !keys.some((key) => key.networkName === networkName);
  }

  async #delete(
    key: AttachmentKey,
    chooseNetns: (record: AttachmentRecord) => string | null,
    deadline: Deadline,
  ): Promise<void> {
    const found = await this.#cache.read(key);
    if (found === null) return;
    if (!this.#own.has(fileNameOf(key))) await this.#leftovers.end(key.containerId);
    const record = found.record ?? (await this.#rebuild(found, deadline));
    if (record !== null) {
      await this.#chain.delete(record, await livingNamespace(chooseNetns(record)), deadline);
      await this.#cache.remove(record);
    }
    this.#own.delete(fileNameOf(key));
  }

  /** A damaged record goes to quarantine; what its name tells and today's configuration make the best DEL there is. */
  async #rebuild(found: Found, deadline: Deadline): Promise<AttachmentRecord | null> {
    const { key } = found;
    const loaded = await this.#readiness.network();
    const network = loaded?.list.name === key.networkName ? loaded : null;
    const version = network === null ? null : await this.#chain.negotiate(network.list, deadline);
    const movedTo = await this.#cache.quarantine(key);
    this.#log.warn({ ...key, movedTo, problem: found.problem }, 'attachment record is damaged');
    if (network === null || version === null) {
      this.#log.warn({ ...key }, 'attachment cannot be undone: no configuration of its network');
      return null;
    }
    const args = [['K8S_POD_INFRA_CONTAINER_ID', key.containerId]] as const;
    const record = newRecord({ key, network, version, netnsPath: '', args, capabilityArgs: {} });
    await this.#cache.writeIntent(record);
    return record;
  }

  async #find(containerId: string, ifName: string): Promise<AttachmentRecord | null> {
    checkContainerId(containerId);
    checkIfName(ifName);
    const key = this.#cache.keys(containerId).find((one) => one.ifName === ifName);
    return key === undefined ? null : ((await this.#cache.read(key))?.record ?? null);
  }

  async #inTurn<T>(turn: Turn, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw cniError('Closed', `${turn.what}: the library is closed`);
    using deadline = startDeadline(turn.what, turn);
    return await this.#locks.shared(turn.containerId, deadline.signal, async () => await work(deadline));
  }
}

type Turn = {
  /** For messages. */
  readonly what: string;
  readonly containerId: string;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

function resultOf(record: AttachmentRecord): AttachResult | null {
  return record.result === null ? null : attachResult(record.result, record);
}

function netnsOf(record: AttachmentRecord): string {
  return record.netnsPath;
}
