/**
 * Bounded memory of what a program writes: what is over the bound is read and dropped, so that the program never blocks on us.
 */

export type Kept = {
  readonly take: (chunk: Buffer) => void;
  readonly content: () => Buffer;
};

/** Bytes that may still be kept, of one stream or of several together. */
export class OutputBudget {
  #leftBytes: number;

  constructor(totalBytes: number) {
    this.#leftBytes = totalBytes;
  }

  take(wantedBytes: number): number {
    const granted = Math.min(wantedBytes, this.#leftBytes);
    this.#leftBytes -= granted;
    return granted;
  }
}

/** Keeps the first bytes. */
export function keepHead(budget: OutputBudget): Kept {
  const chunks: Buffer[] = [];
  const take = (chunk: Buffer): void => {
    const kept = budget.take(chunk.length);
    if (kept > 0) chunks.push(chunk.subarray(0, kept));
  };
  return { take, content: () => Buffer.concat(chunks) };
}

/** Keeps the last bytes. */
export function keepTail(maxBytes: number): Kept {
  let tail: Buffer = Buffer.alloc(0);
  const take = (chunk: Buffer): void => {
    tail = Buffer.concat([tail, chunk]).subarray(-maxBytes);
  };
  return { take, content: () => tail };
}
