/**
 * Waits for the children of this process: containers (orphans of the runtime, which come to us as their subreaper) and all other
 * orphans, so that no zombie stays. Never waits for what libuv has started itself: libuv would miss its end.
 *
 *   SIGCHLD ─▶ peek (waitid WNOWAIT) ─▶ libuv's child: leave it, look again when libuv has taken it
 *                                     ─▶ a container: have its exit recorded and told, then wait for it
 *                                     ─▶ unknown: wait for it; kept for a while if some container is just being created
 */
import { peekEndedChild, reapChild, type EndedChild } from './linux.ts';

/** Gets the status as of wait(2). */
export type OnEnd = (waitStatus: number) => void;

/** Ends of unknown processes that are kept while a container is being created. */
const maxKept = 1024;
/** Ends taken in one turn of the loop. */
const maxPerTurn = 256;

export class Reaper {
  readonly #containers = new Map<number, OnEnd>();
  readonly #foreign = new Set<number>();
  readonly #kept = new Map<number, number>();
  #creating = 0;
  #isScheduled = false;

  start(): void {
    process.on('SIGCHLD', () => this.sweep());
    this.sweep();
  }

  /** A child that libuv started, until it reports its exit. */
  leaveToLibuv(pid: number): void {
    this.#foreign.add(pid);
  }

  libuvIsDone(pid: number): void {
    this.#foreign.delete(pid);
    this.sweep();
  }

  /** Meanwhile a container may end before its pid is known to us: ends of unknown processes are kept. */
  async whileCreating<T>(create: () => Promise<T>): Promise<T> {
    this.#creating += 1;
    try {
      return await create();
    } finally {
      this.#creating -= 1;
      if (this.#creating === 0) this.#kept.clear();
    }
  }

  /** Tells when a child ends, at once if it has ended already. */
  expect(pid: number, onEnd: OnEnd): void {
    const status = this.#kept.get(pid);
    this.#kept.delete(pid);
    if (status === undefined) this.#containers.set(pid, onEnd);
    else onEnd(status);
  }

  forget(pid: number): void {
    this.#containers.delete(pid);
  }

  sweep(): void {
    for (let taken = 0; taken < maxPerTurn; taken += 1) {
      const child = peekEndedChild();
      if (child === null) return;
      if (this.#foreign.has(child.pid)) break;
      // The exit is recorded before the process is gone: whenever we are killed, a successor finds the one or the other.
      this.#deliver(child);
      reapChild(child.pid);
    }
    this.#sweepLater();
  }

  #sweepLater(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.sweep();
    });
  }

  #deliver({ pid, waitStatus }: EndedChild): void {
    const onEnd = this.#containers.get(pid);
    this.#containers.delete(pid);
    if (onEnd !== undefined) onEnd(waitStatus);
    else if (this.#creating > 0 && this.#kept.size < maxKept) this.#kept.set(pid, waitStatus);
  }
}
