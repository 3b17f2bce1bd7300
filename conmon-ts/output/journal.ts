/**
 * What makes a log exact although its writer may be killed at any instruction: output goes from the FIFO into a journal on
 * tmpfs inside one system call (splice: each byte is in the one or in the other), from there into the log, and one small
 * write then says how far that went. A successor cuts the log back to what was said and does the rest again.
 *
 *   FIFO ──splice──▶ journal ──format──▶ log
 *                       │                 │
 *      consumed ────────┴── log.state ────┴──── log size        one pwrite: all or nothing against SIGKILL
 *
 * The journal's offsets only grow; what is consumed is given back by punching holes, so that nothing is ever ambiguous.
 * An unfinished line simply stays unconsumed. This file knows files and offsets, and no log format.
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { punchHole, spliceToFile } from '../calls/file-calls.ts';

const pageBytes = 4096;
/** Consumed blocks are given back when this many bytes of them have come together. */
const slackBytes = 4 * pageBytes;

/** Output that was taken from a container and is not in the log yet, in order. */
export interface Backlog extends Disposable {
  /** An offset that only grows: all before it is in the log. */
  readonly consumed: number;
  readonly pendingBytes: number;
  put(bytes: Buffer): void;
  /** Copies what is pending, as far as it fits; it stays pending. */
  read(into: Buffer): number;
  consume(bytes: number): void;
  /** Gives memory back; after the commit of what was consumed. */
  trim(): void;
  close(): void;
}

export class Journal implements Backlog {
  readonly #fd: number;
  #end: number;
  #consumed: number;
  #punched: number;

  /** Opens or creates a journal of which `consumed` bytes are done with. */
  constructor(path: string, consumed: number) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    this.#end = Math.max(fstatSync(this.#fd).size, consumed);
    this.#consumed = consumed;
    this.#punched = 0;
    this.#giveBack();
  }

  get consumed(): number {
    return this.#consumed;
  }

  get pendingBytes(): number {
    return this.#end - this.#consumed;
  }

  /** Takes bytes out of a pipe: their count, 0 at its end, null when it is empty. @throws LinuxError ENOSPC */
  takeFromPipe(pipe: number, maxBytes: number): number | null {
    const count = spliceToFile(pipe, this.#fd, { offset: this.#end, maxBytes });
    this.#end += count ?? 0;
    return count;
  }

  /** Keeps bytes that come from something else than a pipe. @throws ENOSPC, with nothing kept */
  put(bytes: Buffer): void {
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(this.#fd, bytes, written, bytes.length - written, this.#end + written);
      }
    } catch (error) {
      ftruncateSync(this.#fd, this.#end);
      throw error;
    }
    this.#end += bytes.length;
  }

  read(into: Buffer): number {
    const wanted = Math.min(this.pendingBytes, into.length);
    return readSync(this.#fd, into, 0, wanted, this.#consumed);
  }

  consume(bytes: number): void {
    this.#consumed += bytes;
  }

  trim(): void {
    if (this.#consumed - this.#punched >= slackBytes) this.#giveBack();
  }

  #giveBack(): void {
    const whole = this.#consumed - (this.#consumed % pageBytes);
    if (whole > this.#punched) punchHole(this.#fd, this.#punched, whole - this.#punched);
    this.#punched = whole;
  }

  close(): void {
    closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** The stand-in for a journal when tmpfs is full: works, but does not outlive the process. */
export class MemoryBacklog implements Backlog {
  #pending: Buffer;
  #consumed: number;

  constructor(pending: Buffer, consumed: number) {
    this.#pending = pending;
    this.#consumed = consumed;
  }

  get consumed(): number {
    return this.#consumed;
  }

  get pendingBytes(): number {
    return this.#pending.length;
  }

  put(bytes: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, bytes]);
  }

  read(into: Buffer): number {
    return this.#pending.copy(into);
  }

  consume(bytes: number): void {
    this.#pending = Buffer.from(this.#pending.subarray(bytes));
    this.#consumed += bytes;
  }

  trim(): void {}
  close(): void {}
  [Symbol.dispose](): void {}
}
