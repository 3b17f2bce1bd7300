/**
 * Where an export goes: a file or a directory, which appear whole or not at all, or what cannot be replaced (a pipe, a
 * device, standard output) and takes the bytes as they come. Links are followed, and stay.
 */
import { constants, createWriteStream, open, type Stats } from 'node:fs';
import { lstat, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { errnoOf, invalid, isNoSpace, noSpace } from '../../base/errors.ts';
import { sleepMs } from '../../base/time.ts';
import { unpackDirectory } from './directory-archive.ts';

export type OutputWish = {
  /** A file or a directory that is made, a pipe or a device, or `-` for standard output. */
  readonly output: string;
  readonly isDirectory: boolean;
};

/** As the kernel has it. Source: path_resolution(7). */
const maxLinks = 40;
const readerLookEveryMs = 50;
/** A number that nobody closes when it is collected. */
const openFd = promisify(open);

/** @throws NoOutput before anything is asked of the archive when there is no place for it */
export function checkOutput({ output, isDirectory }: OutputWish): void {
  if (output !== '-') return;
  if (isDirectory) throw invalid('NoOutput', 'export: expected --output DIRECTORY with --directory');
  if (process.stdout.isTTY) throw invalid('NoOutput', 'export: expected --output FILE, or a pipe');
}

/** @throws NotEmpty, NotWritable, NoSpace, the file system's errors, the signal's reason; what had no whole archive yet is as before */
export async function writeArchive(
  archive: AsyncIterable<Buffer>,
  wish: OutputWish,
  signal: AbortSignal,
): Promise<void> {
  const { output, isDirectory } = wish;
  checkOutput(wish);
  if (output === '-') return await pipeline(Readable.from(archive), process.stdout);
  try {
    // As the kernel follows it: what /dev/stdout or /dev/fd/3 leads to has no other path.
    const there = await lookAt(output, stat);
    if (there !== null && !there.isFile() && !there.isDirectory()) {
      if (isDirectory) throw invalid('NotWritable', `"${output}": is no directory`);
      return await pipeline(Readable.from(archive), await openStream(output, there, signal), { signal });
    }
    const path = await behindLinks(output);
    if (isDirectory) await unpackDirectory(archive, path);
    else await writeFileWhole(archive, path, there);
  } catch (error) {
    throw isNoSpace(error) ? noSpace('export', output, error) : error;
  }
}

/** What a path leads to, of which the last part may be missing. */
async function behindLinks(path: string): Promise<string> {
  let place = resolve(path);
  for (let links = 0; links < maxLinks; links += 1) {
    const parent = await realpath(dirname(place)).catch(() => dirname(place));
    place = join(parent, basename(place));
    if ((await lookAt(place, lstat))?.isSymbolicLink() !== true) return place;
    place = resolve(parent, await readlink(place));
  }
  throw invalid('LinksInCircles', `"${path}": more than ${maxLinks} links, one after the other`);
}

async function lookAt(path: string, look: (path: string) => Promise<Stats>): Promise<Stats | null> {
  try {
    return await look(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** A file that is replaced keeps its mode. */
async function writeFileWhole(
  archive: AsyncIterable<Buffer>,
  path: string,
  there: Stats | null,
): Promise<void> {
  if (there?.isDirectory() === true)
    throw invalid('NotWritable', `"${path}": is a directory, expected a file, or --directory`);
  const draft = `${path}.${process.pid}.part`;
  const mode = there === null ? 0o644 : there.mode & 0o777;
  try {
    await pipeline(Readable.from(archive), createWriteStream(draft, { flags: 'wx', mode }));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** @throws NotWritable */
async function openStream(path: string, there: Stats, signal: AbortSignal): Promise<Writable> {
  if (there.isFIFO()) return await openPipe(path, signal);
  if (there.isSocket()) throw invalid('NotWritable', `"${path}": is a socket`);
  return createWriteStream(path);
}

/** Waits for a reader, and can be given up meanwhile, as open(2) cannot. Source: fifo(7), ENXIO. */
async function openPipe(path: string, signal: AbortSignal): Promise<Writable> {
  for (;;) {
    try {
      const fd = await openFd(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      if (errnoOf(error) !== 'ENXIO') throw error;
    }
    await sleepMs(readerLookEveryMs, signal);
  }
}
