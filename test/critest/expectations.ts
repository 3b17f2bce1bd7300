/**
 * What may be skipped and what is known to fail, each with its reason and its condition: a specification that is skipped
 * where the reason does not hold, or that passes though it is said to fail, is reported like a failure.
 */
import { existsSync, readFileSync } from 'node:fs';

export type Expectation = {
  /** Compared with the start of a specification's name. */
  readonly specs: string;
  readonly reason: string;
  /** False: here it is no excuse. */
  readonly holds: (facts: RunFacts) => boolean;
};

export type RunFacts = { readonly handler: string; readonly hasAppArmor: boolean };

export const allowedSkips: readonly Expectation[] = [
  {
    specs: 'AppArmor ',
    reason: 'the kernel has no AppArmor',
    holds: (facts) => !facts.hasAppArmor,
  },
  {
    specs: 'NRI ',
    reason: 'cri-ts has no NRI',
    holds: () => true,
  },
];

/** Empty is what it should be. */
export const knownFailures: readonly Expectation[] = [];

/** Source: Linux admin guide, AppArmor. */
export function hasAppArmor(): boolean {
  const path = '/sys/module/apparmor/parameters/enabled';
  return existsSync(path) && readFileSync(path, 'utf8').startsWith('Y');
}

/** The expectation that covers a specification here, or null. */
export function excuse(list: readonly Expectation[], name: string, facts: RunFacts): string | null {
  return list.find((one) => name.startsWith(one.specs) && one.holds(facts))?.reason ?? null;
}
