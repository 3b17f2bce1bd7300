/**
 * Writes the entries of one layer into the current directory, in the form that overlayfs wants: whiteouts as character
 * devices 0:0, opaque directories by extended attribute. Synchronous, for the unpacking thread, whose root is the layer
 * itself. Every directory was made here and is remembered, so that no entry is ever written through a link.
 * Source: OCI image spec, layer.md "Representing Changes"; Linux Documentation/filesystems/overlayfs.rst.
 */
import { fchmodSync, fchownSync, lstatSync, writeSync } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import { fsetxattr, lsetxattr } from '../../kernel/attribute-calls.ts';
import {
  close,
  fchmodat,
  fchownat,
  futimens,
  linkat,
  makeDevice,
  mkdirat,
  mknodat,
  openat,
  symlinkat,
  unlinkat,
  utimensat,
} from '../../kernel/file-calls.ts';
import { atFdcwd, fileType, openFlag } from '../../kernel/linux-constants.ts';
import type { ArchiveLimits } from '../limits.ts';
import { baseOf, entryPath, parentOf, refuse } from './entry-path.ts';
import type { TarEntry, TarSink } from './tar-reader.ts';
import type { LayerFacts } from './unpack-protocol.ts';

const whiteoutPrefix = '.wh.';
const opaqueMarker = '.wh..wh..opq';
const opaqueAttribute = 'trusted.overlay.opaque';
const maxForeignLinks = 10_000;

/** A directory of this layer: with the time of its entry, or made because something below it needed it. */
type Directory = { readonly modifiedNs: bigint | null };

