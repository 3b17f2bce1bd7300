/**
 * Ctrl-C, or SIGTERM, while a command works: it stops, takes away what it has half done, and then the process ends. A second
 * one ends it at once.
 */
import { canceled } from '../../base/errors.ts';
import { exitCode } from '../exit-code.ts';

const names = ['SIGINT', 'SIGTERM'] as const;

export class Interruption implements Disposable {
  readonly #stop = new AbortController();
  readonly #take = (): void => {
    if (this.#stop.signal.aborted) process.exit(exitCode.interrupted);
    this.#stop.abort(canceled('Interrupted', 'interrupted'));
  };

  constructor() {
    for (const name of names) process.on(name, this.#take);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  [Symbol.dispose](): void {
    for (const name of names) process.off(name, this.#take);
  }
}
