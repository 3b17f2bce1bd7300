/**
 * The JSON form of messages, and their default values, out of tables of fields. It need not be fast: it serves records on
 * disk. Parsing is strict: a record that is not exactly a message is damaged. Source: protobuf.dev/programming-guides/json.
 */
import { emptyBytes, newMap } from './defaults.ts';
import { CodecError } from './errors.ts';

/** `undefined` occurs only as the value of a missing key, as in JSON itself. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export type ScalarKind =
  'string' | 'bytes' | 'bool' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'double' | 'enum';

export type FieldTable = {
  /** Name in our types: `podSandboxId`. */
  readonly name: string;
  /** Name in the proto and in JSON: `pod_sandbox_id`. */
  readonly jsonName: string;
  readonly form: 'one' | 'list' | 'map';
  readonly kind: ScalarKind | MessageTable;
};

export type MessageTable = {
  readonly name: string;
  /** Made when first needed. */
  readonly fields: () => readonly FieldTable[];
};

type Fields = Record<string, unknown>;

const int64Limits = { min: -(2n ** 63n), max: 2n ** 63n - 1n } as const;
const uint64Limits = { min: 0n, max: 2n ** 64n - 1n } as const;
const int32Limits = { min: -(2 ** 31), max: 2 ** 31 - 1 } as const;
const uint32Limits = { min: 0, max: 2 ** 32 - 1 } as const;
/** Doubles that JSON has no number for. */
const oddDoubles: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/** A message with all its fields out of one that lacks some; lists, maps and messages are copied. */
export function createFrom(table: MessageTable, init: unknown): unknown {
  const given = fieldsOf(init);
  const message: Fields = {};
  for (const field of table.fields()) {
    const value = given[field.name];
    message[field.name] = value === undefined || value === null ? defaultOf(field) : copyOf(field, value);
  }
  return message;
}

function defaultOf(field: FieldTable): unknown {
  if (field.form === 'list') return [];
  if (field.form === 'map') return newMap();
  return typeof field.kind === 'object' ? null : scalarDefault(field.kind);
}

function scalarDefault(kind: ScalarKind): unknown {
  switch (kind) {
    case 'string':
      return '';
    case 'bytes':
      return emptyBytes;
    case 'bool':
      return false;
    case 'int64':
    case 'uint64':
      return 0n;
    case 'int32':
    case 'uint32':
    case 'double':
    case 'enum':
      return 0;
    default:
      return kind satisfies never;
  }
}

function copyOf(field: FieldTable, value: unknown): unknown {
  if (field.form === 'map') return Object.assign(newMap(), value);
  const { kind } = field;
  const copy = typeof kind === 'object' ? (one: unknown) => createFrom(kind, one) : (one: unknown) => one;
  return field.form === 'list' ? listOf(value).map(copy) : copy(value);
}

/** The JSON of a message; fields with default values are left out, absent messages too, present empty ones are `{}`. */
export function printJson(table: MessageTable, message: unknown): JsonValue {
  const given = fieldsOf(message);
  const json: Record<string, JsonValue> = {};
  for (const field of table.fields()) {
    const value = given[field.name];
    if (value === undefined || value === null || isDefault(field, value)) continue;
    json[field.jsonName] = printField(field, value);
  }
  return json;
}

function isDefault(field: FieldTable, value: unknown): boolean {
  if (field.form === 'list') return listOf(value).length === 0;
  if (field.form === 'map') return Object.keys(fieldsOf(value)).length === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  return typeof field.kind !== 'object' && Object.is(value, scalarDefault(field.kind));
}

function printField(field: FieldTable, value: unknown): JsonValue {
  if (field.form === 'map') {
    const map: Record<string, string> = newMap();
    return Object.assign(map, value);
  }
  return field.form === 'list'
    ? listOf(value).map((one) => printOne(field.kind, one))
    : printOne(field.kind, value);
}

