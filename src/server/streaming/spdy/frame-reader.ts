/**
 * Cuts a byte stream into SPDY frames. A control frame is handed over whole and is bounded; the bytes of a data frame are
 * handed on as they come, so that a frame of 16 MiB costs no memory. It knows frames, not streams.
 */
import { flagFin, frameHeaderBytes, spdyVersion, SpdyError } from './frames.ts';

export type FramePart =
  | {
      readonly kind: 'control';
      readonly type: number;
      readonly flags: number;
      readonly payload: Buffer;
    }
  /** A piece of a data frame. `isFin`: nothing comes after it on this stream. */
  | { readonly kind: 'data'; readonly streamId: number; readonly bytes: Buffer; readonly isFin: boolean };

/** Headers of a stream are a few hundred bytes. */
export const maxControlBytes = 64 * 1024;

const noBytes = Buffer.alloc(0);

export class FrameReader {
  /** A frame that is not complete: its header, or a control frame with a part of its payload. */
  #pending = noBytes;
  #data: { readonly streamId: number; readonly isFin: boolean; leftBytes: number } | null = null;

  /** The frames and parts of frames that end in this chunk. @throws SpdyError */
  *read(chunk: Buffer): Generator<FramePart, void, undefined> {
    let rest = chunk;
    for (;;) {
      if (this.#data !== null) {
        const { streamId, isFin, leftBytes } = this.#data;
        if (rest.length === 0 && leftBytes > 0) return;
        const bytes = rest.subarray(0, leftBytes);
        rest = rest.subarray(bytes.length);
        this.#data.leftBytes -= bytes.length;
        const isLast = this.#data.leftBytes === 0;
        if (isLast) this.#data = null;
        yield { kind: 'data', streamId, bytes, isFin: isFin && isLast };
        continue;
      }
      const frame = this.#pending.length === 0 ? rest : Buffer.concat([this.#pending, rest]);
      const wantedBytes = this.#begin(frame);
      if (wantedBytes > frame.length) {
        // Kept apart from the chunk, which would otherwise be held whole.
        this.#pending = Buffer.from(frame);
        return;
      }
      this.#pending = noBytes;
      rest = frame.subarray(wantedBytes);
      if (isControl(frame)) yield controlPart(frame.subarray(0, wantedBytes));
    }
  }

  /** How many bytes of this frame are handed over whole: the header of a data frame, all of a control frame. */
  #begin(frame: Buffer): number {
    if (frame.length < frameHeaderBytes) return frameHeaderBytes;
    const lengthBytes = frame.readUIntBE(5, 3);
    if (!isControl(frame)) {
      const isFin = (frame.readUInt8(4) & flagFin) !== 0;
      this.#data = { streamId: frame.readUInt32BE(0), isFin, leftBytes: lengthBytes };
      return frameHeaderBytes;
    }
    const version = frame.readUInt16BE(0) & 0x7fff;
    if (version !== spdyVersion) throw new SpdyError(`control frame of version ${version}: expected 3`);
    if (lengthBytes > maxControlBytes)
      throw new SpdyError(`control frame of ${lengthBytes} bytes: at most ${maxControlBytes} are read`);
    return frameHeaderBytes + lengthBytes;
  }
}

function isControl(frame: Buffer): boolean {
  return (frame.readUInt8(0) & 0x80) !== 0;
}

function controlPart(frame: Buffer): FramePart {
  return {
    kind: 'control',
    type: frame.readUInt16BE(2),
    flags: frame.readUInt8(4),
    payload: frame.subarray(frameHeaderBytes),
  };
}
