/**
 * Who brings which part of a blob. Pure.
 *
 *   one connection:  [0 ─────────────────────────────────▶ size)
 *   more of them:    [lead ─▶ )[second ─▶ )[third ─▶ )[ not claimed yet        )
 *
 * Parts are given out from the front, so that what has arrived in one piece grows steadily for those who read it.
 */

/** A part that somebody brings; `position` moves towards `end`. */
export type Span = { position: number; end: number };

export class RangePlan {
  readonly sizeBytes: number;
  readonly #partBytes: number;
  /** Given back unfinished. */
  #returned: Span[] = [];
  /** Nothing behind it is claimed. */
  #cursor = 0;
  #isShared = false;

  constructor(sizeBytes: number, partBytes: number) {
    this.sizeBytes = sizeBytes;
    this.#partBytes = partBytes;
  }

  /** The next part; alone: all that is left. Null: nothing is left to claim. */
  claim(): Span | null {
    const again = this.#returned.shift();
    if (again !== undefined) return again;
    if (this.#cursor >= this.sizeBytes) return null;
    const end = this.#isShared ? Math.min(this.#cursor + this.#partBytes, this.sizeBytes) : this.sizeBytes;
    const span = { position: this.#cursor, end };
    this.#cursor = end;
    return span;
  }

  /** A part that is not finished goes to the next one who asks. */
  giveBack(span: Span): void {
    if (span.position >= span.end) return;
    this.#returned = [...this.#returned, span].sort((one, other) => one.position - other.position);
  }

  /** Takes all but the next part from the one who had all of the rest. @returns whether there is enough to share */
  share(lead: Span): boolean {
    if (this.#isShared) return true;
    const end = lead.position + this.#partBytes;
    if (lead.end !== this.sizeBytes || end + this.#partBytes > this.sizeBytes) return false;
    lead.end = end;
    this.#cursor = end;
    this.#isShared = true;
    return true;
  }

  /**
   * Parts cannot be had: what is left is one piece again, from the first byte that nobody brings. It goes to the lead, if
   * he is there and not past it: what he is sent is all of the blob anyway.
   */
  unite(lead: Span | null): void {
    const from = Math.min(this.#cursor, ...this.#returned.map((span) => span.position));
    this.#returned = [];
    this.#isShared = false;
    this.#cursor = from;
    if (lead === null || from < lead.position) return;
    lead.end = this.sizeBytes;
    this.#cursor = this.sizeBytes;
  }
}
