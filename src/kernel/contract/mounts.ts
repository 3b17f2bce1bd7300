/**
 * Mounts: what is asked, what comes back, what mountinfo says.
 */
import type { AbsolutePath } from '../../base/ids.ts';

/** A mount that we made. `unmount` waits for EBUSY to pass (bounded), then detaches. Source: umount2(2). */
export interface Mount extends AsyncDisposable {
  readonly target: AbsolutePath;
  unmount(): Promise<void>;
}

export type MountRequest = {
  readonly source: string;
  readonly target: AbsolutePath;
  /** Source: mount(2), filesystemtype. */
  readonly type: string;
  readonly flags: readonly MountFlag[];
  /** Source: mount(2), data. */
  readonly data?: string;
};

export type MountFlag = 'ro' | 'nosuid' | 'nodev' | 'noexec' | 'nosymfollow' | 'noatime' | 'relatime';

export type Propagation = 'private' | 'slave' | 'shared' | 'unbindable';

export type BindRequest = {
  readonly source: AbsolutePath;
  readonly target: AbsolutePath;
  readonly isRecursive: boolean;
  readonly flags: readonly MountFlag[];
  /**
   * A user namespace (a pin, `/proc/PID/ns/user`): the owners of the files appear as it maps them, and new files are stored
   * with the ids that they have in it. What is mounted below and cannot be mapped keeps its owners. Linux 5.12.
   */
  readonly idMap?: AbsolutePath;
  /**
   * Set before it has a place. A copy of a shared mount is its peer: what is unmounted below the copy is unmounted below
   * the original as well, unless the copy is a slave. Absent: as the source has it. Source: mount_namespaces(7).
   */
  readonly propagation?: Propagation;
};

/** An overlay of any number of layers: the new mount API, and mount(2) with short paths where that is missing. */
export type OverlayRequest = {
  /** Topmost first. */
  readonly lowerDirs: readonly AbsolutePath[];
  /** Absent: the overlay is read-only. */
  readonly writable?: { readonly upperDir: AbsolutePath; readonly workDir: AbsolutePath };
  readonly target: AbsolutePath;
  readonly flags: readonly MountFlag[];
  /**
   * A user namespace, as in BindRequest, for the lower layers: they stay shared and unchanged on disk. The upper directory
   * is not mapped: what is written is stored with the ids of the host. Linux 5.19.
   */
  readonly idMap?: AbsolutePath;
  /** The SELinux label of every file in it. Source: mount(8), context. */
  readonly selinuxLabel?: string;
};

/** One line of mountinfo. Source: proc_pid_mountinfo(5). */
export type MountEntry = {
  readonly id: number;
  readonly parentId: number;
  readonly root: string;
  readonly target: string;
  readonly options: readonly string[];
  readonly propagation: 'private' | 'shared' | 'slave' | 'shared-slave' | 'unbindable';
  readonly type: string;
  readonly source: string;
  /** Of the file system: `lowerdir+=/…` of an overlay. */
  readonly superOptions: readonly string[];
};
