/**
 * A Kernel for tests of stories. Namespaces, mounts and processes are bookkeeping; files, pipes and mailboxes are real (of
 * the temporary directories of a test), so that code which reads and writes them works. `ledger()` tells what was not
 * given back; `inject()` makes a call fail. It passes the same contract tests as the real kernel.
 */
import { openSync, statSync } from 'node:fs';
import { errnoOf, SyscallError } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import { fakeFacts, FakeLedger, type FakeMethod, type Injection, LedgerFd } from './fake-ledger.ts';
import { FakeMounts, type FakeMountRequest } from './fake-mounts.ts';
import { FakeNamespaces } from './fake-namespaces.ts';
import { type FakeProcess, FakeProcesses } from './fake-processes.ts';
import { UnixFdMailbox } from '../handles/fd-mailbox.ts';
import type { KernelFacts } from '../contract/facts.ts';
import type {
  Fd,
  FdMailbox,
  FileSystemStats,
  NewDirectory,
  NewNode,
  TerminalHandle,
} from '../contract/files.ts';
import type {
  BindRequest,
  Mount,
  MountEntry,
  MountFlag,
  MountRequest,
  OverlayRequest,
  Propagation,
} from '../contract/mounts.ts';
import type { NamespaceInfo, NamespaceRequest, PinnedNamespaces } from '../contract/namespaces.ts';
import type { ProcessHandle, Reaped, SeccompNotifications, SpawnRequest } from '../contract/processes.ts';
import type { Kernel } from '../kernel.ts';
import { orderNamespaces, PinnedByMounts } from '../pinned-namespaces.ts';
import { sealedCopy } from '../sealed-copy.ts';
import { peerCredentials, pipe2, setNonBlocking, tcpSocket } from '../calls/socket-calls.ts';
import { PtyHandle } from '../handles/terminal-handle.ts';
import * as files from '../thread/thread-files.ts';

export class FakeKernel implements Kernel {
  readonly #ledger = new FakeLedger();
  readonly #mounts = new FakeMounts(this.#ledger);
  readonly #processes = new FakeProcesses(this.#ledger);
  readonly #namespaces = new FakeNamespaces(this.#ledger);
  /** True after `becomeSubreaper`. */
  isSubreaper = false;

  /** What is alive, one line each; `[]` at the end of every test. */
  ledger(): readonly string[] {
    return this.#ledger.alive();
  }

  /** The n-th call of a method from now on fails. */
  inject(injection: Injection): void {
    this.#ledger.inject(injection);
  }

  /** The methods called so far, in order. */
  get calls(): readonly FakeMethod[] {
    return this.#ledger.calls;
  }

  /** Makes a process that `openProcess` finds; the test ends it. */
  startProcess(pid: number): FakeProcess {
    return this.#processes.start(pid);
  }

  async facts(): Promise<KernelFacts> {
    this.#ledger.enter('facts');
    return fakeFacts;
  }

  async createNamespaces(request: NamespaceRequest): Promise<PinnedNamespaces> {
    const order = orderNamespaces(request);
    this.#ledger.enter('createNamespaces', ...order.pins.map((pin) => pin.path));
    this.#namespaces.create(order);
    return new PinnedByMounts(request.pins, (path) => this.unpinNamespace(path));
  }

  async unpinNamespace(path: AbsolutePath): Promise<void> {
    this.#ledger.enter('unpinNamespace', path);
    this.#namespaces.unpin(path);
  }

  async namespaceKind(path: AbsolutePath): Promise<string | null> {
    this.#ledger.enter('namespaceKind', path);
    return this.#namespaces.inspect(path)?.kind ?? null;
  }

  async inspectNamespace(path: AbsolutePath): Promise<NamespaceInfo | null> {
    this.#ledger.enter('inspectNamespace', path);
    return this.#namespaces.inspect(path);
  }

  /** A socket that is connected to nothing. */
  async connectInside(netns: AbsolutePath, _port: number, signal: AbortSignal): Promise<Fd> {
    signal.throwIfAborted();
    this.#ledger.enter('connectInside', netns);
    this.#namespaces.mustBeNet(netns);
    return this.#fd('connectInside', netns, tcpSocket('ipv4'));
  }

