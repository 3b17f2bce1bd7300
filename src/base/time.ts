/**
 * Time as the CRI wants it (nanoseconds since the epoch, bigint) and waits that end.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { deadlineExceeded } from './errors.ts';
import { raceSignal } from './single-flight.ts';

const epochOffsetNs = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
let lastNs = 0n;

/** Nanoseconds since the epoch; every call returns more than the one before it. Follows steps of the wall clock. */
export function nowNs(): bigint {
  const wallNs = BigInt(Date.now()) * 1_000_000n;
  const fineNs = epochOffsetNs + process.hrtime.bigint();
  const drift = fineNs - wallNs;
  const best = drift > 50_000_000n || drift < -50_000_000n ? wallNs : fineNs;
  lastNs = best > lastNs ? best : lastNs + 1n;
  return lastNs;
}

/** Waits; ends early with the signal's reason. */
export async function sleepMs(durationMs: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleepFor(durationMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * A timer for waits on what may come by a descriptor. When the loop was held up (by work, by the machine) an ordinary timer
 * goes off before descriptors are looked at, and says "nothing came" of what is there: this one has them looked at once
 * more, so that what is there can cancel it.
 * @returns cancels it
 */
export function afterLastLook(timeoutMs: number, act: () => void): () => void {
  let isCancelled = false;
  const timer = setTimeout(() => {
    setImmediate(() => {
      if (!isCancelled) act();
    });
  }, timeoutMs);
  return () => {
    isCancelled = true;
    clearTimeout(timer);
  };
}

export type Deadline = { readonly step: string; readonly timeoutMs: number; readonly signal?: AbortSignal };

/**
 * Waits for a promise, but not longer than the deadline, nor after the signal fired. The work itself is told by the
 * signal that `run` gets.
 * @throws StepTimedOut naming the step and its time
 */
export async function withDeadline<T>(
  deadline: Deadline,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const expire = (): void =>
    abort.abort(
      deadlineExceeded('StepTimedOut', `${deadline.step}: not done after ${deadline.timeoutMs} ms`),
    );
  const timer = setTimeout(expire, deadline.timeoutMs);
  const signal =
    deadline.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, deadline.signal]);
  try {
    return await raceSignal(run(signal), signal);
  } finally {
    clearTimeout(timer);
  }
}
