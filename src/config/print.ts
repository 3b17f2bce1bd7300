/**
 * Writes the table of options for people: the commented template, the effective configuration with the source of each
 * value, and docs/configuration.md. Pure: text out.
 */
import { flagOf, variableOf, type Option } from './option.ts';
import { builtInRuntimes, defaultConfigFile, dropInDirOf, runtimeOptions, sections } from './options.ts';
import type { Config } from './options.ts';
import type { Setting } from './layer.ts';
import type { Plain } from './value.ts';

/** One value in TOML. */
export function printToml(plain: Plain): string {
  if (typeof plain === 'string') return JSON.stringify(plain).replaceAll('\u007f', '\\u007f');
  if (typeof plain === 'object') return `[${plain.map((item) => printToml(item)).join(', ')}]`;
  return String(plain);
}

/** The file with every option at its default, commented out, under its description. */
export function printTemplate(): string {
  const head = [
    '# Configuration of cri-ts. Every option is listed with its default; remove the "#" in front of one to change it.',
    `# Files in ${dropInDirOf(defaultConfigFile)} are laid over this one in lexical order, then CRI_TS_… variables, then flags.`,
    '# Options marked (reload) take effect on SIGHUP (systemctl reload cri-ts); the others when the daemon starts.',
  ];
  const tables = Object.entries(sections).map(([name, { title, options }]) =>
    printTable(name, title, Object.values<Option<unknown>>(options)),
  );
  const handlers = builtInRuntimes.map((name) => printHandler(name));
  return [head.join('\n'), ...tables, ...handlers, ''].join('\n\n').trimEnd().concat('\n');
}

function printTable(name: string, title: string, options: readonly Option<unknown>[]): string {
  return [`# ${title}.`, `[${name}]`, ...options.flatMap((option) => printOption(option, '# '))].join('\n');
}

function printHandler(name: string): string {
  const options = Object.values<Option<unknown>>(runtimeOptions);
  const isFirst = name === builtInRuntimes[0];
  const body = options.flatMap((option) =>
    isFirst ? printOption(option, '# ') : [`# ${printSetting(option, option.default)}`],
  );
  const title =
    'OCI runtimes: one table for each handler that pods may name. crun and runc are known without one.';
  return [...(isFirst ? [`# ${title}`] : []), `[runtimes.${name}]`, ...body].join('\n');
}

/** With its description before it; `mark` stands before the setting. */
function printOption(option: Option<unknown>, mark: string): readonly string[] {
  const note = option.isReloadable ? ' (reload)' : '';
  const description = `${option.description} Expected: ${option.kind.expected}.${note}`;
  return [
    '',
    ...wrap(description, 108).map((line) => `# ${line}`),
    `${mark}${printSetting(option, option.default)}`,
  ];
}

function printSetting(option: Option<unknown>, value: unknown): string {
  return `${option.key} = ${printToml(option.kind.toPlain(value))}`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** The configuration in use, as TOML that could be read again; each value with the place that set it. */
export function printEffective(config: Config, settings: ReadonlyMap<string, Setting>): string {
  const tables = Object.entries(sections).map(([name, { options }]) =>
    printValues({ path: name, options, values: config[keyOfSection(name)], settings }),
  );
  const handlers = [...config.runtimes].map(([name, values]) =>
    printValues({ path: `runtimes.${name}`, options: runtimeOptions, values, settings }),
  );
  return [...tables, ...handlers].join('\n\n').concat('\n');
}

function keyOfSection(name: string): keyof typeof sections {
  for (const key of Object.keys(sections)) if (key === name && isSectionName(key)) return key;
  throw new Error(`no section "${name}"`);
}

function isSectionName(name: string): name is keyof typeof sections {
  return Object.hasOwn(sections, name);
}

type ValuesToPrint = {
  readonly path: string;
  readonly options: Readonly<Record<string, Option<unknown>>>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly settings: ReadonlyMap<string, Setting>;
};

function printValues({ path, options, values, settings }: ValuesToPrint): string {
  const rows = Object.entries(options).map(([property, option]) => ({
    text: printSetting(option, values[property]),
    source: settings.get(`${path}.${option.key}`)?.source ?? 'default',
  }));
  const width = Math.min(60, Math.max(...rows.map(({ text }) => text.length)));
  return [`[${path}]`, ...rows.map(({ text, source }) => `${text.padEnd(width)}  # ${source}`)].join('\n');
}

/** docs/configuration.md: the template, cut at its tables. */
export function printReference(): string {
  const parts = Object.entries(sections).map(([name, { title, options }]) =>
    printChapter({ name, title, options: Object.values<Option<unknown>>(options) }),
  );
  const handlers = [
    '## `[runtimes.NAME]`: OCI runtimes',
    '',
    'One table for each handler that a pod may name (`runtimeClassName` by its RuntimeClass). `crun` and `runc` are known',
    'without one. A handler that cannot work on the machine is reported with its reason in Status and refuses pods with it.',
    'These options have neither flags nor variables.',
    '',
    ...printFence('runtimes.NAME', Object.values<Option<unknown>>(runtimeOptions)),
  ].join('\n');
  return [referenceHead(), ...parts, handlers].join('\n\n').concat('\n');
}

type Chapter = {
  readonly name: string;
  readonly title: string;
  readonly options: readonly Option<unknown>[];
};

function printChapter({ name, title, options }: Chapter): string {
  return [`## \`[${name}]\`: ${title}`, '', ...printFence(name, options)].join('\n');
}

function printFence(table: string, options: readonly Option<unknown>[]): readonly string[] {
  return ['```toml', `[${table}]`, ...options.flatMap((option) => printOption(option, '')), '```'];
}

function referenceHead(): string {
  const [flag, variable] = [flagOf('cni', 'conf_dir'), variableOf('cni', 'conf_dir')];
  return [
    '# Configuration',
    '',
    '<!-- Made from the table of options in src/config/ by `npm run docs`; a test fails when it is not up to date. -->',
    '',
    `cri-ts reads \`${defaultConfigFile}\`, then the files \`${dropInDirOf(defaultConfigFile)}/*.toml\` in lexical order, then`,
    'the environment, then its flags. Each is laid over the ones before it, option by option; a list replaces a list.',
    'Everything is optional, and below stands everything with its default. When something is wrong, all of it is reported at',
    'once, and the daemon does not start.',
    '',
    `- \`conf_dir\` of \`[cni]\` is the flag \`${flag}\` and the variable \`${variable}\`, and so on; options of`,
    `  \`[daemon]\` go without the name of the table: \`${flagOf('daemon', 'socket')}\`, \`${variableOf('daemon', 'socket')}\`. Items of a list are`,
    '  separated by commas there.',
    '- Durations are written like `"500ms"`, `"90s"`, `"5m"`, `"4h"`, sizes like `"512KiB"`, `"16MiB"`.',
    '- SIGHUP (`systemctl reload cri-ts`) loads everything again. If there is any fault, nothing changes. Otherwise the options',
    '  marked (reload) take effect, and the log names those that wait for a new start.',
    '- `cri-ts config` prints the configuration in use and where each value comes from; `cri-ts config --default` prints what',
    '  stands below as a file to begin with.',
  ].join('\n');
}