export class LayerWriter implements TarSink {
  readonly #limits: ArchiveLimits;
  readonly #directories = new Map<string, Directory>([['', { modifiedNs: null }]]);
  readonly #whiteouts = new Set<string>();
  readonly #opaque = new Set<string>();
  readonly #foreignLinks: { readonly path: string; readonly target: string }[] = [];
  #file: { readonly fd: number; readonly entry: TarEntry } | null = null;
  #contentBytes = 0;
  #root: LayerFacts['root'] = null;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
  }

  entry(entry: TarEntry): void {
    const path = entryPath(entry.path, this.#limits);
    if (path === '') return this.#makeRoot(entry);
    const parent = parentOf(path);
    if (!this.#directories.has(parent)) this.#makeParents(parent);
    if (baseOf(path).startsWith(whiteoutPrefix)) return this.#whiteOut(path);
    if (entry.kind === 'directory') return this.#makeDirectory(path, entry);
    this.#whiteouts.delete(path);
    if (entry.kind === 'file') return this.#openFile(path, entry);
    if (entry.kind === 'hardlink') return this.#makeHardlink(path, entry);
    if (entry.kind === 'symlink') return this.#makeSymlink(path, entry);
    return this.#makeNode(path, entry);
  }

  data(chunk: Buffer): void {
    if (this.#file === null) return;
    for (let at = 0; at < chunk.length;) at += writeSync(this.#file.fd, chunk, at, chunk.length - at);
  }

  endEntry(): void {
    if (this.#file === null) return;
    const { fd, entry } = this.#file;
    this.#file = null;
    try {
      fchownSync(fd, entry.uid, entry.gid);
      // After chown, which clears setuid and setgid.
      if ((entry.mode & 0o7000) !== 0) fchmodSync(fd, entry.mode);
      for (const [name, value] of allowedXattrs(entry)) tolerate(name, () => fsetxattr(fd, name, value));
      futimens(fd, { accessedNs: entry.modifiedNs, modifiedNs: entry.modifiedNs });
    } finally {
      close(fd);
    }
    this.#contentBytes += entry.sizeBytes;
  }

  /** Sets what only can be set when nothing is written below any more. */
  finish(): LayerFacts {
    const impliedDirectories: string[] = [];
    for (const [path, { modifiedNs }] of this.#directories) {
      if (modifiedNs !== null) utimensat(atFdcwd, bytes(path), { accessedNs: modifiedNs, modifiedNs });
      else if (path !== '') impliedDirectories.push(path);
    }
    return {
      contentBytes: this.#contentBytes,
      root: this.#root,
      impliedDirectories,
      opaqueDirectories: [...this.#opaque],
      foreignLinks: this.#foreignLinks,
    };
  }

  /** Gives back what a failed entry holds. */
  close(): void {
    if (this.#file !== null) close(this.#file.fd);
    this.#file = null;
  }

  #makeRoot(entry: TarEntry): void {
    if (entry.kind !== 'directory') refuse(entry.path, 'replaces the root by something that is no directory');
    this.#root = { mode: entry.mode, uid: entry.uid, gid: entry.gid };
    this.#dressDirectory('', entry);
  }

  #makeParents(path: string): void {
    const parts = path.split('/');
    for (let count = 1; count <= parts.length; count += 1) {
      const at = parts.slice(0, count).join('/');
      if (this.#directories.has(at)) continue;
      if (!this.#tryMakeDirectory(at))
        refuse(path, `lies below ${JSON.stringify(at)}, which is no directory`);
      this.#directories.set(at, { modifiedNs: null });
    }
  }

  /** False when something else than a whiteout stands there. */
  #tryMakeDirectory(path: string): boolean {
    try {
      mkdirat(atFdcwd, bytes(path), 0o755);
      return true;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      if (!this.#whiteouts.delete(path)) return false;
    }
    unlinkat(atFdcwd, bytes(path));
    mkdirat(atFdcwd, bytes(path), 0o755);
    this.#makeOpaque(path);
    return true;
  }

  #makeDirectory(path: string, entry: TarEntry): void {
    if (!this.#directories.has(path) && !this.#tryMakeDirectory(path)) {
      unlinkat(atFdcwd, bytes(path));
      mkdirat(atFdcwd, bytes(path), 0o755);
    }
    this.#dressDirectory(path, entry);
  }

  #dressDirectory(path: string, entry: TarEntry): void {
    const name = bytes(path);
    fchownat(atFdcwd, name, entry);
    fchmodat(atFdcwd, name, entry.mode);
    this.#setXattrs(path, entry);
    this.#directories.set(path, { modifiedNs: entry.modifiedNs });
  }

  #openFile(path: string, entry: TarEntry): void {
    const flags = openFlag.create | openFlag.exclusive | openFlag.writeOnly | openFlag.nofollow;
    const fd = this.#replacing(path, () => openat(atFdcwd, bytes(path), { flags, mode: entry.mode & 0o777 }));
    this.#file = { fd, entry };
  }

  #makeHardlink(path: string, entry: TarEntry): void {
    const target = entryPath(entry.linkTarget, this.#limits);
    if (target === path) return;
    if (this.#directories.has(target)) refuse(entry.path, 'is a hard link to a directory');
    if (!this.#has(target)) return this.#noteForeignLink(path, target);
    const [from, to] = [bytes(target), bytes(path)];
    this.#replacing(path, () => linkat({ fromDirFd: atFdcwd, from, toDirFd: atFdcwd, to }));
  }

  /** Whether this layer has something there, reached through directories only. */
  #has(path: string): boolean {
    const parts = path.split('/');
    for (let count = 1; count < parts.length; count += 1) {
      const at = parts.slice(0, count).join('/');
      if (this.#directories.has(at)) continue;
      if (exists(at)) refuse(path, `lies below ${JSON.stringify(at)}, which is no directory`);
      return false;
    }
    return exists(path) && !this.#whiteouts.has(path);
  }

  /** A link to a file of a lower layer: that layer may not be there yet, so the image's assembly makes a copy. */
  #noteForeignLink(path: string, target: string): void {
    if (this.#foreignLinks.length >= maxForeignLinks)
      refuse(path, `is one of more than ${maxForeignLinks} hard links to files of other layers`);
    this.#foreignLinks.push({ path, target });
  }

  #makeSymlink(path: string, entry: TarEntry): void {
    const target = entry.linkTarget;
    if (target === '' || target.includes('\0') || target.length > this.#limits.pathBytes)
      refuse(
        entry.path,
        `is a link to nothing, to a NUL byte or to more than ${this.#limits.pathBytes} bytes`,
      );
    this.#replacing(path, () => symlinkat(bytes(target), atFdcwd, bytes(path)));
    fchownat(atFdcwd, bytes(path), entry);
    this.#setXattrs(path, entry);
    this.#setTimes(path, entry);
  }

  #makeNode(path: string, entry: TarEntry): void {
    const { deviceMajor: major, deviceMinor: minor } = entry;
    if (major < 0 || major > 0xfff || minor < 0 || minor > 0xfffff)
      refuse(entry.path, 'has no possible device number');
    const type = entry.kind === 'character' || entry.kind === 'block' ? fileType[entry.kind] : fileType.fifo;
    const device = entry.kind === 'fifo' ? 0n : makeDevice(major, minor);
    this.#replacing(path, () => mknodat(atFdcwd, bytes(path), { mode: type | (entry.mode & 0o777), device }));
    fchownat(atFdcwd, bytes(path), entry);
    fchmodat(atFdcwd, bytes(path), entry.mode);
    this.#setXattrs(path, entry);
    this.#setTimes(path, entry);
  }

  /** The last entry of a name wins, but a directory with content is never given up for something else. */
  #replacing<T>(path: string, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    const isDirectory = this.#directories.has(path);
    try {
      unlinkat(atFdcwd, bytes(path), isDirectory);
    } catch (error) {
      if (errnoOf(error) === 'ENOTEMPTY') refuse(path, 'replaces a directory that has content');
      throw error;
    }
    this.#directories.delete(path);
    this.#opaque.delete(path);
    return make();
  }

  #whiteOut(path: string): void {
    const base = baseOf(path);
    const parent = parentOf(path);
    if (base === opaqueMarker) return this.#makeOpaque(parent);
    // Other names of this form are the private business of aufs.
    if (base.startsWith(`${whiteoutPrefix}${whiteoutPrefix}`)) return;
    const name = base.slice(whiteoutPrefix.length);
    if (name === '' || name === '.' || name === '..') refuse(path, 'is a whiteout of nothing');
    const target = parent === '' ? name : `${parent}/${name}`;
    // A whiteout speaks of lower layers only: what this layer has of that name stays, and hides what is below.
    if (this.#directories.has(target)) return this.#makeOpaque(target);
    try {
      mknodat(atFdcwd, bytes(target), { mode: fileType.character, device: 0n });
      this.#whiteouts.add(target);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }

  #makeOpaque(path: string): void {
    this.#opaque.add(path);
    lsetxattr(bytes(path), opaqueAttribute, Buffer.from('y'));
  }

  #setXattrs(path: string, entry: TarEntry): void {
    for (const [name, value] of allowedXattrs(entry))
      tolerate(name, () => lsetxattr(bytes(path), name, value));
  }

  #setTimes(path: string, entry: TarEntry): void {
    utimensat(atFdcwd, bytes(path), { accessedNs: entry.modifiedNs, modifiedNs: entry.modifiedNs });
  }
}

/** An archive must not speak to overlayfs or to a security module: only these attributes are taken over. */
function allowedXattrs(entry: TarEntry): readonly (readonly [string, Buffer])[] {
  if (entry.xattrs.size === 0) return [];
  return [...entry.xattrs].filter(
    ([name]) =>
      name === 'security.capability' ||
      name.startsWith('system.posix_acl_') ||
      (name.startsWith('user.') && !name.startsWith('user.overlay.')),
  );
}

/** File systems without an attribute's kind, and links and devices, refuse it; only capabilities are worth a failure. */
function tolerate(name: string, set: () => void): void {
  try {
    set();
  } catch (error) {
    const errno = errnoOf(error);
    const isUnsupported = errno === 'ENOTSUP' || errno === 'EOPNOTSUPP' || errno === 'EPERM';
    if (!isUnsupported || name === 'security.capability') throw error;
  }
}

function exists(path: string): boolean {
  return lstatSync(bytes(path), { throwIfNoEntry: false }) !== undefined;
}

function bytes(path: string): Buffer {
  return path === '' ? Buffer.from('.') : Buffer.from(path, 'latin1');
}
