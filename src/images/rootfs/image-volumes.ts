/**
 * Images mounted into containers as volumes: for each container and image one read-only overlay of the image's layers,
 * which stay on disk as long as it is there, also when the image is gone. It knows of a container only its id.
 *
 *   volumes/ID/volumes.json     which images (written first, so that a crash leaves nothing unknown)
 *   volumes/ID/N                the mount of the Nth
 *   volumes/ID/data/N           directories of the container's own, for VOLUME instructions of its image
 */
import { chmod, chown, mkdir, readdir, readlink, rm, rmdir, stat } from 'node:fs/promises';
import { errnoOf, failedPrecondition, internal, messageOf, notFound } from '../../base/errors.ts';
import { writeAtomically } from '../../base/files.ts';
import {
  absolutePath,
  type AbsolutePath,
  type ContainerId,
  isContainerId,
  joinPath,
} from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { encodeRecord } from '../../store/record-file.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import type { Layout } from '../disk/layout.ts';
import { mountLayers } from './mount-layers.ts';
import { readVolumes, volumesRecordName } from './read-records.ts';
import { type RootfsRecord, rootfsToJson, type UsedImage } from './rootfs-record.ts';

export type ImageVolumesOptions = {
  /** Exists, and is its real path: as mountinfo has it. */
  readonly path: AbsolutePath;
  readonly layout: Layout;
  readonly kernel: Pick<Kernel, 'facts' | 'mountOverlay' | 'unmountAll' | 'openInRoot' | 'mounts'>;
  readonly log: Log;
};

/** Of a directory; the permission bits. */
export type DirectoryOwner = { readonly uid: number; readonly gid: number; readonly mode: number };

/** How a container sees the files. */
export type ImageVolumeView = {
  /** With the owners that they have in this user namespace; absent or null: as they are. */
  readonly idMap?: AbsolutePath | null;
  /** Of every file; absent or null: none, or that of the disk. */
  readonly selinuxLabel?: string | null;
};

/** Where an image of a container is to be mounted. */
export type VolumePlace = { readonly target: AbsolutePath; readonly record: RootfsRecord };

const dataName = 'data';

function isPlaceName(name: string): boolean {
  return /^[0-9]+$/.test(name);
}

export class ImageVolumes {
  readonly #options: ImageVolumesOptions;
  readonly #records = new Map<ContainerId, readonly RootfsRecord[]>();
  /** Containers whose volumes' records cannot be read, and whether any of them is mounted. */
  readonly #unreadable = new Map<ContainerId, boolean>();

  constructor(options: ImageVolumesOptions) {
    this.#options = options;
  }

