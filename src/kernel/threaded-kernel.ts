/**
 * The real Kernel. What may block or changes the thread that does it runs in a thread of its own (`thread/thread-lane.ts`); what
 * only asks (pidfd, pipe, peer credentials, waitpid without waiting) or is short (posix_spawn) is done here. Three threads: one
 * for namespaces, mounts and paths; two, started on demand, for what may take long on a slow disk (syncfs, statfs) and for labels.
 */
import type { AbsolutePath } from '../base/ids.ts';
import { errnoOf, SyscallError } from '../base/errors.ts';
import { connectLoopbackInside } from './connect-inside.ts';
import { findFacts } from './facts.ts';
import { UnixFdMailbox } from './handles/fd-mailbox.ts';
import { OwnedFd } from './handles/fd.ts';
import { close } from './calls/file-calls.ts';
import type { KernelFacts } from './contract/facts.ts';
import type {
  Fd,
  FdMailbox,
  FileSystemStats,
  NewDirectory,
  NewNode,
  TerminalHandle,
} from './contract/files.ts';
import type {
  BindRequest,
  Mount,
  MountEntry,
  MountFlag,
  MountRequest,
  OverlayRequest,
  Propagation,
} from './contract/mounts.ts';
import type { NamespaceInfo, NamespaceRequest, PinnedNamespaces } from './contract/namespaces.ts';
import type { ProcessHandle, Reaped, SeccompNotifications, SpawnRequest } from './contract/processes.ts';
import type { Kernel } from './kernel.ts';
import { PathMount } from './handles/mount-handle.ts';
import { detachAll, unmountAll } from './handles/unmount-all.ts';
import { readMounts } from './mountinfo.ts';
import { orderNamespaces, PinnedByMounts } from './pinned-namespaces.ts';
import { setChildSubreaper, waitpidNohang } from './calls/process-calls.ts';
import { PidfdHandle } from './handles/process-handle.ts';
import { peerCredentials, pipe2, setNonBlocking, setPipeSize } from './calls/socket-calls.ts';
import { sealedCopy } from './sealed-copy.ts';
import { FilterNotifications } from './seccomp-notifications.ts';
import { posixSpawn } from './calls/spawn-calls.ts';
import { PtyHandle } from './handles/terminal-handle.ts';
import { ThreadLane } from './thread/thread-lane.ts';

export type ThreadedKernelOptions = {
  /** The module that a kernel thread runs; absent: `kernel-thread` beside this module (`.ts` as source, `.js` as bundle). */
  readonly threadEntry?: URL;
  /** True: mount(2) even where the kernel has the new calls. */
  readonly isOldMountApiForced?: boolean;
  /** True: an overlay is made by mount(2), as before Linux 6.7. */
  readonly isOldOverlayForced?: boolean;
  /** Told of threads that hung or broke, and of late effects that could not be undone. */
  readonly onTrouble?: (message: string) => void;
};

const slowTimeoutMs = 120_000;
const labelTimeoutMs = 10 * 60_000;
const slowThreadIdleMs = 30_000;

function defaultThreadEntry(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './thread/kernel-thread.ts' : './kernel-thread.js',
    import.meta.url,
  );
}

export class ThreadedKernel implements Kernel {
  readonly #lane: ThreadLane;
  readonly #slowLane: ThreadLane;
  /** A large volume takes minutes: nobody else waits behind it. */
  readonly #labelLane: ThreadLane;
  readonly #unmountOnce = (target: string, isDetached: boolean): Promise<boolean> =>
    this.#lane.call('unmountOnce', { target, isDetached });
  #facts: Promise<KernelFacts> | null = null;

  constructor(options: ThreadedKernelOptions = {}) {
    const shared = {
      entry: options.threadEntry ?? defaultThreadEntry(),
      workerData: {
        isOldMountApiForced: options.isOldMountApiForced ?? false,
        isOldOverlayForced: options.isOldOverlayForced ?? false,
      },
      onTrouble: options.onTrouble ?? ((message) => process.emitWarning(message)),
    };
    this.#lane = new ThreadLane({ ...shared, name: 'kernel', idleMs: null });
    this.#slowLane = new ThreadLane({ ...shared, name: 'kernel-slow', idleMs: slowThreadIdleMs });
    this.#labelLane = new ThreadLane({ ...shared, name: 'kernel-label', idleMs: slowThreadIdleMs });
  }

  async facts(): Promise<KernelFacts> {
    this.#facts ??= this.#lane.call('detectMountApi', undefined).then(findFacts);
    return await this.#facts;
  }

  async createNamespaces(request: NamespaceRequest): Promise<PinnedNamespaces> {
    const order = orderNamespaces(request);
    const pinned = new PinnedByMounts(request.pins, (path) => this.unpinNamespace(path));
    await this.#lane.call('createNamespaces', order, { undoLate: () => pinned.unpin() });
    return pinned;
  }

  async unpinNamespace(path: AbsolutePath): Promise<void> {
    await this.#lane.call('unpinNamespace', { path });
  }

  async namespaceKind(path: AbsolutePath): Promise<string | null> {
    return (await this.inspectNamespace(path))?.kind ?? null;
  }

  async inspectNamespace(path: AbsolutePath): Promise<NamespaceInfo | null> {
    return await this.#lane.call('inspectNamespace', { path });
  }

  async connectInside(netns: AbsolutePath, port: number, signal: AbortSignal): Promise<Fd> {
    return await connectLoopbackInside({
      port,
      signal,
      begin: (version) =>
        this.#lane.call('beginConnect', { netns, port, version }, { undoLate: (begun) => close(begun.fd) }),
    });
  }

