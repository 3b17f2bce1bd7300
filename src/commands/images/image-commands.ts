/**
 * What the subcommands of `cri-ts images` do and print. Each returns the exit code.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import type { Image } from '../../../cri-api/runtime-v1.ts';
import { notFound } from '../../base/errors.ts';
import { loadConfig, type ConfigInputs } from '../../config/loader.ts';
import type { Observer } from '../../images/progress.ts';
import { exitCode } from '../exit-code.ts';
import { paintFor, printTable } from '../table.ts';
import { counted } from './counted.ts';
import { packDirectory } from './directory-archive.ts';
import type { ImageAccess, NamedImage, PullWish } from './image-access.ts';
import { Interruption } from './interruption.ts';
import { openImageAccess } from './open-image-access.ts';
import { printBytes } from './progress-bars.ts';
import { viewFor } from './progress-view.ts';
import { readPassword } from './read-password.ts';
import { checkOutput, type OutputWish, writeArchive } from './write-output.ts';

export type Output = { readonly isJson: boolean };

export async function pullImage(
  inputs: ConfigInputs,
  wish: Output & { readonly name: string; readonly username: string | null },
): Promise<number> {
  const { config } = await loadConfig(inputs);
  const { name, username } = wish;
  // Whoever types takes his time, and a daemon that starts does not wait for the lock so long.
  const auth = username === null ? null : { username, password: await readPassword(username) };
  await using access = await openImageAccess(config);
  const id = await pullShown(access, { name, auth });
  print(wish.isJson ? json({ id, name }) : id);
  return exitCode.fine;
}

/** The bars are drawn for the last time before anything is printed. */
async function pullShown(access: ImageAccess, wish: Pick<PullWish, 'name' | 'auth'>): Promise<string> {
  using interruption = new Interruption();
  using view = viewFor(process.stderr);
  const { signal } = interruption;
  return await untilInterrupted(signal, access.pull({ ...wish, observe: view.observe, signal }));
}

export async function listImages(inputs: ConfigInputs, output: Output): Promise<number> {
  await using access = await open(inputs);
  const images = await access.list();
  if (output.isJson) print(json(images.map(plain)));
  else {
    const rows = images
      .flatMap(rowsOf)
      .toSorted((one, other) => (one[0] ?? '').localeCompare(other[0] ?? ''));
    print(printTable(['NAME', 'ID', 'SIZE', 'PINNED'], rows, paintFor(process.stdout)).join('\n'));
  }
  return exitCode.fine;
}

function rowsOf(image: Image): readonly (readonly string[])[] {
  const names = image.repoTags.length > 0 ? image.repoTags : image.repoDigests.slice(0, 1);
  const rest = [image.id.slice(7, 20), printBytes(image.size), image.pinned ? 'yes' : ''];
  return (names.length > 0 ? names : ['-']).map((name) => [name, ...rest]);
}

function plain(image: Image): object {
  const { id, repoTags, repoDigests, size, username, pinned } = image;
  return {
    id,
    repoTags,
    repoDigests,
    size: Number(size),
    uid: image.uid === null ? null : Number(image.uid.value),
    username,
    pinned,
  };
}

/**
 * Removes images with all their names; two names may be those of one.
 * @throws InvalidImageName before anything is removed; ImageNotFound, when the others are removed
 */
export async function removeImages(inputs: ConfigInputs, names: readonly string[]): Promise<number> {
  await using access = await open(inputs);
  const found = new Map<string, Image>();
  const absent: string[] = [];
  for (const name of names) {
    const { image } = await access.status(name);
    if (image === null) absent.push(name);
    else found.set(image.id, image);
  }
  for (const { id, repoTags } of found.values()) {
    await access.remove(id);
    print(`removed ${[id, ...repoTags].join(' ')}`);
  }
  if (absent.length > 0) throw absentImage(absent.join(', '));
  return exitCode.fine;
}

