/**
 * Writes the entries of one layer into the current directory, in the form that overlayfs wants: whiteouts as character
 * devices 0:0, opaque directories by extended attribute. Synchronous, for the unpacking thread, whose root is the layer
 * itself.
 * Source: OCI image spec, layer.md "Representing Changes".
 */
import { ftruncateSync, writeSync } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import {
  close,
  linkat,
  makeDevice,
  mknodat,
  openat,
  symlinkat,
  utimensat,
} from '../../kernel/calls/file-calls.ts';
import { atFdcwd, fileType, openFlag } from '../../kernel/linux-constants.ts';
import { badImage } from '../documents/document.ts';
import type { ArchiveLimits } from '../limits.ts';
import {
  cleanDirectory,
  defaultAcl,
  dressDirectory,
  dressFile,
  dressLink,
  dressNode,
  setXattr,
} from './entry-attributes.ts';
import { baseOf, entryPath, parentOf, pathBytes, refuse } from './entry-path.ts';
import { bytesOnDisk, directoryBytes } from '../usage/disk-blocks.ts';
import { ForeignLinks } from './foreign-links.ts';
import { LayerTree } from './layer-tree.ts';
import { lentBytesOf } from './lent-names.ts';
import type { TarEntry } from './tar/tar-entry.ts';
import type { TarSink } from './tar/tar-reader.ts';
import type { LayerFacts } from './unpack-protocol.ts';
import { opaqueMarker, privatePrefix, whiteoutPrefix } from './whiteout.ts';

