/**
 * What a container's root file system is made of, as it lies beside it. Pure.
 */
import { type Digest, type ImageId, parseDigest, parseImageId } from '../../base/ids.ts';
import { Fields } from '../../store/fields.ts';
import type { Json } from '../../store/record-file.ts';
import type { ImageRecord } from '../catalog/image-record.ts';

export type RootfsRecord = {
  readonly imageId: ImageId;
  /** Lowest first. */
  readonly layers: readonly Digest[];
  readonly isMended: boolean;
  readonly root: ImageRecord['root'];
  readonly isReadOnly: boolean;
};

/** An image of which a container used something; null: nobody can read which. */
export type UsedImage = ImageId | null;

export function rootfsToJson(rootfs: RootfsRecord): Json {
  const { imageId, layers, isMended, isReadOnly } = rootfs;
  const { mode, uid, gid } = rootfs.root;
  return { imageId, layers: [...layers], isMended, root: { mode, uid, gid }, isReadOnly };
}

/** @throws DamagedRecord */
export function rootfsFromJson(value: unknown): RootfsRecord {
  const fields = new Fields(value, 'rootfs');
  const root = new Fields(fields.raw('root'), 'rootfs.root');
  return {
    imageId: parseImageId(fields.string('imageId')),
    layers: fields.strings('layers').map(parseDigest),
    isMended: fields.boolean('isMended'),
    root: { mode: root.integer('mode'), uid: root.integer('uid'), gid: root.integer('gid') },
    isReadOnly: fields.boolean('isReadOnly'),
  };
}
