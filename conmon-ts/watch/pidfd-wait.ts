/**
 * The end of a process that is not our child: a container whose monitor has died. Its exit code is read while it is a zombie
 * (/proc/PID/stat) or after somebody has waited for it (PIDFD_GET_INFO, Linux 6.15). It is never guessed: null is an answer.
 *
 *   running ──pidfd readable──▶ ended ──code found──▶ told
 *                                │  ▲
 *                                └──┘ a zombie that we may not look into: asked again, a bounded number of times, then null
 */
import { closeSync, readFileSync } from 'node:fs';
import { duplicate } from '../calls/file-calls.ts';
import { pidfdExitStatus, pidfdOpen } from '../calls/process-calls.ts';
import { errnoOf } from '../linux.ts';
import { readProcessStat } from './process-stat.ts';
import { watchReadable, type Watch } from './readiness.ts';

/** A process that cannot be confused with a later one of the same pid. */
export type ProcessName = { readonly pid: number; readonly startTimeTicks: string };
/** The status as of wait(2), or null: nobody can know it. */
export type OnForeignEnd = (waitStatus: number | null) => void;

const retryMs = [20, 50, 100, 200, 500, 1000, 2000, 4000, 8000, 16_000] as const;

/** Waits for one process; `close` gives up. */
export class ForeignProcess implements Disposable {
  readonly #name: ProcessName;
  readonly #pidfd: number;
  readonly #watch: Watch;
  readonly #onEnd: OnForeignEnd;
  #timer: NodeJS.Timeout | undefined;
  #isOpen = true;

  private constructor(name: ProcessName, pidfd: number, onEnd: OnForeignEnd) {
    this.#name = name;
    this.#pidfd = pidfd;
    this.#onEnd = onEnd;
    // A pidfd stays readable: the watch has a descriptor of its own, to be closed at the first call.
    this.#watch = watchReadable(duplicate(pidfd), () => {
      this.#watch.close();
      this.#ask(0);
    });
  }

  /** Null: the process is gone, and was gone before we could take hold of it. */
  static open(name: ProcessName, onEnd: OnForeignEnd): ForeignProcess | null {
    if (readProcessStat(name.pid)?.startTimeTicks !== name.startTimeTicks) return null;
    const pidfd = openPidfd(name.pid);
    if (pidfd === null) return null;
    // Gone since the first look is still the same process; another start time is another process.
    const now = readProcessStat(name.pid)?.startTimeTicks ?? name.startTimeTicks;
    if (now === name.startTimeTicks) return new ForeignProcess(name, pidfd, onEnd);
    closeSync(pidfd);
    return null;
  }

  #ask(attempt: number): void {
    // In this order: a zombie that is waited for between the two questions is known to the pidfd then.
    const zombie = this.#zombieStatus();
    const status = zombie.status ?? pidfdExitStatus(this.#pidfd);
    const delayMs = retryMs[attempt];
    if (status === null && zombie.isThere && delayMs !== undefined) {
      this.#timer = setTimeout(() => this.#ask(attempt + 1), delayMs);
      return;
    }
    this.close();
    this.#onEnd(status);
  }

  #zombieStatus(): { isThere: boolean; status: number | null } {
    const stat = readProcessStat(this.#name.pid);
    const isThere = stat?.startTimeTicks === this.#name.startTimeTicks;
    const isReadable = isThere && stat.state === 'Z' && mayReadExitStatus();
    return { isThere, status: isReadable ? stat.exitStatus : null };
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#watch.close();
    closeSync(this.#pidfd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function openPidfd(pid: number): number | null {
  try {
    return pidfdOpen(pid);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return null;
    throw error;
  }
}

const capSysPtrace = 19n;

/** Without this capability the kernel shows every exit status as 0. Source: proc_pid_stat(5), ptrace(2). */
function mayReadExitStatus(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
  return ((BigInt(`0x${effective}`) >> capSysPtrace) & 1n) === 1n;
}
