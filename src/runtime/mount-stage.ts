/**
 * A place from which an OCI runtime takes mounts that are made for one container: id-mapped views of directories, and the
 * root file system where a user of a user namespace can reach it. It is needed only until the runtime has made its own
 * copies (`create`); it is a file system of its own, so that it goes as a whole and nothing in it can be removed by mistake.
 *
 *   /run/cri-ts/stages/ID           tmpfs; the group of the namespace's root may pass through it, and nobody else
 *   /run/cri-ts/stages/ID/root      the root file system
 *   /run/cri-ts/stages/ID/views/N   other views and device nodes, for root alone: runtimes open what they bind before they become somebody else
 *
 * Without the tmpfs an empty directory `root` is left for as long as the container lives: runc goes there for each exec.
 */
import { mkdir, readdir, rmdir, stat, writeFile } from 'node:fs/promises';
import { errnoOf } from '../base/errors.ts';
import { joinPath, type AbsolutePath } from '../base/ids.ts';
import type { MountFlag } from '../kernel/contract/mounts.ts';
import type { NewNode } from '../kernel/contract/files.ts';
import type { Kernel } from '../kernel/kernel.ts';

export type StageKernel = Pick<Kernel, 'mount' | 'bindMount' | 'setPropagation' | 'detachAll' | 'makeNode'>;

export type View = {
  /** A directory or a file; links are followed. */
  readonly source: AbsolutePath;
  /** With what is mounted below. */
  readonly isRecursive: boolean;
  /** A user namespace: owners appear as it maps them (`BindRequest.idMap`). Null: as they are. */
  readonly idMap: AbsolutePath | null;
  /** Of all its mounts. */
  readonly flags: readonly MountFlag[];
};

/** Of the directory of all stages: may be passed through, and listed by nobody. */
const mode = 0o711;
/** Else the end of a stage would unmount on the host what is mounted below a source. */
const propagation = 'slave';
const rootName = 'root';
const viewsName = 'views';

export class MountStage implements AsyncDisposable {
  readonly #kernel: StageKernel;
  readonly #dir: AbsolutePath;
  #count = 0;

  private constructor(kernel: StageKernel, dir: AbsolutePath) {
    this.#kernel = kernel;
    this.#dir = dir;
  }

  /**
   * @param place.dir is made, and stays until `removeStage`; its parent must be there
   * @param place.gid who may pass through, in ids of the host; null: only root
   */
  static async open(
    kernel: StageKernel,
    { dir, gid }: { readonly dir: AbsolutePath; readonly gid: number | null },
  ): Promise<MountStage> {
    await mkdir(joinPath(dir, rootName), { recursive: true, mode: 0o700 });
    try {
      const data = `${gid === null ? 'mode=0700' : `mode=0710,gid=${gid}`},size=64k`;
      await kernel.mount({
        source: 'stage',
        target: dir,
        type: 'tmpfs',
        flags: ['nosuid'],
        data,
      });
      // What is mounted here is nobody else's business.
      await kernel.setPropagation(dir, 'private', false);
      await mkdir(joinPath(dir, viewsName), { mode: 0o700 });
      return new MountStage(kernel, dir);
    } catch (error) {
      await removeStage(kernel, dir);
      throw error;
    }
  }

  /** Mounts a root file system, as it is, and returns where. */
  async addRoot(source: AbsolutePath): Promise<AbsolutePath> {
    const target = joinPath(this.#dir, rootName);
    await mkdir(target, { mode: 0o755 });
    await this.#kernel.bindMount({ source, target, isRecursive: false, flags: [], propagation });
    return target;
  }

  /** Makes a node, which opens although none can be made in a user namespace: the stage is a file system of the host's. */
  async addNode(node: NewNode): Promise<AbsolutePath> {
    const path = this.#nextView();
    await this.#kernel.makeNode(path, node);
    return path;
  }

  /** Mounts a view and returns where. @throws SyscallError EINVAL: the file system cannot be id-mapped */
  async add({ source, isRecursive, idMap, flags }: View): Promise<AbsolutePath> {
    const target = this.#nextView();
    if ((await stat(source)).isDirectory()) await mkdir(target, { mode: 0o755 });
    else await writeFile(target, '', { mode: 0o600 });
    await this.#kernel.bindMount({
      source,
      target,
      isRecursive,
      flags,
      propagation,
      ...(idMap === null ? {} : { idMap }),
    });
    return target;
  }

  #nextView(): AbsolutePath {
    this.#count += 1;
    return joinPath(this.#dir, viewsName, String(this.#count));
  }

  async close(): Promise<void> {
    await this.#kernel.detachAll(this.#dir);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Takes a stage away with all that is mounted in it; done already is done. Never removes anything that is not empty. */
export async function removeStage(kernel: Pick<StageKernel, 'detachAll'>, dir: AbsolutePath): Promise<void> {
  await kernel.detachAll(dir);
  for (const path of [joinPath(dir, rootName), dir]) await removeEmpty(path);
}

async function removeEmpty(path: AbsolutePath): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/** Ends what a daemon that died has left half-done. Before any stage is in use. */
export async function closeLeftStages(
  kernel: Pick<StageKernel, 'detachAll'>,
  parent: AbsolutePath,
): Promise<void> {
  await mkdir(parent, { recursive: true, mode });
  for (const name of await readdir(parent)) await kernel.detachAll(joinPath(parent, name));
}
