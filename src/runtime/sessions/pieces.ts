/**
 * What a process or a server sends, one piece after the other at the taker's pace: there is no next piece before the last one
 * was taken, so one buffer serves a whole session, and whoever sends faster is held back by the kernel.
 */
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Fd } from '../../kernel/contract/files.ts';

export interface Pieces {
  /** Once. A piece's bytes are the taker's until `taken` is called. `onEnd`: nothing more comes, for whatever reason. */
  begin(onPiece: (bytes: Buffer, taken: () => void) => void, onEnd: () => void): void;
  /** Gives the descriptor back. */
  close(): void;
}

/** One frame of a session. Pages of it that are never used cost nothing. */
const bufferBytes = 128 * 1024;

/** A pipe or a socket. Nothing is read before `begin`, but for what a first piece holds. */
export class PiecesOfFd implements Pieces {
  /** For what goes the other way, and for its events. */
  readonly socket: Socket;
  #onPiece: ((bytes: Buffer) => void) | null = null;
  /** Read before anybody wanted it. */
  #early: Buffer | null = null;

  /** Owns the descriptor from now on. */
  constructor(fd: Fd, isWritable: boolean) {
    const buffer = Buffer.allocUnsafeSlow(bufferBytes);
    this.socket = new Socket({
      fd: fd.release(),
      readable: true,
      writable: isWritable,
      allowHalfOpen: true,
      onread: {
        buffer,
        callback: (lengthBytes) => {
          this.#hand(buffer.subarray(0, lengthBytes));
          return false;
        },
      },
    });
    // A failed read is the end of what we can know; `close` follows.
    this.socket.on('error', () => undefined);
  }

  begin(onPiece: (bytes: Buffer, taken: () => void) => void, onEnd: () => void): void {
    const taken = (): void => void this.socket.resume();
    this.#onPiece = (bytes) => onPiece(bytes, taken);
    this.socket.on('end', onEnd);
    this.socket.on('close', onEnd);
    if (this.socket.destroyed || this.socket.readableEnded) return onEnd();
    if (this.#early !== null) this.#onPiece(this.#early);
    this.#early = null;
    return undefined;
  }

  close(): void {
    this.socket.destroy();
  }

  #hand(bytes: Buffer): void {
    if (this.#onPiece === null) this.#early = bytes;
    else this.#onPiece(bytes);
  }
}

/** A stream that somebody else reads for us: a terminal. */
export class PiecesOfStream implements Pieces {
  readonly #stream: Readable;

  constructor(stream: Readable) {
    this.#stream = stream;
  }

  begin(onPiece: (bytes: Buffer, taken: () => void) => void, onEnd: () => void): void {
    const stream = this.#stream;
    const taken = (): void => void stream.resume();
    for (const event of ['end', 'close', 'error']) stream.on(event, onEnd);
    stream.on('data', (chunk: Buffer) => {
      stream.pause();
      onPiece(chunk, taken);
    });
  }

  close(): void {
    this.#stream.destroy();
  }
}
