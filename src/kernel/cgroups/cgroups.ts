/**
 * The cgroups of pods, containers and monitors, by the files of cgroupfs: v1, v2, and both beside each other. Paths are as
 * in cgroupfs (`/kubepods/burstable/podX/ctr`), the same in every hierarchy. Only what `create` made may be given to the
 * methods that change something; the machine's own top-level cgroups are refused. Mounts are never changed.
 */
import { failedPrecondition, SyscallError } from '../../base/errors.ts';
import { type AbsolutePath, joinPath } from '../../base/ids.ts';
import { withDeadline } from '../../base/time.ts';
import { readText, writeText } from './cgroup-files.ts';
import { MoveHastener } from './hasten-moves.ts';
import { killAll, listPids } from './cgroup-kill.ts';
import { type CgroupLayout, type Hierarchy, hierarchyOf } from './cgroup-layout.ts';
import { applyLimits, type Limits, readLimits, readParentCpuset, restoreLimits } from './cgroup-limits.ts';
import type { CgroupResources } from './cgroup-resources.ts';
import { type DirectoryOf, readOomKills } from './cgroup-oom.ts';
import { createIn, inHierarchy, removePatiently, removeTree } from './cgroup-tree.ts';

/** Of the machine or of the kubelet: never ours to limit, kill or remove. */
const foreign =
  /^\/(?:(?:init\.scope|machine\.slice|kubepods(?:\.slice)?)?|(?:system|user)\.slice(?:\/[^/]+)?)$/;

const timeoutMs = 10_000;

export class Cgroups implements AsyncDisposable {
  readonly layout: CgroupLayout;
  readonly #hastener: MoveHastener;

  constructor(layout: CgroupLayout) {
    this.layout = layout;
    this.#hastener = new MoveHastener(layout);
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

  /** To be called where the runtime is about to move a process. Waits for nothing, and nothing depends on it. */
  hastenMoves(): void {
    this.#hastener.hasten();
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

  /** All or nothing. @throws InvalidCgroupResources, CgroupControllerMissing, SyscallError write */
  async applyResources(path: AbsolutePath, resources: CgroupResources): Promise<void> {
    this.#mustBeOurs('limit', path);
    await this.#bounded('limit', path, () => applyLimits(this.layout, path, resources));
  }

  /** What limits the cgroup now, for `restoreLimits`. */
  async readLimits(path: AbsolutePath, unified: readonly string[] = []): Promise<Limits> {
    return await this.#bounded('read', path, () => readLimits(this.layout, path, unified));
  }

  /** The CPUs and memory nodes that the cgroup above may use; "" where it does not say. */
  async parentCpuset(path: AbsolutePath): Promise<{ readonly cpus: string; readonly mems: string }> {
    return await this.#bounded('read', path, () => readParentCpuset(this.layout, path));
  }

  /** Puts limits back as they were. @throws SyscallError write, with all put back that the kernel takes */
  async restoreLimits(path: AbsolutePath, limits: Limits): Promise<void> {
    this.#mustBeOurs('limit', path);
    await this.#bounded('limit', path, () => restoreLimits(limits));
  }

  /** Processes killed for lack of memory in the cgroup or below it; null: not known. */
  async oomKills(path: AbsolutePath): Promise<bigint | null> {
    return await this.#bounded('read', path, () => readOomKills(this.#directoryOf(path)));
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hastener[Symbol.asyncDispose]();
  }

  async #bounded<T>(act: string, path: AbsolutePath, run: () => Promise<T>): Promise<T> {
    return await withDeadline({ step: `${act} cgroup "${path}"`, timeoutMs }, run);
  }
}
