/**
 * Reads a table of a TOML file by key and kind; an error names the file, the key and what was expected.
 */
import { parse as parseToml } from 'smol-toml';
import { failedPrecondition, messageOf } from '../../../base/errors.ts';

/** The file that a table stands in, and the reason of its errors. */
export type TomlPlace = { readonly file: string; readonly reason: string };

/** A whole file. @throws with the place's reason, naming the line, when it is no TOML */
export function readToml(bytes: Uint8Array, place: TomlPlace): TomlTable {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return new TomlTable(parseToml(text), place, '');
  } catch (error) {
    const words = messageOf(error).split('\n')[0] ?? '';
    throw failedPrecondition(place.reason, `read "${place.file}": ${words}`, { cause: error });
  }
}

export class TomlTable {
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #place: TomlPlace;
  readonly #path: string;

  constructor(value: unknown, place: TomlPlace, path: string) {
    this.#place = place;
    this.#path = path;
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#members = new Map(isTable ? Object.entries(value) : []);
    if (!isTable) this.refuse('', 'a table');
  }

  get file(): string {
    return this.#place.file;
  }

  has(key: string): boolean {
    return this.#members.has(key);
  }

  keys(): readonly string[] {
    return [...this.#members.keys()];
  }

  /** The full names of keys that nobody knows, for a warning. */
  unknownKeys(known: readonly string[]): readonly string[] {
    return this.keys()
      .filter((key) => !known.includes(key))
      .map((key) => this.#pathOf(key));
  }

  string(key: string, absent: string): string {
    const value = this.#members.get(key) ?? absent;
    return typeof value === 'string' ? value : this.refuse(key, 'a string');
  }

  boolean(key: string, absent: boolean): boolean {
    return this.booleanOrNull(key) ?? absent;
  }

  booleanOrNull(key: string): boolean | null {
    const value = this.#members.get(key) ?? null;
    return value === null || typeof value === 'boolean' ? value : this.refuse(key, 'true or false');
  }

  stringsOrNull(key: string): readonly string[] | null {
    if (!this.#members.has(key)) return null;
    return this.array(key).map((each) => (typeof each === 'string' ? each : this.refuse(key, 'strings')));
  }

  isArray(key: string): boolean {
    return Array.isArray(this.#members.get(key));
  }

  /** One string, or several. */
  stringOrStrings(key: string): readonly string[] {
    const value = this.#members.get(key);
    if (typeof value === 'string') return [value];
    if (value !== undefined && !Array.isArray(value)) this.refuse(key, 'a string or a list of strings');
    return this.stringsOrNull(key) ?? [];
  }

  /** An array of anything; absent is none. */
  array(key: string): readonly unknown[] {
    const value: unknown = this.#members.get(key) ?? [];
    return Array.isArray(value) ? value : this.refuse(key, 'an array');
  }

  table(key: string): TomlTable | null {
    const value = this.#members.get(key);
    return value === undefined ? null : new TomlTable(value, this.#place, this.#pathOf(key));
  }

  /** An array of tables; absent is none. */
  tables(key: string): readonly TomlTable[] {
    const path = this.#pathOf(key);
    return this.array(key).map((each, at) => new TomlTable(each, this.#place, `${path}[${at}]`));
  }

  refuse(key: string, expected: string): never {
    const path = key === '' ? this.#path : this.#pathOf(key);
    throw failedPrecondition(this.#place.reason, `read "${this.#place.file}": ${path}: expected ${expected}`);
  }

  #pathOf(key: string): string {
    const shown = /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
    return this.#path === '' ? shown : `${this.#path}.${shown}`;
  }
}
