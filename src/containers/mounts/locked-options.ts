/**
 * The options that a source is mounted with on the host, for containers in user namespaces: the kernel does not let a user
 * namespace take them away. runc before 1.2 tries to where it makes a mount read-only, and fails; crun 1.8.1 mounts before it
 * enters the namespace, and takes them away. So they are asked for by name.
 * Source: mount_namespaces(7), "Restrictions on mount namespaces".
 */
import { absolutePath } from '../../base/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { MountConfig } from '../../spec/requests/container-config.ts';
import type { SourcedMounts } from './submounts.ts';

export async function keepLockedOptions(
  kernel: Pick<Kernel, 'statFileSystem'>,
  { mounts, sources }: SourcedMounts,
): Promise<SourcedMounts> {
  const kept = mounts.map(async (mount, index) => await keep(kernel, mount, sources[index] ?? ''));
  return { mounts: await Promise.all(kept), sources };
}

async function keep(
  kernel: Pick<Kernel, 'statFileSystem'>,
  mount: MountConfig,
  source: string,
): Promise<MountConfig> {
  const { mountOptions } = await kernel.statFileSystem(absolutePath(source));
  const restrictions = mountOptions.filter((option) => option !== 'ro');
  return {
    ...mount,
    isReadonly: mount.isReadonly || mountOptions.includes('ro'),
    restrictions: [...new Set([...mount.restrictions, ...restrictions])],
  };
}
