/**
 * A pipe that a program writes to and that is read here. What a program that ends soon has written is read when it has ended, in
 * one go; for one that runs longer the loop watches the pipe, which costs ten times as much.
 *
 *   made ──handed over, a few milliseconds──▶ watched ──end of file──▶ done
 *     └──finish──▶ read in one go ──end of file──▶ done
 *                       └── somebody still holds the pipe ──▶ watched, for so long at most
 */
import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import { errnoOf } from '../../base/errors.ts';
import { afterLastLook } from '../../base/time.ts';
import type { Fd } from '../../kernel/contract/files.ts';
import type { Kernel } from '../../kernel/kernel.ts';

/** Longer than the `start` of a runtime takes, or a simple command in a container. */
const soonMs = 5;
/** Read in one go at most: a pipe holds 64 KiB, but somebody may write on. */
const maxAtOnceBytes = 1024 * 1024;

/** What has been read is passed on as a copy. */
const shared = Buffer.alloc(64 * 1024);

export class OutputPipe implements Disposable {
  readonly #write: Fd;
  /** Null: it is watched, or done. */
  #read: Fd | null;
  readonly #take: (chunk: Buffer) => void;
  readonly #ended = Promise.withResolvers<void>();
  #timer: NodeJS.Timeout | undefined;
  #socket: Socket | null = null;

  constructor(kernel: Pick<Kernel, 'outputPipe'>, take: (chunk: Buffer) => void) {
    const { read, write } = kernel.outputPipe();
    this.#read = read;
    this.#write = write;
    this.#take = take;
  }

  /** For the program's standard stream. */
  get writeEnd(): number {
    return this.#write.number;
  }

  /** Called when the program has its copy: the pipe then ends with the program. */
  handedOver(): void {
    this.#write.close();
    this.#timer = setTimeout(() => this.#watch(), soonMs);
  }

  /** Called when the program has ended: resolves when all has been read or, at the latest, this long from now. */
  async finish(patienceMs: number): Promise<void> {
    if (this.#read !== null && this.#readAll(this.#read)) return;
    this.#watch();
    const cancel = afterLastLook(patienceMs, () => this.#ended.resolve());
    await this.#ended.promise;
    cancel();
  }

  /** Whether it was read to its end. */
  #readAll({ number: fd }: Fd): boolean {
    try {
      for (let leftBytes = maxAtOnceBytes; leftBytes > 0;) {
        const lengthBytes = readSync(fd, shared);
        if (lengthBytes === 0) return this.#close();
        this.#take(Buffer.from(shared.subarray(0, lengthBytes)));
        leftBytes -= lengthBytes;
      }
    } catch (error) {
      // A failed read is the end of what we can know.
      if (errnoOf(error) !== 'EAGAIN') return this.#close();
    }
    return false;
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#read === null) return;
    const socket = new Socket({ fd: this.#read.release(), readable: true, writable: false });
    this.#read = null;
    this.#socket = socket;
    socket.on('data', this.#take);
    socket.on('error', () => this.#ended.resolve());
    socket.on('close', () => this.#ended.resolve());
  }

  #close(): true {
    clearTimeout(this.#timer);
    this.#write.close();
    this.#read?.close();
    this.#read = null;
    this.#socket?.destroy();
    return true;
  }

  /** What has not been read by then is lost. */
  [Symbol.dispose](): void {
    this.#close();
  }
}
