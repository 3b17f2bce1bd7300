/**
 * Capabilities: the names that exist, what a request asks for, and the five sets that a container gets. Inheritable and
 * ambient stay empty unless the request asks for ambient ones (CVE-2022-27652, CVE-2022-24769).
 * Source: capabilities(7); CRI Capability.
 */
import { invalid } from '../base/errors.ts';
import type { CapabilityRequest } from './requests/container-config.ts';
import type { OciCapabilities } from './oci-spec.ts';
import { capabilityNames } from './capability-names.ts';
import { shown } from './text.ts';

const known = new Set(capabilityNames);

/** The full name of `NET_ADMIN`, `cap_net_admin` or `ALL`. @throws UnknownCapability */
export function parseCapability(text: string): string {
  const upper = text.toUpperCase();
  if (upper === 'ALL') return upper;
  const name = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
  if (known.has(name)) return name;
  throw invalid(
    'UnknownCapability',
    `capability ${shown(text)}: expected ALL or a name of capabilities(7) such as "NET_ADMIN"`,
  );
}

export type CapabilityFacts = {
  /** Given before the request's `add` and `drop`. */
  readonly defaults: readonly string[];
  /** All that the daemon may give. */
  readonly bounding: readonly string[];
};

export type PlannedCapabilities = {
  readonly sets: OciCapabilities;
  /** Named by the request but beyond the daemon's own bounding set. */
  readonly leftOut: readonly string[];
};

/**
 * Everything added with ALL, then nothing with drop ALL, then single additions, then single drops. A privileged container
 * gets all that the daemon may give.
 */
export function planCapabilities(
  request: CapabilityRequest,
  isPrivileged: boolean,
  facts: CapabilityFacts,
): PlannedCapabilities {
  const wanted = isPrivileged ? new Set(capabilityNames) : wantedCapabilities(request, facts.defaults);
  const ambient = new Set(request.addAmbient.filter((name) => !request.drop.includes(name)));
  for (const name of ambient) wanted.add(name);
  const held = inOrder(wanted, facts.bounding);
  const ambientHeld = inOrder(ambient, facts.bounding);
  const named = [...request.add, ...request.addAmbient].filter((name) => name !== 'ALL' && wanted.has(name));
  return {
    sets: {
      bounding: held,
      effective: held,
      permitted: held,
      inheritable: ambientHeld,
      ambient: ambientHeld,
    },
    leftOut: [...new Set(named)].filter((name) => !facts.bounding.includes(name)),
  };
}

function wantedCapabilities(request: CapabilityRequest, defaults: readonly string[]): Set<string> {
  const wanted = new Set(request.add.includes('ALL') ? capabilityNames : defaults);
  if (request.drop.includes('ALL')) wanted.clear();
  for (const name of request.add) if (name !== 'ALL') wanted.add(name);
  for (const name of request.drop) wanted.delete(name);
  return wanted;
}

function inOrder(wanted: ReadonlySet<string>, bounding: readonly string[]): readonly string[] {
  return capabilityNames.filter((name) => wanted.has(name) && bounding.includes(name));
}
