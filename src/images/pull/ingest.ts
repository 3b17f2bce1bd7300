/**
 * Brings the layers of an image into the store: those that are there are left alone, those that another pull brings are
 * waited for, the others are fetched and unpacked side by side (bounded), each into a directory of its own, and published
 * together. What was finished when another one failed is published as well, so that a retry need not fetch it again.
 *
 *   missing ─┬─ nobody brings it ─▶ fetch ∥ unpack ─▶ publish ─▶ (whoever waits for it goes on)
 *            └─ another pull does ─▶ wait, after our own are published ─▶ look again
 *
 * Nobody waits while others wait for him: a pull publishes its own layers before it waits for those of others.
 */
import { mkdir, rm } from 'node:fs/promises';
import { type Digest, joinPath } from '../../base/ids.ts';
import { badImage } from '../documents/document.ts';
import { algorithmOf } from '../disk/blobs.ts';
import { type LayerRecord, skeletonName } from '../disk/layer-record.ts';
import type { FinishedLayer } from '../disk/layers.ts';
import type { Workspace } from '../disk/workspace.ts';
import type { ImageParts } from '../image-parts.ts';
import type { LayerState } from '../progress.ts';
import type { GrowingFile } from '../unpack/growing-file.ts';
import { LentNames } from '../unpack/lent-names.ts';
import { Connections, type SpareConnection } from './connections.ts';

/** A layer and a way to get its archive. */
export type LayerSource = {
  readonly diffId: Digest;
  readonly onState: (state: LayerState) => void;
  /** Resolves when the archive is there as a whole and its own digest is verified. */
  readonly fetch: (arrival: Arrival) => Promise<void>;
  /** Whether there is another place to fetch it from, after what came failed like this. */
  readonly mayRetry: (failure: unknown) => boolean;
};

/** Where an archive arrives. */
export type Arrival = {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  /** To be called as soon as the archive's file can be read from. */
  readonly onFile: (file: GrowingFile) => void;
  /** A further connection, if there is one to spare. */
  readonly spare: SpareConnection;
};

export type IngestParts = Pick<
  ImageParts,
  | 'layers'
  | 'flushes'
  | 'layout'
  | 'unpackers'
  | 'archiveLimits'
  | 'settings'
  | 'downloads'
  | 'incoming'
  | 'log'
>;

type Work = { readonly workspace: Workspace; readonly signal: AbortSignal };

/** `sources`: lowest first. The caller holds a lease on all diffIDs. @throws the first failure, when all else has stopped */
export async function ingestLayers(
  parts: IngestParts,
  sources: readonly LayerSource[],
  work: Work,
): Promise<void> {
  const wanted = [...new Map(sources.map((source) => [source.diffId, source])).values()];
  const noteNames = notingNames(parts, wanted);
  for (let waited: readonly LayerSource[] = [], round = 0; ; round += 1) {
    const missing = wanted.filter(({ diffId }) => {
      const layer = parts.layers.get(diffId);
      if (layer !== null) noteNames(layer);
      return layer === null;
    });
    for (const source of waited) if (!missing.includes(source)) source.onState('present');
    if (missing.length === 0) return;
    const ours = missing.flatMap((source) => {
      const end = parts.incoming.begin(source.diffId);
      return end === null ? [] : [{ source, end }];
    });
    waited = missing.filter((source) => !ours.some((own) => own.source === source));
    for (const source of waited) if (round === 0) source.onState('shared');
    try {
      await bring(
        parts,
        ours.map((own) => own.source),
        { ...work, noteNames },
      );
    } finally {
      for (const { end } of ours) end();
    }
    for (const source of waited) await parts.incoming.settled(source.diffId, work.signal);
  }
}

type NoteNames = (layer: LayerRecord) => void;

/** What the layers of one image leave to lower ones to explain must not be too much together: it is all remembered. */
function notingNames(parts: IngestParts, wanted: readonly LayerSource[]): NoteNames {
  const names = new LentNames(parts.archiveLimits.lentNameBytes);
  // Nothing lies below the first.
  const lowest = wanted[0]?.diffId;
  return (layer) => {
    if (layer.diffId !== lowest) names.add(layer);
  };
}

type BringWork = Work & { readonly noteNames: NoteNames };

/** Fetches, unpacks and publishes layers that nobody else brings. */
async function bring(parts: IngestParts, sources: readonly LayerSource[], work: BringWork): Promise<void> {
  if (sources.length === 0) return;
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  const connections = new Connections(parts);
  const finished: FinishedLayer[] = [];
  const announcement = await parts.flushes.announce(
    sources.map(({ diffId }) => parts.layout.entryOfLayer(diffId)),
  );
  const runs = sources.map(async (source) => {
    try {
      const layer = await ingestLayer(parts, source, { workspace: work.workspace, signal, connections });
      work.noteNames(layer.record);
      finished.push(layer);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  });
  const results = await Promise.allSettled(runs);
  try {
    await parts.layers.publish(finished);
  } finally {
    parts.flushes.flush(announcement);
  }
  // The first failure stopped the others, whose own failures only repeat it.
  if (results.some((result) => result.status === 'rejected')) throw signal.reason;
}

type LayerWork = Work & { readonly connections: Connections };

/** Once more from another place when what came from one was wrong; each place is dropped at most once. */
async function ingestLayer(parts: IngestParts, source: LayerSource, work: LayerWork): Promise<FinishedLayer> {
  for (;;) {
    const directory = work.workspace.newPath('layer');
    try {
      return await ingestOnce(parts, source, { ...work, directory });
    } catch (error) {
      if (work.signal.aborted || !source.mayRetry(error)) throw error;
      await rm(directory, { recursive: true, force: true });
    }
  }
}

type OnceWork = LayerWork & { readonly directory: FinishedLayer['directory'] };

async function ingestOnce(parts: IngestParts, source: LayerSource, work: OnceWork): Promise<FinishedLayer> {
  const { directory } = work;
  const startedAtMs = performance.now();
  await mkdir(joinPath(directory, 'diff'), { recursive: true, mode: 0o755 });
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  const arrived = Promise.withResolvers<GrowingFile>();
  const fetched = fetchInTurn(source, { ...work, signal, onFile: arrived.resolve }).catch(
    (error: unknown) => {
      stop.abort(error);
      arrived.reject(error);
      throw error;
    },
  );
  const unpacked = unpackArrived(parts, source, { directory, arrived: arrived.promise, signal }).catch(
    (error: unknown) => {
      stop.abort(error);
      throw error;
    },
  );
  const [, result] = await Promise.allSettled([fetched, unpacked]);
  if (stop.signal.aborted) throw stop.signal.reason;
  if (result.status === 'rejected') throw result.reason;
  await dropArchive(work, await arrived.promise);
  source.onState('unpacked');
  parts.log.debug(
    { layer: source.diffId, durationMs: Math.round(performance.now() - startedAtMs) },
    'layer unpacked',
  );
  return await parts.layers.finish(directory, result.value);
}

/** Before anything is flushed: what is removed needs not be written. The archive of an import is not ours to remove. */
async function dropArchive({ workspace }: Work, file: GrowingFile): Promise<void> {
  if (file.path.startsWith(`${workspace.path}/`)) await rm(file.path, { force: true });
}

/** Fetches when it may have a connection. */
async function fetchInTurn(source: LayerSource, work: LayerWork & Pick<Arrival, 'onFile'>): Promise<void> {
  const { workspace, signal, connections, onFile } = work;
  await connections.with(signal, async (spare) => {
    source.onState('downloading');
    await source.fetch({ workspace, signal, onFile, spare });
    source.onState('downloaded');
  });
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
