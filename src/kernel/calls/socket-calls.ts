/**
 * Pipes and sockets, synchronous but never blocking (all descriptors are O_NONBLOCK where that matters), named as their
 * man page. The structures stand here and nowhere else.
 */
import { errnoOf, SyscallError } from '../../base/errors.ts';
import { openFlag } from '../linux-constants.ts';
import { addressOf, check, checkLength, libc } from '../linux.ts';

const family = { unix: 1, ipv4: 2, ipv6: 10 } as const;
const stream = 1;
const solSocket = 1;

/** Both ends close-on-exec and blocking. Source: pipe(2). */
export function pipe2(): { readonly read: number; readonly write: number } {
  const ends = Buffer.alloc(8);
  check(libc.pipe2(ends, openFlag.cloexec), 'pipe2');
  return { read: ends.readInt32LE(0), write: ends.readInt32LE(4) };
}

/** For a descriptor that has no other flags of its kind. Source: F_SETFL(2const). */
export function setNonBlocking(fd: number): void {
  check(libc.fcntl(fd, 4, BigInt(openFlag.nonblock)), 'fcntl');
}

/** Best effort: a pipe that stays as it is works. Source: fcntl(2), F_SETPIPE_SZ. */
export function setPipeSize(fd: number, lengthBytes: number): void {
  libc.fcntl(fd, 1031, BigInt(lengthBytes));
}

function socket(ofFamily: keyof typeof family): number {
  return check(libc.socket(family[ofFamily], stream | openFlag.cloexec | openFlag.nonblock, 0), 'socket');
}

/** A non-blocking TCP socket. Source: socket(2). */
export function tcpSocket(version: 'ipv4' | 'ipv6'): number {
  return socket(version);
}

/** Begins to connect to the loopback address. @returns true when connected already. Source: connect(2), ip(7), ipv6(7). */
export function connectLoopback(fd: number, version: 'ipv4' | 'ipv6', port: number): boolean {
  const address =
    version === 'ipv4' ? Buffer.from([0, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]) : Buffer.alloc(28);
  address.writeUInt16LE(family[version], 0);
  address.writeUInt16BE(port, 2);
  if (version === 'ipv6') address[23] = 1;
  return begun(
    libc.connect(fd, address, address.length),
    `${version === 'ipv4' ? '127.0.0.1' : '[::1]'}:${port}`,
  );
}

function begun(result: number, peer: string): boolean {
  try {
    check(result, 'connect', peer);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EINPROGRESS') return false;
    throw error;
  }
}

/** The failure of a connection that was begun, as an errno number; 0: none. Source: socket(7), SO_ERROR. */
export function socketError(fd: number): number {
  return getOption(fd, 4, 4).readInt32LE(0);
}

/** Who is at the other end. Source: unix(7), SO_PEERCRED. */
export function peerCredentials(fd: number): {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
} {
  const credentials = getOption(fd, 17, 12);
  return {
    pid: credentials.readInt32LE(0),
    uid: credentials.readUInt32LE(4),
    gid: credentials.readUInt32LE(8),
  };
}

function getOption(fd: number, option: number, lengthBytes: number): Buffer {
  const value = Buffer.alloc(lengthBytes);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(lengthBytes, 0);
  check(libc.getsockopt(fd, solSocket, option, value, length), 'getsockopt');
  return value;
}

/** Whether a descriptor can be written (a connection: has come or failed) now. Source: poll(2). */
export function isWritable(fd: number): boolean {
  const pollOut = 4;
  const entry = Buffer.alloc(8);
  entry.writeInt32LE(fd, 0);
  entry.writeInt16LE(pollOut, 4);
  return check(libc.poll(entry, 1n, 0), 'poll') > 0;
}

/** Of `sockaddr_un`, the ending NUL not counted. Source: unix(7). */
export const maxSocketPathBytes = 107;

