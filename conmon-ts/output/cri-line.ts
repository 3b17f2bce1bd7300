/**
 * The CRI log format, from bytes to bytes: no file, no clock, no state. A record is
 *
 *   2016-10-06T00:17:09.669794202Z stdout F content\n
 *   └ RFC 3339, nine digits, UTC ┘ stream │
 *                                         F: the line ends here; P: more of it follows in the next record of the stream
 *
 * A line is split only where its content passes 16 KiB; where a chunk of output ends is never a split.
 * Source: CRI, ContainerConfig.log_path; the kubelet's reader of container logs.
 */
export const maxContentBytes = 16 * 1024;
export const headBytes = 40;
/** Room for one record of any content. */
export const maxRecordBytes = headBytes + maxContentBytes + 1;

export type OutputStream = 'stdout' | 'stderr';

/** The beginnings of a stream's records, stamped in place. */
export type RecordHeads = { readonly full: Buffer; readonly partial: Buffer };

const newline = 10;
const timeBytes = 30;

export function createHeads(stream: OutputStream): RecordHeads {
  const blank = '0'.repeat(timeBytes);
  return { full: Buffer.from(`${blank} ${stream} F `), partial: Buffer.from(`${blank} ${stream} P `) };
}

/** Puts a time (Unix nanoseconds, years 1970 to 9999) into the heads. */
export function stampHeads(heads: RecordHeads, timeNs: bigint): void {
  const seconds = Number(timeNs / 1_000_000_000n);
  const fraction = String(timeNs % 1_000_000_000n).padStart(9, '0');
  const text = `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
  heads.full.write(text, 0, timeBytes, 'latin1');
  heads.partial.write(text, 0, timeBytes, 'latin1');
}

export type Chunk = {
  readonly source: Buffer;
  readonly from: number;
  readonly to: number;
  /** Nothing follows: what is left without a newline becomes a record too (P, as the peers write it). */
  readonly isEnd: boolean;
};
/** How far the chunk was read (the rest is an unfinished line, or did not fit), and what was put into `out`. */
export type Formatted = { readonly consumed: number; readonly written: number };

/** Writes the whole records of a chunk to the beginning of `out`, which has room for at least one. */
export function formatRecords(chunk: Chunk, heads: RecordHeads, out: Buffer): Formatted {
  const { source, to, isEnd } = chunk;
  const view = source.subarray(0, to);
  const lastStart = out.length - maxRecordBytes;
  let position = chunk.from;
  let written = 0;
  let lineEnd = -1;
  while (position < to && written <= lastStart) {
    if (lineEnd < position) {
      const found = view.indexOf(newline, position);
      lineEnd = found === -1 ? Infinity : found;
    }
    const isWhole = lineEnd - position <= maxContentBytes;
    const isLong = !isWhole && to - position > maxContentBytes;
    if (!isWhole && !isLong && !isEnd) break;
    const end = isWhole ? lineEnd : isLong ? position + maxContentBytes : to;
    written += (isWhole ? heads.full : heads.partial).copy(out, written);
    written += source.copy(out, written, position, end);
    out[written] = newline;
    written += 1;
    position = isWhole ? end + 1 : end;
  }
  return { consumed: position - chunk.from, written };
}

/** How many bytes of output the whole records in a buffer stand for: content, and the newline of full lines. */
export function outputBytesOf(records: Buffer): number {
  let bytes = 0;
  let position = 0;
  while (position < records.length) {
    const found = records.indexOf(newline, position + headBytes);
    const end = found === -1 ? records.length : found;
    const isFull = records[position + headBytes - 2] === 0x46;
    bytes += end - position - headBytes + (isFull ? 1 : 0);
    position = end + 1;
  }
  return bytes;
}
