/**
 * Memory and CPU time of processes, from /proc. Source: proc_pid_smaps(5) (smaps_rollup), proc_pid_stat(5).
 */
import { readFile } from 'node:fs/promises';

export type Memory = { readonly rssBytes: number; readonly pssBytes: number };

export async function memoryOf(pids: readonly number[]): Promise<Memory> {
  const each = await Promise.all(pids.map(readMemory));
  return {
    rssBytes: each.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    pssBytes: each.reduce((sum, { pssBytes }) => sum + pssBytes, 0),
  };
}

async function readMemory(pid: number): Promise<Memory> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0);
  return { rssBytes: kib('Rss') * 1024, pssBytes: kib('Pss') * 1024 };
}

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU seconds that the processes have used so far, all threads; `withChildren`: and their children that have ended. */
export async function cpuSecondsOf(
  pids: readonly number[],
  options: { readonly withChildren?: boolean } = {},
): Promise<number> {
  const each = await Promise.all(pids.map((pid) => readTicks(pid, options.withChildren === true)));
  return each.reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
}

async function readTicks(pid: number, withChildren: boolean): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const own = Number(fields[11]) + Number(fields[12]);
  return withChildren ? own + Number(fields[13]) + Number(fields[14]) : own;
}
