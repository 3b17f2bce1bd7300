/**
 * The library's face: attaches pods to a network and detaches them, whatever happens in between. It starts no daemon,
 * creates no namespace and does not bring up `lo`; those are the caller's.
 *
 *   attach   turn of the container → record → ADD of each plugin ∥ record to disk → result → addresses
 *   detach   turn of the container → record → DEL of each plugin, last first → record removed
 *
 * An attach that failed or was killed has left its record: detach (now, or after a restart: `attachments()`) cleans up.
 */
import type { Attachment, CallOptions, CniOptions, Collected, DetachRequest } from './api.ts';
import { AttachmentCache } from './cache.ts';
import { Chain, type ValidAttachment } from './chain.ts';
import { startDeadline, type Deadline } from './deadline.ts';
import { Debts } from './debts.ts';
import { asCniError, cniError, type CniError } from './errors.ts';
import { AttachmentLocks } from './locks.ts';
import { launchByNode } from './plugin.ts';
import { Readiness, type NetworkStatus } from './readiness.ts';
import { isSame, newRecord, type AttachmentKey, type AttachmentRecord } from './record.ts';
import {
  capabilityArguments,
  checkContainerId,
  checkIfName,
  checkRequest,
  podArguments,
  type AttachRequest,
} from './request.ts';
import { attachResult, type AttachResult, type CniResult } from './result.ts';

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
  readonly #locks = new AttachmentLocks();
  readonly #debts: Debts;
  #isClosed = false;

  /** Use `openCni`. */
  constructor(options: CniOptions, cache: AttachmentCache) {
    this.#cache = cache;
    this.#chain = new Chain({
      pluginDirs: options.pluginDirs,
      launch: options.launch ?? launchByNode(options.scratchDir ?? options.cacheDir),
    });
    const { confDir, networkName, log } = options;
    this.#readiness = new Readiness({ confDir, networkName }, this.#chain, log);
    this.#debts = new Debts({ cache, chain: this.#chain, readiness: this.#readiness, log });
  }

  /** From memory. */
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
      return attachResult(await this.#add(record, deadline), record);
    });
  }

  /**
   * The record is there before the first plugin runs, and on the disk before anybody hears that it succeeded. To wait for the disk
   * before the first plugin would gain nothing: what that leaves on this machine comes to the disk later than the record.
   */
  async #add(record: AttachmentRecord, deadline: Deadline): Promise<CniResult> {
    const file = await this.#cache.create(record);
    this.#debts.own(record);
    file.beginFlush();
    try {
      const onPartial = async (partial: CniResult): Promise<void> => await file.append('partial', partial);
      const result = await this.#chain.add(record, deadline, onPartial);
      await file.append('result', result);
      await file.flushed();
      return result;
    } finally {
      this.#cache.settle(file);
    }
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
        await this.#debts
          .pay(key, () => request.netnsPath, deadline)
          .catch((error: unknown) => failures.push(error));
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
      if (this.#debts.isOwn(key) || valid.some((one) => isSame(one, key))) continue;
      const turn = { what: `detach stale "${key.containerId}"`, containerId: key.containerId, ...options };
      await this.#inTurn(turn, async (deadline) => await this.#debts.pay(key, netnsOf, deadline))
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
    if (this.#isClosed) throw cniError('Closed', 'collect garbage: the library is closed');
    const network = await this.#readiness.network();
    if (network === null) return [];
    const { list } = network;
    using deadline = startDeadline(`GC of "${list.name}"`, options);
    return await this.#locks.exclusive(deadline.signal, async () => {
      // Asked for now, when nothing runs: what was attached since the caller made its list is valid too.
      const own = this.#cache.keys(null).filter((key) => this.#debts.isOwn(key));
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
