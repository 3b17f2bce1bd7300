/**
 * Duplicates of the pty masters of containers with a terminal. Only while somebody holds the master does the container's
 * terminal live: when a monitor dies its successor gets it from here.
 */
import { joinPath, type AbsolutePath, type ContainerId } from '../../base/ids.ts';
import { withDeadline } from '../../base/time.ts';
import type { Fd } from '../../kernel/contract/files.ts';
import type { Kernel } from '../../kernel/kernel.ts';

export type TerminalsOptions = { readonly kernel: Pick<Kernel, 'openFdMailbox'>; readonly dir: AbsolutePath };

const handOverTimeoutMs = 10_000;

export class Terminals {
  readonly #options: TerminalsOptions;
  readonly #masters = new Map<string, Fd>();

  constructor(options: TerminalsOptions) {
    this.#options = options;
  }

  /** Runs the creation of a container with a terminal; the monitor leaves the master in the mailbox. */
  async collect<T>(id: ContainerId, create: (mailbox: AbsolutePath) => Promise<T>): Promise<T> {
    await using mailbox = await this.#options.kernel.openFdMailbox(this.#path(id));
    const result = await create(mailbox.path);
    const step = `take terminal of container "${id}"`;
    const master = await withDeadline(
      { step, timeoutMs: handOverTimeoutMs },
      async (signal) => await mailbox.receive(signal),
    );
    this.close(id);
    this.#masters.set(id, master);
    return result;
  }

  /** Runs the adoption of a container with a terminal; its master waits in the mailbox. Null: we have none to give. */
  async handOver<T>(id: string, adopt: (mailbox: AbsolutePath | null) => Promise<T>): Promise<T> {
    const master = this.#masters.get(id);
    if (master === undefined) return await adopt(null);
    await using mailbox = await this.#options.kernel.openFdMailbox(this.#path(id));
    const step = `hand over terminal of container "${id}"`;
    const [result] = await Promise.all([
      adopt(mailbox.path),
      withDeadline(
        { step, timeoutMs: handOverTimeoutMs },
        async (signal) => await mailbox.send(master, signal),
      ),
    ]);
    return result;
  }

  close(id: string): void {
    this.#masters.get(id)?.close();
    this.#masters.delete(id);
  }

  #path(id: string): AbsolutePath {
    return joinPath(this.#options.dir, `${id.slice(0, 32)}.tty`);
  }
}
