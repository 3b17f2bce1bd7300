/**
 * The traffic limits that a pod's annotations ask for, in the form of the CNI capability `bandwidth`.
 * Source: Kubernetes network plugins page (kubernetes.io/ingress-bandwidth, kubernetes.io/egress-bandwidth); CNI
 * conventions, `bandwidth`.
 */
import { invalid } from '../base/errors.ts';
import type { TextMap } from './text-map.ts';
import { shown } from './text.ts';

/** Rates in bits per second, bursts in bits; null: not limited in that direction, or left to the library. */
export type Bandwidth = {
  readonly ingressBitsPerSecond: bigint | null;
  readonly ingressBurstBits: bigint | null;
  readonly egressBitsPerSecond: bigint | null;
  readonly egressBurstBits: bigint | null;
};

const ingressKey = 'kubernetes.io/ingress-bandwidth';
const egressKey = 'kubernetes.io/egress-bandwidth';

/** The rates that make sense: 1 kbit/s to 1 Pbit/s, as Kubernetes has it. */
const minRate = 1000n;
const maxRate = 1_000_000_000_000_000n;
const units: Readonly<Record<string, bigint>> = {
  '': 1n,
  k: 1000n,
  M: 1000n ** 2n,
  G: 1000n ** 3n,
  T: 1000n ** 4n,
  P: 1000n ** 5n,
  Ki: 1024n,
  Mi: 1024n ** 2n,
  Gi: 1024n ** 3n,
  Ti: 1024n ** 4n,
  Pi: 1024n ** 5n,
};

/** @returns null when no direction is limited. @throws InvalidBandwidth */
export function planBandwidth(annotations: TextMap): Bandwidth | null {
  const ingressBitsPerSecond = parseRate(ingressKey, annotations);
  const egressBitsPerSecond = parseRate(egressKey, annotations);
  if (ingressBitsPerSecond === null && egressBitsPerSecond === null) return null;
  return { ingressBitsPerSecond, ingressBurstBits: null, egressBitsPerSecond, egressBurstBits: null };
}

function parseRate(key: string, annotations: TextMap): bigint | null {
  const text = annotations[key];
  if (text === undefined) return null;
  const match = /^([0-9]{1,18})(?:\.([0-9]{1,9}))?([kMGTP]i?|)$/.exec(text);
  const unit = match === null ? undefined : units[match[3] ?? ''];
  if (match !== null && unit !== undefined) {
    const fraction = (match[2] ?? '').padEnd(9, '0');
    const rate = BigInt(match[1] ?? '') * unit + (BigInt(fraction) * unit) / 1_000_000_000n;
    if (rate >= minRate && rate <= maxRate) return rate;
  }
  throw invalid(
    'InvalidBandwidth',
    `annotation "${key}" is ${shown(text)}: expected bits per second from 1k to 1P, such as "10M"`,
  );
}
