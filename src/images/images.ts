/**
 * Puts the image store together and starts it: sweeps what was unfinished, reads what there is, and hands out the parts
 * that the stories need, with the few functions that container stories call.
 */
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type CriError, failedPrecondition, internal, messageOf, notFound } from '../base/errors.ts';
import { absolutePath, type ContainerId, type ImageId, parseDigest } from '../base/ids.ts';
import { raceSignal, SingleFlight } from '../base/single-flight.ts';
import type { Log } from '../base/log.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Catalog } from './catalog/catalog.ts';
import { openDisk } from './disk/open-disk.ts';
import { collectGarbage } from './garbage.ts';
import { type ImageConfig, parseImageConfig } from './documents/image-config.ts';
import type { ImageParts } from './image-parts.ts';
import type { ImageRecord } from './catalog/image-record.ts';
import { ImageVolumes } from './rootfs/image-volumes.ts';
import { importOciLayout } from './archive/import-layout.ts';
import { IncomingLayers } from './pull/incoming-layers.ts';
import { Leases } from './catalog/leases.ts';
import {
  type ArchiveLimits,
  archiveLimits,
  type Concurrency,
  concurrencyFor,
  type NetworkLimits,
  networkLimits,
} from './limits.ts';
import { hostPlatform, type Platform } from './documents/platform.ts';
import { type Observer, type ObservePull, unobserved } from './progress.ts';
import { readHosts } from './registry/hosts/configured-hosts.ts';
import { TlsContexts } from './registry/hosts/tls-contexts.ts';
import { type FoundRootfs, type Rootfs, Rootfses, type RootfsOptions } from './rootfs/rootfs.ts';
import { defaultImageSettings, type ImageSettings } from './settings.ts';
import { Slots } from '../base/slots.ts';
import { checkOncePerBoot, imageFault, spareLayers } from './store-check.ts';
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
  const { records, ...disk } = await openDisk(options);
  const { layout, layers, blobs } = disk;
  const catalog = new Catalog(records);
  const mends = new Set(await readdir(layout.mends));
  const damaged = await catalog.load(async (image) => await imageFault({ blobs, layers, mends }, image));
  const rootfses = new Rootfses({
    path: absolutePath(`${options.rootDir}/overlay`),
    layout,
    catalog,
    kernel,
    log,
  });
  const foundRootfses = await rootfses.load();
  const volumes = new ImageVolumes({
    path: absolutePath(`${options.rootDir}/volumes`),
    layout,
    kernel,
    log,
  });
  const foundVolumes = await volumes.load();
  const concurrency = options.concurrency ?? concurrencyFor(availableParallelism());
  const workerUrl = options.workerUrl ?? defaultWorkerUrl();
  const settings = options.settings ?? ((): ImageSettings => defaultImageSettings);
  const parts: ImageParts = {
    ...disk,
    kernel,
    log,
    catalog,
    rootfses,
    volumes,
    concurrency,
    leases: new Leases(),
    unpackers: new UnpackPool({ workerUrl, ...concurrency }),
    trees: new MeasuredTrees({ log }),
    downloads: new Slots(() => settings().maxNodeDownloads),
    incoming: new IncomingLayers(),
    tlsContexts: new TlsContexts(),
    pulls: new SingleFlight<ImageId>(),
    observePull: options.observePull ?? ((): Observer => unobserved),
    settings,
    networkLimits: options.networkLimits ?? networkLimits,
    archiveLimits: options.archiveLimits ?? archiveLimits,
    platform: options.platform ?? hostPlatform(),
  };
  await learnShortNames(parts);
  spareLayers(parts, damaged);
  await collectGarbage(parts);
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

const flushAtEndMs = 5_000;

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
    return await readConfig(this.parts, id);
  }

  async prepareRootfs(id: ImageId, containerId: ContainerId, options?: RootfsOptions): Promise<Rootfs> {
    return await this.parts.rootfses.prepare(id, containerId, options);
  }

  async remountRootfs(containerId: ContainerId): Promise<Rootfs> {
    return await this.parts.rootfses.remount(containerId);
  }

  async removeRootfs(containerId: ContainerId): Promise<void> {
    await this.parts.rootfses.remove(containerId);
  }

  async removeVolumes(containerId: ContainerId): Promise<void> {
    await this.parts.volumes.remove(containerId);
  }

  async importOciLayout(directory: string, name: string, signal?: AbortSignal): Promise<ImageRecord> {
    return await importOciLayout(this.parts, { directory, name }, signal ?? new AbortController().signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#check;
    await this.parts.unpackers.close();
    await this.parts.trees.close();
    // A slow disk must not keep the daemon from ending: the next start flushes what this one did not.
    await raceSignal(this.parts.flushes.settled(), AbortSignal.timeout(flushAtEndMs)).catch(() => undefined);
    await this.parts.rootfses.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** @throws ImageDamaged when the config is not on disk or not what its digest says */
async function readConfig(parts: Pick<ImageParts, 'blobs'>, id: ImageId): Promise<ImageConfig> {
  const bytes = await parts.blobs.read(parseDigest(id));
  if (bytes === null) throw internal('ImageDamaged', `image "${id}": its config is damaged; pull it again`);
  return parseImageConfig(bytes);
}

/** The failure of whoever wants to run an artifact. */
export function artifactNotImage(image: Pick<ImageRecord, 'id' | 'artifactType'>): CriError {
  return failedPrecondition(
    'ArtifactNotImage',
    `image "${image.id}": is an artifact of type "${image.artifactType ?? ''}", expected a container image; an artifact can be mounted as a volume`,
  );
}
