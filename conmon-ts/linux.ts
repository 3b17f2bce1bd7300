/**
 * The C library of the monitor, over node:ffi; nothing else in conmon-ts may load it. What `calls/` makes of it takes numbers
 * and buffers and answers numbers; a refusal is thrown as a LinuxError. No policy stands in either.
 */
import { dlopen, getInt32, getRawPointer } from 'node:ffi';
import { constants } from 'node:os';

const pointer = 'pointer';
const { lib, functions: libc } = dlopen('libc.so.6', {
  __errno_location: { arguments: [], return: pointer },
  accept4: { arguments: ['i32', pointer, pointer, 'i32'], return: 'i32' },
  bind: { arguments: ['i32', pointer, 'u32'], return: 'i32' },
  clock_gettime: { arguments: ['i32', pointer], return: 'i32' },
  connect: { arguments: ['i32', pointer, 'u32'], return: 'i32' },
  eventfd: { arguments: ['u32', 'i32'], return: 'i32' },
  fallocate: { arguments: ['i32', 'i32', 'i64', 'i64'], return: 'i32' },
  fcntl: { arguments: ['i32', 'i32', 'i64'], return: 'i32' },
  getsockopt: { arguments: ['i32', 'i32', 'i32', pointer, pointer], return: 'i32' },
  ioctl: { arguments: ['i32', 'u64', pointer], return: 'i32' },
  listen: { arguments: ['i32', 'i32'], return: 'i32' },
  mkfifo: { arguments: ['string', 'u32'], return: 'i32' },
  posix_spawn_file_actions_adddup2: { arguments: [pointer, 'i32', 'i32'], return: 'i32' },
  posix_spawn_file_actions_destroy: { arguments: [pointer], return: 'i32' },
  posix_spawn_file_actions_init: { arguments: [pointer], return: 'i32' },
  posix_spawnattr_init: { arguments: [pointer], return: 'i32' },
  posix_spawnattr_setflags: { arguments: [pointer, 'i16'], return: 'i32' },
  posix_spawnattr_setsigdefault: { arguments: [pointer, pointer], return: 'i32' },
  posix_spawnp: { arguments: [pointer, 'string', pointer, pointer, pointer, pointer], return: 'i32' },
  prctl: { arguments: ['i32', 'u64', 'u64', 'u64', 'u64'], return: 'i32' },
  recvmsg: { arguments: ['i32', pointer, 'i32'], return: 'i64' },
  sendmsg: { arguments: ['i32', pointer, 'i32'], return: 'i64' },
  socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
  splice: { arguments: ['i32', pointer, 'i32', pointer, 'u64', 'u32'], return: 'i64' },
  syscall: { arguments: ['i64', 'i64', 'i64'], return: 'i64' },
  waitid: { arguments: ['i32', 'u32', pointer, 'i32'], return: 'i32' },
  waitpid: { arguments: ['i32', pointer, 'i32'], return: 'i32' },
});

export { libc };

const errnoNames = new Map(Object.entries(constants.errno).map(([name, value]) => [value, name]));

/** The kernel refused a call; `code` is the errno by name, as in Node's own errors. */
export class LinuxError extends Error {
  override readonly name = 'LinuxError';
  readonly code: string;

  constructor(call: string, errno: number, path = '') {
    const code = errnoNames.get(errno) ?? `errno ${errno}`;
    super(path === '' ? `${call}: ${code}` : `${call} "${path}": ${code}`);
    this.code = code;
  }
}

/** The errno name of anything thrown by us or by Node, or null. */
export function errnoOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

export function lastErrno(): number {
  // oxlint-disable-next-line no-underscore-dangle -- the C library's own name
  return getInt32(libc.__errno_location());
}

/** @throws LinuxError when the call answered -1 */
export function check(call: string, result: number, path = ''): number {
  if (result === -1) throw new LinuxError(call, lastErrno(), path);
  return result;
}

/** A call that an older C library may lack; null: it does. */
export function findLate(
  name: string,
  argument: 'pointer' | 'i32',
): ((actions: Buffer, value: Buffer | number) => unknown) | null {
  try {
    return lib.getFunction(name, { arguments: [pointer, argument], return: 'i32' });
  } catch {
    return null;
  }
}

/** Where the bytes of a buffer are, for structures that point at others. */
export function addressOf(buffer: Buffer): bigint {
  return getRawPointer(buffer);
}
