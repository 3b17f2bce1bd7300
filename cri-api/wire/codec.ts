/**
 * What the rest of the program sees of a message: one codec object. The generated file makes one for each message out of
 * a read function, a write function and a table of fields.
 */
import { type JsonValue, type MessageTable, createFrom, parseJson, printJson } from './json.ts';
import { type ReadMessage, WireReader } from './reader.ts';
import { type WriteMessage, WireWriter } from './writer.ts';

/**
 * One message type. `Full` is what decoding yields: every field is there, an absent message is null, an absent list or map
 * is empty. `Init` is what encoding takes: every field may be left out.
 */
export type Codec<Full, Init> = {
  /** With its package: `runtime.v1.Container`. */
  readonly name: string;
  /** @throws OutOfRange an integer that its field cannot hold */
  encode(this: void, message: Init): Buffer;
  /**
   * Ignores unknown fields and keeps unknown enumeration values. The result shares no memory with `bytes`.
   * @throws Truncated, BadTag, BadVarint, BadUtf8, TooDeep, TooMany
   */
  decode(this: void, bytes: Uint8Array): Full;
  /** The message with all its fields, as decoding its encoding would give it. */
  create(this: void, init: Init): Full;
  /**
   * For records on disk: field names as in the proto, 64-bit integers as decimal strings, bytes as base64, enumerations as
   * numbers (their names have changed between versions of the CRI), default values left out.
   */
  toJson(this: void, message: Init): JsonValue;
  /**
   * The inverse of `toJson`; `null` and unknown keys are refused.
   * @throws BadJson with the path of the fault
   */
  fromJson(this: void, json: unknown): Full;
};

export type CodecParts<Full, Init> = {
  readonly table: MessageTable;
  readonly read: ReadMessage<Full>;
  readonly write: WriteMessage<Init>;
};

/** Makes a codec; used by generated code only. */
export function makeCodec<Full, Init>(parts: CodecParts<Full, Init>): Codec<Full, Init> {
  const { table, read, write } = parts;
  return {
    name: table.name,
    encode: (message) => {
      const writer = new WireWriter();
      write(writer, message);
      return writer.finish();
    },
    decode: (bytes) => read(new WireReader(bytes, table.name)),
    // The table names exactly the fields of `Full`, which no type can say.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    create: (init) => createFrom(table, init) as Full,
    toJson: (message) => printJson(table, message),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    fromJson: (json) => parseJson(table, json) as Full,
  };
}
