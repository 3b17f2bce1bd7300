/**
 * One image as the store knows it, and its form on disk. Pure. Labels and the rest of the configuration are not in it:
 * they are the image's own words and are read from its config when asked for.
 */
import { type Digest, type ImageId, parseDigest, parseImageId } from '../../base/ids.ts';
import { Fields } from '../../store/fields.ts';
import type { Json } from '../../store/record-file.ts';

export type ImageRecord = {
  /** The digest of the config: one id everywhere. */
  readonly id: ImageId;
  /** The type of an artifact, whose id is the digest of its manifest; null: a container image. */
  readonly artifactType: string | null;
  /** `docker.io/library/busybox:latest`, sorted. */
  readonly repoTags: readonly string[];
  /** `docker.io/library/busybox@sha256:…`: what each repository called it, sorted. */
  readonly repoDigests: readonly string[];
  /** Further digests under which it can be found: the platform's manifest below an index. Not shown. */
  readonly otherDigests: readonly string[];
  /** Manifests and indexes in the blob store that belong to it. */
  readonly manifests: readonly Digest[];
  /** diffIDs, lowest first. */
  readonly layers: readonly Digest[];
  /** True: `mends/HEX` lies on top of the layers. */
  readonly isMended: boolean;
  /** Owner and mode of the root directory. */
  readonly root: { readonly mode: number; readonly uid: number; readonly gid: number };
  /** Always more than 0. */
  readonly sizeBytes: bigint;
  /** USER as a number; null when it is a name or empty. */
  readonly uid: bigint | null;
  readonly username: string;
  readonly pulledAtNs: bigint;
  /** It had a tag, and another image took the last one. What was pulled by digest never had one. */
  readonly isDangling?: true;
};

export function imageToJson(image: ImageRecord): Json {
  const { mode, uid, gid } = image.root;
  return {
    id: image.id,
    artifactType: image.artifactType,
    repoTags: [...image.repoTags],
    repoDigests: [...image.repoDigests],
    otherDigests: [...image.otherDigests],
    manifests: [...image.manifests],
    layers: [...image.layers],
    isMended: image.isMended,
    root: { mode, uid, gid },
    sizeBytes: String(image.sizeBytes),
    uid: image.uid === null ? null : String(image.uid),
    username: image.username,
    pulledAtNs: String(image.pulledAtNs),
    ...(image.isDangling === true ? { isDangling: true } : {}),
  };
}

/** @throws DamagedRecord */
export function imageFromJson(value: unknown): ImageRecord {
  const fields = new Fields(value, 'image');
  const root = new Fields(fields.raw('root'), 'image.root');
  return {
    id: parseImageId(fields.string('id')),
    // Records of older versions do not have it.
    artifactType: fields.raw('artifactType') === undefined ? null : fields.stringOrNull('artifactType'),
    repoTags: fields.strings('repoTags'),
    repoDigests: fields.strings('repoDigests'),
    otherDigests: fields.strings('otherDigests'),
    manifests: fields.strings('manifests').map(parseDigest),
    layers: fields.strings('layers').map(parseDigest),
    isMended: fields.boolean('isMended'),
    root: { mode: root.integer('mode'), uid: root.integer('uid'), gid: root.integer('gid') },
    sizeBytes: fields.bigint('sizeBytes'),
    uid: fields.raw('uid') === null ? null : fields.bigint('uid'),
    username: fields.string('username'),
    pulledAtNs: fields.bigint('pulledAtNs'),
    ...(fields.raw('isDangling') === true ? { isDangling: true } : {}),
  };
}
