/**
 * The daemon is a subreaper: processes that its programs leave behind (a detached exec, a container whose monitor died)
 * become its children. This waits for those that somebody asked for, and buries the others, without ever taking the exit
 * of a child that Node itself started.
 */
import { readFile } from 'node:fs/promises';
import type { Kernel } from '../../kernel/kernel.ts';

/** A child that stays a zombie this long belongs to nobody: Node buries its own at once. */
const strangerAgeMs = 2_000;

type Signals = Pick<NodeJS.EventEmitter, 'on' | 'off'>;

export class Reaper implements Disposable {
  readonly #kernel: Pick<Kernel, 'reap' | 'becomeSubreaper'>;
  readonly #signals: Signals;
  readonly #waiters = new Map<number, PromiseWithResolvers<number>>();
  readonly #zombies = new Map<number, number>();
  #timer: NodeJS.Timeout | null = null;
  readonly #onChild = (): void => this.#childEnded();

  /** @param signals tells of SIGCHLD */
  constructor(kernel: Pick<Kernel, 'reap' | 'becomeSubreaper'>, signals: Signals = process) {
    this.#kernel = kernel;
    this.#signals = signals;
    kernel.becomeSubreaper();
    signals.on('SIGCHLD', this.#onChild);
  }

  /** Resolves with the wait status of an orphan of ours. Source: wait(2). Ask before or after its end, once. */
  async wait(pid: number): Promise<number> {
    const waiter = Promise.withResolvers<number>();
    this.#waiters.set(pid, waiter);
    this.#collect([pid]);
    return await waiter.promise;
  }

  [Symbol.dispose](): void {
    this.#signals.off('SIGCHLD', this.#onChild);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #childEnded(): void {
    this.#collect([...this.#waiters.keys()]);
    this.#timer ??= setTimeout(() => void this.#buryStrangers(), strangerAgeMs).unref();
  }

  #collect(pids: readonly number[]): void {
    for (const { pid, waitStatus } of this.#kernel.reap(pids)) {
      this.#waiters.get(pid)?.resolve(waitStatus);
      this.#waiters.delete(pid);
    }
  }

  async #buryStrangers(): Promise<void> {
    const now = performance.now();
    const zombies = await zombieChildren();
    for (const pid of this.#zombies.keys()) if (!zombies.has(pid)) this.#zombies.delete(pid);
    for (const pid of zombies) if (!this.#zombies.has(pid)) this.#zombies.set(pid, now);
    const strangers = [...this.#zombies]
      .filter(([, sinceMs]) => now - sinceMs >= strangerAgeMs)
      .map(([pid]) => pid);
    this.#kernel.reap(strangers.filter((pid) => !this.#waiters.has(pid)));
    for (const pid of strangers) this.#zombies.delete(pid);
    this.#timer =
      this.#zombies.size === 0 ? null : setTimeout(() => void this.#buryStrangers(), strangerAgeMs).unref();
  }
}

async function zombieChildren(): Promise<ReadonlySet<number>> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8').catch(() => '');
  const pids = children
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
  const states = await Promise.all(pids.map(async (pid) => ({ pid, isZombie: await isZombie(pid) })));
  return new Set(states.filter((each) => each.isZombie).map((each) => each.pid));
}

async function isZombie(pid: number): Promise<boolean> {
  // A process that has gone meanwhile is no zombie.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

/** Exit code of a wait status: 128 + n for death by signal n. Source: wait(2). */
export function exitCodeOf(waitStatus: number): number {
  const signal = waitStatus & 0x7f;
  return signal === 0 ? (waitStatus >> 8) & 0xff : 128 + signal;
}
