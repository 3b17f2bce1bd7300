/**
 * What `npm run bench` may be asked: which parts, of whom, how long.
 */
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

/** Part → what it measures. */
const parts = [
  ['lives', 'one pod at a time, beside the floor: start, three commands, end'],
  ['host-network', "the same in the host's network, without CNI"],
  ['parallel', '24 pods, 8 at a time'],
  ['queries', 'lists, statuses with 50 and 500 containers'],
  ['stats', 'statistics of 50 containers'],
  ['footprint', 'memory and idle CPU with 0, 30 and 100 pods, restart'],
  ['logs', 'one container that writes'],
  ['execs', "ExecSync beside the runtime's own exec, ten probes every second"],
  ['streams', 'throughput and echo of exec, attach, port-forward'],
  ['census', 'what a thousand execs leave behind'],
  ['images', 'cold pulls beside curl | tar'],
] as const;

export type Part = (typeof parts)[number][0];

const names = parts.map(([name]) => name);

export type Options = {
  /** Parts or pieces of their names; absent: all. */
  readonly only?: readonly string[];
  /** Images of the pulls; absent: all. */
  readonly image?: readonly string[];
  readonly quick?: true;
  readonly containerd: boolean;
  readonly criTs: boolean;
  readonly output: string;
};

/** Ends the process after --help, and with words on what it does not know. */
export function readOptions(argv: readonly string[]): Options {
  const width = Math.max(...names.map((name) => name.length));
  const listed = parts.map(([name, what]) => `  ${name.padEnd(width)}  ${what}`);
  return new Command('npm run bench --')
    .description('Measures cri-ts, containerd where it is installed, and the floor by hand, side by side.')
    .option('--only <parts>', 'only these parts, separated by commas', parseParts)
    .option('--image <names>', 'only these images of the pulls', splitWords)
    .option('--quick', 'fewer rounds: a first look, no figures to keep')
    .option('--no-containerd', 'leave containerd out')
    .option('--no-cri-ts', 'leave cri-ts out')
    .option('--output <file>', 'where the results go', join(import.meta.dirname, '../bench-results.json'))
    .addHelpText('after', `\nParts:\n${listed.join('\n')}`)
    .parse(argv, { from: 'user' })
    .opts<Options>();
}

function splitWords(value: string): readonly string[] {
  return value.split(',');
}

function parseParts(value: string): readonly string[] {
  const words = splitWords(value);
  const unknown = words.filter((word) => !names.some((name) => name.includes(word)));
  if (unknown.length === 0) return words;
  throw new InvalidArgumentError(`"${unknown.join('", "')}": expected ${names.join(', ')}.`);
}

export function wants({ only }: Options, part: Part): boolean {
  return only === undefined || only.some((word) => part.includes(word));
}

/** Whether anything but these is wanted. */
export function wantsMoreThan(options: Options, ...some: readonly Part[]): boolean {
  return names.some((name) => !some.includes(name) && wants(options, name));
}