  /** That of the test's own namespace. */
  async openNetDev(netns: AbsolutePath): Promise<Fd> {
    this.#ledger.enter('openNetDev', netns);
    this.#namespaces.mustBeNet(netns);
    return this.#fd('openNetDev', netns, openSync('/proc/self/net/dev', 'r'));
  }

  async mount(request: MountRequest): Promise<Mount> {
    this.#ledger.enter('mount', request.source, request.target);
    return this.#mount({ ...request, call: 'mount', directories: [] });
  }

  async bindMount(request: BindRequest): Promise<Mount> {
    this.#ledger.enter('bindMount', request.source, request.target);
    return this.#mount({ ...request, call: 'open_tree', type: 'none', directories: [request.source] });
  }

  async mountOverlay(request: OverlayRequest): Promise<Mount> {
    this.#ledger.enter('mountOverlay', request.target);
    const { lowerDirs, writable, target, flags } = request;
    const directories = writable === undefined ? lowerDirs : [writable.upperDir, ...lowerDirs];
    const all: readonly MountFlag[] = writable === undefined ? [...flags, 'ro'] : flags;
    return this.#mount({
      call: 'fsconfig',
      source: 'overlay',
      type: 'overlay',
      target,
      flags: all,
      directories,
    });
  }

  #mount(request: FakeMountRequest & { readonly target: AbsolutePath }): Mount {
    const id = this.#mounts.add(request);
    const unmount = async (): Promise<void> => this.#mounts.remove(id);
    return { target: request.target, unmount, [Symbol.asyncDispose]: unmount };
  }

  async moveMount(from: AbsolutePath, to: AbsolutePath): Promise<void> {
    this.#ledger.enter('moveMount', from, to);
    this.#mounts.move(from, to);
  }

  async setPropagation(target: AbsolutePath, propagation: Propagation, _isRecursive: boolean): Promise<void> {
    this.#ledger.enter('setPropagation', target);
    this.#mounts.setPropagation(target, propagation);
  }

  async setMountFlags(
    target: AbsolutePath,
    flags: readonly MountFlag[],
    _isRecursive: boolean,
  ): Promise<void> {
    this.#ledger.enter('setMountFlags', target);
    this.#mounts.setFlags(target, flags);
  }

  async unmountAll(target: AbsolutePath): Promise<void> {
    this.#ledger.enter('unmountAll', target);
    this.#mounts.removeBelow(target);
  }

  async detachAll(target: AbsolutePath): Promise<void> {
    this.#ledger.enter('detachAll', target);
    this.#mounts.removeBelow(target);
  }

  async mounts(): Promise<readonly MountEntry[]> {
    this.#ledger.enter('mounts');
    return this.#mounts.entries();
  }

  async openInRoot(
    root: AbsolutePath,
    path: string,
    options: { readonly flags: number; readonly mode?: number },
  ): Promise<Fd> {
    this.#ledger.enter('openInRoot', root, path);
    const open = (directory: string): number =>
      files.openInRoot({ root: directory, path, flags: options.flags, mode: options.mode ?? 0 });
    return this.#fd('openInRoot', `${root} ${path}`, firstThatHas(this.#mounts.directoriesOf(root), open));
  }

  async makeDirectoryInRoot(root: AbsolutePath, path: string, attributes: NewDirectory): Promise<void> {
    this.#ledger.enter('makeDirectoryInRoot', root, path);
    files.makeDirectoryInRoot({ root: this.#mounts.directoriesOf(root)[0] ?? root, path, ...attributes });
  }

  /** Nothing has a label here: every call would label one file. */
  async labelTree(path: AbsolutePath, _label: string): Promise<number> {
    this.#ledger.enter('labelTree', path);
    return 1;
  }

  async makeNode(path: AbsolutePath, node: NewNode): Promise<void> {
    this.#ledger.enter('makeNode', path);
    files.makeNode({ path, ...node });
  }

  async statFileSystem(path: AbsolutePath): Promise<FileSystemStats> {
    this.#ledger.enter('statFileSystem', path);
    return files.statFileSystem({ path });
  }

  async syncFileSystem(path: AbsolutePath): Promise<void> {
    this.#ledger.enter('syncFileSystem', path);
    statSync(path);
  }

  async lockFile(path: AbsolutePath): Promise<Fd> {
    this.#ledger.enter('lockFile', path);
    try {
      return this.#fd('lockFile', path, files.lockFile({ path }));
    } catch (error) {
      if (errnoOf(error) !== 'EAGAIN') throw error;
      throw new SyscallError({ call: 'flock', errno: 'EWOULDBLOCK', paths: [path] }, { cause: error });
    }
  }

  async sealedCopy(path: AbsolutePath): Promise<Fd> {
    this.#ledger.enter('sealedCopy', path);
    return this.#fd('sealedCopy', path, await sealedCopy(path));
  }

  openProcess(pid: number): ProcessHandle {
    this.#ledger.enter('openProcess', `pid ${pid}`);
    return this.#processes.open(pid);
  }

  /** Starts the real program, which stays in the ledger until it has been reaped. */
  spawn(request: SpawnRequest): number {
    this.#ledger.enter('spawn', request.argv[0]);
    return this.#processes.spawn(request);
  }

  becomeSubreaper(): void {
    this.#ledger.enter('becomeSubreaper');
    this.isSubreaper = true;
  }

  reap(pids: readonly number[]): readonly Reaped[] {
    this.#ledger.enter('reap');
    return this.#processes.reap(pids);
  }

  outputPipe(): { readonly read: Fd; readonly write: Fd } {
    this.#ledger.enter('outputPipe');
    const { read, write } = pipe2();
    setNonBlocking(read);
    return {
      read: this.#fd('outputPipe', 'read', read),
      write: this.#fd('outputPipe', 'write', write),
    };
  }

  pipe(): { readonly read: Fd; readonly write: Fd } {
    this.#ledger.enter('pipe');
    const { read, write } = pipe2();
    return { read: this.#fd('pipe', 'read', read), write: this.#fd('pipe', 'write', write) };
  }

  async openFdMailbox(path: AbsolutePath): Promise<FdMailbox> {
    this.#ledger.enter('openFdMailbox', path);
    const mailbox = new UnixFdMailbox(path);
    const strike = this.#ledger.add(`mailbox ${path}`);
    const close = async (): Promise<void> => {
      strike();
      await mailbox.close();
    };
    return {
      path,
      receive: async (signal) => this.#fd('receive', path, (await mailbox.receive(signal)).release()),
      send: (fd, signal) => mailbox.send(fd, signal),
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  /** Nobody asks. */
  openSeccompNotifications(fd: Fd): SeccompNotifications {
    this.#ledger.enter('openSeccompNotifications');
    const close = (): void => fd.close();
    return { next: () => null, refuse: () => undefined, close, [Symbol.dispose]: close };
  }

  openTerminal(master: number): TerminalHandle {
    this.#ledger.enter('openTerminal');
    const handle = new PtyHandle(master);
    const strike = this.#ledger.add('terminal');
    const close = (): void => {
      strike();
      handle.close();
    };
    const { number } = handle;
    return {
      number,
      setSize: (width, height) => handle.setSize(width, height),
      close,
      [Symbol.dispose]: close,
    };
  }

  peerCredentials(fd: number): { readonly pid: number; readonly uid: number; readonly gid: number } {
    this.#ledger.enter('peerCredentials');
    return peerCredentials(fd);
  }

  #fd(method: FakeMethod | 'receive', what: string, number: number): Fd {
    return new LedgerFd(number, this.#ledger.add(`fd ${method} ${what}`));
  }

  /** Nothing runs behind it; what is in the ledger stays there, to be seen. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
  }
}

function firstThatHas(directories: readonly string[], open: (directory: string) => number): number {
  for (const directory of directories.slice(0, -1)) {
    try {
      return open(directory);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
  return open(directories.at(-1) ?? '/');
}
