/**
 * Reads what the folders of containers' root file systems and image volumes say they are made of.
 */
import { internal } from '../../base/errors.ts';
import { readBounded } from '../../base/files.ts';
import { type AbsolutePath, joinPath } from '../../base/ids.ts';
import { decodeRecord } from '../../store/record-file.ts';
import { type RootfsRecord, rootfsFromJson } from './rootfs-record.ts';

export const rootfsRecordName = 'rootfs.json';
export const volumesRecordName = 'volumes.json';
const maxRootfsBytes = 1024 * 1024;
const maxVolumesBytes = 16 * 1024 * 1024;

/** What a root is made of; null: it says nothing, because the daemon died before anything was mounted. @throws DamagedRecord */
export async function readRootfs(folder: AbsolutePath): Promise<RootfsRecord | null> {
  const content = await readBounded(joinPath(folder, rootfsRecordName), maxRootfsBytes);
  return content === null ? null : rootfsFromJson(decodeRecord(content.toString('utf8')));
}

/** The images that a container has mounted; none when the daemon died before any was. @throws DamagedRecord */
export async function readVolumes(folder: AbsolutePath): Promise<readonly RootfsRecord[]> {
  const content = await readBounded(joinPath(folder, volumesRecordName), maxVolumesBytes);
  if (content === null) return [];
  const value = decodeRecord(content.toString('utf8'));
  const volumes = typeof value === 'object' && value !== null && 'volumes' in value ? value.volumes : null;
  if (!Array.isArray(volumes)) throw internal('DamagedRecord', 'volumes: expected a list');
  return volumes.map((each: unknown) => rootfsFromJson(each));
}
