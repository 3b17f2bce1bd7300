/**
 * What the processes of a container have open, counted in /proc. Bounded: a container that holds more than is looked at is
 * counted up to there. Processes end at any time; one that has ended has nothing. Source: proc_pid_fd(5), proc_pid_limits(5).
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { readKernelFile } from './kernel-files.ts';

export type ProcessFigures = {
  readonly processes: number;
  readonly fileDescriptors: number;
  readonly sockets: number;
  /** RLIMIT_NOFILE, soft, of the first process; null: unlimited, or it has ended. */
  readonly maxOpenFiles: bigint | null;
};

export const maxProcesses = 1024;
export const maxDescriptors = 16_384;

export function countProcesses(pids: readonly number[]): ProcessFigures {
  let fileDescriptors = 0;
  let sockets = 0;
  for (const pid of pids.slice(0, maxProcesses)) {
    const left = maxDescriptors - fileDescriptors;
    if (left <= 0) break;
    const names = descriptorsOf(pid).slice(0, left);
    fileDescriptors += names.length;
    sockets += names.filter((name) => isSocket(`/proc/${pid}/fd/${name}`)).length;
  }
  const [first] = pids;
  const limits = first === undefined ? null : readKernelFile(`/proc/${first}/limits`);
  return { processes: pids.length, fileDescriptors, sockets, maxOpenFiles: parseMaxOpenFiles(limits) };
}

function descriptorsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    // It has ended.
    return [];
  }
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    // Closed meanwhile.
    return false;
  }
}

/** The line `Max open files  1024  524288  files`. */
export function parseMaxOpenFiles(text: string | null): bigint | null {
  const [, soft] = /^Max open files +(\d+) /m.exec(text ?? '') ?? [];
  return soft === undefined ? null : BigInt(soft);
}
