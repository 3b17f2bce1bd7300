/** Emits `generated/codecs.ts`: for each message its codec and the functions and the table that the codec needs. */
import {
  type EnumSchema,
  type FieldSchema,
  type MessageSchema,
  type Schema,
  fieldName,
  packageName,
} from '../schema.ts';
import { banner, docComment, isPacked, scalars, tagOf, wireMethod, wireTypeOf } from './text.ts';

const head = `${banner}import { type Codec, makeCodec } from '../wire/codec.ts';
import { emptyBytes, emptyList, emptyMap } from '../wire/defaults.ts';
import type { FieldTable } from '../wire/json.ts';
import type { Draft, WireReader } from '../wire/reader.ts';
import type { WireWriter } from '../wire/writer.ts';
import type * as types from './types.ts';
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

export function codecsSource(schema: Schema): string {
  check(schema);
  return [head, ...schema.enums.map(enumSource), ...schema.messages.map(messageSource), tableFunctions].join(
    '\n',
  );
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
  const scalar = scalars[field.type];
  if (field.of === 'scalar' && scalar === undefined) {
    throw new Error(`generate: type "${field.type}" of "${field.protoName}" is not supported`);
  }
  if (field.form === 'list' && field.of !== 'message' && scalar?.hasLists !== true) {
    throw new Error(`generate: a list of "${field.type}" ("${field.protoName}") is not supported`);
  }
}

function enumSource(from: EnumSchema): string {
  const values = Object.entries(from.values).map(
    ([name, value]) => `${docComment(from.valueComments[name] ?? '', '  ')}  ${name}: ${value},\n`,
  );
  return `${docComment(from.comment, '')}export const ${from.name} = {\n${values.join('')}} as const;
export type ${from.name} = types.${from.name};
`;
}

function messageSource(from: MessageSchema): string {
  const { name } = from;
  return [
    `/** Codec of \`${packageName}.${name}\`. */
export const ${name}: Codec<types.${name}, types.${name}Init> = makeCodec({
  table: { name: '${packageName}.${name}', fields: fieldsOf${name} },
  read: read${name},
  write: write${name},
});
export type ${name} = types.${name};
export type ${name}Init = types.${name}Init;
`,
    from.fields.length === 0 ? emptyFunctions(name) : functions(from),
  ].join('');
}

function emptyFunctions(name: string): string {
  return `function read${name}(r: WireReader, m: Draft<types.${name}> = {}): types.${name} {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) r.skip(tag);
  return m;
}
function write${name}(): void {}
function fieldsOf${name}(): readonly FieldTable[] {
  return [];
}
`;
}

function functions({ name, fields }: MessageSchema): string {
  return `function read${name}(r: WireReader, m: Draft<types.${name}> = new${name}()): types.${name} {
  for (let tag = r.tag(); tag !== 0; tag = r.tag()) {
    switch (tag) {
${fields.map(readCases).join('')}      default: r.skip(tag);
    }
  }
  return m;
}
function new${name}(): Draft<types.${name}> {
  return {
${fields.map((field) => `    ${fieldName(field.protoName)}: ${defaultSource(field)},\n`).join('')}  };
}
function write${name}(w: WireWriter, m: types.${name}Init): void {
${fields.map((field) => `  ${writeField(field)}\n`).join('')}}
function fieldsOf${name}(): readonly FieldTable[] {
  return [
${fields.map((field) => `    ${tableRow(field)},\n`).join('')}  ];
}
`;
}

function defaultSource(field: FieldSchema): string {
  if (field.form === 'map') return 'emptyMap';
  if (field.form === 'list') return 'emptyList';
  if (field.of === 'message') return 'null';
  return scalars[field.type]?.zero ?? '0';
}

function readCases(field: FieldSchema): string {
  const target = `m.${fieldName(field.protoName)}`;
  const single = readCase(tagOf(field, wireTypeOf(field)), target, readOne(field, target));
  if (!isPacked(field)) return single;
  const packed = `r.packed(${target}, (packed) => packed.${wireMethod(field)}())`;
  return readCase(tagOf(field, 2), target, packed) + single;
}

function readCase(tag: number, target: string, value: string): string {
  return `      case ${tag}: ${target} = ${value}; break;\n`;
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

function writeField(field: FieldSchema): string {
  const tag = tagOf(field, isPacked(field) ? 2 : wireTypeOf(field));
  const value = `m.${fieldName(field.protoName)}`;
  if (field.form === 'map') return `w.map(${tag}, ${value});`;
  const plural = field.form === 'list' ? 's' : '';
  return field.of === 'message'
    ? `w.message${plural}(${tag}, ${value}, write${field.type});`
    : `w.${wireMethod(field)}${plural}(${tag}, ${value});`;
}

function tableRow(field: FieldSchema): string {
  const names = `'${fieldName(field.protoName)}', '${field.protoName}'`;
  return field.form === 'map' ? `map(${names})` : `${field.form}(${names}, ${kindSource(field)})`;
}

function kindSource(field: FieldSchema): string {
  if (field.of === 'message')
    return `{ name: '${packageName}.${field.type}', fields: fieldsOf${field.type} }`;
  return field.of === 'enum' ? `'enum'` : `'${field.type}'`;
}
