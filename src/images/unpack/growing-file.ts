/**
 * A file that is being downloaded and may already be read up to a mark. The writer moves the mark; readers are told.
 */
export class GrowingFile {
  readonly path: string;
  #availableBytes = 0;
  #isComplete = false;
  readonly #listeners = new Set<() => void>();

  constructor(path: string) {
    this.path = path;
  }

  /** A file that is there as a whole. */
  static whole(path: string, sizeBytes: number): GrowingFile {
    const file = new GrowingFile(path);
    file.grow(sizeBytes);
    file.complete();
    return file;
  }

  get availableBytes(): number {
    return this.#availableBytes;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The first `availableBytes` of the file are written; a smaller number than before changes nothing. */
  grow(availableBytes: number): void {
    if (availableBytes <= this.#availableBytes) return;
    this.#availableBytes = availableBytes;
    this.#tell();
  }

  complete(): void {
    this.#isComplete = true;
    this.#tell();
  }

  /** @returns the end of listening */
  onGrowth(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
