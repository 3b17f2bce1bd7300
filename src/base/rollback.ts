/**
 * The undo of a story: steps are registered as they are done and, unless the story commits, run newest first. Every step
 * runs, whatever the others did, each with a deadline of its own and never with the request's signal.
 */
import { messageOf } from './errors.ts';

/** An undo that failed: what is left behind, for a record that a later removal or sweep will finish. */
export type Leak = { readonly step: string; readonly message: string };

type Undo = { readonly step: string; readonly run: (signal: AbortSignal) => Promise<void> | void };

const undoDeadlineMs = 10_000;

export class Rollback implements AsyncDisposable {
  #undos: Undo[] = [];
  readonly #onLeak: (leak: Leak) => void;

  constructor(onLeak: (leak: Leak) => void) {
    this.#onLeak = onLeak;
  }

  /** Registers the undo of a step. Where a failed step leaves something behind, register before doing it. */
  defer(step: string, run: Undo['run']): void {
    this.#undos.push({ step, run });
  }

  /** The story succeeded: nothing is undone. */
  commit(): void {
    this.#undos = [];
  }

  /** Undoes all that was registered, newest first. Never throws: failures are returned and reported as leaks. */
  async undo(): Promise<readonly Leak[]> {
    const leaks: Leak[] = [];
    for (let next = this.#undos.pop(); next !== undefined; next = this.#undos.pop()) {
      const leak = await attempt(next);
      if (leak === null) continue;
      leaks.push(leak);
      this.#onLeak(leak);
    }
    return leaks;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.undo();
  }
}

async function attempt(undo: Undo): Promise<Leak | null> {
  const signal = AbortSignal.timeout(undoDeadlineMs);
  const expired = Promise.withResolvers<never>();
  const expire = (): void => expired.reject(new Error(`not done after ${undoDeadlineMs} ms`));
  signal.addEventListener('abort', expire, { once: true });
  try {
    await Promise.race([undo.run(signal), expired.promise]);
    return null;
  } catch (error) {
    return { step: undo.step, message: messageOf(error) };
  } finally {
    signal.removeEventListener('abort', expire);
  }
}
