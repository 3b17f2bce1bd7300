/**
 * The way back: a kernel thread visits other namespaces and always returns to those of the host, or is given up.
 */
import { openSync } from 'node:fs';
import { identifyNamespace, setns, threadNamespacePath } from '../calls/namespace-calls.ts';
import type { NamespaceKind } from '../contract/namespaces.ts';
import { openFlag } from '../linux-constants.ts';

/** The thread is not where it should be. `cause` is what made it so. */
export class ThreadPoisoned extends Error {
  override readonly name = 'ThreadPoisoned';
}

/** The host's namespaces, held open by a thread from its start. */
export class HostNamespaces {
  readonly #fds: ReadonlyMap<NamespaceKind, number>;
  readonly #inodes: ReadonlyMap<string, bigint>;

  constructor() {
    const kinds: readonly NamespaceKind[] = ['net', 'ipc', 'uts'];
    // By Node and not by libc: Node closes them when the thread ends, however it ends.
    const all = [...kinds, 'mnt', 'pid', 'user', 'cgroup'] as const;
    this.#fds = new Map(kinds.map((kind) => [kind, openSync(threadNamespacePath(kind), openFlag.readOnly)]));
    this.#inodes = new Map(
      all.map((kind) => [kind, identifyNamespace(threadNamespacePath(kind))?.inode ?? 0n]),
    );
  }

  /** Runs `act` with the thread inside other namespaces, then comes back whatever happened. @throws ThreadPoisoned */
  visit<T>(kinds: readonly NamespaceKind[], enter: () => void, act: () => T): T {
    try {
      enter();
      return act();
    } finally {
      this.#comeBack(kinds);
    }
  }

  #comeBack(kinds: readonly NamespaceKind[]): void {
    try {
      for (const kind of kinds) setns(this.#fds.get(kind) ?? -1, kind);
    } catch (cause) {
      // Replaces the error of the act, which matters less than a thread that is lost.
      throw new ThreadPoisoned('the kernel thread could not return to the namespaces of the host', { cause });
    }
  }

  isHost(kind: string, inode: bigint): boolean {
    return this.#inodes.get(kind) === inode;
  }
}
