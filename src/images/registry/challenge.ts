/**
 * What a registry asks for in `WWW-Authenticate`. Pure; a hand-written parser, since the text is hostile.
 * Source: RFC 9110, 11.3 (scheme and parameters); OCI distribution / Docker token authentication.
 */

export type Challenge = {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
};

const maxHeaderLength = 8192;
const tokenCharacters = /[A-Za-z0-9!#$%&'*+.^_`|~-]/;

/** All challenges of a header; what cannot be read ends the list. */
export function parseChallenges(header: string): readonly Challenge[] {
  const reader = new Reader(header.slice(0, maxHeaderLength));
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (;;) {
    reader.skip(/[ \t,]/);
    const word = reader.take(tokenCharacters);
    if (word === '') return challenges;
    reader.skip(/[ \t]/);
    const last = challenges.at(-1);
    if (!reader.has('=') || last === undefined)
      challenges.push({ scheme: word.toLowerCase(), parameters: new Map() });
    else last.parameters.set(word.toLowerCase(), reader.value());
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  has(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  skip(characters: RegExp): void {
    while (this.#at < this.#text.length && characters.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  take(characters: RegExp): string {
    const start = this.#at;
    this.skip(characters);
    return this.#text.slice(start, this.#at);
  }

  /** What follows a name: `=token` or `="text"`. */
  value(): string {
    this.#at += 1;
    this.skip(/[ \t]/);
    if (!this.has('"')) return this.take(/[^ \t,]/);
    let text = '';
    for (this.#at += 1; this.#at < this.#text.length && !this.has('"'); this.#at += 1) {
      if (this.has('\\')) this.#at += 1;
      text += this.#text[this.#at] ?? '';
    }
    this.#at += 1;
    return text;
  }
}
