/**
 * Whether the kernel killed a process of a container for lack of memory. The counter's file is held open from the start, and read at
 * the exit, before anybody can remove the cgroup; while the container runs, a growth of it is told at once (a child may be
 * killed and the container live on). Source: cgroup v2 `memory.events`; v1 `memory.oom_control` and its eventfd.
 */
import { closeSync, openSync, readSync, watch as watchFile, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryCgroup } from './cgroup.ts';
import { eventfd } from '../calls/file-calls.ts';
import { watchReadable } from './readiness.ts';

/** v1 tells before it kills: the counter is read again after these times. */
const recheckMs = [10, 100, 1000] as const;

/** `isNew`: the process has just been created. Null: there is no counter to read. */
export function openOom(cgroup: MemoryCgroup | null, isNew: boolean, onOom: () => void): OomWatch | null {
  if (cgroup === null) return null;
  try {
    return new OomWatch(cgroup, isNew, onOom);
  } catch {
    // The cgroup has been removed, or it is the root of v2, which counts nothing.
    return null;
  }
}

export class OomWatch implements Disposable {
  readonly #fd: number;
  readonly #resources = new DisposableStack();
  readonly #onOom: () => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #base: number;
  #seen: number;
  #last = 0;

  /** `isNew`: what the counter shows now is none of this container's. @throws the file system's error */
  constructor(cgroup: MemoryCgroup, isNew: boolean, onOom: () => void) {
    this.#onOom = onOom;
    const name = cgroup.version === 2 ? 'memory.events' : 'memory.oom_control';
    this.#fd = this.#resources.adopt(openSync(join(cgroup.directory, name), 'r'), closeSync);
    this.#base = isNew ? this.#count() : 0;
    this.#seen = this.#base;
    try {
      if (cgroup.version === 2) this.#watchV2(join(cgroup.directory, name));
      else this.#watchV1(cgroup.directory);
    } catch {
      // No live events (inotify's or another limit is reached): the exit tells all the same.
    }
  }

  /** Reads the counter: has any process been killed since the start? */
  get isOomKilled(): boolean {
    return this.#count() > this.#base;
  }

  #count(): number {
    const buffer = Buffer.alloc(512);
    try {
      const text = buffer.toString('latin1', 0, readSync(this.#fd, buffer, 0, buffer.length, 0));
      this.#last = Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
    } catch {
      // The cgroup has been removed: what was read last stands.
    }
    return this.#last;
  }

  #watchV2(path: string): void {
    const watcher = watchFile(path, { persistent: false }, () => this.#check());
    watcher.on('error', () => watcher.close());
    this.#resources.defer(() => watcher.close());
  }

  #watchV1(directory: string): void {
    const fd = eventfd();
    try {
      writeFileSync(join(directory, 'cgroup.event_control'), `${fd} ${this.#fd}`);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    const watch = this.#resources.use(
      watchReadable(fd, () => {
        reset(watch.fd);
        this.#check();
        for (const delayMs of recheckMs) this.#checkAfter(delayMs);
      }),
    );
  }

  #checkAfter(delayMs: number): void {
    if (this.#timers.size >= recheckMs.length) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#check();
    }, delayMs);
    this.#timers.add(timer);
  }

  #check(): void {
    const count = this.#count();
    if (count <= this.#seen) return;
    this.#seen = count;
    this.#onOom();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#resources.dispose();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Takes the eventfd's count, so that it is not readable any more. */
function reset(fd: number): void {
  try {
    readSync(fd, Buffer.alloc(8), 0, 8, null);
  } catch {
    // It was 0 already (EAGAIN).
  }
}
