/**
 * The shape of one option and what follows from its place in the table: its TOML path, its environment variable, its
 * flag. Types of the compiled configuration are inferred from here; no option is named in this file.
 */
import type { Kind } from './value.ts';

export type Option<T> = {
  /** The name in its TOML table: `log_level`. */
  readonly key: string;
  readonly kind: Kind<T>;
  readonly default: T;
  /** Sentences for the template, the documentation and the help. */
  readonly description: string;
  /** True: SIGHUP applies it; false: the daemon has to be started again. */
  readonly isReloadable: boolean;
};

/** Options of one TOML table, by the property names that they have in the compiled configuration. */
export type Section = Readonly<Record<string, Option<unknown>>>;

/** The compiled values of a section. */
export type Values<S> = { readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never };

/** The type of an option's value comes from its kind alone. */
type OptionParts<T> = {
  readonly key: string;
  readonly kind: Kind<T>;
  readonly default: NoInfer<T>;
  readonly description: string;
};

/** An option that only a new start applies. */
export function fixed<T>(option: OptionParts<T>): Option<T> {
  return { ...option, isReloadable: false };
}

/** An option that SIGHUP applies. */
export function reloadable<T>(option: OptionParts<T>): Option<T> {
  return { ...option, isReloadable: true };
}

/** Options of the table `daemon` have plain names (`--log-level`), all others start with their table's (`--cni-conf-dir`). */
function words(section: string, key: string): readonly string[] {
  return [...(section === 'daemon' ? [] : [section]), ...key.split('_')];
}

/** `CRI_TS_CNI_CONF_DIR` */
export function variableOf(section: string, key: string): string {
  return ['cri', 'ts', ...words(section, key)].join('_').toUpperCase();
}

/** `--cni-conf-dir` */
export function flagOf(section: string, key: string): string {
  return `--${words(section, key).join('-')}`;
}
