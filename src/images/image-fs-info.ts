/**
 * ImageFsInfo, from what the store remembers: nothing is walked. The kubelet compares mount points as text to see whether
 * images and writable layers have file systems of their own, so they get the same one when they share it.
 * Source: CRI ImageService.ImageFsInfo; KEP-4191.
 */
import { stat } from 'node:fs/promises';
import type { FilesystemUsage, ImageFsInfoRequest, ImageFsInfoResponse } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { nowNs } from '../base/time.ts';
import { diskBytesOf } from './disk/layer-record.ts';
import type { Images } from './images.ts';

export async function imageFsInfo(
  images: Pick<Images, 'parts'>,
  _request: ImageFsInfoRequest,
  _call: Call,
): Promise<ImageFsInfoResponse> {
  const { layout, layers, rootfses } = images.parts;
  let usedBytes = 0n;
  let inodes = 0n;
  for (const layer of layers.all()) {
    usedBytes += BigInt(diskBytesOf(layer));
    inodes += BigInt(layer.entries);
  }
  const [imageDevice, rootDevice] = await Promise.all([deviceOf(layout.root), deviceOf(rootfses.path)]);
  const writable = await rootfses.usage();
  const containerMountpoint = imageDevice === rootDevice ? layout.root : rootfses.path;
  return {
    imageFilesystems: [usage(layout.root, usedBytes, inodes)],
    containerFilesystems: [usage(containerMountpoint, writable.usedBytes, writable.inodes)],
  };
}

function usage(mountpoint: string, usedBytes: bigint, inodes: bigint): FilesystemUsage {
  return {
    timestamp: nowNs(),
    fsId: { mountpoint },
    usedBytes: { value: usedBytes },
    inodesUsed: { value: inodes },
  };
}

async function deviceOf(path: string): Promise<number> {
  return (await stat(path)).dev;
}
