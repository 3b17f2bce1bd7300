/**
 * The seccomp notifiers of containers that have one: the runtime sends the filter's descriptor to a socket of ours, for the
 * container's process and for every exec; the questions that come by it are refused, logged and counted.
 *
 *   open ──descriptor by the socket (SCM_RIGHTS)──▶ asked ──first refusal, action stop──▶ 5 s ──▶ container ended
 *     └── close (the container has ended) ◀──────────┘
 *
 * A daemon that starts again cannot have the descriptors back: the kernel then answers ENOSYS, so nothing becomes allowed.
 */
import { messageOf } from '../../base/errors.ts';
import type { AbsolutePath, ContainerId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { FdMailbox } from '../../kernel/contract/files.ts';
import type { SeccompNotifications, SeccompQuestion } from '../../kernel/contract/processes.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { NotifierAction } from '../../spec/seccomp/seccomp-notify.ts';
import { type Architecture, architectures } from '../../spec/seccomp/architectures.ts';
import { syscallName } from '../../spec/seccomp/syscall-numbers.ts';

export type SeccompNotifiersOptions = {
  readonly kernel: Pick<Kernel, 'openFdMailbox' | 'openSeccompNotifications'>;
  readonly log: Log;
  readonly architecture: Architecture;
  /** Ends a container with all its processes. */
  readonly kill: (id: ContainerId) => Promise<void>;
  /** Counts. */
  readonly onRefused: (syscall: string) => void;
};

export type NotifierRequest = {
  readonly id: ContainerId;
  /** Of the socket. */
  readonly path: AbsolutePath;
  readonly action: NotifierAction;
  /** What a refused call returns. */
  readonly errno: number;
};

type Watched = NotifierRequest & {
  readonly mailbox: FdMailbox;
  readonly ended: AbortController;
  readonly filters: Set<SeccompNotifications>;
  /** Name → how often. */
  readonly refused: Map<string, number>;
  isStopped: boolean;
};

/** A refused call waits this long at most for its answer. */
const pollMs = 20;
const maxFilters = 64;
const maxPerLook = 64;
const maxNames = 512;
/** So that the other calls that the program wants are seen, too. */
const stopDelayMs = 5_000;

export class SeccompNotifiers implements Disposable {
  readonly #options: SeccompNotifiersOptions;
  readonly #watched = new Map<ContainerId, Watched>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SeccompNotifiersOptions) {
    this.#options = options;
  }

  /** Listens where the runtime will send the filter of a container. */
  async open(request: NotifierRequest): Promise<void> {
    const mailbox = await this.#options.kernel.openFdMailbox(request.path);
    const ended = new AbortController();
    const watched = {
      ...request,
      mailbox,
      ended,
      filters: new Set<SeccompNotifications>(),
      refused: new Map(),
      isStopped: false,
    };
    this.#watched.set(request.id, watched);
    void this.#collect(watched);
  }

  /** `mkdir (2x), unshare (1x)`; empty when nothing was refused, or the container has no notifier. */
  refusedBy(id: ContainerId): string {
    const refused = this.#watched.get(id)?.refused ?? new Map<string, number>();
    return [...refused].map(([name, count]) => `${name} (${count}x)`).join(', ');
  }

  /** How a container ended that was ended for what it called; null for every other. */
  endOf(id: ContainerId): { readonly reason: string; readonly message: string } | null {
    if (this.#watched.get(id)?.isStopped !== true) return null;
    return { reason: 'seccomp killed', message: `forbidden system calls: ${this.refusedBy(id)}` };
  }

  async close(id: ContainerId): Promise<void> {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    this.#watched.delete(id);
    watched.ended.abort();
    for (const filter of watched.filters) filter.close();
    await watched.mailbox.close();
  }

  [Symbol.dispose](): void {
    for (const id of this.#watched.keys()) void this.close(id).catch(() => undefined);
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** One descriptor for the container's process, one for each exec. */
  async #collect(watched: Watched): Promise<void> {
    const { signal } = watched.ended;
    try {
      for (;;) {
        const fd = await watched.mailbox.receive(signal);
        const filter = this.#options.kernel.openSeccompNotifications(fd);
        if (signal.aborted || watched.filters.size >= maxFilters) filter.close();
        else watched.filters.add(filter);
        this.#timer ??= setInterval(() => this.#look(), pollMs).unref();
      }
    } catch (error) {
      if (!signal.aborted)
        this.#options.log.error({ container: watched.id, fault: messageOf(error) }, 'seccomp notifier');
    }
  }

  #look(): void {
    let isAnyLeft = false;
    for (const watched of this.#watched.values()) {
      for (const filter of watched.filters) this.#answer(watched, filter);
      isAnyLeft ||= watched.filters.size > 0;
    }
    if (isAnyLeft || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #answer(watched: Watched, filter: SeccompNotifications): void {
    for (let count = 0; count < maxPerLook; count += 1) {
      const question = filter.next();
      if (question === null) return;
      if (question === 'ended') {
        filter.close();
        watched.filters.delete(filter);
        return;
      }
      filter.refuse(question.id, watched.errno);
      this.#note(watched, question);
    }
  }

  #note(watched: Watched, { syscall, architecture, pid }: SeccompQuestion): void {
    const own = this.#options.architecture;
    const name =
      architecture === architectures[own].audit ? syscallName(own, syscall) : `compat syscall ${syscall}`;
    const { refused, id, action } = watched;
    const isNew = !refused.has(name);
    if (isNew && refused.size >= maxNames) return;
    refused.set(name, (refused.get(name) ?? 0) + 1);
    this.#options.onRefused(name);
    if (!isNew) return;
    this.#options.log.warn({ container: id, syscall: name, pid }, 'seccomp refused a system call');
    if (action === 'stop' && refused.size === 1)
      setTimeout(() => void this.#stop(watched), stopDelayMs).unref();
  }

  async #stop(watched: Watched): Promise<void> {
    if (watched.ended.signal.aborted) return;
    watched.isStopped = true;
    try {
      await this.#options.kill(watched.id);
    } catch (error) {
      this.#options.log.error(
        { container: watched.id, fault: messageOf(error) },
        'end a container for its system calls',
      );
    }
  }
}
