/**
 * The system calls of the monitor, over node:ffi; nothing else in conmon-ts may load it. Each function is one call of the
 * C library, with numbers and buffers in and numbers out; a refusal is thrown as a LinuxError. No policy stands here.
 */
import { dlopen, getInt32, getRawPointer } from 'node:ffi';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';

const pointer = 'pointer';
const nonBlocking = 0o4000;
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

function lastErrno(): number {
  // oxlint-disable-next-line no-underscore-dangle -- the C library's own name
  return getInt32(libc.__errno_location());
}

function check(call: string, result: number, path = ''): number {
  if (result === -1) throw new LinuxError(call, lastErrno(), path);
  return result;
}

const clock = new BigInt64Array(2);

/** Unix nanoseconds. Source: clock_gettime(2), CLOCK_REALTIME. */
export function nowNs(): bigint {
  libc.clock_gettime(0, clock);
  return (clock[0] ?? 0n) * 1_000_000_000n + (clock[1] ?? 0n);
}

/** Source: mkfifo(3). @throws LinuxError EEXIST */
export function mkfifo(path: string, mode: number): void {
  check('mkfifo', libc.mkfifo(path, mode), path);
}

/** Makes orphans below this process its children. Source: prctl(2), PR_SET_CHILD_SUBREAPER. */
export function becomeSubreaper(): void {
  check('prctl', libc.prctl(36, 1n, 0n, 0n, 0n));
}

/** Source: fcntl(2), F_SETPIPE_SZ. Returns the size that the kernel gave. */
export function setPipeSize(fd: number, bytes: number): number {
  return check('fcntl', libc.fcntl(fd, 1031, BigInt(bytes)));
}

/** Source: fcntl(2), F_GETFL and F_SETFL. */
export function setNonBlocking(fd: number): void {
  const flags = check('fcntl', libc.fcntl(fd, 3, 0n));
  check('fcntl', libc.fcntl(fd, 4, BigInt(flags | nonBlocking)));
}

/** Source: fcntl(2), F_DUPFD_CLOEXEC. The caller closes it. */
export function duplicate(fd: number): number {
  return check('fcntl', libc.fcntl(fd, 1030, 0n));
}

const spliceNonblock = 2;
const spliceOffset = new BigInt64Array(1);
const wouldBlock: number = constants.errno.EAGAIN;

/**
 * Moves bytes from a pipe into a file: each byte is in the one or in the other, whatever kills us meanwhile.
 * Returns the count, 0 at the end of file, or null when the pipe is empty. Source: splice(2).
 */
export function spliceToFile(
  from: number,
  to: number,
  at: { offset: number; maxBytes: number },
): number | null {
  spliceOffset[0] = BigInt(at.offset);
  const count = Number(libc.splice(from, null, to, spliceOffset, BigInt(at.maxBytes), spliceNonblock));
  if (count !== -1) return count;
  const errno = lastErrno();
  if (errno === wouldBlock) return null;
  throw new LinuxError('splice', errno);
}

/** Gives the blocks of a range back; reads of it yield zeros. Source: fallocate(2), FALLOC_FL_PUNCH_HOLE. */
export function punchHole(fd: number, offset: number, length: number): void {
  check('fallocate', libc.fallocate(fd, 3, BigInt(offset), BigInt(length)));
}

/** Source: eventfd(2). Close-on-exec and non-blocking. */
export function eventfd(): number {
  return check('eventfd', libc.eventfd(0, 0o2000000 | 0o4000));
}

/** Source: TIOCSWINSZ in ioctl_tty(2). */
export function setWindowSize(fd: number, width: number, height: number): void {
  check('ioctl TIOCSWINSZ', libc.ioctl(fd, 0x5414n, new Uint16Array([height, width, 0, 0])));
}

const wnohang = 1;
const wnowait = 0x01000000;
const wexited = 4;

/** Status as of wait(2). */
export type EndedChild = { readonly pid: number; readonly waitStatus: number };

const cldExited = 1;
const cldDumped = 3;

/** Some child that has ended, which stays to be waited for; null: none. Source: waitid(2), WNOWAIT. */
export function peekEndedChild(): EndedChild | null {
  const info = new Int32Array(32);
  if (libc.waitid(0, 0, info, wexited | wnohang | wnowait) === -1) return null;
  // siginfo_t on 64-bit: signo, errno, code, padding, pid, uid, status.
  const [, , code = 0, , pid = 0, , status = 0] = info;
  if (pid === 0) return null;
  const waitStatus = code === cldExited ? (status & 0xff) << 8 : status | (code === cldDumped ? 0x80 : 0);
  return { pid, waitStatus };
}

