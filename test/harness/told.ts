/**
 * All that a client is told by List and Status, as one value: what has to be the same after a restart.
 */
import type { Rig } from './rig.ts';

export type Told = {
  readonly pods: Readonly<Record<string, unknown>>;
  readonly containers: Readonly<Record<string, unknown>>;
  readonly images: readonly unknown[];
};

export async function told(rig: Rig): Promise<Told> {
  const { items } = await rig.call('ListPodSandbox', {});
  const { containers } = await rig.call('ListContainers', {});
  const { images } = await rig.call('ListImages', {});
  const pods = items.map(async (item) => {
    const { status } = await rig.call('PodSandboxStatus', { podSandboxId: item.id });
    return [item.id, { item, status }] as const;
  });
  const statuses = containers.map(async (item) => {
    const { status } = await rig.call('ContainerStatus', { containerId: item.id });
    return [item.id, { item, status }] as const;
  });
  return {
    pods: Object.fromEntries(await Promise.all(pods)),
    containers: Object.fromEntries(await Promise.all(statuses)),
    images: images.toSorted((one, other) => one.id.localeCompare(other.id)),
  };
}

/** The same without some pods or containers. */
export function without(all: Told, ids: readonly string[]): Told {
  const keep = (entries: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(entries).filter(([id]) => !ids.includes(id)));
  return { ...all, pods: keep(all.pods), containers: keep(all.containers) };
}
