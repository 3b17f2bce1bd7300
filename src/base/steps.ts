/**
 * The named steps of a story: how long each took (for the log), and the place where a test may let the daemon die.
 */
import { crashPoint } from './crash-point.ts';
import type { Log } from './log.ts';

export class Steps<Name extends string> {
  readonly #story: string;
  readonly #log: Log;
  readonly #durationsMs: Record<string, number> = {};
  readonly #startedAtMs = performance.now();

  constructor(story: string, log: Log) {
    this.#story = story;
    this.#log = log;
  }

  /** Runs one step; a failure is logged with the step's name and time and passed on unchanged. */
  async run<T>(name: Name, work: () => Promise<T> | T): Promise<T> {
    crashPoint(`${this.#story}:${name}`);
    const startedAtMs = performance.now();
    try {
      return await work();
    } catch (error) {
      this.#log.warn({ step: name, durationMs: elapsedMs(startedAtMs), err: error }, `${this.#story} failed`);
      throw error;
    } finally {
      this.#durationsMs[name] = elapsedMs(startedAtMs);
    }
  }

  /** Logs the whole story with the time of each step. */
  finish(bindings: Readonly<Record<string, unknown>> = {}): void {
    this.#log.info(
      { ...bindings, durationMs: elapsedMs(this.#startedAtMs), stepsMs: this.#durationsMs },
      this.#story,
    );
  }
}

function elapsedMs(sinceMs: number): number {
  return Math.round((performance.now() - sinceMs) * 10) / 10;
}
