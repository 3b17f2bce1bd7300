/**
 * Channels over one WebSocket: each message belongs to the channel that its first byte (or digit) names. Input is held back
 * by not reading from the socket at all, output by waiting until a message has been written.
 * Source: cri.md 2.9, `v5…v1.channel.k8s.io` and their base64 variants.
 */
import { Readable, Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { ChannelProtocol } from './negotiation.ts';

/** Of v5, in front of the number of a channel that the client has ended. */
const closeSignal = 255;
/** While nothing is read we would not see the client leave: a frame without meaning finds out. */
const probeMs = 500;

export type ChannelsOptions = {
  /** Paused until now; its errors are heard by whoever has opened it. */
  readonly socket: WebSocket;
  readonly protocol: ChannelProtocol;
  readonly onActivity: () => void;
};

export class Channels {
  readonly #options: ChannelsOptions;
  readonly #inputs = new Map<number, ChannelInput>();
  readonly #listeners = new Map<number, (bytes: Buffer) => void>();
  readonly #closed = Promise.withResolvers<void>();
  #probe: NodeJS.Timeout | null = null;

  constructor(options: ChannelsOptions) {
    this.#options = options;
    const { socket } = options;
    socket.on('close', () => this.#ended());
    socket.on('message', (data: RawData) => this.#receive(asBuffer(data)));
    socket.resume();
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** What the client sends on a channel, at the reader's pace. */
  input(channel: number): Readable {
    const input = new ChannelInput(() => this.#resume());
    this.#inputs.set(channel, input);
    return input;
  }

  /** Small messages of the client on a channel. */
  listen(channel: number, listener: (bytes: Buffer) => void): void {
    this.#listeners.set(channel, listener);
  }

  output(channel: number): Writable {
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => this.send(channel, chunk, done),
    });
    // A client that has left is told of by `closed`.
    sink.on('error', () => undefined);
    return sink;
  }

  send(channel: number, bytes: Buffer, done: (error?: Error | null) => void = () => undefined): void {
    const { socket, protocol, onActivity } = this.#options;
    onActivity();
    if (protocol.isBase64) socket.send(`${channel}${bytes.toString('base64')}`, done);
    else socket.send(Buffer.concat([Buffer.of(channel), bytes]), done);
  }

  /** Says goodbye behind all that was sent; the client answers by leaving. */
  goodbye(): void {
    this.#options.socket.close(1000);
  }

  close(): void {
    this.#options.socket.terminate();
  }

  #receive(message: Buffer): void {
    const { protocol, onActivity } = this.#options;
    onActivity();
    const first = message[0];
    if (first === undefined) return undefined;
    if (first === closeSignal && protocol.hasCloseSignal) return this.#inputs.get(message[1] ?? -1)?.finish();
    const channel = protocol.isBase64 ? first - 0x30 : first;
    const body = message.subarray(1);
    const bytes = protocol.isBase64 ? Buffer.from(body.toString('latin1'), 'base64') : body;
    if (bytes.length === 0) return undefined;
    this.#listeners.get(channel)?.(bytes);
    if (this.#inputs.get(channel)?.accept(bytes) === false) this.#pause();
    return undefined;
  }

  #pause(): void {
    const { socket } = this.#options;
    socket.pause();
    this.#probe ??= setInterval(() => {
      if (socket.readyState === socket.OPEN) socket.pong();
    }, probeMs);
  }

  #resume(): void {
    if (this.#probe === null || this.#inputs.values().some((input) => input.isFull)) return;
    clearInterval(this.#probe);
    this.#probe = null;
    this.#options.socket.resume();
  }

  #ended(): void {
    if (this.#probe !== null) clearInterval(this.#probe);
    for (const input of this.#inputs.values()) input.destroy();
    this.#closed.resolve();
  }
}

/** One channel's input. Throwing it away is `resume()`. */
class ChannelInput extends Readable {
  readonly #onRoom: () => void;
  #isEnded = false;
  isFull = false;

  constructor(onRoom: () => void) {
    super();
    this.#onRoom = onRoom;
    this.on('error', () => undefined);
    this.on('close', () => this.#makeRoom());
  }

  /** @returns false: no more for now */
  accept(bytes: Buffer): boolean {
    if (this.#isEnded || this.destroyed) return true;
    this.isFull = !this.push(bytes);
    return !this.isFull;
  }

  finish(): void {
    if (this.#isEnded || this.destroyed) return;
    this.#isEnded = true;
    this.push(null);
  }

  override _read(): void {
    this.#makeRoom();
  }

  #makeRoom(): void {
    if (!this.isFull) return;
    this.isFull = false;
    this.#onRoom();
  }
}

function asBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
