/**
 * The records of one kind: in memory for every reader (List and Status never touch the disk), on disk for the next
 * daemon. A record is immutable; a change replaces it. Memory follows the disk: what a reader sees has been written.
 */
import { KeyedLock } from '../base/locks.ts';
import { internal, isNoSpace } from '../base/errors.ts';
import { PrefixIndex, type PrefixMatch } from './prefix-index.ts';
import type { Json, RecordFolder } from './record-file.ts';

export type RecordKind<Id extends string, R> = {
  readonly idOf: (record: R) => Id;
  /** The identity that the client gives (metadata); at most one record has it. */
  readonly keyOf: (record: R) => string;
  readonly toJson: (record: R) => Json;
  readonly fromJson: (value: unknown) => R;
};

/** How much a write must outlive: a power cut, or only the daemon. */
export type Durability = 'power-cut' | 'daemon';

/** What readers saw before and see now; null: no record. */
export type Change<R> = { readonly before: R | null; readonly after: R | null };

const never = new AbortController().signal;

export class RecordStore<Id extends string, R> {
  readonly #records = new Map<Id, R>();
  readonly #byKey = new Map<string, Id>();
  readonly #prefixes = new PrefixIndex<Id>();
  readonly #writes = new KeyedLock();
  readonly #watchers = new Map<Id, Set<() => void>>();
  readonly #folder: RecordFolder;
  readonly #kind: RecordKind<Id, R>;
  readonly #listeners: ((change: Change<R>) => void)[] = [];

  constructor(folder: RecordFolder, kind: RecordKind<Id, R>) {
    this.#folder = folder;
    this.#kind = kind;
  }

  /** Reads the folder, once, before anything else. */
  async load(): Promise<void> {
    for (const record of await this.#folder.readAll(this.#kind.fromJson)) this.#publish(record);
  }

  /** Tells of each change from now on, in order, in the moment in which readers see it. The listener must not throw. */
  onChange(listener: (change: Change<R>) => void): void {
    this.#listeners.push(listener);
  }

  get size(): number {
    return this.#records.size;
  }

  all(): IterableIterator<R> {
    return this.#records.values();
  }

  get(id: Id): R | null {
    return this.#records.get(id) ?? null;
  }

  byKey(key: string): R | null {
    const id = this.#byKey.get(key);
    return id === undefined ? null : this.get(id);
  }

  /** Calls back after each change of the record, and after its removal, until disposed. */
  watch(id: Id, onChange: () => void): Disposable {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(onChange));
    return {
      [Symbol.dispose]: () => {
        watchers.delete(onChange);
        if (watchers.size === 0 && this.#watchers.get(id) === watchers) this.#watchers.delete(id);
      },
    };
  }

  /** By full id or unique prefix. */
  match(prefix: string): PrefixMatch<Id> {
    return this.#prefixes.find(prefix);
  }

  /**
   * Writes a new record, then shows it. It outlives the daemon at once, and a power cut a moment later: what a power cut
   * before that makes us forget has ended with it, and the sweep finds what it left by name.
   */
  async insert(record: R): Promise<void> {
    const id = this.#kind.idOf(record);
    await this.#writes.hold(id, never, async () => {
      await this.#folder.write(id, this.#kind.toJson(record), false);
      this.#publish(record);
    });
    void this.#flush(id);
  }

  /**
   * Replaces a record by what `change` makes of its newest version; changes of one record take turns.
   * @returns the new record, or null when there is none any more
   */
  async update(id: Id, durability: Durability, change: (record: R) => R): Promise<R | null> {
    return await this.#writes.hold(id, never, async () => {
      const before = this.get(id);
      if (before === null) return null;
      const after = change(before);
      if (after === before) return before;
      if (this.#kind.idOf(after) !== id)
        throw internal('IdChanged', `record "${id}": a change must keep the id`);
      await this.#folder.write(id, this.#kind.toJson(after), durability === 'power-cut');
      // An observation may have come in between: the change is made again on it (its own write follows ours).
      const newest = this.get(id) ?? before;
      const result = newest === before ? after : change(newest);
      this.#publish(result);
      return result;
    });
  }

  /**
   * Like `update`, for facts that happened whether or not the disk has room for them (an exit): memory is changed first.
   * @throws the disk's error after the change is visible
   */
  async observe(id: Id, durability: Durability, change: (record: R) => R): Promise<R | null> {
    const before = this.get(id);
    if (before === null) return null;
    this.#publish(change(before));
    return await this.#writes.hold(id, never, async () => {
      const now = this.get(id);
      if (now !== null) await this.#folder.write(id, this.#kind.toJson(now), durability === 'power-cut');
      return now;
    });
  }

  /**
   * Like `observe`, for what is given up: a full disk must not keep anything from ending. The next daemon then finds the older
   * record and gives up once more, which does no harm.
   */
  async conclude(id: Id, durability: Durability, change: (record: R) => R): Promise<void> {
    try {
      await this.observe(id, durability, change);
    } catch (error) {
      if (!isNoSpace(error)) throw error;
      this.#folder.onNotWritten(id, error);
    }
  }

  /** Forgets a record, on disk first. */
  async remove(id: Id): Promise<void> {
    await this.#writes.hold(id, never, async () => {
      await this.#folder.remove(id);
      const record = this.get(id);
      if (record === null) return;
      this.#records.delete(id);
      this.#byKey.delete(this.#kind.keyOf(record));
      this.#prefixes.remove(id);
      this.#tell(id, { before: record, after: null });
    });
  }

  /** Resolves when all that was begun is written. */
  async settled(): Promise<void> {
    await this.#writes.settled();
  }

  async #flush(id: Id): Promise<void> {
    try {
      await this.#writes.hold(id, never, async () => {
        if (this.#records.has(id)) await this.#folder.flush(id);
      });
    } catch (error) {
      this.#folder.onFlushFailed(id, error);
    }
  }

  #publish(record: R): void {
    const id = this.#kind.idOf(record);
    const before = this.get(id);
    this.#records.set(id, record);
    this.#byKey.set(this.#kind.keyOf(record), id);
    this.#prefixes.add(id);
    if (before !== record) this.#tell(id, { before, after: record });
  }

  #tell(id: Id, change: Change<R>): void {
    for (const onChange of this.#watchers.get(id) ?? []) onChange();
    for (const listener of this.#listeners) listener(change);
  }
}