function printOne(kind: FieldTable['kind'], value: unknown): JsonValue {
  if (typeof kind === 'object') return printJson(kind, value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : Object.is(value, -0)
        ? '-0'
        : String(value);
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  throw new TypeError(`print "${kind}": not a value of this type: ${typeof value}`);
}

/** @throws BadJson with the path of the fault */
export function parseJson(table: MessageTable, json: unknown): unknown {
  return parseMessage(table, json, { path: '$', table });
}

/** Where a fault is, for its message. */
type Place = { readonly path: string; readonly table: MessageTable };

function parseMessage(table: MessageTable, json: unknown, place: Place): Fields {
  const given = parseObject(json, place);
  const message: Fields = {};
  const unknownKeys = new Set(Object.keys(given));
  for (const field of table.fields()) {
    const isGiven = unknownKeys.delete(field.jsonName);
    message[field.name] = isGiven
      ? parseField(field, given[field.jsonName], inside(place, `.${field.jsonName}`))
      : defaultOf(field);
  }
  for (const key of unknownKeys) throw fault(place, `unknown key ${JSON.stringify(key)}`);
  return message;
}

function parseField(field: FieldTable, json: unknown, place: Place): unknown {
  if (field.form === 'map') return parseMap(json, place);
  if (field.form === 'one') return parseOne(field.kind, json, place);
  if (!Array.isArray(json)) throw fault(place, 'expected a list');
  return json.map((one: unknown, index) => parseOne(field.kind, one, inside(place, `[${index}]`)));
}

function parseMap(json: unknown, place: Place): Readonly<Record<string, string>> {
  const map = newMap();
  for (const [key, value] of Object.entries(parseObject(json, place))) {
    if (typeof value !== 'string')
      throw fault(inside(place, `[${JSON.stringify(key)}]`), 'expected a string');
    map[key] = value;
  }
  return map;
}

function parseOne(kind: FieldTable['kind'], json: unknown, place: Place): unknown {
  if (typeof kind === 'object') return parseMessage(kind, json, place);
  switch (kind) {
    case 'string':
      if (typeof json !== 'string') throw fault(place, 'expected a string');
      return json;
    case 'bool':
      if (typeof json !== 'boolean') throw fault(place, 'expected true or false');
      return json;
    case 'bytes':
      return parseBytes(json, place);
    case 'int32':
    case 'enum':
      return parseInteger(json, int32Limits, place);
    case 'uint32':
      return parseInteger(json, uint32Limits, place);
    case 'int64':
      return parseBigInt(json, int64Limits, place);
    case 'uint64':
      return parseBigInt(json, uint64Limits, place);
    case 'double':
      return parseDouble(json, place);
    default:
      return kind satisfies never;
  }
}

function parseBytes(json: unknown, place: Place): Uint8Array {
  if (typeof json !== 'string') throw fault(place, 'expected base64');
  const bytes = Buffer.from(json, 'base64');
  if (bytes.toString('base64') !== json) throw fault(place, 'expected base64');
  return new Uint8Array(bytes);
}

function parseInteger(json: unknown, limits: { min: number; max: number }, place: Place): number {
  if (typeof json !== 'number' || !Number.isInteger(json) || json < limits.min || json > limits.max) {
    throw fault(place, `expected an integer from ${limits.min} to ${limits.max}`);
  }
  return json;
}

function parseBigInt(json: unknown, limits: { min: bigint; max: bigint }, place: Place): bigint {
  if (typeof json === 'string' && /^(?:0|-?[1-9][0-9]{0,19})$/.test(json)) {
    const value = BigInt(json);
    if (value >= limits.min && value <= limits.max) return value;
  }
  throw fault(place, `expected an integer from ${limits.min} to ${limits.max} in quotes`);
}

function parseDouble(json: unknown, place: Place): number {
  if (typeof json === 'number') return json;
  const odd = typeof json === 'string' && Object.hasOwn(oddDoubles, json) ? oddDoubles[json] : undefined;
  if (odd === undefined) throw fault(place, 'expected a number');
  return odd;
}

function parseObject(json: unknown, place: Place): Fields {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw fault(place, 'expected an object');
  return fieldsOf(json);
}

function inside(place: Place, step: string): Place {
  return { path: place.path + step, table: place.table };
}

function fault(place: Place, what: string): CodecError {
  return new CodecError('BadJson', `parse JSON of "${place.table.name}": ${place.path}: ${what}`);
}

/** A message, seen as names and values: its type is known by its table only. */
function fieldsOf(message: unknown): Fields {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- callers pass objects; any object may be read so
  return message as Fields;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
