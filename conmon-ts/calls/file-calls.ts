/**
 * Calls on pipes, files and terminals, and the clock of log lines.
 */
import { constants } from 'node:os';
import { check, lastErrno, libc, LinuxError } from '../linux.ts';

const nonBlocking = 0o4000;

const clock = new BigInt64Array(2);

/** Unix nanoseconds. Source: clock_gettime(2), CLOCK_REALTIME. */
export function nowNs(): bigint {
  libc.clock_gettime(0, clock);
  return (clock[0] ?? 0n) * 1_000_000_000n + (clock[1] ?? 0n);
}

/** Source: mkfifo(3). @throws LinuxError EEXIST */
export function mkfifo(path: string, mode: number): void {
  check('mkfifo', libc.mkfifo(path, mode), path);
}

/** Source: fcntl(2), F_SETPIPE_SZ. Returns the size that the kernel gave. */
export function setPipeSize(fd: number, bytes: number): number {
  return check('fcntl', libc.fcntl(fd, 1031, BigInt(bytes)));
}

/** Source: fcntl(2), F_GETFL and F_SETFL. */
export function setNonBlocking(fd: number): void {
  const flags = check('fcntl', libc.fcntl(fd, 3, 0n));
  check('fcntl', libc.fcntl(fd, 4, BigInt(flags | nonBlocking)));
}

/** Source: fcntl(2), F_DUPFD_CLOEXEC. The caller closes it. */
export function duplicate(fd: number): number {
  return check('fcntl', libc.fcntl(fd, 1030, 0n));
}

const spliceNonblock = 2;
const spliceOffset = new BigInt64Array(1);
const wouldBlock: number = constants.errno.EAGAIN;

/**
 * Moves bytes from a pipe into a file: each byte is in the one or in the other, whatever kills us meanwhile.
 * Returns the count, 0 at the end of file, or null when the pipe is empty. Source: splice(2).
 */
export function spliceToFile(
  from: number,
  to: number,
  at: { offset: number; maxBytes: number },
): number | null {
  spliceOffset[0] = BigInt(at.offset);
  const count = Number(libc.splice(from, null, to, spliceOffset, BigInt(at.maxBytes), spliceNonblock));
  if (count !== -1) return count;
  const errno = lastErrno();
  if (errno === wouldBlock) return null;
  throw new LinuxError('splice', errno);
}

/** Gives the blocks of a range back; reads of it yield zeros. Source: fallocate(2), FALLOC_FL_PUNCH_HOLE. */
export function punchHole(fd: number, offset: number, length: number): void {
  check('fallocate', libc.fallocate(fd, 3, BigInt(offset), BigInt(length)));
}

/** Source: eventfd(2). Close-on-exec and non-blocking. */
export function eventfd(): number {
  return check('eventfd', libc.eventfd(0, 0o2000000 | 0o4000));
}

/** Source: TIOCSWINSZ in ioctl_tty(2). */
export function setWindowSize(fd: number, width: number, height: number): void {
  check('ioctl TIOCSWINSZ', libc.ioctl(fd, 0x5414n, new Uint16Array([height, width, 0, 0])));
}

/** Whether nobody can change a file any more: F_SEAL_SEAL, SHRINK, GROW, WRITE. Source: F_GET_SEALS(2const). */
export function isSealed(fd: number): boolean {
  return libc.fcntl(fd, 1034, 0n) === 0xf;
}
