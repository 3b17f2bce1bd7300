/**
 * What the image store's directory holds, read at start: half-made and lost work is taken out of the way first, what is
 * damaged is set aside.
 */
import { readdir, realpath } from 'node:fs/promises';
import { ensureDirectory } from '../../base/files.ts';
import { type AbsolutePath, absolutePath, joinPath } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { RecordFolder } from '../../store/record-file.ts';
import { Blobs } from './blobs.ts';
import { Flushes } from './flushes.ts';
import { Layers } from './layers.ts';
import { Layout } from './layout.ts';
import { Quarantine } from './quarantine.ts';

export type Disk = {
  readonly layout: Layout;
  readonly flushes: Flushes;
  readonly layers: Layers;
  readonly blobs: Blobs;
  readonly quarantine: Quarantine;
  /** What an earlier process left in `tmp/`: to be removed in the background, since it may be much. */
  readonly left: readonly AbsolutePath[];
  /** The images' records, unread. */
  readonly records: RecordFolder;
};

export async function openDisk(options: {
  readonly rootDir: string;
  readonly kernel: Kernel;
  readonly log: Log;
}): Promise<Disk> {
  const { kernel, log } = options;
  const layout = new Layout(await realDirectory(`${options.rootDir}/images`));
  for (const folder of [layout.root, ...layout.folders]) await ensureDirectory(folder);
  const onDamaged = (path: string, message: string): void =>
    log.warn({ path, error: message }, 'damaged, set aside');
  const onFailed = (message: string): void =>
    log.error({ error: message }, 'layers cannot be flushed: after a power cut they are pulled again');
  const flushes = new Flushes({ layout, kernel, onFailed });
  const lost = await flushes.recover();
  if (lost.length > 0) log.warn({ lost }, 'a power cut came before these were on the disk: discarded');
  const left = (await readdir(layout.temporary)).map((name) => joinPath(layout.temporary, name));
  const quarantine = new Quarantine(layout);
  const layers = new Layers(layout, quarantine, kernel);
  await layers.load(onDamaged);
  const blobs = new Blobs(layout);
  await blobs.sweep();
  const records = new RecordFolder({ path: layout.records, onDamaged });
  return { layout, flushes, layers, blobs, quarantine, left, records };
}

/** Makes a directory. @returns where it truly is, as the kernel will name what is mounted in it */
export async function realDirectory(path: string): Promise<AbsolutePath> {
  await ensureDirectory(path);
  return absolutePath(await realpath(path));
}
