/**
 * The one error that decoding, encoding and JSON parsing throw. It knows nothing of gRPC or of the daemon: whoever decodes
 * a request turns it into an answer.
 */

/**
 * - `Truncated`: a length or a number reaches past its message.
 * - `BadTag`: field number 0, an unknown wire type, a group that does not end or ends in the wrong place.
 * - `BadVarint`: a number of more than 64 bits.
 * - `BadUtf8`: a string that is not UTF-8 (proto3 demands it).
 * - `TooDeep`: groups nested deeper than `maxGroupDepth`.
 * - `TooMany`: more than `maxElements` list elements and map entries in one message.
 * - `OutOfRange`: a number that its field cannot hold (encoding).
 * - `BadJson`: JSON that is not this message; the text names the path.
 */
export type CodecReason =
  'Truncated' | 'BadTag' | 'BadVarint' | 'BadUtf8' | 'TooDeep' | 'TooMany' | 'OutOfRange' | 'BadJson';

export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly reason: CodecReason;

  constructor(reason: CodecReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
