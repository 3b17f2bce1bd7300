/**
 * Kinds of values that an option can have. Each kind parses what a TOML file holds and what an environment variable or a
 * flag says, states what it expects in words, and prints itself as TOML. No option is named in here.
 */
import { absolutePath, type AbsolutePath } from '../base/ids.ts';

/** What stands on the right of `=` in a file, after TOML's own parsing. */
export type Plain = string | number | boolean | readonly Plain[];

export type Parsed<T> =
  { readonly isValid: true; readonly value: T } | { readonly isValid: false; readonly expected: string };

export interface Kind<T> {
  /** In words, for the documentation and for faults: `a duration from 1s to 10m`. */
  readonly expected: string;
  parse(raw: unknown): Parsed<T>;
  /** Turns the text of a variable or flag into what a file would hold. */
  fromText(text: string): unknown;
  /** The inverse of `parse`. */
  toPlain(value: T): Plain;
}

export function accept<T>(value: T): Parsed<T> {
  return { isValid: true, value };
}

function reject(expected: string): { readonly isValid: false; readonly expected: string } {
  return { isValid: false, expected };
}

type Rule<T> = {
  readonly expected: string;
  /** Undefined: not such a value. */
  readonly read: (text: string) => T | undefined;
  readonly print?: (value: T) => string;
};

/** Any value that is written as a string. */
export function textKind<T>(rule: Rule<T>): Kind<T> {
  const { expected } = rule;
  return {
    expected,
    parse: (raw) => {
      const value = typeof raw === 'string' && raw.length <= 4096 ? rule.read(raw) : undefined;
      return value === undefined ? reject(expected) : accept(value);
    },
    fromText: (text) => text,
    toPlain: rule.print ?? String,
  };
}

export function oneOf<const T extends string>(words: readonly T[]): Kind<T> {
  const expected = `one of ${words.map((word) => `"${word}"`).join(', ')}`;
  return textKind({ expected, read: (text) => words.find((word) => word === text) });
}

export const booleanKind: Kind<boolean> = {
  expected: 'true or false',
  parse: (raw) => (typeof raw === 'boolean' ? accept(raw) : reject('true or false')),
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  toPlain: (value) => value,
};

export type IntegerRange = { readonly min: number; readonly max: number; readonly unit?: string };

export function integer(range: IntegerRange): Kind<number> {
  const unit = range.unit === undefined ? '' : ` (${range.unit})`;
  const expected = `an integer from ${range.min} to ${range.max}${unit}`;
  return {
    expected,
    parse: (raw) => {
      const isInside = typeof raw === 'number' && raw >= range.min && raw <= range.max;
      return isInside && Number.isInteger(raw) ? accept(raw) : reject(expected);
    },
    fromText: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text),
    toPlain: (value) => value,
  };
}

export const pathKind: Kind<AbsolutePath> = textKind({
  expected: 'an absolute path',
  read: readPath,
});

function readPath(text: string): AbsolutePath | undefined {
  try {
    return absolutePath(text);
  } catch {
    // The fault names the key and what was expected; the parser's own words would only repeat it.
    return undefined;
  }
}

/** A value that may be left out: the empty string is null. */
export function optional<T>(kind: Kind<T>, emptyMeans: string): Kind<T | null> {
  const expected = `${kind.expected}, or "" (${emptyMeans})`;
  return {
    expected,
    parse: (raw) => {
      if (raw === '') return accept(null);
      const parsed = kind.parse(raw);
      return parsed.isValid ? parsed : reject(expected);
    },
    fromText: (text) => (text === '' ? text : kind.fromText(text)),
    toPlain: (value) => (value === null ? '' : kind.toPlain(value)),
  };
}

/** At most 1000 values, each at most once; a variable or flag separates them by commas. */
export function listOf<T>(kind: Kind<T>): Kind<readonly T[]> {
  const expected = `a list, each item ${kind.expected}`;
  return {
    expected,
    parse: (raw) => parseList(kind, { raw, expected }),
    fromText: (text) => (text === '' ? [] : text.split(',').map((item) => kind.fromText(item.trim()))),
    toPlain: (value) => value.map((item) => kind.toPlain(item)),
  };
}

function parseList<T>(
  kind: Kind<T>,
  given: { readonly raw: unknown; readonly expected: string },
): Parsed<readonly T[]> {
  const { raw, expected } = given;
  if (!Array.isArray(raw) || raw.length > 1000) return reject(expected);
  const values: T[] = [];
  for (const [index, item] of raw.entries()) {
    const parsed = kind.parse(item);
    if (!parsed.isValid) return reject(`a list, item ${index + 1} ${kind.expected}`);
    values.push(parsed.value);
  }
  return accept(values);
}
