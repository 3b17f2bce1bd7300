/**
 * Every privileged act of the daemon, as data in and data out. Two implementations: `threaded-kernel.ts` (the real one:
 * a thread of its own that makes the system calls of `linux.ts`) and `fake-kernel.ts` (a ledger, for tests).
 *
 * Rules: each method fails with a SyscallError that names call, errno and paths; nothing is left behind by a failed call;
 * what must be given back comes as a disposable whose named method (`unmount`, `unpin`, `close`) may be called twice.
 */
import type { AbsolutePath } from '../base/ids.ts';

/** A descriptor of this process, closed exactly once. */
export interface Fd extends Disposable {
  readonly number: number;
  close(): void;
  /** Hands the number over: the caller closes it from now on. */
  release(): number;
}

/** A mount that we made. `unmount` waits for EBUSY to pass (bounded), then detaches. Source: umount2(2). */
export interface Mount extends AsyncDisposable {
  readonly target: AbsolutePath;
  unmount(): Promise<void>;
}

/** `user` can only be pinned, never made here: a process with several threads cannot. Source: unshare(2). */
export type NamespaceKind = 'net' | 'ipc' | 'uts' | 'user';

export type NamespaceRequest = {
  /** Where each new namespace is pinned by a bind mount; the file is created. Kinds not named stay the host's. */
  readonly pins: Readonly<Partial<Record<NamespaceKind, AbsolutePath>>>;
  /**
   * A child of ours that lives in all these namespaces: they are pinned and configured, not made. Needed for those that a
   * user namespace owns. Absent: they are made.
   */
  readonly holder?: number;
  /** Set in the new UTS namespace. Source: sethostname(2), at most 64 bytes. */
  readonly hostname?: string;
  /** `net.ipv4.ip_forward` → value; written inside the new namespaces, in the given order. Source: proc_sys(5). */
  readonly sysctls: readonly (readonly [name: string, value: string])[];
};

/** Namespaces held alive by bind mounts and not by a process. */
export interface PinnedNamespaces extends AsyncDisposable {
  readonly pins: NamespaceRequest['pins'];
  unpin(): Promise<void>;
}

export type NamespaceInfo = {
  /** As in /proc/PID/ns: `net`. */
  readonly kind: string;
  /** Names the namespace for as long as something holds it. Source: namespaces(7). */
  readonly inode: bigint;
  /** It is the one that the daemon itself lives in. */
  readonly isHost: boolean;
};

export type MountRequest = {
  readonly source: string;
  readonly target: AbsolutePath;
  /** Source: mount(2), filesystemtype. */
  readonly type: string;
  readonly flags: readonly MountFlag[];
  /** Source: mount(2), data. */
  readonly data?: string;
};

export type MountFlag = 'ro' | 'nosuid' | 'nodev' | 'noexec' | 'nosymfollow' | 'noatime' | 'relatime';
export type Propagation = 'private' | 'slave' | 'shared' | 'unbindable';

export type BindRequest = {
  readonly source: AbsolutePath;
  readonly target: AbsolutePath;
  readonly isRecursive: boolean;
  readonly flags: readonly MountFlag[];
  /**
   * A user namespace (a pin, `/proc/PID/ns/user`): the owners of the files appear as it maps them, and new files are stored
   * with the ids that they have in it. What is mounted below and cannot be mapped keeps its owners. Linux 5.12.
   */
  readonly idMap?: AbsolutePath;
  /**
   * Set before it has a place. A copy of a shared mount is its peer: what is unmounted below the copy is unmounted below
   * the original as well, unless the copy is a slave. Absent: as the source has it. Source: mount_namespaces(7).
   */
  readonly propagation?: Propagation;
};

/** An overlay of any number of layers: the new mount API, and mount(2) with short paths where that is missing. */
export type OverlayRequest = {
  /** Topmost first. */
  readonly lowerDirs: readonly AbsolutePath[];
  /** Absent: the overlay is read-only. */
  readonly writable?: { readonly upperDir: AbsolutePath; readonly workDir: AbsolutePath };
  readonly target: AbsolutePath;
  readonly flags: readonly MountFlag[];
  /**
   * A user namespace, as in BindRequest, for the lower layers: they stay shared and unchanged on disk. The upper directory
   * is not mapped: what is written is stored with the ids of the host. Linux 5.19.
   */
  readonly idMap?: AbsolutePath;
  /** The SELinux label of every file in it. Source: mount(8), context. */
  readonly selinuxLabel?: string;
};

