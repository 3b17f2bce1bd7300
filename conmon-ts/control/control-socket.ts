/**
 * The control socket: JSON lines from several daemons at once, each connection bounded in everything that it can grow. Garbage
 * ends that connection and nothing else. Who may talk: our own user (SO_PEERCRED), through a socket of mode 0600.
 *
 *   connected ──hello──▶ served ──line too long, not JSON, answers not read──▶ closed
 *       └── any other request ──▶ closed
 */
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { failureOf } from '../failure.ts';
import { maxSocketPathBytes, peerUid } from '../calls/socket-calls.ts';
import { log } from '../log.ts';
import { maxLineBytes, type MonitorEvent, type Response } from '../protocol.ts';
import { parseLine, type ParsedLine } from './requests.ts';

export interface ControlOwner {
  answer(method: string, params: unknown): Promise<Extract<Response, { result: unknown }>['result']>;
  /** A daemon came or went. */
  onChange(): void;
}

const maxConnections = 16;
/** A connection with this many unanswered requests is not read on. */
const maxInFlight = 128;
/** A daemon that does not read its answers and events is dropped; it finds all exits again by `hello`. */
const maxUnreadBytes = 16 * 1024 * 1024;
const newline = 10;

export class ControlSocket {
  readonly #server: Server;
  readonly #path: string;
  readonly #owner: ControlOwner;
  readonly #connections = new Set<Connection>();

  private constructor(path: string, owner: ControlOwner) {
    this.#path = path;
    this.#owner = owner;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = maxConnections;
  }

  /** @throws Error when the path is too long or cannot be bound */
  static async listen(path: string, owner: ControlOwner): Promise<ControlSocket> {
    if (Buffer.byteLength(path) > maxSocketPathBytes) {
      throw new Error(`listen on "${path}": a socket's path has at most ${maxSocketPathBytes} bytes`);
    }
    rmSync(path, { force: true });
    const control = new ControlSocket(path, owner);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    control.#server.once('error', reject);
    // The socket is never there with other permissions than its own.
    const umask = process.umask(0o177);
    try {
      control.#server.listen(path, resolve);
    } finally {
      process.umask(umask);
    }
    await promise;
    return control;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  #accept(socket: Socket): void {
    if (!isAllowed(socket)) return void socket.destroy();
    const connection = new Connection(socket, this.#owner);
    this.#connections.add(connection);
    this.#owner.onChange();
    socket.on('close', () => {
      this.#connections.delete(connection);
      this.#owner.onChange();
    });
  }

  publish(event: MonitorEvent): void {
    for (const connection of this.#connections) connection.tell(event);
  }

  close(): void {
    this.#server.close();
    for (const connection of this.#connections) connection.end();
    rmSync(this.#path, { force: true });
  }
}

function isAllowed(socket: Socket): boolean {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : null;
  if (typeof fd !== 'number' || fd < 0) return false;
  const uid = peerUid(fd);
  return uid === 0 || uid === process.geteuid?.();
}

class Connection {
  readonly #socket: Socket;
  readonly #owner: ControlOwner;
  #pieces: Buffer[] = [];
  #pendingBytes = 0;
  #inFlight = 0;
  #hasGreeted = false;

  constructor(socket: Socket, owner: ControlOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', () => socket.destroy());
  }

  tell(event: MonitorEvent): void {
    if (this.#hasGreeted) this.#write(event);
  }

  end(): void {
    this.#socket.end();
  }

  #write(message: MonitorEvent | Response): void {
    if (this.#socket.writableLength > maxUnreadBytes) this.#socket.destroy();
    else if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #read(bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, from)) {
      const line = Buffer.concat([...this.#pieces, bytes.subarray(from, at)]);
      this.#pieces = [];
      this.#pendingBytes = 0;
      from = at + 1;
      if (line.length > maxLineBytes) return this.#refuse('a line is too long');
      this.#take(line.toString('utf8'));
      if (this.#socket.destroyed) return;
    }
    this.#pieces.push(Buffer.from(bytes.subarray(from)));
    this.#pendingBytes += bytes.length - from;
    if (this.#pendingBytes > maxLineBytes) this.#refuse('a line is too long');
  }

  #take(line: string): void {
    let request: ParsedLine;
    try {
      request = parseLine(line);
    } catch (error) {
      return this.#refuse(failureOf(error).message);
    }
    if (!this.#hasGreeted && request.method !== 'hello')
      return this.#refuse('the first request must be "hello"');
    this.#hasGreeted = true;
    this.#inFlight += 1;
    if (this.#inFlight >= maxInFlight) this.#socket.pause();
    void this.#answer(request);
  }

  async #answer({ id, method, params }: ParsedLine): Promise<void> {
    try {
      this.#write({ id, result: await this.#owner.answer(method, params) });
    } catch (error) {
      const failure = failureOf(error);
      if (failure.reason === 'Internal') log.error('answer request', { method, error: failure.message });
      this.#write({ id, error: failure });
    }
    this.#inFlight -= 1;
    if (this.#inFlight < maxInFlight) this.#socket.resume();
  }

  #refuse(why: string): void {
    log.warn('close control connection', { why });
    this.#socket.destroy();
  }
}
