/**
 * The parts of security contexts that pods and containers share: profiles, SELinux options, user and group ids, user
 * namespaces. Nothing is resolved here.
 * Source: CRI SecurityProfile, SELinuxOption, NamespaceOption, UserNamespace; cri.md 4.10.
 */
import { NamespaceMode, ProfileType, SupplementalGroupsPolicy } from '../../../cri-api/runtime-v1.ts';
import type * as cri from '../../../cri-api/runtime-v1.ts';
import { invalid } from '../../base/errors.ts';
import type { SupplementalGroups } from './container-config.ts';
import type { IdMap, IdMapping } from './id-mapping.ts';
import { maxId } from '../passwd.ts';
import type { SelinuxOptions } from './pod-config.ts';
import { isLevel } from '../selinux.ts';
import type { SecurityProfile } from './security-profile.ts';
import { boundedList, hasControl, parseInteger, parsePath, wrong } from '../text.ts';

/** Source: NGROUPS_MAX of limits.h, setgroups(2). */
const maxGroups = 65_536;

/** The structured profile beats the deprecated string; neither is null. @throws InvalidField, InvalidPath */
export function parseSeccomp(
  profile: cri.SecurityProfile | null,
  deprecated: string,
): SecurityProfile | null {
  const parsed =
    profile === null
      ? parseProfileText('seccomp_profile_path', deprecated)
      : parseProfile('seccomp', profile);
  if (parsed?.kind !== 'localhost') return parsed;
  return { kind: 'localhost', reference: parsePath('seccomp localhost_ref', parsed.reference) };
}

/** A `localhost/` before the profile's name is taken off. @throws InvalidField */
export function parseApparmor(
  profile: cri.SecurityProfile | null,
  deprecated: string,
): SecurityProfile | null {
  const parsed =
    profile === null ? parseProfileText('apparmor_profile', deprecated) : parseProfile('apparmor', profile);
  if (parsed?.kind !== 'localhost') return parsed;
  const reference = parsed.reference.replace(/^localhost\//, '');
  if (reference === '' || reference.length > 1024 || hasControl(reference))
    throw wrong('apparmor localhost_ref', parsed.reference, 'the name of a profile');
  return { kind: 'localhost', reference };
}

function parseProfile(field: string, profile: cri.SecurityProfile): SecurityProfile {
  switch (profile.profileType) {
    case ProfileType.RuntimeDefault:
      return { kind: 'runtime-default' };
    case ProfileType.Unconfined:
      return { kind: 'unconfined' };
    case ProfileType.Localhost:
      return { kind: 'localhost', reference: profile.localhostRef };
    default:
      throw wrong(
        `${field} profile_type`,
        String(profile.profileType),
        'RuntimeDefault, Unconfined or Localhost',
      );
  }
}

/** The strings of before Kubernetes 1.19. */
function parseProfileText(field: string, text: string): SecurityProfile | null {
  if (text === '') return null;
  if (text === 'runtime/default' || text === 'docker/default') return { kind: 'runtime-default' };
  if (text === 'unconfined') return { kind: 'unconfined' };
  if (text.startsWith('localhost/')) return { kind: 'localhost', reference: text.slice('localhost/'.length) };
  throw wrong(field, text, '"runtime/default", "unconfined" or "localhost/<profile>"');
}

const selinuxForm = /^[A-Za-z0-9_.,:-]{0,1024}$/;

/** @throws InvalidField */
export function parseSelinux(options: cri.SELinuxOption | null): SelinuxOptions | null {
  if (options === null) return null;
  const { user, role, type, level } = options;
  if (user === '' && role === '' && type === '' && level === '') return null;
  for (const [name, value] of Object.entries({ user, role, type, level })) {
    if (!selinuxForm.test(value))
      throw wrong(`selinux_options.${name}`, value, 'a part of a security context');
  }
  if (level !== '' && !isLevel(level))
    throw wrong('selinux_options.level', level, 'a level such as "s0:c123,c456"');
  return { user, role, type, level };
}

/** A user or group id of 0..2^32-2; null when the message is. @throws InvalidField */
export function parseOptionalId(field: string, id: cri.Int64Value | null): number | null {
  return id === null ? null : parseInteger(field, id.value, [0, maxId]);
}

/** @throws InvalidField, TooLarge */
export function parseGroups(
  context: Pick<cri.LinuxContainerSecurityContext, 'supplementalGroups' | 'supplementalGroupsPolicy'>,
): SupplementalGroups {
  const gids = boundedList('supplemental_groups', context.supplementalGroups, maxGroups).map((gid) =>
    parseInteger('supplemental_groups', gid, [0, maxId]),
  );
  switch (context.supplementalGroupsPolicy) {
    case SupplementalGroupsPolicy.Merge:
      return { policy: 'merge', gids };
    case SupplementalGroupsPolicy.Strict:
      return { policy: 'strict', gids };
    default:
      throw wrong('supplemental_groups_policy', String(context.supplementalGroupsPolicy), 'Merge or Strict');
  }
}

/**
 * Nil and NODE mean the host's user namespace: null. POD has one mapping of uids and one of gids, as the CRI demands.
 * @throws InvalidUserNamespace
 */
export function parseUserNamespace(options: cri.UserNamespace | null): IdMap | null {
  if (options === null) return null;
  const { mode, uids, gids } = options;
  if (mode === NamespaceMode.NODE) {
    if (uids.length + gids.length > 0)
      throw wrongNamespace('userns_options mode NODE', 'no mappings with it', `${uids.length + gids.length}`);
    return null;
  }
  if (mode !== NamespaceMode.POD) throw wrongNamespace('userns_options mode', 'POD or NODE', String(mode));
  return { uids: [parseOnlyMapping('uids', uids)], gids: [parseOnlyMapping('gids', gids)] };
}

function parseOnlyMapping(field: 'uids' | 'gids', mappings: readonly cri.IDMapping[]): IdMapping {
  const [mapping] = mappings;
  const name = `userns_options ${field}`;
  if (mapping === undefined || mappings.length !== 1)
    throw wrongNamespace(name, 'exactly one mapping', String(mappings.length));
  if (mapping.containerId !== 0)
    throw wrongNamespace(name, "a mapping from the container's id 0 on", String(mapping.containerId));
  return parseIdMapping(name, mapping);
}

/** @throws InvalidUserNamespace unless it maps at least one id, all of them valid, and none to the root of the host */
export function parseIdMapping(name: string, { containerId, hostId, length }: cri.IDMapping): IdMapping {
  if (length === 0) throw wrongNamespace(name, 'a length of at least 1', '0');
  if (hostId === 0) throw wrongNamespace(name, 'host ids from 1 on', '0, the root of the host');
  for (const first of [containerId, hostId])
    if (first + length > maxId + 1)
      throw wrongNamespace(name, `ids up to ${maxId}`, `${first} and ${length - 1} more`);
  return { containerId, hostId, length };
}

function wrongNamespace(name: string, expected: string, got: string): Error {
  return invalid('InvalidUserNamespace', `${name}: expected ${expected}, got ${got}`);
}
