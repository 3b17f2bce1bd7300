/**
 * The only way in for the end of a container: whatever brought the news (an event, a report at reconnection, an adoption,
 * an exit file), it is recorded once, then those who wait are told.
 */
import type { ExitRecord } from '../../conmon-ts/protocol.ts';
import { parseContainerId, type ContainerId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { raceSignal } from '../base/single-flight.ts';
import { endOf } from '../spec/container-end.ts';
import type { ContainerExit, ContainerRecord } from '../store/container-record.ts';
import type { Store } from '../store/store.ts';

export type ExitsOptions = {
  readonly store: Store;
  readonly log: Log;
  /** Work that follows an exit and that nobody waits for (freeing the runtime's state). */
  readonly onExited: (record: ContainerRecord) => void;
  /** More than the monitor knows of an end; null: nothing. */
  readonly explain: (id: ContainerId) => Pick<ContainerExit, 'reason' | 'message'> | null;
  /** The exit of a process that is no container of ours: the init of a pod, or a stranger. */
  readonly onOther: (exit: ExitRecord) => void;
};

export class Exits {
  readonly #options: ExitsOptions;
  readonly #waiters = new Map<ContainerId, PromiseWithResolvers<void>>();
  readonly #starts = new Map<ContainerId, bigint>();

  constructor(options: ExitsOptions) {
    this.#options = options;
  }

  /** Records what a monitor says. */
  async record(exit: ExitRecord): Promise<void> {
    const id = parseContainerId(exit.containerId);
    const known = this.#options.store.containers.get(id);
    if (known === null) return this.#options.onOther(exit);
    await this.conclude(id, {
      ...describeExit(exit, known.createdAtNs),
      ...this.#options.explain(id),
    });
  }

  /**
   * A start is under way: a container that ends before its start is recorded has been started all the same. Dispose when
   * the start is recorded, or has failed.
   */
  beginStart(id: ContainerId, startedAtNs: bigint): Disposable {
    this.#starts.set(id, startedAtNs);
    return { [Symbol.dispose]: () => void this.#starts.delete(id) };
  }

  /** Ends a container's life; one that has ended already stays as it is. Never throws: a full disk must not hide an exit. */
  async conclude(id: ContainerId, exit: ContainerExit): Promise<void> {
    const { store, log, onExited } = this.#options;
    const known = store.containers.get(id);
    if (known === null || known.exit !== null) return;
    const begunAtNs = this.#starts.get(id) ?? 0n;
    const written = store.containers.observe(id, 'power-cut', (record) =>
      record.exit === null ? { ...record, startedAtNs: record.startedAtNs || begunAtNs, exit } : record,
    );
    this.#waiters.get(id)?.resolve();
    this.#waiters.delete(id);
    log.info(
      { container: id, pod: known.podId, exitCode: exit.exitCode, reason: exit.reason },
      'container exited',
    );
    onExited({ ...known, exit });
    try {
      await written;
    } catch (error) {
      // The monitor keeps the exit record on tmpfs until the container is removed: after a restart it is read there.
      log.error({ container: id, err: error }, 'record exit');
    }
  }

  /** Resolves when the container has exited; at once when it has. @throws the signal's reason */
  async wait(id: ContainerId, signal: AbortSignal): Promise<void> {
    const record = this.#options.store.containers.get(id);
    if (record === null || record.exit !== null) return;
    const waiter = this.#waiters.get(id) ?? Promise.withResolvers<void>();
    this.#waiters.set(id, waiter);
    await raceSignal(waiter.promise, signal);
  }
}

/** The exit in the words of the CRI. Source: CRI ContainerStatus reason; the kubelet shows it verbatim. */
export function describeExit(exit: ExitRecord, notBeforeNs: bigint): ContainerExit {
  const observedNs = BigInt(exit.finishedAtNs);
  const finishedAtNs = observedNs > notBeforeNs ? observedNs : notBeforeNs + 1n;
  const message = exit.exitCode === null ? 'nobody could find out how the container ended' : '';
  return { finishedAtNs, message, ...endOf(exit) };
}
