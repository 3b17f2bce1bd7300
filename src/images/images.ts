/**
 * Puts the image store together and starts it: sweeps what was unfinished, reads what there is, and hands out the parts
 * that the stories need, with the few functions that container stories call.
 */
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type CriError, failedPrecondition, internal, messageOf, notFound } from '../base/errors.ts';
import { type AbsolutePath, type ContainerId, type ImageId, parseDigest } from '../base/ids.ts';
import { raceSignal, SingleFlight } from '../base/single-flight.ts';
import type { Log } from '../base/log.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Catalog } from './catalog/catalog.ts';
import { type CollectionDelays, Collections } from './collections.ts';
import { openDisk, realDirectory } from './disk/open-disk.ts';
import { type Collected, collectGarbage } from './garbage.ts';
import { type ImageConfig, parseImageConfig } from './documents/image-config.ts';
import type { ImageParts } from './image-parts.ts';
import type { ImageRecord } from './catalog/image-record.ts';
import { ImageVolumes } from './rootfs/image-volumes.ts';
import { importOciLayout } from './archive/import-layout.ts';
import { IncomingLayers } from './pull/incoming-layers.ts';
import { Leases } from './catalog/leases.ts';
import {
  type ArchiveLimits,
  type Concurrency,
  concurrencyFor,
  type NetworkLimits,
  networkLimits,
} from './limits.ts';
import { hostPlatform, type Platform } from './documents/platform.ts';
import { type Observer, type ObservePull, unobserved } from './progress.ts';
import { readHosts } from './registry/hosts/configured-hosts.ts';
import { TlsContexts } from './registry/hosts/tls-contexts.ts';
import type { UsedImage } from './rootfs/rootfs-record.ts';
import { type FoundRootfs, type Rootfs, Rootfses, type RootfsOptions } from './rootfs/rootfs.ts';
import { archiveLimitsOf, defaultImageSettings, type ImageSettings } from './settings.ts';
import { Slots } from '../base/slots.ts';
import { checkOncePerBoot, imageFault, setImagesAside, spareUnclaimed, spareImages } from './store-check.ts';
import { MeasuredTrees } from './usage/measured-trees.ts';
import { defaultWorkerUrl, UnpackPool } from './unpack/unpack-pool.ts';

export type ImagesOptions = {
  /** `/var/lib/cri-ts`: `images/` and `overlay/` are made in it. */
  readonly rootDir: string;
  readonly kernel: Kernel;
  readonly log: Log;
  /** The entry of an unpacking thread; default: the source file beside this one. A bundle gives its own. */
  readonly workerUrl?: URL;
  /** Read at each use; default: no mirrors but those of /etc/containers. */
  readonly settings?: () => ImageSettings;
  /** Told of every pull; default: nobody. */
  readonly observePull?: ObservePull;
  readonly platform?: Platform;
  readonly concurrency?: Concurrency;
  readonly archiveLimits?: ArchiveLimits;
  readonly networkLimits?: NetworkLimits;
  readonly collectionDelays?: CollectionDelays;
};

export interface Images extends AsyncDisposable {
  /** For the image stories. */
  readonly parts: ImageParts;
  /** What the start found of containers' roots. */
  readonly foundRootfses: readonly FoundRootfs[];
  /** The containers with image volumes that the start found. */
  readonly foundVolumes: readonly ContainerId[];
  /** By id, unique id prefix, tag, digest or short name. @throws InvalidImageName, AmbiguousImageId */
  find(name: string): ImageRecord | null;
  /** @throws ImageNotFound, ImageDamaged, ArtifactNotImage */
  config(id: ImageId): Promise<ImageConfig>;
  /** Mounts a container's root over an image's layers. @throws ImageNotFound, SyscallError */
  prepareRootfs(id: ImageId, containerId: ContainerId, options?: RootfsOptions): Promise<Rootfs>;
  /** Mounts it again after a reboot. @throws RootfsNotFound */
  remountRootfs(containerId: ContainerId): Promise<Rootfs>;
  /** Unmounts and removes it; idempotent. */
  removeRootfs(containerId: ContainerId): Promise<void>;
  /** Unmounts and removes a container's image volumes; idempotent. */
  removeVolumes(containerId: ContainerId): Promise<void>;
  /** Takes an image from a directory in OCI layout. @throws InvalidImage, InvalidImageName */
  importOciLayout(directory: string, name: string, signal?: AbortSignal): Promise<ImageRecord>;
  close(): Promise<void>;
}

