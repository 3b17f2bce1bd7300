/**
 * Numbers of the kernel's interface, named as in the man pages without their prefix. The same on x86_64 and arm64,
 * except O_DIRECTORY and O_NOFOLLOW, which Node knows for the machine it runs on.
 */
import { constants } from 'node:fs';

/** The current directory as a directory descriptor. Source: openat(2). */
export const atFdcwd = -100;

/** AT_*. Source: openat(2), statx(2), unlink(2). */
export const atFlag = {
  symlinkNofollow: 0x100,
  removedir: 0x200,
  noAutomount: 0x800,
  emptyPath: 0x1000,
  recursive: 0x8000,
} as const;

/** O_*. Source: open(2). */
export const openFlag = {
  readOnly: constants.O_RDONLY,
  writeOnly: constants.O_WRONLY,
  readWrite: constants.O_RDWR,
  create: constants.O_CREAT,
  exclusive: constants.O_EXCL,
  truncate: constants.O_TRUNC,
  append: constants.O_APPEND,
  nonblock: constants.O_NONBLOCK,
  noctty: constants.O_NOCTTY,
  directory: constants.O_DIRECTORY,
  nofollow: constants.O_NOFOLLOW,
  cloexec: 0o2000000,
  path: 0o10000000,
} as const;

/** RESOLVE_*. Source: openat2(2). */
export const resolveFlag = {
  noXdev: 0x01,
  noMagiclinks: 0x02,
  noSymlinks: 0x04,
  beneath: 0x08,
  inRoot: 0x10,
  cached: 0x20,
} as const;
export type ResolveFlag = keyof typeof resolveFlag;

/** S_IF*. Source: inode(7). */
export const fileType = {
  mask: 0o170000,
  fifo: 0o010000,
  character: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  regular: 0o100000,
  link: 0o120000,
  socket: 0o140000,
} as const;

/** MS_*. Source: mount(2). */
export const mountFlagBits = {
  ro: 1,
  nosuid: 2,
  nodev: 4,
  noexec: 8,
  remount: 32,
  nosymfollow: 256,
  noatime: 1024,
  bind: 4096,
  move: 8192,
  recursive: 16384,
  unbindable: 1 << 17,
  private: 1 << 18,
  slave: 1 << 19,
  shared: 1 << 20,
  relatime: 1 << 21,
} as const;

/** MOUNT_ATTR_*. Source: mount_setattr(2). */
export const mountAttribute = {
  ro: 0x01,
  nosuid: 0x02,
  nodev: 0x04,
  noexec: 0x08,
  /** The field of access time modes; relatime is 0 in it. */
  atimeMask: 0x70,
  noatime: 0x10,
  nosymfollow: 0x200000,
  idmap: 0x100000,
} as const;

/** umount2 flags. Source: umount(2). */
export const unmountFlag = { detach: 2, nofollow: 8 } as const;

/** CLONE_*. Source: unshare(2), setns(2). */
export const cloneFlag = {
  fs: 0x00000200,
  ns: 0x00020000,
  cgroup: 0x02000000,
  uts: 0x04000000,
  ipc: 0x08000000,
  user: 0x10000000,
  pid: 0x20000000,
  net: 0x40000000,
  time: 0x00000080,
} as const;
