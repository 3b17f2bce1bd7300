/**
 * Whether the kernel killed a process of a container for lack of memory. The counter's file is held open from the start, and read at
 * the exit; where somebody else removes the cgroup first (systemd does), the slice above tells (slice-kills.ts). While the
 * container runs, a growth of it is told at once (a child may be killed and the container live on). Source: cgroup v2
 * `memory.events`; v1 `memory.oom_control` and its eventfd.
 */
import { closeSync, openSync, readSync, watch as watchFile, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryCgroup } from './cgroup.ts';
import { eventfd } from '../calls/file-calls.ts';
import { keepMark, readMark } from './oom-mark.ts';
import { watchReadable } from './readiness.ts';
import { killsSince, readOomKills, type SliceLedger, type SliceMember, type Slices } from './slice-kills.ts';

/** v1 tells before it kills: the counter is read again after these times. */
const recheckMs = [10, 100, 1000] as const;

/** What a container's end is asked. */
export type OomSource = {
  /** To be called once, at the end: has any process been killed since the start? */
  readonly conclude: () => boolean;
  readonly close: () => void;
};

export type OomPlace = {
  readonly cgroup: MemoryCgroup | null;
  /** The process has just been created: what the counter shows now is none of this container's. */
  readonly isNew: boolean;
  readonly runDir: string;
  readonly slices: Slices;
};

/** Null: there is no counter to read. */
export function openOom(place: OomPlace, onOom: () => void): OomSource | null {
  const { cgroup, isNew, runDir } = place;
  try {
    if (cgroup !== null) return new OomWatch({ ...place, cgroup }, onOom);
  } catch {
    // The cgroup has been removed, or it is the root of v2, which counts nothing.
  }
  const mark = isNew ? null : readMark(runDir);
  return mark === null ? null : { conclude: () => killsSince(mark) > 0, close: () => undefined };
}

export class OomWatch implements OomSource, Disposable {
  readonly #fd: number;
  readonly #resources = new DisposableStack();
  readonly #onOom: () => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #base: number;
  readonly #member: SliceMember;
  readonly #ledger: SliceLedger | null;
  #seen: number;
  #last = 0;

  /** @throws the file system's error */
  constructor(
    { cgroup, isNew, runDir, slices }: OomPlace & { readonly cgroup: MemoryCgroup },
    onOom: () => void,
  ) {
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
    this.#member = {
      readKills: () => this.#read(),
      lastKills: () => this.#last,
      keep: (mark) => keepMark(runDir, mark),
    };
    this.#ledger = slices.join(cgroup, this.#member);
  }

  conclude(): boolean {
    return (this.#ledger?.conclude(this.#member) ?? 0) > 0 || this.#count() > this.#base;
  }

  /** What was read last stands when the cgroup has been removed. */
  #count(): number {
    this.#read();
    return this.#last;
  }

  #read(): number | null {
    const kills = readOomKills(this.#fd);
    this.#last = kills ?? this.#last;
    return kills;
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
    this.#ledger?.leave(this.#member);
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
