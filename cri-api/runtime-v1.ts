/**
 * The messages of the CRI, package runtime.v1. For a message `X`: the type `X` as decoded (every field there), the type `XInit`
 * for encoding (every field may be left out), and the codec `X`. For an enumeration: the object of its names, and its type.
 */
export * from './generated/codecs.ts';
export type { Codec } from './wire/codec.ts';
export { CodecError, type CodecReason } from './wire/errors.ts';
export type { JsonValue } from './wire/json.ts';