export class LayerWriter implements TarSink {
  readonly #limits: ArchiveLimits;
  readonly #tree: LayerTree;
  readonly #foreignLinks = new ForeignLinks();
  /** Set last: the files below would take them over. */
  readonly #defaultAcls = new Map<string, Buffer>();
  #file: { readonly fd: number; readonly entry: TarEntry } | null = null;
  #contentBytes = 0;
  #diskBytes = 0;
  /** Everything but directories, which the tree knows. */
  #inodes = 0;
  #root: LayerFacts['root'] = null;
  /** In a directory with the setgid bit, on a mount with `grpid` in any, files are made with the group of the directory. */
  #hasForeignGroups = false;
  #isRebuildable = true;
  #isNew = true;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
    this.#tree = new LayerTree(limits);
  }

  entry(entry: TarEntry): void {
    // The store may lie where new directories get another group or an access list.
    if (this.#isNew) cleanDirectory('');
    this.#isNew = false;
    const path = entryPath(entry.path, this.#limits);
    try {
      this.#make(path, entry);
    } catch (error) {
      if (errnoOf(error) === 'ENAMETOOLONG') refuse(entry.path, 'has a name too long for the file system');
      throw error;
    }
  }

  #make(path: string, entry: TarEntry): void {
    if (path === '') return this.#makeRoot(entry);
    this.#foreignLinks.checkParents(path);
    this.#tree.makeParents(path);
    if (baseOf(path).startsWith(whiteoutPrefix)) return this.#whiteOut(path, entry);
    this.#defaultAcls.delete(path);
    if (entry.kind === 'hardlink') return this.#makeHardlink(path, entry);
    this.#foreignLinks.delete(path);
    if (entry.kind === 'directory') return this.#makeDirectory(path, entry);
    if (entry.kind === 'file') return this.#openFile(path, entry);
    if (entry.kind === 'symlink') return this.#makeSymlink(path, entry);
    return this.#makeNode(path, entry);
  }

  data(chunk: Buffer, at: number): void {
    if (this.#file === null) return;
    for (let done = 0; done < chunk.length;)
      done += writeSync(this.#file.fd, chunk, done, chunk.length - done, at + done);
  }

  endEntry(): void {
    if (this.#file === null) return;
    const { fd, entry } = this.#file;
    this.#file = null;
    try {
      if (entry.segments !== null) ftruncateSync(fd, entry.realBytes);
      dressFile(fd, entry, !this.#hasForeignGroups);
    } finally {
      close(fd);
    }
    this.#contentBytes += entry.storedBytes;
    this.#diskBytes += bytesOnDisk(entry.storedBytes);
  }

  /** Sets what only can be set when nothing is written below any more. */
  finish(): LayerFacts {
    const impliedDirectories: string[] = [];
    const directories = this.#tree.directories.size;
    for (const [path, value] of this.#defaultAcls) setXattr(path, [defaultAcl, value]);
    for (const [path, modifiedNs] of this.#tree.directories) {
      if (modifiedNs !== null) utimensat(atFdcwd, pathBytes(path), { accessedNs: modifiedNs, modifiedNs });
      else if (path !== '') impliedDirectories.push(path);
    }
    const opaqueDirectories = [...this.#tree.opaque];
    const foreignLinks = this.#foreignLinks.all();
    const replacingDirectories = [...this.#tree.replacingDirectories];
    const names = { impliedDirectories, opaqueDirectories, replacingDirectories, foreignLinks };
    if (lentBytesOf(names) > this.#limits.lentNameBytes)
      throw badImage(
        `layer archive: directories and links that lower layers have to explain, of more than ${this.#limits.lentNameBytes} bytes`,
      );
    return {
      contentBytes: this.#contentBytes,
      disk: {
        usedBytes: this.#diskBytes + directories * directoryBytes,
        inodes: this.#inodes + directories + this.#tree.whiteoutCount,
      },
      root: this.#root,
      isRebuildable: this.#isRebuildable,
      ...names,
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

  #makeDirectory(path: string, entry: TarEntry): void {
    if (this.#tree.makeDirectory(path)) this.#isRebuildable = false;
    this.#dressDirectory(path, entry);
  }

  #dressDirectory(path: string, entry: TarEntry): void {
    dressDirectory(path, entry);
    this.#tree.setTime(path, entry.modifiedNs);
    this.#hasForeignGroups ||= entry.gid !== 0;
    const acl = entry.xattrs.get(defaultAcl);
    if (acl === undefined) return;
    this.#tree.note(path, acl.length);
    this.#defaultAcls.set(path, acl);
  }

  #openFile(path: string, entry: TarEntry): void {
    const flags = openFlag.create | openFlag.exclusive | openFlag.writeOnly | openFlag.nofollow;
    const mode = entry.mode & 0o777;
    const fd = this.#replacing(path, () => openat(atFdcwd, pathBytes(path), { flags, mode }));
    this.#file = { fd, entry };
  }

  #makeHardlink(path: string, entry: TarEntry): void {
    const target = entryPath(entry.linkTarget, this.#limits);
    if (target === path) return;
    if (this.#tree.isDirectory(target)) refuse(entry.path, 'is a hard link to a directory');
    const lower = this.#foreignLinks.get(target) ?? (this.#tree.has(target) ? null : target);
    if (lower !== null) return this.#noteForeignLink(path, lower);
    this.#foreignLinks.delete(path);
    const [from, to] = [pathBytes(target), pathBytes(path)];
    this.#replacing(path, () => linkat({ fromDirFd: atFdcwd, from, toDirFd: atFdcwd, to }));
    this.#inodes -= 1;
  }

  #noteForeignLink(path: string, target: string): void {
    if (this.#tree.isDirectory(path)) refuse(path, 'replaces a directory by a hard link');
    this.#tree.note(path, target.length);
    this.#foreignLinks.add(path, target);
  }

  #makeSymlink(path: string, entry: TarEntry): void {
    const target = entry.linkTarget;
    if (target === '' || target.includes('\0') || target.length > this.#limits.targetBytes)
      refuse(
        entry.path,
        `is a link to nothing, to a NUL byte or to more than ${this.#limits.targetBytes} bytes`,
      );
    this.#replacing(path, () => symlinkat(pathBytes(target), atFdcwd, pathBytes(path)));
    dressLink(path, entry);
  }

  #makeNode(path: string, entry: TarEntry): void {
    const { deviceMajor: major, deviceMinor: minor } = entry;
    if (major < 0 || major > 0xfff || minor < 0 || minor > 0xfffff)
      refuse(entry.path, 'has no possible device number');
    const type = entry.kind === 'character' || entry.kind === 'block' ? fileType[entry.kind] : fileType.fifo;
    const device = entry.kind === 'fifo' ? 0n : makeDevice(major, minor);
    const mode = type | (entry.mode & 0o777);
    this.#replacing(path, () => mknodat(atFdcwd, pathBytes(path), { mode, device }));
    dressNode(path, entry);
  }

  /** Makes something with an inode of its own. */
  #replacing<T>(path: string, make: () => T): T {
    const { made, hasReplaced } = this.#tree.replace(path, make);
    if (hasReplaced) this.#isRebuildable = false;
    else this.#inodes += 1;
    return made;
  }

  #whiteOut(path: string, entry: TarEntry): void {
    if (entry.storedBytes > 0) this.#isRebuildable = false;
    const base = baseOf(path);
    const parent = parentOf(path);
    if (base === opaqueMarker) return this.#tree.makeOpaque(parent);
    if (base.startsWith(privatePrefix)) return;
    const name = base.slice(whiteoutPrefix.length);
    if (name === '' || name === '.' || name === '..') refuse(path, 'is a whiteout of nothing');
    this.#tree.whiteOut(parent === '' ? name : `${parent}/${name}`);
  }
}
