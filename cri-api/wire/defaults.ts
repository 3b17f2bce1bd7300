/** What absent fields decode to. The empty values are shared, so that the many of a message cost nothing. */

export const emptyList: readonly never[] = Object.freeze([]);
export const emptyMap: Readonly<Record<string, string>> = Object.freeze(newMap());
export const emptyBytes: Uint8Array = new Uint8Array(0);

/** A map that holds any key as a key: it has no prototype, so `__proto__` is nothing special. */
export function newMap(): Record<string, string> {
  const map: Record<string, string> = Object.create(null);
  return map;
}
