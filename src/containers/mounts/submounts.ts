/**
 * What is mounted below the sources of a container's mounts, as mounts of their own: for runtimes that bind only the topmost
 * mount of a source when the container has a user namespace (crun 1.8.1).
 */
import { invalid } from '../../base/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { MountConfig } from '../../spec/requests/container-config.ts';

export type SourcedMounts = {
  readonly mounts: readonly MountConfig[];
  /** One path per mount. */
  readonly sources: readonly string[];
};

const maxMounts = 4096;

/** @throws TooManyMounts */
export async function spellOutSubmounts(
  kernel: Pick<Kernel, 'mounts'>,
  { mounts, sources }: SourcedMounts,
): Promise<SourcedMounts> {
  const targets = new Set((await kernel.mounts()).map(({ target }) => target));
  const all = mounts.flatMap((mount, index) => {
    const source = sources[index] ?? '';
    const below = [...targets].filter((target) => target.startsWith(`${source}/`)).sort();
    return [{ mount, source }, ...below.map((target) => submount(mount, source, target))];
  });
  if (all.length > maxMounts)
    throw invalid(
      'TooManyMounts',
      `${all.length} mounts, with those below their sources: expected at most ${maxMounts}`,
    );
  return { mounts: all.map(({ mount }) => mount), sources: all.map(({ source }) => source) };
}

function submount(
  mount: MountConfig,
  source: string,
  target: string,
): { readonly mount: MountConfig; readonly source: string } {
  const containerPath = `${mount.containerPath === '/' ? '' : mount.containerPath}${target.slice(source.length)}`;
  return { mount: { ...mount, containerPath }, source: target };
}
