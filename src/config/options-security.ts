/**
 * The `[security]` table: defaults of containers whose request says nothing. What a request says always wins.
 */
import { fixed, reloadable } from './option.ts';
import { capabilityKind, sysctlKind, ulimitKind } from './security-kinds.ts';
import { booleanKind, integer, listOf, optional, pathKind, textKind } from './value.ts';

export const securitySection = {
  // CRI-O's nine. NET_RAW is not among them: it lets a container forge packets on the pod network (ARP, DNS), so `ping`
  // as root needs it added, or `net.ipv4.ping_group_range` in default_sysctls. That sysctl has no default either: with it
  // a container from which NET_RAW was dropped could still ping, which critest holds against a runtime.
  defaultCapabilities: reloadable({
    key: 'default_capabilities',
    kind: listOf(capabilityKind),
    default: [
      'CAP_CHOWN',
      'CAP_DAC_OVERRIDE',
      'CAP_FSETID',
      'CAP_FOWNER',
      'CAP_SETGID',
      'CAP_SETUID',
      'CAP_SETPCAP',
      'CAP_NET_BIND_SERVICE',
      'CAP_KILL',
    ],
    description:
      'Capabilities of a container before those that its request adds and drops. They are never inheritable. NET_RAW is left out on purpose: with it a container can forge packets.',
  }),
  defaultUlimits: reloadable({
    key: 'default_ulimits',
    kind: listOf(ulimitKind),
    default: [],
    description: "Resource limits of every container; those not named are the daemon's own.",
  }),
  defaultSysctls: reloadable({
    key: 'default_sysctls',
    kind: listOf(sysctlKind),
    default: [],
    description: 'Set in every pod that has the namespace to which the sysctl belongs.',
  }),
  apparmorProfile: fixed({
    key: 'apparmor_profile',
    kind: textKind({
      expected: 'the name of an AppArmor profile',
      read: (text) => (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text) ? text : undefined),
    }),
    default: 'cri-ts-default',
    description:
      'The AppArmor profile behind RuntimeDefault, where the kernel has AppArmor. The default one is loaded by the daemon; any other has to be loaded by the administrator.',
  }),
  isSelinuxEnabled: fixed({
    key: 'enable_selinux',
    kind: booleanKind,
    default: false,
    description:
      'True: containers are labelled where the kernel has an SELinux policy. False: what requests say of SELinux is not applicable.',
  }),
  selinuxCategories: fixed({
    key: 'selinux_categories',
    kind: integer({ min: 32, max: 1024, unit: 'categories' }),
    default: 1024,
    description: 'How many MCS categories the policy has; each pod gets a pair of them of its own.',
  }),
  seccompProfile: reloadable({
    key: 'seccomp_profile',
    kind: optional(pathKind, 'the built-in profile'),
    default: null,
    description: 'The profile behind RuntimeDefault, as JSON of the OCI runtime specification.',
  }),
};
