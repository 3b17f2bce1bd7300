/**
 * Small content by digest: manifests and configs. Layers are not kept: they live on unpacked. What is read is verified
 * against its name each time, so that a damaged file is never believed.
 */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { ensureDirectory, readBounded, writeAtomically } from '../../base/files.ts';
import { type Digest, isDigest, joinPath } from '../../base/ids.ts';
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
    const path = this.#layout.blob(digest);
    const bytes = await readBounded(path, documentLimits.configBytes);
    if (bytes === null) return null;
    if (digestOf(bytes, algorithmOf(digest)) === digest) return bytes;
    await rm(path, { force: true });
    return null;
  }

  /** Writes content that has been verified, durably. */
  async write(digest: Digest, bytes: Uint8Array): Promise<void> {
    await this.#changes.hold(digest, never, async () => {
      const path = this.#layout.blob(digest);
      const there = await readBounded(path, documentLimits.configBytes);
      if (there !== null && there.equals(bytes)) return;
      await writeAtomically(path, bytes);
    });
  }

  /** Removes content, unless `isWanted` says, when its turn has come, that somebody needs it by now. */
  async remove(digest: Digest, isWanted: () => boolean): Promise<void> {
    await this.#changes.hold(digest, never, async () => {
      if (!isWanted()) await rm(this.#layout.blob(digest), { force: true });
    });
  }

  /** What there is; temporary files of an earlier process are swept. */
  async list(): Promise<readonly Digest[]> {
    const found: Digest[] = [];
    for (const algorithm of ['sha256', 'sha512']) {
      const folder = joinPath(this.#layout.blobs, algorithm);
      await ensureDirectory(folder);
      for (const name of await readdir(folder)) {
        const digest = `${algorithm}:${name}`;
        if (isDigest(digest)) found.push(digest);
        else await rm(joinPath(folder, name), { force: true });
      }
    }
    return found;
  }
}
