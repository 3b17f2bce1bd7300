/**
 * Flow control of one SPDY connection, in both directions: how much may be sent, what is told the peer of what was read.
 *
 * Go's spdystream, which all known clients use, neither counts windows nor updates them. So a peer is waited for only when
 * it has shown that it counts (SETTINGS with a window, WINDOW_UPDATE), and one that sends beyond our windows is not told
 * of them any more; what it sends is bounded by not reading. Source: SPDY protocol draft 3.1, section 2.6.8.
 */
import { initialWindowBytes, SpdyError } from './frames.ts';

/** The windows of one stream; below 0 while a peer that does not count is served. */
export type StreamWindows = { sendBytes: number; receiveBytes: number; unacknowledgedBytes: number };

export type SendUpdate = (streamId: number, deltaBytes: number) => void;

/** The peer is told of what was read from this on. */
const updateBytes = 32 * 1024;
export const maxWindowBytes = 0x7fffffff;

export class Windows {
  readonly #sendUpdate: SendUpdate;
  readonly #connection: StreamWindows = {
    sendBytes: initialWindowBytes,
    receiveBytes: initialWindowBytes,
    unacknowledgedBytes: 0,
  };
  #peerInitialBytes = initialWindowBytes;
  #hasPeerStreamWindows = false;
  #hasPeerConnectionWindow = false;
  #doesPeerIgnoreOurs = false;

  constructor(sendUpdate: SendUpdate) {
    this.#sendUpdate = sendUpdate;
  }

  open(): StreamWindows {
    return {
      sendBytes: this.#peerInitialBytes,
      receiveBytes: initialWindowBytes,
      unacknowledgedBytes: 0,
    };
  }

  /** How much may be sent now; not above 0: nothing. */
  allowedBytes(stream: StreamWindows): number {
    return Math.min(
      this.#hasPeerStreamWindows ? stream.sendBytes : maxWindowBytes,
      this.#hasPeerConnectionWindow ? this.#connection.sendBytes : maxWindowBytes,
    );
  }

  sent(stream: StreamWindows, lengthBytes: number): void {
    stream.sendBytes -= lengthBytes;
    this.#connection.sendBytes -= lengthBytes;
  }

  received(stream: StreamWindows, lengthBytes: number): void {
    stream.receiveBytes -= lengthBytes;
    if (stream.receiveBytes < 0) this.#doesPeerIgnoreOurs = true;
  }

  /** Bytes have been read or thrown away; of a stream that is gone or ended only the connection counts. */
  consumed(
    stream: { readonly id: number; readonly windows: StreamWindows } | null,
    lengthBytes: number,
  ): void {
    if (this.#doesPeerIgnoreOurs) return;
    if (stream !== null) this.#acknowledge(stream.id, stream.windows, lengthBytes);
    this.#acknowledge(0, this.#connection, lengthBytes);
  }

  /** The peer's SETTINGS: the windows of its streams, open ones included. */
  peerSets(windowBytes: number, open: Iterable<StreamWindows>): void {
    this.#hasPeerStreamWindows = true;
    for (const stream of open) stream.sendBytes += windowBytes - this.#peerInitialBytes;
    this.#peerInitialBytes = windowBytes;
  }

  /** @throws SpdyError when the connection's window overflows */
  peerUpdatesConnection(deltaBytes: number): void {
    this.#hasPeerConnectionWindow = true;
    this.#connection.sendBytes += deltaBytes;
    if (this.#connection.sendBytes > maxWindowBytes) throw new SpdyError('the connection window overflows');
  }

  /** @returns false when the stream's window overflows. Null: the stream is gone */
  peerUpdates(stream: StreamWindows | null, deltaBytes: number): boolean {
    this.#hasPeerStreamWindows = true;
    if (stream === null) return true;
    stream.sendBytes += deltaBytes;
    return stream.sendBytes <= maxWindowBytes;
  }

  #acknowledge(id: number, windows: StreamWindows, lengthBytes: number): void {
    windows.unacknowledgedBytes += lengthBytes;
    if (windows.unacknowledgedBytes < updateBytes) return;
    windows.receiveBytes += windows.unacknowledgedBytes;
    this.#sendUpdate(id, windows.unacknowledgedBytes);
    windows.unacknowledgedBytes = 0;
  }
}
