/**
 * Sysctls of the namespaces that the kernel thread is in.
 */
import { writeSync } from 'node:fs';
import { errnoOf, SyscallError } from '../../base/errors.ts';
import { close, openat, openat2, statx } from '../calls/file-calls.ts';
import { setThreadEffectiveUid } from '../calls/namespace-calls.ts';
import { atFdcwd, openFlag } from '../linux-constants.ts';
import type { SysctlWrite } from '../sysctls.ts';
import { ThreadPoisoned } from './host-namespaces.ts';

/**
 * Writes below /proc/sys as this thread sees it: net, ipc and uts settings are those of its namespaces.
 * @throws SyscallError, ThreadPoisoned
 */
export function writeSysctls(sysctls: readonly SysctlWrite[]): void {
  if (sysctls.length === 0) return;
  const root = openat(atFdcwd, '/proc/sys', { flags: openFlag.path | openFlag.directory });
  try {
    for (const sysctl of sysctls) writeAsOwner(root, sysctl);
  } finally {
    close(root);
  }
}

/**
 * IPC settings may be written by their owner only, and not by the root of the host when a user namespace owns them. Each
 * belongs to the root of that namespace, so the thread becomes that user for a moment. Source: ipc_namespaces(7).
 */
function writeAsOwner(root: number, sysctl: SysctlWrite): void {
  const { uid } = statx(root, sysctl.path);
  if (sysctl.kind !== 'ipc' || uid === 0) {
    writeSysctl(root, sysctl);
    return;
  }
  setThreadEffectiveUid(uid);
  try {
    writeSysctl(root, sysctl);
  } finally {
    becomeRoot();
  }
}

/** @throws ThreadPoisoned */
function becomeRoot(): void {
  try {
    setThreadEffectiveUid(0);
  } catch (cause) {
    throw new ThreadPoisoned('the kernel thread could not become root again', { cause });
  }
}

function writeSysctl(root: number, { name, path, value }: SysctlWrite): void {
  const resolve = ['beneath', 'noSymlinks', 'noXdev'] as const;
  const fd = openat2(root, path, { flags: openFlag.writeOnly | openFlag.noctty, resolve });
  try {
    const content = Buffer.from(value);
    if (writeSync(fd, content) !== content.length)
      throw new SyscallError({ call: 'write', errno: 'EINVAL', paths: [name] });
  } catch (cause) {
    if (cause instanceof SyscallError) throw cause;
    throw new SyscallError({ call: 'write', errno: errnoOf(cause) ?? 'EIO', paths: [name] }, { cause });
  } finally {
    close(fd);
  }
}
