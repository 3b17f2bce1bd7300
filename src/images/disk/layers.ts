/**
 * Unpacked layers by diffID: in memory what there is, on disk whole layers only. A layer appears by one rename; a crash
 * before leaves it in `tmp/`, which is swept, and for a power cut behind it there is `flushes.ts`.
 *
 *   announce → unpack into tmp/… → layer.json and archive.zst beside it → rename to layers/HEX → (later) syncfs
 */
import { lstat, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { readBounded, syncDirectory, writeAtomically } from '../../base/files.ts';
import { errnoOf, internal, messageOf } from '../../base/errors.ts';
import { type AbsolutePath, type Digest, joinPath } from '../../base/ids.ts';
import { KeyedLock } from '../../base/locks.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { directoryBytes } from '../usage/disk-blocks.ts';
import type { TreeUsage } from '../usage/tree-usage.ts';
import { decodeLayerRecord, encodeLayerRecord, type LayerRecord, skeletonName } from './layer-record.ts';
import { hexOf, type Layout } from './layout.ts';
import { hide } from './workspace.ts';

const recordName = 'layer.json';
const maxRecordBytes = 256 * 1024 * 1024;
const never = new AbortController().signal;
const sectorBytes = 512;
/** The layer's directory, the two files in it, and its short link. */
const inodesBesides = 4;

/** A layer that is unpacked and verified but not yet published. */
export type FinishedLayer = { readonly directory: AbsolutePath; readonly record: LayerRecord };

export class Layers {
  readonly #layout: Layout;
  readonly #kernel: Pick<Kernel, 'syncFileSystem'>;
  readonly #records = new Map<Digest, LayerRecord>();
  /** What the record and the skeleton of each take of the disk. */
  readonly #bytesBesides = new Map<Digest, number>();
  readonly #changes = new KeyedLock();

  constructor(layout: Layout, kernel: Pick<Kernel, 'syncFileSystem'>) {
    this.#layout = layout;
    this.#kernel = kernel;
  }

  get(diffId: Digest): LayerRecord | null {
    return this.#records.get(diffId) ?? null;
  }

  all(): IterableIterator<LayerRecord> {
    return this.#records.values();
  }

  /** What all layers take of the disk. Nothing is walked. */
  usage(): TreeUsage {
    let [usedBytes, inodes] = [0, 0];
    for (const layer of this.#records.values()) {
      usedBytes += layer.disk.usedBytes + directoryBytes + (this.#bytesBesides.get(layer.diffId) ?? 0);
      inodes += layer.disk.inodes + inodesBesides;
    }
    return { usedBytes: BigInt(usedBytes), inodes: BigInt(inodes) };
  }

  /** Reads what there is, once, at start. A layer without a sound record, or of the wrong form, is set aside. */
  async load(onDamaged: (path: string, message: string) => void): Promise<void> {
    for (const name of await readdir(this.#layout.layers)) {
      const path = joinPath(this.#layout.layers, name);
      try {
        const record = await readLayer(path);
        if (hexOf(record.diffId) !== name) throw internal('DamagedRecord', 'its record is of another layer');
        await this.#link(record.diffId);
        this.#bytesBesides.set(record.diffId, await bytesBesides(path));
        this.#records.set(record.diffId, record);
      } catch (error) {
        await this.#quarantine(name);
        onDamaged(path, messageOf(error));
      }
    }
  }

  /** Takes a damaged layer out of use; what has it mounted goes on with it. */
  async setAside(diffId: Digest): Promise<void> {
    this.forget(diffId);
    await this.#changes.hold('layers', never, async () => {
      if (!this.#records.has(diffId)) await this.#quarantine(hexOf(diffId));
    });
  }

  async #quarantine(name: string): Promise<void> {
    const from = joinPath(this.#layout.layers, name);
    await rename(from, joinPath(this.#layout.quarantine, `${Date.now()}-layer-${name}`));
  }

  /** Writes the record of a layer that was unpacked into `directory`/diff. */
  async finish(directory: AbsolutePath, record: LayerRecord): Promise<FinishedLayer> {
    await writeAtomically(joinPath(directory, recordName), encodeLayerRecord(record), { isDurable: false });
    return { directory, record };
  }

  /** Shows layers, which are announced: whoever called flushes them. */
  async publish(finished: readonly FinishedLayer[]): Promise<void> {
    if (finished.length === 0) return;
    await this.#changes.hold('layers', never, async () => {
      for (const { directory, record } of finished) {
        await this.#rename(directory, record.diffId);
        await this.#link(record.diffId);
        this.#bytesBesides.set(record.diffId, await bytesBesides(this.#layout.layer(record.diffId)));
      }
      for (const { record } of finished) this.#records.set(record.diffId, record);
    });
  }

  /** Makes layers durable before it shows them. */
  async publishDurably(finished: readonly FinishedLayer[]): Promise<void> {
    await this.#kernel.syncFileSystem(this.#layout.root);
    await this.publish(finished);
    await syncDirectory(this.#layout.layers);
  }

  /** From now on the layer is not there for anybody; `remove` follows. */
  forget(diffId: Digest): void {
    this.#records.delete(diffId);
    this.#bytesBesides.delete(diffId);
  }

  /** Removes a layer that was forgotten: out of sight at once, then from the disk. */
  async remove(diffId: Digest): Promise<void> {
    const gone = await this.#changes.hold('layers', never, async () => {
      // A pull that found it missing may have published it again.
      if (this.#records.has(diffId)) return null;
      await rm(this.#layout.link(diffId), { force: true });
      return await hide(this.#layout.layer(diffId), this.#layout.temporary);
    });
    if (gone !== null) await rm(gone, { recursive: true, force: true });
  }

  /** A layer that another pull published in the meantime stays as it is. */
  async #rename(directory: AbsolutePath, diffId: Digest): Promise<void> {
    try {
      await rename(directory, this.#layout.layer(diffId));
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') throw error;
    }
  }

  async #link(diffId: Digest): Promise<void> {
    const target = `../layers/${hexOf(diffId)}/diff`;
    const path = this.#layout.link(diffId);
    try {
      await symlink(target, path);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      if ((await linkTarget(path)) === target) return;
      await rm(path, { recursive: true, force: true });
      await symlink(target, path);
    }
  }
}

/** Null when it is no link. */
async function linkTarget(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (error) {
    if (errnoOf(error) === 'EINVAL') return null;
    throw error;
  }
}

/** What lies beside the files of a layer; one of an artifact has no skeleton. */
async function bytesBesides(layer: AbsolutePath): Promise<number> {
  const sizes = [recordName, skeletonName].map(async (name) => {
    try {
      return (await lstat(joinPath(layer, name))).blocks * sectorBytes;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return 0;
      throw error;
    }
  });
  return (await Promise.all(sizes)).reduce((sum, each) => sum + each, 0);
}

/** A layer's record, when the form of its directory is right. @throws DamagedRecord, DamagedLayer */
export async function readLayer(path: AbsolutePath): Promise<LayerRecord> {
  for (const directory of [path, joinPath(path, 'diff')])
    if (!(await lstat(directory)).isDirectory())
      throw internal('DamagedLayer', `"${directory}" is no directory`);
  const content = await readBounded(joinPath(path, recordName), maxRecordBytes);
  if (content === null) throw internal('DamagedRecord', 'it has no record');
  const record = decodeLayerRecord(content.toString('utf8'));
  if (record.isRebuildable && !(await lstat(joinPath(path, skeletonName))).isFile())
    throw internal('DamagedLayer', `"${skeletonName}" is no file`);
  return record;
}
