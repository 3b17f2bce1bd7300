/**
 * Waits for the children of this process: the runtime, containers (orphans of the runtime, which come to us as their subreaper)
 * and all other orphans, so that no zombie stays. All of them: the monitor starts nothing by node:child_process, which would
 * miss the ends of its children here.
 *
 *   SIGCHLD ─▶ peek (waitid WNOWAIT) ─▶ expected: have its exit recorded and told, then wait for it
 *                                     ─▶ unknown: wait for it; kept for a while if some container is just being created
 */
import { peekEndedChild, reapChild, type EndedChild } from '../calls/process-calls.ts';

/** Gets the status as of wait(2). */
export type OnEnd = (waitStatus: number) => void;

/** Ends of unknown processes that are kept while a container is being created. */
const maxKept = 1024;
/** Ends taken in one turn of the loop. */
const maxPerTurn = 256;

export class Reaper {
  readonly #expected = new Map<number, OnEnd>();
  readonly #kept = new Map<number, number>();
  #creating = 0;
  #isScheduled = false;

  start(): void {
    process.on('SIGCHLD', () => this.sweep());
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
    if (status === undefined) this.#expected.set(pid, onEnd);
    else onEnd(status);
  }

  /** Like `expect`, of a child that was started this moment: what is kept of its pid is of an earlier process. */
  expectNew(pid: number, onEnd: OnEnd): void {
    this.#kept.delete(pid);
    this.#expected.set(pid, onEnd);
  }

  forget(pid: number): void {
    this.#expected.delete(pid);
  }

  sweep(): void {
    for (let taken = 0; taken < maxPerTurn; taken += 1) {
      const child = peekEndedChild();
      if (child === null) return;
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
    const onEnd = this.#expected.get(pid);
    this.#expected.delete(pid);
    if (onEnd !== undefined) onEnd(waitStatus);
    else if (this.#creating > 0 && this.#kept.size < maxKept) this.#kept.set(pid, waitStatus);
  }
}
