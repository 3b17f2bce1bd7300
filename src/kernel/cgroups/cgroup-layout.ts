/**
 * Where the cgroup hierarchies of this machine are, and how cgroups are called. Pure, but for `detectCgroups`, which reads
 * two kinds of files; nothing here mounts, remounts or writes.
 */
import { invalid } from '../../base/errors.ts';
import { type AbsolutePath, absolutePath, joinPath } from '../../base/ids.ts';
import type { MountEntry } from '../contract/mounts.ts';
import { readMounts } from '../mountinfo.ts';
import { readText } from './cgroup-files.ts';

/** `hybrid`: v1 hierarchies, and a cgroup2 mount beside them. */
export type CgroupVersion = 'v1' | 'v2' | 'hybrid';

/** One mounted hierarchy. Source: cgroups(7). */
export type Hierarchy = {
  readonly version: 'v1' | 'v2';
  readonly mountPoint: AbsolutePath;
  /** `cpu`, `memory`; a named v1 hierarchy has `name=systemd`. */
  readonly controllers: readonly string[];
};

export type CgroupLayout = { readonly version: CgroupVersion; readonly hierarchies: readonly Hierarchy[] };

/** @throws NoCgroups when none is mounted */
export async function detectCgroups(): Promise<CgroupLayout> {
  const layout = layoutOf(await readMounts());
  const hierarchies = await Promise.all(
    layout.hierarchies.map(async (hierarchy) => {
      if (hierarchy.version === 'v1') return hierarchy;
      const text = (await readText(joinPath(hierarchy.mountPoint, 'cgroup.controllers'))) ?? '';
      return { ...hierarchy, controllers: text.split(/\s+/).filter((name) => name !== '') };
    }),
  );
  return { ...layout, hierarchies };
}

/** All controllers that v1 may have; other words in the options of a mount are flags. Source: cgroups(7). */
const knownControllers = new Set(
  'cpu cpuacct cpuset memory devices freezer blkio pids net_cls net_prio perf_event hugetlb rdma misc'.split(
    ' ',
  ),
);

/** @throws NoCgroups */
export function layoutOf(mounts: readonly MountEntry[]): CgroupLayout {
  const seen = new Set<string>();
  const hierarchies = mounts.flatMap((mount): readonly Hierarchy[] => {
    if (mount.type === 'cgroup2') {
      // A second mount of the same hierarchy (a bind into some root) adds nothing.
      if (seen.has('cgroup2')) return [];
      seen.add('cgroup2');
      return [{ version: 'v2', mountPoint: absolutePath(mount.target), controllers: [] }];
    }
    if (mount.type !== 'cgroup') return [];
    const controllers = mount.superOptions.filter(
      (word) => knownControllers.has(word) || word.startsWith('name='),
    );
    if (controllers.length === 0 || seen.has(controllers.join())) return [];
    seen.add(controllers.join());
    return [{ version: 'v1', mountPoint: absolutePath(mount.target), controllers }];
  });
  const has = (version: 'v1' | 'v2'): boolean => hierarchies.some((one) => one.version === version);
  if (hierarchies.length === 0) throw invalid('NoCgroups', 'no cgroup hierarchy is mounted');
  return { version: has('v1') ? (has('v2') ? 'hybrid' : 'v1') : 'v2', hierarchies };
}

/** The hierarchy of a controller, or null. */
export function hierarchyOf(layout: CgroupLayout, controller: string): Hierarchy | null {
  return layout.hierarchies.find((one) => one.controllers.includes(controller)) ?? null;
}

/** `kubepods-burstable-podX.slice` → `/kubepods.slice/kubepods-burstable.slice/…`; `-.slice` is `/`. Source: systemd.slice(5). @throws InvalidCgroup */
export function expandSlice(slice: string): AbsolutePath {
  if (slice === '-.slice' || slice === '') return absolutePath('/');
  const name = slice.endsWith('.slice') ? slice.slice(0, -'.slice'.length) : '';
  const parts = name.split('-');
  if (name.includes('/') || name.includes('\0') || parts.includes(''))
    throw invalid(
      'InvalidCgroup',
      `slice ${JSON.stringify(slice.slice(0, 200))}: expected a name such as "a-b.slice"`,
    );
  return absolutePath(parts.map((_, index) => `/${parts.slice(0, index + 1).join('-')}.slice`).join(''));
}