/** Opens the store; one process at a time. */
export async function openImages(options: ImagesOptions): Promise<Images> {
  const { kernel, log } = options;
  const { records, left, ...disk } = await openDisk(options);
  const { layout } = disk;
  const catalog = new Catalog(records, (diffId) => disk.layers.get(diffId) !== null);
  const lost = await catalog.load(async (image) => await imageFault(disk, image));
  const overlay = await realDirectory(`${options.rootDir}/overlay`);
  const rootfses = new Rootfses({ path: overlay, layout, catalog, kernel, log });
  const foundRootfses = await rootfses.load();
  const path = await realDirectory(`${options.rootDir}/volumes`);
  const volumes = new ImageVolumes({ path, layout, kernel, log });
  const foundVolumes = await volumes.load();
  const concurrency = options.concurrency ?? concurrencyFor(availableParallelism());
  const workerUrl = options.workerUrl ?? defaultWorkerUrl();
  const settings = options.settings ?? ((): ImageSettings => defaultImageSettings);
  const collect = async (signal: AbortSignal): Promise<Collected> => await collectGarbage(parts, signal);
  const collections = new Collections(collect, options.collectionDelays);
  const parts: ImageParts = {
    ...disk,
    kernel,
    log,
    catalog,
    rootfses,
    volumes,
    concurrency,
    collections,
    leases: new Leases(() => collections.later()),
    unpackers: new UnpackPool({ workerUrl, ...concurrency }),
    trees: new MeasuredTrees({ log }),
    downloads: new Slots(() => settings().maxNodeDownloads),
    incoming: new IncomingLayers(),
    tlsContexts: new TlsContexts(),
    pulls: new SingleFlight<ImageId>(),
    observePull: options.observePull ?? ((): Observer => unobserved),
    settings,
    networkLimits: options.networkLimits ?? networkLimits,
    get archiveLimits() {
      return options.archiveLimits ?? archiveLimitsOf(settings());
    },
    platform: options.platform ?? hostPlatform(),
  };
  await learnShortNames(parts);
  spareImages(parts, lost.damaged);
  if (lost.unreadable > 0) spareUnclaimed(parts);
  collections.start(async (signal) => await removeLeft(parts, left, signal));
  return new OpenImages(parts, { foundRootfses, foundVolumes });
}

/** Short names mean after a restart what they meant before. */
async function learnShortNames(parts: ImageParts): Promise<void> {
  try {
    parts.catalog.setShortNames((await readHosts(parts.settings())).conf);
  } catch (error) {
    // A pull will say it to whoever needs it; everything else works without.
    parts.log.warn({ error: messageOf(error) }, 'registries cannot be read');
  }
}

/** What a process that died left unfinished; it goes on at the next start. */
async function removeLeft(
  { log }: Pick<ImageParts, 'log'>,
  left: readonly AbsolutePath[],
  signal: AbortSignal,
): Promise<void> {
  for (const path of left) {
    if (signal.aborted) return;
    await rm(path, { recursive: true, force: true }).catch((error: unknown) =>
      log.warn({ path, error: messageOf(error) }, 'unfinished work cannot be removed'),
    );
  }
}

const patienceAtEndMs = 5_000;

class OpenImages implements Images {
  readonly parts: ImageParts;
  readonly foundRootfses: readonly FoundRootfs[];
  readonly foundVolumes: readonly ContainerId[];
  readonly #closing = new AbortController();
  readonly #check: Promise<void>;

  constructor(parts: ImageParts, found: Pick<Images, 'foundRootfses' | 'foundVolumes'>) {
    this.parts = parts;
    this.foundRootfses = found.foundRootfses;
    this.foundVolumes = found.foundVolumes;
    this.#check = checkOncePerBoot(parts, this.#closing.signal);
  }

  find(name: string): ImageRecord | null {
    return this.parts.catalog.find(name);
  }

  async config(id: ImageId): Promise<ImageConfig> {
    const image = this.parts.catalog.get(id);
    if (image === null) throw notFound('ImageNotFound', `image "${id}": not in the store`);
    if (image.artifactType !== null) throw artifactNotImage(image);
    const bytes = await this.parts.blobs.read(parseDigest(id));
    if (bytes !== null) return parseImageConfig(bytes);
    await setImagesAside(this.parts, [image], 'its config is damaged');
    throw internal('ImageDamaged', `image "${id}": its config is damaged; pull it again`);
  }

  async prepareRootfs(id: ImageId, containerId: ContainerId, options?: RootfsOptions): Promise<Rootfs> {
    try {
      return await this.parts.rootfses.prepare(id, containerId, options);
    } catch (error) {
      this.#letGo([id]);
      throw error;
    }
  }

  async remountRootfs(containerId: ContainerId): Promise<Rootfs> {
    return await this.parts.rootfses.remount(containerId);
  }

  async removeRootfs(containerId: ContainerId): Promise<void> {
    this.#letGo(await this.parts.rootfses.remove(containerId));
  }

  async removeVolumes(containerId: ContainerId): Promise<void> {
    this.#letGo(await this.parts.volumes.remove(containerId));
  }

  /** What a container used is garbage now if its image is gone. */
  #letGo(used: readonly UsedImage[]): void {
    const { catalog, collections } = this.parts;
    if (used.some((id) => id === null || catalog.get(id) === null)) collections.soon();
  }

  async importOciLayout(directory: string, name: string, signal?: AbortSignal): Promise<ImageRecord> {
    return await importOciLayout(this.parts, { directory, name }, signal ?? new AbortController().signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#check;
    await this.parts.unpackers.close();
    await this.parts.trees.close();
    // A slow disk must not keep the daemon from ending: the next start flushes and removes what this one did not.
    const ends = Promise.all([this.parts.flushes.settled(), this.parts.collections.close()]);
    await raceSignal(ends, AbortSignal.timeout(patienceAtEndMs)).catch(() => undefined);
    await this.parts.rootfses.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The failure of whoever wants to run an artifact. */
export function artifactNotImage(image: Pick<ImageRecord, 'id' | 'artifactType'>): CriError {
  return failedPrecondition(
    'ArtifactNotImage',
    `image "${image.id}": is an artifact of type "${image.artifactType ?? ''}", expected a container image; an artifact can be mounted as a volume`,
  );
}
