/**
 * Unpacked layers by diffID: in memory what there is, on disk whole layers only. A layer appears by one rename, after
 * everything in it was flushed; a crash before leaves it in `tmp/`, which is swept.
 *
 *   unpack into tmp/… → layer.json beside it → syncfs (once for all of a pull) → rename to layers/HEX → fsync layers/
 */
import { readdir, rename, rm, symlink } from 'node:fs/promises';
import { readBounded, syncDirectory, writeAtomically, ensureDirectory } from '../../base/files.ts';
import { errnoOf, internal, messageOf } from '../../base/errors.ts';
import { type AbsolutePath, type Digest, joinPath } from '../../base/ids.ts';
import { KeyedLock } from '../../base/locks.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { decodeLayerRecord, encodeLayerRecord, type LayerRecord } from './layer-record.ts';
import { hexOf, type Layout } from './layout.ts';
import { hide } from './workspace.ts';

const recordName = 'layer.json';
/** What of the layer's archive is not content of files. */
export const skeletonName = 'archive.zst';
const maxRecordBytes = 256 * 1024 * 1024;
const never = new AbortController().signal;

/** A layer that is unpacked and verified but not yet published. */
export type FinishedLayer = { readonly directory: AbsolutePath; readonly record: LayerRecord };

export class Layers {
  readonly #layout: Layout;
  readonly #kernel: Pick<Kernel, 'syncFileSystem'>;
  readonly #records = new Map<Digest, LayerRecord>();
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

  /** Reads what there is, once, at start. A layer without a sound record is set aside. */
  async load(onDamaged: (path: string, message: string) => void): Promise<void> {
    for (const name of await readdir(this.#layout.layers)) {
      const path = joinPath(this.#layout.layers, name);
      try {
        const record = await readLayer(path);
        if (hexOf(record.diffId) !== name) throw internal('DamagedRecord', 'its record is of another layer');
        this.#records.set(record.diffId, record);
        await this.#link(record.diffId);
      } catch (error) {
        await ensureDirectory(this.#layout.quarantine);
        await rename(path, joinPath(this.#layout.quarantine, `${Date.now()}-layer-${name}`));
        onDamaged(path, messageOf(error));
      }
    }
  }

  /** Writes the record of a layer that was unpacked into `directory`/diff. */
  async finish(directory: AbsolutePath, record: LayerRecord): Promise<FinishedLayer> {
    await writeAtomically(joinPath(directory, recordName), encodeLayerRecord(record), { isDurable: false });
    return { directory, record };
  }

  /** Makes layers durable and shows them: all are flushed by one syncfs. */
  async publish(finished: readonly FinishedLayer[]): Promise<void> {
    if (finished.length === 0) return;
    await this.#kernel.syncFileSystem(this.#layout.root);
    await this.#changes.hold('layers', never, async () => {
      for (const { directory, record } of finished) {
        await this.#rename(directory, record.diffId);
        await this.#link(record.diffId);
      }
      await syncDirectory(this.#layout.layers);
      for (const { record } of finished) this.#records.set(record.diffId, record);
    });
  }

  /** From now on the layer is not there for anybody; `remove` follows. */
  forget(diffId: Digest): void {
    this.#records.delete(diffId);
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
    try {
      await symlink(`../layers/${hexOf(diffId)}/diff`, this.#layout.link(diffId));
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}

async function readLayer(path: AbsolutePath): Promise<LayerRecord> {
  const content = await readBounded(joinPath(path, recordName), maxRecordBytes);
  if (content === null) throw internal('DamagedRecord', 'it has no record');
  return decodeLayerRecord(content.toString('utf8'));
}
