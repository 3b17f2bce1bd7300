/**
 * The checks that text of a client passes before anything else looks at it: size, characters, paths. Each says in one
 * sentence what was wrong and what was expected, and shows at most a piece of the value.
 */
import { invalid } from '../base/errors.ts';
import { textMap, type TextMap } from './text-map.ts';

/** PATH_MAX without its NUL. Source: path_resolution(7). */
export const maxPathBytes = 4095;

/** A value as messages show it: quoted, at most 100 characters, with nothing that a log or a terminal would act on. */
export function shown(text: string): string {
  const quoted = JSON.stringify(text.slice(0, 100)).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    escapeCharacter,
  );
  return text.length > 100 ? `${quoted}…` : quoted;
}

/** JSON leaves DEL, the C1 controls and the line separators as they are. */
function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** One wrong value of a field. */
export function wrong(field: string, value: string, expected: string): Error {
  return invalid('InvalidField', `${field} ${shown(value)}: expected ${expected}`);
}

/** One wrong value of a field that is too long or too odd to show. */
export function wrongField(field: string, expected: string): Error {
  return invalid('InvalidField', `${field}: expected ${expected}`);
}

/** True when a C0 or C1 control character, DEL or a line separator is in the text. */
export function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029) return true;
  }
  return false;
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** Names become CNI arguments, log lines, labels of metrics: letters, digits, "-", "_", ".". */
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;

/** A name of a pod, namespace or container. @throws InvalidName */
export function parseName(field: string, text: string): string {
  if (nameForm.test(text)) return text;
  const expected = 'expected 1 to 253 letters, digits, "-", "_" and ".", the first a letter or digit';
  throw invalid('InvalidName', `${field} ${shown(text)}: ${expected}`);
}

/** An absolute path in normal form: repeated and trailing slashes and "." go, ".." is refused. @throws InvalidPath */
export function parsePath(field: string, text: string): string {
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  const isSafe = !text.includes('\0') && byteLength(text) <= maxPathBytes && !parts.includes('..');
  if (text.startsWith('/') && isSafe) return `/${parts.join('/')}`;
  throw invalid('InvalidPath', `${field} ${shown(text)}: expected an absolute path without ".." and NUL`);
}

/** A relative path in normal form that stays below where it starts. @throws InvalidPath */
export function parseRelativePath(field: string, text: string): string {
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  const isSafe = !hasControl(text) && byteLength(text) <= maxPathBytes && !parts.includes('..');
  if (!text.startsWith('/') && parts.length > 0 && isSafe) return parts.join('/');
  throw invalid(
    'InvalidPath',
    `${field} ${shown(text)}: expected a relative path without ".." and control characters`,
  );
}

/** Copies labels or annotations. @throws TooLarge, InvalidField */
export function parseTextMap(field: string, map: TextMap, maxBytes: number): TextMap {
  const entries = Object.entries(map);
  let bytes = 0;
  for (const [name, value] of entries) {
    if (name === '') throw wrongField(field, 'no empty key');
    bytes += byteLength(name) + byteLength(value);
    if (bytes > maxBytes)
      throw invalid('TooLarge', `${field}: expected at most ${maxBytes} bytes of keys and values together`);
  }
  return textMap(entries);
}

/** @throws TooLarge */
export function boundedList<Item>(field: string, items: readonly Item[], max: number): readonly Item[] {
  if (items.length <= max) return items;
  throw invalid('TooLarge', `${field}: expected at most ${max} entries, got ${items.length}`);
}

/** An integer in a range, as a number. @throws InvalidField */
export function parseInteger(
  field: string,
  value: bigint | number,
  range: readonly [min: number, max: number],
): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= range[0] && number <= range[1]) return number;
  throw invalid('InvalidField', `${field} ${value}: expected a number of ${range[0]} to ${range[1]}`);
}

const ipv4Form = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;

/** An IPv4 or IPv6 address in text form, without a zone. Source: RFC 4291, 2.2. */
export function isAddress(text: string): boolean {
  if (text.length > 45) return false;
  if (ipv4Form.test(text)) return true;
  return text.includes(':') && /^[0-9a-fA-F:.]+$/.test(text) && URL.canParse(`http://[${text}]/`);
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const uidForm = /^[^\u0000-\u001f\u007f/;=]{1,253}$/;

/** A pod's uid: any word that file names and CNI_ARGS can carry. @throws InvalidName */
export function parseUid(field: string, text: string): string {
  if (uidForm.test(text)) return text;
  throw invalid(
    'InvalidName',
    `${field} ${shown(text)}: expected 1 to 253 characters without "/", ";", "=" and control characters`,
  );
}
