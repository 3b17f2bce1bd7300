/**
 * Brings the images of an archive into the store. An archive is not trusted more than a registry: every digest is
 * verified, every layer's content is that of its image's config, and nothing is kept of an image that is refused.
 */
import { CriError, invalid, isNoSpace, messageOf } from '../../base/errors.ts';
import type { Digest } from '../../base/ids.ts';
import { Steps } from '../../base/steps.ts';
import { Workspace } from '../disk/workspace.ts';
import { noRoomFor } from '../garbage.ts';
import type { ImageParts } from '../image-parts.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { type Observer, unobserved } from '../progress.ts';
import { parseReference } from '../names/reference.ts';
import type { ArchiveFiles } from './archive-files.ts';
import type { FoundImage, ImportWish } from './found-image.ts';
import { manifestName, readDockerArchive } from './read-docker-archive.ts';
import { indexName, readOciLayout } from './read-oci-layout.ts';
import { spoolArchive } from './spool.ts';
import { type ImportSteps, storeFound } from './store-found.ts';

export type Import = Pick<ImportWish, 'name'> &
  Partial<Pick<ImportWish, 'ref'>> & {
    readonly observe?: Observer;
    /** Told of each image when it is in the store, also when a later one fails. */
    readonly onImage?: (image: ImageRecord) => void;
  };

/**
 * Takes a tar archive, plain or compressed: OCI layout, `docker save`, or both in one.
 * @throws InvalidImage, OtherPlatform, OtherDigest, InvalidImageName, NoSpace
 */
export async function importArchive(
  parts: ImageParts,
  source: Import & { readonly stream: AsyncIterable<Buffer> },
  signal: AbortSignal,
): Promise<readonly ImageRecord[]> {
  const steps = stepsOf(parts);
  try {
    await using workspace = await Workspace.open(parts.layout.temporary);
    const where = { workspace, tar: parts.archiveLimits };
    const files = await steps.run('spool', async () => await spoolArchive(source.stream, where, signal));
    return await importFiles(parts, { ...source, files, steps }, signal);
  } catch (error) {
    throw isNoSpace(error) ? await noRoomFor(parts, 'import', error) : error;
  }
}

/** The same of files that are there. */
export async function importFiles(
  parts: ImageParts,
  source: Import & { readonly files: ArchiveFiles; readonly steps?: ImportSteps },
  signal: AbortSignal,
): Promise<readonly ImageRecord[]> {
  const { files, name, ref = null, observe = unobserved } = source;
  const importing = { ...source, steps: source.steps ?? stepsOf(parts) };
  const wish = { name, ref };
  const isDocker = (await files.find(manifestName)) !== null;
  if ((await files.find(indexName)) === null)
    return await storeAll(parts, { ...importing, found: readDockerArchive(files, wish) }, signal);
  const onLeftOut = (digest: Digest): void => {
    parts.log.warn({ digest }, 'import: leaves out what has no name');
    observe({ kind: 'left-out', digest });
  };
  try {
    // Archives that are both say more in the OCI half: digests, and every platform.
    const found = readOciLayout(files, { ...wish, platform: parts.platform, onLeftOut });
    return await storeAll(parts, { ...importing, found }, signal);
  } catch (error) {
    if (!isDocker || !isInvalid(error)) throw error;
    // Some tools write an OCI half that cannot be used (Docker 25.0.0 put layers into a wrong order).
    parts.log.warn({ error: messageOf(error) }, `import: goes on with ${manifestName}`);
    return await storeAll(parts, { ...importing, found: readDockerArchive(files, wish) }, signal).catch(
      (second: unknown) => {
        throw isInvalid(second) ? error : second;
      },
    );
  }
}

function isInvalid(error: unknown): boolean {
  return error instanceof CriError && error.reason === 'InvalidImage';
}

type Importing = Import & {
  readonly files: ArchiveFiles;
  readonly found: AsyncIterable<FoundImage>;
  readonly steps: ImportSteps;
};

async function storeAll(
  parts: ImageParts,
  { files, found, steps, name, observe = unobserved, onImage }: Importing,
  signal: AbortSignal,
): Promise<readonly ImageRecord[]> {
  const records: ImageRecord[] = [];
  for await (const image of found) {
    checkGivenDigest(image, name);
    const record = await storeFound(parts, { files, image, observe, steps }, signal);
    parts.log.info({ image: record.id, repoTags: record.repoTags }, 'image imported');
    onImage?.(record);
    records.push(record);
  }
  return records;
}

/** A name by digest is that of one manifest, and of nothing else. @throws OtherDigest */
function checkGivenDigest({ documents }: FoundImage, name: string | null): void {
  const digest = name === null ? null : parseReference(name).digest;
  if (digest === null || documents.some((document) => document.digest === digest)) return;
  const own = documents[0]?.digest;
  throw invalid(
    'OtherDigest',
    `import as "${name}": the archive ${own === undefined ? 'says no digest' : `has "${own}"`}, expected a name with a tag`,
  );
}

function stepsOf(parts: ImageParts): ImportSteps {
  return new Steps('ImportImages', parts.log);
}
