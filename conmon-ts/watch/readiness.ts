/**
 * Tells when a descriptor can be read, without reading it: the event loop's poll for anything that poll(2) knows (FIFO, pty
 * master, pidfd, eventfd, listening socket), which Node offers under no public name.
 *
 * How: a pipe handle of libuv is opened on the descriptor and is given a buffer of no bytes to read into. libuv then reports
 * "no room" (ENOBUFS) once for each turn of the loop in which the descriptor is readable or hung up, and takes nothing out of it.
 * The bytes stay in the kernel until we move them ourselves (intake.ts), one bounded piece for each turn: that is also
 * the fairness between containers. readiness.test.ts is the guard against a Node that works otherwise.
 */
import { Socket } from 'node:net';
import { unixSocket } from '../calls/socket-calls.ts';
import { LinuxError } from '../linux.ts';

/** Calls back while a descriptor is readable or hung up. Owns the descriptor: `close` closes it. */
export interface Watch extends Disposable {
  readonly fd: number;
  close(): void;
}

type PipeHandle = {
  onread: () => void;
  open(fd: number): number;
  useUserBuffer(buffer: Buffer): void;
  readStart(): number;
  close(): void;
};
type PipeConstructor = new (kind: number) => PipeHandle;

const socketKind = 0;
const noRoom = Buffer.alloc(0);

let pipeConstructor: PipeConstructor | null = null;

/**
 * Starts to watch. The file becomes non-blocking (for all who share its description), and the descriptor belongs to the watch.
 * @throws LinuxError with the descriptor left open
 */
export function watchReadable(fd: number, onReadable: () => void): Watch {
  pipeConstructor ??= findPipeConstructor();
  const handle = new pipeConstructor(socketKind);
  const refusal = handle.open(fd);
  if (refusal !== 0) throw new LinuxError('uv_pipe_open', -refusal);
  handle.useUserBuffer(noRoom);
  handle.onread = onReadable;
  const failure = handle.readStart();
  let isOpen = true;
  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    handle.onread = ignore;
    handle.close();
  }
  if (failure === 0) return { fd, close, [Symbol.dispose]: close };
  close();
  throw new LinuxError('uv_read_start', -failure);
}

function ignore(): void {}

/**
 * A stream that writes to a descriptor (FIFO, pty master) and owns it. Never blocks: what the other side does not take waits
 * in `writableLength`. Errors (EPIPE) come as the event `error`.
 * @throws LinuxError with the descriptor left open
 */
export function openWriter(fd: number): Socket {
  pipeConstructor ??= findPipeConstructor();
  const handle = new pipeConstructor(socketKind);
  const refusal = handle.open(fd);
  if (refusal !== 0) throw new LinuxError('uv_pipe_open', -refusal);
  // The option `handle` is typed for one public kind of handle only.
  const socket: unknown = Reflect.construct(Socket, [
    { handle, readable: false, writable: true, manualStart: true },
  ]);
  if (socket instanceof Socket) return socket;
  throw new Error('this Node makes no socket on a pipe handle as readiness.ts needs it');
}

/** libuv's pipe handle, taken from a socket that Node itself has made on it. */
function findPipeConstructor(): PipeConstructor {
  const socket = new Socket({ fd: unixSocket(), readable: false, writable: false });
  const handle: unknown = Reflect.get(socket, '_handle');
  const constructor: unknown = typeof handle === 'object' && handle !== null ? handle.constructor : null;
  socket.destroy();
  if (isPipeConstructor(constructor)) return constructor;
  throw new Error('this Node has no pipe handle as readiness.ts needs it');
}

function isPipeConstructor(value: unknown): value is PipeConstructor {
  if (typeof value !== 'function') return false;
  const prototype: unknown = value.prototype;
  if (typeof prototype !== 'object' || prototype === null) return false;
  const names = ['open', 'useUserBuffer', 'readStart', 'close'];
  return names.every((name) => typeof Reflect.get(prototype, name) === 'function');
}
