/**
 * The only file of the daemon with node:ffi: binds libc and turns a failed call into a SyscallError. It knows no structure and
 * no flag; the typed calls by subject (`calls/`) are built on it. Every call blocks the thread that makes it.
 */
import type * as nodeFfi from 'node:ffi';
import { constants } from 'node:os';
import { SyscallError } from '../base/errors.ts';

/** What a pointer argument may be: text (UTF-8, ended by NUL for the call), bytes, an address, or NULL. */
export type Address = string | Uint8Array | bigint | null;

// All calls with a fixed signature. `pointer` accepts text, bytes, an address or null.
const signatures = {
  __errno_location: { arguments: [], return: 'pointer' },
  syscall: {
    arguments: ['int64', 'pointer', 'pointer', 'pointer', 'pointer', 'pointer', 'pointer'],
    return: 'int64',
  },

  openat: { arguments: ['int32', 'pointer', 'int32', 'uint32'], return: 'int32' },
  close: { arguments: ['int32'], return: 'int32' },
  fcntl: { arguments: ['int32', 'int32', 'int64'], return: 'int32' },
  ioctl: { arguments: ['int32', 'uint64', 'pointer'], return: 'int32' },
  mknodat: { arguments: ['int32', 'pointer', 'uint32', 'uint64'], return: 'int32' },
  mkdirat: { arguments: ['int32', 'pointer', 'uint32'], return: 'int32' },
  symlinkat: { arguments: ['pointer', 'int32', 'pointer'], return: 'int32' },
  linkat: { arguments: ['int32', 'pointer', 'int32', 'pointer', 'int32'], return: 'int32' },
  unlinkat: { arguments: ['int32', 'pointer', 'int32'], return: 'int32' },
  readlinkat: { arguments: ['int32', 'pointer', 'buffer', 'uint64'], return: 'int64' },
  fchmodat: { arguments: ['int32', 'pointer', 'uint32', 'int32'], return: 'int32' },
  fchownat: { arguments: ['int32', 'pointer', 'uint32', 'uint32', 'int32'], return: 'int32' },
  utimensat: { arguments: ['int32', 'pointer', 'buffer', 'int32'], return: 'int32' },
  futimens: { arguments: ['int32', 'buffer'], return: 'int32' },
  statx: { arguments: ['int32', 'pointer', 'int32', 'uint32', 'buffer'], return: 'int32' },
  fsetxattr: { arguments: ['int32', 'pointer', 'pointer', 'uint64', 'int32'], return: 'int32' },
  lsetxattr: { arguments: ['pointer', 'pointer', 'pointer', 'uint64', 'int32'], return: 'int32' },
  lgetxattr: { arguments: ['pointer', 'pointer', 'pointer', 'uint64'], return: 'int64' },
  llistxattr: { arguments: ['pointer', 'pointer', 'uint64'], return: 'int64' },
  fstatfs: { arguments: ['int32', 'buffer'], return: 'int32' },
  syncfs: { arguments: ['int32'], return: 'int32' },
  flock: { arguments: ['int32', 'int32'], return: 'int32' },
  memfd_create: { arguments: ['pointer', 'uint32'], return: 'int32' },
  chdir: { arguments: ['pointer'], return: 'int32' },
  fchdir: { arguments: ['int32'], return: 'int32' },
  chroot: { arguments: ['pointer'], return: 'int32' },
  umask: { arguments: ['uint32'], return: 'uint32' },

  mount: { arguments: ['pointer', 'pointer', 'pointer', 'uint64', 'pointer'], return: 'int32' },
  umount2: { arguments: ['pointer', 'int32'], return: 'int32' },
  unshare: { arguments: ['int32'], return: 'int32' },
  setns: { arguments: ['int32', 'int32'], return: 'int32' },
  sethostname: { arguments: ['pointer', 'uint64'], return: 'int32' },

  prctl: { arguments: ['int32', 'uint64', 'uint64', 'uint64', 'uint64'], return: 'int32' },
  waitpid: { arguments: ['int32', 'buffer', 'int32'], return: 'int32' },
  posix_spawnp: {
    arguments: ['buffer', 'pointer', 'buffer', 'buffer', 'buffer', 'buffer'],
    return: 'int32',
  },
  posix_spawnattr_init: { arguments: ['buffer'], return: 'int32' },
  posix_spawnattr_setflags: { arguments: ['buffer', 'int16'], return: 'int32' },
  posix_spawnattr_setsigdefault: { arguments: ['buffer', 'buffer'], return: 'int32' },
  posix_spawn_file_actions_init: { arguments: ['buffer'], return: 'int32' },
  posix_spawn_file_actions_destroy: { arguments: ['buffer'], return: 'int32' },
  posix_spawn_file_actions_adddup2: { arguments: ['buffer', 'int32', 'int32'], return: 'int32' },
  posix_spawn_file_actions_addopen: {
    arguments: ['buffer', 'int32', 'pointer', 'int32', 'uint32'],
    return: 'int32',
  },

  mallopt: { arguments: ['int32', 'int32'], return: 'int32' },

  pipe2: { arguments: ['buffer', 'int32'], return: 'int32' },
  poll: { arguments: ['buffer', 'uint64', 'int32'], return: 'int32' },
  socket: { arguments: ['int32', 'int32', 'int32'], return: 'int32' },
  bind: { arguments: ['int32', 'buffer', 'uint32'], return: 'int32' },
  listen: { arguments: ['int32', 'int32'], return: 'int32' },
  accept4: { arguments: ['int32', 'pointer', 'pointer', 'int32'], return: 'int32' },
  connect: { arguments: ['int32', 'buffer', 'uint32'], return: 'int32' },
  getsockopt: { arguments: ['int32', 'int32', 'int32', 'buffer', 'buffer'], return: 'int32' },
  sendmsg: { arguments: ['int32', 'buffer', 'int32'], return: 'int64' },
  recvmsg: { arguments: ['int32', 'buffer', 'int32'], return: 'int64' },
} as const;

