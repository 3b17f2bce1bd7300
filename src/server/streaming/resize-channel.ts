/**
 * The resize channel: JSON objects one behind the other, in any pieces, from a client that may send anything.
 * Source: cri.md 2.9, `{"Width":80,"Height":24}`.
 */
import type { Readable } from 'node:stream';
import type { TerminalSize, TerminalSizes } from '../../runtime/sessions/sessions.ts';

/** One object is about 30 bytes. */
const maxObjectBytes = 256;

/** Reads sizes until the channel ends or says something else. */
export function followSizes(channel: Readable, sizes: TerminalSizes): void {
  const reader = new SizeReader();
  channel.on('data', (chunk: Buffer) => {
    const size = reader.read(chunk);
    if (size !== null) sizes.offer(size);
  });
}

export class SizeReader {
  #text = '';
  #isBroken = false;

  /** The last complete size in what has come; null: none, or no more after nonsense. */
  read(chunk: Buffer): TerminalSize | null {
    if (this.#isBroken) return null;
    let last: TerminalSize | null = null;
    const parts = (this.#text + chunk.toString('latin1')).split('}');
    this.#text = parts.pop() ?? '';
    for (const part of parts) {
      const size = parseSize(`${part}}`);
      if (size === null) this.#isBroken = true;
      last = size ?? last;
    }
    if (this.#text.length > maxObjectBytes) this.#isBroken = true;
    return last;
  }
}

function parseSize(text: string): TerminalSize | null {
  if (text.length > maxObjectBytes) return null;
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return null;
  const [width, height] = [field(value, 'width'), field(value, 'height')];
  return width === null || height === null ? null : { width, height };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Nonsense is no size.
    return null;
  }
}

/** Go reads the names of fields in any case; what is missing is 0. */
function field(object: object, name: string): number | null {
  const entry = Object.entries(object).find(([key]) => key.toLowerCase() === name);
  const value: unknown = entry === undefined ? 0 : entry[1];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : null;
}
