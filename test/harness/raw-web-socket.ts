/**
 * A WebSocket client byte by byte: what is written becomes one binary message, what comes in messages is read. It takes
 * protocol names that libraries refuse, and tests may write frames of their own below it. Source: RFC 6455, section 5.2.
 */
import { Duplex } from 'node:stream';

const opcode = { binary: 2, close: 8 } as const;

/** One whole frame of a client; its mask is all zeros, which is allowed. */
export function clientFrame(code: number, payload: Buffer): Buffer {
  const { length } = payload;
  const size = length < 126 ? Buffer.of(0x80 | length) : length < 65_536 ? Buffer.alloc(3) : Buffer.alloc(9);
  if (size.length === 3) {
    size[0] = 0x80 | 126;
    size.writeUInt16BE(length, 1);
  } else if (size.length === 9) {
    size[0] = 0x80 | 127;
    size.writeBigUInt64BE(BigInt(length), 1);
  }
  return Buffer.concat([Buffer.of(0x80 | code), size, Buffer.alloc(4), payload]);
}

export class RawWebSocket extends Duplex {
  readonly #below: Duplex;
  #pending = Buffer.alloc(0);

  /** @param below a connection on which the handshake is done */
  constructor(below: Duplex) {
    super();
    this.#below = below;
    below.on('data', (chunk: Buffer) => this.#receive(chunk));
    below.on('close', () => this.destroy());
    this.on('error', () => undefined);
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#below.write(clientFrame(opcode.binary, chunk), done);
  }

  override _read(): void {
    // Bytes are pushed as they come.
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#below.destroy();
    done(error);
  }

  #receive(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (let frame = this.#next(); frame !== null; frame = this.#next()) {
      if (frame.code === opcode.close) this.push(null);
      else if (frame.code <= opcode.binary) this.push(frame.payload);
    }
  }

  #next(): { readonly code: number; readonly payload: Buffer } | null {
    const bytes = this.#pending;
    if (bytes.length < 2) return null;
    const short = bytes.readUInt8(1);
    const begin = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < begin) return null;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < begin + length) return null;
    this.#pending = bytes.subarray(begin + length);
    return { code: bytes.readUInt8(0) & 0x0f, payload: bytes.subarray(begin, begin + length) };
  }
}
