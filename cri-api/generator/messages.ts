/** Emits `generated/messages.ts`: for each message its two types, its read and write functions and its codec. */
import {
  type EnumSchema,
  type FieldSchema,
  type MessageSchema,
  type Schema,
  fieldName,
  packageName,
} from '../schema.ts';
import { banner, docComment, fieldComment, isPacked, tagOf, wireMethod, wireTypeOf } from './text.ts';

const scalarTypes: Readonly<Record<string, string>> = {
  string: 'string',
  bytes: 'Uint8Array',
  bool: 'boolean',
  int32: 'number',
  uint32: 'number',
  int64: 'bigint',
  uint64: 'bigint',
  double: 'number',
};
const scalarDefaults: Readonly<Record<string, string>> = {
  string: "''",
  bytes: 'emptyBytes',
  bool: 'false',
  int32: '0',
  uint32: '0',
  int64: '0n',
  uint64: '0n',
  double: '0',
};
/** The writer has methods for lists of these. */
const listTypes = new Set(['string', 'int32', 'int64']);

const imports = `import { type Codec, makeCodec } from '../wire/codec.ts';
import type { FieldTable } from '../wire/json.ts';
import { type Draft, type WireReader, emptyBytes, emptyList, emptyMap } from '../wire/reader.ts';
import type { WireWriter } from '../wire/writer.ts';
`;

const tableFunctions = `function one(name: string, jsonName: string, kind: FieldTable['kind']): FieldTable {
  return { name, jsonName, form: 'one', kind };
}
function list(name: string, jsonName: string, kind: FieldTable['kind']): FieldTable {
  return { name, jsonName, form: 'list', kind };
}
function map(name: string, jsonName: string): FieldTable {
  return { name, jsonName, form: 'map', kind: 'string' };
}
`;

export function messagesSource(schema: Schema): string {
  check(schema);
  return [
    banner + imports,
    ...schema.enums.map(enumSource),
    ...schema.messages.map(messageSource),
    tableFunctions,
  ].join('\n');
}

/** Decoding needs no bound of depth because no message can hold itself; that must stay so. */
function check(schema: Schema): void {
  const messages = new Map(schema.messages.map((message) => [message.name, message]));
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw new Error(`generate: "${name}" holds itself: ${path.join(' > ')}`);
    for (const field of messages.get(name)?.fields ?? []) {
      if (field.of === 'message') visit(field.type, [...path, name]);
    }
  };
  for (const message of schema.messages) {
    visit(message.name, []);
    message.fields.forEach(checkField);
  }
}

function checkField(field: FieldSchema): void {
  if (field.of === 'scalar' && scalarTypes[field.type] === undefined) {
    throw new Error(`generate: type "${field.type}" of "${field.protoName}" is not supported`);
  }
  if (field.form === 'list' && field.of !== 'message' && !listTypes.has(field.type)) {
    throw new Error(`generate: a list of "${field.type}" ("${field.protoName}") is not supported`);
  }
}

function enumSource(from: EnumSchema): string {
  const values = Object.entries(from.values).map(([name, value]) => `  ${name}: ${value},\n`);
  return `${docComment(from.comment, '')}export const ${from.name} = {\n${values.join('')}} as const;
/** A value of \`${from.name}\`, or a number that this version of the CRI does not know. */
export type ${from.name} = number;
`;
}

function messageSource(from: MessageSchema): string {
  return [
    fullType(from),
    initType(from),
    `/** Codec of \`${packageName}.${from.name}\`. */
export const ${from.name}: Codec<${from.name}, ${from.name}Init> = makeCodec({
  table: { name: '${packageName}.${from.name}', fields: fieldsOf${from.name} },
  read: read${from.name},
  write: write${from.name},
});
`,
    readFunction(from),
    writeFunction(from),
    fieldsFunction(from),
  ].join('');
}

function fullType(from: MessageSchema): string {
  if (from.fields.length === 0) {
    return `${docComment(from.comment, '')}export type ${from.name} = Readonly<Record<string, never>>;\n`;
  }
  const fields = from.fields.map(
    (field) =>
      `${docComment(fieldComment(field), '  ')}  readonly ${fieldName(field.protoName)}: ${fullFieldType(field)};\n`,
  );
  return `${docComment(from.comment, '')}export type ${from.name} = {\n${fields.join('')}};\n`;
}

