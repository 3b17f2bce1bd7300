/**
 * Processes, and what their seccomp filters ask.
 */

/** A program to start. Source: posix_spawn(3). */
export type SpawnRequest = {
  /** The program (absolute, or found on our own PATH) and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** What is executed in the place of argv[0]; absolute. */
  readonly file?: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Absent: ours. Needs glibc 2.29 (ENOSYS). */
  readonly cwd?: string;
  /** For descriptors 0, 1, 2: /dev/null, or a descriptor of ours (not 0, 1 or 2 at another place: EINVAL). */
  readonly stdio: readonly [SpawnStdio, SpawnStdio, SpawnStdio];
};

export type SpawnStdio = 'ignore' | number;

/** A process that cannot be confused with a later one of the same pid. Source: pidfd_open(2). */
export interface ProcessHandle extends Disposable {
  readonly pid: number;
  /** False when the process has ended already (ESRCH). Source: pidfd_send_signal(2). */
  signal(signalNumber: number): boolean;
  info(): ProcessInfo;
  close(): void;
}

/** How a process is doing, seen through its pidfd. Source: ioctl(2) PIDFD_GET_INFO, Linux 6.13 (exit: 6.15). */
export type ProcessInfo =
  | { readonly state: 'running'; readonly pid: number }
  | { readonly state: 'exited'; /** As of wait(2). */ readonly waitStatus: number | null };

/** A child (or an orphan that we inherited as subreaper) that has been waited for. */
export type Reaped = { readonly pid: number; readonly waitStatus: number };

/** A system call that a process wants to make, and waits. Source: seccomp_unotify(2). */
export type SeccompQuestion = {
  readonly id: bigint;
  readonly pid: number;
  /** Its number. */
  readonly syscall: number;
  /** AUDIT_ARCH_*. */
  readonly architecture: number;
};

/** What a seccomp filter asks. */
export interface SeccompNotifications extends Disposable {
  /** The next question; null: none now; `ended`: no process has the filter any more. */
  next(): SeccompQuestion | 'ended' | null;
  /** The call returns the errno; nothing happens when the process is gone. */
  refuse(id: bigint, errno: number): void;
  close(): void;
}
