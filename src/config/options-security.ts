/**
 * The `[security]` table: defaults of containers whose request says nothing. What a request says always wins.
 */
import { defaultCapabilities } from '../spec/capability-names.ts';
import { fixed, reloadable } from './option.ts';
import { capabilityKind, sysctlKind, ulimitKind } from './security-kinds.ts';
import { booleanKind, integer, listOf, optional, pathKind, textKind } from './value.ts';

export const securitySection = {
  defaultCapabilities: reloadable({
    key: 'default_capabilities',
    kind: listOf(capabilityKind),
    default: defaultCapabilities,
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
