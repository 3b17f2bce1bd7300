/**
 * What the cgroup controllers of this machine account, found out once at start. Source: cgroups(7), admin-guide/cgroup-v2.
 */
import { readdir, readFile } from 'node:fs/promises';
import { hierarchyOf, type CgroupLayout, type Hierarchy } from '../kernel/cgroups/cgroup-layout.ts';
import type { CgroupFacts } from '../spec/resources.ts';

export async function findCgroupFacts(layout: CgroupLayout): Promise<CgroupFacts> {
  const memory = hierarchyOf(layout, 'memory');
  const hugetlb = hierarchyOf(layout, 'hugetlb');
  return {
    version: layout.version,
    hasSwapAccounting: memory !== null && (await accountsSwap(memory)),
    // On a hybrid machine the runtimes look for it among the v1 controllers.
    hasHugetlb: hugetlb !== null && (layout.version === 'v2' || hugetlb.version === 'v1'),
  };
}

/** The root of v2 has no such file: any cgroup below it tells, first our own. */
async function accountsSwap({ version, mountPoint }: Hierarchy): Promise<boolean> {
  if (version === 'v1') return await isThere(`${mountPoint}/memory.memsw.limit_in_bytes`);
  const own = /^0::(\/.*)$/m.exec(await readFile('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
  const entries = await readdir(mountPoint, { withFileTypes: true });
  const children = entries.filter((entry) => entry.isDirectory()).map((entry) => `/${entry.name}`);
  for (const path of [own, ...children]) {
    const directory = `${mountPoint}${path}`;
    // One without the memory controller says nothing.
    if (await isThere(`${directory}/memory.max`)) return await isThere(`${directory}/memory.swap.max`);
  }
  return true;
}

async function isThere(path: string): Promise<boolean> {
  return await readFile(path).then(
    () => true,
    () => false,
  );
}