/** A wrong number would be another call. */
function ownNumber(byProcessor: Readonly<Record<string, bigint>>): bigint {
  const number = byProcessor[process.arch];
  if (number !== undefined) return number;
  throw new Error(`system calls of ${process.arch}: expected ${Object.keys(byProcessor).join(', ')}`);
}

/**
 * Calls without a wrapper in every libc of the field (since Linux 5.1 their numbers are the same everywhere but on mips),
 * and one whose wrapper would change all threads of the process.
 */
const numbers = {
  setresuid: ownNumber({ x64: 117n, arm64: 147n, riscv64: 147n, loong64: 147n, ppc64: 164n, s390x: 208n }),
  pidfd_send_signal: 424n,
  open_tree: 428n,
  move_mount: 429n,
  fsopen: 430n,
  fsconfig: 431n,
  fsmount: 432n,
  pidfd_open: 434n,
  close_range: 436n,
  openat2: 437n,
  mount_setattr: 442n,
  fchmodat2: 452n,
} as const;

const ffi = loadFfi();
const errnoNames = nameErrnos();

const library = ffi.dlopen('libc.so.6', signatures);

/** The C library, unchecked: results go through `check`. */
export const libc = library.functions;

/** Functions of glibc 2.29 and 2.34; null where it is older. */
export const lateLibc = {
  addChdir: orNull(() =>
    library.lib.getFunction('posix_spawn_file_actions_addchdir_np', {
      arguments: ['buffer', 'pointer'],
      return: 'int32',
    }),
  ),
  addCloseFrom: orNull(() =>
    library.lib.getFunction('posix_spawn_file_actions_addclosefrom_np', {
      arguments: ['buffer', 'int32'],
      return: 'int32',
    }),
  ),
} as const;

// A worker thread loads this module anew, so this is the errno of this thread.
const errnoAddress = libc['__errno_location']();

