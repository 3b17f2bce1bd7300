/**
 * When garbage is collected without somebody removing an image: after the start, and a while after something was let go
 * that may be nobody's now (a pull that failed, what was kept for a damaged image, the root of a container whose image is
 * gone). One collection runs at a time, whoever asks.
 *
 *   later() ──▶ quiet for some minutes (an hour at most) ─┐
 *   soon()  ──▶ a moment ─────────────────────────────────┴─▶ collect ──asked meanwhile──▶ wait again
 */
import type { Collected } from './garbage.ts';

export type CollectionDelays = {
  /** What a failed pull brought waits so long for a retry; each further thing that is let go begins it anew. */
  readonly quietMs: number;
  /** But no longer than this. */
  readonly longestMs: number;
  /** What nobody can want any more waits for others of its kind. */
  readonly soonMs: number;
};

/** A kubelet tries a failed pull again after five minutes at most. */
const defaultDelays: CollectionDelays = { quietMs: 600_000, longestMs: 3_600_000, soonMs: 1000 };

type Waiting = { readonly timer: NodeJS.Timeout; readonly sinceMs: number; readonly isSoon: boolean };

export class Collections implements AsyncDisposable {
  readonly #collect: (signal: AbortSignal) => Promise<Collected>;
  readonly #delays: CollectionDelays;
  readonly #closing = new AbortController();
  #waiting: Waiting | null = null;
  #running: Promise<void> | null = null;
  #isAskedAgain = false;

  /** `collect` never throws. */
  constructor(
    collect: (signal: AbortSignal) => Promise<Collected>,
    delays: CollectionDelays = defaultDelays,
  ) {
    this.#collect = collect;
    this.#delays = delays;
  }

  /** At once, in the background, after `first`, which never throws. */
  start(first: (signal: AbortSignal) => Promise<void>): void {
    this.#run(first);
  }

  /** Something was let go that somebody may want again. */
  later(): void {
    if (this.#waiting?.isSoon === true) return;
    const { quietMs, longestMs } = this.#delays;
    const sinceMs = this.#waiting?.sinceMs ?? performance.now();
    this.#wait(Math.min(quietMs, sinceMs + longestMs - performance.now()), { sinceMs, isSoon: false });
  }

  /** Something was let go that nobody wants. */
  soon(): void {
    if (this.#waiting?.isSoon !== true)
      this.#wait(this.#delays.soonMs, { sinceMs: performance.now(), isSoon: true });
  }

  /** Resolves when the collection that runs has ended. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Ends what runs after what it is just removing. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#waiting?.timer);
    this.#waiting = null;
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #wait(delayMs: number, waiting: Omit<Waiting, 'timer'>): void {
    clearTimeout(this.#waiting?.timer);
    if (this.#closing.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#waiting = null;
      this.#run();
    }, delayMs);
    // It must not keep a command from ending.
    timer.unref();
    this.#waiting = { ...waiting, timer };
  }

  #run(first?: (signal: AbortSignal) => Promise<void>): void {
    if (this.#closing.signal.aborted) return;
    if (this.#running !== null) {
      this.#isAskedAgain = true;
      return;
    }
    this.#running = this.#work(first).finally(() => {
      this.#running = null;
    });
  }

  async #work(first?: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#closing;
    await first?.(signal);
    do {
      this.#isAskedAgain = false;
      if (!signal.aborted) await this.#collect(signal);
    } while (this.#isAskedAgain && !signal.aborted);
  }
}
