/**
 * The parser of one Mount of a ContainerConfig. It looks at no file: whether a source exists is found out later.
 * Source: CRI Mount; cri.md 1.4, 4.11.
 */
import { MountPropagation as CriPropagation } from '../../cri-api/runtime-v1.ts';
import type * as cri from '../../cri-api/runtime-v1.ts';
import { invalid } from '../base/errors.ts';
import type { MountConfig, MountPropagation, MountRestriction, MountSource } from './container-config.ts';
import { parsePath, parseRelativePath, shown } from './text.ts';

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

/** @throws InvalidMount, InvalidPath */
export function parseMount(mount: cri.Mount): MountConfig {
  const containerPath = parsePath('mounts container_path', mount.containerPath);
  const refuse = (why: string): Error => invalid('InvalidMount', `mount on ${shown(containerPath)}: ${why}`);
  const propagation = propagations.get(mount.propagation);
  if (propagation === undefined) throw refuse(`propagation ${mount.propagation}: expected one of the CRI's`);
  if (mount.recursiveReadOnly && !mount.readonly) throw refuse('expected readonly with recursive_read_only');
  if (mount.recursiveReadOnly && propagation !== 'private')
    throw refuse('expected propagation PRIVATE with recursive_read_only');
  if (mount.uidMappings.length > 0 || mount.gidMappings.length > 0)
    throw refuse('expected no uidMappings and gidMappings: this runtime has no user namespaces');
  return {
    containerPath,
    source: parseSource(mount, refuse),
    isReadonly: mount.readonly,
    isRecursiveReadonly: mount.recursiveReadOnly,
    isSelinuxRelabel: mount.selinuxRelabel,
    propagation,
    restrictions: parseRestrictions(mount.mountOptions, refuse),
  };
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
