/**
 * Reads the output of a process up to a budget that its streams share; the rest is read and dropped, so that the process
 * never blocks on us and our memory stays bounded.
 */
import { Socket } from 'node:net';
import { afterLastLook } from '../../base/time.ts';
import type { Fd } from '../../kernel/contract/files.ts';
import type { Kernel } from '../../kernel/kernel.ts';

/** Bytes that may still be kept, over all streams of one process. */
export class OutputBudget {
  #leftBytes: number;

  constructor(totalBytes: number) {
    this.#leftBytes = totalBytes;
  }

  take(wantedBytes: number): number {
    const granted = Math.min(wantedBytes, this.#leftBytes);
    this.#leftBytes -= granted;
    return granted;
  }
}

/** A pipe whose write end is given to a process and whose read end is read here, up to the budget. */
export class OutputPipe implements Disposable {
  readonly #write: Fd;
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  readonly #ended = Promise.withResolvers<void>();

  constructor(kernel: Pick<Kernel, 'pipe'>, budget: OutputBudget) {
    const { read, write } = kernel.pipe();
    this.#write = write;
    this.#socket = new Socket({ fd: read.release(), readable: true, writable: false });
    this.#socket.on('data', (chunk: Buffer) => {
      const kept = budget.take(chunk.length);
      if (kept > 0) this.#chunks.push(chunk.subarray(0, kept));
    });
    // A failed read is the end of what we can know.
    this.#socket.on('error', () => this.#ended.resolve());
    this.#socket.on('close', () => this.#ended.resolve());
  }

  /** For the process's standard stream. */
  get writeEnd(): number {
    return this.#write.number;
  }

  /** Called when the process has its copy: the pipe then ends with the process. */
  closeWriteEnd(): void {
    this.#write.close();
  }

  /** What was kept, when the pipe has ended or, at the latest, this long from now. */
  async drained(patienceMs: number): Promise<Buffer> {
    const cancel = afterLastLook(patienceMs, () => this.#ended.resolve());
    await this.#ended.promise;
    cancel();
    return Buffer.concat(this.#chunks);
  }

  [Symbol.dispose](): void {
    this.#write.close();
    this.#socket.destroy();
  }
}
