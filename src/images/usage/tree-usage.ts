/**
 * Measures what a directory tree takes of the disk, by walking it with calls that block: for a thread of its own. The tree is
 * a container's to change while it is walked: each directory is opened below its parent and never through a link, names are
 * bytes, and depth and entries are bounded (what is beyond them is not counted).
 */
import { closeSync, constants, lstatSync, opendirSync, openSync, type Stats } from 'node:fs';

export type TreeUsage = { readonly usedBytes: bigint; readonly inodes: bigint };

export type TreeLimits = { readonly depth: number; readonly entries: number };

const defaultLimits: TreeLimits = { depth: 1024, entries: 4_000_000 };
const directoryOnly =
  constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const sectorBytes = 512;

type Walk = {
  readonly limits: TreeLimits;
  readonly device: number;
  sectors: number;
  entries: number;
  /** Files with several names, which count once. */
  readonly seen: Set<number>;
};

/** @throws the file system's error for the root itself; what vanishes below it counts as gone */
export function measureTree(path: string, limits = defaultLimits): TreeUsage {
  const fd = openSync(path, directoryOnly);
  try {
    const own = lstatSync(`/proc/self/fd/${fd}/.`);
    const walk: Walk = { limits, device: own.dev, sectors: own.blocks, entries: 1, seen: new Set() };
    walkDirectory(walk, fd, 1);
    return { usedBytes: BigInt(walk.sectors) * BigInt(sectorBytes), inodes: BigInt(walk.entries) };
  } finally {
    closeSync(fd);
  }
}

function walkDirectory(walk: Walk, fd: number, depth: number): void {
  // As latin1 every name survives.
  using directory = opendirSync(`/proc/self/fd/${fd}`, { encoding: 'latin1', bufferSize: 256 });
  const base = Buffer.from(`/proc/self/fd/${fd}/`);
  for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
    if (walk.entries >= walk.limits.entries) return;
    const path = Buffer.concat([base, Buffer.from(entry.name, 'latin1')]);
    const stat = statOrNull(path);
    if (stat === null || stat.dev !== walk.device || !isNew(walk, stat)) continue;
    walk.sectors += stat.blocks;
    walk.entries += 1;
    if (stat.isDirectory() && depth < walk.limits.depth) descend(walk, path, depth);
  }
}

function descend(walk: Walk, path: Buffer, depth: number): void {
  let fd;
  try {
    fd = openSync(path, directoryOnly);
  } catch {
    // It has gone, or is a link by now.
    return;
  }
  try {
    walkDirectory(walk, fd, depth + 1);
  } finally {
    closeSync(fd);
  }
}

function statOrNull(path: Buffer): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    // It has gone.
    return null;
  }
}

function isNew(walk: Walk, stat: Stats): boolean {
  if (stat.isDirectory() || stat.nlink < 2) return true;
  if (walk.seen.has(stat.ino)) return false;
  walk.seen.add(stat.ino);
  return true;
}
