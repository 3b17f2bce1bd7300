/**
 * Processes by pid and start time, so that a pid that came again is never signalled.
 */
import { readFile } from 'node:fs/promises';
import { SyscallError } from '../../base/errors.ts';
import { absolutePath, type AbsolutePath } from '../../base/ids.ts';
import type { ProcessHandle } from '../../kernel/contract/processes.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { ProcessIdentity } from '../../store/pod-record.ts';

/** Field 22 of /proc/PID/stat; null when there is no such process. Source: proc_pid_stat(5). */
export async function startTimeTicks(pid: number): Promise<string | null> {
  // The process may be gone, which is the answer.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

/** A handle on exactly this process; null when it is gone. The handle is taken first, then what it holds is compared. */
export async function openIdentified(
  kernel: Pick<Kernel, 'openProcess'>,
  identity: ProcessIdentity,
): Promise<ProcessHandle | null> {
  const handle = open(kernel, identity.pid);
  if (handle === null) return null;
  if ((await startTimeTicks(identity.pid)) === identity.startTimeTicks) return handle;
  handle.close();
  return null;
}

function open(kernel: Pick<Kernel, 'openProcess'>, pid: number): ProcessHandle | null {
  try {
    return kernel.openProcess(pid);
  } catch (error) {
    if (error instanceof SyscallError && error.errno === 'ESRCH') return null;
    throw error;
  }
}

/** True while the process exists and has not ended. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const stat = await readFile(`/proc/${identity.pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return false;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[19] === identity.startTimeTicks && fields[0] !== 'Z' && fields[0] !== 'X';
}

/** The cgroup of a process: that of the memory controller on v1, the one there is on v2. Source: cgroups(7). */
export async function cgroupOf(pid: number): Promise<AbsolutePath> {
  const lines = (await readFile(`/proc/${pid}/cgroup`, 'utf8')).split('\n').map((line) => line.split(':'));
  const memory = lines.find(([, controllers]) => controllers?.split(',').includes('memory') === true);
  const unified = lines.find(([hierarchy]) => hierarchy === '0');
  return absolutePath((memory ?? unified)?.slice(2).join(':') ?? '/');
}
