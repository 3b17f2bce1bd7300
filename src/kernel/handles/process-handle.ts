/**
 * A process by pidfd: signals and exit status can never reach or come from a later process of the same pid.
 */
import { readFileSync } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import { close } from '../calls/file-calls.ts';
import type { ProcessHandle, ProcessInfo } from '../contract/processes.ts';
import { type PidfdInfo, pidfdGetInfo, pidfdOpen, pidfdSendSignal } from '../calls/process-calls.ts';

export class PidfdHandle implements ProcessHandle {
  readonly pid: number;
  readonly #fd: number;
  #isOpen = true;
  #exit: ProcessInfo | null = null;

  /** @throws SyscallError ESRCH: no such process, or it has been reaped */
  constructor(pid: number) {
    this.pid = pid;
    this.#fd = pidfdOpen(pid);
  }

  signal(signalNumber: number): boolean {
    if (!this.#isOpen) return false;
    try {
      pidfdSendSignal(this.#fd, signalNumber);
      return true;
    } catch (error) {
      if (errnoOf(error) === 'ESRCH') return false;
      throw error;
    }
  }

  /**
   *   running ──ends──▶ zombie: status in /proc/PID/stat ──reaped──▶ gone: status from the pidfd (Linux 6.15), or null
   */
  info(): ProcessInfo {
    if (this.#exit !== null) return this.#exit;
    if (!this.#isOpen) return { state: 'exited', waitStatus: null };
    const info = this.#look();
    // An unknown status may still become known: a zombie that is reaped gives it to the pidfd.
    if (info.state === 'exited' && info.waitStatus !== null) this.#exit = info;
    return info;
  }

  #look(): ProcessInfo {
    const before = readInfo(this.#fd);
    if (before !== 'unsupported' && before !== 'gone' && before.waitStatus !== null)
      return { state: 'exited', waitStatus: before.waitStatus };
    if (before === 'gone') return { state: 'exited', waitStatus: null };
    const zombie = readZombie(this.pid);
    // The pid is this process's for as long as it has not been reaped: so what was read of it counts only if that holds.
    if (!this.signal(0)) {
      const after = readInfo(this.#fd);
      return { state: 'exited', waitStatus: typeof after === 'string' ? null : after.waitStatus };
    }
    return zombie ?? { state: 'running', pid: this.pid };
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#exit = this.info().state === 'exited' ? this.info() : null;
    this.#isOpen = false;
    close(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function readInfo(pidfd: number): PidfdInfo | 'gone' | 'unsupported' {
  try {
    return pidfdGetInfo(pidfd);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ESRCH') return 'gone';
    if (errno === 'ENOTTY' || errno === 'EINVAL') return 'unsupported';
    throw error;
  }
}

/** Source: proc_pid_stat(5), fields 3 (state) and 52 (exit_code). */
function readZombie(pid: number): ProcessInfo | null {
  let stat = '';
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    const errno = errnoOf(error);
    // Reaped meanwhile: the caller asks the pidfd again.
    if (errno === 'ENOENT' || errno === 'ESRCH') return null;
    throw error;
  }
  // The name (field 2) may hold anything, so count from its closing parenthesis.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  if (fields[0] !== 'Z' && fields[0] !== 'X') return null;
  const waitStatus = Number(fields[49]);
  return { state: 'exited', waitStatus: Number.isInteger(waitStatus) ? waitStatus : null };
}
