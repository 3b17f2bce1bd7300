/** Emits `generated/types.ts`: for each message the type as decoded and the type for encoding. Nothing in it exists at run time. */
import { type FieldSchema, type MessageSchema, type Schema, fieldName } from '../schema.ts';
import { banner, docComment, fieldComment, scalars } from './text.ts';

export function typesSource(schema: Schema): string {
  const enums = schema.enums.map(
    (one) => `/** A value of \`${one.name}\`, or a number that this version of the CRI does not know. */
export type ${one.name} = number;
`,
  );
  const messages = schema.messages.map((message) => fullType(message) + initType(message));
  return [banner, ...enums, ...messages].join('\n');
}

function fullType(from: MessageSchema): string {
  const doc = docComment(from.comment, '');
  if (from.fields.length === 0) return `${doc}export type ${from.name} = Readonly<Record<string, never>>;\n`;
  const fields = from.fields.map((field) => {
    const fieldDoc = docComment(fieldComment(field), '  ');
    return `${fieldDoc}  readonly ${fieldName(field.protoName)}: ${fullFieldType(field)};\n`;
  });
  return `${doc}export type ${from.name} = {\n${fields.join('')}};\n`;
}

function fullFieldType(field: FieldSchema): string {
  if (field.form === 'map') return 'Readonly<Record<string, string>>';
  const type = scalars[field.type]?.type ?? field.type;
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
