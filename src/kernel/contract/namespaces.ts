/**
 * What is asked of namespaces, and what comes back.
 */
import type { AbsolutePath } from '../../base/ids.ts';

/** `user` can only be pinned, never made here: a process with several threads cannot. Source: unshare(2). */
export type NamespaceKind = 'net' | 'ipc' | 'uts' | 'user';

export type NamespaceRequest = {
  /** Where each new namespace is pinned by a bind mount; the file is created. Kinds not named stay the host's. */
  readonly pins: Readonly<Partial<Record<NamespaceKind, AbsolutePath>>>;
  /**
   * A child of ours that lives in all these namespaces: they are pinned and configured, not made. Needed for those that a
   * user namespace owns. Absent: they are made.
   */
  readonly holder?: number;
  /** Set in the new UTS namespace. Source: sethostname(2), at most 64 bytes. */
  readonly hostname?: string;
  /** `net.ipv4.ip_forward` → value; written inside the new namespaces, in the given order. Source: proc_sys(5). */
  readonly sysctls: readonly (readonly [name: string, value: string])[];
};

/** Namespaces held alive by bind mounts and not by a process. */
export interface PinnedNamespaces extends AsyncDisposable {
  readonly pins: NamespaceRequest['pins'];
  unpin(): Promise<void>;
}

export type NamespaceInfo = {
  /** As in /proc/PID/ns: `net`. */
  readonly kind: string;
  /** Names the namespace for as long as something holds it. Source: namespaces(7). */
  readonly inode: bigint;
  /** It is the one that the daemon itself lives in. */
  readonly isHost: boolean;
};