/** A listening unix socket, non-blocking; its file gets the mode at birth. @throws SyscallError EADDRINUSE. Source: unix(7). */
export function listenUnix(path: string, setMode: (fd: number) => void): number {
  const name = Buffer.from(path);
  if (name.length > maxSocketPathBytes)
    throw new SyscallError({ call: 'bind', errno: 'ENAMETOOLONG', paths: [path] });
  const fd = socket('unix');
  try {
    // Linux takes the mode of the file from the socket.
    setMode(fd);
    const address = Buffer.alloc(110);
    address.writeUInt16LE(family.unix, 0);
    name.copy(address, 2);
    check(libc.bind(fd, address, 2 + name.length + 1), 'bind', path);
    check(libc.listen(fd, 8), 'listen', path);
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

/** The next connection, non-blocking; null: none waits. Source: accept(2). */
export function acceptNow(fd: number): number | null {
  return unlessAgain(() =>
    check(libc.accept4(fd, null, null, openFlag.cloexec | openFlag.nonblock), 'accept4'),
  );
}

function unlessAgain<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EAGAIN' || errno === 'EINTR' || errno === 'ECONNABORTED') return null;
    throw error;
  }
}

/** Room for this many descriptors in one message; a peer that sends more gets them dropped by the kernel. */
const maxDescriptors = 8;
const messageBytes = 512;
/** SCM_RIGHTS. Source: unix(7). */
const scmRights = 1;
const headerBytes = 16;

/** The descriptors of one message, close-on-exec; `[]` is a message without any, null: none has come yet. */
export function receiveDescriptors(fd: number): readonly number[] | 'ended' | null {
  const [data, control] = [Buffer.alloc(messageBytes), Buffer.alloc(headerBytes + maxDescriptors * 4)];
  const message = messageHeader(data, control);
  // MSG_CMSG_CLOEXEC
  const length = unlessAgain(() => checkLength(libc.recvmsg(fd, message.header, 0x40000000), 'recvmsg'));
  if (length === null) return null;
  const descriptors = readDescriptors(control, Number(message.header.readBigUInt64LE(40)));
  return length === 0 && descriptors.length === 0 ? 'ended' : descriptors;
}

function readDescriptors(control: Buffer, controlBytes: number): readonly number[] {
  if (controlBytes < headerBytes) return [];
  const endsAt = Math.min(Number(control.readBigUInt64LE(0)), controlBytes);
  if (control.readInt32LE(8) !== solSocket || control.readInt32LE(12) !== scmRights) return [];
  const descriptors: number[] = [];
  for (let at = headerBytes; at + 4 <= endsAt; at += 4) descriptors.push(control.readInt32LE(at));
  return descriptors;
}

/** Sends one descriptor with one byte. @returns false when the peer's buffer is full. Source: unix(7), SCM_RIGHTS. */
export function sendDescriptor(fd: number, descriptor: number): boolean {
  const control = Buffer.alloc(headerBytes + 8);
  control.writeBigUInt64LE(BigInt(headerBytes + 4), 0);
  control.writeInt32LE(solSocket, 8);
  control.writeInt32LE(scmRights, 12);
  control.writeInt32LE(descriptor, headerBytes);
  const message = messageHeader(Buffer.alloc(1), control);
  // MSG_NOSIGNAL
  const sent = unlessAgain(() => checkLength(libc.sendmsg(fd, message.header, 0x4000), 'sendmsg'));
  return message.keep.length > 0 && sent !== null;
}

/** struct msghdr with one piece of data. `keep` holds what it points at, for as long as it is used. */
function messageHeader(
  data: Buffer,
  control: Buffer,
): { readonly header: Buffer; readonly keep: readonly Buffer[] } {
  const vector = Buffer.alloc(16);
  vector.writeBigUInt64LE(addressOf(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  const header = Buffer.alloc(56);
  header.writeBigUInt64LE(addressOf(vector), 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(addressOf(control), 32);
  header.writeBigUInt64LE(BigInt(control.length), 40);
  return { header, keep: [data, control, vector] };
}
