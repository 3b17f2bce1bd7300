/**
 * Progress as lines of JSON, one event each; of bytes only the last count of each layer, a few times a second.
 */
import { explain } from '../../base/errors.ts';
import type { Observer, ProgressEvent } from '../../images/progress.ts';

const flushEveryMs = 200;

export class ProgressLines implements Disposable {
  readonly #write: (line: string) => void;
  readonly #bytes = new Map<string, ProgressEvent>();
  readonly #timer: NodeJS.Timeout;

  constructor(write: (line: string) => void) {
    this.#write = write;
    this.#timer = setInterval(() => this.#flush(), flushEveryMs);
  }

  readonly observe: Observer = (event) => {
    if (event.kind === 'bytes') {
      this.#bytes.set(event.digest, event);
      return;
    }
    this.#flush();
    const plain =
      event.kind === 'ended' && event.failure !== null
        ? { ...event, failure: explain(event.failure) }
        : event;
    this.#write(JSON.stringify(plain));
  };

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#flush();
  }

  #flush(): void {
    for (const event of this.#bytes.values()) this.#write(JSON.stringify(event));
    this.#bytes.clear();
  }
}
