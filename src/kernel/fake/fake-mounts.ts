/**
 * The mount table of a FakeKernel: pure bookkeeping with the kernel's answers (what is not mounted cannot be moved). Of an
 * overlay it knows the layers, so that files can be looked up in a root file system that was never mounted.
 */
import { existsSync } from 'node:fs';
import { SyscallError } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import type { FakeLedger } from './fake-ledger.ts';
import type { MountEntry, MountFlag, Propagation } from '../contract/mounts.ts';
import { mountsBelow } from '../mountinfo.ts';

export type FakeMountRequest = {
  readonly call: string;
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly flags: readonly MountFlag[];
  /** Where the files are, topmost first. */
  readonly directories: readonly string[];
};

type FakeMount = { entry: MountEntry; readonly directories: readonly string[]; strike: () => void };

export class FakeMounts {
  readonly #ledger: FakeLedger;
  #mounts: readonly FakeMount[] = [];
  #nextId = 100;

  constructor(ledger: FakeLedger) {
    this.#ledger = ledger;
  }

  /** @throws SyscallError ENOENT as the kernel says it of a missing source or target */
  add(request: FakeMountRequest): number {
    const { call, source, target, type, flags, directories } = request;
    const missing = [target, ...directories].find((path) => !existsSync(path));
    if (missing !== undefined) throw new SyscallError({ call, errno: 'ENOENT', paths: [missing] });
    const id = this.#nextId++;
    const options = [flags.includes('ro') ? 'ro' : 'rw', ...flags.filter((flag) => flag !== 'ro')];
    const entry: MountEntry = {
      id,
      parentId: 1,
      root: '/',
      target,
      options,
      propagation: 'private',
      type,
      source,
      superOptions: [],
    };
    this.#mounts = [...this.#mounts, { entry, directories, strike: this.#ledger.add(`mount ${target}`) }];
    return id;
  }

  /** Removes one mount by its number; nothing is left to do for one that has gone. */
  remove(id: number): void {
    this.#mounts.find((mount) => mount.entry.id === id)?.strike();
    this.#mounts = this.#mounts.filter((mount) => mount.entry.id !== id);
  }

  removeBelow(target: string): void {
    for (const entry of mountsBelow(this.entries(), target)) this.remove(entry.id);
  }

  /** @throws SyscallError EINVAL when nothing is mounted at `from` */
  move(from: string, to: AbsolutePath): void {
    const mount = this.#top('move_mount', from);
    if (!existsSync(to)) throw new SyscallError({ call: 'move_mount', errno: 'ENOENT', paths: [from, to] });
    mount.strike();
    mount.strike = this.#ledger.add(`mount ${to}`);
    mount.entry = { ...mount.entry, target: to };
  }

  setFlags(target: string, flags: readonly MountFlag[]): void {
    const mount = this.#top('mount_setattr', target);
    const kept = mount.entry.options.filter((option) => option !== 'rw' || !flags.includes('ro'));
    mount.entry = { ...mount.entry, options: [...new Set([...kept, ...flags])] };
  }

  setPropagation(target: string, propagation: Propagation): void {
    const mount = this.#top('mount', target);
    mount.entry = { ...mount.entry, propagation };
  }

  entries(): readonly MountEntry[] {
    return this.#mounts.map((mount) => mount.entry);
  }

  /** The real directories that make up a path, topmost first. */
  directoriesOf(path: string): readonly string[] {
    const mount = this.#mounts.findLast(
      ({ entry }) => path === entry.target || path.startsWith(`${entry.target}/`),
    );
    if (mount === undefined || mount.directories.length === 0) return [path];
    return mount.directories.map((directory) => directory + path.slice(mount.entry.target.length));
  }

  #top(call: string, target: string): FakeMount {
    const mount = this.#mounts.findLast(({ entry }) => entry.target === target);
    if (mount === undefined) throw new SyscallError({ call, errno: 'EINVAL', paths: [target] });
    return mount;
  }
}