/** Loads node:ffi without its warning that it is experimental, which each thread would print: that is a known decision. */
function loadFfi(): typeof nodeFfi {
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  Object.defineProperty(process, 'emitWarning', { value: () => undefined, configurable: true });
  try {
    return process.getBuiltinModule('node:ffi');
  } finally {
    if (own === undefined) Reflect.deleteProperty(process, 'emitWarning');
    else Object.defineProperty(process, 'emitWarning', own);
  }
}

function orNull<T>(find: () => T): T | null {
  try {
    return find();
  } catch {
    // The symbol is not there; nothing else can fail in a library that is open.
    return null;
  }
}

function nameErrnos(): ReadonlyMap<number, string> {
  const names = new Map<number, string>([
    [15, 'ENOTBLK'],
    [108, 'ESHUTDOWN'],
    [117, 'EUCLEAN'],
    [121, 'EREMOTEIO'],
    [126, 'ENOKEY'],
  ]);
  // EAGAIN and EOPNOTSUPP have a second name each: the first one of these stays.
  const preferred = ['EAGAIN', 'EOPNOTSUPP'];
  const all = Object.entries(constants.errno).toSorted(
    ([a], [b]) => Number(preferred.includes(b)) - Number(preferred.includes(a)),
  );
  for (const [name, number] of all) if (!names.has(number)) names.set(number, name);
  return names;
}

/**
 * The result of a call that says failure by -1. Must stand directly around the call: the next one overwrites errno.
 * @throws SyscallError with the errno's name
 */
export function check(result: number, call: string, ...paths: readonly Address[]): number {
  if (result !== -1) return result;
  throw failure(call, paths);
}

/** For calls that return the errno itself, 0 for success. @throws SyscallError with its name */
export function checkErrno(errno: number, call: string, ...paths: readonly Address[]): void {
  if (errno !== 0) throw namedFailure(errno, call, paths);
}

/** `check` for calls that return a 64-bit length. */
export function checkLength(result: bigint, call: string, ...paths: readonly Address[]): number {
  if (result !== -1n) return Number(result);
  throw failure(call, paths);
}

/**
 * Makes a call by number. Source: syscall(2).
 * @throws SyscallError with the errno's name
 */
export function syscall(
  call: keyof typeof numbers,
  args: readonly (Address | number)[],
  ...paths: readonly Address[]
): number {
  const [a = null, b = null, c = null, d = null, e = null, f = null] = args.map(word);
  const result = libc.syscall(numbers[call], a, b, c, d, e, f);
  if (result !== -1n) return Number(result);
  throw failure(call, paths);
}

function word(argument: Address | number): Address {
  return typeof argument === 'number' ? BigInt.asUintN(64, BigInt(argument)) : argument;
}

function failure(call: string, paths: readonly Address[]): SyscallError {
  // Nothing may stand before this line: errno is the last call's.
  return namedFailure(ffi.getInt32(errnoAddress, 0), call, paths);
}

function namedFailure(errno: number, call: string, paths: readonly Address[]): SyscallError {
  return new SyscallError({
    call,
    errno: errnoNames.get(errno) ?? `E${errno}`,
    paths: paths.map(describeAddress),
  });
}

function describeAddress(address: Address): string {
  return address instanceof Uint8Array
    ? Buffer.from(address).toString('utf8').replaceAll('\0', '')
    : String(address);
}

/**
 * A path as an argument: text as it is, bytes (a name that is not UTF-8) with the NUL that C wants.
 * @throws SyscallError EINVAL for a name with a NUL inside, which would be cut there
 */
export function pathArgument(path: string | Uint8Array): string | Uint8Array {
  const hasNul = typeof path === 'string' ? path.includes('\0') : path.includes(0);
  if (hasNul)
    throw new SyscallError({ call: 'path', errno: 'EINVAL', paths: [JSON.stringify(String(path))] });
  return typeof path === 'string' ? path : Buffer.concat([path, Buffer.of(0)]);
}

/** The address of a buffer, for structures that point at others. The buffer must be kept alive by the caller. */
export function addressOf(buffer: Uint8Array): bigint {
  return ffi.getRawPointer(buffer);
}
