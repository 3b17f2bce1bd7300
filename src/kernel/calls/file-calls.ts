/**
 * File system calls that Node lacks, synchronous, one function each and named as their man page. Unpack workers import
 * them in their own thread; the daemon's main thread must not (a hung file system would hang it).
 * Extended attributes, statfs, syncfs, chroot and the like stand in `attribute-calls.ts`.
 * Paths may be bytes: names in an image need not be UTF-8. `dirFd` is a directory descriptor or `atFdcwd`.
 */
import { atFlag, fileType, openFlag, type ResolveFlag, resolveFlag } from '../linux-constants.ts';
import { check, checkLength, libc, pathArgument, syscall } from '../linux.ts';
import { errnoOf, SyscallError } from '../../base/errors.ts';

export type PathBytes = string | Uint8Array;

export type OpenHow = {
  /** O_* of `openFlag`; O_CLOEXEC is always added. */
  readonly flags: number;
  /** Permission bits for O_CREAT. */
  readonly mode?: number;
  readonly resolve?: readonly ResolveFlag[];
};

/** Opens with rules for the resolution of the path. Source: openat2(2). @throws SyscallError ELOOP, EXDEV when a rule is broken */
export function openat2(dirFd: number, path: PathBytes, how: OpenHow): number {
  const structure = Buffer.alloc(24);
  structure.writeBigUInt64LE(BigInt(how.flags | openFlag.cloexec), 0);
  structure.writeBigUInt64LE(BigInt(how.mode ?? 0), 8);
  const resolve = (how.resolve ?? []).reduce((bits, name) => bits | resolveFlag[name], 0);
  structure.writeBigUInt64LE(BigInt(resolve), 16);
  const name = pathArgument(path);
  for (let tries = 1; ; tries += 1) {
    try {
      return syscall('openat2', [dirFd, name, structure, structure.length], path);
    } catch (error) {
      // A rename elsewhere during a scoped resolution makes the kernel give up with EAGAIN, harmlessly.
      if (errnoOf(error) !== 'EAGAIN' || tries === 32) throw error;
    }
  }
}

/** Opens without rules, for paths of our own. Source: openat(2). */
export function openat(dirFd: number, path: PathBytes, how: { flags: number; mode?: number }): number {
  return check(
    libc.openat(dirFd, pathArgument(path), how.flags | openFlag.cloexec, how.mode ?? 0),
    'openat',
    path,
  );
}

/** Source: close(2). */
export function close(fd: number): void {
  check(libc.close(fd), 'close');
}

/** A file in memory without a place, close-on-exec, that can be executed and sealed. Source: memfd_create(2). */
export function memfdCreate(name: string): number {
  const [closeOnExec, allowSealing, executable] = [0x1, 0x2, 0x10];
  const create = (flags: number): number => check(libc.memfd_create(name, flags), 'memfd_create', name);
  try {
    return create(closeOnExec | allowSealing | executable);
  } catch (error) {
    // Before 6.3 there was no such flag, and all could be executed.
    if (errnoOf(error) !== 'EINVAL') throw error;
    return create(closeOnExec | allowSealing);
  }
}

/** No byte and no length of it changes any more, nor can that be undone. Source: F_ADD_SEALS(2const): SEAL, SHRINK, GROW, WRITE. */
export function seal(fd: number): void {
  check(libc.fcntl(fd, 1033, 0xfn), 'fcntl');
}

/** A duplicate with close-on-exec. Source: fcntl(2), F_DUPFD_CLOEXEC. */
export function duplicate(fd: number): number {
  return check(libc.fcntl(fd, 1030, 0n), 'fcntl');
}

/** `mode` holds type and permission bits; `device` as `makeDevice` gives it. Source: mknod(2). */
export function mknodat(dirFd: number, path: PathBytes, node: { mode: number; device: bigint }): void {
  check(libc.mknodat(dirFd, pathArgument(path), node.mode, node.device), 'mknodat', path);
}

/** The number of a device. Source: makedev(3). */
export function makeDevice(major: number, minor: number): bigint {
  const [high, low] = [BigInt(major), BigInt(minor)];
  return (
    ((high & 0xfffff000n) << 32n) | ((high & 0xfffn) << 8n) | ((low & 0xffffff00n) << 12n) | (low & 0xffn)
  );
}

/** Source: mkdir(2). */
export function mkdirat(dirFd: number, path: PathBytes, mode: number): void {
  check(libc.mkdirat(dirFd, pathArgument(path), mode), 'mkdirat', path);
}

/** Source: symlink(2). */
export function symlinkat(target: PathBytes, dirFd: number, path: PathBytes): void {
  check(libc.symlinkat(pathArgument(target), dirFd, pathArgument(path)), 'symlinkat', path);
}

export type TwoPaths = { fromDirFd: number; from: PathBytes; toDirFd: number; to: PathBytes };

