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

export type RunFacts = {
  readonly handler: string;
  /** Streams come over WebSocket and not over SPDY. */
  readonly isWebSocket: boolean;
  readonly hasAppArmor: boolean;
};

export const allowedSkips: readonly Expectation[] = [
  {
    specs: 'AppArmor ',
    reason: 'the kernel has no AppArmor',
    holds: (facts) => !facts.hasAppArmor,
  },
  {
    specs: 'Security Context UserNamespaces ',
    reason: 'cri-ts does not serve user namespaces yet',
    holds: () => true,
  },
];

const streaming = 'Streaming runtime should support streaming interfaces runtime should support';

export const knownFailures: readonly Expectation[] = [
  {
    specs: `${streaming} attach`,
    reason: 'cri-ts does not serve attach yet',
    holds: () => true,
  },
  {
    specs: `${streaming} portforward`,
    reason: 'cri-ts does not serve port-forward yet',
    holds: () => true,
  },
  {
    specs: `${streaming} exec`,
    reason: 'cri-ts does not serve exec over WebSocket yet',
    holds: (facts) => facts.isWebSocket,
  },
];

/** Source: Linux admin guide, AppArmor. */
export function hasAppArmor(): boolean {
  const path = '/sys/module/apparmor/parameters/enabled';
  return existsSync(path) && readFileSync(path, 'utf8').startsWith('Y');
}

/** The expectation that covers a specification here, or null. */
export function excuse(list: readonly Expectation[], name: string, facts: RunFacts): string | null {
  return list.find((one) => name.startsWith(one.specs) && one.holds(facts))?.reason ?? null;
}
