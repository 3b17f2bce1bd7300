/**
 * Unpacked layers by diffID: in memory what there is, on disk whole layers only. A layer appears by one rename; a crash
 * before leaves it in `tmp/`, which is swept, and for a power cut behind it there is `flushes.ts`.
 *
 *   announce → unpack into tmp/… → layer.json and archive.zst beside it → rename to layers/HEX → (later) syncfs
 */
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { readBounded, syncDirectory, writeAtomically } from '../../base/files.ts';
import { errnoOf, internal, messageOf } from '../../base/errors.ts';
import { type AbsolutePath, type Digest, joinPath } from '../../base/ids.ts';
import { KeyedLock } from '../../base/locks.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { directoryBytes } from '../usage/disk-blocks.ts';
import type { TreeUsage } from '../usage/tree-usage.ts';
import {
  decodeLayerRecord,
  encodeLayerRecord,
  type LayerRecord,
  recordName,
  skeletonName,
} from './layer-record.ts';
import { hexOf, type Layout } from './layout.ts';
import type { Quarantine } from './quarantine.ts';
import { ShortLinks } from './short-links.ts';
import { hide } from './workspace.ts';

const maxRecordBytes = 256 * 1024 * 1024;
const never = new AbortController().signal;
const sectorBytes = 512;
/** The layer's directory, the two files in it, and its short link. */
const inodesBesides = 4;

type Shown = {
  readonly record: LayerRecord;
  /** What its record and its skeleton take of the disk. */
  readonly bytesBesides: number;
};

/** A layer that is unpacked and verified but not yet published. */
export type FinishedLayer = { readonly directory: AbsolutePath; readonly record: LayerRecord };

export class Layers {
  readonly #layout: Layout;
  readonly #kernel: Pick<Kernel, 'syncFileSystem'>;
  readonly #shown = new Map<Digest, Shown>();
  /** Forgotten, and not yet taken away. */
  readonly #leaving = new Map<Digest, Shown>();
  /** By hex: out of use, and not yet out of the way. */
  readonly #damaged = new Set<string>();
  readonly #quarantine: Quarantine;
  readonly #links: ShortLinks;
  readonly #changes = new KeyedLock();

  constructor(layout: Layout, quarantine: Quarantine, kernel: Pick<Kernel, 'syncFileSystem'>) {
    this.#layout = layout;
    this.#quarantine = quarantine;
    this.#links = new ShortLinks(layout);
    this.#kernel = kernel;
  }

  get(diffId: Digest): LayerRecord | null {
    return this.#shown.get(diffId)?.record ?? null;
  }

  *all(): Generator<LayerRecord> {
    for (const { record } of this.#shown.values()) yield record;
  }

  /** What all layers take of the disk. Nothing is walked. */
  usage(): TreeUsage {
    let [usedBytes, inodes] = [0, 0];
    for (const { record, bytesBesides } of this.#shown.values()) {
      usedBytes += record.disk.usedBytes + directoryBytes + bytesBesides;
      inodes += record.disk.inodes + inodesBesides;
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
        await this.#links.makeIfRoom(record.diffId);
        this.#shown.set(record.diffId, { record, bytesBesides: await bytesBesides(path) });
      } catch (error) {
        if (shortages.has(errnoOf(error) ?? '')) throw error;
        onDamaged(path, messageOf(error));
        await this.#takeAside(name).catch((cause: unknown) => onDamaged(path, messageOf(cause)));
      }
    }
  }

  /** Takes a damaged layer out of use; what has it mounted goes on with it. Nobody finds it from the call on. */
  async setAside(diffId: Digest): Promise<void> {
    this.#shown.delete(diffId);
    const hex = hexOf(diffId);
    this.#damaged.add(hex);
    await this.#changes.hold('layers', never, async () => {
      // A pull may have set it aside, to publish a sound one.
      if (this.#damaged.has(hex)) await this.#takeAside(hex);
    });
  }

  async #takeAside(hex: string): Promise<void> {
    this.#damaged.add(hex);
    await this.#quarantine.takeLayer(joinPath(this.#layout.layers, hex), hex);
    this.#damaged.delete(hex);
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
      // Each is shown when it is in its place: what could not be put there must not hide what was.
      for (const { directory, record } of finished) {
        const shown = { record, bytesBesides: await bytesBesides(directory) };
        await this.#links.make(record.diffId);
        await this.#rename(directory, record.diffId);
        this.#shown.set(record.diffId, shown);
      }
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
    const shown = this.#shown.get(diffId);
    if (shown !== undefined) this.#leaving.set(diffId, shown);
    this.#shown.delete(diffId);
  }

  /** Removes a layer that was forgotten: out of sight at once, then from the disk. When that fails, it is there again. */
  async remove(diffId: Digest): Promise<void> {
    const gone = await this.#changes.hold('layers', never, async () => {
      const leaving = this.#leaving.get(diffId);
      this.#leaving.delete(diffId);
      // A pull that found it missing may have published it again.
      if (this.#shown.has(diffId)) return null;
      const hidden = await hide(this.#layout.layer(diffId), this.#layout.temporary).catch(
        (error: unknown) => {
          if (leaving !== undefined) this.#shown.set(diffId, leaving);
          throw error;
        },
      );
      await this.#links.remove(diffId);
      return hidden;
    });
    if (gone !== null) await rm(gone, { recursive: true, force: true });
  }

  /** A layer that another pull published in the meantime stays as it is. */
  async #rename(directory: AbsolutePath, diffId: Digest): Promise<void> {
    try {
      await rename(directory, this.#layout.layer(diffId));
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') {
        await this.#links.remove(diffId);
        throw error;
      }
      const hex = hexOf(diffId);
      if (!this.#damaged.has(hex)) return;
      await this.#takeAside(hex);
      await rename(directory, this.#layout.layer(diffId));
    }
  }
}

/** What passes, and says nothing of a layer. */
const shortages: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

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
