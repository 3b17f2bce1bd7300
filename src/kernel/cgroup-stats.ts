/**
 * Figures of a cgroup, from the files of v1 and v2. A file that is missing (no such controller) gives 0, or null where the
 * type says so; a cgroup that has vanished gives null as a whole.
 */
import { join } from 'node:path';
import { parseKeyed, parseNumber, readText } from './cgroup-files.ts';

export type PsiLine = {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  readonly totalUs: bigint;
};
/** `full` is null for the CPU of the whole machine. Source: Linux, accounting/psi. */
export type Psi = { readonly some: PsiLine; readonly full: PsiLine | null };

export type CgroupStats = {
  readonly cpuUsageNs: bigint;
  readonly cpuUserNs: bigint;
  readonly cpuSystemNs: bigint;
  readonly memoryUsageBytes: bigint;
  /** Usage without the file cache that nobody used lately, as the kubelet counts for eviction. */
  readonly workingSetBytes: bigint;
  readonly rssBytes: bigint;
  readonly cacheBytes: bigint;
  readonly pageFaults: bigint;
  readonly majorPageFaults: bigint;
  readonly swapUsageBytes: bigint | null;
  /** Null: unlimited. */
  readonly memoryLimitBytes: bigint | null;
  readonly pidsCurrent: bigint;
  /** Null: cgroup v1, or a kernel without it. */
  readonly psi: { readonly cpu: Psi | null; readonly memory: Psi | null; readonly io: Psi | null } | null;
};

/** The directory of a cgroup in the hierarchy of each controller; null: there is none. */
export type CgroupDirectories = {
  readonly version: 'v1' | 'v2';
  readonly directory: string;
} | null;
export type DirectoryOf = (controller: string) => CgroupDirectories;

/** Reads one file of a controller; null: no such controller, file or cgroup. */
type Read = (controller: string, file: string) => Promise<string | null>;

function reader(directoryOf: DirectoryOf): Read {
  return async (controller, file) => {
    const place = directoryOf(controller);
    return place === null ? null : await readText(join(place.directory, file));
  };
}

type Cpu = Pick<CgroupStats, 'cpuUsageNs' | 'cpuUserNs' | 'cpuSystemNs'>;
type Memory = Omit<CgroupStats, keyof Cpu | 'pidsCurrent' | 'psi'>;

/** Null when no file of the cgroup could be read: it is gone. */
export async function readCgroupStats(directoryOf: DirectoryOf): Promise<CgroupStats | null> {
  const read = reader(directoryOf);
  const isV1 = (controller: string): boolean => directoryOf(controller)?.version === 'v1';
  const [cpu, memory, pids, psi] = await Promise.all([
    isV1('cpuacct') ? readCpuV1(read) : readCpuV2(read),
    isV1('memory') ? readMemoryV1(read) : readMemoryV2(read),
    read('pids', 'pids.current'),
    readPressure(read),
  ]);
  if (cpu === null && memory === null && pids === null) return null;
  return {
    ...(cpu ?? { cpuUsageNs: 0n, cpuUserNs: 0n, cpuSystemNs: 0n }),
    ...(memory ?? noMemory),
    pidsCurrent: parseNumber(pids) ?? 0n,
    psi,
  };
}

const noMemory: Memory = {
  memoryUsageBytes: 0n,
  workingSetBytes: 0n,
  rssBytes: 0n,
  cacheBytes: 0n,
  pageFaults: 0n,
  majorPageFaults: 0n,
  swapUsageBytes: null,
  memoryLimitBytes: null,
};

async function readCpuV1(read: Read): Promise<Cpu | null> {
  const [usage, user, system] = await Promise.all(
    ['cpuacct.usage', 'cpuacct.usage_user', 'cpuacct.usage_sys'].map((file) => read('cpuacct', file)),
  );
  if (usage === null || usage === undefined) return null;
  return {
    cpuUsageNs: parseNumber(usage) ?? 0n,
    cpuUserNs: parseNumber(user ?? null) ?? 0n,
    cpuSystemNs: parseNumber(system ?? null) ?? 0n,
  };
}

