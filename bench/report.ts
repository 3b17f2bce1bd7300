/**
 * Prints results as tables for people. A goal gets a mark; nothing here decides an exit code.
 */
import type { Summary } from './samples.ts';

export type Goal = {
  readonly what: string;
  readonly wanted: string;
  readonly reached: string;
  readonly isReached: boolean;
};

const isColoured = process.stdout.isTTY;

export function heading(text: string): void {
  say('');
  say(isColoured ? `\u001b[1m${text}\u001b[0m` : text);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Aligned columns: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    say(`  ${cells.join('  ')}`);
    if (index === 0) say(`  ${widths.map((width) => '─'.repeat(width)).join('  ')}`);
  }
}

export function ms(summary: Summary | undefined): string {
  return summary === undefined ? '' : fixed(summary.p50);
}

export function fixed(value: number): string {
  if (!Number.isFinite(value)) return '';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function megabytes(bytes: number): string {
  return fixed(bytes / 1024 / 1024);
}

export function goals(list: readonly Goal[]): void {
  heading('Goals');
  table([
    ['', 'goal', 'wanted', 'reached'],
    ...list.map(({ what, wanted, reached, isReached }) => [isReached ? '✓' : '✗', what, wanted, reached]),
  ]);
}
