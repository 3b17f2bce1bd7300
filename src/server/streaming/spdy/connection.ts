/**
 * The server's end of one SPDY/3.1 connection over any byte stream: opens streams for the peer, answers pings, and bounds
 * all that a peer can make grow. It does not know what streams are for.
 *
 *   transport ─▶ frames ─▶ streams ─▶ readers       too much waits for readers: nothing more is read from the transport
 *   transport ◀─ frames ◀─ streams ◀─ writers       the transport is full: writers wait
 *
 * Source: SPDY protocol draft 3.1, sections 2.2 to 2.6; moby/spdystream for what clients really do.
 */
import type { Duplex } from 'node:stream';
import {
  emptySettingsFrame,
  flagFin,
  flagUnidirectional,
  frameType,
  goAwayFrame,
  goAwayStatus,
  pingFrame,
  resetStatus,
  rstStreamFrame,
  settingInitialWindow,
  SpdyError,
  windowUpdateFrame,
} from './frames.ts';
import { FrameReader, type FramePart } from './frame-reader.ts';
import { HeaderReader, type Headers } from './header-block.ts';
import { Sender, type Done } from './sender.ts';
import { SpdyStream, type StreamOwner } from './stream.ts';
import { Transport } from './transport.ts';
import { Unread } from './unread.ts';
import { maxWindowBytes, Windows } from './windows.ts';

export type SpdyEvents = {
  /** A stream that the peer has opened: to be accepted or reset. */
  readonly onStream: (stream: SpdyStream) => void;
  /** Something moved on a stream (pings do not count). */
  readonly onActivity: () => void;
};

/** At a time; a forwarded connection takes two. */
export const maxStreams = 1024;

export class SpdyConnection implements StreamOwner, Disposable {
  readonly #transport: Transport;
  readonly #events: SpdyEvents;
  readonly #reader = new FrameReader();
  readonly #headerReader = new HeaderReader();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #windows = new Windows((id, delta) => this.#transport.send(windowUpdateFrame(id, delta)));
  readonly #sender: Sender;
  readonly #unread = new Unread();
  #lastStreamId = 0;

  constructor(transport: Duplex, events: SpdyEvents) {
    this.#events = events;
    this.#transport = new Transport(transport, () => this.#ended());
    this.#sender = new Sender(this.#transport, this.#windows);
  }

  /** Settles when the peer has gone, or the connection was closed. */
  get closed(): Promise<void> {
    return this.#transport.closed;
  }

  /** Reads until the peer ends or breaks the protocol. Never throws: a connection that fails is closed. */
  async serve(): Promise<void> {
    try {
      await this.#transport.read((chunk) => this.#take(this.#reader.read(chunk)));
    } catch (error) {
      // A transport that failed is closed already; a peer that broke the protocol is told so.
      if (error instanceof SpdyError) this.#goAway(goAwayStatus.protocolError);
    }
    this.close();
  }

  /** Says goodbye and ends; what is queued still goes out if the peer takes it soon. */
  close(): void {
    if (this.#transport.isEnding) return;
    this.#goAway(goAwayStatus.ok);
    this.#transport.end();
    this.#unread.letGo();
  }

  [Symbol.dispose](): void {
    this.#transport.destroy();
  }

  #goAway(status: number): void {
    this.#transport.send(goAwayFrame(this.#lastStreamId, status));
  }

  #ended(): void {
    this.#headerReader[Symbol.dispose]();
    this.#unread.letGo();
    const gone = new SpdyError('the connection has ended');
    this.#sender.fail(gone);
    for (const stream of this.#streams.values()) stream.receiveReset(gone);
  }

  // Frames of the peer.

  /** @returns a promise when somebody has to be waited for: a decompressor, or readers */
  #take(parts: Iterator<FramePart>): Promise<void> | undefined {
    for (let next = parts.next(); next.done !== true; next = parts.next()) {
      if (next.value.kind === 'data') this.#onData(next.value);
      else return this.#onControl(next.value).then(async () => await this.#take(parts));
    }
    if (this.#transport.isEnding) return undefined;
    return this.#unread.untilRoom(() => this.#transport.send(emptySettingsFrame()));
  }

