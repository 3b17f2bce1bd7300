/**
 * Hard links of a layer to files of lower layers, which may not be there yet: the image's assembly makes them. Pure.
 */
import { parentOf, refuse } from './entry-path.ts';

const maxLinks = 10_000;

export class ForeignLinks {
  readonly #targets = new Map<string, string>();

  /** What the link at a path is a name of; null: there is no such link. */
  get(path: string): string | null {
    return this.#targets.get(path) ?? null;
  }

  /** @throws InvalidImage */
  add(path: string, target: string): void {
    if (this.#targets.size >= maxLinks && !this.#targets.has(path))
      refuse(path, `is one of more than ${maxLinks} hard links to files of other layers`);
    // A link to a link to what it is called itself.
    if (path === target) this.#targets.delete(path);
    else this.#targets.set(path, target);
  }

  /** Something else has come in its place. */
  delete(path: string): void {
    this.#targets.delete(path);
  }

  /** @throws InvalidImage when a link stands where the path needs a directory */
  checkParents(path: string): void {
    if (this.#targets.size === 0) return;
    for (let at = parentOf(path); at !== ''; at = parentOf(at))
      if (this.#targets.has(at)) refuse(path, `lies below ${JSON.stringify(at)}, which is no directory`);
  }

  all(): readonly { readonly path: string; readonly target: string }[] {
    return [...this.#targets].map(([path, target]) => ({ path, target }));
  }
}
