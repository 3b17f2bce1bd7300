/**
 * Stopping containers. One stop per container runs at a time; a later one with less patience shortens it. The caller may
 * leave: the stop goes on.
 *
 *   stop signal ──grace──▶ SIGKILL ──2 s──▶ SIGKILL to every process of its cgroup ──bound──▶ StopFailed (a process that
 *                                                                          the kernel cannot kill: uninterruptible sleep)
 */
import { internal } from '../base/errors.ts';
import type { ContainerId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { raceSignal } from '../base/single-flight.ts';
import type { Cgroups } from '../kernel/cgroups/cgroups.ts';
import type { ProcessHandle } from '../kernel/contract/processes.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Exits } from '../runtime/exits.ts';
import { isAlive, openIdentified } from '../runtime/programs/process-identity.ts';
import { sigkill, signalName } from '../spec/signals.ts';
import type { ContainerRecord } from '../store/container-record.ts';

export type StopsOptions = {
  readonly kernel: Pick<Kernel, 'openProcess'>;
  readonly cgroups: Pick<Cgroups, 'kill'>;
  readonly exits: Exits;
  readonly log: Log;
};

type Stop = {
  readonly done: Promise<void>;
  /** Brings the SIGKILL forward to this time (performance.now(), ms); later ones are ignored. */
  readonly killBy: (atMs: number) => void;
};

const killPatienceMs = 2_000;
const cgroupKillPatienceMs = 110_000;

export class Stops {
  readonly #options: StopsOptions;
  readonly #running = new Map<ContainerId, Stop>();

  constructor(options: StopsOptions) {
    this.#options = options;
  }

  /**
   * Stops a container and waits until its exit is recorded.
   * @param graceMs how long after the stop signal SIGKILL follows; 0: at once
   * @throws the signal's reason (the stop goes on), StopFailed
   */
  async stop(record: ContainerRecord, graceMs: number, signal: AbortSignal): Promise<void> {
    if (record.exit !== null) return;
    const running = this.#running.get(record.id);
    if (running === undefined) await raceSignal(this.#start(record, graceMs).done, signal);
    else {
      running.killBy(performance.now() + graceMs);
      await raceSignal(running.done, signal);
    }
  }

  #start(record: ContainerRecord, graceMs: number): Stop {
    const grace = new Grace(performance.now() + graceMs);
    const done = this.#work(record, graceMs, grace).finally(() => {
      grace.end();
      this.#running.delete(record.id);
    });
    // When every caller has left nobody hears of a failure but the log, which #work has told.
    done.catch(() => undefined);
    const stop: Stop = { done, killBy: (atMs) => grace.killBy(atMs) };
    this.#running.set(record.id, stop);
    return stop;
  }

  async #work(record: ContainerRecord, graceMs: number, grace: Grace): Promise<void> {
    using handle = await openIdentified(this.#options.kernel, record.process);
    const isCreated = record.startedAtNs === 0n;
    if (handle !== null && graceMs > 0 && !isCreated) {
      handle.signal(record.stopSignal);
      this.#options.log.debug(
        { container: record.id, signal: signalName(record.stopSignal), graceMs },
        'stop signal sent',
      );
      if (await this.#exited(record.id, grace.over)) return;
    }
    await this.#kill(record, handle);
  }

  async #kill(record: ContainerRecord, handle: ProcessHandle | null): Promise<void> {
    handle?.signal(sigkill);
    if (await this.#exited(record.id, AbortSignal.timeout(killPatienceMs))) return;
    this.#options.log.warn({ container: record.id }, 'container lives on after SIGKILL: killing its cgroup');
    await this.#options.cgroups.kill(record.cgroupPath, sigkill);
    if (await this.#exited(record.id, AbortSignal.timeout(cgroupKillPatienceMs))) return;
    const state = (await isAlive(record.process))
      ? 'its process cannot be killed (uninterruptible?)'
      : 'its monitor has not told its exit';
    const error = internal('StopFailed', `stop container "${record.id}": ${state}`);
    this.#options.log.error({ container: record.id, err: error }, 'stop container');
    throw error;
  }

  /** True when the container has exited before the signal fired. */
  async #exited(id: ContainerId, patience: AbortSignal): Promise<boolean> {
    try {
      await this.#options.exits.wait(id, patience);
      return true;
    } catch (error) {
      if (patience.aborted) return false;
      throw error;
    }
  }
}

/** The time until SIGKILL, which may be shortened. */
class Grace {
  readonly #abort = new AbortController();
  #killAtMs: number;
  #timer: NodeJS.Timeout;

  constructor(killAtMs: number) {
    this.#killAtMs = killAtMs;
    this.#timer = this.#arm();
  }

  /** Fires when the grace is over. */
  get over(): AbortSignal {
    return this.#abort.signal;
  }

  killBy(atMs: number): void {
    if (atMs >= this.#killAtMs) return;
    this.#killAtMs = atMs;
    clearTimeout(this.#timer);
    this.#timer = this.#arm();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #arm(): NodeJS.Timeout {
    // Timers hold 31 bits of milliseconds; a grace of 24 days is as good as any longer one.
    const delayMs = Math.min(Math.max(0, this.#killAtMs - performance.now()), 2 ** 31 - 1);
    return setTimeout(() => this.#abort.abort(), delayMs);
  }
}
