/**
 * What a layer must look like on disk, learned from its archive's entries, and how what is there differs. Synchronous, for
 * the unpacking thread, whose root and current directory are the layer.
 */
import { hash } from 'node:crypto';
import { opendirSync } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import { lgetxattr } from '../../kernel/calls/attribute-calls.ts';
import { type FileStatus, readlinkat, statx } from '../../kernel/calls/file-calls.ts';
import { atFdcwd, fileType } from '../../kernel/linux-constants.ts';
import type { ArchiveLimits } from '../limits.ts';
import { baseOf, entryPath, parentOf, pathBytes } from './entry-path.ts';
import { type EntryFigures, type EntryKind, EntryTable, rootEntry } from './entry-table.ts';
import type { TarEntry } from './tar/tar-entry.ts';
import { privatePrefix, whiteoutPrefix } from './whiteout.ts';

const maxFaults = 20;
const mostBytes = 256 * 1024 * 1024;
/** Times that every file system keeps as they are. */
const latestTimeNs = 2_147_483_647_000_000_000n;
const secondNs = 1_000_000_000n;
const capability = 'security.capability';

const noFigures = { mode: 0, uid: 0, gid: 0, sizeBytes: 0, modifiedNs: 0n, extra: 0 };
const implied: EntryFigures = { kind: 'implied', ...noFigures };

export class LayerInventory implements Disposable {
  readonly #limits: ArchiveLimits;
  readonly #mostBytes: number;
  readonly #expected = new EntryTable();
  #isTooLarge = false;

  /** `most`: what it may keep; a layer of which more would have to be kept is not compared. */
  constructor(limits: ArchiveLimits, most = mostBytes) {
    this.#limits = limits;
    this.#mostBytes = most;
  }

  /** The entries come in the order of the archive: the last one of a name counts. */
  add(entry: TarEntry): void {
    this.#isTooLarge ||= this.#expected.bytes > this.#mostBytes;
    if (this.#isTooLarge) return;
    const path = entryPath(entry.path, this.#limits);
    const [parent, base] = [parentOf(path), baseOf(path)];
    this.#makeDirectories(parent);
    if (path === '') this.#expected.set(rootEntry, this.#figuresOf(entry));
    else if (base.startsWith(privatePrefix)) return;
    else if (base.startsWith(whiteoutPrefix)) this.#addWhiteout(parent, base.slice(whiteoutPrefix.length));
    else if (entry.kind !== 'hardlink' || entryPath(entry.linkTarget, this.#limits) !== path)
      this.#expected.set(this.#expected.make(path, nothing), this.#figuresOf(entry));
  }

  /** What is wrong, in words; nothing when all is as it should be. At most 20. `isExact`: no entry was replaced by another. */
  faults(isExact: boolean): readonly string[] {
    const faults: string[] = [];
    if (this.#isTooLarge) return faults;
    for (let entry = rootEntry; entry < this.#expected.count; entry += 1) {
      const path = this.#expected.pathOf(entry);
      const figures = this.#expected.get(entry);
      const fault = this.#faultOf(path, figures, isExact);
      if (fault !== null) faults.push(`${quoted(path)} ${fault}`);
      if (figures.kind === 'directory' || figures.kind === 'implied') this.#addStrangers(path, faults);
      if (faults.length >= maxFaults) return faults.slice(0, maxFaults);
    }
    return faults;
  }

  [Symbol.dispose](): void {
    this.#expected[Symbol.dispose]();
  }

  /** What an entry lies in stands as directories, described or not. */
  #makeDirectories(path: string): void {
    this.#expected.make(path, (entry, isNew) => {
      if (isNew || this.#expected.kindOf(entry) === 'whiteout') this.#expected.set(entry, implied);
    });
  }

  #addWhiteout(parent: string, name: string): void {
    this.#expected.make(parent === '' ? name : `${parent}/${name}`, (entry, isNew) => {
      if (isNew) this.#expected.set(entry, { kind: 'whiteout', ...noFigures });
    });
  }

  /** What is compared of an entry, and nothing else: an archive can hold gigabytes of what is not. */
  #figuresOf(entry: TarEntry): EntryFigures {
    const { mode, uid, gid, realBytes: sizeBytes, modifiedNs } = entry;
    if (entry.kind === 'hardlink') return this.#linkFigures(entryPath(entry.linkTarget, this.#limits));
    return { kind: entry.kind, mode, uid, gid, sizeBytes, modifiedNs, extra: this.#extraOf(entry) };
  }

