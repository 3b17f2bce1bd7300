/**
 * The frames of SPDY/3.1: their numbers, and those that we send as bytes. Reading is done in `frame-reader.ts`; nothing
 * here keeps a state.
 *
 *   control  |1| version 3 (15) | type (16) |   data  |0| stream id (31)          |
 *            | flags (8) | length (24)      |         | flags (8) | length (24)   |
 *            | payload …                    |         | bytes …                   |
 *
 * Source: SPDY protocol draft 3.1, section 2.2 and 2.6.
 */

export const spdyVersion = 3;
export const frameHeaderBytes = 8;

export const frameType = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

/** Of all frames that belong to a stream. */
export const flagFin = 1;
/** Of SYN_STREAM: the other side may send nothing on it. */
export const flagUnidirectional = 2;

/** Why a stream is reset. Source: section 2.6.3. */
export const resetStatus = {
  protocolError: 1,
  invalidStream: 2,
  refusedStream: 3,
  cancel: 5,
  internalError: 6,
  flowControlError: 7,
} as const;

/** Source: section 2.6.6. */
export const goAwayStatus = { ok: 0, protocolError: 1, internalError: 2 } as const;

/** Source: section 2.6.4, SETTINGS_INITIAL_WINDOW_SIZE. */
export const settingInitialWindow = 7;
/** Of each stream and of the connection, until told otherwise. Source: section 2.6.8. */
export const initialWindowBytes = 64 * 1024;

/** The largest frame that we send: above it other streams would wait too long for their turn. */
export const maxDataBytes = 128 * 1024;

/** What the peer did is against the protocol: the connection ends. */
export class SpdyError extends Error {
  override readonly name = 'SpdyError';
}

/** The eight bytes before the payload of a data frame. */
export function dataHeader(streamId: number, lengthBytes: number, isFin: boolean): Buffer {
  const header = Buffer.allocUnsafe(frameHeaderBytes);
  header.writeUInt32BE(streamId, 0);
  header.writeUInt32BE(lengthBytes, 4);
  header[4] = isFin ? flagFin : 0;
  return header;
}

/** Accepts a stream. `headerBlock` is compressed. */
export function synReplyFrame(streamId: number, headerBlock: Buffer): Buffer {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(streamId);
  return control(frameType.synReply, 0, Buffer.concat([id, headerBlock]));
}

export function rstStreamFrame(streamId: number, status: number): Buffer {
  return control(frameType.rstStream, 0, words(streamId, status));
}

export function pingFrame(id: number): Buffer {
  return control(frameType.ping, 0, words(id));
}

export function goAwayFrame(lastStreamId: number, status: number): Buffer {
  return control(frameType.goAway, 0, words(lastStreamId, status));
}

/** Stream 0 is the connection. */
export function windowUpdateFrame(streamId: number, deltaBytes: number): Buffer {
  return control(frameType.windowUpdate, 0, words(streamId, deltaBytes));
}

/** Changes nothing and is not answered. */
export function emptySettingsFrame(): Buffer {
  return control(frameType.settings, 0, words(0));
}

/** A control frame from its parts; also what tests send. */
export function control(type: number, flags: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length);
  frame.writeUInt16BE(0x8000 | spdyVersion, 0);
  frame.writeUInt16BE(type, 2);
  frame.writeUInt32BE(payload.length, 4);
  frame[4] = flags;
  payload.copy(frame, frameHeaderBytes);
  return frame;
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}
