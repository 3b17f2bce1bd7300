/**
 * The record of an image without content, for tests of what keeps and mounts images.
 */
import { parseImageId } from '../../base/ids.ts';
import type { ImageRecord } from '../catalog/image-record.ts';

/** @param digit of which all of its id consists */
export function imageRecord(digit: string, changes: Partial<ImageRecord> = {}): ImageRecord {
  return {
    id: parseImageId(`sha256:${digit.repeat(64)}`),
    artifactType: null,
    repoTags: [],
    repoDigests: [],
    otherDigests: [],
    manifests: [],
    layers: [],
    isMended: false,
    root: { mode: 0o755, uid: 0, gid: 0 },
    sizeBytes: 1n,
    uid: null,
    username: '',
    pulledAtNs: 1n,
    ...changes,
  };
}
