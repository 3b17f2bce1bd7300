/**
 * Which sysctls a pod may have, and where each lies below /proc/sys. Pure. The names and values come from pods: what is
 * not known to belong to a namespace is refused, so that no pod can write a setting of the host (CVE-2022-0811,
 * CVE-2022-0532).
 */
import { invalid } from '../base/errors.ts';
import type { NamespaceKind, NamespaceRequest } from './contract/namespaces.ts';

export type SysctlWrite = {
  readonly name: string;
  /** Relative to /proc/sys, without a dot component. */
  readonly path: string;
  readonly value: string;
  /** The namespace that it belongs to. */
  readonly kind: NamespaceKind;
};

const maxNameBytes = 256;
const maxValueBytes = 4096;
const maxSysctls = 256;

/** A component of a name: neither `.` nor `..`, no slash, nothing that a shell or a config syntax knows. */
const component = /^(?!\.{1,2}$)[A-Za-z0-9_@:.-]+$/;
/** Printable ASCII, so no control character at all: a value is one line. Tabs separate numbers (tcp_rmem): as spaces. */
const valueForm = /^[\x20-\x7e]*$/;

/** Names below these prefixes belong to one namespace each. Source: sysctl(8), ipc_namespaces(7), network_namespaces(7). */
const owners: readonly (readonly [form: RegExp, kind: NamespaceKind])[] = [
  [/^net\/./, 'net'],
  [/^kernel\/(?:shm|msg)[a-z_]+$/, 'ipc'],
  [/^kernel\/sem$/, 'ipc'],
  [/^fs\/mqueue\/[a-z_]+$/, 'ipc'],
  [/^kernel\/domainname$/, 'uts'],
];

/**
 * Checks all sysctls of a request.
 * @throws InvalidSysctl form of a name or value, or too many; SysctlNotNamespaced a setting of the whole machine;
 *   SysctlOfHost the pod uses the host's namespace of that kind
 */
export function planSysctls(
  sysctls: NamespaceRequest['sysctls'],
  kinds: ReadonlySet<NamespaceKind>,
): readonly SysctlWrite[] {
  if (sysctls.length > maxSysctls)
    throw invalid('InvalidSysctl', `${sysctls.length} sysctls: expected at most ${maxSysctls}`);
  return sysctls.map(([name, value]) => {
    const path = sysctlPath(name);
    const kind = owners.find(([form]) => form.test(path))?.[1];
    if (kind === undefined) {
      throw invalid(
        'SysctlNotNamespaced',
        `sysctl ${quote(name)}: expected one of net.*, kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.*, kernel.domainname`,
      );
    }
    if (!kinds.has(kind))
      throw invalid('SysctlOfHost', `sysctl ${quote(name)}: the pod has no ${kind} namespace of its own`);
    return { name, path, value: checkedValue(name, value), kind };
  });
}

/**
 * `net.ipv4.conf.eth0/100.forwarding` and `net/ipv4/conf/eth0.100/forwarding` are the same: the first separator tells
 * which character separates. Source: sysctl(8).
 * @throws InvalidSysctl
 */
function sysctlPath(name: string): string {
  const separator = /[./]/.exec(name)?.[0];
  const components = (separator === '.' ? name.split('.') : name.split('/')).map((part) =>
    separator === '.' ? part.replaceAll('/', '.') : part,
  );
  const isWellFormed =
    separator !== undefined &&
    name.length <= maxNameBytes &&
    components.every((part) => component.test(part));
  if (!isWellFormed)
    throw invalid('InvalidSysctl', `sysctl ${quote(name)}: expected a name such as "net.ipv4.ip_forward"`);
  return components.join('/');
}

function checkedValue(name: string, value: string): string {
  const spaced = value.replaceAll('\t', ' ');
  if (spaced.length > maxValueBytes || !valueForm.test(spaced)) {
    throw invalid(
      'InvalidSysctl',
      `sysctl ${quote(name)}: value ${quote(value)}: expected one line of printable ASCII`,
    );
  }
  return spaced;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

/** @throws InvalidHostname unless it is 1 to 64 bytes without control characters. Source: sethostname(2). */
export function checkHostname(hostname: string): void {
  if (!/^[\x21-\x7e]{1,64}$/.test(hostname))
    throw invalid(
      'InvalidHostname',
      `hostname ${quote(hostname)}: expected 1 to 64 printable ASCII characters`,
    );
}