/** One line of mountinfo. Source: proc_pid_mountinfo(5). */
export type MountEntry = {
  readonly id: number;
  readonly parentId: number;
  readonly root: string;
  readonly target: string;
  readonly options: readonly string[];
  readonly propagation: 'private' | 'shared' | 'slave' | 'shared-slave' | 'unbindable';
  readonly type: string;
  readonly source: string;
  /** Of the file system: `lowerdir+=/…` of an overlay. */
  readonly superOptions: readonly string[];
};

export type FileSystemStats = {
  readonly type: bigint;
  readonly blockBytes: bigint;
  readonly blocks: bigint;
  readonly blocksFree: bigint;
  readonly inodes: bigint;
  readonly inodesFree: bigint;
};

/** How a process is doing, seen through its pidfd. Source: ioctl(2) PIDFD_GET_INFO, Linux 6.13 (exit: 6.15). */
export type ProcessInfo =
  | { readonly state: 'running'; readonly pid: number }
  | { readonly state: 'exited'; /** As of wait(2). */ readonly waitStatus: number | null };

/** A process that cannot be confused with a later one of the same pid. Source: pidfd_open(2). */
export interface ProcessHandle extends Disposable {
  readonly pid: number;
  /** False when the process has ended already (ESRCH). Source: pidfd_send_signal(2). */
  signal(signalNumber: number): boolean;
  info(): ProcessInfo;
  close(): void;
}

/** A program to start. Source: posix_spawn(3). */
export type SpawnRequest = {
  /** The program (absolute, or found on our own PATH) and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Absent: ours. Needs glibc 2.29 (ENOSYS). */
  readonly cwd?: string;
  /** For descriptors 0, 1, 2: /dev/null, or a descriptor of ours (not 0, 1 or 2 at another place: EINVAL). */
  readonly stdio: readonly [SpawnStdio, SpawnStdio, SpawnStdio];
};

export type SpawnStdio = 'ignore' | number;

/** A child (or an orphan that we inherited as subreaper) that has been waited for. */
export type Reaped = { readonly pid: number; readonly waitStatus: number };

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

export type KernelFacts = {
  /** `6.18.44`. */
  readonly release: string;
  /** The new mount API for overlay works (fsopen, fsconfig lowerdir+). */
  readonly hasOverlayMountApi: boolean;
  readonly hasMountSetattr: boolean;
  readonly hasPidfdInfo: boolean;
  readonly hasPidfdExitInfo: boolean;
  /** Capabilities (`CAP_SYS_ADMIN`) that the daemon may give: its bounding set. Source: capabilities(7). */
  readonly boundingCapabilities: readonly string[];
};

export type NewDirectory = {
  /** Permission bits, exact. */
  readonly mode: number;
  /** Ids of the host; absent: root. */
  readonly owner?: { readonly uid: number; readonly gid: number };
};

export interface Kernel extends AsyncDisposable {
  facts(): Promise<KernelFacts>;

  // Namespaces. Source: unshare(2), setns(2), namespaces(7).
  /**
   * Creates namespaces, brings `lo` up in a new network namespace, and pins them. All or nothing.
   * @throws InvalidSysctl, SysctlNotNamespaced, SysctlOfHost, InvalidHostname, HostnameOfHost; SyscallError EEXIST: a pin is there
   */
  createNamespaces(request: NamespaceRequest): Promise<PinnedNamespaces>;
  /** Unpins what an earlier process pinned; a path that is not pinned is only removed. */
  unpinNamespace(path: AbsolutePath): Promise<void>;
  /** The kind of namespace a file is (`net`), or null, also when there is no file. Source: ioctl_nsfs(2). */
  namespaceKind(path: AbsolutePath): Promise<string | null>;
  /** Kind, identity, and whether it is the host's own; null: no namespace, or nothing there. Source: ioctl_nsfs(2). */
  inspectNamespace(path: AbsolutePath): Promise<NamespaceInfo | null>;
  /** A TCP socket connected to localhost:port (IPv4, then IPv6) inside a network namespace. @throws SyscallError connect */
  connectInside(netns: AbsolutePath, port: number, signal: AbortSignal): Promise<Fd>;
  /** net/dev of a network namespace, to be read from its start again and again; it keeps the namespace. Source: proc_pid_net(5). */
  openNetDev(netns: AbsolutePath): Promise<Fd>;