/** Waits for a child that has ended: after this it is gone. Source: waitpid(2). */
export function reapChild(pid: number): void {
  libc.waitpid(pid, null, wnohang);
}

/** A program to start with three standard streams of ours (3 and up). */
export type SpawnRequest = {
  readonly argv: readonly [string, ...string[]];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdio: readonly [number, number, number];
};

/** More than posix_spawnattr_t (336) and posix_spawn_file_actions_t (80) take in glibc on 64-bit machines. */
const spawnStructureBytes = 512;
/** Of glibc 2.29 and 2.34. */
const addChdir = findLate('posix_spawn_file_actions_addchdir_np', pointer);
const addCloseFrom = findLate('posix_spawn_file_actions_addclosefrom_np', 'i32');

function findLate(
  name: string,
  argument: 'pointer' | 'i32',
): ((actions: Buffer, value: Buffer | number) => unknown) | null {
  try {
    return lib.getFunction(name, { arguments: [pointer, argument], return: 'i32' });
  } catch {
    // This C library is older.
    return null;
  }
}

/**
 * Starts a program, a child of ours in a session of its own with no signal blocked or ignored, and returns its pid. Unlike a
 * fork it copies no page tables: the memory is shared until the program is executed. Source: posix_spawn(3).
 * @throws LinuxError with the program's path
 */
export function spawnProgram({ argv, env, cwd, stdio }: SpawnRequest): number {
  const [program] = argv;
  const must = (errno: unknown): void => {
    if (errno !== 0) throw new LinuxError('posix_spawn', Number(errno), program);
  };
  const [attributes, actions] = [Buffer.alloc(spawnStructureBytes), Buffer.alloc(spawnStructureBytes)];
  must(libc.posix_spawnattr_init(attributes));
  // SETSIGDEF, SETSIGMASK (empty from the start), SETSID.
  must(libc.posix_spawnattr_setflags(attributes, 0x04 | 0x08 | 0x80));
  must(libc.posix_spawnattr_setsigdefault(attributes, Buffer.alloc(128, 0xff)));
  must(libc.posix_spawn_file_actions_init(actions));
  try {
    must(addChdir === null ? constants.errno.ENOSYS : addChdir(actions, Buffer.from(`${cwd}\0`)));
    stdio.forEach((fd, target) => must(libc.posix_spawn_file_actions_adddup2(actions, fd, target)));
    // All of ours are close-on-exec; this is for what a library may have opened otherwise.
    if (addCloseFrom !== null) must(addCloseFrom(actions, 3));
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const pid = new Int32Array(1);
    must(libc.posix_spawnp(pid, program, actions, attributes, stringVector(argv), stringVector(variables)));
    return pid[0] ?? -1;
  } finally {
    libc.posix_spawn_file_actions_destroy(actions);
  }
}

/** A vector of C strings in one piece: addresses, NULL, and the texts that they point at. */
function stringVector(texts: readonly string[]): Buffer {
  const bytes = texts.map((text) => Buffer.from(`${text}\0`));
  const pointerBytes = (texts.length + 1) * 8;
  const vector = Buffer.alloc(pointerBytes + bytes.reduce((sum, each) => sum + each.length, 0));
  const base = getRawPointer(vector);
  let at = pointerBytes;
  bytes.forEach((each, index) => {
    vector.writeBigUInt64LE(base + BigInt(at), index * 8);
    at += each.copy(vector, at);
  });
  return vector;
}

const pidfdOpenNumber = 434n;

/** Source: pidfd_open(2). @throws LinuxError ESRCH */
export function pidfdOpen(pid: number): number {
  return check('pidfd_open', Number(libc.syscall(pidfdOpenNumber, BigInt(pid), 0n)));
}

/** _IOWR(0xFF, 11, struct pidfd_info), of which we take the first published 64 bytes; the exit code stands in the last 4. */
const pidfdGetInfo = 0xc040ff0bn;
const pidfdInfoExit = 1n << 3n;

/**
 * The wait status of an ended process that anybody has waited for; null: it runs, is not waited for yet, or the kernel is
 * older than 6.15. Source: linux/pidfd.h, PIDFD_GET_INFO with PIDFD_INFO_EXIT.
 */
