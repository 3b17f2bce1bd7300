/**
 * Reads the configuration: the file, its drop-ins in lexical order, the environment, the flags, each over the ones before
 * it. Every fault is reported at once. It only reads; applying is the daemon's work.
 */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { errnoOf, messageOf } from '../base/errors.ts';
import { readBounded } from '../base/files.ts';
import { ConfigError, type Fault } from './faults.ts';
import { layerOfEnvironment, layerOfFlags, layerOfTable, type Layer, type Setting } from './layer.ts';
import {
  builtInRuntimes,
  defaultConfigFile,
  dropInDirOf,
  runtimeOptions,
  sections,
  type Config,
  type RuntimeConfig,
} from './options.ts';
import { streamingFault } from './options-streaming.ts';
import type { Section, Values } from './option.ts';

export type ConfigInputs = {
  /** The configuration file that was asked for; null: the default one, which may be absent. */
  readonly file: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--cni-conf-dir` → its value. */
  readonly flags: ReadonlyMap<string, string>;
};

export type LoadedConfig = {
  readonly config: Config;
  /** Who set what: option path (`cni.conf_dir`) → value and source. What is not in here has its default. */
  readonly settings: ReadonlyMap<string, Setting>;
};

const maxFileBytes = 1024 * 1024;

/** Loads and checks everything. @throws ConfigError with every fault that there is */
export async function loadConfig(inputs: ConfigInputs): Promise<LoadedConfig> {
  const layers = [
    ...(await readFiles(inputs.file)),
    layerOfEnvironment(inputs.env),
    layerOfFlags(inputs.flags),
  ];
  const settings = new Map(layers.flatMap((layer) => [...layer.settings]));
  const config = compileConfig(settings);
  const faults = [...layers.flatMap((layer) => layer.faults), ...checkReferences(config, settings)];
  if (faults.length > 0) throw new ConfigError(faults);
  return { config, settings };
}

async function readFiles(asked: string | null): Promise<readonly Layer[]> {
  const file = asked ?? defaultConfigFile;
  const main = await readLayer(file, asked !== null);
  const dropIns: Layer[] = [];
  for (const path of await listDropIns(dropInDirOf(file))) dropIns.push(await readLayer(path, false));
  return [main, ...dropIns];
}

async function listDropIns(dir: string): Promise<readonly string[]> {
  try {
    const names = await readdir(dir);
    return names
      .filter((name) => name.endsWith('.toml') && !name.startsWith('.'))
      .sort()
      .map((name) => join(dir, name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

async function readLayer(path: string, isRequired: boolean): Promise<Layer> {
  try {
    const content = await readBounded(await realpath(path), maxFileBytes);
    if (content === null) return faulty(path, 'no such file');
    return layerOfTable(path, parse(content.toString('utf8')));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return isRequired ? faulty(path, 'no such file') : faulty(path, null);
    if (error instanceof TomlError) return faulty(path, describeSyntax(error));
    return faulty(path, messageOf(error));
  }
}

function describeSyntax(error: TomlError): string {
  const [sentence = ''] = error.message.split('\n');
  return `line ${error.line}, column ${error.column}: ${sentence.replace('Invalid TOML document: ', '')}`;
}

function faulty(source: string, problem: string | null): Layer {
  const faults: Fault[] = problem === null ? [] : [{ source, key: null, problem }];
  return { settings: new Map(), faults };
}

/** Options that name each other. */
function checkReferences(config: Config, settings: ReadonlyMap<string, Setting>): readonly Fault[] {
  return [runtimeFault(config), streamingFault(config.streaming)].flatMap((fault) =>
    fault === null ? [] : [{ source: settings.get(fault.key)?.source ?? 'default', ...fault }],
  );
}

function runtimeFault(config: Config): { readonly key: string; readonly problem: string } | null {
  const { defaultRuntime } = config.runtime;
  if (config.runtimes.has(defaultRuntime)) return null;
  const known = [...config.runtimes.keys()].map((name) => `"${name}"`).join(', ');
  return {
    key: 'runtime.default_runtime',
    problem: `found "${defaultRuntime}", expected a name of the runtimes tables (${known})`,
  };
}

/** Every option gets its setting or its default. */
export function compileConfig(settings: ReadonlyMap<string, Setting>): Config {
  return {
    daemon: compileSection('daemon', sections.daemon.options, settings),
    runtime: compileSection('runtime', sections.runtime.options, settings),
    cni: compileSection('cni', sections.cni.options, settings),
    images: compileSection('images', sections.images.options, settings),
    devices: compileSection('devices', sections.devices.options, settings),
    security: compileSection('security', sections.security.options, settings),
    streaming: compileSection('streaming', sections.streaming.options, settings),
    limits: compileSection('limits', sections.limits.options, settings),
    metrics: compileSection('metrics', sections.metrics.options, settings),
    runtimes: compileRuntimes(settings),
  };
}

function compileRuntimes(settings: ReadonlyMap<string, Setting>): ReadonlyMap<string, RuntimeConfig> {
  const names = new Set<string>(builtInRuntimes);
  for (const path of settings.keys()) {
    const [, name] = /^runtimes\.([^.]+)$/.exec(path) ?? [];
    if (name !== undefined) names.add(name);
  }
  return new Map(
    [...names].map((name) => [name, compileSection(`runtimes.${name}`, runtimeOptions, settings)]),
  );
}

function compileSection<S extends Section>(
  path: string,
  section: S,
  settings: ReadonlyMap<string, Setting>,
): Values<S> {
  const values = Object.entries(section).map(([property, option]) => {
    const setting = settings.get(`${path}.${option.key}`);
    return [property, setting === undefined ? option.default : setting.value];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each setting was parsed by the kind of this very option
  return Object.fromEntries(values) as Values<S>;
}
