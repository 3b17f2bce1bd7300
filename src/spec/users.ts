/**
 * Who a container's process is: the request, the image's USER and the content of the image's passwd and group files become
 * ids, groups and a home directory. Files are read by somebody else, inside the root and bounded.
 * Source: CRI LinuxContainerSecurityContext; OCI image config, User; cri.md 4.10.
 */
import { invalid } from '../base/errors.ts';
import type { SupplementalGroups, UserRequest } from './requests/container-config.ts';
import { hostIdOf, type IdMap, type IdMapping } from './requests/id-mapping.ts';
import { type GroupEntry, parseGroup, parseId, parsePasswd, type PasswdEntry } from './passwd.ts';
import { shown } from './text.ts';

/** The process's ids and its environment's HOME. */
export type Identity = {
  readonly uid: number;
  readonly gid: number;
  /** Sorted, without repetition, with the primary group (CVE-2022-2995, CVE-2023-25173). */
  readonly additionalGids: readonly number[];
  readonly home: string;
};

export type AccountFiles = {
  /** Content of the image's /etc/passwd; null when there is none. */
  readonly passwd: Uint8Array | null;
  readonly group: Uint8Array | null;
};

/** The parts of an image's USER: `user`, `user:group`; a part is a name or decimal digits. */
export type ImageUser = { readonly user: string; readonly group: string | null };

const maxUserBytes = 512;

/** USER of an image; "" means root. @throws InvalidImageUser when it has control characters or too many parts */
export function parseImageUser(text: string): ImageUser {
  const parts = text.split(':');
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (text.length > maxUserBytes || parts.length > 2 || /[\u0000-\u001f\u007f]/.test(text)) {
    throw invalid(
      'InvalidImageUser',
      `image USER ${shown(text)}: expected "user", "uid", "user:group" or "uid:gid"`,
    );
  }
  const [user = '', group] = parts;
  return { user, group: group === undefined || group === '' ? null : group };
}

/** @throws InvalidImageUser, UnknownUser, UnknownGroup, AccountFileTooLarge */
export function resolveIdentity(
  request: { readonly user: UserRequest; readonly groups: SupplementalGroups },
  imageUser: string,
  files: AccountFiles,
): Identity {
  const passwd = files.passwd === null ? [] : parsePasswd(files.passwd);
  const groups = files.group === null ? [] : parseGroup(files.group);
  const primary = resolvePrimary(request.user, imageUser, { passwd, groups });
  const fromImage =
    request.groups.policy === 'merge' && primary.name !== null ? groupsOf(primary.name, groups) : [];
  const additionalGids = [...new Set([primary.gid, ...request.groups.gids, ...fromImage])];
  return {
    uid: primary.uid,
    gid: primary.gid,
    additionalGids: additionalGids.sort((a, b) => a - b),
    home: safeHome(primary.home) ?? (primary.uid === 0 ? '/root' : '/'),
  };
}

type Accounts = { readonly passwd: readonly PasswdEntry[]; readonly groups: readonly GroupEntry[] };
type Primary = {
  readonly uid: number;
  readonly gid: number;
  /** The passwd entry's name; null for a uid that the image does not know. */
  readonly name: string | null;
  readonly home: string;
};

function resolvePrimary(request: UserRequest, imageUser: string, accounts: Accounts): Primary {
  switch (request.kind) {
    case 'uid':
      return withGid(byUid(request.uid, accounts.passwd), request.gid);
    case 'name': {
      const found = accounts.passwd.find(({ name }) => name === request.name);
      if (found === undefined) throw unknownUser(`run_as_username ${shown(request.name)}`);
      return withGid(found, request.gid);
    }
    case 'image': {
      const { user, group } = parseImageUser(imageUser);
      return withGid(
        byNameOrUid(user, accounts.passwd),
        group === null ? null : groupId(group, accounts.groups),
      );
    }
    default:
      return request satisfies never;
  }
}

function withGid(primary: Primary, gid: number | null): Primary {
  return gid === null ? primary : { ...primary, gid };
}

/** A uid without an entry is fine: its group is root's. */
function byUid(uid: number, passwd: readonly PasswdEntry[]): Primary {
  const found = passwd.find((entry) => entry.uid === uid);
  return found ?? { uid, gid: 0, name: null, home: '' };
}

/** Digits are a uid, also when a user of that name exists: names of digits must not redirect a number (CVE-2024-40635). */
function byNameOrUid(user: string, passwd: readonly PasswdEntry[]): Primary {
  if (user === '') return byUid(0, passwd);
  const uid = parseId(user);
  if (uid !== null) return byUid(uid, passwd);
  const found = passwd.find(({ name }) => name === user);
  if (found === undefined) throw unknownUser(`image USER ${shown(user)}`);
  return found;
}

function groupId(group: string, groups: readonly GroupEntry[]): number {
  const found = parseId(group) ?? groups.find(({ name }) => name === group)?.gid;
  if (found === undefined)
    throw invalid('UnknownGroup', `image USER group ${shown(group)}: expected a gid or a name in /etc/group`);
  return found;
}

function groupsOf(user: string, groups: readonly GroupEntry[]): readonly number[] {
  return groups.filter(({ members }) => members.includes(user)).map(({ gid }) => gid);
}

function unknownUser(what: string): Error {
  return invalid(
    'UnknownUser',
    `${what}: expected a uid of 0..4294967294 or a name in the image's /etc/passwd`,
  );
}

/** HOME goes into an environment and from there into files that programs write: absolute and printable, or not at all. */
function safeHome(home: string): string | null {
  const isSafe = home.startsWith('/') && home.length <= 4096 && !Array.from(home).some(isUnsafeInHome);
  return isSafe ? home : null;
}

function isUnsafeInHome(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || character === ':';
}

/** In a user namespace only ids that it maps exist. @throws UnmappedId */
export function checkMapped(identity: Identity, map: IdMap | null): void {
  if (map === null) return;
  const check = (kind: string, mappings: readonly IdMapping[], id: number): void => {
    if (hostIdOf(mappings, id) !== null) return;
    const ranges = mappings.map((each) => `${each.containerId} to ${each.containerId + each.length - 1}`);
    throw invalid(
      'UnmappedId',
      `${kind} ${id}: expected an id that the pod's user namespace maps: ${ranges.join(', ')}`,
    );
  };
  check('user', map.uids, identity.uid);
  check('group', map.gids, identity.gid);
  for (const gid of identity.additionalGids) check('supplemental group', map.gids, gid);
}
