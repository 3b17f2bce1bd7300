/**
 * The questions of a seccomp filter: which system call a process wants to make and waits for. Never blocks: `next` looks
 * whether a question is there. When the descriptor is closed, whoever waits gets ENOSYS.
 * Source: seccomp_unotify(2), ioctl SECCOMP_IOCTL_NOTIF_RECV and SECCOMP_IOCTL_NOTIF_SEND.
 */
import { errnoOf } from '../base/errors.ts';
import type { Fd } from './contract/files.ts';
import type { SeccompNotifications, SeccompQuestion } from './contract/processes.ts';
import { check, libc } from './linux.ts';

const receive = 0xc050_2100n;
const send = 0xc018_2101n;
const questionBytes = 80;
const pollIn = 1;
const pollHangUp = 0x10;

/** Owns the descriptor. */
export class FilterNotifications implements SeccompNotifications {
  readonly #fd: Fd;

  constructor(fd: Fd) {
    this.#fd = fd;
  }

  next(): SeccompQuestion | 'ended' | null {
    const entry = Buffer.alloc(8);
    entry.writeInt32LE(this.#fd.number, 0);
    entry.writeInt16LE(pollIn, 4);
    check(libc.poll(entry, 1n, 0), 'poll');
    const events = entry.readInt16LE(6);
    if ((events & pollIn) === 0) return (events & pollHangUp) === 0 ? null : 'ended';
    const data = Buffer.alloc(questionBytes);
    // The process may have been killed meanwhile.
    if (!this.#attempt(receive, data)) return null;
    return {
      id: data.readBigUInt64LE(0),
      pid: data.readUInt32LE(8),
      syscall: data.readInt32LE(16),
      architecture: data.readUInt32LE(20),
    };
  }

  refuse(id: bigint, errno: number): void {
    const answer = Buffer.alloc(24);
    answer.writeBigUInt64LE(id, 0);
    answer.writeInt32LE(-errno, 16);
    this.#attempt(send, answer);
  }

  /** False: whoever asked is gone, or a signal came between. */
  #attempt(request: bigint, data: Buffer): boolean {
    try {
      check(libc.ioctl(this.#fd.number, request, data), 'ioctl');
      return true;
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'ENOENT' || errno === 'EINTR') return false;
      throw error;
    }
  }

  close(): void {
    this.#fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
