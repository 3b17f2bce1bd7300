/**
 * Descriptors, and files that stay on disk.
 */
import type { AbsolutePath } from '../../base/ids.ts';

/** A descriptor of this process, closed exactly once. */
export interface Fd extends Disposable {
  readonly number: number;
  close(): void;
  /** Hands the number over: the caller closes it from now on. */
  release(): number;
}

export type NewDirectory = {
  /** Permission bits, exact. */
  readonly mode: number;
  /** Ids of the host; absent: root. */
  readonly owner?: { readonly uid: number; readonly gid: number };
};

/** Source: mknod(2). */
export type NewNode = {
  readonly type: 'fifo' | 'character' | 'block';
  /** Of a device. */
  readonly major: number;
  readonly minor: number;
  /** Permission bits, exact. */
  readonly mode: number;
  /** Ids of the host. */
  readonly owner: { readonly uid: number; readonly gid: number };
};

export type FileSystemStats = {
  readonly type: bigint;
  readonly blockBytes: bigint;
  readonly blocks: bigint;
  readonly blocksFree: bigint;
  readonly inodes: bigint;
  readonly inodesFree: bigint;
};

/** A listening unix socket over which one descriptor goes in either direction. Source: unix(7), SCM_RIGHTS. */
export interface FdMailbox extends AsyncDisposable {
  readonly path: AbsolutePath;
  receive(signal: AbortSignal): Promise<Fd>;
  send(fd: Fd, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A duplicate of a pty master for whoever writes to it: never blocks (EAGAIN), nor does the original from then on. */
export interface TerminalHandle extends Disposable {
  readonly number: number;
  /** Columns and rows, 0 to 65535. Source: ioctl_tty(2), TIOCSWINSZ. @throws SyscallError ENOTTY */
  setSize(width: number, height: number): void;
  close(): void;
}
