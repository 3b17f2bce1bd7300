/**
 * Calls about processes: orphans, ended children, pidfds.
 */
import { check, libc } from '../linux.ts';

/** Makes orphans below this process its children. Source: prctl(2), PR_SET_CHILD_SUBREAPER. */
export function becomeSubreaper(): void {
  check('prctl', libc.prctl(36, 1n, 0n, 0n, 0n));
}

const wnohang = 1;
const wnowait = 0x01000000;
const wexited = 4;

/** Status as of wait(2). */
export type EndedChild = { readonly pid: number; readonly waitStatus: number };

const cldExited = 1;
const cldDumped = 3;

/** Some child that has ended, which stays to be waited for; null: none. Source: waitid(2), WNOWAIT. */
export function peekEndedChild(): EndedChild | null {
  const info = new Int32Array(32);
  if (libc.waitid(0, 0, info, wexited | wnohang | wnowait) === -1) return null;
  // siginfo_t on 64-bit: signo, errno, code, padding, pid, uid, status.
  const [, , code = 0, , pid = 0, , status = 0] = info;
  if (pid === 0) return null;
  const waitStatus = code === cldExited ? (status & 0xff) << 8 : status | (code === cldDumped ? 0x80 : 0);
  return { pid, waitStatus };
}

/** Waits for a child that has ended: after this it is gone. Source: waitpid(2). */
export function reapChild(pid: number): void {
  libc.waitpid(pid, null, wnohang);
}

const pidfdOpenNumber = 434n;

/** Source: pidfd_open(2). @throws LinuxError ESRCH */
export function pidfdOpen(pid: number): number {
  return check('pidfd_open', Number(libc.syscall(pidfdOpenNumber, BigInt(pid), 0n)));
}

/** _IOWR(0xFF, 11, struct pidfd_info), of which we take the first published 64 bytes; the exit code stands in the last 4. */
const pidfdGetInfo = 0xc040ff0bn;
const pidfdInfoExit = 1n << 3n;

/**
 * The wait status of an ended process that anybody has waited for; null: it runs, is not waited for yet, or the kernel is
 * older than 6.15. Source: linux/pidfd.h, PIDFD_GET_INFO with PIDFD_INFO_EXIT.
 */
export function pidfdExitStatus(pidfd: number): number | null {
  const info = Buffer.alloc(64);
  info.writeBigUInt64LE(pidfdInfoExit, 0);
  if (libc.ioctl(pidfd, pidfdGetInfo, info) === -1) return null;
  return (info.readBigUInt64LE(0) & pidfdInfoExit) === 0n ? null : info.readInt32LE(60);
}
