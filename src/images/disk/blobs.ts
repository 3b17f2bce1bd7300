/**
 * Small content by digest: manifests and configs. Layers are not kept: they live on unpacked. What is read is verified
 * against its name each time, so that a damaged file is never believed.
 */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { CriError, errnoOf } from '../../base/errors.ts';
import { ensureDirectory, readBounded, writeAtomically } from '../../base/files.ts';
import { type AbsolutePath, type Digest, isDigest, joinPath } from '../../base/ids.ts';
import { KeyedLock } from '../../base/locks.ts';
import { documentLimits } from '../limits.ts';
import type { Layout } from './layout.ts';

const never = new AbortController().signal;

/** `sha256:…` of bytes that are in memory. */
export function digestOf(bytes: Uint8Array, algorithm: 'sha256' | 'sha512' = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** The algorithm of a digest. */
export function algorithmOf(digest: Digest): 'sha256' | 'sha512' {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256';
}

export class Blobs {
  readonly #layout: Layout;
  readonly #changes = new KeyedLock();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** The content, or null when it is not there or not what its name says (it is then removed). */
  async read(digest: Digest): Promise<Buffer | null> {
    const bytes = await this.#sound(digest);
    if (bytes !== null) return bytes;
    // Somebody may be writing it anew just now.
    return await this.#changes.hold(digest, never, async () => {
      const again = await this.#sound(digest);
      if (again === null) await rm(this.#layout.blob(digest), { recursive: true, force: true });
      return again;
    });
  }

  /** Writes content that has been verified, durably. */
  async write(digest: Digest, bytes: Uint8Array): Promise<void> {
    await this.#changes.hold(digest, never, async () => {
      const path = this.#layout.blob(digest);
      if ((await this.#sound(digest)) !== null) return;
      await rm(path, { recursive: true, force: true });
      await writeAtomically(path, bytes);
    });
  }

  /**
   * Removes content, unless `isWanted` says, when its turn has come, that somebody needs it by now.
   * @returns whether it was removed
   */
  async remove(digest: Digest, isWanted: () => boolean): Promise<boolean> {
    return await this.#changes.hold(digest, never, async () => {
      if (isWanted()) return false;
      await rm(this.#layout.blob(digest), { recursive: true, force: true });
      return true;
    });
  }

  /** What there is. Drafts of running writes are nobody else's business. */
  async list(): Promise<readonly Digest[]> {
    return (await this.#names()).flatMap(({ digest }) => (isDigest(digest) ? [digest] : []));
  }

  /** Removes what an earlier process did not finish writing: at start, before anything is written. */
  async sweep(): Promise<void> {
    for (const { digest, path } of await this.#names())
      if (!isDigest(digest)) await rm(path, { recursive: true, force: true });
  }

  async #names(): Promise<readonly { readonly digest: string; readonly path: AbsolutePath }[]> {
    const found = [];
    for (const algorithm of ['sha256', 'sha512']) {
      const folder = joinPath(this.#layout.blobs, algorithm);
      await ensureDirectory(folder);
      for (const name of await readdir(folder))
        found.push({ digest: `${algorithm}:${name}`, path: joinPath(folder, name) });
    }
    return found;
  }

  /** Null: not there, not what its name says, or not to be read. */
  async #sound(digest: Digest): Promise<Buffer | null> {
    try {
      const bytes = await readBounded(this.#layout.blob(digest), documentLimits.configBytes);
      return bytes !== null && digestOf(bytes, algorithmOf(digest)) === digest ? bytes : null;
    } catch (error) {
      if (isDamage(error)) return null;
      throw error;
    }
  }
}

/** What a disk or a file system says of a file that it has lost. */
const lostErrnos: ReadonlySet<string> = new Set(['EIO', 'EBADMSG', 'EUCLEAN', 'ELOOP']);
const oddForms: ReadonlySet<string> = new Set(['NotRegular', 'FileTooLarge']);

/** True: the file is at fault, and not a shortage that passes. */
function isDamage(error: unknown): boolean {
  return lostErrnos.has(errnoOf(error) ?? '') || (error instanceof CriError && oddForms.has(error.reason));
}
