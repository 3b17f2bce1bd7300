/**
 * Frees what the OCI runtime keeps of an ended container (state, cgroup) as soon as it has ended, so that RemoveContainer
 * finds it done. Each container once; a failure is tried again by whoever asks next.
 */
import type { ContainerId } from '../base/ids.ts';
import type { KeyedLock } from '../base/locks.ts';
import type { Log } from '../base/log.ts';
import type { Cgroups } from '../kernel/cgroups/cgroups.ts';
import type { Handlers } from '../runtime/handlers/handlers.ts';
import type { ContainerRecord } from '../store/container-record.ts';

export type RemovalOptions = {
  readonly handlers: Handlers;
  readonly cgroups: Pick<Cgroups, 'remove'>;
  /** By container; StartContainer holds it. */
  readonly locks: KeyedLock;
  /** systemd removes its scopes itself. */
  readonly isSystemdCgroup: boolean;
  readonly log: Log;
};

const never = new AbortController().signal;

export class RuntimeRemovals {
  readonly #options: RemovalOptions;
  readonly #removals = new Map<ContainerId, Promise<void>>();

  constructor(options: RemovalOptions) {
    this.#options = options;
  }

  /** Removes, or waits for the removal that runs, or finds that it was done. @throws CommandError, SyscallError */
  async remove(record: ContainerRecord): Promise<void> {
    const running = this.#removals.get(record.id) ?? this.#start(record);
    await running;
  }

  /** Removes without anybody waiting. */
  begin(record: ContainerRecord): void {
    this.remove(record).catch((error: unknown) => {
      this.#options.log.warn(
        { container: record.id, err: error },
        'free runtime state; RemoveContainer tries again',
      );
    });
  }

  /** The container's record is gone: nothing needs to be remembered. */
  forget(id: ContainerId): void {
    this.#removals.delete(id);
  }

  #start(record: ContainerRecord): Promise<void> {
    const removal = this.#work(record);
    this.#removals.set(record.id, removal);
    removal.catch(() => this.#removals.delete(record.id));
    return removal;
  }

  async #work(record: ContainerRecord): Promise<void> {
    const { runtime } = await this.#options.handlers.get(record.handler);
    // A start that is not quite done still needs the state of a container that has ended already.
    await this.#options.locks.hold(record.id, never, async () => await runtime.delete(record.id));
    if (this.#options.isSystemdCgroup) return;
    await this.#options.cgroups.remove(record.cgroupPath);
  }
}
