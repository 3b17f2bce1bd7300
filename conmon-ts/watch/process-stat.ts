/** Facts of a process from /proc/PID/stat, where the name in parentheses may hold anything. Source: proc_pid_stat(5). */
import { readFileSync } from 'node:fs';

export type ProcessStat = {
  /** One letter; Z and X: ended. */
  readonly state: string;
  readonly parentPid: number;
  /** Field 22: with the pid it names the process for ever. */
  readonly startTimeTicks: string;
  /** Field 52, as of wait(2); only with CAP_SYS_PTRACE more than 0. */
  readonly exitStatus: number;
};

/** Null: there is no such process. */
export function readProcessStat(pid: number): ProcessStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // It ended and was waited for.
    return null;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    state: fields[0] ?? '',
    parentPid: Number(fields[1]),
    startTimeTicks: fields[19] ?? '',
    exitStatus: Number(fields[49]),
  };
}

/** The container's exit code from a wait status: death by signal n is 128 + n. Source: wait(2). */
export function exitCodeOf(waitStatus: number): number {
  const signal = waitStatus & 0x7f;
  return signal === 0 ? (waitStatus >> 8) & 0xff : 128 + signal;
}
