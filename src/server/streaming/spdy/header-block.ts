/**
 * Header blocks: names and values behind their lengths, within one zlib stream per direction. What a peer sends is hostile:
 * compressed and expanded sizes, counts and names are bounded.
 *
 *   | count (32) | length (32) | name | length (32) | value, several divided by NUL | …
 *
 * Source: SPDY protocol draft 3.1, section 2.6.10.
 */
import { createInflate, type Inflate } from 'node:zlib';
import { headerDictionary, headerDictionaryId } from './dictionary.ts';
import { SpdyError } from './frames.ts';

/** Of one block, expanded. */
const maxBlockBytes = 32 * 1024;
const maxHeaders = 64;

/** Names in lower case; a name's several values are one text with NULs. */
export type Headers = ReadonlyMap<string, string>;

/** Expands the blocks of one direction, which must come one after the other and none may be left out. */
export class HeaderReader implements Disposable {
  readonly #inflate: Inflate = createInflate({ dictionary: headerDictionary });
  #chunks: Buffer[] = [];
  #lengthBytes = 0;
  #reading: PromiseWithResolvers<void> | null = null;
  #failure: Error | null = null;

  constructor() {
    this.#inflate.on('data', (chunk: Buffer) => this.#collect(chunk));
    this.#inflate.on('error', (cause) => this.#fail(new SpdyError('expand headers', { cause })));
    this.#inflate.on('end', () =>
      this.#fail(new SpdyError('expand headers: the peer ended the compression')),
    );
    this.#inflate.on('close', () => this.#fail(new SpdyError('expand headers: the connection has ended')));
  }

  /** @throws SpdyError for a block that is damaged or too large */
  async read(compressed: Buffer): Promise<Headers> {
    if (this.#failure !== null) throw this.#failure;
    const reading = Promise.withResolvers<void>();
    this.#reading = reading;
    this.#chunks = [];
    this.#lengthBytes = 0;
    // Called when all that these bytes give has been read.
    this.#inflate.write(compressed, () => reading.resolve());
    await reading.promise;
    this.#reading = null;
    return parseHeaders(Buffer.concat(this.#chunks));
  }

  #collect(chunk: Buffer): void {
    this.#lengthBytes += chunk.length;
    if (this.#lengthBytes <= maxBlockBytes) return void this.#chunks.push(chunk);
    this.#chunks = [];
    this.#fail(new SpdyError(`expand headers: more than ${maxBlockBytes} bytes`));
    this.#inflate.destroy();
  }

  #fail(error: SpdyError): void {
    this.#failure ??= error;
    this.#reading?.reject(this.#failure);
  }

  [Symbol.dispose](): void {
    this.#inflate.destroy();
  }
}

/** @throws SpdyError */
export function parseHeaders(block: Buffer): Headers {
  const headers = new Map<string, string>();
  let at = 0;
  const number = (): number => {
    if (at + 4 > block.length) throw new SpdyError('headers end too early');
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = (): string => {
    const length = number();
    if (length > block.length - at) throw new SpdyError('headers end too early');
    at += length;
    return block.toString('utf8', at - length, at);
  };
  const count = number();
  if (count > maxHeaders) throw new SpdyError(`${count} headers: at most ${maxHeaders} are read`);
  for (let index = 0; index < count; index += 1) {
    const name = text().toLowerCase();
    if (name === '' || headers.has(name)) throw new SpdyError('headers: expected names, each once');
    headers.set(name, text());
  }
  if (at !== block.length) throw new SpdyError('headers: bytes behind the last one');
  return headers;
}

/**
 * Our own direction. What we have to say in headers is nothing at all, so the zlib stream consists of stored blocks, each
 * ended as by a flush: no compressor with its memory is kept for it. Source: RFC 1950 section 2.2, RFC 1951 section 3.2.4.
 */
export class HeaderWriter {
  #isBegun = false;

  write(headers: Headers): Buffer {
    const block = formatHeaders(headers);
    const stored = Buffer.alloc(5);
    stored.writeUInt16LE(block.length, 1);
    stored.writeUInt16LE(~block.length & 0xffff, 3);
    const flush = Buffer.from([0, 0, 0, 0xff, 0xff]);
    const begin = this.#isBegun ? [] : [streamBegin()];
    this.#isBegun = true;
    return Buffer.concat([...begin, stored, block, flush]);
  }
}

/** Deflate, window of 32 KiB, with a preset dictionary. */
function streamBegin(): Buffer {
  const begin = Buffer.from([0x78, 0, 0, 0, 0, 0]);
  const flags = 0x20;
  begin[1] = flags | (31 - ((0x78 * 256 + flags) % 31));
  begin.writeUInt32BE(headerDictionaryId, 2);
  return begin;
}

/** The block before its compression. */
export function formatHeaders(headers: Headers): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const text = (value: string): readonly Buffer[] => {
    const bytes = Buffer.from(value, 'utf8');
    return [number(bytes.length), bytes];
  };
  return Buffer.concat([
    number(headers.size),
    ...[...headers].flatMap(([name, value]) => [...text(name), ...text(value)]),
  ]);
}
