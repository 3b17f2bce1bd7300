/**
 * Whether the host's mounts can carry the propagation that a request asks for. A bind of a private mount propagates
 * nothing, whatever its options say; so what cannot work is refused instead of being silently less.
 * Source: mount_namespaces(7), shared subtrees; CRI MountPropagation; cri.md 4.11.
 */
import { failedPrecondition } from '../../base/errors.ts';
import type { MountEntry } from '../../kernel/contract/mounts.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { mountOf } from '../../kernel/mountinfo.ts';
import type { MountConfig } from '../../spec/requests/container-config.ts';

const sufficient: Readonly<
  Record<Exclude<MountConfig['propagation'], 'private'>, readonly MountEntry['propagation'][]>
> = {
  bidirectional: ['shared', 'shared-slave'],
  'host-to-container': ['shared', 'shared-slave', 'slave'],
};

/** @param sources one real path per mount. @throws NotShared */
export async function checkPropagation(
  kernel: Pick<Kernel, 'mounts'>,
  mounts: readonly MountConfig[],
  sources: readonly string[],
): Promise<void> {
  if (mounts.every(({ propagation }) => propagation === 'private')) return;
  const entries = await kernel.mounts();
  for (const [index, mount] of mounts.entries()) checkOne(mount, sources[index] ?? '', entries);
}

function checkOne(mount: MountConfig, source: string, entries: readonly MountEntry[]): void {
  const { propagation, containerPath } = mount;
  if (propagation === 'private' || mount.source.kind === 'image') return;
  const holder = mountOf(entries, source);
  if (sufficient[propagation].includes(holder.propagation)) return;
  const [wanted, expected] =
    propagation === 'bidirectional'
      ? ['BIDIRECTIONAL', 'a shared mount']
      : ['HOST_TO_CONTAINER', 'a shared or slave mount'];
  throw failedPrecondition(
    'NotShared',
    `mount on "${containerPath}": propagation ${wanted} of "${source}": expected ${expected}, ` +
      `"${holder.target}" is ${holder.propagation}`,
  );
}
