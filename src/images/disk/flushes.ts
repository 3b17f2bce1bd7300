/**
 * Layers are shown when they are written, and reach the disk a moment later: to wait for the disk took half the time of a
 * pull. So that a power cut never leaves half a layer, what is shown before it is on the disk is announced first:
 *
 *   announce (durable: this boot, these paths) ─▶ unpack, rename, show ─▶ answer
 *                                                                     └─▶ syncfs ─▶ announcement removed
 *
 * At start, an announcement of this boot means that a daemon died: all is in the page cache, and is flushed now. One of
 * another boot means a power cut: what it names is discarded, as if it had never been pulled.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { messageOf } from '../../base/errors.ts';
import { readBounded, writeAtomically } from '../../base/files.ts';
import { type AbsolutePath, joinPath } from '../../base/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Layout } from './layout.ts';
import { hide } from './workspace.ts';

const maxBytes = 1024 * 1024;

type Parts = {
  readonly layout: Layout;
  readonly kernel: Pick<Kernel, 'syncFileSystem'>;
  /** What could not be flushed is fetched again after a power cut, and otherwise fine. */
  readonly onFailed: (message: string) => void;
};

/** The right to show paths before they are on the disk. */
export class Announcement {
  readonly path: AbsolutePath;

  constructor(path: AbsolutePath) {
    this.path = path;
  }
}

export class Flushes {
  readonly #parts: Parts;
  readonly #running = new Set<Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Says, durably, that these entries (`layers/HEX`) may be there without being on the disk. */
  async announce(entries: readonly string[]): Promise<Announcement> {
    const path = joinPath(this.#parts.layout.unflushed, globalThis.crypto.randomUUID());
    await writeAtomically(path, `${[await bootId(), ...entries].join('\n')}\n`);
    return new Announcement(path);
  }

  /** Flushes in the background all that was written so far, and takes the announcement back. */
  flush(announcement: Announcement): void {
    const run = this.#flush(announcement.path).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** All that was to be flushed is, or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** At start, before anything is read: discards what a power cut may have damaged. @returns what that was */
  async recover(): Promise<readonly string[]> {
    const { layout } = this.#parts;
    const boot = await bootId();
    const discarded: string[] = [];
    for (const name of await readdir(layout.unflushed)) {
      const path = joinPath(layout.unflushed, name);
      const [announced, ...entries] = ((await readBounded(path, maxBytes))?.toString('utf8') ?? '')
        .split('\n')
        .filter((line) => line !== '');
      if (announced === boot) {
        this.flush(new Announcement(path));
        continue;
      }
      for (const entry of entries.filter((each) => entryForm.test(each)))
        if (await discardEntry(layout, entry)) discarded.push(entry);
      await rm(path, { force: true });
    }
    return discarded;
  }

  async #flush(path: AbsolutePath): Promise<void> {
    try {
      await this.#parts.kernel.syncFileSystem(this.#parts.layout.root);
      await rm(path, { force: true });
    } catch (error) {
      this.#parts.onFailed(messageOf(error));
    }
  }
}

const entryForm = /^(layers|mends)\/[0-9a-f]{64,128}$/;

/** Into `tmp/`, which is swept. False when there is nothing. */
async function discardEntry(layout: Layout, entry: string): Promise<boolean> {
  return (await hide(joinPath(layout.root, entry), layout.temporary)) !== null;
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}
