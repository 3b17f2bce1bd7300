/**
 * The cgroups of pods, containers and monitors, by the files of cgroupfs: v1, v2, and both beside each other. Paths are as
 * in cgroupfs (`/kubepods/burstable/podX/ctr`), the same in every hierarchy. Only what `create` made may be given to the
 * methods that change something; the machine's own top-level cgroups are refused. Mounts are never changed.
 */
import { mkdir, rmdir } from 'node:fs/promises';
import { failedPrecondition, SyscallError } from '../base/errors.ts';
import { type AbsolutePath, absolutePath, joinPath } from '../base/ids.ts';
import { sleepMs, withDeadline } from '../base/time.ts';
import { fsFailure, listDeepestFirst, parseNumber, readText, writeText } from './cgroup-files.ts';
import { killAll, listPids } from './cgroup-kill.ts';
import { type CgroupLayout, type Hierarchy, hierarchyOf } from './cgroup-layout.ts';
import { type CgroupResources, type CgroupWrite, planWrites } from './cgroup-resources.ts';
import { type CgroupStats, type DirectoryOf, readCgroupStats, readOomKills } from './cgroup-stats.ts';

/** Of the machine or of the kubelet: never ours to limit, kill or remove. */
const foreign =
  /^\/(?:(?:init\.scope|machine\.slice|kubepods(?:\.slice)?)?|(?:system|user)\.slice(?:\/[^/]+)?)$/;

const timeoutMs = 10_000;
const removePausesMs = [1, 2, 5, 10, 20, 50, 100, 200, 300, 300] as const;

export class Cgroups {
  readonly layout: CgroupLayout;
  #ownProcs: Promise<AbsolutePath> | null = null;

  constructor(layout: CgroupLayout) {
    this.layout = layout;
  }

  /** Makes a cgroup (and those above it) in every hierarchy. @returns false when it was there already in all of them */
  async create(path: AbsolutePath): Promise<boolean> {
    this.#mustBeOurs('create', path);
    return await this.#bounded('create', path, async () => {
      const made: AbsolutePath[] = [];
      try {
        for (const hierarchy of this.layout.hierarchies) await createIn(hierarchy, path, made);
        return made.length > 0;
      } catch (error) {
        for (const directory of made.toReversed()) await removePatiently(directory);
        throw error;
      }
    });
  }

  /** Moves a process into a cgroup, in every hierarchy that has it. @throws SyscallError ENOENT no such cgroup, ESRCH */
  async place(path: AbsolutePath, pid: number): Promise<void> {
    await this.#bounded('place in', path, async () => {
      const directories = await this.#existing(path);
      if (directories.length === 0) throw new SyscallError({ call: 'write', errno: 'ENOENT', paths: [path] });
      for (const directory of directories) await writeText(joinPath(directory, 'cgroup.procs'), String(pid));
    });
  }

  /**
   * Makes the moves of the next milliseconds fast: the first move after a pause waits for an RCU grace period (8 ms and more),
   * those close behind it do not. A move of ours to where we are takes that wait upon itself, beside the caller's other work.
   * Nothing depends on it: a failure is no failure. Source: Linux, cgroup_threadgroup_rwsem; percpu_rw_semaphore.
   */
  hastenMoves(): void {
    this.#ownProcs ??= findOwnProcs(this.layout);
    this.#ownProcs.then(async (path) => await writeText(path, String(process.pid))).catch(() => undefined);
  }

  /** The processes in a cgroup and below it, in any hierarchy. */
  async pids(path: AbsolutePath): Promise<readonly number[]> {
    return await this.#bounded('list', path, () => listPids(this.#directories(path)));
  }

  /**
   * Sends a signal to all processes in a cgroup and below it. SIGKILL (9) is repeated until none is left, for about a second.
   * @returns the processes that are left; after SIGKILL these hang in the kernel
   */
  async kill(path: AbsolutePath, signalNumber: number): Promise<readonly number[]> {
    this.#mustBeOurs('kill', path);
    return await this.#bounded('kill', path, () => killAll(this.#places(path), signalNumber));
  }

  /** Removes a cgroup and all below it; nothing there is success. @throws SyscallError EBUSY while processes are in it */
  async remove(path: AbsolutePath): Promise<void> {
    this.#mustBeOurs('remove', path);
    await this.#bounded('remove', path, async () => {
      for (const directory of this.#directories(path)) await removeTree(directory);
    });
  }

  /** Whether any hierarchy has it. */
  async exists(path: AbsolutePath): Promise<boolean> {
    return (await this.#existing(path)).length > 0;
  }

  /** @throws InvalidCgroupResources, CgroupControllerMissing, SyscallError write */
  async applyResources(path: AbsolutePath, resources: CgroupResources): Promise<void> {
    this.#mustBeOurs('limit', path);
    const writes = planWrites(
      resources,
      (controller) => hierarchyOf(this.layout, controller)?.version ?? null,
    );
    await this.#bounded('limit', path, async () => {
      for (const one of await this.#ordered(path, writes)) await this.#write(path, one);
    });
  }

  /** Null: the cgroup is not there (any more). */
  async readStats(path: AbsolutePath): Promise<CgroupStats | null> {
    return await this.#bounded('read', path, () => readCgroupStats(this.#directoryOf(path)));
  }

  /** Processes killed for lack of memory in the cgroup or below it; null: not known. */
  async oomKills(path: AbsolutePath): Promise<bigint | null> {
    return await this.#bounded('read', path, () => readOomKills(this.#directoryOf(path)));
  }

  /** v1 refuses memory above memory+swap at every moment: when both rise, the sum must rise first. */
  async #ordered(path: AbsolutePath, writes: readonly CgroupWrite[]): Promise<readonly CgroupWrite[]> {
    const sum = writes.find((one) => one.file === 'memory.memsw.limit_in_bytes');
    const memory = hierarchyOf(this.layout, 'memory');
    if (sum === undefined || memory === null) return writes;
    const current = parseNumber(await readText(joinPath(inHierarchy(memory, path), sum.file)));
    const wanted = BigInt(sum.value);
    const isRising = current !== null && (wanted < 0n || wanted > current);
    return isRising ? [sum, ...writes.filter((one) => one !== sum)] : writes;
  }

  async #write(path: AbsolutePath, one: CgroupWrite): Promise<void> {
    const hierarchy = hierarchyOf(this.layout, one.controller);
    if (hierarchy === null) return;
    try {
      await writeText(joinPath(inHierarchy(hierarchy, path), one.file), one.value);
    } catch (error) {
      if (!one.isOptional || !(error instanceof SyscallError) || error.errno !== 'ENOENT') throw error;
      // The kernel does not account swap or this page size: there is nothing to limit.
    }
  }

  #directoryOf(path: AbsolutePath): DirectoryOf {
    return (controller) => {
      // io and cpu figures of v2 are there without their controller.
      const unified = this.layout.version === 'v2' ? this.layout.hierarchies[0] : undefined;
      const hierarchy = hierarchyOf(this.layout, controller) ?? unified;
      return hierarchy === undefined
        ? null
        : { version: hierarchy.version, directory: inHierarchy(hierarchy, path) };
    };
  }

  #places(
    path: AbsolutePath,
  ): readonly { readonly hierarchy: Hierarchy; readonly directory: AbsolutePath }[] {
    return this.layout.hierarchies.map((hierarchy) => ({
      hierarchy,
      directory: inHierarchy(hierarchy, path),
    }));
  }

  #directories(path: AbsolutePath): readonly AbsolutePath[] {
    return this.#places(path).map((place) => place.directory);
  }

  async #existing(path: AbsolutePath): Promise<readonly AbsolutePath[]> {
    const found = await Promise.all(
      this.#directories(path).map(async (directory) =>
        (await readText(joinPath(directory, 'cgroup.procs'))) === null ? [] : [directory],
      ),
    );
    return found.flat();
  }

  #mustBeOurs(act: string, path: AbsolutePath): void {
    if (foreign.test(path))
      throw failedPrecondition('ForeignCgroup', `${act} cgroup "${path}": it is not ours`);
  }

  async #bounded<T>(act: string, path: AbsolutePath, run: () => Promise<T>): Promise<T> {
    return await withDeadline({ step: `${act} cgroup "${path}"`, timeoutMs }, run);
  }
}

