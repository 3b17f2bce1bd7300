/**
 * The directories of cgroupfs: made in the order and with the settings that each version wants, and removed when their last
 * process has let go. Nothing here knows limits.
 */
import { mkdir, rmdir } from 'node:fs/promises';
import { SyscallError } from '../../base/errors.ts';
import { type AbsolutePath, absolutePath, joinPath } from '../../base/ids.ts';
import { sleepMs } from '../../base/time.ts';
import { fsFailure, listDeepestFirst, readText, writeText } from './cgroup-files.ts';
import type { Hierarchy } from './cgroup-layout.ts';

const removePausesMs = [1, 2, 5, 10, 20, 50, 100, 200, 300, 300] as const;

/** The directory of a cgroup in one hierarchy. */
export function inHierarchy(hierarchy: Hierarchy, path: AbsolutePath): AbsolutePath {
  return path === '/' ? hierarchy.mountPoint : joinPath(hierarchy.mountPoint, path.slice(1));
}

/** Appends to `made` what is new. */
export async function createIn(
  hierarchy: Hierarchy,
  path: AbsolutePath,
  made: AbsolutePath[],
): Promise<void> {
  const isCpusetV1 = hierarchy.version === 'v1' && hierarchy.controllers.includes('cpuset');
  let directory = hierarchy.mountPoint;
  for (const name of path.slice(1).split('/')) {
    if (hierarchy.version === 'v2') await enableControllers(directory);
    const parent = directory;
    directory = joinPath(directory, name);
    if (await makeDirectory(directory)) made.push(directory);
    // Also one that was there: whoever made it may not have come to this yet.
    if (isCpusetV1) await inheritCpuset(parent, directory);
  }
}

async function makeDirectory(path: AbsolutePath): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o755 });
    return true;
  } catch (error) {
    const failure = fsFailure('mkdir', path, error);
    if (failure.errno === 'EEXIST') return false;
    throw failure;
  }
}

/** A new cpuset of v1 is empty, and takes no process before it has CPUs and memory nodes. Source: cpuset(7). */
async function inheritCpuset(parent: AbsolutePath, directory: AbsolutePath): Promise<void> {
  const read = async (path: AbsolutePath): Promise<string> => (await readText(path))?.trim() ?? '';
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if ((await read(joinPath(directory, file))) !== '') continue;
    const inherited = await read(joinPath(parent, file));
    if (inherited !== '') await writeText(joinPath(directory, file), inherited);
  }
}

/** Lets the children of a v2 cgroup have the controllers that it has itself. Source: Linux, admin-guide/cgroup-v2. */
async function enableControllers(directory: AbsolutePath): Promise<void> {
  const words = async (file: string): Promise<readonly string[]> =>
    ((await readText(joinPath(directory, file))) ?? '').split(/\s+/).filter((word) => word !== '');
  const enabled = await words('cgroup.subtree_control');
  for (const controller of (await words('cgroup.controllers')).filter((name) => !enabled.includes(name))) {
    try {
      await writeText(joinPath(directory, 'cgroup.subtree_control'), `+${controller}`);
    } catch (error) {
      // Not for this one (it has processes, or its controller is taken): a limit that needs it fails by its file's name.
      if (!(error instanceof SyscallError)) throw error;
    }
  }
}

export async function removeTree(directory: AbsolutePath): Promise<void> {
  for (const path of await listDeepestFirst(directory)) await removePatiently(absolutePath(path));
}

/** A cgroup whose last process has just ended is busy for a moment. */
export async function removePatiently(path: AbsolutePath): Promise<void> {
  for (const pauseMs of [...removePausesMs, null]) {
    try {
      await rmdir(path);
      return;
    } catch (error) {
      const failure = fsFailure('rmdir', path, error);
      if (failure.errno === 'ENOENT') return;
      if (failure.errno !== 'EBUSY' || pauseMs === null) throw failure;
      await sleepMs(pauseMs);
    }
  }
}
