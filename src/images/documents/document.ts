/**
 * Reads hostile JSON (manifests, configs, token answers): bounded, each field taken by name and kind, so that nothing of
 * an unexpected shape travels on. It knows no document in particular.
 */
import { CriError, unknown as unknownError } from '../../base/errors.ts';

/** A failure of something that came from a registry or an archive. The kubelet shows the message as it is. */
export function badImage(message: string, cause?: unknown): CriError {
  return unknownError('InvalidImage', message, cause === undefined ? {} : { cause });
}

/** Parses UTF-8 JSON. @throws InvalidImage */
export function parseJson(bytes: Uint8Array, what: string): JsonObject {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return new JsonObject(JSON.parse(text), what);
  } catch (error) {
    if (error instanceof CriError) throw error;
    throw badImage(`${what}: expected UTF-8 JSON`, error);
  }
}

/** One object of a document; `what` names it in errors. Absent and null are the same. */
export class JsonObject {
  readonly what: string;
  readonly #members: ReadonlyMap<string, unknown>;

  constructor(value: unknown, what: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw badImage(`${what}: expected an object`);
    this.what = what;
    this.#members = new Map(Object.entries(value));
  }

  has(name: string): boolean {
    return (this.#members.get(name) ?? null) !== null;
  }

  names(): readonly string[] {
    return [...this.#members.keys()];
  }

  string(name: string): string {
    return this.stringOrNull(name) ?? this.refuse(name, 'a string');
  }

  stringOrNull(name: string): string | null {
    const value = this.#members.get(name) ?? null;
    if (value === null || typeof value === 'string') return value;
    return this.refuse(name, 'a string');
  }

  /** A whole number from 0 to 2^53 - 1. */
  count(name: string): number {
    const value = this.#members.get(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    return this.refuse(name, 'a whole number');
  }

  objectOrNull(name: string): JsonObject | null {
    if (!this.has(name)) return null;
    return new JsonObject(this.#members.get(name), `${this.what}.${name}`);
  }

  object(name: string): JsonObject {
    return this.objectOrNull(name) ?? this.refuse(name, 'an object');
  }

  objects(name: string, maxCount: number): readonly JsonObject[] {
    return this.#array(name, maxCount).map((each, at) => new JsonObject(each, `${this.what}.${name}[${at}]`));
  }

  strings(name: string, maxCount: number): readonly string[] {
    return this.#array(name, maxCount).map((each) =>
      typeof each === 'string' ? each : this.refuse(name, 'strings'),
    );
  }

  refuse(name: string, expected: string): never {
    throw badImage(`${this.what}.${name}: expected ${expected}`);
  }

  #array(name: string, maxCount: number): readonly unknown[] {
    const value: unknown = this.#members.get(name) ?? [];
    if (!Array.isArray(value)) return this.refuse(name, 'an array');
    if (value.length > maxCount) this.refuse(name, `at most ${maxCount} elements`);
    return value;
  }
}
