/**
 * What files take of the disk, where nobody asks the file system: blocks as nearly every file system has them. Pure.
 */

const blockBytes = 4096;

/** A directory of a few names. */
export const directoryBytes = blockBytes;

/** A file's content in whole blocks. */
export function bytesOnDisk(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}
