/**
 * Unix sockets: without waiting, and with descriptors in their messages.
 */
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { addressOf, check, lastErrno, libc, LinuxError } from '../linux.ts';

const nonBlocking = 0o4000;
const wouldBlock: number = constants.errno.EAGAIN;
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
  vector.writeBigUInt64LE(addressOf(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  const header = Buffer.alloc(56);
  header.writeBigUInt64LE(addressOf(vector), 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(addressOf(control), 32);
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
