/**
 * Limits of a cgroup: written all or nothing, read, and put back. The kernel takes them file by file, so what has been
 * written when one is refused is put back as it was.
 */
import { SyscallError } from '../../base/errors.ts';
import { type AbsolutePath, joinPath } from '../../base/ids.ts';
import { listFiles, parseNumber, readText, writeText } from './cgroup-files.ts';
import { type CgroupLayout, hierarchyOf } from './cgroup-layout.ts';
import { type CgroupResources, type CgroupWrite, planWrites } from './cgroup-resources.ts';
import { inHierarchy } from './cgroup-tree.ts';

/** Files and what they say; in the order in which they are written. */
export type Limits = readonly { readonly path: AbsolutePath; readonly value: string }[];

/** @throws InvalidCgroupResources, CgroupControllerMissing, SyscallError write, with nothing changed */
export async function applyLimits(
  layout: CgroupLayout,
  path: AbsolutePath,
  resources: CgroupResources,
): Promise<void> {
  const writes = planWrites(resources, (controller) => hierarchyOf(layout, controller)?.version ?? null);
  const located = (await ordered(layout, path, writes)).map((one) => ({
    ...one,
    path: fileOf(layout, path, one),
  }));
  const before = await readAll(located.map((one) => one.path));
  try {
    for (const one of located) await writeOne(one);
  } catch (error) {
    // The first failure is told; one to put a value back would only be another sign of it.
    await restoreLimits(before).catch(() => undefined);
    throw error;
  }
}

/** v1 refuses memory above memory+swap at every moment: when both rise, the sum must rise first. */
async function ordered(
  layout: CgroupLayout,
  path: AbsolutePath,
  writes: readonly CgroupWrite[],
): Promise<readonly CgroupWrite[]> {
  const sum = writes.find((one) => one.file === 'memory.memsw.limit_in_bytes');
  if (sum === undefined) return writes;
  const current = parseNumber(await readText(fileOf(layout, path, sum)));
  const wanted = BigInt(sum.value);
  const isRising = current !== null && (wanted < 0n || wanted > current);
  return isRising ? [sum, ...writes.filter((one) => one !== sum)] : writes;
}

function fileOf(
  layout: CgroupLayout,
  path: AbsolutePath,
  one: Pick<CgroupWrite, 'controller' | 'file'>,
): AbsolutePath {
  const hierarchy = hierarchyOf(layout, one.controller) ?? layout.hierarchies[0];
  // A plan has only writes to controllers that there are, and a layout has a hierarchy.
  return hierarchy === undefined ? path : joinPath(inHierarchy(hierarchy, path), one.file);
}

async function writeOne(one: CgroupWrite & { readonly path: AbsolutePath }): Promise<void> {
  try {
    await writeText(one.path, one.value);
  } catch (error) {
    if (!one.isOptional || !(error instanceof SyscallError) || error.errno !== 'ENOENT') throw error;
    // The kernel does not account swap or this page size: there is nothing to limit.
  }
}

/** What a runtime's `update` may change. */
const limitFiles: readonly (readonly [controller: string, files: string])[] = [
  ['cpu', 'cpu.shares cpu.cfs_period_us cpu.cfs_quota_us cpu.weight cpu.max'],
  ['cpuset', 'cpuset.cpus cpuset.mems'],
  [
    'memory',
    'memory.limit_in_bytes memory.memsw.limit_in_bytes memory.max memory.swap.max memory.high memory.low memory.oom.group',
  ],
  ['pids', 'pids.max'],
];
const hugetlbForm = /^hugetlb\.[0-9]+[KMG]B\.(?:limit_in_bytes|max)$/;

/** @param unified further files of cgroup v2 */
export async function readLimits(
  layout: CgroupLayout,
  path: AbsolutePath,
  unified: readonly string[],
): Promise<Limits> {
  const known = limitFiles.flatMap(([controller, files]) =>
    files.split(' ').map((file) => ({ controller, file })),
  );
  const asked = unified.map((file) => ({ controller: file.slice(0, file.indexOf('.')), file }));
  const hugetlb = hierarchyOf(layout, 'hugetlb');
  const pages = hugetlb === null ? [] : await listFiles(inHierarchy(hugetlb, path));
  const all = [
    ...known,
    ...asked,
    ...pages.filter((file) => hugetlbForm.test(file)).map((file) => ({ controller: 'hugetlb', file })),
  ].filter(({ controller }) => hierarchyOf(layout, controller) !== null);
  return await readAll([...new Set(all.map((one) => fileOf(layout, path, one)))]);
}

async function readAll(paths: readonly AbsolutePath[]): Promise<Limits> {
  const read = paths.map(async (path) => ({ path, value: await readText(path) }));
  return (await Promise.all(read)).flatMap(({ path, value }) => (value === null ? [] : [{ path, value }]));
}

export async function readParentCpuset(
  layout: CgroupLayout,
  path: AbsolutePath,
): Promise<{ readonly cpus: string; readonly mems: string }> {
  const hierarchy = hierarchyOf(layout, 'cpuset');
  const parent = path.slice(0, path.lastIndexOf('/'));
  const read = async (file: string): Promise<string> =>
    hierarchy === null ? '' : ((await readText(`${hierarchy.mountPoint}${parent}/${file}`)) ?? '').trim();
  const isV1 = hierarchy?.version === 'v1';
  return {
    cpus: await read(isV1 ? 'cpuset.effective_cpus' : 'cpuset.cpus.effective'),
    mems: await read(isV1 ? 'cpuset.effective_mems' : 'cpuset.mems.effective'),
  };
}

/**
 * Some values must follow others (memory and memory+swap, quota and period): what is refused is tried again when the rest
 * has been put back. @throws SyscallError write
 */
export async function restoreLimits(limits: Limits): Promise<void> {
  let failure: unknown = null;
  for (let round = 0; round < 3; round += 1) {
    failure = null;
    for (const { path, value } of limits) {
      const now = await readText(path);
      if (now === null || now === value) continue;
      // An empty file of cpuset is emptied by an empty line.
      await writeText(path, value === '' ? '\n' : value).catch((error: unknown) => {
        failure = error;
      });
    }
    if (failure === null) return;
  }
  throw failure;
}
