/**
 * Our RuntimeDefault seccomp profile, computed for an architecture and the capabilities that a container holds. It holds
 * the rules that look at arguments; the tables of names are in `seccomp-syscalls.ts`.
 */
import type { OciSeccomp, OciSeccompArg, OciSyscallRule } from '../oci-spec.ts';
import { type Architecture, architectures, filteredArchitectures } from './architectures.ts';
import { allowedAlways, allowedWithCapability } from './seccomp-syscalls.ts';

/** Source: errno(3). */
const eperm = 1;
const enosys = 38;

/** Source: socket(2), address families. AF_ALG and AF_VSOCK reach kernel code and hosts that no container needs. */
const family = { alg: 38n, nfc: 39n, vsock: 40n } as const;

/** Every flag by which clone(2) makes a namespace (time namespaces need clone3 or unshare). Source: clone(2). */
const newNamespaceFlags =
  0x0002_0000n | // CLONE_NEWNS
  0x0200_0000n | // CLONE_NEWCGROUP
  0x0400_0000n | // CLONE_NEWUTS
  0x0800_0000n | // CLONE_NEWIPC
  0x1000_0000n | // CLONE_NEWUSER
  0x2000_0000n | // CLONE_NEWPID
  0x4000_0000n; // CLONE_NEWNET

/** PER_LINUX, PER_LINUX32, both with UNAME26, and the query. Source: personality(2). */
const personalities = [0x0n, 0x8n, 0x2_0000n, 0x2_0008n, 0xffff_ffffn] as const;

/** @param capabilities the container's bounding set, names with `CAP_` */
export function defaultSeccomp(architecture: Architecture, capabilities: readonly string[]): OciSeccomp {
  const isAdmin = capabilities.includes('CAP_SYS_ADMIN');
  const byCapability = capabilities.flatMap((name) => allowedWithCapability[name] ?? []);
  const { calls, cloneFlagsIndex } = architectures[architecture];
  const names = [...allowedAlways, ...calls, ...byCapability];
  const filtered = filteredArchitectures(architecture);
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: eperm,
    ...(filtered.length === 0 ? {} : { architectures: filtered }),
    syscalls: [
      { names: [...new Set(names)].sort(), action: 'SCMP_ACT_ALLOW' },
      ...socketRules(),
      ...personalities.map((value) => allow('personality', { index: 0, value, op: 'SCMP_CMP_EQ' })),
      ...(isAdmin ? [] : unprivilegedCloneRules(cloneFlagsIndex)),
    ],
  };
}

/** Every family but AF_ALG and AF_VSOCK; several conditions on one argument must be several rules. */
function socketRules(): readonly OciSyscallRule[] {
  return [
    allow('socket', { index: 0, value: family.alg, op: 'SCMP_CMP_LT' }),
    allow('socket', { index: 0, value: family.nfc, op: 'SCMP_CMP_EQ' }),
    allow('socket', { index: 0, value: family.vsock, op: 'SCMP_CMP_GT' }),
  ];
}

/** clone only without namespace flags; clone3 hides its flags from a filter, so libc must fall back (ENOSYS). */
function unprivilegedCloneRules(index: 0 | 1): readonly OciSyscallRule[] {
  return [
    allow('clone', { index, value: newNamespaceFlags, valueTwo: 0n, op: 'SCMP_CMP_MASKED_EQ' }),
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: enosys },
  ];
}

function allow(name: string, arg: OciSeccompArg): OciSyscallRule {
  return { names: [name], action: 'SCMP_ACT_ALLOW', args: [arg] };
}