/** Never follows a link at `from`. Source: link(2). */
export function linkat(paths: TwoPaths): void {
  const { fromDirFd, from, toDirFd, to } = paths;
  check(libc.linkat(fromDirFd, pathArgument(from), toDirFd, pathArgument(to), 0), 'linkat', from, to);
}

/** Removes a name; with `isDirectory` an empty directory. Source: unlink(2). */
export function unlinkat(dirFd: number, path: PathBytes, isDirectory = false): void {
  check(libc.unlinkat(dirFd, pathArgument(path), isDirectory ? atFlag.removedir : 0), 'unlinkat', path);
}

/** The target of a link, as bytes. Source: readlink(2). */
export function readlinkat(dirFd: number, path: PathBytes): Buffer {
  const target = Buffer.alloc(4097);
  const length = libc.readlinkat(dirFd, pathArgument(path), target, BigInt(target.length));
  return target.subarray(0, checkLength(length, 'readlinkat', path));
}

let hasFchmodat2 = true;

/** Sets permission bits and never follows a link (a link itself: EOPNOTSUPP). Source: chmod(2), fchmodat2 since Linux 6.6. */
export function fchmodat(dirFd: number, path: PathBytes, mode: number): void {
  if (hasFchmodat2) {
    try {
      syscall('fchmodat2', [dirFd, pathArgument(path), mode, atFlag.symlinkNofollow], path);
      return;
    } catch (error) {
      if (errnoOf(error) !== 'ENOSYS') throw error;
      hasFchmodat2 = false;
    }
  }
  fchmodatBySteps(dirFd, path, mode);
}

/**
 * For kernels before 6.6: looks for a link first. Nobody else may change the directory meanwhile. What the C library does
 * instead needs /proc, which is not there in a confined thread.
 */
export function fchmodatBySteps(dirFd: number, path: PathBytes, mode: number): void {
  if ((statx(dirFd, path).mode & fileType.mask) === fileType.link)
    throw new SyscallError({ call: 'fchmodat', errno: 'EOPNOTSUPP', paths: [String(path)] });
  check(libc.fchmodat(dirFd, pathArgument(path), mode, 0), 'fchmodat', path);
}

/** Sets the owner and never follows a link. Source: chown(2). */
export function fchownat(dirFd: number, path: PathBytes, owner: { uid: number; gid: number }): void {
  const name = pathArgument(path);
  check(libc.fchownat(dirFd, name, owner.uid, owner.gid, atFlag.symlinkNofollow), 'fchownat', path);
}

export type FileTimes = { readonly accessedNs: bigint; readonly modifiedNs: bigint };

/** Sets times (nanoseconds since the epoch, may be negative) and never follows a link. Source: utimensat(2). */
export function utimensat(dirFd: number, path: PathBytes, times: FileTimes): void {
  const name = pathArgument(path);
  check(libc.utimensat(dirFd, name, timespecs(times), atFlag.symlinkNofollow), 'utimensat', path);
}

/** Sets the times of an open file. Source: utimensat(2), futimens. */
export function futimens(fd: number, times: FileTimes): void {
  check(libc.futimens(fd, timespecs(times)), 'futimens');
}

function timespecs(times: FileTimes): Buffer {
  const structure = Buffer.alloc(32);
  [times.accessedNs, times.modifiedNs].forEach((timeNs, at) => {
    const restNs = ((timeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
    structure.writeBigInt64LE((timeNs - restNs) / 1_000_000_000n, at * 16);
    structure.writeBigInt64LE(restNs, at * 16 + 8);
  });
  return structure;
}

/** What statx tells of a file. */
export type FileStatus = {
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly inode: bigint;
  readonly sizeBytes: bigint;
  readonly modifiedNs: bigint;
  /** Of a device node: the device that it stands for. */
  readonly device: { readonly major: number; readonly minor: number };
  /** The file system that holds the file; with the inode it names the file. */
  readonly fileSystem: { readonly major: number; readonly minor: number };
  readonly mountId: bigint;
};

/** Never follows a link; an empty path is the descriptor itself. Source: statx(2). */
export function statx(dirFd: number, path: PathBytes): FileStatus {
  const flags = atFlag.symlinkNofollow | atFlag.emptyPath | atFlag.noAutomount;
  const data = Buffer.alloc(256);
  // STATX_BASIC_STATS | STATX_MNT_ID
  check(libc.statx(dirFd, pathArgument(path), flags, 0x17ff, data), 'statx', path);
  return {
    links: data.readUInt32LE(16),
    uid: data.readUInt32LE(20),
    gid: data.readUInt32LE(24),
    mode: data.readUInt16LE(28),
    inode: data.readBigUInt64LE(32),
    sizeBytes: data.readBigUInt64LE(40),
    modifiedNs: data.readBigInt64LE(112) * 1_000_000_000n + BigInt(data.readUInt32LE(120)),
    device: { major: data.readUInt32LE(128), minor: data.readUInt32LE(132) },
    fileSystem: { major: data.readUInt32LE(136), minor: data.readUInt32LE(140) },
    mountId: data.readBigUInt64LE(144),
  };
}
