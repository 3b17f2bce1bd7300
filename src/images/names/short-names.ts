/**
 * What a name without its registry means: an alias, else one of the registries that are searched. Pure.
 *
 *   busybox ─ alias? ─▶ the one name that it stands for
 *          └─ no ────▶ one registry is searched: that one
 *                      several: each in turn, unless the mode is "enforcing": then nobody may guess, and a daemon cannot ask
 *
 * Source: containers-registries.conf(5), "Short-name aliasing".
 */
import { failedPrecondition } from '../../base/errors.ts';
import { expandAlias, isShortName, parseReferences, type Reference, repositoryOf } from './reference.ts';

export type ShortNameMode = 'enforcing' | 'permissive' | 'disabled';

export type ShortNames = {
  /** In the order in which they are searched. */
  readonly searchDomains: readonly string[];
  readonly aliases: ReadonlyMap<string, string>;
  readonly shortNameMode: ShortNameMode;
};

export const defaultShortNames: ShortNames = {
  searchDomains: ['docker.io'],
  aliases: new Map(),
  shortNameMode: 'permissive',
};

/** What a text can name in the store: all its meanings, in order. @throws InvalidImageName */
export function meaningsOf(text: string, names: ShortNames): readonly Reference[] {
  return parseReferences(expandAlias(text, names.aliases), names.searchDomains);
}

/** What is pulled for a text: its meanings in the order in which they are tried. @throws InvalidImageName, ShortNameAmbiguous */
export function candidatesOf(text: string, names: ShortNames): readonly Reference[] {
  const meanings = meaningsOf(text, names);
  if (meanings.length > 1 && names.shortNameMode === 'enforcing')
    throw failedPrecondition(
      'ShortNameAmbiguous',
      `image name ${JSON.stringify(text.slice(0, 300))}: means ${meanings.map((each) => `"${repositoryOf(each)}"`).join(' or ')}, and short-name-mode is "enforcing"; expected a name with its registry, or an alias`,
    );
  return meanings;
}

/** `busybox`, `team/app`. */
export function isAliasName(text: string): boolean {
  return isPlain(text) && isShortName(text);
}

/** `registry.example/team/app`. */
export function isAliasValue(text: string): boolean {
  return isPlain(text) && !isShortName(text);
}

function isPlain(text: string): boolean {
  try {
    const [reference] = parseReferences(text);
    return reference?.digest === null && reference.tag === 'latest' && !/:[^/]*$/.test(text);
  } catch {
    // Not a name at all.
    return false;
  }
}
