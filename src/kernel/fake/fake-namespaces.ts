/**
 * The namespaces of a FakeKernel: the pin files are real and empty, what they pin is bookkeeping.
 */
import { closeSync, openSync, rmSync } from 'node:fs';
import { SyscallError } from '../../base/errors.ts';
import { fsFailure } from '../cgroups/cgroup-files.ts';
import type { FakeLedger } from './fake-ledger.ts';
import type { NamespaceInfo } from '../contract/namespaces.ts';
import { openFlag } from '../linux-constants.ts';
import type { NamespaceOrder } from '../thread/thread-namespaces.ts';

type Pin = { readonly info: NamespaceInfo; readonly strike: () => void };

export class FakeNamespaces {
  readonly #ledger: FakeLedger;
  readonly #pins = new Map<string, Pin>();
  #nextInode = 4_026_540_000n;

  constructor(ledger: FakeLedger) {
    this.#ledger = ledger;
  }

  /** All or nothing. @throws SyscallError EEXIST, ENOENT */
  create({ pins }: NamespaceOrder): void {
    const made: string[] = [];
    for (const { path } of pins) {
      try {
        closeSync(openSync(path, openFlag.create | openFlag.exclusive, 0o600));
        made.push(path);
      } catch (error) {
        for (const other of made) rmSync(other);
        throw fsFailure('openat', path, error);
      }
    }
    for (const { kind, path } of pins) {
      const info = { kind, inode: this.#nextInode++, isHost: false };
      this.#pins.set(path, { info, strike: this.#ledger.add(`namespace ${kind} ${path}`) });
    }
  }

  unpin(path: string): void {
    this.#pins.get(path)?.strike();
    this.#pins.delete(path);
    rmSync(path, { force: true });
  }

  inspect(path: string): NamespaceInfo | null {
    return this.#pins.get(path)?.info ?? null;
  }

  /** @throws SyscallError EINVAL unless the path is a network namespace */
  mustBeNet(path: string): void {
    if (this.inspect(path)?.kind !== 'net')
      throw new SyscallError({ call: 'setns', errno: 'EINVAL', paths: [path] });
  }
}
