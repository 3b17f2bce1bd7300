/**
 * Which images of an OCI layout are wanted, and what they are called. An index has one entry for each name and platform:
 * entries of one name are platforms to choose from, and names that lead to the same manifest are names of one image. An
 * entry may have a whole name, a mere tag (`v1`, as skopeo and umoci write it), or none. Pure.
 * Source: OCI image spec, annotations.md; containerd's `io.containerd.image.name`.
 */
import { CriError } from '../../base/errors.ts';
import { badImage } from '../documents/document.ts';
import type { IndexEntry } from '../documents/manifest.ts';
import { choosePlatform, type Platform } from '../documents/platform.ts';
import { parseReference, type Reference } from '../names/reference.ts';
import type { ImportWish } from './found-image.ts';

const fullName = 'io.containerd.image.name';
const refName = 'org.opencontainers.image.ref.name';
const maxShown = 20;

export type Choice = { readonly title: string; readonly platform: Platform; readonly wish: ImportWish };

export type Chosen = { readonly references: readonly Reference[]; readonly entry: IndexEntry };

/** @throws InvalidImage, OtherPlatform, InvalidImageName */
export function chooseImages(entries: readonly IndexEntry[], choice: Choice): readonly Chosen[] {
  const wanted = entries.filter((entry) => isWanted(entry, choice.wish));
  if (wanted.length === 0) throw badImage(`${choice.title}: ${nothingIn(entries, choice.wish)}`);
  const groups = Map.groupBy(wanted, labelOf);
  // What lost its name to another entry stays behind in the index.
  if (groups.size > 1) groups.delete(noLabel);
  const chosen = [...groups].map(([label, each]) => ({ label, entry: chooseEntry(each, choice) }));
  const held = chosen.map(({ label }) => label).filter(isMereTag);
  const images = [...Map.groupBy(chosen, ({ entry }) => entry.digest).values()];
  return images.flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const labels = same.map(({ label }) => label);
    return [
      { references: namesOf(labels, choice, { isOnly: images.length === 1, held }), entry: first.entry },
    ];
  });
}

/**
 * A layout made by a tool for one image often has one entry without a platform.
 * @throws InvalidImage, OtherPlatform when what there is says that it is for others
 */
export function chooseEntry(
  entries: readonly IndexEntry[],
  { title, platform }: Pick<Choice, 'title' | 'platform'>,
): IndexEntry {
  const [only, ...others] = entries;
  if (only !== undefined && others.length === 0 && !saysPlatform(only)) return only;
  try {
    return choosePlatform(entries, platform, title);
  } catch (error) {
    if (!(error instanceof CriError) || !entries.some(saysPlatform)) throw error;
    throw new CriError({ code: error.code, reason: 'OtherPlatform', message: error.message });
  }
}

function saysPlatform({ platform }: IndexEntry): boolean {
  return platform !== null && (platform.os !== '' || platform.architecture !== '');
}

const noLabel = '';

/** What an entry is called: a whole name, or a mere tag. */
function labelOf({ annotations }: IndexEntry): string {
  return annotations.get(fullName) ?? annotations.get(refName) ?? noLabel;
}

function isMereTag(label: string): boolean {
  return label !== noLabel && !/[/:]/.test(label);
}

function isWanted({ annotations }: IndexEntry, { ref }: ImportWish): boolean {
  return ref === null || annotations.get(fullName) === ref || annotations.get(refName) === ref;
}

function nothingIn(entries: readonly IndexEntry[], { ref }: ImportWish): string {
  if (entries.length === 0) return 'holds no image';
  return `holds no image called ${JSON.stringify(ref)}, but ${listed(entries.map(labelOf))}`;
}

/**
 * The names of one image.
 * @param among `held`: the tags of all images
 * @throws InvalidImage, InvalidImageName
 */
function namesOf(
  labels: readonly string[],
  { title, wish }: Choice,
  among: { readonly isOnly: boolean; readonly held: readonly string[] },
): readonly Reference[] {
  const tags = labels.filter(isMereTag);
  if (wish.name !== null) {
    if (tags.length > 0 && isRepository(wish.name))
      return tags.map((tag) => parseReference(`${wish.name}:${tag}`));
    if (!among.isOnly) throw severalImages(title, wish.name);
    return [parseReference(wish.name)];
  }
  const names = labels.filter((label) => label !== noLabel && !isMereTag(label));
  if (names.length > 0) return names.map((name) => parseReference(name));
  const held = among.held.length === 0 ? '' : ` (there are ${listed(among.held)})`;
  throw badImage(
    `${title}: does not say what its image is called${held}, expected a name to be given, of a repository alone to keep the tags`,
  );
}

/** Neither tag nor digest: then the archive's own tags count. */
function isRepository(name: string): boolean {
  return !name.includes('@') && name.lastIndexOf(':') <= name.lastIndexOf('/');
}

/** One name cannot be that of several. */
export function severalImages(title: string, name: string): Error {
  return badImage(
    `${title}: holds several images, so they cannot all be called "${name}"; one can be chosen by its name in the archive`,
  );
}

/** Names in an archive are anybody's words. */
export function listed(names: readonly string[]): string {
  const all = [...new Set(names.map((name) => (name === noLabel ? 'one without a name' : shown(name))))];
  return all.length > maxShown ? `${all.slice(0, maxShown).join(', ')} and more` : all.join(', ');
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
