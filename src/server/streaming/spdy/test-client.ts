/**
 * A SPDY client of our own for tests, byte by byte: it may break every rule, and it compresses its headers with the real
 * compressor. Nothing of the daemon uses it.
 */
import type { Duplex } from 'node:stream';
import { constants, createDeflate, type Deflate } from 'node:zlib';
import { headerDictionary } from './dictionary.ts';
import { FrameReader, type FramePart } from './frame-reader.ts';
import { control, dataHeader, frameType } from './frames.ts';
import { formatHeaders, HeaderReader, type Headers } from './header-block.ts';

/** What has come on one stream. */
class Received {
  /** False: bytes are counted and thrown away. */
  keepsBytes = true;
  readonly chunks: Buffer[] = [];
  lengthBytes = 0;
  reply: Headers | null = null;
  isFin = false;
  resetStatus: number | null = null;

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

export class TestSpdyClient {
  readonly duplex: Duplex;
  readonly controls: { readonly type: number; readonly payload: Buffer }[] = [];
  isClosed = false;
  readonly #deflate: Deflate = createDeflate({ dictionary: headerDictionary });
  readonly #headers = new HeaderReader();
  readonly #received = new Map<number, Received>();
  #waiting: { readonly test: () => boolean; readonly resolve: () => void }[] = [];
  #lastId = -1;
  #receivedBytes = 0;
  #held: PromiseWithResolvers<void> | null = null;

  /** @param reads false: what comes is the caller's to read */
  constructor(duplex: Duplex, reads = true) {
    this.duplex = duplex;
    duplex.on('error', () => undefined);
    duplex.on('close', () => {
      this.isClosed = true;
      this.readOn();
      this.#headers[Symbol.dispose]();
      this.#deflate.destroy();
      this.#check();
    });
    if (reads) void this.#read();
  }

  of(id: number): Received {
    const known = this.#received.get(id) ?? new Received();
    this.#received.set(id, known);
    return known;
  }

  /** Opens the next stream and returns its number. */
  async open(headers: Readonly<Record<string, string>>, flags = 0, id?: number): Promise<number> {
    this.#lastId = id ?? this.#lastId + 2;
    const fixed = Buffer.alloc(10);
    fixed.writeUInt32BE(this.#lastId, 0);
    const block = await this.compress(formatHeaders(new Map(Object.entries(headers))));
    this.duplex.write(control(frameType.synStream, flags, Buffer.concat([fixed, block])));
    return this.#lastId;
  }

  /** Through the compressor of this connection, in order. */
  async compress(bytes: Buffer): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer): void => void chunks.push(chunk);
    this.#deflate.on('data', take);
    const done = Promise.withResolvers<void>();
    this.#deflate.write(bytes);
    this.#deflate.flush(constants.Z_SYNC_FLUSH, () => done.resolve());
    await done.promise;
    this.#deflate.off('data', take);
    return Buffer.concat(chunks);
  }

  data(id: number, bytes: string | Buffer, isFin = false): boolean {
    const buffer = Buffer.from(bytes);
    return this.duplex.write(Buffer.concat([dataHeader(id, buffer.length, isFin), buffer]));
  }

  control(type: number, ...words: readonly number[]): void {
    const payload = Buffer.alloc(words.length * 4);
    for (const [index, word] of words.entries()) payload.writeUInt32BE(word, index * 4);
    this.duplex.write(control(type, 0, payload));
  }

  /** Waits for something that has come. @throws when it does not come in 10 s */
  async until(what: string, test: () => boolean): Promise<void> {
    if (test()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ test, resolve });
    const timer = setTimeout(() => reject(new Error(`${what}: not after 10 s`)), 10_000);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads nothing more until `readOn`. */
  holdReading(): void {
    this.#held ??= Promise.withResolvers<void>();
  }

  readOn(): void {
    this.#held?.resolve();
    this.#held = null;
  }

  /** Waits for as long as something comes. @throws when nothing has come for 10 s */
  async untilSlowly(what: string, test: () => boolean): Promise<void> {
    for (;;) {
      const before = this.#receivedBytes;
      try {
        return await this.until(what, test);
      } catch (error) {
        if (this.#receivedBytes === before) throw error;
      }
    }
  }

  async #read(): Promise<void> {
    const reader = new FrameReader();
    try {
      for await (const chunk of this.duplex) {
        if (!Buffer.isBuffer(chunk)) throw new TypeError('expected bytes');
        this.#receivedBytes += chunk.length;
        await this.#held?.promise;
        for (const part of reader.read(chunk)) await this.#take(part);
        this.#check();
      }
    } catch {
      // The connection broke: `isClosed` says so.
    }
    this.#check();
  }

  async #take(part: FramePart): Promise<void> {
    if (part.kind === 'data') {
      const received = this.of(part.streamId);
      if (received.keepsBytes) received.chunks.push(part.bytes);
      received.lengthBytes += part.bytes.length;
      received.isFin ||= part.isFin;
      return;
    }
    const { type, payload } = part;
    this.controls.push({ type, payload });
    const id = payload.length >= 4 ? payload.readUInt32BE(0) : 0;
    if (type === frameType.synReply) this.of(id).reply = await this.#headers.read(payload.subarray(4));
    if (type === frameType.rstStream) this.of(id).resetStatus = payload.readUInt32BE(4);
  }

  #check(): void {
    const met = this.#waiting.filter(({ test }) => test());
    this.#waiting = this.#waiting.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve();
  }
}