  async openNetDev(netns: AbsolutePath): Promise<Fd> {
    return new OwnedFd(await this.#lane.call('openNetDev', { netns }, { undoLate: close }));
  }

  async mount(request: MountRequest): Promise<Mount> {
    return await this.#mounted(request.target, (undo) => this.#lane.call('mount', request, undo));
  }

  async bindMount(request: BindRequest): Promise<Mount> {
    return await this.#mounted(request.target, (undo) => this.#lane.call('bindMount', request, undo));
  }

  async mountOverlay(request: OverlayRequest): Promise<Mount> {
    return await this.#mounted(request.target, (undo) => this.#lane.call('mountOverlay', request, undo));
  }

  async #mounted(
    target: AbsolutePath,
    act: (undo: { readonly undoLate: () => Promise<void> }) => Promise<null>,
  ): Promise<Mount> {
    const mount = new PathMount(target, this.#unmountOnce);
    await act({ undoLate: () => mount.unmount() });
    return mount;
  }

  async moveMount(from: AbsolutePath, to: AbsolutePath): Promise<void> {
    await this.#lane.call('moveMount', { from, to });
  }

  async setPropagation(target: AbsolutePath, propagation: Propagation, isRecursive: boolean): Promise<void> {
    await this.#lane.call('setPropagation', { target, propagation, isRecursive });
  }

  async setMountFlags(
    target: AbsolutePath,
    flags: readonly MountFlag[],
    isRecursive: boolean,
  ): Promise<void> {
    await this.#lane.call('setMountFlags', { target, flags, isRecursive });
  }

  async unmountAll(target: AbsolutePath): Promise<void> {
    await unmountAll(target, this.#unmountOnce);
  }

  async detachAll(target: AbsolutePath): Promise<void> {
    await detachAll(target, this.#unmountOnce);
  }

  async mounts(): Promise<readonly MountEntry[]> {
    return await readMounts();
  }

  async openInRoot(
    root: AbsolutePath,
    path: string,
    options: { readonly flags: number; readonly mode?: number },
  ): Promise<Fd> {
    const order = { root, path, flags: options.flags, mode: options.mode ?? 0 };
    return new OwnedFd(await this.#lane.call('openInRoot', order, { undoLate: close }));
  }

  async makeDirectoryInRoot(root: AbsolutePath, path: string, attributes: NewDirectory): Promise<void> {
    await this.#lane.call('makeDirectoryInRoot', { root, path, ...attributes });
  }

  async labelTree(path: AbsolutePath, label: string): Promise<number> {
    return await this.#labelLane.call('labelTree', { path, label }, { timeoutMs: labelTimeoutMs });
  }

  async makeNode(path: AbsolutePath, node: NewNode): Promise<void> {
    await this.#lane.call('makeNode', { path, ...node });
  }

  async statFileSystem(path: AbsolutePath): Promise<FileSystemStats> {
    return await this.#slowLane.call('statFileSystem', { path });
  }

  async syncFileSystem(path: AbsolutePath): Promise<void> {
    await this.#slowLane.call('syncFileSystem', { path }, { timeoutMs: slowTimeoutMs });
  }

  async lockFile(path: AbsolutePath): Promise<Fd> {
    try {
      return new OwnedFd(await this.#lane.call('lockFile', { path }, { undoLate: close }));
    } catch (error) {
      // EAGAIN and EWOULDBLOCK are one number; flock(2) speaks of the latter.
      if (errnoOf(error) !== 'EAGAIN') throw error;
      throw new SyscallError({ call: 'flock', errno: 'EWOULDBLOCK', paths: [path] }, { cause: error });
    }
  }

  async sealedCopy(path: AbsolutePath): Promise<Fd> {
    return new OwnedFd(await sealedCopy(path));
  }

  openProcess(pid: number): ProcessHandle {
    return new PidfdHandle(pid);
  }

  spawn(request: SpawnRequest): number {
    return posixSpawn(request);
  }

  becomeSubreaper(): void {
    setChildSubreaper();
  }

  reap(pids: readonly number[]): readonly Reaped[] {
    return pids.flatMap((pid) => {
      const waitStatus = waitpidNohang(pid);
      return waitStatus === null ? [] : [{ pid, waitStatus }];
    });
  }

  pipe(): { readonly read: Fd; readonly write: Fd } {
    const { read, write } = pipe2();
    return { read: new OwnedFd(read), write: new OwnedFd(write) };
  }

  outputPipe(wishedBytes?: number): { readonly read: Fd; readonly write: Fd } {
    const { read, write } = pipe2();
    setNonBlocking(read);
    if (wishedBytes !== undefined) setPipeSize(read, wishedBytes);
    return { read: new OwnedFd(read), write: new OwnedFd(write) };
  }

  openFdMailbox(path: AbsolutePath): Promise<FdMailbox> {
    return new Promise((resolve) => resolve(new UnixFdMailbox(path)));
  }

  openSeccompNotifications(fd: Fd): SeccompNotifications {
    return new FilterNotifications(fd);
  }

  openTerminal(master: number): TerminalHandle {
    return new PtyHandle(master);
  }

  peerCredentials(fd: number): { readonly pid: number; readonly uid: number; readonly gid: number } {
    return peerCredentials(fd);
  }

  /** Ends the threads after the calls that run; whoever waits in the queue gets KernelClosed. */
  async close(): Promise<void> {
    await Promise.all([this.#lane.close(), this.#slowLane.close(), this.#labelLane.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
