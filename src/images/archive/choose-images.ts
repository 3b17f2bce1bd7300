/**
 * Which images of an OCI layout are wanted, and what they are called. An index has one entry for each name and platform:
 * entries of one name are platforms to choose from, and names that lead to the same manifest are names of one image. An
 * entry may have a whole name, a mere tag (`v1`, as skopeo and umoci write it), or none. Pure.
 * Source: OCI image spec, annotations.md; containerd's `io.containerd.image.name`.
 */
import { CriError } from '../../base/errors.ts';
import type { Digest } from '../../base/ids.ts';
import { badImage } from '../documents/document.ts';
import type { IndexEntry } from '../documents/manifest.ts';
import { choosePlatform, type Platform, suits } from '../documents/platform.ts';
import { parseReference, type Reference } from '../names/reference.ts';
import type { ImportWish } from './found-image.ts';

const fullName = 'io.containerd.image.name';
const refName = 'org.opencontainers.image.ref.name';
const maxShown = 20;

export type Choice = { readonly title: string; readonly platform: Platform; readonly wish: ImportWish };

export type Chosen = { readonly references: readonly Reference[]; readonly entry: IndexEntry };

export type Choosing = {
  readonly images: readonly Chosen[];
  /** For this machine, without a name where others have one: an entry that lost its name stays behind in the index. */
  readonly leftOut: readonly Digest[];
};

/** @throws InvalidImage, OtherPlatform, InvalidImageName */
export function chooseImages(entries: readonly IndexEntry[], choice: Choice): Choosing {
  const wanted = entries.filter((entry) => isWanted(entry, choice.wish));
  if (wanted.length === 0) throw badImage(`${choice.title}: ${nothingIn(entries, choice.wish)}`);
  const named = [...Map.groupBy(wanted, labelOf)].filter(([label]) => label !== noLabel);
  const nameless = wanted.filter((entry) => labelOf(entry) === noLabel);
  const groups = named.length > 0 ? named : namelessImages(nameless);
  const chosen = groups.map(([label, each]) => ({ label, entry: chooseEntry(each, choice) }));
  const held = chosen.map(({ label, entry }) => (label === noLabel ? entry.digest : label));
  const images = [...Map.groupBy(chosen, ({ entry }) => entry.digest).values()];
  const among = { isOnly: images.length === 1, held };
  const taken = new Set(images.flatMap(([first]) => first?.entry.digest ?? []));
  const others = nameless.filter((entry) => !taken.has(entry.digest) && isForUs(entry, choice.platform));
  return {
    images: images.flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const labels = same.map(({ label }) => label);
      return [{ references: namesOf(labels, choice, among), entry: first.entry }];
    }),
    leftOut: named.length > 0 ? [...new Set(others.map(({ digest }) => digest))] : [],
  };
}

/** Platforms to choose from, where one is named; else each is an image of its own. */
function namelessImages(entries: readonly IndexEntry[]): (readonly [string, readonly IndexEntry[]])[] {
  if (entries.some(saysPlatform)) return [[noLabel, entries]];
  return [...Map.groupBy(entries, ({ digest }) => digest).values()].map((same) => [noLabel, same]);
}

function isForUs(entry: IndexEntry, platform: Platform): boolean {
  return !saysPlatform(entry) || suits(entry.platform, platform);
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

/** How it can be told from the others. */
function handleOf(entry: IndexEntry): string {
  const label = labelOf(entry);
  return label === noLabel ? entry.digest : label;
}

function isMereTag(label: string): boolean {
  return label !== noLabel && !/[/:]/.test(label);
}

function isWanted({ annotations, digest }: IndexEntry, { ref }: ImportWish): boolean {
  return ref === null || [annotations.get(fullName), annotations.get(refName), digest].includes(ref);
}

function nothingIn(entries: readonly IndexEntry[], { ref }: ImportWish): string {
  if (entries.length === 0) return 'holds no image';
  return `holds no image called ${JSON.stringify(ref)}, but ${listed(entries.map(handleOf))}`;
}

/**
 * The names of one image.
 * @param among `held`: what tells the images apart
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
    if (!among.isOnly) throw severalImages(title, wish.name, among.held);
    return [parseReference(wish.name)];
  }
  const names = labels.filter((label) => label !== noLabel && !isMereTag(label));
  if (names.length > 0) return names.map((name) => parseReference(name));
  const own = tags.length > 0 ? ', of a repository alone to keep the tags' : '';
  const what = among.isOnly
    ? 'its image is called'
    : `each image is called (there are ${listed(among.held)})`;
  throw badImage(`${title}: does not say what ${what}, expected a name to be given${own}`);
}

/** Neither tag nor digest: then the archive's own tags count. */
function isRepository(name: string): boolean {
  return !name.includes('@') && name.lastIndexOf(':') <= name.lastIndexOf('/');
}

/** One name cannot be that of several. @param held what tells them apart */
export function severalImages(title: string, name: string, held: readonly string[]): Error {
  const advice =
    held.length === 0 ? '' : `; one can be chosen by what it is called in the archive: ${listed(held)}`;
  return badImage(`${title}: holds several images, so they cannot all be called "${name}"${advice}`);
}

/** Names in an archive are anybody's words. */
export function listed(names: readonly string[]): string {
  const all = [...new Set(names.map(shown))];
  return all.length > maxShown ? `${all.slice(0, maxShown).join(', ')} and more` : all.join(', ');
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