  /** A link to a file of a lower layer is made when the image is put together, and not in here. */
  #linkFigures(target: string): EntryFigures {
    const extra = this.#expected.find(target);
    const kind = extra === null ? 'whiteout' : this.#expected.kindOf(extra);
    const isForeign = extra === null || kind === 'whiteout' || kind === 'foreign' || kind === 'implied';
    return { ...noFigures, ...(isForeign ? { kind: 'foreign' } : { kind: 'hardlink', extra }) };
  }

  #extraOf(entry: TarEntry): number {
    if (entry.kind === 'character' || entry.kind === 'block')
      return deviceNumber(entry.deviceMajor, entry.deviceMinor);
    const told =
      entry.kind === 'symlink' ? Buffer.from(entry.linkTarget, 'latin1') : entry.xattrs.get(capability);
    return told === undefined ? 0 : this.#expected.keep(fingerprint(told));
  }

  #faultOf(path: string, expected: EntryFigures, isExact: boolean): string | null {
    const { kind } = expected;
    if (path === '' && kind === 'implied') return null;
    if (kind === 'foreign') return null;
    if (kind === 'hardlink' && !isExact) return null;
    const found = statusOf(path);
    if (found === null) return 'is missing';
    if (kind === 'whiteout') return null;
    if (kind === 'implied') return kindFault(found, 'directory');
    if (kind === 'hardlink') return this.#linkFault(found, expected.extra);
    return (
      kindFault(found, kind) ??
      this.#contentFault(path, found, expected) ??
      ownerFault(found, expected) ??
      timeFault(found, expected.modifiedNs)
    );
  }

  #linkFault(found: FileStatus, target: number): string | null {
    const path = this.#expected.pathOf(target);
    return statusOf(path)?.inode === found.inode ? null : `is no hard link to ${quoted(path)}`;
  }

  #contentFault(path: string, found: FileStatus, expected: EntryFigures): string | null {
    const { kind, extra } = expected;
    if (kind === 'file' && found.sizeBytes !== BigInt(expected.sizeBytes))
      return `has ${found.sizeBytes} bytes, expected ${expected.sizeBytes}`;
    if (kind === 'symlink')
      return this.#isKept(extra, readlinkat(atFdcwd, pathBytes(path))) ? null : 'leads elsewhere';
    if (kind === 'character' || kind === 'block')
      return deviceNumber(found.device.major, found.device.minor) === extra ? null : 'is another device';
    // Other attributes are not kept by every file system.
    if (extra === 0 || this.#isKept(extra, xattrOf(path, capability))) return null;
    return `has another attribute "${capability}"`;
  }

  #isKept(place: number, bytes: Buffer): boolean {
    return this.#expected.kept(place).equals(fingerprint(bytes));
  }

  #addStrangers(path: string, faults: string[]): void {
    try {
      using directory = opendirSync(pathBytes(path), { encoding: 'latin1' });
      for (let each = directory.readSync(); each !== null; each = directory.readSync()) {
        const name = (path === '' ? '' : `${path}/`) + each.name;
        if (this.#expected.find(name) === null) faults.push(`${quoted(name)} does not belong to it`);
        if (faults.length >= maxFaults) return;
      }
    } catch {
      // Told already: it is missing, or is no directory.
    }
  }
}

function nothing(): void {
  // The caller says what becomes of a new entry.
}

/** Major numbers have twelve bits and minor ones twenty. Source: Linux, MKDEV. */
function deviceNumber(major: number, minor: number): number {
  return major * 0x100000 + minor;
}

function fingerprint(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer').subarray(0, 16);
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

type OnDisk = Exclude<EntryKind, 'implied' | 'whiteout' | 'foreign' | 'hardlink'>;

const types: Readonly<Record<OnDisk, number>> = {
  file: fileType.regular,
  directory: fileType.directory,
  symlink: fileType.link,
  character: fileType.character,
  block: fileType.block,
  fifo: fileType.fifo,
};

function kindFault(found: FileStatus, kind: OnDisk): string | null {
  return (found.mode & fileType.mask) === types[kind] ? null : `is no ${kind} any more`;
}

function ownerFault(found: FileStatus, entry: EntryFigures): string | null {
  if (found.uid !== entry.uid || found.gid !== entry.gid)
    return `belongs to ${found.uid}:${found.gid}, expected ${entry.uid}:${entry.gid}`;
  const mode = found.mode & 0o7777;
  if (entry.kind === 'symlink' || mode === entry.mode) return null;
  return `has mode ${mode.toString(8)}, expected ${entry.mode.toString(8)}`;
}

function timeFault(found: FileStatus, modifiedNs: bigint): string | null {
  if (modifiedNs < 0n || modifiedNs >= latestTimeNs || found.modifiedNs === modifiedNs) return null;
  // Some file systems keep whole seconds: ext4 with inodes of 128 bytes.
  return found.modifiedNs === modifiedNs - (modifiedNs % secondNs) ? null : 'was changed since';
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
