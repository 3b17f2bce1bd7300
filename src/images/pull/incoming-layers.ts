/**
 * Layers that some pull is bringing, so that another one that needs the same waits instead of fetching it again. It holds
 * no result: when the wait is over, the layer is in the store or whoever waited brings it.
 */
import type { Digest } from '../../base/ids.ts';
import { raceSignal } from '../../base/single-flight.ts';

export class IncomingLayers {
  readonly #ends = new Map<Digest, PromiseWithResolvers<void>>();

  /** From now on the caller brings the layer, unless somebody does already. @returns the end of it, or null */
  begin(diffId: Digest): (() => void) | null {
    if (this.#ends.has(diffId)) return null;
    const end = Promise.withResolvers<void>();
    this.#ends.set(diffId, end);
    return () => {
      if (this.#ends.get(diffId) === end) this.#ends.delete(diffId);
      end.resolve();
    };
  }

  /** Waits until nobody brings the layer any more. @throws the signal's reason */
  async settled(diffId: Digest, signal: AbortSignal): Promise<void> {
    const end = this.#ends.get(diffId);
    if (end !== undefined) await raceSignal(end.promise, signal);
  }
}
