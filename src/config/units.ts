/**
 * Durations and sizes as people write them (`"90s"`, `"16MiB"`); inside the daemon they are milliseconds and bytes.
 */
import { textKind, type Kind } from './value.ts';

const durationUnitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const sizeUnitsBytes = { B: 1n, KiB: 1024n, MiB: 1024n ** 2n, GiB: 1024n ** 3n, TiB: 1024n ** 4n } as const;

/** Milliseconds; bounds are written in the same form as values. @throws Error when a bound is not a duration */
export function duration(min: string, max: string): Kind<number> {
  const minMs = bound(readDurationMs(min), min);
  const maxMs = bound(readDurationMs(max), max);
  return textKind({
    expected: `a duration from "${min}" to "${max}"`,
    read: (text) => {
      const valueMs = readDurationMs(text);
      return valueMs !== undefined && valueMs >= minMs && valueMs <= maxMs ? valueMs : undefined;
    },
    print: printDuration,
  });
}

/** Bytes; bounds are written in the same form as values. @throws Error when a bound is not a size */
export function byteSize(min: string, max: string): Kind<bigint> {
  const minBytes = bound(readSizeBytes(min), min);
  const maxBytes = bound(readSizeBytes(max), max);
  return textKind({
    expected: `a size from "${min}" to "${max}"`,
    read: (text) => {
      const valueBytes = readSizeBytes(text);
      return valueBytes !== undefined && valueBytes >= minBytes && valueBytes <= maxBytes
        ? valueBytes
        : undefined;
    },
    print: printSize,
  });
}

function bound<T>(value: T | undefined, text: string): T {
  if (value === undefined) throw new Error(`bound "${text}" is no value of its own kind`);
  return value;
}

function readDurationMs(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  const [, count, unit] = match ?? [];
  for (const [name, unitMs] of Object.entries(durationUnitsMs)) {
    if (name === unit) return Number(count) * unitMs;
  }
  return undefined;
}

function readSizeBytes(text: string): bigint | undefined {
  const match = /^(\d{1,12})(B|KiB|MiB|GiB|TiB)$/.exec(text);
  const [, count, unit] = match ?? [];
  if (count === undefined) return undefined;
  for (const [name, unitBytes] of Object.entries(sizeUnitsBytes)) {
    if (name === unit) return BigInt(count) * unitBytes;
  }
  return undefined;
}

/** In the largest unit that needs no fraction. */
export function printDuration(valueMs: number): string {
  const fitting = Object.entries(durationUnitsMs).findLast(([, unitMs]) => valueMs % unitMs === 0);
  const [unit, unitMs] = valueMs === 0 || fitting === undefined ? (['ms', 1] as const) : fitting;
  return `${valueMs / unitMs}${unit}`;
}

/** In the largest unit that needs no fraction. */
export function printSize(valueBytes: bigint): string {
  const fitting = Object.entries(sizeUnitsBytes).findLast(([, unitBytes]) => valueBytes % unitBytes === 0n);
  const [unit, unitBytes] = valueBytes === 0n || fitting === undefined ? (['B', 1n] as const) : fitting;
  return `${valueBytes / unitBytes}${unit}`;
}
