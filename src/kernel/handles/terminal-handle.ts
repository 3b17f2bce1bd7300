/**
 * A duplicate of a pty master that never blocks and can be resized. Who reads the master keeps the original.
 */
import { OwnedFd } from './fd.ts';
import { close, duplicate } from '../calls/file-calls.ts';
import type { TerminalHandle } from '../contract/files.ts';
import { openFlag } from '../linux-constants.ts';
import { check, libc } from '../linux.ts';

/** Source: fcntl(2). */
const getFlags = 3;
const setFlags = 4;
/** Source: ioctl_tty(2). */
const setWindowSize = 0x5414n;

export class PtyHandle extends OwnedFd implements TerminalHandle {
  /** @throws SyscallError EBADF */
  constructor(master: number) {
    super(withoutBlocking(duplicate(master)));
  }

  setSize(width: number, height: number): void {
    const size = Buffer.alloc(8);
    size.writeUInt16LE(height, 0);
    size.writeUInt16LE(width, 2);
    check(libc.ioctl(this.number, setWindowSize, size), 'ioctl');
  }
}

function withoutBlocking(fd: number): number {
  try {
    const flags = check(libc.fcntl(fd, getFlags, 0n), 'fcntl');
    check(libc.fcntl(fd, setFlags, BigInt(flags | openFlag.nonblock)), 'fcntl');
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}
