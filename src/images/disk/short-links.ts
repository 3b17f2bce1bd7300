/**
 * Short names of layers, for mount(2), whose options have one page: `l/SHORT` leads to a layer's files, by the first digits
 * of its digest. A link is never taken over from a layer that is there: what a container mounts must be what its image says.
 */
import { lstat, readlink, rm, symlink } from 'node:fs/promises';
import { errnoOf, failedPrecondition, isNoSpace } from '../../base/errors.ts';
import { type AbsolutePath, type Digest, joinPath } from '../../base/ids.ts';
import { hexOf, type Layout } from './layout.ts';

const targetForm = /^\.\.\/layers\/([0-9a-f]+)\/diff$/;

export class ShortLinks {
  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Makes a layer's link, or puts it right. @throws LinkTaken when a layer whose digest begins alike has it */
  async make(diffId: Digest): Promise<void> {
    const target = `../layers/${hexOf(diffId)}/diff`;
    const path = this.#layout.link(diffId);
    try {
      await symlink(target, path);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      const before = await targetOf(path);
      if (before === target) return;
      if (before !== null && (await this.#isLayer(before)))
        throw failedPrecondition(
          'LinkTaken',
          `layer "${diffId}": its digest begins like that of "${before}"`,
        );
      await rm(path, { recursive: true, force: true });
      await symlink(target, path);
    }
  }

  /** The same where a full disk is no fault: only kernels without the new mount API miss the link. @throws LinkTaken */
  async makeIfRoom(diffId: Digest): Promise<void> {
    try {
      await this.make(diffId);
    } catch (error) {
      if (!isNoSpace(error)) throw error;
    }
  }

  async remove(diffId: Digest): Promise<void> {
    await rm(this.#layout.link(diffId), { force: true });
  }

  async #isLayer(target: string): Promise<boolean> {
    const [, hex] = targetForm.exec(target) ?? [];
    return hex !== undefined && (await isThere(joinPath(this.#layout.layers, hex)));
  }
}

/** Null when it is no link. */
async function targetOf(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (error) {
    if (errnoOf(error) === 'EINVAL') return null;
    throw error;
  }
}

async function isThere(path: AbsolutePath): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
