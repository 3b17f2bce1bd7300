/**
 * The table of the self-test: one line a step, printed when the step ends, with its time; the total at the end.
 *
 *   ✓ start container              11.4 ms
 *   ✗ exec                       2001.0 ms  ExecSync: deadline exceeded
 */
import type { Paint } from '../table.ts';
import { printable } from '../table.ts';

export type StepResult = {
  readonly name: string;
  readonly durationMs: number;
  /** What was found, in a few words; of a failed step: why. */
  readonly detail: string;
  readonly isPassed: boolean;
};

const nameWidth = 24;
const timeWidth = 10;

export class StepTable {
  readonly #write: (text: string) => void;
  readonly #paint: Paint;
  readonly results: StepResult[] = [];

  constructor(write: (text: string) => void, paint: Paint) {
    this.#write = write;
    this.#paint = paint;
  }

  /** Runs a step and prints its line. `describe` makes the detail out of the result. Passes the failure on. */
  async run<T>(name: string, work: () => Promise<T>, describe: (value: T) => string = () => ''): Promise<T> {
    const startedAtMs = performance.now();
    const record = (isPassed: boolean, detail: string): void =>
      this.#add({ name, durationMs: performance.now() - startedAtMs, detail, isPassed });
    try {
      const value = await work();
      record(true, describe(value));
      return value;
    } catch (error) {
      record(false, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  #add(result: StepResult): void {
    this.results.push(result);
    const mark = result.isPassed ? this.#paint.green('✓') : this.#paint.red('✗');
    const detail = printable(result.detail);
    const line = `  ${mark} ${result.name.padEnd(nameWidth)}${printMs(result.durationMs)}  `;
    this.#write(
      `${line}${result.isPassed ? this.#paint.dim(detail) : this.#paint.red(detail)}`.trimEnd() + '\n',
    );
  }

  /** The last line. */
  finish(): void {
    const totalMs = this.results.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const isPassed = this.results.every((result) => result.isPassed);
    const rule = this.#paint.dim('─'.repeat(nameWidth + timeWidth + 2));
    const words = isPassed ? this.#paint.green('all steps passed') : this.#paint.red('failed');
    this.#write(`  ${rule}\n    ${'total'.padEnd(nameWidth)}${printMs(totalMs)}  ${words}\n`);
  }
}

function printMs(durationMs: number): string {
  return `${durationMs.toFixed(1)} ms`.padStart(timeWidth);
}
