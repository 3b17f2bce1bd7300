/**
 * The connections of one pull: as many as it may have, out of those of the node. Layers and artifacts' files wait here for
 * their turn; one that takes long gets further connections while nobody waits.
 */
import { Slots } from '../../base/slots.ts';
import type { ImageParts } from '../image-parts.ts';
import type { Spare } from '../registry/download/download.ts';

export type SpareConnection = () => Spare | null;

export class Connections {
  readonly #perPull: Slots;
  readonly #perNode: Slots;

  constructor(parts: Pick<ImageParts, 'settings' | 'downloads'>) {
    this.#perPull = new Slots(() => parts.settings().maxConcurrentDownloads);
    this.#perNode = parts.downloads;
  }

  /** Runs when one of the pull's and one of the node's are free. `spare` gives a further one, if there is one. */
  async with<T>(signal: AbortSignal, work: (spare: SpareConnection) => Promise<T>): Promise<T> {
    return await this.#perPull.with(
      signal,
      async () => await this.#perNode.with(signal, async () => await work(() => this.#takeSpare())),
    );
  }

  #takeSpare(): Spare | null {
    const own = this.#perPull.takeSpare();
    const shared = own === null ? null : this.#perNode.takeSpare();
    if (own === null || shared === null) {
      own?.();
      return null;
    }
    const release = (): void => {
      own();
      shared();
    };
    return { release, isWanted: () => this.#perPull.isContended || this.#perNode.isContended };
  }
}
