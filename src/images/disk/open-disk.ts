/**
 * What the image store's directory holds, read at start: half-made and lost work is swept first, what is damaged is set
 * aside.
 */
import { ensureDirectory } from '../../base/files.ts';
import type { Log } from '../../base/log.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { RecordFolder } from '../../store/record-file.ts';
import { Blobs } from './blobs.ts';
import { Flushes } from './flushes.ts';
import { Layers } from './layers.ts';
import { Layout } from './layout.ts';
import { sweepTemporary } from './workspace.ts';

export type Disk = {
  readonly layout: Layout;
  readonly flushes: Flushes;
  readonly layers: Layers;
  readonly blobs: Blobs;
  /** The images' records, unread. */
  readonly records: RecordFolder;
};

export async function openDisk(options: {
  readonly rootDir: string;
  readonly kernel: Kernel;
  readonly log: Log;
}): Promise<Disk> {
  const { kernel, log } = options;
  const layout = new Layout(`${options.rootDir}/images`);
  await ensureDirectory(options.rootDir);
  for (const folder of [layout.root, ...layout.folders]) await ensureDirectory(folder);
  const onDamaged = (path: string, message: string): void =>
    log.warn({ path, error: message }, 'damaged, set aside');
  const onFailed = (message: string): void =>
    log.error({ error: message }, 'layers cannot be flushed: after a power cut they are pulled again');
  const flushes = new Flushes({ layout, kernel, onFailed });
  const lost = await flushes.recover();
  if (lost.length > 0) log.warn({ lost }, 'a power cut came before these were on the disk: discarded');
  await sweepTemporary(layout.temporary);
  const layers = new Layers(layout, kernel);
  await layers.load(onDamaged);
  const records = new RecordFolder({ path: layout.records, onDamaged });
  return { layout, flushes, layers, blobs: new Blobs(layout), records };
}
