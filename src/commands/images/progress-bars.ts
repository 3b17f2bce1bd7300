/**
 * Bars for layers, as text, and which of them are shown where not all have room. Pure.
 */
import type { Digest } from '../../base/ids.ts';
import type { LayerState } from '../../images/progress.ts';

export type Layer = { readonly sizeBytes: number; state: LayerState; receivedBytes: number };

const barWidth = 30;
const finished: ReadonlySet<LayerState> = new Set(['present', 'unpacked']);
const whole: ReadonlySet<LayerState> = new Set(['present', 'unpacked', 'downloaded', 'read']);

/** All in their order when they have room; else what is under way first, and a last row for what is left out. */
export function drawBars(layers: ReadonlyMap<Digest, Readonly<Layer>>, maxRows: number): readonly string[] {
  const all = [...layers];
  if (all.length <= maxRows) return all.map(([digest, layer]) => drawBar(digest, layer));
  const isDone = ([, layer]: (typeof all)[number]): boolean => finished.has(layer.state);
  const room = Math.max(0, maxRows - 1);
  const sorted = [...all.filter((each) => !isDone(each)), ...all.filter(isDone)];
  const [shown, hidden] = [sorted.slice(0, room), sorted.slice(room)];
  const rest = `${hidden.length} more, ${hidden.filter(isDone).length} of them done`;
  return [...shown.map(([digest, layer]) => drawBar(digest, layer)), rest].slice(0, maxRows);
}

/** `3a4c1b2f90aa [##########--------------------]  33% of 12.0 MB downloading`. */
export function drawBar(digest: Digest, layer: Readonly<Layer>): string {
  const { state, sizeBytes, receivedBytes } = layer;
  const part = whole.has(state) || sizeBytes === 0 ? 1 : Math.min(1, receivedBytes / sizeBytes);
  return `${shortDigest(digest)} ${drawPart(state === 'waiting' ? 0 : part)} of ${printBytes(sizeBytes)} ${state}`;
}

/** `[##########--------------------]  33%`; from 0 to 1. */
export function drawPart(part: number): string {
  const filled = Math.round(part * barWidth);
  const percent = `${Math.floor(part * 100)}`.padStart(3);
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${percent}%`;
}

/** In decimal units, as registries and disks are sold. */
export function printBytes(bytes: number | bigint): string {
  let value = Number(bytes);
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 1000) return unit === 'B' ? `${value} B` : `${value.toFixed(1)} ${unit}`;
    value /= 1000;
  }
  return `${value.toFixed(1)} TB`;
}

export function shortDigest(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, 12);
}
