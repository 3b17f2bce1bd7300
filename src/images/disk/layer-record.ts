/**
 * What is known of an unpacked layer, as it lies beside its files. Pure: text of a record and back.
 */
import { type Digest, parseDigest } from '../../base/ids.ts';
import { Fields } from '../../store/fields.ts';
import { decodeRecord, encodeRecord, type Json } from '../../store/record-file.ts';
import type { LayerDisk, LayerFacts } from '../unpack/unpack-protocol.ts';

/** Beside a layer's files: what is known of it. */
export const recordName = 'layer.json';
/** Beside a layer's record: what of its archive is not content of files. */
export const skeletonName = 'archive.zst';

export type LayerRecord = LayerFacts & {
  readonly diffId: Digest;
  readonly archiveBytes: number;
  readonly entries: number;
};

/** What a layer adds to the size of its image: its content, and something for each entry. */
export function shownBytesOf(layer: LayerRecord): number {
  const perEntryBytes = 1024;
  return layer.contentBytes + layer.entries * perEntryBytes;
}

export function encodeLayerRecord(layer: LayerRecord): string {
  const { root } = layer;
  const json: Json = {
    diffId: layer.diffId,
    archiveBytes: layer.archiveBytes,
    contentBytes: layer.contentBytes,
    disk: { usedBytes: layer.disk.usedBytes, inodes: layer.disk.inodes },
    entries: layer.entries,
    isRebuildable: layer.isRebuildable,
    root: root === null ? null : { mode: root.mode, uid: root.uid, gid: root.gid },
    impliedDirectories: [...layer.impliedDirectories],
    opaqueDirectories: [...layer.opaqueDirectories],
    replacingDirectories: [...layer.replacingDirectories],
    foreignLinks: layer.foreignLinks.map(({ path, target }) => ({ path, target })),
  };
  return encodeRecord(json);
}

/** @throws DamagedRecord */
export function decodeLayerRecord(text: string): LayerRecord {
  const fields = new Fields(decodeRecord(text), 'layer');
  const links = fields.raw('foreignLinks');
  return {
    diffId: parseDigest(fields.string('diffId')),
    archiveBytes: fields.integer('archiveBytes'),
    contentBytes: fields.integer('contentBytes'),
    disk: diskOf(fields),
    entries: fields.integer('entries'),
    root: fields.objectOrNull('root', (root) => ({
      mode: root.integer('mode'),
      uid: root.integer('uid'),
      gid: root.integer('gid'),
    })),
    isRebuildable: fields.raw('isRebuildable') === true,
    impliedDirectories: fields.strings('impliedDirectories'),
    opaqueDirectories: fields.strings('opaqueDirectories'),
    // Records of before 2026-11-28 do not say it.
    replacingDirectories:
      fields.raw('replacingDirectories') === undefined ? [] : fields.strings('replacingDirectories'),
    foreignLinks: (Array.isArray(links) ? links : []).map((each: unknown) => {
      const link = new Fields(each, 'layer.foreignLinks');
      return { path: link.string('path'), target: link.string('target') };
    }),
  };
}

/** Records of before 2026-11-21 do not say it: then each entry counts as a file with half a block left over. */
function diskOf(fields: Fields): LayerDisk {
  if (fields.raw('disk') === undefined) {
    const inodes = fields.integer('entries');
    return { usedBytes: fields.integer('contentBytes') + inodes * 2048, inodes };
  }
  const disk = new Fields(fields.raw('disk'), 'layer.disk');
  return { usedBytes: disk.integer('usedBytes'), inodes: disk.integer('inodes') };
}
