/**
 * What the scripts of this folder print: a line for each thing done, in the same form everywhere. Runs on Node 20.
 */
const hasColors = process.stdout.isTTY && !process.env['NO_COLOR'];
const paint = (on, off) => (text) => (hasColors ? `\u001b[${on}m${text}\u001b[${off}m` : text);

export const bold = paint(1, 22);
export const dim = paint(2, 22);
export const green = paint(32, 39);
export const red = paint(31, 39);

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** The title of a part of the work. */
export function title(text) {
  say(`\n${bold(text)}`);
}

/** One thing that is done, and how long it took. */
export function done(text, startedAtMs) {
  const took = startedAtMs === undefined ? '' : dim(` (${printSeconds(performance.now() - startedAtMs)})`);
  say(`  ${green('✓')} ${text}${took}`);
}

export function printSeconds(durationMs) {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** The end of a script, with a sentence for people: no stack trace. */
export class Failure extends Error {}

/** Runs a script's main function; a Failure is printed as its sentence. */
export async function main(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`${red('✗')} ${error.message}\n`);
    process.exitCode = 1;
  }
}
