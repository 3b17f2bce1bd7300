/**
 * Joins callers who ask for the same thing: while an operation with a key runs, a second caller gets its result instead
 * of racing it. The work is cancelled when the last waiter has gone, unless it was declared to outlive its callers.
 */
import { canceled } from './errors.ts';

type Flight<T> = { readonly result: Promise<T>; readonly abort: AbortController; waiters: number };

export type FlightOptions = {
  /** The caller's own signal: when it fires the caller is released; the work goes on for the others. */
  readonly signal: AbortSignal;
  /** True: the work goes on although nobody waits, so that a retry finds it. */
  readonly isDetached: boolean;
};

export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  keys(): readonly string[] {
    return [...this.#flights.keys()];
  }

  /** Runs `work`, or joins the run of the same key. The work's signal fires only when no caller waits any more. */
  async run(key: string, options: FlightOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiters += 1;
    try {
      return await raceSignal(flight.result, options.signal);
    } finally {
      flight.waiters -= 1;
      if (flight.waiters === 0 && !options.isDetached) this.#cancel(key, flight);
    }
  }

  /** Whoever comes from now on starts anew: nobody joins work that is being given up. */
  #cancel(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    flight.abort.abort(canceled('NobodyWaits', 'every caller went away'));
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const result = work(abort.signal).finally(() => {
      if (this.#flights.get(key)?.abort === abort) this.#flights.delete(key);
    });
    // The result may settle when no caller listens any more; its failure then has nobody left to tell.
    result.catch(() => undefined);
    const flight: Flight<T> = { result, abort, waiters: 0 };
    this.#flights.set(key, flight);
    return flight;
  }
}

/** Resolves with the promise, or rejects with the signal's reason if that fires first. */
export async function raceSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Whoever leaves early no longer hears of a failure; nobody else may be there to hear it.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