function fullFieldType(field: FieldSchema): string {
  if (field.form === 'map') return 'Readonly<Record<string, string>>';
  const type = scalarTypes[field.type] ?? field.type;
  if (field.form === 'list') return `readonly ${type}[]`;
  return field.of === 'message' ? `${type} | null` : type;
}

function initType(from: MessageSchema): string {
  const doc = `/** For encoding: every field of \`${from.name}\` may be left out. */\n`;
  if (from.fields.length === 0) return `${doc}export type ${from.name}Init = ${from.name};\n`;
  const fields = from.fields.map(
    (field) => `  readonly ${fieldName(field.protoName)}?: ${initFieldType(field)};\n`,
  );
  return `${doc}export type ${from.name}Init = {\n${fields.join('')}};\n`;
}

function initFieldType(field: FieldSchema): string {
  if (field.of !== 'message') return fullFieldType(field);
  return field.form === 'list' ? `readonly ${field.type}Init[]` : `${field.type}Init | null`;
}

function readFunction(from: MessageSchema): string {
  const { name } = from;
  if (from.fields.length === 0) {
    return `function read${name}(r: WireReader, m: Draft<${name}> = {}): ${name} {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
`;
  }
  const defaults = from.fields.map(
    (field) => `    ${fieldName(field.protoName)}: ${defaultSource(field)},\n`,
  );
  return `function read${name}(r: WireReader, m: Draft<${name}> = new${name}()): ${name} {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
${from.fields.map(readCases).join('')}      default:
        r.skip(tag);
    }
  }
  return m;
}
function new${name}(): Draft<${name}> {
  return {
${defaults.join('')}  };
}
`;
}

function defaultSource(field: FieldSchema): string {
  if (field.form === 'map') return 'emptyMap';
  if (field.form === 'list') return 'emptyList';
  if (field.of === 'message') return 'null';
  return scalarDefaults[field.type] ?? '0';
}

function readCases(field: FieldSchema): string {
  const target = `m.${fieldName(field.protoName)}`;
  const single = readCase(tagOf(field, wireTypeOf(field)), target, readOne(field, target));
  if (!isPacked(field)) return single;
  const packed = `r.packed(${target}, (packed) => packed.${wireMethod(field)}())`;
  return readCase(tagOf(field, 2), target, packed) + single;
}

function readCase(tag: number, target: string, value: string): string {
  return `      case ${tag}:\n        ${target} = ${value};\n        break;\n`;
}

function readOne(field: FieldSchema, target: string): string {
  if (field.form === 'map') return `r.entry(${target})`;
  const isList = field.form === 'list';
  const value =
    field.of === 'message'
      ? `r.message(read${field.type}, ${isList ? 'null' : target})`
      : `r.${wireMethod(field)}()`;
  return isList ? `r.append(${target}, ${value})` : value;
}

function writeFunction(from: MessageSchema): string {
  const head = `function write${from.name}(w: WireWriter, m: ${from.name}Init): void {`;
  if (from.fields.length === 0) return `function write${from.name}(): void {}\n`;
  return `${head}\n${from.fields.map((field) => `  ${writeField(field)}\n`).join('')}}\n`;
}

function writeField(field: FieldSchema): string {
  const tag = tagOf(field, isPacked(field) ? 2 : wireTypeOf(field));
  const value = `m.${fieldName(field.protoName)}`;
  if (field.form === 'map') return `w.map(${tag}, ${value});`;
  const plural = field.form === 'list' ? 's' : '';
  return field.of === 'message'
    ? `w.message${plural}(${tag}, ${value}, write${field.type});`
    : `w.${wireMethod(field)}${plural}(${tag}, ${value});`;
}

function fieldsFunction(from: MessageSchema): string {
  const rows = from.fields.map((field) => {
    const names = `'${fieldName(field.protoName)}', '${field.protoName}'`;
    if (field.form === 'map') return `    map(${names}),\n`;
    return `    ${field.form}(${names}, ${kindSource(field)}),\n`;
  });
  return `function fieldsOf${from.name}(): readonly FieldTable[] {\n  return [\n${rows.join('')}  ];\n}\n`;
}

function kindSource(field: FieldSchema): string {
  if (field.of === 'message')
    return `{ name: '${packageName}.${field.type}', fields: fieldsOf${field.type} }`;
  return field.of === 'enum' ? `'enum'` : `'${field.type}'`;
}
