/**
 * One source of settings (a file, the environment, the flags) checked against the table of options. It knows nothing of
 * the other sources: `loader.ts` lays them over each other.
 */
import { nearest, quoteFound, type Fault } from './faults.ts';
import { flagOf, variableOf, type Option, type Section } from './option.ts';
import { handlerNameForm, runtimeOptions, sections } from './options.ts';

/** One value that somebody set, already parsed. */
export type Setting = { readonly value: unknown; readonly source: string };

export type Layer = {
  /** By option path: `cni.conf_dir`, `runtimes.crun.path`. */
  readonly settings: ReadonlyMap<string, Setting>;
  readonly faults: readonly Fault[];
};

type Draft = { readonly source: string; readonly settings: Map<string, Setting>; readonly faults: Fault[] };

/** What a TOML file says. `source` is its path. */
export function layerOfTable(source: string, table: Readonly<Record<string, unknown>>): Layer {
  const draft: Draft = { source, settings: new Map(), faults: [] };
  const known = new Map<string, Section>(Object.entries(sections).map(([name, s]) => [name, s.options]));
  for (const [name, value] of Object.entries(table)) {
    const section = known.get(name);
    if (name === 'runtimes') takeRuntimes(draft, value);
    else if (section === undefined) refuseUnknown(draft, name, [...known.keys(), 'runtimes']);
    else takeTable(draft, { path: name, section, value });
  }
  return draft;
}

function takeRuntimes(draft: Draft, value: unknown): void {
  if (!isTable(value)) {
    draft.faults.push(
      fault(draft, 'runtimes', `found ${quoteFound(value)}, expected tables [runtimes.NAME]`),
    );
    return;
  }
  for (const [name, entry] of Object.entries(value)) {
    const path = `runtimes.${name}`;
    if (!handlerNameForm.test(name)) {
      draft.faults.push(fault(draft, path, 'expected a handler name of a-z, 0-9 and "-"'));
      continue;
    }
    // An empty [runtimes.NAME] makes the handler known, too.
    draft.settings.set(path, { value: true, source: draft.source });
    takeTable(draft, { path, section: runtimeOptions, value: entry });
  }
}

type TableToTake = { readonly path: string; readonly section: Section; readonly value: unknown };

function takeTable(draft: Draft, { path, section, value }: TableToTake): void {
  if (!isTable(value)) {
    draft.faults.push(fault(draft, path, `found ${quoteFound(value)}, expected a table [${path}]`));
    return;
  }
  const options = new Map(Object.values(section).map((option) => [option.key, option]));
  for (const [key, raw] of Object.entries(value)) {
    const option = options.get(key);
    const optionPath = `${path}.${key}`;
    if (option === undefined)
      refuseUnknown(
        draft,
        optionPath,
        [...options.keys()].map((k) => `${path}.${k}`),
      );
    else takeValue(draft, { path: optionPath, option, raw });
  }
}

type ValueToTake = { readonly path: string; readonly option: Option<unknown>; readonly raw: unknown };

function takeValue(draft: Draft, { path, option, raw }: ValueToTake): void {
  const parsed = option.kind.parse(raw);
  if (parsed.isValid) draft.settings.set(path, { value: parsed.value, source: draft.source });
  else draft.faults.push(fault(draft, path, `found ${quoteFound(raw)}, expected ${parsed.expected}`));
}

function refuseUnknown(draft: Draft, path: string, known: readonly string[]): void {
  const meant = nearest(path, known);
  const hint = meant === null ? `expected one of ${known.join(', ')}` : `did you mean "${meant}"?`;
  draft.faults.push(fault(draft, path, `unknown, ${hint}`));
}

function fault(draft: Draft, key: string, problem: string): Fault {
  return { source: draft.source, key, problem };
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** What the environment says; only variables of options are looked at. */
export function layerOfEnvironment(env: Readonly<Record<string, string | undefined>>): Layer {
  return layerOfTexts((section, key) => {
    const name = variableOf(section, key);
    const text = env[name];
    return text === undefined ? null : { source: name, text };
  });
}

/** What the command line says. `flags`: `--cni-conf-dir` → its value. */
export function layerOfFlags(flags: ReadonlyMap<string, string>): Layer {
  return layerOfTexts((section, key) => {
    const name = flagOf(section, key);
    const text = flags.get(name);
    return text === undefined ? null : { source: name, text };
  });
}

type Find = (section: string, key: string) => { readonly source: string; readonly text: string } | null;

function layerOfTexts(find: Find): Layer {
  const settings = new Map<string, Setting>();
  const faults: Fault[] = [];
  for (const { section, option } of listOptions()) {
    const found = find(section, option.key);
    if (found === null) continue;
    const draft: Draft = { source: found.source, settings, faults };
    takeValue(draft, { path: `${section}.${option.key}`, option, raw: option.kind.fromText(found.text) });
  }
  return { settings, faults };
}

export type ListedOption = {
  readonly section: string;
  /** The name in the compiled configuration. */
  readonly property: string;
  readonly option: Option<unknown>;
};

/** All options of the table, in its order; those of `[runtimes.NAME]` are not among them. */
export function listOptions(): readonly ListedOption[] {
  return Object.entries(sections).flatMap(([section, { options }]) =>
    Object.entries<Option<unknown>>(options).map(([property, option]) => ({ section, property, option })),
  );
}
