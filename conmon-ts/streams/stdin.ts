/**
 * The container's standard input: a FIFO or a pty master. What the container does not read waits here in a bounded way: the
 * caller must stop when `write` says so. A pty has no end of input; closing it is refused silently, as the peers do.
 */
import { rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { openWriter } from '../watch/readiness.ts';

export class ContainerStdin {
  readonly #socket: Socket;
  /** The FIFO's path, removed at the end; null for a pty. */
  readonly #path: string | null;
  #hasEnded = false;

  /** Owns the descriptor. `onDrain` is called when writing may go on after it had to stop. */
  constructor(fd: number, path: string | null, onDrain: () => void) {
    this.#path = path;
    this.#socket = openWriter(fd);
    this.#socket.on('drain', onDrain);
    // The container has closed its end, or is gone: input is then taken and thrown away.
    this.#socket.on('error', () => {
      this.#hasEnded = true;
      onDrain();
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** False: stop until `onDrain`. The bytes are taken in any case. */
  write(bytes: Buffer): boolean {
    if (this.#hasEnded) return true;
    return this.#socket.write(Buffer.from(bytes));
  }

  /** The container reads an end of file after what was written. Returns whether this changed anything. */
  end(): boolean {
    if (this.#path === null || this.#hasEnded) return false;
    this.#hasEnded = true;
    rmSync(this.#path, { force: true });
    this.#socket.end();
    return true;
  }

  /** Gives the descriptor back at once. */
  close(): void {
    this.#hasEnded = true;
    this.#socket.destroy();
  }
}
