/**
 * Reads a table of a TOML file by key and kind; an error names the file, the key and what was expected.
 */
import { failedPrecondition } from '../../base/errors.ts';

export class TomlTable {
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #file: string;
  readonly #path: string;

  constructor(value: unknown, file: string, path: string) {
    this.#file = file;
    this.#path = path;
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#members = new Map(isTable ? Object.entries(value) : []);
    if (!isTable) this.refuse('', 'a table');
  }

  has(key: string): boolean {
    return this.#members.has(key);
  }

  string(key: string, absent: string): string {
    const value = this.#members.get(key) ?? absent;
    return typeof value === 'string' ? value : this.refuse(key, 'a string');
  }

  boolean(key: string, absent: boolean): boolean {
    const value = this.#members.get(key) ?? absent;
    return typeof value === 'boolean' ? value : this.refuse(key, 'true or false');
  }

  stringsOrNull(key: string): readonly string[] | null {
    if (!this.#members.has(key)) return null;
    return this.#array(key).map((each) => (typeof each === 'string' ? each : this.refuse(key, 'strings')));
  }

  /** An array of tables; absent is none. */
  tables(key: string): readonly TomlTable[] {
    const path = this.#path === '' ? key : `${this.#path}.${key}`;
    return this.#array(key).map((each, at) => new TomlTable(each, this.#file, `${path}[${at}]`));
  }

  refuse(key: string, expected: string): never {
    const path = [this.#path, key].filter((part) => part !== '').join('.');
    throw failedPrecondition('RegistriesConfInvalid', `read "${this.#file}": ${path}: expected ${expected}`);
  }

  #array(key: string): readonly unknown[] {
    const value: unknown = this.#members.get(key) ?? [];
    return Array.isArray(value) ? value : this.refuse(key, 'an array');
  }
}
