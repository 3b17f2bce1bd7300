/**
 * What a layer that is being written has so far: its directories, each of which was made here, its whiteouts and opaque
 * directories. Entries are only ever written below a directory that stands in it, and so never through a link.
 * Synchronous, for the unpacking thread, whose root and current directory are the layer itself.
 * Source: OCI image spec, layer.md "Representing Changes"; Linux Documentation/filesystems/overlayfs.rst.
 */
import { lstatSync } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import { lsetxattr } from '../../kernel/calls/attribute-calls.ts';
import { mkdirat, mknodat, unlinkat } from '../../kernel/calls/file-calls.ts';
import { atFdcwd, fileType } from '../../kernel/linux-constants.ts';
import type { ArchiveLimits } from '../limits.ts';
import { parentOf, pathBytes, refuse } from './entry-path.ts';

const opaqueAttribute = 'trusted.overlay.opaque';

export class LayerTree {
  readonly #limits: ArchiveLimits;
  /** With the time of its entry; null: made because something below it needed it. */
  readonly #directories = new Map<string, bigint | null>([['', null]]);
  readonly #whiteouts = new Set<string>();
  readonly #opaque = new Set<string>();
  readonly #replacing = new Set<string>();
  #notedBytes = 0;
  #noted = 0;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
  }

  get directories(): ReadonlyMap<string, bigint | null> {
    return this.#directories;
  }

  get whiteoutCount(): number {
    return this.#whiteouts.size;
  }

  get opaque(): ReadonlySet<string> {
    return this.#opaque;
  }

  /** Opaque ones whose own name the layer removes. */
  get replacingDirectories(): ReadonlySet<string> {
    return this.#replacing;
  }

  /** Counts a name that is going to be remembered, with so many bytes more. @throws InvalidImage */
  note(path: string, moreBytes = 0): void {
    this.#notedBytes += path.length + 1 + moreBytes;
    if (this.#notedBytes > this.#limits.notedNameBytes)
      refuse(path, `is one of too many: names of more than ${this.#limits.notedNameBytes} bytes together`);
    this.#noted += 1;
    if (this.#noted > this.#limits.notedNames)
      refuse(path, `is one of more than ${this.#limits.notedNames} directories, whiteouts and lower links`);
  }

  isDirectory(path: string): boolean {
    return this.#directories.has(path);
  }

  /** Makes the directory that an entry lies in, if there is no entry for it yet. @throws InvalidImage */
  makeParents(path: string): void {
    const parent = parentOf(path);
    if (this.#directories.has(parent)) return;
    const parts = parent.split('/');
    for (let count = 1; count <= parts.length; count += 1) {
      const at = parts.slice(0, count).join('/');
      if (this.#directories.has(at)) continue;
      if (!this.#tryMake(at)) refuse(path, `lies below ${JSON.stringify(at)}, which is no directory`);
      this.#add(at);
    }
  }

  /** Makes a directory; whatever else had its name goes. @returns whether something went */
  makeDirectory(path: string): boolean {
    if (this.#directories.has(path)) return false;
    const isFree = this.#tryMake(path);
    if (!isFree) {
      unlinkat(atFdcwd, pathBytes(path));
      mkdirat(atFdcwd, pathBytes(path), 0o755);
    }
    this.#add(path);
    return !isFree;
  }

  /** The archive describes the directory: it is no longer implied. */
  setTime(path: string, modifiedNs: bigint): void {
    this.#directories.set(path, modifiedNs);
  }

  /** The last entry of a name wins, but a directory with content is never given up for something else. */
  replace<T>(path: string, make: () => T): { readonly made: T; readonly hasReplaced: boolean } {
    try {
      return { made: make(), hasReplaced: false };
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    this.#unlink(path);
    return { made: make(), hasReplaced: !this.#whiteouts.delete(path) };
  }

  /** Whether this layer has something there, reached through directories only. @throws InvalidImage */
  has(path: string): boolean {
    const parts = path.split('/');
    for (let count = 1; count < parts.length; count += 1) {
      const at = parts.slice(0, count).join('/');
      if (this.#directories.has(at)) continue;
      if (exists(at)) refuse(path, `lies below ${JSON.stringify(at)}, which is no directory`);
      return false;
    }
    return exists(path) && !this.#whiteouts.has(path);
  }

  /** A whiteout speaks of lower layers only: what this layer has of that name stays, and hides what is below. */
  whiteOut(path: string): void {
    if (this.#directories.has(path)) return this.#replaceLower(path);
    try {
      mknodat(atFdcwd, pathBytes(path), { mode: fileType.character, device: 0n });
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      return;
    }
    this.note(path);
    this.#whiteouts.add(path);
  }

  /** Hides what lower layers have in a directory of this one. */
  makeOpaque(path: string): void {
    this.#opaque.add(path);
    lsetxattr(pathBytes(path), opaqueAttribute, Buffer.from('y'));
  }

  #add(path: string): void {
    this.note(path);
    this.#directories.set(path, null);
  }

  /** False when something else than a whiteout stands there. */
  #tryMake(path: string): boolean {
    try {
      mkdirat(atFdcwd, pathBytes(path), 0o755);
      return true;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      if (!this.#whiteouts.delete(path)) return false;
    }
    unlinkat(atFdcwd, pathBytes(path));
    mkdirat(atFdcwd, pathBytes(path), 0o755);
    this.#replaceLower(path);
    return true;
  }

  #replaceLower(path: string): void {
    this.#replacing.add(path);
    this.makeOpaque(path);
  }

  #unlink(path: string): void {
    try {
      unlinkat(atFdcwd, pathBytes(path), this.#directories.has(path));
    } catch (error) {
      if (errnoOf(error) === 'ENOTEMPTY') refuse(path, 'replaces a directory that has content');
      throw error;
    }
    this.#directories.delete(path);
    this.#opaque.delete(path);
    this.#replacing.delete(path);
  }
}

function exists(path: string): boolean {
  return lstatSync(pathBytes(path), { throwIfNoEntry: false }) !== undefined;
}
