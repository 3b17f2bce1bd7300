/**
 * The parts that the image stories are made of; `images.ts` builds them. Each story names those that it touches.
 */
import type { ImageId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { SingleFlight } from '../base/single-flight.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Collections } from './collections.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Blobs } from './disk/blobs.ts';
import type { Flushes } from './disk/flushes.ts';
import type { Layers } from './disk/layers.ts';
import type { Layout } from './disk/layout.ts';
import type { Quarantine } from './disk/quarantine.ts';
import type { ImageVolumes } from './rootfs/image-volumes.ts';
import type { IncomingLayers } from './pull/incoming-layers.ts';
import type { Leases } from './catalog/leases.ts';
import type { ArchiveLimits, Concurrency, NetworkLimits } from './limits.ts';
import type { Platform } from './documents/platform.ts';
import type { ObservePull } from './progress.ts';
import type { TlsContexts } from './registry/hosts/tls-contexts.ts';
import type { Rootfses } from './rootfs/rootfs.ts';
import type { ImageSettings } from './settings.ts';
import type { Slots } from '../base/slots.ts';
import type { MeasuredTrees } from './usage/measured-trees.ts';
import type { UnpackPool } from './unpack/unpack-pool.ts';

export type ImageParts = {
  readonly layout: Layout;
  readonly kernel: Kernel;
  readonly log: Log;
  readonly catalog: Catalog;
  readonly blobs: Blobs;
  readonly layers: Layers;
  readonly quarantine: Quarantine;
  readonly flushes: Flushes;
  readonly leases: Leases;
  readonly collections: Collections;
  readonly rootfses: Rootfses;
  readonly volumes: ImageVolumes;
  readonly unpackers: UnpackPool;
  readonly trees: MeasuredTrees;
  /** Connections of all pulls. */
  readonly downloads: Slots;
  /** Layers that a running pull brings. */
  readonly incoming: IncomingLayers;
  readonly tlsContexts: TlsContexts;
  readonly concurrency: Concurrency;
  /** Running pulls by name and credentials. */
  readonly pulls: SingleFlight<ImageId>;
  readonly observePull: ObservePull;
  /** What the operator wants now. */
  readonly settings: () => ImageSettings;
  readonly networkLimits: NetworkLimits;
  /** As the settings say at each use. */
  readonly archiveLimits: ArchiveLimits;
  readonly platform: Platform;
};
