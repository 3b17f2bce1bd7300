/** For tests: messages of any type, made of the definition, with the values that codecs get wrong. */
import * as fc from 'fast-check';
import { type FieldSchema, type Schema, fieldName } from '../schema.ts';

export type Message = Readonly<Record<string, unknown>>;

/** Keys and texts that are special somewhere: to JavaScript, to JSON, to C, to UTF-8. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 30, maxLength: 140 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '__proto__',
      'constructor',
      'toString',
      '0',
      'a\0b',
      '\n',
      '\ufffd',
      '\u{1f40b}',
    ),
  },
);

const int64 = fc.oneof(
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc.constantFrom(0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 2n ** 32n, 127n, 128n, -(2n ** 31n)),
);
const uint64 = fc.oneof(
  fc.bigInt(0n, 2n ** 64n - 1n),
  fc.constantFrom(0n, 1n, 2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, 2n ** 53n - 1n, 2n ** 32n - 1n),
);
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: text,
  bytes: fc.uint8Array({ maxLength: 40 }),
  bool: fc.boolean(),
  int32,
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  int64,
  uint64,
  double: fc.double(),
};

const map = fc
  .array(fc.tuple(text, text), { maxLength: 3 })
  .map((entries) => Object.assign(newMap(), ...entries.map(([key, value]) => own(key, value))));

function own(key: string, value: string): Record<string, string> {
  const one = newMap();
  one[key] = value;
  return one;
}

function newMap(): Record<string, string> {
  const made: Record<string, string> = Object.create(null);
  return made;
}

/** Whole messages as decoding would give them, by the names of their types. */
export function messageArbitraries(schema: Schema): ReadonlyMap<string, fc.Arbitrary<Message>> {
  const made = new Map<string, fc.Arbitrary<Message>>();
  const ofMessage = (name: string): fc.Arbitrary<Message> => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fields = schema.messages.find((one) => one.name === name)?.fields ?? [];
    const arbitrary = fc.record(
      Object.fromEntries(fields.map((field) => [fieldName(field.protoName), ofField(field)])),
      { noNullPrototype: true },
    );
    made.set(name, arbitrary);
    return arbitrary;
  };
  const ofField = (field: FieldSchema): fc.Arbitrary<unknown> => {
    if (field.form === 'map') return map;
    const one =
      field.of === 'message' ? ofMessage(field.type) : field.of === 'enum' ? int32 : scalars[field.type];
    if (one === undefined) throw new Error(`no values for type "${field.type}"`);
    if (field.form === 'list') return fc.array(one, { maxLength: 2 });
    return field.of === 'message' ? fc.option(one, { nil: null, freq: 2 }) : one;
  };
  for (const message of schema.messages) ofMessage(message.name);
  return made;
}
