/**
 * The parser of one Mount of a ContainerConfig. It looks at no file: whether a source exists is found out later.
 * Source: CRI Mount; cri.md 1.4, 4.11.
 */
import { MountPropagation as CriPropagation } from '../../../cri-api/runtime-v1.ts';
import type * as cri from '../../../cri-api/runtime-v1.ts';
import { invalid } from '../../base/errors.ts';
import type { MountConfig, MountPropagation, MountRestriction, MountSource } from './container-config.ts';
import type { IdMap, IdMapping } from './id-mapping.ts';
import { parseIdMapping } from './parse-security.ts';
import { boundedList, parsePath, parseRelativePath, shown } from '../text.ts';

const propagations: ReadonlyMap<number, MountPropagation> = new Map([
  [CriPropagation.PROPAGATION_PRIVATE, 'private'],
  [CriPropagation.PROPAGATION_HOST_TO_CONTAINER, 'host-to-container'],
  [CriPropagation.PROPAGATION_BIDIRECTIONAL, 'bidirectional'],
]);

const restrictions: ReadonlyMap<string, MountRestriction> = new Map([
  ['noexec', 'noexec'],
  ['nodev', 'nodev'],
  ['nosuid', 'nosuid'],
]);

/** @throws InvalidMount, InvalidPath, InvalidUserNamespace */
export function parseMount(mount: cri.Mount): MountConfig {
  const containerPath = parsePath('mounts container_path', mount.containerPath);
  const refuse = (why: string): Error => invalid('InvalidMount', `mount on ${shown(containerPath)}: ${why}`);
  const propagation = propagations.get(mount.propagation);
  if (propagation === undefined) throw refuse(`propagation ${mount.propagation}: expected one of the CRI's`);
  if (mount.recursiveReadOnly && !mount.readonly) throw refuse('expected readonly with recursive_read_only');
  if (mount.recursiveReadOnly && propagation !== 'private')
    throw refuse('expected propagation PRIVATE with recursive_read_only');
  return {
    containerPath,
    source: parseSource(mount, refuse),
    isReadonly: mount.readonly,
    isRecursiveReadonly: mount.recursiveReadOnly,
    isSelinuxRelabel: mount.selinuxRelabel,
    propagation,
    idMap: parseIdMap(mount, refuse),
    restrictions: parseRestrictions(mount.mountOptions, refuse),
  };
}

/** As many lines as /proc/PID/uid_map takes. Source: user_namespaces(7). */
const maxMappings = 340;

function parseIdMap(mount: cri.Mount, refuse: (why: string) => Error): IdMap | null {
  const { uidMappings, gidMappings } = mount;
  if (uidMappings.length === 0 && gidMappings.length === 0) return null;
  if (uidMappings.length === 0 || gidMappings.length === 0)
    throw refuse('expected both uidMappings and gidMappings, or none');
  const map = (field: string, mappings: readonly cri.IDMapping[]): readonly IdMapping[] =>
    boundedList(field, mappings, maxMappings).map((mapping) => parseIdMapping(field, mapping));
  return { uids: map('mounts uidMappings', uidMappings), gids: map('mounts gidMappings', gidMappings) };
}

function parseSource(mount: cri.Mount, refuse: (why: string) => Error): MountSource {
  const image = mount.image?.image ?? '';
  if (mount.image === null) {
    if (mount.imageSubPath !== '') throw refuse('expected image with image_sub_path');
    if (mount.hostPath === '') throw refuse('expected host_path or image');
    return { kind: 'host', path: parsePath('mounts host_path', mount.hostPath) };
  }
  if (image === '') throw refuse('expected the id or reference of an image in image');
  if (mount.hostPath !== '') throw refuse('expected either host_path or image, got both');
  if (!mount.readonly) throw refuse('expected readonly: an image can only be read');
  const subPath =
    mount.imageSubPath === '' ? '' : parseRelativePath('mounts image_sub_path', mount.imageSubPath);
  return { kind: 'image', image, subPath };
}

function parseRestrictions(
  options: readonly string[],
  refuse: (why: string) => Error,
): readonly MountRestriction[] {
  const found = new Set<MountRestriction>();
  for (const option of options) {
    const restriction = restrictions.get(option);
    if (restriction === undefined)
      throw refuse(`mount_options ${shown(option)}: expected "noexec", "nodev" or "nosuid"`);
    found.add(restriction);
  }
  return [...found];
}
