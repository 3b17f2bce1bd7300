/**
 * Reads the fields of a record's JSON by name and kind, so that a record of another shape is refused with the field's
 * name instead of living on as `undefined`.
 */
import { internal } from '../base/errors.ts';

export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (!isObject(value)) throw internal('DamagedRecord', `record ${path}: expected an object`);
    this.#object = value;
    this.#path = path;
  }

  raw(name: string): unknown {
    return this.#object[name];
  }

  string(name: string): string {
    const value = this.#object[name];
    return typeof value === 'string' ? value : this.#refuse(name, 'a string');
  }

  stringOrNull(name: string): string | null {
    return this.#object[name] === null ? null : this.string(name);
  }

  integer(name: string): number {
    const value = this.#object[name];
    return typeof value === 'number' && Number.isSafeInteger(value)
      ? value
      : this.#refuse(name, 'an integer');
  }

  boolean(name: string): boolean {
    const value = this.#object[name];
    return typeof value === 'boolean' ? value : this.#refuse(name, 'true or false');
  }

  /** 64-bit numbers are decimal strings. */
  bigint(name: string): bigint {
    const value = this.string(name);
    return /^-?[0-9]{1,20}$/.test(value) ? BigInt(value) : this.#refuse(name, 'a decimal string');
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.string(name);
    return allowed.find((each) => each === value) ?? this.#refuse(name, allowed.join(' or '));
  }

  strings(name: string): readonly string[] {
    const value = this.#object[name];
    return Array.isArray(value) && value.every((each) => typeof each === 'string')
      ? value
      : this.#refuse(name, 'strings');
  }

  integers(name: string): readonly number[] {
    const value = this.#object[name];
    const isIntegers = Array.isArray(value) && value.every((each) => Number.isSafeInteger(each));
    return isIntegers ? value : this.#refuse(name, 'integers');
  }

  /** A nested object through its own parser, or null. */
  objectOrNull<T>(name: string, parse: (fields: Fields) => T): T | null {
    const value = this.#object[name];
    return value === null ? null : parse(new Fields(value, `${this.#path}.${name}`));
  }

  #refuse(name: string, expected: string): never {
    throw internal('DamagedRecord', `record ${this.#path}.${name}: expected ${expected}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
