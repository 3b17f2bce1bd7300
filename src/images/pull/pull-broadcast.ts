/**
 * Lets others follow the pulls of one name while they run, such as `cri-ts images pull` with its bars. Without followers a
 * pull costs nothing more.
 */
import type { Observer, ObservePull } from '../progress.ts';

export class PullBroadcast {
  readonly #followers = new Map<string, Set<Observer>>();

  /** For the store: each pull tells whoever follows its name. */
  readonly observe: ObservePull = ({ name }) => {
    return (event) => {
      for (const follower of this.#followers.get(name) ?? []) follower(event);
    };
  };

  /** @returns the end of following */
  follow(name: string, observer: Observer): Disposable {
    const followers = this.#followers.get(name) ?? new Set();
    followers.add(observer);
    this.#followers.set(name, followers);
    return {
      [Symbol.dispose]: () => {
        followers.delete(observer);
        if (followers.size === 0 && this.#followers.get(name) === followers) this.#followers.delete(name);
      },
    };
  }
}
