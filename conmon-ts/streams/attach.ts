/**
 * The attach socket of one container: frames as in protocol.ts, several clients. Output goes to each client through a bounded
 * buffer: who does not read is dropped, and neither the container nor its log waits for anybody. Garbage ends that client only.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { OutputStream } from '../output/cri-line.ts';
import { maxSocketPathBytes } from '../calls/socket-calls.ts';
import {
  attachChannel,
  attachHeaderBytes,
  maxAttachBufferBytes,
  maxAttachClients,
  maxAttachPayloadBytes,
} from '../protocol.ts';

export interface AttachOwner {
  /** False: no more until `resume`. */
  onStdin(bytes: Buffer): boolean;
  /** A client has ended the input, or one that had claimed it has left. */
  onStdinEnd(): void;
}

export class AttachServer {
  readonly #server: Server;
  readonly #path: string;
  readonly #clients = new Set<AttachClient>();
  readonly #owner: AttachOwner;
  #hasEnded = false;

  private constructor(path: string, owner: AttachOwner) {
    this.#path = path;
    this.#owner = owner;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  /** Listens. @throws Error when the path is too long or cannot be bound */
  static async listen(path: string, owner: AttachOwner): Promise<AttachServer> {
    if (Buffer.byteLength(path) > maxSocketPathBytes) {
      throw new Error(`listen on "${path}": a socket's path has at most ${maxSocketPathBytes} bytes`);
    }
    rmSync(path, { force: true });
    const attach = new AttachServer(path, owner);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    attach.#server.once('error', reject);
    attach.#server.listen(path, resolve);
    await promise;
    chmodSync(path, 0o600);
    return attach;
  }

  #accept(socket: Socket): void {
    if (this.#clients.size >= maxAttachClients) return void socket.destroy();
    const client = new AttachClient(socket, this.#owner);
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
    if (this.#hasEnded) client.end();
  }

  /** Sends output to all clients; the bytes may be used again after the call. */
  broadcast(stream: OutputStream, bytes: Buffer): void {
    if (this.#clients.size === 0) return;
    const channel = attachChannel[stream];
    for (let from = 0; from < bytes.length; from += maxAttachPayloadBytes) {
      const frame = encodeFrame(channel, bytes.subarray(from, from + maxAttachPayloadBytes));
      for (const client of this.#clients) client.send(frame);
    }
  }

  /** Input may go on. */
  resume(): void {
    for (const client of this.#clients) client.resume();
  }

  /** No output will come any more: clients get what waits for them and then the end. */
  end(): void {
    this.#hasEnded = true;
    for (const client of this.#clients) client.end();
  }

  close(): void {
    this.#server.close();
    for (const client of this.#clients) client.end();
    rmSync(this.#path, { force: true });
  }
}

function encodeFrame(channel: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(attachHeaderBytes + payload.length);
  frame[0] = channel;
  frame.writeUInt32BE(payload.length, 1);
  payload.copy(frame, attachHeaderBytes);
  return frame;
}

/** After its end was sent, a client has this long to take it. */
const lingerMs = 10_000;

class AttachClient {
  readonly #socket: Socket;
  readonly #owner: AttachOwner;
  readonly #header = Buffer.alloc(attachHeaderBytes);
  #headerLength = 0;
  #payloadLeft = 0;
  #hasClaimed = false;

  constructor(socket: Socket, owner: AttachOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('end', () => this.#leave());
    socket.on('close', () => this.#leave());
    socket.on('error', () => socket.destroy());
  }

  send(frame: Buffer): void {
    if (this.#socket.writableLength > maxAttachBufferBytes) this.#socket.destroy();
    else if (this.#socket.writable) this.#socket.write(frame);
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
    this.#socket.setTimeout(lingerMs, () => this.#socket.destroy());
  }

  /** Frames may come in any pieces; a payload is handed on as it comes. */
  #read(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0 && !this.#socket.destroyed) {
      if (this.#payloadLeft === 0) rest = this.#readHeader(rest);
      else rest = this.#readPayload(rest);
    }
  }

  #readHeader(bytes: Buffer): Buffer {
    const taken = bytes.copy(this.#header, this.#headerLength);
    this.#headerLength += taken;
    if (this.#headerLength === attachHeaderBytes) {
      this.#headerLength = 0;
      this.#startFrame(this.#header[0] ?? 0, this.#header.readUInt32BE(1));
    }
    return bytes.subarray(taken);
  }

  #startFrame(channel: number, length: number): void {
    const isClaim = channel === attachChannel.claim && length === 0;
    const isStdin = channel === attachChannel.stdin && length <= maxAttachPayloadBytes;
    if (!isClaim && !isStdin) return void this.#socket.destroy();
    this.#hasClaimed = true;
    this.#payloadLeft = length;
    if (isStdin && length === 0) this.#leave();
  }

  #readPayload(bytes: Buffer): Buffer {
    const payload = bytes.subarray(0, this.#payloadLeft);
    this.#payloadLeft -= payload.length;
    if (!this.#owner.onStdin(payload)) this.#socket.pause();
    return bytes.subarray(payload.length);
  }

  #leave(): void {
    if (!this.#hasClaimed) return;
    this.#hasClaimed = false;
    this.#owner.onStdinEnd();
  }
}
