/**
 * Progress events from the lines that a daemon wrote. What is of no known form (another version's) is left out.
 */
import { isDigest } from '../../base/ids.ts';
import type { LayerOutline, LayerState, ProgressEvent } from '../../images/progress.ts';
import type { Line } from './admin-client.ts';

const states: readonly LayerState[] = [
  'present',
  'waiting',
  'shared',
  'downloading',
  'downloaded',
  'reading',
  'read',
  'unpacked',
];

export function progressOf(line: Line): ProgressEvent | null {
  const { kind, digest } = line;
  if (kind === 'layers')
    return { kind, reference: String(line['reference']), layers: outlinesOf(line['layers']) };
  if (kind === 'ended') return { kind, failure: line['failure'] ?? null };
  if (kind === 'passed-over') return { kind, host: String(line['host']), why: String(line['why']) };
  if (typeof digest !== 'string' || !isDigest(digest)) return null;
  if (kind === 'left-out') return { kind, digest };
  if (kind === 'bytes') return { kind, digest, receivedBytes: Number(line['receivedBytes']) };
  const state = states.find((each) => each === line['state']);
  return kind === 'state' && state !== undefined ? { kind, digest, state } : null;
}

function outlinesOf(value: unknown): readonly LayerOutline[] {
  return (Array.isArray(value) ? value : []).flatMap((each: unknown) => {
    const line: Line = Object.fromEntries(Object.entries(each ?? {}));
    const { digest, state } = line;
    if (typeof digest !== 'string' || !isDigest(digest)) return [];
    return [
      { digest, sizeBytes: Number(line['sizeBytes']), state: state === 'present' ? 'present' : 'waiting' },
    ];
  });
}