export function pidfdExitStatus(pidfd: number): number | null {
  const info = Buffer.alloc(64);
  info.writeBigUInt64LE(pidfdInfoExit, 0);
  if (libc.ioctl(pidfd, pidfdGetInfo, info) === -1) return null;
  return (info.readBigUInt64LE(0) & pidfdInfoExit) === 0n ? null : info.readInt32LE(60);
}

/** The user of the other end of a unix socket. Source: unix(7), SO_PEERCRED. */
export function peerUid(fd: number): number {
  const credentials = new Int32Array(3);
  const length = new Uint32Array([12]);
  check('getsockopt', libc.getsockopt(fd, 1, 17, credentials, length));
  return credentials[1] ?? -1;
}

const unixStream = 1;
const closeOnExec = 0o2000000;
/** What fits in sockaddr_un with its terminating NUL. Source: unix(7). */
export const maxSocketPathBytes = 107;

function unixAddress(path: string): Buffer {
  const bytes = Buffer.from(path);
  if (bytes.length > maxSocketPathBytes)
    throw new LinuxError('socket path', constants.errno.ENAMETOOLONG, path);
  const address = Buffer.alloc(2 + bytes.length + 1);
  address.writeUInt16LE(1, 0);
  bytes.copy(address, 2);
  return address;
}

/** An unconnected unix stream socket: close-on-exec, non-blocking. The caller closes it. */
export function unixSocket(): number {
  return check('socket', libc.socket(1, unixStream | closeOnExec | nonBlocking, 0));
}

/** A listening, non-blocking unix socket for one client; the path must be free. The caller closes it. */
export function listenUnix(path: string): number {
  const address = unixAddress(path);
  const fd = unixSocket();
  try {
    check('bind', libc.bind(fd, address, address.length), path);
    check('listen', libc.listen(fd, 1), path);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The next connection, or null when there is none yet. The caller closes it. */
export function acceptUnix(fd: number): number | null {
  const connection = libc.accept4(fd, null, null, closeOnExec | nonBlocking);
  if (connection === -1 && lastErrno() === wouldBlock) return null;
  return check('accept4', connection);
}

/** Connects without waiting. The caller closes it. @throws LinuxError EAGAIN when the listener's queue is full */
export function connectUnix(path: string): number {
  const address = unixAddress(path);
  const fd = unixSocket();
  try {
    check('connect', libc.connect(fd, address, address.length), path);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** struct msghdr with one data byte and room for one descriptor, as laid out on 64-bit Linux. Source: recvmsg(2), cmsg(3). */
function descriptorMessage(): { header: Buffer; data: Buffer; control: Buffer; vector: Buffer } {
  const data = Buffer.alloc(64);
  const control = Buffer.alloc(24);
  const vector = Buffer.alloc(16);
  vector.writeBigUInt64LE(getRawPointer(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  const header = Buffer.alloc(56);
  header.writeBigUInt64LE(getRawPointer(vector), 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(getRawPointer(control), 32);
  header.writeBigUInt64LE(BigInt(control.length), 40);
  return { header, data, control, vector };
}

const solSocket = 1;
const scmRights = 1;
const controlBytes = 20n;

/** Sends a duplicate of a descriptor with one byte of data. Source: unix(7), SCM_RIGHTS. */
export function sendDescriptor(socket: number, fd: number): void {
  const message = descriptorMessage();
  message.vector.writeBigUInt64LE(1n, 8);
  message.control.writeBigUInt64LE(controlBytes, 0);
  message.control.writeInt32LE(solSocket, 8);
  message.control.writeInt32LE(scmRights, 12);
  message.control.writeInt32LE(fd, 16);
  const noSignal = 0x4000;
  check('sendmsg', Number(libc.sendmsg(socket, message.header, noSignal)));
}

/**
 * Takes a descriptor, close-on-exec. Null: nothing has come yet. The caller closes it.
 * @throws LinuxError EPIPE when the other end has gone, EBADMSG when a message holds no descriptor
 */
export function receiveDescriptor(socket: number): number | null {
  const message = descriptorMessage();
  const closeOnExecFlag = 0x40000000;
  const count = Number(libc.recvmsg(socket, message.header, closeOnExecFlag));
  if (count === -1 && lastErrno() === wouldBlock) return null;
  check('recvmsg', count);
  const isDescriptor =
    message.header.readBigUInt64LE(40) >= controlBytes &&
    message.control.readInt32LE(8) === solSocket &&
    message.control.readInt32LE(12) === scmRights;
  if (isDescriptor) return message.control.readInt32LE(16);
  throw new LinuxError('recvmsg', count === 0 ? constants.errno.EPIPE : constants.errno.EBADMSG);
}
