/**
 * The seccomp notifier: a profile that asks the daemon where it would refuse, so that somebody can see which system calls a
 * container wants. The daemon refuses all the same. It is asked for by an annotation of the pod, which the handler must allow.
 * Source: seccomp_unotify(2); OCI config-linux.md, seccomp, listenerPath; CRI-O's annotation of the same name.
 */
import { invalid } from '../../base/errors.ts';
import type { OciSeccomp, OciSyscallRule } from '../oci-spec.ts';
import type { TextMap } from '../text-map.ts';
import type { Architecture } from './architectures.ts';
import { neverAsked } from './seccomp-profile.ts';
import { knownSyscalls } from './syscall-numbers.ts';
import { shown } from '../text.ts';

/** As in CRI-O. */
export const notifierAnnotation = 'seccomp-notifier-action.crio.io';

/** `log`: the calls are logged and counted. `stop`: the container is ended a moment after the first one. */
export type NotifierAction = 'log' | 'stop';

/** @param allowed annotation names of the handler's configuration. @returns null for no notifier. @throws InvalidAnnotation */
export function parseNotifierAction(annotations: TextMap, allowed: readonly string[]): NotifierAction | null {
  const value = annotations[notifierAnnotation];
  if (value === undefined || !allowed.includes(notifierAnnotation)) return null;
  if (value === 'log' || value === 'stop') return value;
  throw invalid(
    'InvalidAnnotation',
    `annotation ${notifierAnnotation} ${shown(value)}: expected "log" or "stop"`,
  );
}

const eperm = 1;

export type Notifying = {
  readonly seccomp: OciSeccomp;
  /** What the daemon answers. Source: errno(3). */
  readonly errno: number;
};

/**
 * The profile with a question in the place of each plain refusal: system calls that no rule names, and rules that refuse
 * with the profile's own errno. Other refusals tell a program something (clone3: ENOSYS) and stay; so do those that
 * look at arguments, since a question cannot stand beside an allowance of the same call.
 * @throws InvalidAnnotation when the profile has a listener of its own
 */
export function notifyRefusals(
  profile: OciSeccomp,
  listenerPath: string,
  architecture: Architecture,
): Notifying {
  if (profile.listenerPath !== undefined)
    throw invalid(
      'InvalidAnnotation',
      `annotation ${notifierAnnotation}: expected a seccomp profile without a listener of its own, it has ${shown(profile.listenerPath)}`,
    );
  const errno = profile.defaultErrnoRet ?? eperm;
  const named = new Set(profile.syscalls.flatMap(({ names }) => names));
  const isRefusing = profile.defaultAction === 'SCMP_ACT_ERRNO';
  const unnamed = isRefusing
    ? knownSyscalls(architecture).filter((name) => !named.has(name) && !neverAsked.has(name))
    : [];
  const rules = profile.syscalls.map((rule) =>
    isPlainRefusal(rule, errno) ? { names: rule.names, action } : rule,
  );
  const more = unnamed.length === 0 ? [] : [{ names: unnamed, action }];
  return { seccomp: { ...profile, syscalls: [...rules, ...more], listenerPath }, errno };
}

const action = 'SCMP_ACT_NOTIFY' as const;

function isPlainRefusal(rule: OciSyscallRule, errno: number): boolean {
  return (
    rule.action === 'SCMP_ACT_ERRNO' &&
    (rule.errnoRet ?? eperm) === errno &&
    rule.args === undefined &&
    !rule.names.some((name) => neverAsked.has(name))
  );
}
