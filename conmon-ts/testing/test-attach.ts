/** For tests: a client of an attach socket. Nothing of the product imports this. */
import { connect, type Socket } from 'node:net';
import { attachChannel, attachHeaderBytes } from '../protocol.ts';

export class TestAttach implements Disposable {
  readonly socket: Socket;
  /** Resolves when the monitor ends the connection. */
  readonly ended: Promise<void>;
  readonly #received: { [channel: number]: string } = {};
  #rest = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  static async connect(path: string): Promise<TestAttach> {
    const socket = connect(path);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new TestAttach(socket);
  }

  #read(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= attachHeaderBytes) {
      const end = attachHeaderBytes + this.#rest.readUInt32BE(1);
      if (this.#rest.length < end) return;
      const channel = this.#rest[0] ?? 0;
      const text = this.#rest.toString('utf8', attachHeaderBytes, end);
      this.#received[channel] = (this.#received[channel] ?? '') + text;
      this.#rest = Buffer.from(this.#rest.subarray(end));
    }
  }

  get stdout(): string {
    return this.#received[attachChannel.stdout] ?? '';
  }

  get stderr(): string {
    return this.#received[attachChannel.stderr] ?? '';
  }

  send(channel: number, payload: string | Buffer): void {
    const bytes = Buffer.from(payload);
    const header = Buffer.alloc(attachHeaderBytes);
    header[0] = channel;
    header.writeUInt32BE(bytes.length, 1);
    this.socket.write(Buffer.concat([header, bytes]));
  }

  /** Until the condition holds after some output. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition())
      await new Promise((resolve) => this.socket.once('data', resolve).once('close', resolve));
  }

  close(): void {
    this.socket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
