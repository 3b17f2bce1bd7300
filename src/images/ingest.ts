/**
 * Brings the layers of an image into the store: those that are there are left alone, the others are fetched and unpacked
 * side by side (bounded), each into a directory of its own, and published together. What was finished when another one
 * failed is published as well, so that a retry need not fetch it again.
 */
import { mkdir } from 'node:fs/promises';
import { type Digest, joinPath } from '../base/ids.ts';
import { badImage } from './document.ts';
import { algorithmOf } from './disk/blobs.ts';
import { type FinishedLayer, skeletonName } from './disk/layers.ts';
import type { Workspace } from './disk/workspace.ts';
import type { ImageParts } from './image-parts.ts';
import type { LayerState } from './progress.ts';
import { Slots } from './slots.ts';
import type { GrowingFile } from './unpack/growing-file.ts';

/** A layer and a way to get its archive. */
export type LayerSource = {
  readonly diffId: Digest;
  readonly onState: (state: LayerState) => void;
  /**
   * Starts bringing the archive, and calls `onFile` as soon as its file can be read from. Resolves when the archive is
   * there as a whole and its own digest is verified.
   */
  readonly fetch: (
    workspace: Workspace,
    signal: AbortSignal,
    onFile: (file: GrowingFile) => void,
  ) => Promise<void>;
};

export type IngestParts = Pick<
  ImageParts,
  'layers' | 'unpackers' | 'archiveLimits' | 'settings' | 'downloads' | 'log'
>;

/** The caller holds a lease on all diffIDs. @throws the first failure, when everything else has stopped */
export async function ingestLayers(
  parts: IngestParts,
  sources: readonly LayerSource[],
  work: { readonly workspace: Workspace; readonly signal: AbortSignal },
): Promise<void> {
  const wanted = new Map(sources.map((source) => [source.diffId, source]));
  const missing = [...wanted.values()].filter((source) => parts.layers.get(source.diffId) === null);
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  const perPull = new Slots(parts.settings().maxConcurrentDownloads);
  const finished: FinishedLayer[] = [];
  const runs = missing.map(async (source) => {
    try {
      finished.push(await ingestLayer(parts, source, { workspace: work.workspace, signal, perPull }));
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  });
  const results = await Promise.allSettled(runs);
  await parts.layers.publish(finished);
  // The first failure stopped the others, whose own failures only repeat it.
  if (results.some((result) => result.status === 'rejected')) throw signal.reason;
}

type LayerWork = { readonly workspace: Workspace; readonly signal: AbortSignal; readonly perPull: Slots };

async function ingestLayer(parts: IngestParts, source: LayerSource, work: LayerWork): Promise<FinishedLayer> {
  const directory = work.workspace.newPath('layer');
  const startedAtMs = performance.now();
  await mkdir(joinPath(directory, 'diff'), { recursive: true, mode: 0o755 });
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  const arrived = Promise.withResolvers<GrowingFile>();
  const fetched = work.perPull
    .with(signal, () =>
      parts.downloads.with(signal, () => {
        source.onState('downloading');
        return source.fetch(work.workspace, signal, arrived.resolve);
      }),
    )
    .catch((error: unknown) => {
      stop.abort(error);
      arrived.reject(error);
      throw error;
    });
  const unpacked = unpackArrived(parts, source, { directory, arrived: arrived.promise, signal }).catch(
    (error: unknown) => {
      stop.abort(error);
      throw error;
    },
  );
  void fetched.then(
    () => source.onState('downloaded'),
    () => undefined,
  );
  const [, result] = await Promise.allSettled([fetched, unpacked]);
  if (stop.signal.aborted) throw stop.signal.reason;
  if (result.status === 'rejected') throw result.reason;
  source.onState('unpacked');
  parts.log.debug(
    { layer: source.diffId, durationMs: Math.round(performance.now() - startedAtMs) },
    'layer unpacked',
  );
  return await parts.layers.finish(directory, result.value);
}

type UnpackWork = {
  readonly directory: FinishedLayer['directory'];
  readonly arrived: Promise<GrowingFile>;
  readonly signal: AbortSignal;
};

async function unpackArrived(
  parts: IngestParts,
  source: LayerSource,
  work: UnpackWork,
): Promise<FinishedLayer['record']> {
  const file = await work.arrived;
  const { diffId, ...facts } = await parts.unpackers.unpack(
    {
      file,
      directory: joinPath(work.directory, 'diff'),
      skeletonPath: joinPath(work.directory, skeletonName),
      hash: algorithmOf(source.diffId),
      limits: parts.archiveLimits,
    },
    work.signal,
  );
  if (diffId !== source.diffId)
    throw badImage(
      `layer archive: its content is "${diffId}" and the image's config says "${source.diffId}"`,
    );
  return { ...facts, diffId: source.diffId };
}
