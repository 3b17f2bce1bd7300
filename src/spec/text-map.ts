/**
 * Maps of text to text that came from a client. They have no prototype, so that no key (`__proto__`, `constructor`) means
 * anything but itself.
 */

/** Labels, annotations and the like. */
export type TextMap = Readonly<Record<string, string>>;

/** A later entry of a name wins. */
export function textMap(entries: Iterable<readonly [name: string, value: string]>): TextMap {
  // `Object.create` is the only way to an object without a prototype that JSON and protobuf writers take as a map.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fresh object without properties
  const map = Object.create(null) as Record<string, string>;
  for (const [name, value] of entries) map[name] = value;
  return map;
}
