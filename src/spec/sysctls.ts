/**
 * Sysctls that belong to a pod: which names are namespaced, by which namespace, and what a name and a value may be made of.
 * Everything else is the node's and refused (CVE-2022-0811, CVE-2022-0532).
 * Source: namespaces(7), ipc_namespaces(7); Kubernetes, using sysctls in a cluster.
 */
import { invalid } from '../base/errors.ts';
import { shown } from './text.ts';

/** Namespaced by IPC, beside everything under `fs.mqueue.`. Source: ipc_namespaces(7). */
const ipcNames = new Set([
  'kernel.msgmax',
  'kernel.msgmnb',
  'kernel.msgmni',
  'kernel.sem',
  'kernel.shmall',
  'kernel.shmmax',
  'kernel.shmmni',
  'kernel.shm_rmid_forced',
]);

/** Dotted form. A part cannot hold a dot or a slash, so no name leads out of its directory in /proc/sys. */
const nameForm = /^[a-z0-9][a-z0-9_-]*(?:\.[a-zA-Z0-9_-]+){1,8}$/;
/** Values are numbers and words; no separator of any program that might read them, no newline. */
const valueForm = /^[a-zA-Z0-9 \t_.,:/-]*$/;
const maxNameBytes = 253;
const maxValueBytes = 1024;

/** The namespace that owns a dotted name, or null for a sysctl of the whole node. */
export function sysctlNamespace(name: string): 'net' | 'ipc' | null {
  if (name.startsWith('net.')) return 'net';
  if (name.startsWith('fs.mqueue.') || ipcNames.has(name)) return 'ipc';
  return null;
}

/** A name in dotted form; slashes (`net/ipv4/ip_forward`) are accepted as separators when there is no dot. */
function dotted(name: string): string {
  return name.includes('.') ? name : name.replaceAll('/', '.');
}

/**
 * @param isOwn whether the pod owns the namespace of that kind
 * @throws InvalidSysctl
 */
export function parseSysctl(
  name: string,
  value: string,
  isOwn: Readonly<Record<'net' | 'ipc', boolean>>,
): readonly [name: string, value: string] {
  const what = `sysctl ${shown(name)}`;
  const dottedName = dotted(name);
  if (dottedName.length > maxNameBytes || !nameForm.test(dottedName))
    throw invalid('InvalidSysctl', `${what}: expected a dotted name such as "net.ipv4.ip_forward"`);
  if (value.length > maxValueBytes || !valueForm.test(value))
    throw invalid('InvalidSysctl', `${what}: expected a value of letters, digits, spaces and "_.,:/-"`);
  const namespace = sysctlNamespace(dottedName);
  if (namespace === null)
    throw invalid(
      'InvalidSysctl',
      `${what} belongs to the whole node: expected one of a network or IPC namespace`,
    );
  if (!isOwn[namespace])
    throw invalid(
      'InvalidSysctl',
      `${what}: the pod uses the host's ${namespace === 'net' ? 'network' : 'IPC'} namespace`,
    );
  return [dottedName, value];
}
