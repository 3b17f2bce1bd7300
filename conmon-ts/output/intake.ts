/**
 * One stream of one container: takes what can be read, puts whole records into the log, keeps an unfinished line. Each `pump`
 * is one bounded piece of work inside one turn of the loop. Neither exits nor attach clients are known here.
 */
import { readSync } from 'node:fs';
import { createHeads, formatRecords, maxContentBytes, stampHeads, type OutputStream } from './cri-line.ts';
import { Journal, MemoryBacklog, type Backlog } from './journal.ts';
import { nowNs } from '../calls/file-calls.ts';
import { errnoOf } from '../linux.ts';

/** Where the records go. All calls come inside `pump`. */
export interface Sink {
  /** False: output is thrown away after `observe`. */
  readonly hasLog: boolean;
  /** New output, whole or not; the buffer is used again after the call. */
  observe(stream: OutputStream, bytes: Buffer): void;
  append(records: Buffer, length: number): void;
  /** After the appends of one pump. */
  commit(): void;
}

/** More may be there; nothing is there now; nothing will ever come. */
export type Pumped = 'more' | 'empty' | 'end';

const chunkBytes = 256 * 1024;
/** Shared by all streams: a pump ends before the next begins. */
const source = Buffer.allocUnsafeSlow(chunkBytes + 2 * maxContentBytes);
const records = Buffer.allocUnsafeSlow(2 * chunkBytes);

export type IntakeSource = {
  readonly stream: OutputStream;
  readonly fd: number;
  /** A pty master is read; a FIFO can be spliced. */
  readonly isTerminal: boolean;
};

export class Intake {
  readonly stream: OutputStream;
  readonly #source: IntakeSource;
  readonly #sink: Sink;
  readonly #heads;
  #backlog: Backlog;
  #hasEnded = false;

  constructor(from: IntakeSource, backlog: Backlog, sink: Sink) {
    this.stream = from.stream;
    this.#source = from;
    this.#backlog = backlog;
    this.#sink = sink;
    this.#heads = createHeads(from.stream);
  }

  get consumed(): number {
    return this.#backlog.consumed;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Takes at most `chunkBytes` and logs them. */
  pump(): Pumped {
    if (this.#hasEnded) return 'end';
    const before = this.#backlog.pendingBytes;
    const count = this.#take();
    if (count === null) return 'empty';
    this.#hasEnded = count === 0;
    this.#flush(before);
    return this.#hasEnded ? 'end' : 'more';
  }

  /** Logs what a predecessor had taken and not yet logged. */
  recover(): void {
    this.#flush(this.#backlog.pendingBytes);
  }

  /** Throws away what was taken and not logged: its size. */
  giveUpPending(): number {
    const bytes = this.#backlog.pendingBytes;
    this.#backlog.consume(bytes);
    return bytes;
  }

  giveUp(): 'end' {
    this.#hasEnded = true;
    return 'end';
  }

  #take(): number | null {
    if (this.#backlog instanceof Journal && !this.#source.isTerminal) {
      try {
        return this.#backlog.takeFromPipe(this.#source.fd, chunkBytes);
      } catch {
        // No room on tmpfs (or a file system that cannot splice): the log goes on without its journal.
        this.#leaveJournal();
      }
    }
    const count = readAvailable(this.#source.fd, source.subarray(0, chunkBytes));
    if (count !== null) this.#put(source.subarray(0, count));
    return count;
  }

  #put(bytes: Buffer): void {
    try {
      this.#backlog.put(bytes);
    } catch {
      // No room on tmpfs, as above.
      const taken = Buffer.from(bytes);
      this.#leaveJournal();
      this.#backlog.put(taken);
    }
  }

  #leaveJournal(): void {
    const pending = Buffer.alloc(this.#backlog.pendingBytes);
    this.#backlog.read(pending);
    const { consumed } = this.#backlog;
    this.#backlog.close();
    this.#backlog = new MemoryBacklog(pending, consumed);
  }

  /** Moves whole records into the log; `known` bytes of the backlog have been observed before. */
  #flush(known: number): void {
    stampHeads(this.#heads, nowNs());
    let unseenFrom = known;
    for (;;) {
      const length = this.#backlog.read(source);
      if (unseenFrom < length) this.#sink.observe(this.stream, source.subarray(unseenFrom, length));
      const isLast = length === this.#backlog.pendingBytes;
      const consumed = this.#sink.hasLog ? this.#format(length, this.#hasEnded && isLast) : length;
      this.#backlog.consume(consumed);
      if (isLast || consumed === 0) break;
      unseenFrom = Math.max(unseenFrom, length) - consumed;
    }
    this.#sink.commit();
    this.#backlog.trim();
  }

  #format(length: number, isEnd: boolean): number {
    let from = 0;
    for (;;) {
      const done = formatRecords({ source, from, to: length, isEnd }, this.#heads, records);
      if (done.consumed === 0) return from;
      this.#sink.append(records, done.written);
      from += done.consumed;
    }
  }

  close(): void {
    this.#backlog.close();
  }
}

/** Bytes read, 0 at the end (a pty says EIO there), null when there are none now. */
function readAvailable(fd: number, into: Buffer): number | null {
  try {
    return readSync(fd, into, 0, into.length, null);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EAGAIN') return null;
    if (errno === 'EIO') return 0;
    throw error;
  }
}
