/**
 * What a layer must look like on disk, learned from its archive's entries, and how what is there differs. Synchronous, for
 * the unpacking thread, whose root and current directory are the layer.
 */
import { readdirSync } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import { lgetxattr } from '../../kernel/calls/attribute-calls.ts';
import { type FileStatus, readlinkat, statx } from '../../kernel/calls/file-calls.ts';
import { atFdcwd, fileType } from '../../kernel/linux-constants.ts';
import type { ArchiveLimits } from '../limits.ts';
import { baseOf, entryPath, parentOf, pathBytes } from './entry-path.ts';
import type { TarEntry, TarKind } from './tar/tar-entry.ts';
import { privatePrefix, whiteoutPrefix } from './whiteout.ts';

const maxFaults = 20;
/** Times that every file system keeps as they are. */
const latestTimeNs = 2_147_483_647_000_000_000n;

type Expected = TarEntry | 'implied' | 'whiteout';

export class LayerInventory {
  readonly #limits: ArchiveLimits;
  readonly #expected = new Map<string, Expected>();

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
  }

  /** The entries come in the order of the archive: the last one of a name counts. */
  add(entry: TarEntry): void {
    const path = entryPath(entry.path, this.#limits);
    for (let at = parentOf(path); at !== '' && !this.#expected.has(at); at = parentOf(at))
      this.#expected.set(at, 'implied');
    const base = baseOf(path);
    if (!base.startsWith(whiteoutPrefix)) this.#expected.set(path, entry);
    else if (!base.startsWith(privatePrefix)) this.#addWhiteout(path, base.slice(whiteoutPrefix.length));
  }

  /** What is wrong, in words; nothing when all is as it should be. At most 20. `isExact`: no entry was replaced by another. */
  faults(isExact: boolean): readonly string[] {
    const faults: string[] = [];
    for (const [path, expected] of this.#expected) {
      const fault = this.#faultOf(path, expected, isExact);
      if (fault !== null) faults.push(`${quoted(path)} ${fault}`);
      if (isDirectory(expected) || path === '') faults.push(...this.#strangersIn(path));
      if (faults.length >= maxFaults) return faults.slice(0, maxFaults);
    }
    if (!this.#expected.has('')) faults.push(...this.#strangersIn(''));
    return faults;
  }

  #addWhiteout(path: string, name: string): void {
    const parent = parentOf(path);
    const target = parent === '' ? name : `${parent}/${name}`;
    if (!this.#expected.has(target)) this.#expected.set(target, 'whiteout');
  }

  #faultOf(path: string, expected: Expected, isExact: boolean): string | null {
    const found = statusOf(path);
    if (expected === 'whiteout') return found === null ? 'is missing' : null;
    if (expected === 'implied') return found === null ? 'is missing' : kindFault(found, 'directory');
    if (expected.kind === 'hardlink') return isExact ? this.#linkFault(found, expected) : null;
    return found === null ? 'is missing' : entryFault(path, found, expected);
  }

  /** A link to a file of a lower layer is made when the image is put together, and not in here. */
  #linkFault(found: FileStatus | null, entry: TarEntry): string | null {
    const target = entryPath(entry.linkTarget, this.#limits);
    if (!this.#expected.has(target)) return null;
    if (found === null) return 'is missing';
    return statusOf(target)?.inode === found.inode ? null : `is no hard link to ${quoted(target)}`;
  }

  #strangersIn(path: string): readonly string[] {
    let names: readonly Buffer[];
    try {
      names = readdirSync(pathBytes(path), { encoding: 'buffer' });
    } catch {
      // Told already: it is missing, or is no directory.
      return [];
    }
    return names
      .map((name) => (path === '' ? '' : `${path}/`) + name.toString('latin1'))
      .filter((each) => !this.#expected.has(each))
      .map((each) => `${quoted(each)} does not belong to it`);
  }
}

function isDirectory(expected: Expected): boolean {
  return expected === 'implied' || (expected !== 'whiteout' && expected.kind === 'directory');
}

function statusOf(path: string): FileStatus | null {
  try {
    return statx(atFdcwd, pathBytes(path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR' || errnoOf(error) === 'ELOOP')
      return null;
    throw error;
  }
}

const types: Readonly<Record<Exclude<TarKind, 'hardlink'>, number>> = {
  file: fileType.regular,
  directory: fileType.directory,
  symlink: fileType.link,
  character: fileType.character,
  block: fileType.block,
  fifo: fileType.fifo,
};

function kindFault(found: FileStatus, kind: Exclude<TarKind, 'hardlink'>): string | null {
  return (found.mode & fileType.mask) === types[kind] ? null : `is no ${kind} any more`;
}

function entryFault(path: string, found: FileStatus, entry: TarEntry): string | null {
  if (entry.kind === 'hardlink') return null;
  return (
    kindFault(found, entry.kind) ??
    contentFault(path, found, entry) ??
    ownerFault(found, entry) ??
    timeFault(found, entry) ??
    xattrFault(path, entry)
  );
}

function contentFault(path: string, found: FileStatus, entry: TarEntry): string | null {
  if (entry.kind === 'file' && found.sizeBytes !== BigInt(entry.realBytes))
    return `has ${found.sizeBytes} bytes, expected ${entry.realBytes}`;
  if (
    entry.kind === 'symlink' &&
    readlinkat(atFdcwd, pathBytes(path)).toString('latin1') !== entry.linkTarget
  )
    return 'leads elsewhere';
  const isDevice = entry.kind === 'character' || entry.kind === 'block';
  const { major, minor } = found.device;
  if (isDevice && (major !== entry.deviceMajor || minor !== entry.deviceMinor)) return 'is another device';
  return null;
}

function ownerFault(found: FileStatus, entry: TarEntry): string | null {
  if (found.uid !== entry.uid || found.gid !== entry.gid)
    return `belongs to ${found.uid}:${found.gid}, expected ${entry.uid}:${entry.gid}`;
  const mode = found.mode & 0o7777;
  if (entry.kind === 'symlink' || mode === entry.mode) return null;
  return `has mode ${mode.toString(8)}, expected ${entry.mode.toString(8)}`;
}

function timeFault(found: FileStatus, entry: TarEntry): string | null {
  const isKept = entry.modifiedNs >= 0n && entry.modifiedNs < latestTimeNs;
  return isKept && found.modifiedNs !== entry.modifiedNs ? 'was changed since' : null;
}

function xattrFault(path: string, entry: TarEntry): string | null {
  for (const [name, value] of entry.xattrs) {
    // Others are not kept by every file system.
    if (name !== 'security.capability') continue;
    if (!xattrOf(path, name).equals(value)) return `has another attribute "${name}"`;
  }
  return null;
}

function xattrOf(path: string, name: string): Buffer {
  try {
    return lgetxattr(pathBytes(path), name);
  } catch (error) {
    if (errnoOf(error) === 'ENODATA') return Buffer.alloc(0);
    throw error;
  }
}

function quoted(path: string): string {
  return JSON.stringify(Buffer.from(path.slice(0, 200), 'latin1').toString('utf8'));
}
