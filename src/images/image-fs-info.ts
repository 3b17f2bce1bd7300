/**
 * ImageFsInfo. Layers, which are nearly all of it, are counted from memory; the few files beside them and what containers
 * wrote are measured by a thread, whose last figures are taken, so that a call is cheap. The kubelet compares mount points as
 * text to see whether images and writable layers have file systems of their own, so they get the same one when they share it.
 * Source: CRI ImageService.ImageFsInfo; KEP-4191.
 */
import { stat } from 'node:fs/promises';
import type { FilesystemUsage, ImageFsInfoRequest, ImageFsInfoResponse } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { nowNs } from '../base/time.ts';
import type { Images } from './images.ts';
import type { TreeUsage } from './usage/tree-usage.ts';

export async function imageFsInfo(
  images: Pick<Images, 'parts'>,
  _request: ImageFsInfoRequest,
  { signal }: Call,
): Promise<ImageFsInfoResponse> {
  const { layout, layers, rootfses, volumes, trees } = images.parts;
  const [imageDevice, rootDevice] = await Promise.all([deviceOf(layout.root), deviceOf(rootfses.path)]);
  const containerMountpoint = imageDevice === rootDevice ? layout.root : rootfses.path;
  const [beside, written] = await Promise.all([
    trees.sum(layout.besideLayers, signal),
    trees.sum([...rootfses.upperDirs, volumes.path], signal),
  ]);
  return {
    imageFilesystems: [describe(layout.root, [layers.usage(), beside])],
    containerFilesystems: [describe(containerMountpoint, [written])],
  };
}

function describe(mountpoint: string, usages: readonly TreeUsage[]): FilesystemUsage {
  return {
    timestamp: nowNs(),
    fsId: { mountpoint },
    usedBytes: { value: usages.reduce((sum, { usedBytes }) => sum + usedBytes, 0n) },
    inodesUsed: { value: usages.reduce((sum, { inodes }) => sum + inodes, 0n) },
  };
}

async function deviceOf(path: string): Promise<number> {
  return (await stat(path)).dev;
}
