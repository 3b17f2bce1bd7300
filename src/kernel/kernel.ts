/**
 * Every privileged act of the daemon, as data in (`contract/`) and data out. Two implementations: `threaded-kernel.ts` (the real one:
 * a thread of its own that makes the system calls of `linux.ts`) and `fake/` (a ledger, for tests).
 *
 * Rules: each method fails with a SyscallError that names call, errno and paths; nothing is left behind by a failed call;
 * what must be given back comes as a disposable whose named method (`unmount`, `unpin`, `close`) may be called twice.
 */
import type { AbsolutePath } from '../base/ids.ts';
import type { NamespaceRequest, PinnedNamespaces, NamespaceInfo } from './contract/namespaces.ts';
import type {
  Mount,
  MountRequest,
  MountFlag,
  Propagation,
  BindRequest,
  OverlayRequest,
  MountEntry,
} from './contract/mounts.ts';
import type {
  Fd,
  NewDirectory,
  NewNode,
  FileSystemStats,
  FdMailbox,
  TerminalHandle,
} from './contract/files.ts';
import type { SpawnRequest, ProcessHandle, Reaped, SeccompNotifications } from './contract/processes.ts';
import type { KernelFacts } from './contract/facts.ts';

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
  /** @throws SyscallError EEXIST */
  makeNode(path: AbsolutePath, node: NewNode): Promise<void>;
  statFileSystem(path: AbsolutePath): Promise<FileSystemStats>;
  /** Flushes the file system that holds the path. */
  syncFileSystem(path: AbsolutePath): Promise<void>;
  /** An exclusive lock held until closed. @throws SyscallError EWOULDBLOCK when another process holds it */
  lockFile(path: AbsolutePath): Promise<Fd>;
  /**
   * A copy of a program in memory that nobody can change any more; it runs as `/proc/PID/fd/N` while the descriptor is open.
   * Source: memfd_create(2), F_ADD_SEALS(2const).
   */
  sealedCopy(path: AbsolutePath): Promise<Fd>;

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
  /** A pipe, both ends close-on-exec. It holds 64 KiB. */
  pipe(): { readonly read: Fd; readonly write: Fd };
  /** One whose read end never blocks (EAGAIN); it holds more where that is wished and allowed (F_SETPIPE_SZ). */
  outputPipe(wishedBytes?: number): { readonly read: Fd; readonly write: Fd };
  openFdMailbox(path: AbsolutePath): Promise<FdMailbox>;
  /** Takes the descriptor over. */
  openSeccompNotifications(fd: Fd): SeccompNotifications;
  /** Source: pty(7), dup(2), fcntl(2). @throws SyscallError EBADF */
  openTerminal(master: number): TerminalHandle;
  /** Who is at the other end of a connected unix socket. Source: unix(7), SO_PEERCRED. */
  peerCredentials(fd: number): { readonly pid: number; readonly uid: number; readonly gid: number };
}
