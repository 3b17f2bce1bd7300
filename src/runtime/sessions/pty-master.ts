/**
 * The master of a terminal, read as a stream and written without ever blocking: a process that does not read its terminal
 * holds the writer back, and nobody else.
 */
import { write as writeFd } from 'node:fs';
import { Writable, type Readable } from 'node:stream';
import { ReadStream } from 'node:tty';
import { errnoOf } from '../../base/errors.ts';
import { sleepMs } from '../../base/time.ts';
import type { Fd, TerminalHandle } from '../../kernel/contract/files.ts';
import type { Kernel } from '../../kernel/kernel.ts';

const firstPauseMs = 1;
const maxPauseMs = 50;

export class PtyMaster implements AsyncDisposable {
  /** What the process writes; ends with EIO when nobody has the terminal any more. */
  readonly output: Readable;
  /** What the process reads. Ending it ends nothing: a terminal's input has no end. */
  readonly input: Writable;
  readonly #handle: TerminalHandle;
  readonly #abort = new AbortController();
  #writing: Promise<void> = Promise.resolve();

  /** Owns the descriptor from now on. */
  constructor(kernel: Pick<Kernel, 'openTerminal'>, master: Fd) {
    using owned = master;
    this.#handle = kernel.openTerminal(owned.number);
    this.output = new ReadStream(owned.release());
    this.output.on('error', () => this.output.destroy());
    this.input = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#writing = this.#serve(chunk, done);
      },
    });
    this.input.on('error', () => undefined);
  }

  /** Nothing happens when the terminal has gone. */
  resize(size: { readonly width: number; readonly height: number }): void {
    if (!this.#abort.signal.aborted) this.#handle.setSize(size.width, size.height);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.output.destroy();
    this.input.destroy();
    // The descriptor must not be used by a write that is under way when its number is somebody else's.
    await this.#writing;
    this.#handle.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #serve(chunk: Buffer, done: (error?: Error | null) => void): Promise<void> {
    let failure: Error | null = null;
    try {
      await this.#write(chunk);
    } catch (error) {
      // The terminal has gone, or we are closing: the stream says so.
      failure = Error.isError(error) ? error : new Error('write to a terminal');
    }
    done(failure);
  }

  async #write(chunk: Buffer): Promise<void> {
    let rest = chunk;
    for (let pauseMs = firstPauseMs; rest.length > 0; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      this.#abort.signal.throwIfAborted();
      const written = await writeNow(this.#handle.number, rest);
      rest = rest.subarray(written);
      if (written === 0) await sleepMs(pauseMs, this.#abort.signal);
      else pauseMs = firstPauseMs;
    }
  }
}

/** @returns how many bytes the terminal took; 0 when it is full */
async function writeNow(fd: number, bytes: Buffer): Promise<number> {
  const done = Promise.withResolvers<number>();
  writeFd(fd, bytes, 0, bytes.length, null, (error, written) => {
    if (error === null) done.resolve(written);
    else if (errnoOf(error) === 'EAGAIN') done.resolve(0);
    else done.reject(error);
  });
  return await done.promise;
}
