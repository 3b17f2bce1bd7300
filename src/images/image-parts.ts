/**
 * The parts that the image stories are made of; `images.ts` builds them. Each story names those that it touches.
 */
import type { Log } from '../base/log.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Catalog } from './catalog.ts';
import type { Blobs } from './disk/blobs.ts';
import type { Layers } from './disk/layers.ts';
import type { Layout } from './disk/layout.ts';
import type { Leases } from './leases.ts';
import type { ArchiveLimits, Concurrency } from './limits.ts';
import type { Platform } from './platform.ts';
import type { Rootfses } from './rootfs.ts';
import type { Slots } from './slots.ts';
import type { UnpackPool } from './unpack/unpack-pool.ts';

export type ImageParts = {
  readonly layout: Layout;
  readonly kernel: Kernel;
  readonly log: Log;
  readonly catalog: Catalog;
  readonly blobs: Blobs;
  readonly layers: Layers;
  readonly leases: Leases;
  readonly rootfses: Rootfses;
  readonly unpackers: UnpackPool;
  readonly downloads: Slots;
  readonly concurrency: Concurrency;
  readonly archiveLimits: ArchiveLimits;
  readonly platform: Platform;
};
