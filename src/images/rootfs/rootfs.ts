/**
 * Root file systems of containers: one overlay each, over the layers of an image, which stay on disk as long as a root
 * file system uses them, also when the image is gone. It does not know what a container is: only its id.
 *
 *   overlay/ID/rootfs.json      what it is made of (written first, so that a crash leaves nothing unknown)
 *   overlay/ID/{upper,work}     the writable layer
 *   overlay/ID/merged           the mount
 */
import { chmod, chown, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { writeAtomically } from '../../base/files.ts';
import { errnoOf, internal, messageOf, notFound } from '../../base/errors.ts';
import {
  type AbsolutePath,
  type ContainerId,
  type ImageId,
  isContainerId,
  joinPath,
} from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { hostIdOf, type IdMap } from '../../spec/requests/id-mapping.ts';
import { encodeRecord } from '../../store/record-file.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Layout } from '../disk/layout.ts';
import { upperDir } from '../usage/writable-layers.ts';
import { mountLayers, type OverlayLook } from './mount-layers.ts';
import { readRootfs, rootfsRecordName } from './read-records.ts';
import { type RootfsRecord, rootfsToJson, type UsedImage } from './rootfs-record.ts';

export type Rootfs = {
  /** Where the root is mounted. */
  readonly path: AbsolutePath;
  /** The writable layer; null for a read-only root. */
  readonly upperDir: AbsolutePath | null;
  readonly imageId: ImageId;
};

export type RootfsOptions = Pick<OverlayLook, 'selinuxLabel'> & {
  /** Without a writable layer (image volumes). A container's read-only root is the runtime's business: it needs one. */
  readonly isReadOnly?: boolean;
  /** Owners as a user namespace has them, without changing a layer: root of the namespace where the image says root. */
  readonly idMap?: RootfsIdMap;
};

export type RootfsIdMap = {
  readonly map: IdMap;
  /** Its pin, or `/proc/PID/ns/user`. */
  readonly userNamespace: AbsolutePath;
};

/** A root file system found at start. */
export type FoundRootfs = {
  readonly containerId: ContainerId;
  /** Null: its record cannot be read. */
  readonly imageId: ImageId | null;
  readonly isMounted: boolean;
};

export type RootfsesOptions = {
  /** Exists, and is its real path: as mountinfo has it. */
  readonly path: AbsolutePath;
  readonly layout: Layout;
  readonly catalog: Pick<Catalog, 'get'>;
  readonly kernel: Pick<Kernel, 'facts' | 'mountOverlay' | 'unmountAll' | 'mounts'>;
  readonly log: Log;
};

const gonePrefix = '.gone-';

export class Rootfses {
  readonly #options: RootfsesOptions;
  readonly #records = new Map<ContainerId, RootfsRecord>();
  /** Roots whose records cannot be read, and whether they are mounted. */
  readonly #unreadable = new Map<ContainerId, boolean>();
  readonly #removals = new Set<Promise<void>>();

  constructor(options: RootfsesOptions) {
    this.#options = options;
  }

  get path(): AbsolutePath {
    return this.#options.path;
  }

  /** Where containers write to. */
  get upperDirs(): readonly AbsolutePath[] {
    const writable = [...this.#records].filter(([, { isReadOnly }]) => !isReadOnly);
    return writable.map(([id]) => upperDir(this.#options.path, id));
  }

  /** True: a root is mounted that does not say what it is made of, so no layer may be collected. */
  get holdsUnknown(): boolean {
    return [...this.#unreadable.values()].includes(true);
  }

  /** What the mounted roots keep alive. */
  uses(): IterableIterator<RootfsRecord> {
    return this.#records.values();
  }

  /**
   * Reads what there is, once, at start. Roots that cannot be read keep their files until their container is removed or
   * nobody claims them; names that are no container's are none of ours (`lost+found`).
   */
  async load(): Promise<readonly FoundRootfs[]> {
    const { path, kernel } = this.#options;
    const targets = new Set((await kernel.mounts()).map((mount) => mount.target));
    const found: FoundRootfs[] = [];
    for (const name of await readdir(path)) {
      if (name.startsWith(gonePrefix)) this.#removeLater(joinPath(path, name));
      if (!isContainerId(name)) continue;
      const isMounted = targets.has(joinPath(path, name, 'merged'));
      found.push(...(await this.#loadOne(name, isMounted)));
    }
    return found;
  }

  /** Mounts a root for a container. @throws ImageNotFound, IdMapUnsupported, SyscallError */
  async prepare(imageId: ImageId, containerId: ContainerId, options: RootfsOptions = {}): Promise<Rootfs> {
    const image = this.#options.catalog.get(imageId);
    if (image === null) throw notFound('ImageNotFound', `image "${imageId}": not in the store`);
    const { layers, isMended, root } = image;
    const { isReadOnly = false, idMap } = options;
    const owner = idMap === undefined ? root : ownerOf(root, idMap.map);
    const record: RootfsRecord = { imageId, layers, isMended, root: { ...root, ...owner }, isReadOnly };
    // From here on the layers are in use: a removal of the image leaves them.
    this.#records.set(containerId, record);
    try {
      await this.#create(containerId, record);
      return await this.#mount(containerId, record, options);
    } catch (error) {
      await this.remove(containerId);
      throw error;
    }
  }

  /** Mounts a root again, after a reboot; without an id map and a label. @throws RootfsNotFound */
  async remount(containerId: ContainerId): Promise<Rootfs> {
    const record = this.#records.get(containerId);
    if (record === undefined)
      throw notFound('RootfsNotFound', `root file system of "${containerId}": not there`);
    await this.#options.kernel.unmountAll(joinPath(this.#folder(containerId), 'merged'));
    return await this.#mount(containerId, record);
  }

  /**
   * Unmounts and removes; one that is not there is removed already. The files go in the background.
   * @returns what it was made of
   */
  async remove(containerId: ContainerId): Promise<readonly UsedImage[]> {
    const folder = this.#folder(containerId);
    await this.#options.kernel.unmountAll(joinPath(folder, 'merged'));
    const gone = joinPath(this.#options.path, `${gonePrefix}${globalThis.crypto.randomUUID()}`);
    try {
      await rename(folder, gone);
      this.#removeLater(gone);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
    const record = this.#records.get(containerId);
    this.#records.delete(containerId);
    const wasUnreadable = this.#unreadable.delete(containerId);
    return record === undefined ? (wasUnreadable ? [null] : []) : [record.imageId];
  }

  /** Resolves when everything that was removed is off the disk. */
  async settled(): Promise<void> {
    await Promise.all(this.#removals);
  }

  async #create(containerId: ContainerId, record: RootfsRecord): Promise<void> {
    const folder = this.#folder(containerId);
    await mkdir(folder, { mode: 0o700, recursive: true });
    const content = encodeRecord(rootfsToJson(record));
    // A power cut ends all containers: the record need only outlive us.
    await writeAtomically(joinPath(folder, rootfsRecordName), content, { isDurable: false });
    const names = record.isReadOnly ? ['merged'] : ['merged', 'upper', 'work'];
    for (const name of names) await mkdir(joinPath(folder, name), { mode: 0o700, recursive: true });
    if (record.isReadOnly) return;
    // The root directory that a container sees is the upper one.
    const upper = joinPath(folder, 'upper');
    await chown(upper, record.root.uid, record.root.gid);
    await chmod(upper, record.root.mode);
  }

  async #mount(
    containerId: ContainerId,
    record: RootfsRecord,
    { idMap, selinuxLabel }: RootfsOptions = {},
  ): Promise<Rootfs> {
    const folder = this.#folder(containerId);
    const target = joinPath(folder, 'merged');
    const upper = upperDir(this.#options.path, containerId);
    await mountLayers(this.#options, record, {
      target,
      flags: record.isReadOnly ? ['ro'] : [],
      ...(record.isReadOnly ? {} : { writable: { upperDir: upper, workDir: joinPath(folder, 'work') } }),
      ...(idMap === undefined ? {} : { idMap: idMap.userNamespace }),
      ...(selinuxLabel === undefined ? {} : { selinuxLabel }),
    });
    return { path: target, upperDir: record.isReadOnly ? null : upper, imageId: record.imageId };
  }

  async #loadOne(containerId: ContainerId, isMounted: boolean): Promise<readonly FoundRootfs[]> {
    const folder = this.#folder(containerId);
    try {
      const record = await readRootfs(folder);
      if (record === null && !isMounted) {
        // The daemon died before anything was mounted.
        this.#removeLater(folder);
        return [];
      }
      if (record === null) throw internal('DamagedRecord', 'it has no record');
      this.#records.set(containerId, record);
      return [{ containerId, imageId: record.imageId, isMounted }];
    } catch (error) {
      this.#unreadable.set(containerId, isMounted);
      const bindings = { rootfs: containerId, isMounted, error: messageOf(error) };
      this.#options.log.warn(bindings, 'root file system cannot be read');
      return [{ containerId, imageId: null, isMounted }];
    }
  }

  #removeLater(path: AbsolutePath): void {
    const removal = rm(path, { recursive: true, force: true }).catch((error: unknown) => {
      // The next start tries again.
      this.#options.log.warn({ path, error: messageOf(error) }, 'root file system cannot be removed');
    });
    this.#removals.add(removal);
    void removal.then(() => this.#removals.delete(removal));
  }

  #folder(containerId: ContainerId): AbsolutePath {
    return joinPath(this.#options.path, containerId);
  }
}

/** The root directory's owner on the host. What the map leaves out belongs to nobody in the namespace. */
function ownerOf(
  { uid, gid }: RootfsRecord['root'],
  { uids, gids }: IdMap,
): { readonly uid: number; readonly gid: number } {
  return {
    uid: hostIdOf(uids, uid) ?? hostIdOf(uids, 0) ?? uid,
    gid: hostIdOf(gids, gid) ?? hostIdOf(gids, 0) ?? gid,
  };
}
