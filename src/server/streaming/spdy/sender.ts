/**
 * What streams say to the peer, as frames: at the pace of the transport, and within the peer's windows once it has shown
 * that it counts them. It does not know what the peer says.
 */
import { dataHeader, maxDataBytes, rstStreamFrame, SpdyError, synReplyFrame } from './frames.ts';
import { HeaderWriter } from './header-block.ts';
import type { SpdyStream } from './stream.ts';
import type { Transport } from './transport.ts';
import type { Windows } from './windows.ts';

export type Done = (error?: Error | null) => void;
type Blocked = { readonly stream: SpdyStream; readonly bytes: Buffer; readonly done: Done };

export class Sender {
  readonly #transport: Transport;
  readonly #windows: Windows;
  readonly #headerWriter = new HeaderWriter();
  /** Writers whom the peer's windows hold: at most one piece a stream. */
  #blocked: Blocked[] = [];

  constructor(transport: Transport, windows: Windows) {
    this.#transport = transport;
    this.#windows = windows;
  }

  reply(stream: SpdyStream): void {
    this.#transport.send(synReplyFrame(stream.id, this.#headerWriter.write(new Map())));
  }

  /** Calls back when the bytes have gone and more may come: a stream has one piece under way at most. */
  data(stream: SpdyStream, bytes: Buffer, done: Done): void {
    const allowedBytes = this.#windows.allowedBytes(stream.windows);
    if (allowedBytes <= 0) return void this.#blocked.push({ stream, bytes, done });
    const part = bytes.subarray(0, Math.min(allowedBytes, maxDataBytes));
    const rest = bytes.subarray(part.length);
    this.#windows.sent(stream.windows, part.length);
    const sent: Done = (error) => {
      if (rest.length === 0 || (error !== undefined && error !== null)) done(error);
      else if (stream.destroyed) done(new SpdyError('the stream was reset'));
      else this.data(stream, rest, done);
    };
    return this.#transport.sendPair(dataHeader(stream.id, part.length, false), part, sent);
  }

  fin(stream: SpdyStream, done: () => void): void {
    this.#transport.send(dataHeader(stream.id, 0, true));
    done();
  }

  reset(stream: SpdyStream, status: number): void {
    this.#transport.send(rstStreamFrame(stream.id, status));
  }

  /** The peer's windows have changed. */
  unblock(): void {
    for (const { stream, bytes, done } of this.#blocked.splice(0)) this.data(stream, bytes, done);
  }

  /** The stream has ended: nobody waits for its windows any more. */
  forget(stream: SpdyStream): void {
    const ofStream = this.#blocked.filter((each) => each.stream === stream);
    if (ofStream.length === 0) return;
    this.#blocked = this.#blocked.filter((each) => each.stream !== stream);
    for (const { done } of ofStream) done(new SpdyError('the stream was reset'));
  }

  /** The connection has ended. */
  fail(error: Error): void {
    for (const { done } of this.#blocked.splice(0)) done(error);
  }
}