/** `cgroup.procs` of the cgroup that this process is in. */
async function findOwnProcs(layout: CgroupLayout): Promise<AbsolutePath> {
  const hierarchy = hierarchyOf(layout, 'memory') ?? layout.hierarchies[0];
  if (hierarchy === undefined) throw failedPrecondition('NoCgroups', 'no cgroup hierarchy is mounted');
  const lines = ((await readText('/proc/self/cgroup')) ?? '').split('\n').map((line) => line.split(':'));
  const own = lines.find(([, names = '']) =>
    hierarchy.version === 'v2' ? names === '' : names.split(',').includes('memory'),
  );
  return joinPath(inHierarchy(hierarchy, absolutePath(own?.slice(2).join(':') ?? '/')), 'cgroup.procs');
}

function inHierarchy(hierarchy: Hierarchy, path: AbsolutePath): AbsolutePath {
  return path === '/' ? hierarchy.mountPoint : joinPath(hierarchy.mountPoint, path.slice(1));
}

/** Appends to `made` what is new. */
async function createIn(hierarchy: Hierarchy, path: AbsolutePath, made: AbsolutePath[]): Promise<void> {
  const isCpusetV1 = hierarchy.version === 'v1' && hierarchy.controllers.includes('cpuset');
  let directory = hierarchy.mountPoint;
  for (const name of path.slice(1).split('/')) {
    if (hierarchy.version === 'v2') await enableControllers(directory);
    const parent = directory;
    directory = joinPath(directory, name);
    if (!(await makeDirectory(directory))) continue;
    made.push(directory);
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
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const inherited = (await readText(joinPath(parent, file)))?.trim() ?? '';
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

async function removeTree(directory: AbsolutePath): Promise<void> {
  for (const path of await listDeepestFirst(directory)) await removePatiently(absolutePath(path));
}

/** A cgroup whose last process has just ended is busy for a moment. */
async function removePatiently(path: AbsolutePath): Promise<void> {
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
