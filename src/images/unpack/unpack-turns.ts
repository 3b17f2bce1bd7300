/**
 * Which layers are unpacked now. A thread of ours and zlib beside it keep two cores busy; more of them cost memory only.
 * A layer may be unpacked while it still comes, but one that comes slowly must hold up nobody:
 *
 *   whole  ──────────────────▶ busy ─▶ unpacked
 *   coming ─▶ early ─────────▶ busy ─▶ unpacked
 *              │ whole by now ─▶ busy
 *                                └ its thread starves ─▶ busy goes to another layer, early stays
 *
 * So there are never more than twice as many threads as turns. Checks of layers that are there take turns of their own.
 */
import { type Release, Slots } from '../../base/slots.ts';
import type { GrowingFile } from './growing-file.ts';

/** Ends with the job. */
export type Turn = Disposable & {
  /** The job's thread has nothing to do: somebody else may be busy. */
  readonly starve: () => void;
};

export class UnpackTurns {
  readonly #busy: Slots;
  readonly #early: Slots;
  readonly #checks = new Slots(1);

  constructor(count: number) {
    this.#busy = new Slots(count);
    this.#early = new Slots(count);
  }

  async forLayer(file: GrowingFile, signal: AbortSignal): Promise<Turn> {
    const early = await this.#takeEarly(file, signal);
    try {
      return turnOf(await this.#busy.take(signal), early);
    } catch (error) {
      early?.();
      throw error;
    }
  }

  async forCheck(signal: AbortSignal): Promise<Turn> {
    return turnOf(await this.#checks.take(signal), null);
  }

  /** Null when the layer is whole, or has become so while it waited. */
  async #takeEarly(file: GrowingFile, signal: AbortSignal): Promise<Release | null> {
    const whole = new AbortController();
    const look = (): void => {
      if (file.isComplete) whole.abort();
    };
    const stop = file.onGrowth(look);
    look();
    try {
      return await this.#early.take(AbortSignal.any([signal, whole.signal]));
    } catch {
      signal.throwIfAborted();
      return null;
    } finally {
      stop();
    }
  }
}

function turnOf(busy: Release, early: Release | null): Turn {
  return {
    starve: busy,
    [Symbol.dispose]: () => {
      busy();
      early?.();
    },
  };
}