  // Mounts. Source: mount(2), umount2(2), mount_setattr(2), fsopen(2), move_mount(2).
  mount(request: MountRequest): Promise<Mount>;
  bindMount(request: BindRequest): Promise<Mount>;
  mountOverlay(request: OverlayRequest): Promise<Mount>;
  moveMount(from: AbsolutePath, to: AbsolutePath): Promise<void>;
  setPropagation(target: AbsolutePath, propagation: Propagation, isRecursive: boolean): Promise<void>;
  /** Sets flags on a mount, or on all mounts below it. */
  setMountFlags(target: AbsolutePath, flags: readonly MountFlag[], isRecursive: boolean): Promise<void>;
  /** Unmounts whatever is mounted there, stacked mounts included; nothing mounted is success. */
  unmountAll(target: AbsolutePath): Promise<void>;
  /**
   * Takes what is mounted there, with everything below it, out of the tree at once, whoever still uses it; nothing mounted is
   * success. For mounts that hold nothing to be flushed. Source: umount2(2), MNT_DETACH.
   */
  detachAll(target: AbsolutePath): Promise<void>;
  /** The mounts of this process's mount namespace. */
  mounts(): Promise<readonly MountEntry[]>;

  // Files. Source: openat2(2), mknod(2), xattr(7), statfs(2), syncfs(2), flock(2).
  /**
   * Opens a path of a container's root so that no link leads out of it (RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS). Never
   * blocks on a FIFO and never takes a terminal: O_NONBLOCK and O_NOCTTY are added.
   */
  openInRoot(
    root: AbsolutePath,
    path: string,
    options: { readonly flags: number; readonly mode?: number },
  ): Promise<Fd>;
  /** mkdir -p below a root, each component resolved inside it. @throws SyscallError EEXIST at a dangling link */
  makeDirectoryInRoot(root: AbsolutePath, path: string, attributes: NewDirectory): Promise<void>;
  /**
   * Gives a file, or a directory with all below it, an SELinux label, in a thread that may take long; nothing is done where
   * the top has it already, or where the file system has no labels. Returns how many were labelled.
   */
  labelTree(path: AbsolutePath, label: string): Promise<number>;
  makeFifo(path: AbsolutePath, mode: number): Promise<void>;
  statFileSystem(path: AbsolutePath): Promise<FileSystemStats>;
  /** Flushes the file system that holds the path. */
  syncFileSystem(path: AbsolutePath): Promise<void>;
  /** An exclusive lock held until closed. @throws SyscallError EWOULDBLOCK when another process holds it */
  lockFile(path: AbsolutePath): Promise<Fd>;

  // Processes. Source: pidfd_open(2), prctl(2), waitpid(2), unix(7).
  openProcess(pid: number): ProcessHandle;
  /**
   * Starts a program and returns its pid: a child of ours, in a session of its own, without signals blocked or ignored and
   * with no descriptor of ours but its standard streams. Whoever starts it waits for it with `reap`. Takes less than a
   * millisecond however large this process is, which a fork does not. Source: posix_spawn(3), setsid(2).
   * @throws SyscallError posix_spawn ENOENT, EACCES, ETXTBSY, … with the program's path
   */
  spawn(request: SpawnRequest): number;
  /** Makes this process the parent of orphans below it (PR_SET_CHILD_SUBREAPER). */
  becomeSubreaper(): void;
  /**
   * Waits for the given ended children or orphans without blocking; those still running, or not ours, are left out.
   * Never for a child of node:child_process, whose status Node would then miss.
   */
  reap(pids: readonly number[]): readonly Reaped[];

  // Descriptors. Source: pipe2(2), unix(7).
  /** A pipe, both ends close-on-exec. It holds 64 KiB, or more where that is wished and allowed (F_SETPIPE_SZ). */
  pipe(wishedBytes?: number): { readonly read: Fd; readonly write: Fd };
  openFdMailbox(path: AbsolutePath): Promise<FdMailbox>;
  /** Takes the descriptor over. */
  openSeccompNotifications(fd: Fd): SeccompNotifications;
  /** Source: pty(7), dup(2), fcntl(2). @throws SyscallError EBADF */
  openTerminal(master: number): TerminalHandle;
  /** Who is at the other end of a connected unix socket. Source: unix(7), SO_PEERCRED. */
  peerCredentials(fd: number): { readonly pid: number; readonly uid: number; readonly gid: number };
}