  /** True: a volume is mounted that does not say of which image, so no layer may be collected. */
  get holdsUnknown(): boolean {
    return [...this.#unreadable.values()].includes(true);
  }

  get path(): AbsolutePath {
    return this.#options.path;
  }

  /** What the mounted volumes keep alive. */
  *uses(): Generator<RootfsRecord> {
    for (const records of this.#records.values()) yield* records;
  }

  /** Reads what there is, once, at start. @returns the containers that have volumes */
  async load(): Promise<readonly ContainerId[]> {
    const { path, kernel, log } = this.#options;
    const mounts = await kernel.mounts();
    const found = (await readdir(path)).filter(isContainerId);
    for (const containerId of found) {
      const folder = this.#folder(containerId);
      try {
        this.#records.set(containerId, await readVolumes(folder));
      } catch (error) {
        const isMounted = mounts.some(({ target }) => target.startsWith(`${folder}/`));
        this.#unreadable.set(containerId, isMounted);
        const bindings = { volumes: containerId, isMounted, error: messageOf(error) };
        log.warn(bindings, 'image volumes cannot be read');
      }
    }
    return found;
  }

  /**
   * Notes that a container uses images, before anything is mounted. A failure leaves what `remove` takes away.
   * @returns a place for each, in the order of `images`, to be mounted with `mount`
   */
  async reserve(containerId: ContainerId, images: readonly ImageRecord[]): Promise<readonly VolumePlace[]> {
    const records = images.map((image): RootfsRecord => ({
      imageId: image.id,
      layers: image.layers,
      isMended: image.isMended,
      root: image.root,
      isReadOnly: true,
    }));
    // From here on the layers are in use: a removal of the images leaves them.
    this.#records.set(containerId, records);
    const folder = this.#folder(containerId);
    await mkdir(folder, { mode: 0o700, recursive: true });
    const content = encodeRecord({ volumes: records.map(rootfsToJson) });
    // A power cut ends all containers: the record need only outlive us.
    await writeAtomically(joinPath(folder, volumesRecordName), content, { isDurable: false });
    return records.map((record, at) => ({ record, target: joinPath(folder, String(at)) }));
  }

  /** Mounts one image. A failure leaves what `remove` takes away. @throws IdMapUnsupported, SyscallError */
  async mount(
    { record, target }: VolumePlace,
    { idMap = null, selinuxLabel = null }: ImageVolumeView = {},
  ): Promise<void> {
    await mkdir(target, { mode: 0o700 });
    await mountLayers(this.#options, record, {
      target,
      flags: ['ro', 'nodev'],
      ...(idMap === null ? {} : { idMap }),
      ...(selinuxLabel === null ? {} : { selinuxLabel }),
    });
  }

  /**
   * What a sub path means inside a mounted image: links lead to places of the image and never out of it.
   * @returns its real path: nobody can change it, because the mount is read-only
   * @throws SubPathMissing, SubPathKind
   */
  async resolve(mounted: AbsolutePath, subPath: string): Promise<AbsolutePath> {
    if (subPath === '') return mounted;
    try {
      using fd = await this.#options.kernel.openInRoot(mounted, subPath, { flags: pathOnly });
      const link = `/proc/self/fd/${fd.number}`;
      const info = await stat(link);
      if (!info.isDirectory() && !info.isFile())
        throw failedPrecondition('SubPathKind', `sub path "${subPath}": expected a directory or a file`);
      const real = absolutePath(await readlink(link));
      if (real === mounted || real.startsWith(`${mounted}/`)) return real;
      throw internal('SubPathEscaped', `sub path "${subPath}": leads out of the image`);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === null || !missing.has(errno)) throw error;
      throw notFound('SubPathMissing', `sub path "${subPath}": not in the image`, { cause: error });
    }
  }

  /** Makes an empty directory that lives as long as the container. @returns its path */
  async makeDirectory(containerId: ContainerId, owner: DirectoryOwner): Promise<AbsolutePath> {
    const parent = joinPath(this.#folder(containerId), dataName);
    await mkdir(parent, { mode: 0o700, recursive: true });
    const path = joinPath(parent, String((await readdir(parent)).length));
    await mkdir(path);
    await chown(path, owner.uid, owner.gid);
    await chmod(path, owner.mode);
    return path;
  }

  /** Unmounts and removes; a container without volumes has none any more. @returns of which images they were */
  async remove(containerId: ContainerId): Promise<readonly UsedImage[]> {
    const folder = this.#folder(containerId);
    for (const name of await namesIn(folder)) {
      // Also what a daemon that died was about to name `volumes.json` may lie here.
      if (!isPlaceName(name)) continue;
      await this.#options.kernel.unmountAll(joinPath(folder, name));
      // Never a tree: what is still mounted must not be walked into.
      await rmdir(joinPath(folder, name));
    }
    await rm(folder, { recursive: true, force: true });
    const used = (this.#records.get(containerId) ?? []).map(({ imageId }) => imageId);
    this.#records.delete(containerId);
    return this.#unreadable.delete(containerId) ? [null] : used;
  }

  #folder(containerId: ContainerId): AbsolutePath {
    return joinPath(this.#options.path, containerId);
  }
}

/** Source: openat(2), O_PATH: names a file without opening it, so that a FIFO or a device does nothing. */
const pathOnly = 0o10000000;
const missing: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EXDEV', 'ENAMETOOLONG']);

async function namesIn(folder: AbsolutePath): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
