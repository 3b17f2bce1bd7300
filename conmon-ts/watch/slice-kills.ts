/**
 * Kills for lack of memory in containers whose cgroup is gone before anybody could read its counter: systemd removes a scope as
 * soon as its last process has ended. The counter of the slice above outlives it, and counts the whole tree:
 *
 *   unexplained = slice − settled − Σ what each living container's own counter shows
 *
 * `settled` is what is known to belong to nobody who lives. As long as every container can be read, whatever the slice counts beyond them is
 * foreign and is settled; a container that cannot be read at its end is who the unexplained kills were.
 * Source: Linux, cgroup-v2.rst, memory.events (hierarchical, counted before the signal is sent); systemd.scope(5).
 */
import { closeSync, openSync, readdirSync, readSync, watch as watchFile } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MemoryCgroup } from './cgroup.ts';

/** A container of a slice. */
export type SliceMember = {
  /** Kills in its own cgroup; null: the counter is gone. */
  readonly readKills: () => number | null;
  /** What the counter showed when it was read last. */
  readonly lastKills: () => number;
  /** Called when `settled` changes: for a successor who finds the cgroup gone. */
  readonly keep: (slice: SliceMark) => void;
};

/** What a successor must know to tell what happened while there was no monitor. */
export type SliceMark = { readonly directory: string; readonly settled: number };

/** The kills that a `memory.events` or `memory.oom_control` shows; null: the cgroup is gone. */
export function readOomKills(fd: number): number | null {
  const buffer = Buffer.alloc(512);
  try {
    const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
    const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    // ENODEV: the cgroup has been removed.
    return null;
  }
}

/** The slices of a monitor's containers. Only what systemd made has any: elsewhere nobody but us removes cgroups. */
export class Slices {
  readonly #ledgers = new Map<string, SliceLedger>();

  /** Null: the cgroup is in no slice, or the slice has no counter. */
  join(cgroup: MemoryCgroup, member: SliceMember): SliceLedger | null {
    const directory = cgroup.version === 2 ? sliceOf(cgroup.directory) : null;
    if (directory === null) return null;
    try {
      const ledger = this.#ledgers.get(directory) ?? this.#open(directory);
      ledger.add(member);
      return ledger;
    } catch {
      // It counts nothing, or has been removed.
      return null;
    }
  }

  #open(directory: string): SliceLedger {
    const ledger = new SliceLedger(directory, () => this.#ledgers.delete(directory));
    this.#ledgers.set(directory, ledger);
    return ledger;
  }
}

/** The slice that a scope is in, also for a cgroup below the scope (crun makes one). */
function sliceOf(directory: string): string | null {
  const scope = directory.endsWith('.scope') ? directory : dirname(directory);
  const slice = dirname(scope);
  return scope.endsWith('.scope') && slice.endsWith('.slice') ? slice : null;
}

export class SliceLedger {
  readonly #directory: string;
  readonly #resources = new DisposableStack();
  readonly #fd: number;
  readonly #members = new Set<SliceMember>();
  #settled = 0;

  /** @throws the file system's error */
  constructor(directory: string, onEmpty: () => void) {
    this.#directory = directory;
    const path = join(directory, 'memory.events');
    this.#fd = this.#resources.adopt(openSync(path, 'r'), closeSync);
    this.#resources.defer(onEmpty);
    try {
      const watcher = watchFile(path, { persistent: false }, () => this.#settle());
      watcher.on('error', () => watcher.close());
      this.#resources.defer(() => watcher.close());
    } catch {
      // No live events (inotify's limit is reached): foreign kills are settled when a container comes or goes.
    }
  }

  add(member: SliceMember): void {
    this.#members.add(member);
    this.#settle();
    member.keep({ directory: this.#directory, settled: this.#settled });
  }

  /** A container has ended and is read no more. @returns the kills in it that its own counter did not live to show */
  conclude(member: SliceMember): number {
    const isReadable = member.readKills() !== null;
    const others = [...this.#members].filter((each) => each !== member);
    const areAllThere = others.map((each) => each.readKills()).every((kills) => kills !== null);
    const unexplained = isReadable ? 0 : Math.max(0, this.#unexplained());
    // Of several who cannot be read each is given its kill, as far as they go.
    const own = areAllThere ? unexplained : Math.min(1, unexplained);
    this.#members.delete(member);
    this.#change(this.#settled + member.lastKills() + own);
    if (this.#members.size === 0) this.#resources.dispose();
    return own;
  }

  /** A container that lives on without us. */
  leave(member: SliceMember): void {
    if (this.#members.delete(member) && this.#members.size === 0) this.#resources.dispose();
  }

  /** Takes what no container accounts for as foreign, unless one of them cannot be asked any more. */
  #settle(): void {
    const areAllThere = [...this.#members].map((each) => each.readKills()).every((kills) => kills !== null);
    if (areAllThere) this.#change(this.#settled + this.#unexplained());
  }

  #unexplained(): number {
    const known = [...this.#members].reduce((sum, member) => sum + member.lastKills(), this.#settled);
    return (readOomKills(this.#fd) ?? known) - known;
  }

  #change(settled: number): void {
    if (settled === this.#settled) return;
    this.#settled = settled;
    for (const member of this.#members) member.keep({ directory: this.#directory, settled });
  }
}

const maxScopes = 1024;

/** Kills in cgroups of the slice that are gone, since somebody kept the mark: some container of ours that is gone, too. */
export function killsSince({ directory, settled }: SliceMark): number {
  const total = readKillsOf(directory);
  if (total === null) return 0;
  const living = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .slice(0, maxScopes)
    .map((entry) => readKillsOf(join(directory, entry.name)) ?? 0);
  return Math.max(0, total - settled - living.reduce((sum, kills) => sum + kills, 0));
}

function readKillsOf(directory: string): number | null {
  try {
    const fd = openSync(join(directory, 'memory.events'), 'r');
    try {
      return readOomKills(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // It has been removed meanwhile, or memory is not controlled there.
    return null;
  }
}
