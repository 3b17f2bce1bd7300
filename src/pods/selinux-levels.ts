/**
 * The SELinux levels of pods: no two pods of the node share their categories. A level belongs to a pod's record, and so
 * lives as long as the pod, over restarts; one that is taken for a pod in the making is held here until the record is there.
 */
import { chooseLevel } from '../spec/selinux.ts';
import type { PodRecord } from '../store/pod-record.ts';

export type SelinuxLevelsOptions = {
  /** False: pods get none. */
  readonly isOn: boolean;
  /** How many categories the policy has. */
  readonly categories: number;
  readonly pods: () => Iterable<Pick<PodRecord, 'selinuxLevel'>>;
  /** 0 to 1 (exclusive). */
  readonly random?: () => number;
};

/** Disposing gives the level back; a pod's record keeps it by itself. */
export type LevelLease = Disposable & { readonly level: string | null };

export class SelinuxLevels {
  readonly #options: SelinuxLevelsOptions;
  readonly #inMaking = new Set<string>();

  constructor(options: SelinuxLevelsOptions) {
    this.#options = options;
  }

  /** @throws NoSelinuxLevel */
  take(): LevelLease {
    const { isOn, categories, pods, random = Math.random } = this.#options;
    if (!isOn) return { level: null, [Symbol.dispose]: () => undefined };
    const ofPods = [...pods()].map(({ selinuxLevel }) => selinuxLevel).filter((level) => level !== null);
    const level = chooseLevel(new Set([...ofPods, ...this.#inMaking]), categories, random());
    this.#inMaking.add(level);
    return { level, [Symbol.dispose]: () => this.#inMaking.delete(level) };
  }
}
