/**
 * How long one operation may take: its own time and the caller's signal in one. Everything that an operation waits for
 * (its turn, a plugin, a pause before a retry) ends with it.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { cniError } from './errors.ts';

export type DeadlineRequest = {
  /** For messages: `ADD of "web" to "cbr0"`. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
};

export class Deadline implements Disposable {
  /** Fires with a CniError: PluginTimedOut, or Aborted when the caller's signal was first. */
  readonly signal: AbortSignal;
  readonly #expiresAtMs: number;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #callerSignal: AbortSignal | null;
  readonly #onCallerAbort: () => void;

  constructor(request: DeadlineRequest) {
    this.signal = this.#abort.signal;
    this.#expiresAtMs = performance.now() + request.timeoutMs;
    this.#timer = setTimeout(() => {
      this.#abort.abort(
        cniError('PluginTimedOut', `${request.what}: not done after ${request.timeoutMs} ms`),
      );
    }, request.timeoutMs);
    this.#callerSignal = request.signal;
    this.#onCallerAbort = () =>
      this.#abort.abort(cniError('Aborted', `${request.what}: the caller gave up`, request.signal?.reason));
    request.signal?.addEventListener('abort', this.#onCallerAbort, { once: true });
    if (request.signal?.aborted === true) this.#onCallerAbort();
  }

  /** At least 1. */
  remainingMs(): number {
    return Math.max(1, Math.ceil(this.#expiresAtMs - performance.now()));
  }

  /** Waits, at most until the deadline. @throws the signal's reason */
  async sleepMs(durationMs: number): Promise<void> {
    try {
      await sleepFor(durationMs, undefined, { signal: this.signal });
    } catch (error) {
      this.signal.throwIfAborted();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort);
  }
}

/** When the caller names no time. */
export const defaultTimeoutMs = 30_000;

type Times = { readonly timeoutMs?: number | undefined; readonly signal?: AbortSignal | undefined };

export function startDeadline(what: string, times: Times): Deadline {
  const { timeoutMs = defaultTimeoutMs, signal = null } = times;
  return new Deadline({ what, timeoutMs, signal });
}
