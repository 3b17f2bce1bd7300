/**
 * Pays what is owed: the DEL of one recorded attachment, also of one that an earlier life has made, whose process was
 * killed in the middle, whose namespace is gone, or whose record is damaged. The caller holds the container's turn.
 */
import type { AttachmentCache, Found } from './cache.ts';
import type { Chain } from './chain.ts';
import type { Deadline } from './deadline.ts';
import { Leftovers } from './leftovers.ts';
import { livingNamespace } from './namespace.ts';
import type { CniLog, Readiness } from './readiness.ts';
import { fileNameOf, newRecord, type AttachmentKey, type AttachmentRecord } from './record.ts';

type Means = {
  readonly cache: AttachmentCache;
  readonly chain: Chain;
  readonly readiness: Readiness;
  readonly log: CniLog;
};

export class Debts {
  readonly #means: Means;
  /** File names of the records that this life made: their owner is alive and will detach them. */
  readonly #own = new Set<string>();
  readonly #leftovers = new Leftovers();

  constructor(means: Means) {
    this.#means = means;
  }

  own(key: AttachmentKey): void {
    this.#own.add(fileNameOf(key));
  }

  isOwn(key: AttachmentKey): boolean {
    return this.#own.has(fileNameOf(key));
  }

  /** Runs DEL and then removes the record; no record is no debt. @throws CniError; the record then stays */
  async pay(
    key: AttachmentKey,
    chooseNetns: (record: AttachmentRecord) => string | null,
    deadline: Deadline,
  ): Promise<void> {
    const { cache, chain } = this.#means;
    const found = await cache.read(key);
    if (found === null) return;
    if (!this.isOwn(key)) await this.#leftovers.end(key.containerId);
    const record = found.record ?? (await this.#rebuild(found, deadline));
    if (record !== null) {
      await chain.delete(record, await livingNamespace(chooseNetns(record)), deadline);
      await cache.remove(record);
    }
    this.#own.delete(fileNameOf(key));
  }

  /** A damaged record goes to quarantine; what its name tells and today's configuration make the best DEL there is. */
  async #rebuild(found: Found, deadline: Deadline): Promise<AttachmentRecord | null> {
    const { cache, chain, readiness, log } = this.#means;
    const { key } = found;
    const loaded = await readiness.network();
    const network = loaded?.list.name === key.networkName ? loaded : null;
    const version = network === null ? null : await chain.negotiate(network.list, deadline);
    const movedTo = await cache.quarantine(key);
    log.warn({ ...key, movedTo, problem: found.problem }, 'attachment record is damaged');
    if (network === null || version === null) {
      log.warn({ ...key }, 'attachment cannot be undone: no configuration of its network');
      return null;
    }
    const args = [['K8S_POD_INFRA_CONTAINER_ID', key.containerId]] as const;
    const record = newRecord({ key, network, version, netnsPath: '', args, capabilityArgs: {} });
    const file = await cache.create(record);
    file.beginFlush();
    cache.settle(file);
    return record;
  }
}