export async function inspectImage(inputs: ConfigInputs, name: string): Promise<number> {
  await using access = await open(inputs);
  const { image, info } = await access.status(name);
  if (image === null) throw absentImage(name);
  const details = Object.entries(info).map(([key, value]): [string, unknown] => [key, JSON.parse(value)]);
  print(json({ ...plain(image), ...Object.fromEntries(details) }));
  return exitCode.fine;
}

/**
 * @param wish `path`: an archive, a directory in OCI layout, or `-` for standard input
 * @throws what the import throws, when the images that are in the store by then are told of
 */
export async function importImages(
  inputs: ConfigInputs,
  wish: Output & { readonly path: string; readonly name: string | null; readonly ref: string | null },
): Promise<number> {
  await using access = await open(inputs);
  const images = new Map<string, NamedImage>();
  const { name, ref } = wish;
  try {
    using interruption = new Interruption();
    using view = viewFor(process.stderr);
    const { signal } = interruption;
    const stream = await sourceOf(wish.path, { observe: view.observe, signal });
    const onImage = (image: NamedImage): void => void images.set(image.id, image);
    const wishes = { name, ref, observe: view.observe, onImage, signal };
    await untilInterrupted(signal, access.import(stream, wishes));
  } finally {
    const all = [...images.values()];
    if (!wish.isJson) for (const { id, repoTags } of all) print([id, ...repoTags].join(' '));
    else print(json(all.map(named)));
  }
  return exitCode.fine;
}

/** A pipe that brings nothing more ends with the signal. */
async function sourceOf(
  path: string,
  { observe, signal }: { readonly observe: Observer; readonly signal: AbortSignal },
): Promise<AsyncIterable<Buffer>> {
  const counting = { what: 'read', observe } as const;
  if (path === '-') return counted(addAbortSignal(signal, process.stdin), { ...counting, totalBytes: null });
  const stats = await stat(path);
  if (stats.isDirectory()) return counted(packDirectory(path), { ...counting, totalBytes: null });
  const totalBytes = stats.isFile() ? stats.size : null;
  return counted(addAbortSignal(signal, createReadStream(path)), { ...counting, totalBytes });
}

export type ExportWish = OutputWish & { readonly names: readonly string[] };

export async function exportImages(inputs: ConfigInputs, wish: ExportWish): Promise<number> {
  checkOutput(wish);
  await using access = await open(inputs);
  using interruption = new Interruption();
  using view = viewFor(process.stderr);
  const { signal } = interruption;
  const counting = { what: 'written', totalBytes: null, observe: view.observe } as const;
  const archive = counted(access.export(wish.names, signal), counting);
  await untilInterrupted(signal, writeArchive(archive, wish, signal));
  return exitCode.fine;
}

/** Whatever words the end of a connection has: it was we who ended it. */
async function untilInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

export async function pruneImages(
  inputs: ConfigInputs,
  wish: Output & { readonly isAll: boolean },
): Promise<number> {
  await using access = await open(inputs);
  const { images, layers, blobs } = await access.prune(wish);
  if (wish.isJson) print(json({ images: images.map(named), layers, blobs }));
  else {
    for (const { id, repoTags } of images) print(`removed ${[id, ...repoTags].join(' ')}`);
    const counts = [numberOf(images.length, 'image'), numberOf(layers, 'layer'), numberOf(blobs, 'document')];
    print(`${counts.join(', ')} removed`);
  }
  return exitCode.fine;
}

function numberOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function open(inputs: ConfigInputs): Promise<ImageAccess> {
  const { config } = await loadConfig(inputs);
  return await openImageAccess(config);
}

function absentImage(names: string): Error {
  return notFound('ImageNotFound', `not in the store: ${names}`);
}

function named({ id, repoTags, repoDigests }: NamedImage): NamedImage {
  return { id, repoTags, repoDigests };
}

/** Labels are an image's own words: what could steer a terminal is escaped, which JSON itself asks only of U+0000 to U+001F. */
function json(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