/** cpu.stat has its times also where the cpu controller is not enabled. */
async function readCpuV2(read: Read): Promise<Cpu | null> {
  const text = await read('cpu', 'cpu.stat');
  if (text === null) return null;
  const stat = parseKeyed(text);
  const timeNs = (key: string): bigint => (stat.get(key) ?? 0n) * 1000n;
  return {
    cpuUsageNs: timeNs('usage_usec'),
    cpuUserNs: timeNs('user_usec'),
    cpuSystemNs: timeNs('system_usec'),
  };
}

/** Unlimited is the largest number of pages, in bytes. */
const unlimitedV1 = 0x7fff_ffff_ffff_0000n;

async function readMemoryV1(read: Read): Promise<Memory | null> {
  const [usage, text] = await Promise.all([
    read('memory', 'memory.usage_in_bytes'),
    read('memory', 'memory.stat'),
  ]);
  if (usage === null || text === null) return null;
  const stat = parseKeyed(text);
  const limit = stat.get('hierarchical_memory_limit') ?? null;
  const total = (key: string): bigint => stat.get(`total_${key}`) ?? stat.get(key) ?? 0n;
  return {
    ...usageAndWorkingSet(usage, total('inactive_file')),
    rssBytes: total('rss'),
    cacheBytes: total('cache'),
    pageFaults: total('pgfault'),
    majorPageFaults: total('pgmajfault'),
    swapUsageBytes: stat.get('total_swap') ?? null,
    memoryLimitBytes: limit !== null && limit >= unlimitedV1 ? null : limit,
  };
}

async function readMemoryV2(read: Read): Promise<Memory | null> {
  const [usage = null, text = null, swap = null, limit = null] = await Promise.all(
    ['memory.current', 'memory.stat', 'memory.swap.current', 'memory.max'].map((file) =>
      read('memory', file),
    ),
  );
  if (usage === null || text === null) return null;
  const stat = parseKeyed(text);
  return {
    ...usageAndWorkingSet(usage, stat.get('inactive_file') ?? 0n),
    rssBytes: stat.get('anon') ?? 0n,
    cacheBytes: stat.get('file') ?? 0n,
    pageFaults: stat.get('pgfault') ?? 0n,
    majorPageFaults: stat.get('pgmajfault') ?? 0n,
    swapUsageBytes: parseNumber(swap),
    memoryLimitBytes: parseNumber(limit),
  };
}

function usageAndWorkingSet(
  usage: string,
  inactive: bigint,
): Pick<Memory, 'memoryUsageBytes' | 'workingSetBytes'> {
  const memoryUsageBytes = parseNumber(usage) ?? 0n;
  return {
    memoryUsageBytes,
    workingSetBytes: memoryUsageBytes > inactive ? memoryUsageBytes - inactive : 0n,
  };
}

async function readPressure(read: Read): Promise<CgroupStats['psi']> {
  const [cpu = null, memory = null, io = null] = (
    await Promise.all(['cpu', 'memory', 'io'].map((resource) => read(resource, `${resource}.pressure`)))
  ).map(parsePsi);
  return cpu === null && memory === null && io === null ? null : { cpu, memory, io };
}

/** Lines `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`. Source: Linux, accounting/psi. */
export function parsePsi(text: string | null): Psi | null {
  const lines = new Map<string, PsiLine>();
  for (const line of (text ?? '').split('\n')) {
    const match = /^(some|full) avg10=([0-9.]+) avg60=([0-9.]+) avg300=([0-9.]+) total=([0-9]+)$/.exec(line);
    if (match === null) continue;
    const [, kind = '', avg10, avg60, avg300, totalUs = '0'] = match;
    lines.set(kind, {
      avg10: Number(avg10),
      avg60: Number(avg60),
      avg300: Number(avg300),
      totalUs: BigInt(totalUs),
    });
  }
  const some = lines.get('some');
  return some === undefined ? null : { some, full: lines.get('full') ?? null };
}

/** Processes that the kernel killed for lack of memory in the cgroup or below it; null: not known (any more). */
export async function readOomKills(directoryOf: DirectoryOf): Promise<bigint | null> {
  const read = reader(directoryOf);
  const file = directoryOf('memory')?.version === 'v1' ? 'memory.oom_control' : 'memory.events';
  return parseKeyed(await read('memory', file)).get('oom_kill') ?? null;
}
