/**
 * Reads the fields of a CDI document by name and kind. What is wrong is told with the path of its key, so that a vendor
 * finds it: `devices[2].containerEdits.mounts[0].hostPath`. A key that is not known is a fault: it would be lost silently.
 */
import { invalid } from '../../base/errors.ts';
import { hasControl, shown } from '../text.ts';

/** Entries of one list. */
const maxEntries = 4096;
const maxTextBytes = 128 * 1024;

export class CdiFields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #key: string;
  readonly #known = new Set<string>();

  private constructor(object: Readonly<Record<string, unknown>>, key: string) {
    this.#object = object;
    this.#key = key;
  }

  /**
   * Reads an object with `read`, then refuses what it did not ask for.
   * @param key the object's own; "" for the document
   * @throws InvalidCdiSpec
   */
  static read<T>(value: unknown, key: string, read: (fields: CdiFields) => T): T {
    if (!isObject(value)) throw fault(key, 'an object');
    const fields = new CdiFields(value, key);
    const result = read(fields);
    const stranger = Object.keys(value).find((name) => !fields.#known.has(name));
    if (stranger !== undefined)
      throw fault(key, `no key ${shown(stranger)}: it is not one of CDI 1.1.0, or stands in the wrong place`);
    return result;
  }

  /** "" when absent. */
  text(name: string): string {
    const value = this.#take(name);
    if (value === null) return '';
    if (typeof value !== 'string' || value.length > maxTextBytes || value.includes('\0'))
      throw this.refuse(name, 'a string without NUL');
    return value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === '') throw this.refuse(name, 'a string that is not empty');
    return value;
  }

  /** An absolute path in normal form; "" when absent. */
  path(name: string): string {
    const text = this.text(name);
    if (text === '') return '';
    const parts = text.split('/').filter((part) => part !== '' && part !== '.');
    if (!text.startsWith('/') || parts.includes('..') || text.length > 4095 || hasControl(text))
      throw this.refuse(name, 'an absolute path without ".."');
    return `/${parts.join('/')}`;
  }

  requiredPath(name: string): string {
    const path = this.path(name);
    if (path === '') throw this.refuse(name, 'an absolute path');
    return path;
  }

  /** Null when absent. A document in YAML has its numbers as text: `438`, `0666`, `0o666`, `0x1b6`. */
  integer(name: string, range: readonly [min: number, max: number]): number | null {
    const value = this.#take(name);
    if (value === null) return null;
    return parseInteger(value, range) ?? this.#stop(name, `a number of ${range[0]} to ${range[1]}`);
  }

  flag(name: string): boolean {
    const value = this.#take(name);
    if (value === null || value === false || value === 'false') return false;
    if (value === true || value === 'true') return true;
    throw this.refuse(name, 'true or false');
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T | null {
    const text = this.text(name);
    if (text === '') return null;
    return (
      words.find((word) => word === text) ??
      this.#stop(name, `one of ${words.map((word) => `"${word}"`).join(', ')}`)
    );
  }

  texts(name: string): readonly string[] {
    return this.list(name, (value, key) => {
      if (typeof value === 'string' && value.length <= maxTextBytes && !value.includes('\0')) return value;
      throw fault(key, 'a string without NUL');
    });
  }

  integers(name: string, range: readonly [min: number, max: number]): readonly number[] {
    return this.list(name, (value, key) => {
      const number = parseInteger(value, range);
      if (number === null) throw fault(key, `a number of ${range[0]} to ${range[1]}`);
      return number;
    });
  }

  /** `[]` when absent. */
  list<T>(name: string, read: (value: unknown, key: string) => T): readonly T[] {
    const value = this.#take(name);
    if (value === null) return [];
    if (!Array.isArray(value)) throw this.refuse(name, 'a list');
    if (value.length > maxEntries) throw this.refuse(name, `at most ${maxEntries} entries`);
    return value.map((item: unknown, index) => read(item, `${this.#keyOf(name)}[${index}]`));
  }

  /** An object below this one; null when absent. */
  object<T>(name: string, read: (fields: CdiFields) => T): T | null {
    const value = this.#take(name);
    return value === null ? null : CdiFields.read(value, this.#keyOf(name), read);
  }

  /** Names and values that nobody reads; true when there is any. */
  hasEntries(name: string): boolean {
    const value = this.#take(name);
    if (value === null) return false;
    if (!isObject(value) || !Object.values(value).every((each) => typeof each === 'string'))
      throw this.refuse(name, 'an object of strings');
    return Object.keys(value).length > 0;
  }

  refuse(name: string, expected: string): Error {
    return fault(this.#keyOf(name), expected);
  }

  #stop(name: string, expected: string): never {
    throw this.refuse(name, expected);
  }

  #keyOf(name: string): string {
    return this.#key === '' ? name : `${this.#key}.${name}`;
  }

  /** The value of an own key; null when it is absent, or empty in YAML. */
  #take(name: string): unknown {
    this.#known.add(name);
    const value = Object.hasOwn(this.#object, name) ? this.#object[name] : null;
    return value === undefined || value === '' || value === '~' || value === 'null' ? null : value;
  }
}

function fault(key: string, expected: string): Error {
  return invalid('InvalidCdiSpec', `${key === '' ? 'the document' : key}: expected ${expected}`);
}

function parseInteger(value: unknown, range: readonly [min: number, max: number]): number | null {
  const number = typeof value === 'string' ? numberOf(value) : value;
  const isInside = typeof number === 'number' && number >= range[0] && number <= range[1];
  return isInside && Number.isSafeInteger(number) ? number : null;
}

/** A leading 0 means octal, as in YAML 1.1, which the reference implementation reads. */
function numberOf(text: string): number | null {
  if (/^0[0-7]{1,11}$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:-?[0-9]{1,15}|0o[0-7]{1,11}|0x[0-9a-fA-F]{1,12})$/.test(text) ? Number(text) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
