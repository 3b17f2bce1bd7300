/**
 * Ids by prefix: clients give 13 characters of an id (crictl shows no more), or all 64. Sorted, so that a look-up is a
 * binary search and ambiguity is seen at once.
 */

export type PrefixMatch<Id> =
  { readonly kind: 'one'; readonly id: Id } | { readonly kind: 'none' } | { readonly kind: 'many' };

export class PrefixIndex<Id extends string> {
  #sorted: Id[] = [];

  add(id: Id): void {
    const at = this.#position(id);
    if (this.#sorted[at] !== id) this.#sorted.splice(at, 0, id);
  }

  remove(id: Id): void {
    const at = this.#position(id);
    if (this.#sorted[at] === id) this.#sorted.splice(at, 1);
  }

  /** The id with this prefix. The empty prefix matches nothing. */
  find(prefix: string): PrefixMatch<Id> {
    if (prefix === '') return { kind: 'none' };
    const at = this.#position(prefix);
    const first = this.#sorted[at];
    if (first === undefined || !first.startsWith(prefix)) return { kind: 'none' };
    const second = this.#sorted[at + 1];
    const isUnique = first === prefix || second === undefined || !second.startsWith(prefix);
    return isUnique ? { kind: 'one', id: first } : { kind: 'many' };
  }

  #position(text: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? '') < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
