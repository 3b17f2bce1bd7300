/**
 * Lets others follow the pulls of one name while they run, such as `cri-ts images pull` with its bars. Who comes late is
 * told first what there is by then; of a pull that has ended nothing is kept.
 */
import type { Digest } from '../../base/ids.ts';
import type { Observer, ObservePull, ProgressEvent } from '../progress.ts';

export class PullBroadcast {
  readonly #followers = new Map<string, Set<Observer>>();
  readonly #running = new Map<string, Set<Account>>();

  /** For the store: each pull tells whoever follows its name. */
  readonly observe: ObservePull = ({ name }) => {
    const account = new Account();
    addTo(this.#running, name, account);
    return (event) => {
      account.take(event);
      if (event.kind === 'ended') removeFrom(this.#running, name, account);
      for (const follower of this.#followers.get(name) ?? []) follower(event);
    };
  };

  /** @returns the end of following */
  follow(name: string, observer: Observer): Disposable {
    for (const account of this.#running.get(name) ?? []) account.repeat(observer);
    addTo(this.#followers, name, observer);
    return { [Symbol.dispose]: () => removeFrom(this.#followers, name, observer) };
  }
}

/** What one pull has told, as far as it still holds. */
class Account {
  #outline: ProgressEvent | null = null;
  readonly #states = new Map<Digest, ProgressEvent>();
  readonly #bytes = new Map<Digest, ProgressEvent>();

  take(event: ProgressEvent): void {
    if (event.kind === 'state') this.#states.set(event.digest, event);
    else if (event.kind === 'bytes') this.#bytes.set(event.digest, event);
    else if (event.kind === 'layers') {
      // A short name that a second registry has begins again.
      this.#outline = event;
      this.#states.clear();
      this.#bytes.clear();
    }
  }

  repeat(observer: Observer): void {
    if (this.#outline === null) return;
    for (const event of [this.#outline, ...this.#states.values(), ...this.#bytes.values()]) observer(event);
  }
}

function addTo<T>(sets: Map<string, Set<T>>, name: string, value: T): void {
  const set = sets.get(name) ?? new Set();
  sets.set(name, set.add(value));
}

function removeFrom<T>(sets: Map<string, Set<T>>, name: string, value: T): void {
  const set = sets.get(name);
  set?.delete(value);
  if (set?.size === 0) sets.delete(name);
}
