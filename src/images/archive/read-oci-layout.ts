/**
 * Reads an OCI image layout: its index names images, each perhaps by a further index of platforms. Names stand in
 * annotations, of which two forms are in use.
 * Source: OCI image spec, image-layout.md, annotations.md; containerd's `io.containerd.image.name`.
 */
import type { Digest } from '../../base/ids.ts';
import { badImage } from '../documents/document.ts';
import { type Index, type IndexEntry, parseManifest } from '../documents/manifest.ts';
import { choosePlatform, type Platform } from '../documents/platform.ts';
import { parseReference, type Reference } from '../names/reference.ts';
import { type ArchiveFiles, blobName, readBlob, readDocument } from './archive-files.ts';
import type { Document, FoundImage, ImportWish } from './found-image.ts';

const maxIndexDepth = 3;
const fullName = 'io.containerd.image.name';
const refName = 'org.opencontainers.image.ref.name';

/** One after the other: what several images would take of memory together has no bound. @throws InvalidImage, InvalidImageName */
export async function* readOciLayout(
  files: ArchiveFiles,
  platform: Platform,
  wish: ImportWish,
): AsyncGenerator<FoundImage> {
  const index = parseManifest(await readDocument(files, 'index.json'), null);
  if (index.kind !== 'index') throw badImage(`${files.title}: index.json is no index`);
  for (const { references, entry } of chooseEntries(files, index, { platform, wish }))
    yield await readImage(files, { digest: entry.digest, platform, references });
}

type Chosen = { readonly references: readonly Reference[]; readonly entry: IndexEntry };

function chooseEntries(
  files: ArchiveFiles,
  index: Index,
  choice: { readonly platform: Platform; readonly wish: ImportWish },
): readonly Chosen[] {
  const named = Map.groupBy(index.entries, nameOf);
  const { name } = choice.wish;
  if (name !== null) {
    if (named.size > 1)
      throw badImage(`${files.title}: holds several images, so they cannot all be called "${name}"`);
    return [{ references: [parseReference(name)], entry: choose(files, index.entries, choice.platform) }];
  }
  return [...named].map(([own, entries]) => ({
    references: [parseReference(own ?? missingName(files))],
    entry: choose(files, entries, choice.platform),
  }));
}

/** What an entry is called, as far as it is a whole name. */
function nameOf(entry: IndexEntry): string | null {
  const full = entry.annotations.get(fullName);
  if (full !== undefined) return full;
  const short = entry.annotations.get(refName);
  // A mere tag (`latest`) names nothing.
  return short !== undefined && /[/:]/.test(short) ? short : null;
}

function missingName(files: ArchiveFiles): never {
  throw badImage(`${files.title}: does not say what its image is called, expected a name to be given`);
}

/** A layout made by a tool for one image often has one entry without a platform. */
function choose(files: ArchiveFiles, entries: readonly IndexEntry[], platform: Platform): IndexEntry {
  const [only, ...others] = entries;
  return only !== undefined && others.length === 0 ? only : choosePlatform(entries, platform, files.title);
}

type Wanted = {
  readonly digest: Digest;
  readonly platform: Platform;
  readonly references: readonly Reference[];
};

async function readImage(files: ArchiveFiles, wanted: Wanted): Promise<FoundImage> {
  const { references, platform } = wanted;
  const documents: Document[] = [];
  let { digest } = wanted;
  for (let depth = 0; depth < maxIndexDepth; depth += 1) {
    const bytes = await readBlob(files, digest);
    documents.push({ digest, bytes });
    const document = parseManifest(bytes, null);
    if (document.kind === 'artifact') return { kind: 'artifact', references, documents, manifest: document };
    if (document.kind === 'manifest') {
      const configDigest = document.config.digest;
      const configBytes = await readBlob(files, configDigest);
      const layers = document.layers.map((layer) => ({ name: blobName(layer.digest), digest: layer.digest }));
      return { kind: 'image', references, documents, configDigest, configBytes, layers };
    }
    ({ digest } = choose(files, document.entries, platform));
  }
  throw badImage(`${files.title}: no image manifest within ${maxIndexDepth} indexes`);
}
