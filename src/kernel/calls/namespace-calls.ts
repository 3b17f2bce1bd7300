/**
 * Namespace calls, synchronous, named as their man page. For the kernel thread only: they change the thread that makes
 * them.
 */
import { fstatfs } from './attribute-calls.ts';
import { close, openat, statx } from './file-calls.ts';
import { atFdcwd, cloneFlag, openFlag } from '../linux-constants.ts';
import { check, libc, syscall } from '../linux.ts';

/** All kinds that Linux has, by the names of /proc/PID/ns. Source: namespaces(7). */
export type AnyNamespaceKind = Exclude<keyof typeof cloneFlag, 'fs' | 'ns'> | 'mnt';

const flagOfKind: Readonly<Record<AnyNamespaceKind, number>> = {
  net: cloneFlag.net,
  ipc: cloneFlag.ipc,
  uts: cloneFlag.uts,
  mnt: cloneFlag.ns,
  cgroup: cloneFlag.cgroup,
  user: cloneFlag.user,
  pid: cloneFlag.pid,
  time: cloneFlag.time,
};
const kindOfFlag = new Map(Object.entries(flagOfKind).map(([kind, flag]) => [flag, kind]));

/** Moves this thread into new namespaces, all or none. Source: unshare(2). */
export function unshare(kinds: readonly AnyNamespaceKind[]): void {
  check(libc.unshare(kinds.reduce((bits, kind) => bits | flagOfKind[kind], 0)), 'unshare', ...kinds);
}

/** Moves this thread into a namespace; it must be of that kind. Source: setns(2). */
export function setns(fd: number, kind: AnyNamespaceKind): void {
  check(libc.setns(fd, flagOfKind[kind]), 'setns', kind);
}

/** The effective user id of this thread alone. Source: setresuid(2). */
export function setThreadEffectiveUid(uid: number): void {
  // The wrapper of libc would change all threads. -1 leaves an id as it is.
  syscall('setresuid', [-1, uid, -1]);
}

/** In the UTS namespace of this thread. Source: sethostname(2). */
export function sethostname(name: string): void {
  check(libc.sethostname(name, BigInt(Buffer.byteLength(name))), 'sethostname', name);
}

/** The namespaces of this thread, as paths. Source: proc_pid_ns(5). */
export function threadNamespacePath(kind: AnyNamespaceKind): string {
  return `/proc/thread-self/ns/${kind}`;
}

/** What a namespace file is. The inode (on nsfs, of which there is one) names the namespace while it is held. */
export type NamespaceIdentity = { readonly kind: string; readonly inode: bigint };

/** Source: statfs(2), NSFS_MAGIC. */
const nsfsMagic = 0x6e736673n;
/** Source: ioctl_nsfs(2), NS_GET_NSTYPE. */
const getNamespaceType = 0xb703n;

/** What the file at a path is, if it is a namespace; null for any other file, which is not opened for that. */
export function identifyNamespace(path: string): NamespaceIdentity | null {
  // O_PATH first: opening a FIFO or a device to ask what it is could block or act.
  const handle = openat(atFdcwd, path, { flags: openFlag.path });
  try {
    if (fstatfs(handle).type !== nsfsMagic) return null;
    const fd = openat(atFdcwd, `/proc/thread-self/fd/${handle}`, { flags: openFlag.readOnly });
    try {
      const flag = check(libc.ioctl(fd, getNamespaceType, null), 'ioctl', path);
      return { kind: kindOfFlag.get(flag) ?? 'unknown', inode: statx(fd, '').inode };
    } finally {
      close(fd);
    }
  } finally {
    close(handle);
  }
}

/** Source: netdevice(7), SIOCGIFFLAGS and SIOCSIFFLAGS. */
const getInterfaceFlags = 0x8913n;
const setInterfaceFlags = 0x8914n;
const interfaceUp = 1;

/** Sets the loopback interface up, in the network namespace of this thread. Source: netdevice(7). */
export function raiseLoopback(): void {
  // AF_INET, SOCK_DGRAM | SOCK_CLOEXEC
  const fd = check(libc.socket(2, 2 | openFlag.cloexec, 0), 'socket');
  try {
    const request = Buffer.alloc(40);
    request.write('lo', 0, 'latin1');
    check(libc.ioctl(fd, getInterfaceFlags, request), 'ioctl', 'lo');
    request.writeInt16LE(request.readInt16LE(16) | interfaceUp, 16);
    check(libc.ioctl(fd, setInterfaceFlags, request), 'ioctl', 'lo');
  } finally {
    close(fd);
  }
}
