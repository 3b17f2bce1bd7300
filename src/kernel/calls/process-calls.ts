/**
 * Process calls, synchronous, named as their man page. None of them blocks, so any thread may make them.
 */
import { check, libc, syscall } from '../linux.ts';
import { errnoOf } from '../../base/errors.ts';

/** @throws SyscallError ESRCH. Source: pidfd_open(2). */
export function pidfdOpen(pid: number): number {
  return syscall('pidfd_open', [pid, 0], `pid ${pid}`);
}

/** Signal 0 only asks whether the process has been reaped. @throws SyscallError ESRCH. Source: pidfd_send_signal(2). */
export function pidfdSendSignal(pidfd: number, signalNumber: number): void {
  syscall('pidfd_send_signal', [pidfd, signalNumber, null, 0]);
}

/** What PIDFD_GET_INFO tells; null where the kernel did not say. */
export type PidfdInfo = {
  /** Of the process while it has not been reaped. */
  readonly pid: number | null;
  /** As of wait(2); known once the process has been reaped, by whomever. */
  readonly waitStatus: number | null;
};

// struct pidfd_info in its first form: 64 bytes. _IOWR(0xFF, 11, 64).
const infoBytes = 64;
const getInfo = 0xc040ff0bn;
const wantPid = 1n << 0n;
const wantExit = 1n << 3n;

/**
 * Source: ioctl_pidfd(2), PIDFD_GET_INFO, Linux 6.13 (exit: 6.15).
 * @throws SyscallError ESRCH reaped, and the kernel keeps no exit status; ENOTTY, EINVAL the kernel is older
 */
export function pidfdGetInfo(pidfd: number): PidfdInfo {
  const info = Buffer.alloc(infoBytes);
  info.writeBigUInt64LE(wantPid | wantExit, 0);
  check(libc.ioctl(pidfd, getInfo, info), 'ioctl');
  const told = info.readBigUInt64LE(0);
  const hasExit = (told & wantExit) !== 0n;
  return {
    pid: !hasExit && (told & wantPid) !== 0n ? info.readUInt32LE(16) : null,
    waitStatus: hasExit ? info.readInt32LE(60) : null,
  };
}

/** Makes this process the parent of orphans below it. Source: PR_SET_CHILD_SUBREAPER(2const). */
export function setChildSubreaper(): void {
  check(libc.prctl(36, 1n, 0n, 0n, 0n), 'prctl');
}

/** Whether a capability (by number) is in the bounding set; null: there is none of that number. Source: PR_CAPBSET_READ(2const). */
export function boundingSetHas(capability: number): boolean | null {
  try {
    return check(libc.prctl(23, BigInt(capability), 0n, 0n, 0n), 'prctl') === 1;
  } catch (error) {
    if (errnoOf(error) === 'EINVAL') return null;
    throw error;
  }
}

/** The wait status of a child that has ended, which is then gone; null: it still runs, or is no child of ours. Source: waitpid(2). */
export function waitpidNohang(pid: number): number | null {
  const status = Buffer.alloc(4);
  try {
    const ended = check(libc.waitpid(pid, status, 1), 'waitpid', `pid ${pid}`);
    return ended === 0 ? null : status.readInt32LE(0);
  } catch (error) {
    // ECHILD: a failure would cost the caller the statuses of the pids before this one.
    if (errnoOf(error) === 'ECHILD') return null;
    throw error;
  }
}
