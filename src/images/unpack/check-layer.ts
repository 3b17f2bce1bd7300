/**
 * Looks, in the unpacking thread, whether a layer is still what was unpacked: names, kinds, sizes, owners, modes, times and
 * links of all entries, and at the level `content` every byte, by its diffID. The archive that is hashed for that can be
 * kept: it is how an image is exported.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { errnoOf, messageOf, noSpaceErrnos } from '../../base/errors.ts';
import { openat } from '../../kernel/calls/file-calls.ts';
import { atFdcwd, openFlag } from '../../kernel/linux-constants.ts';
import { type ArchiveLimits, lenientLimits } from '../limits.ts';
import type { Confinement } from './confinement.ts';
import { decompress } from './decompress.ts';
import { entryPath, pathBytes } from './entry-path.ts';
import { Growth, readGrowing } from './growing-source.ts';
import { LayerInventory } from './layer-inventory.ts';
import { rebuildArchive } from './rebuild.ts';
import type { TarEntry } from './tar/tar-entry.ts';
import type { CheckRequest } from './unpack-protocol.ts';

const pieceBytes = 1024 * 1024;

/** @returns what is wrong, in words */
export async function checkLayer(
  confinement: Confinement,
  request: CheckRequest,
): Promise<readonly string[]> {
  const fd = openSync(request.skeletonPath, 'r');
  // Opened before the thread is confined to the layer.
  const archiveFd = request.archivePath === null ? null : openSync(request.archivePath, 'wx', 0o600);
  const growth = new Growth({
    availableBytes: request.skeletonBytes,
    isComplete: true,
    stopFlag: request.stopFlag,
  });
  try {
    return await confinement.inside(
      request.directory,
      async () => await compare({ request, fd, archiveFd, growth }),
    );
  } finally {
    closeSync(fd);
    if (archiveFd !== null) closeSync(archiveFd);
  }
}

type Comparison = {
  readonly request: CheckRequest;
  readonly fd: number;
  readonly archiveFd: number | null;
  readonly growth: Growth;
};

async function compare({ request, fd, archiveFd, growth }: Comparison): Promise<readonly string[]> {
  const { level, isRebuildable } = request;
  const limits = lenientLimits(request.limits);
  using inventory = new LayerInventory(limits);
  const hash = level === 'content' && isRebuildable ? createHash(request.hash) : null;
  const missing: string[] = [];
  const archive = rebuildArchive({
    skeleton: decompress(readGrowing(fd, growth)),
    limits,
    readContent: (entry) => (hash === null ? blank(entry) : readEntry(entry, limits, missing)),
    onEntry: (entry) => inventory.add(entry),
  });
  try {
    for await (const piece of archive) {
      growth.throwIfStopped();
      hash?.update(piece);
      if (archiveFd !== null) writeAll(archiveFd, piece);
    }
  } catch (error) {
    growth.throwIfStopped();
    // That is said of the copy.
    if (noSpaceErrnos.has(errnoOf(error))) throw error;
    return [`its skeleton is damaged: ${messageOf(error)}`];
  }
  const faults = inventory.faults(isRebuildable);
  if (hash === null || faults.length > 0) return faults;
  const diffId = `${request.hash}:${hash.digest('hex')}`;
  if (diffId === request.diffId) return [];
  return [missing[0] ?? `the content of its files is "${diffId}"`];
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/** As many bytes as there would be. */
function* blank(entry: TarEntry): Generator<Buffer> {
  const zeros = Buffer.alloc(Math.min(pieceBytes, entry.storedBytes));
  for (let left = entry.storedBytes; left > 0; left -= zeros.length) yield zeros.subarray(0, left);
}

/** The stored bytes of a file; what cannot be read counts as zeros and is told. */
function* readEntry(entry: TarEntry, limits: ArchiveLimits, missing: string[]): Generator<Buffer> {
  const path = pathBytes(entryPath(entry.path, limits));
  let fd: number | null = null;
  try {
    fd = openat(atFdcwd, path, { flags: openFlag.readOnly | openFlag.nofollow | openFlag.nonblock });
  } catch (error) {
    missing.push(`"${path.toString()}" cannot be read: ${errnoOf(error) ?? messageOf(error)}`);
    yield* blank(entry);
    return;
  }
  try {
    for (const { at, bytes } of entry.segments ?? [{ at: 0, bytes: entry.storedBytes }])
      yield* readSegment(fd, at, bytes);
  } finally {
    closeSync(fd);
  }
}

function* readSegment(fd: number, from: number, bytes: number): Generator<Buffer> {
  for (let done = 0; done < bytes;) {
    const piece = Buffer.alloc(Math.min(pieceBytes, bytes - done));
    const length = readSync(fd, piece, 0, piece.length, from + done);
    // A file that is shorter by now: the zeros make the digest wrong.
    yield length === 0 ? piece : piece.subarray(0, length);
    done += length === 0 ? piece.length : length;
  }
}
