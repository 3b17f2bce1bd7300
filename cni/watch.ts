/**
 * Notices changes of a directory, also of one that does not exist yet: then its nearest existing ancestor is watched
 * until the next one appears. It may miss a change (inotify is bounded); whoever uses it re-reads from time to time.
 */
import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Changes within this time are told once. */
const debounceMs = 100;
const maxArmRounds = 8;

type Target = { readonly path: string; readonly identity: string };

export class DirectoryWatch {
  readonly #path: string;
  readonly #onChange: () => void;
  #watcher: FSWatcher | null = null;
  /** What the watcher looks at: path and inode, since a directory can be replaced under its name. */
  #armed = '';
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(path: string, onChange: () => void) {
    this.#path = path;
    this.#onChange = onChange;
  }

  /** Watches what is to be watched now. Cheap when nothing changed; never throws. */
  async arm(): Promise<void> {
    // A directory can appear between the look and the watch: look again until both agree.
    for (let round = 0; round < maxArmRounds; round += 1) {
      const target = await nearestDirectory(this.#path);
      if (this.#isClosed || target.identity === this.#armed) return;
      this.#watchDirectory(target);
    }
  }

  #watchDirectory(target: Target): void {
    this.#disarm();
    try {
      this.#watcher = watch(target.path, { persistent: false }, () => this.#changed());
      this.#armed = target.identity;
      this.#watcher.on('error', () => this.#disarm());
    } catch {
      // No inotify watch is to be had (or the directory went just now): the re-reading of the caller must do.
      this.#disarm();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#disarm();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #disarm(): void {
    this.#watcher?.close();
    this.#watcher = null;
    this.#armed = '';
  }

  #changed(): void {
    // A window that opens with the first change: a stream of changes cannot put off the news for ever.
    if (this.#timer !== null || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#onChange();
    }, debounceMs).unref();
  }
}

async function nearestDirectory(path: string): Promise<Target> {
  for (let at = path; ; at = dirname(at)) {
    try {
      const found = await stat(at);
      if (found.isDirectory()) return { path: at, identity: `${at}:${found.dev}:${found.ino}` };
    } catch {
      // Not there, or not to be reached: its parent says when that changes.
    }
    if (at === dirname(at)) return { path: at, identity: at };
  }
}
