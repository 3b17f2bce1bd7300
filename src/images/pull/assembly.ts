/**
 * Makes one image out of layers that are in the store: what a container's root will look like, how big it is, and the
 * record of it. It fetches nothing.
 */
import { nowNs } from '../../base/time.ts';
import { type Digest, type ImageId, parseImageId } from '../../base/ids.ts';
import { internal } from '../../base/errors.ts';
import { shownBytesOf, type LayerRecord } from '../disk/layer-record.ts';
import type { ImageConfig } from '../documents/image-config.ts';
import { imageUser } from '../documents/image-config.ts';
import type { ImageParts } from '../image-parts.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { mendLayers, type MendParts } from '../mend/mend.ts';

export type Assembly = {
  readonly configDigest: Digest;
  readonly configBytes: number;
  readonly config: ImageConfig;
  readonly manifests: readonly Digest[];
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly otherDigests: readonly string[];
};

/** All layers are in the store. @throws InvalidImage when they cannot make one root */
export async function assembleImage(
  parts: MendParts,
  assembly: Assembly,
  signal: AbortSignal,
): Promise<ImageRecord> {
  const id: ImageId = parseImageId(assembly.configDigest);
  const stack = stackOf(parts, assembly.config.diffIds);
  const isMended = await mendLayers(parts, { id, stack }, signal);
  const user = imageUser(assembly.config.user);
  const layerBytes = stack.reduce((sum, layer) => sum + BigInt(shownBytesOf(layer)), 0n);
  return {
    id,
    artifactType: null,
    repoTags: assembly.repoTags,
    repoDigests: assembly.repoDigests,
    otherDigests: assembly.otherDigests,
    manifests: assembly.manifests,
    layers: stack.map((layer) => layer.diffId),
    isMended,
    root: stack.findLast((layer) => layer.root !== null)?.root ?? { mode: 0o755, uid: 0, gid: 0 },
    sizeBytes: layerBytes + BigInt(assembly.configBytes),
    uid: user.uid,
    username: user.username,
    pulledAtNs: nowNs(),
  };
}

/** Lowest first; of a layer that occurs twice only the upper one, which shows and hides all that the lower one did. */
function stackOf(parts: Pick<ImageParts, 'layers'>, diffIds: readonly Digest[]): readonly LayerRecord[] {
  return diffIds
    .filter((diffId, at) => diffIds.lastIndexOf(diffId) === at)
    .map((diffId) => {
      const layer = parts.layers.get(diffId);
      if (layer === null)
        throw internal('LayerMissing', `assemble image: layer "${diffId}" is not in the store`);
      return layer;
    });
}
