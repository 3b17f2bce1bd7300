/** Small pieces of TypeScript that the emitters share. */
import type { FieldSchema } from '../schema.ts';

export const banner =
  '// Written by `node cri-api/generate.ts` from cri-api/runtime-v1/*.proto. Do not edit.\n';

/** The scalar types that the CRI uses, and for which of them lists can be written. */
export const scalars: Readonly<Record<string, { type: string; zero: string; hasLists: boolean }>> = {
  string: { type: 'string', zero: "''", hasLists: true },
  bytes: { type: 'Uint8Array', zero: 'emptyBytes', hasLists: false },
  bool: { type: 'boolean', zero: 'false', hasLists: false },
  int32: { type: 'number', zero: '0', hasLists: true },
  uint32: { type: 'number', zero: '0', hasLists: false },
  int64: { type: 'bigint', zero: '0n', hasLists: true },
  uint64: { type: 'bigint', zero: '0n', hasLists: false },
  double: { type: 'number', zero: '0', hasLists: false },
};

/** A doc comment at this indentation, or nothing. */
export function docComment(comment: string, indent: string): string {
  const text = comment.trim();
  if (text === '') return '';
  const lines = text.split('\n').map((line) => line.trim());
  const [only, ...more] = lines;
  if (more.length === 0) return `${indent}/** ${only} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

/** What a field's comment and its options say. */
export function fieldComment(field: FieldSchema): string {
  const marks = [field.isDeprecated ? '@deprecated' : '', field.isSecret ? 'Secret: never logged.' : ''];
  return [field.comment, ...marks].filter((part) => part !== '').join('\n');
}

/** `tag` of a field on the wire: number << 3 | wire type. */
export function tagOf(field: FieldSchema, wireType: number): number {
  return field.number * 8 + wireType;
}

/** The wire type of one value of the field. */
export function wireTypeOf(field: FieldSchema): number {
  if (field.form === 'map' || field.of === 'message') return 2;
  if (field.type === 'string' || field.type === 'bytes') return 2;
  return field.type === 'double' ? 1 : 0;
}

/** Lists of numbers are written in one piece. */
export function isPacked(field: FieldSchema): boolean {
  return field.form === 'list' && wireTypeOf(field) !== 2;
}

/** The method of `WireReader` and `WireWriter` for one value. */
export function wireMethod(field: FieldSchema): string {
  return field.of === 'enum' ? 'int32' : field.type;
}