  async #onControl(part: FramePart & { readonly kind: 'control' }): Promise<void> {
    const { type, flags, payload } = part;
    switch (type) {
      case frameType.synStream:
        return await this.#onSynStream(payload, flags);
      case frameType.synReply:
      case frameType.headers:
        return await this.#onHeaders(payload, flags);
      case frameType.rstStream:
        return this.#streams.get(word(payload, 0))?.receiveReset();
      case frameType.settings:
        return this.#onSettings(payload);
      case frameType.ping:
        return this.#onPing(word(payload, 0));
      case frameType.windowUpdate:
        return this.#onWindowUpdate(word(payload, 0), word(payload, 4) & maxWindowBytes);
      // GOAWAY says that no more streams will come; the connection's end says the rest. Unknown frames are skipped.
      default:
        return undefined;
    }
  }

  async #onSynStream(payload: Buffer, flags: number): Promise<void> {
    const id = word(payload, 0) & maxWindowBytes;
    if (payload.length < 10) throw new SpdyError('SYN_STREAM is too short');
    const headers = await this.#headerReader.read(payload.subarray(10));
    if (id % 2 === 0 || id <= this.#lastStreamId)
      throw new SpdyError(`stream ${id}: expected an odd number above ${this.#lastStreamId}`);
    this.#lastStreamId = id;
    if (this.#transport.isEnding) return undefined;
    if (this.#streams.size >= maxStreams)
      return this.#transport.send(rstStreamFrame(id, resetStatus.refusedStream));
    this.#events.onActivity();
    return this.#open(id, headers, flags);
  }

  #open(id: number, headers: Headers, flags: number): void {
    const stream = new SpdyStream(this, { id, headers, windows: this.#windows.open() });
    this.#streams.set(id, stream);
    if ((flags & flagFin) !== 0) stream.receiveFin();
    this.#events.onStream(stream);
    if ((flags & flagUnidirectional) !== 0) stream.end();
  }

  async #onHeaders(payload: Buffer, flags: number): Promise<void> {
    const id = word(payload, 0);
    // Read although nobody asks for them: the next block is compressed against this one.
    await this.#headerReader.read(payload.subarray(4));
    if ((flags & flagFin) !== 0) this.#streams.get(id)?.receiveFin();
  }

  #onData({ streamId, bytes, isFin }: FramePart & { readonly kind: 'data' }): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || stream.hasPeerEnded) {
      // Data may still be under way for a stream that we have reset; one that never was is the peer's mistake.
      if (streamId === 0 || streamId > this.#lastStreamId)
        throw new SpdyError(`data for stream ${streamId}: it was never opened`);
      return this.#windows.consumed(null, bytes.length);
    }
    this.#events.onActivity();
    if (bytes.length > 0) {
      this.#windows.received(stream.windows, bytes.length);
      this.#unread.came(bytes.length);
      stream.receive(bytes);
    }
    return isFin ? stream.receiveFin() : undefined;
  }

  #onPing(id: number): void {
    // Even ids are answers to pings of ours, of which there are none.
    if (id % 2 === 1) this.#transport.send(pingFrame(id));
  }

  #onSettings(payload: Buffer): void {
    if (payload.length !== 4 + word(payload, 0) * 8) throw new SpdyError('SETTINGS has the wrong length');
    for (let at = 4; at < payload.length; at += 8) {
      if ((word(payload, at) & 0xffffff) !== settingInitialWindow) continue;
      const open = this.#streams.values().map(({ windows }) => windows);
      this.#windows.peerSets(word(payload, at + 4) & maxWindowBytes, open);
    }
    this.#sender.unblock();
  }

  #onWindowUpdate(id: number, deltaBytes: number): void {
    const stream = this.#streams.get(id);
    if (id === 0) this.#windows.peerUpdatesConnection(deltaBytes);
    else if (!this.#windows.peerUpdates(stream?.windows ?? null, deltaBytes))
      stream?.reset(resetStatus.flowControlError);
    this.#sender.unblock();
  }

  // What streams ask for.

  sendReply(stream: SpdyStream): void {
    this.#sender.reply(stream);
  }

  sendData(stream: SpdyStream, bytes: Buffer, done: Done): void {
    this.#events.onActivity();
    this.#sender.data(stream, bytes, done);
  }

  sendFin(stream: SpdyStream, done: () => void): void {
    this.#sender.fin(stream, done);
  }

  sendReset(stream: SpdyStream, status: number): void {
    this.#sender.reset(stream, status);
  }

  consumed(stream: SpdyStream, lengthBytes: number): void {
    this.#unread.went(lengthBytes);
    this.#windows.consumed(stream.hasPeerEnded ? null : stream, lengthBytes);
  }

  forget(stream: SpdyStream): void {
    this.#streams.delete(stream.id);
    this.#sender.forget(stream);
  }
}

/** @throws SpdyError when the frame is too short */
function word(payload: Buffer, at: number): number {
  if (payload.length < at + 4) throw new SpdyError('a control frame is too short');
  return payload.readUInt32BE(at);
}
