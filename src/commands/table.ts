/**
 * Text for a terminal: aligned columns, colours only where somebody looks. Pure: lines out.
 */

export type Row = readonly string[];

export type Paint = {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
};

/** Colours for a stream: none when it is not a terminal or NO_COLOR is set. */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  const hasColors = stream.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';
  const code =
    (on: number, off: number) =>
    (text: string): string =>
      hasColors ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: code(1, 22), dim: code(2, 22), green: code(32, 39), red: code(31, 39) };
}

/** A cell that others stand behind; the last one of a line disturbs nobody (a condition's reason, with all that it names). */
const maxCellChars = 200;
const maxLastCellChars = 4000;

/** Lines of a table under its head; an empty table is one line that says so. */
export function printTable(head: Row, rows: readonly Row[], paint: Paint): readonly string[] {
  const last = head.length - 1;
  const all = [head, ...rows].map((row) =>
    row.map((cell, column) => printable(cell, column === last ? maxLastCellChars : maxCellChars)),
  );
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const [first = '', ...rest] = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [paint.bold(first), ...(rest.length === 0 ? [paint.dim('(none)')] : rest)];
}

/** Names come from pods: what could steer a terminal is shown as a replacement character. A cut is shown by `…`. */
export function printable(text: string, maxChars = maxCellChars): string {
  const safe = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return safe.length > maxChars ? `${safe.slice(0, maxChars - 1)}…` : safe;
}

/** `3h`: how long ago, in the largest unit. */
export function printAge(sinceNs: bigint, nowNs: bigint): string {
  const seconds = Number((nowNs - sinceNs) / 1_000_000_000n);
  if (sinceNs <= 0n || seconds < 0) return '-';
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
