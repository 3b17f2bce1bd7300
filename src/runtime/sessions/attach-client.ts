/**
 * The daemon's end of a monitor's attach socket: frames to bytes and back. Output is read as it comes: who does not take it is
 * dropped here, and the monitor drops us if we are too slow; neither costs the container and its log anything.
 * Source: conmon-ts/protocol.ts, attach frames.
 */
import { createConnection, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { unavailable } from '../../base/errors.ts';
import { attachChannel, attachHeaderBytes, maxAttachPayloadBytes } from '../../../conmon-ts/protocol.ts';

export type AttachStreams = {
  /** Null: this client only looks on. */
  readonly stdin: Readable | null;
  readonly stdout: Writable | null;
  readonly stderr: Writable | null;
  /** Breaks the connection off. */
  readonly signal: AbortSignal;
};

/** Waiting for one output of a client; then the client is too slow. */
const maxWaitingBytes = 1024 * 1024;

/** Resolves when the monitor has ended the connection, or it was broken off. @throws AttachLost; the error of connect(2) */
export async function attachTo(path: string, streams: AttachStreams): Promise<void> {
  const socket = await connect(path);
  const closed = Promise.withResolvers<void>();
  socket.on('error', () => socket.destroy());
  socket.on('close', () => closed.resolve());
  socket.on('end', () => socket.destroy());
  const abort = (): void => void socket.destroy();
  streams.signal.addEventListener('abort', abort, { once: true });
  if (streams.signal.aborted) abort();
  const output = new AttachOutput(socket, streams);
  socket.on('data', (chunk: Buffer) => output.read(chunk));
  if (streams.stdin !== null) new AttachInput(socket, streams.stdin).begin();
  await closed.promise;
  streams.signal.removeEventListener('abort', abort);
  streams.stdin?.resume();
  if (output.isLost) throw unavailable('AttachLost', 'attach was ended: the client read too slowly');
}

async function connect(path: string): Promise<Socket> {
  const socket = createConnection({ path, allowHalfOpen: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve);
  socket.once('error', reject);
  await promise;
  socket.removeAllListeners();
  return socket;
}

/** What the client types: as frames, held back when the container does not read. */
class AttachInput {
  readonly #socket: Socket;
  readonly #source: Readable;

  constructor(socket: Socket, source: Readable) {
    this.#socket = socket;
    this.#source = source;
  }

  begin(): void {
    this.#send(attachChannel.claim, Buffer.alloc(0));
    this.#socket.on('drain', () => this.#source.resume());
    this.#source.on('data', (chunk: Buffer) => this.#carry(chunk));
    this.#source.on('end', () => this.#send(attachChannel.stdin, Buffer.alloc(0)));
  }

  #carry(chunk: Buffer): void {
    if (this.#socket.destroyed) return;
    for (let from = 0; from < chunk.length; from += maxAttachPayloadBytes)
      this.#send(attachChannel.stdin, chunk.subarray(from, from + maxAttachPayloadBytes));
    if (this.#socket.writableNeedDrain) this.#source.pause();
  }

  #send(channel: number, payload: Buffer): void {
    if (!this.#socket.writable) return;
    const header = Buffer.alloc(attachHeaderBytes);
    header[0] = channel;
    header.writeUInt32BE(payload.length, 1);
    this.#socket.cork();
    this.#socket.write(header);
    if (payload.length > 0) this.#socket.write(payload);
    this.#socket.uncork();
  }
}

/** What the container says: frames in any pieces. */
class AttachOutput {
  readonly #socket: Socket;
  readonly #streams: AttachStreams;
  #header: Buffer = Buffer.alloc(0);
  #sink: Writable | null = null;
  #leftBytes = 0;
  /** The client has not got all that the container said. */
  isLost = false;

  constructor(socket: Socket, streams: AttachStreams) {
    this.#socket = socket;
    this.#streams = streams;
  }

  read(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && !this.isLost) {
      if (this.#leftBytes > 0) {
        const payload = rest.subarray(0, this.#leftBytes);
        this.#leftBytes -= payload.length;
        rest = rest.subarray(payload.length);
        this.#write(payload);
        continue;
      }
      const header = Buffer.concat([this.#header, rest.subarray(0, attachHeaderBytes - this.#header.length)]);
      rest = rest.subarray(header.length - this.#header.length);
      this.#header = header;
      if (header.length < attachHeaderBytes) return;
      this.#header = Buffer.alloc(0);
      this.#begin(header);
    }
  }

  #begin(header: Buffer): void {
    const channel = header.readUInt8(0);
    this.#leftBytes = header.readUInt32BE(1);
    if (this.#leftBytes > maxAttachPayloadBytes) this.#socket.destroy();
    const { stdout, stderr } = this.#streams;
    this.#sink = channel === attachChannel.stdout ? stdout : channel === attachChannel.stderr ? stderr : null;
  }

  #write(payload: Buffer): void {
    if (this.#sink === null || this.#sink.destroyed) return;
    this.#sink.write(payload);
    if (this.#sink.writableLength <= maxWaitingBytes) return;
    this.isLost = true;
    this.#socket.destroy();
  }
}
