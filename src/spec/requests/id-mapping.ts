/**
 * Mappings between the ids of a user namespace and those of the host. Pure. Source: user_namespaces(7), CRI IDMapping.
 */

/** `length` ids from `containerId` on are the host's from `hostId` on. All 0..2^32-1. */
export type IdMapping = { readonly hostId: number; readonly containerId: number; readonly length: number };

/** What a user namespace, or an id-mapped mount, maps. Each list has at least one entry. */
export type IdMap = { readonly uids: readonly IdMapping[]; readonly gids: readonly IdMapping[] };

/** The host's id of an id of the namespace; null: it has none. */
export function hostIdOf(mappings: readonly IdMapping[], id: number): number | null {
  const mapping = mappings.find(({ containerId, length }) => id >= containerId && id - containerId < length);
  return mapping === undefined ? null : mapping.hostId + (id - mapping.containerId);
}

/** The host's ids of the namespace's root. Null: it maps none. */
export function hostRootOf(map: IdMap): { readonly uid: number; readonly gid: number } | null {
  const [uid, gid] = [hostIdOf(map.uids, 0), hostIdOf(map.gids, 0)];
  return uid === null || gid === null ? null : { uid, gid };
}

export function isSameIdMap(a: IdMap, b: IdMap): boolean {
  return mapText(a.uids) === mapText(b.uids) && mapText(a.gids) === mapText(b.gids);
}

/** As it is written to /proc/PID/uid_map. */
export function mapText(mappings: readonly IdMapping[]): string {
  return mappings.map(({ containerId, hostId, length }) => `${containerId} ${hostId} ${length}\n`).join('');
}
