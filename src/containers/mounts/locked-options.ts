/**
 * The options that a source is mounted with on the host, for containers in user namespaces: the kernel does not let a user
 * namespace take them away. runc before 1.2 tries to where it makes a mount read-only, and fails; crun 1.8.1 mounts before it
 * enters the namespace, and takes them away. So they are asked for by name.
 * Source: mount_namespaces(7), "Restrictions on mount namespaces".
 */
import type { MountEntry } from '../../kernel/contract/mounts.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { mountOf } from '../../kernel/mountinfo.ts';
import type { MountConfig, MountRestriction } from '../../spec/requests/container-config.ts';
import type { SourcedMounts } from './submounts.ts';

const lockable: readonly MountRestriction[] = ['nosuid', 'nodev', 'noexec'];

/** Looks into the list of mounts only: a source whose file system hangs is not asked. */
export async function keepLockedOptions(
  kernel: Pick<Kernel, 'mounts'>,
  { mounts, sources }: SourcedMounts,
): Promise<SourcedMounts> {
  const entries = await kernel.mounts();
  return {
    mounts: mounts.map((mount, index) => keep(mount, mountOf(entries, sources[index] ?? ''))),
    sources,
  };
}

function keep(mount: MountConfig, { options }: MountEntry): MountConfig {
  const locked = lockable.filter((option) => options.includes(option));
  return {
    ...mount,
    isReadonly: mount.isReadonly || options.includes('ro'),
    restrictions: [...new Set([...mount.restrictions, ...locked])],
  };
}
