/**
 * Namespaces, as the kernel thread makes them. The thread visits a new namespace and always comes back; if it cannot, it
 * says so by ThreadPoisoned and is replaced, so that no later call acts in somebody's namespace by mistake.
 *
 *   host ──pin files──▶ host ──unshare──▶ new: lo up, hostname, sysctls, bind mounts ──setns──▶ host ──verify──▶ done
 *                                            └── any failure ──setns──▶ host: umount and remove what was pinned
 *
 * Namespaces that a user namespace owns are made by a process of their own, the holder, and only entered here (setns in
 * the place of unshare): a process with several threads cannot make a user namespace, nor enter one.
 */
import { errnoOf, SyscallError } from '../../base/errors.ts';
import type { NamespaceInfo, NamespaceKind } from '../contract/namespaces.ts';
import { close, openat, unlinkat } from '../calls/file-calls.ts';
import { mount, umount2 } from '../calls/mount-calls.ts';
import { atFdcwd, mountFlagBits, openFlag } from '../linux-constants.ts';
import {
  identifyNamespace,
  raiseLoopback,
  sethostname,
  setns,
  threadNamespacePath,
  unshare,
} from '../calls/namespace-calls.ts';
import { connectLoopback, tcpSocket } from '../calls/socket-calls.ts';
import type { SysctlWrite } from '../sysctls.ts';
import type { HostNamespaces } from './host-namespaces.ts';
import { writeSysctls } from './thread-sysctls.ts';

export type NamespaceOrder = {
  readonly pins: readonly { readonly kind: NamespaceKind; readonly path: string }[];
  /** A process that lives in the namespaces; null: they are made. */
  readonly holder: number | null;
  readonly hostname: string | null;
  /** Checked by `planSysctls`. */
  readonly sysctls: readonly SysctlWrite[];
};

/** Creates, configures and pins namespaces, all or nothing. @throws SyscallError, ThreadPoisoned */
export function createNamespaces(host: HostNamespaces, order: NamespaceOrder): null {
  const kinds = order.pins.map((pin) => pin.kind).filter((kind) => kind !== 'user');
  const { holder } = order;
  const pinned: string[] = [];
  try {
    for (const { path } of order.pins) {
      makePinFile(path);
      pinned.push(path);
    }
    host.visit(
      kinds,
      () => (holder === null ? unshare(kinds) : enterAll(holder, kinds)),
      () => configureAndPin(order),
    );
    for (const { kind, path } of order.pins) verifyPin(host, kind, path);
    return null;
  } catch (error) {
    for (const path of pinned) unpinNamespace(path);
    throw error;
  }
}

function enterAll(holder: number, kinds: readonly NamespaceKind[]): void {
  for (const kind of kinds) {
    const fd = openat(atFdcwd, namespacePath(holder, kind), { flags: openFlag.readOnly });
    try {
      setns(fd, kind);
    } finally {
      close(fd);
    }
  }
}

function namespacePath(holder: number | null, kind: NamespaceKind): string {
  return holder === null ? threadNamespacePath(kind) : `/proc/${holder}/ns/${kind}`;
}

function configureAndPin(order: NamespaceOrder): void {
  if (order.pins.some((pin) => pin.kind === 'net')) raiseLoopback();
  if (order.hostname !== null) sethostname(order.hostname);
  writeSysctls(order.sysctls);
  for (const { kind, path } of order.pins)
    mount({ source: namespacePath(order.holder, kind), target: path, flags: mountFlagBits.bind });
}

function makePinFile(path: string): void {
  const flags = openFlag.readOnly | openFlag.create | openFlag.exclusive | openFlag.nofollow;
  close(openat(atFdcwd, path, { flags, mode: 0o600 }));
}

/** A pin must be a namespace of its kind and never the host's (CVE-2019-14891). */
function verifyPin(host: HostNamespaces, kind: NamespaceKind, path: string): void {
  const identity = identifyNamespace(path);
  if (identity?.kind === kind && !host.isHost(kind, identity.inode)) return;
  throw new SyscallError({ call: 'verify-namespace', errno: 'EINVAL', paths: [path] });
}

/** Unpins, stacked pins included, and removes the file; nothing there is success. */
export function unpinNamespace(path: string): null {
  // Detached: a reader of the file must not keep the pin, and a namespace holds no data to be flushed.
  for (let tries = 0; tries < 64; tries += 1) if (!isDone(() => umount2(path, true))) break;
  isDone(() => unlinkat(atFdcwd, path));
  return null;
}

/** False when there was nothing to do: no such file, or not mounted. */
function isDone(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'EINVAL' || errno === 'ENOTDIR') return false;
    throw error;
  }
}

/** What the file at a path is; null: no namespace, or nothing there. */
export function inspectNamespace(host: HostNamespaces, path: string): NamespaceInfo | null {
  try {
    const identity = identifyNamespace(path);
    return identity && { ...identity, isHost: host.isHost(identity.kind, identity.inode) };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
    throw error;
  }
}

export type ConnectOrder = {
  readonly netns: string;
  readonly port: number;
  readonly version: 'ipv4' | 'ipv6';
};

/** Begins to connect from inside a network namespace; a socket stays in the namespace that it was made in. */
export function beginConnect(
  host: HostNamespaces,
  order: ConnectOrder,
): { fd: number; isConnected: boolean } {
  const fd = openInside(host, order.netns, () => tcpSocket(order.version));
  try {
    return { fd, isConnected: connectLoopback(fd, order.version, order.port) };
  } catch (error) {
    close(fd);
    throw error;
  }
}

/** Counters of the interfaces of a network namespace: the file belongs to the namespace that it was opened in. */
export function openNetDev(host: HostNamespaces, netns: string): number {
  return openInside(host, netns, () =>
    openat(atFdcwd, '/proc/thread-self/net/dev', { flags: openFlag.readOnly }),
  );
}

/** Opens something while the thread is inside a network namespace. @throws SyscallError EINVAL: it is none */
function openInside(host: HostNamespaces, path: string, open: () => number): number {
  if (identifyNamespace(path)?.kind !== 'net')
    throw new SyscallError({ call: 'setns', errno: 'EINVAL', paths: [path] });
  const netns = openat(atFdcwd, path, { flags: openFlag.readOnly });
  let fd: number | null = null;
  try {
    fd = host.visit(
      ['net'],
      () => setns(netns, 'net'),
      () => (fd = open()),
    );
    return fd;
  } catch (error) {
    // Opened, and then no way back to the host.
    if (fd !== null) close(fd);
    throw error;
  } finally {
    close(netns);
  }
}
