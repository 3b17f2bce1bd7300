/**
 * Unfinished work on disk: directories and files of one pull below `tmp/`, removed with everything in them when the pull
 * ends, and swept after the start when the daemon died in between. No name comes twice, so what is new and what is left are
 * never mistaken for each other.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import type { AbsolutePath } from '../../base/ids.ts';
import { joinPath } from '../../base/ids.ts';
import { errnoOf } from '../../base/errors.ts';

export class Workspace implements AsyncDisposable {
  readonly path: AbsolutePath;
  #count = 0;

  private constructor(path: AbsolutePath) {
    this.path = path;
  }

  /** A new directory of its own below `temporary`. */
  static async open(temporary: AbsolutePath): Promise<Workspace> {
    const path = joinPath(temporary, `work-${globalThis.crypto.randomUUID()}`);
    await mkdir(path, { mode: 0o700 });
    return new Workspace(path);
  }

  /** A path that nothing has yet. */
  newPath(kind: string): AbsolutePath {
    this.#count += 1;
    return joinPath(this.path, `${kind}-${this.#count}`);
  }

  async close(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Takes a directory out of sight by one rename. @returns where it is now; null when it was not there */
export async function hide(path: AbsolutePath, temporary: AbsolutePath): Promise<AbsolutePath | null> {
  const hidden = joinPath(temporary, `gone-${globalThis.crypto.randomUUID()}`);
  try {
    await rename(path, hidden);
    return hidden;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Takes a directory out of sight at once, then removes it; one that is not there is removed already. */
export async function discard(path: AbsolutePath, temporary: AbsolutePath): Promise<void> {
  const hidden = await hide(path, temporary);
  if (hidden !== null) await rm(hidden, { recursive: true, force: true });
}
