/**
 * What SIGHUP means: the new configuration is loaded and checked as a whole; reloadable options take their new values, the
 * others keep their old ones and are named. Faults change nothing at all. Applying the result is the daemon's work.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Setting } from './layer.ts';
import { compileConfig, type LoadedConfig } from './loader.ts';
import type { Option } from './option.ts';
import { runtimeOptions, sections } from './options.ts';

export type Reload = LoadedConfig & {
  /** Option paths whose new value is in `config`. */
  readonly changed: readonly string[];
  /** Option paths whose new value takes a new start of the daemon. */
  readonly needsRestart: readonly string[];
};

/** Compares the configuration in use with a newly loaded one (`loadConfig` has checked it). */
export function planReload(current: LoadedConfig, loaded: LoadedConfig): Reload {
  const settings = new Map<string, Setting>();
  const changed: string[] = [];
  const needsRestart: string[] = [];
  for (const path of new Set([...current.settings.keys(), ...loaded.settings.keys()])) {
    const before = current.settings.get(path);
    const after = loaded.settings.get(path);
    const option = optionAt(path);
    const isSame = isDeepStrictEqual(valueOf(before, option), valueOf(after, option));
    if (!isSame) (option?.isReloadable === true ? changed : needsRestart).push(path);
    const kept = isSame || option?.isReloadable === true ? after : before;
    if (kept !== undefined) settings.set(path, kept);
  }
  return {
    config: compileConfig(settings),
    settings,
    changed: changed.sort(),
    needsRestart: needsRestart.sort(),
  };
}

function valueOf(setting: Setting | undefined, option: Option<unknown> | undefined): unknown {
  return setting === undefined ? option?.default : setting.value;
}

function optionAt(path: string): Option<unknown> | undefined {
  const at = path.lastIndexOf('.');
  const key = path.slice(at + 1);
  const table = path.slice(0, Math.max(at, 0));
  const found = Object.entries(sections).find(([name]) => name === table)?.[1].options;
  const options = table.startsWith('runtimes.') ? runtimeOptions : (found ?? {});
  return Object.values<Option<unknown>>(options).find((option) => option.key === key);
}
