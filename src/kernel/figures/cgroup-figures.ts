/**
 * What the files of a cgroup say, v1 and v2. Pure: texts in, figures out. A text that is null (no such controller or file)
 * gives 0, or null where the type says so. Source: Linux, admin-guide/cgroup-v1 (cpuacct, memory), cgroup-v2, accounting/psi.
 */
import { parseNumber } from '../cgroups/cgroup-files.ts';

type Text = string | null;

export type PsiLine = {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  readonly totalUs: bigint;
};
/** `full` is null for the CPU of the whole machine. */
export type Psi = { readonly some: PsiLine; readonly full: PsiLine | null };

export type MemoryFigures = {
  readonly usageBytes: bigint;
  /** Usage without the file cache that nobody used lately, as the kubelet counts for eviction. */
  readonly workingSetBytes: bigint;
  readonly rssBytes: bigint;
  readonly cacheBytes: bigint;
  readonly mappedFileBytes: bigint;
  readonly pageFaults: bigint;
  readonly majorPageFaults: bigint;
  /** Null: the kernel does not account swap. */
  readonly swapUsageBytes: bigint | null;
  /** Null: unlimited, or not accounted. */
  readonly swapLimitBytes: bigint | null;
  /** Null: unlimited. */
  readonly limitBytes: bigint | null;
};

/**
 * The number of a line `key value`; null: there is no such line. For the few that matter of many lines this is faster than a
 * map of all.
 */
export function valueIn(text: string, key: string): bigint | null {
  const wanted = `${key} `;
  let start = text.startsWith(wanted) ? 0 : text.indexOf(`\n${wanted}`) + 1;
  if (start === 0 && !text.startsWith(wanted)) return null;
  start += wanted.length;
  const end = text.indexOf('\n', start);
  return parseNumber(text.slice(start, end < 0 ? undefined : end));
}

/** Unlimited is the largest number of pages, in bytes. */
const unlimitedV1 = 0x7fff_ffff_ffff_0000n;

/** A limit of v1 in bytes; null: unlimited. */
export function limitV1(value: bigint | null): bigint | null {
  return value === null || value < 0n || value >= unlimitedV1 ? null : value;
}

export type MemoryTextsV1 = { readonly usage: Text; readonly stat: Text; readonly limit: Text };

/**
 * memory.usage_in_bytes, memory.stat and memory.limit_in_bytes. A limit is the cgroup's own: those above it, of which the
 * kubelet gives all pods together one, are not what its owner asked for.
 */
export function memoryV1({ usage, stat, limit }: MemoryTextsV1): MemoryFigures | null {
  if (usage === null || stat === null) return null;
  const total = (key: string): bigint => valueIn(stat, `total_${key}`) ?? valueIn(stat, key) ?? 0n;
  const limitBytes = limitV1(parseNumber(limit));
  const sumBytes = limitV1(valueIn(stat, 'hierarchical_memsw_limit'));
  return {
    ...usageAndWorkingSet(usage, total('inactive_file')),
    rssBytes: total('rss'),
    cacheBytes: total('cache'),
    mappedFileBytes: total('mapped_file'),
    pageFaults: total('pgfault'),
    majorPageFaults: total('pgmajfault'),
    swapUsageBytes: valueIn(stat, 'total_swap'),
    // v1 limits memory and swap together.
    swapLimitBytes: sumBytes === null || limitBytes === null ? null : atLeastZero(sumBytes - limitBytes),
    limitBytes,
  };
}

export type MemoryTextsV2 = {
  readonly current: Text;
  readonly stat: Text;
  readonly max: Text;
  readonly swapCurrent: Text;
  readonly swapMax: Text;
};

export function memoryV2(texts: MemoryTextsV2): MemoryFigures | null {
  const { current, stat } = texts;
  if (current === null || stat === null) return null;
  const of = (key: string): bigint => valueIn(stat, key) ?? 0n;
  return {
    ...usageAndWorkingSet(current, of('inactive_file')),
    rssBytes: of('anon'),
    cacheBytes: of('file'),
    mappedFileBytes: of('file_mapped'),
    pageFaults: of('pgfault'),
    majorPageFaults: of('pgmajfault'),
    swapUsageBytes: parseNumber(texts.swapCurrent),
    swapLimitBytes: parseNumber(texts.swapMax),
    limitBytes: parseNumber(texts.max),
  };
}

function usageAndWorkingSet(
  usage: string,
  inactiveBytes: bigint,
): Pick<MemoryFigures, 'usageBytes' | 'workingSetBytes'> {
  const usageBytes = parseNumber(usage) ?? 0n;
  return { usageBytes, workingSetBytes: atLeastZero(usageBytes - inactiveBytes) };
}

export function atLeastZero(value: bigint): bigint {
  return value > 0n ? value : 0n;
}

const psiLine = /^(some|full) avg10=([0-9.]+) avg60=([0-9.]+) avg300=([0-9.]+) total=([0-9]+)$/;

/** Lines `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`; null: no such file, or switched off. */
export function parsePsi(text: Text): Psi | null {
  let some: PsiLine | null = null;
  let full: PsiLine | null = null;
  for (const line of (text ?? '').split('\n')) {
    const match = psiLine.exec(line);
    if (match === null) continue;
    const [, kind, avg10, avg60, avg300, totalUs = '0'] = match;
    const found = {
      avg10: Number(avg10),
      avg60: Number(avg60),
      avg300: Number(avg300),
      totalUs: BigInt(totalUs),
    };
    if (kind === 'some') some = found;
    else full = found;
  }
  return some === null ? null : { some, full };
}
