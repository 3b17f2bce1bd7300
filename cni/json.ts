/**
 * Reads JSON of unknown origin field by field. Every reader names the path of what it refuses; objects are read through
 * own properties only, so that a key like `__proto__` is an ordinary (ignored) key.
 */

/** What was expected where. The caller decides which error it becomes. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export type JsonObject = { readonly [key: string]: unknown };

/** A list must not be longer than this; anything of the specification is far below. */
const maxListLength = 1024;
const maxTextLength = 64 * 1024;

/** @throws ShapeError when the text is not JSON. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ShapeError(`${what}: ${error instanceof Error ? error.message : 'not JSON'}`, { cause: error });
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws ShapeError */
export function asObject(value: unknown, what: string): JsonObject {
  if (!isObject(value)) throw new ShapeError(`${what}: expected an object`);
  return value;
}

/** The own property of an object; null counts as absent, as it does for the plugins' own decoder. */
export function field(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) && object[key] !== null ? object[key] : undefined;
}

/** @throws ShapeError */
export function textField(object: JsonObject, key: string, what: string): string | null {
  const value = field(object, key);
  if (value === undefined) return null;
  if (typeof value !== 'string' || value.length > maxTextLength)
    throw new ShapeError(`${what}.${key}: expected a string`);
  return value;
}

/** @throws ShapeError when it is there but no non-negative integer. */
export function countField(object: JsonObject, key: string, what: string): number | null {
  const value = field(object, key);
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new ShapeError(`${what}.${key}: expected a non-negative integer`);
  return value;
}

/** A boolean, also when it is written as the string "true" or "false" (older lists do). @throws ShapeError */
export function flagField(object: JsonObject, key: string, what: string): boolean {
  const value = field(object, key);
  if (value === undefined || value === false) return false;
  if (value === true) return true;
  const word = typeof value === 'string' ? value.toLowerCase() : null;
  if (word !== 'true' && word !== 'false') throw new ShapeError(`${what}.${key}: expected true or false`);
  return word === 'true';
}

/** An absent list is an empty one. @throws ShapeError */
export function listField(object: JsonObject, key: string, what: string): readonly unknown[] {
  const value = field(object, key);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new ShapeError(`${what}.${key}: expected a list`);
  if (value.length > maxListLength)
    throw new ShapeError(`${what}.${key}: more than ${maxListLength} entries`);
  return value;
}

/** @throws ShapeError */
export function textListField(object: JsonObject, key: string, what: string): readonly string[] {
  return listField(object, key, what).map((entry, at) => {
    if (typeof entry !== 'string' || entry.length > maxTextLength)
      throw new ShapeError(`${what}.${key}[${at}]: expected a string`);
    return entry;
  });
}
