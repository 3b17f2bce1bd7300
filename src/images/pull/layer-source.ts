/**
 * A layer of an image as its repository gives it: a file in the pull's workspace that can be read while it grows.
 */
import { rm, writeFile } from 'node:fs/promises';
import type { Digest } from '../../base/ids.ts';
import { badImage } from '../documents/document.ts';
import type { Descriptor } from '../documents/manifest.ts';
import type { ImageParts } from '../image-parts.ts';
import type { LayerState, Observer } from '../progress.ts';
import type { Repository } from '../registry/repository.ts';
import { GrowingFile } from '../unpack/growing-file.ts';
import type { LayerSource } from './ingest.ts';

/** @throws InvalidImage when the config names no diffID for it */
export function layerSource(
  parts: ImageParts,
  target: { readonly repository: Repository; readonly observe: Observer },
  { layer, diffId }: { readonly layer: Descriptor; readonly diffId: Digest | undefined },
): LayerSource {
  if (diffId === undefined) throw badImage('image config: too few diff_ids');
  const { repository, observe } = target;
  const { digest } = layer;
  const { maxLayerDownloads: maxConnections } = parts.settings();
  let before: string | null = null;
  return {
    diffId,
    onState: (state: LayerState) => observe({ kind: 'state', digest, state }),
    mayRetry: (failure) => repository.dropBringer(digest, failure),
    fetch: async ({ workspace, signal, onFile, spare }) => {
      // Fetched again: the disk need not hold what was wrong.
      if (before !== null) await rm(before, { force: true });
      const file = new GrowingFile(workspace.newPath('blob'));
      before = file.path;
      // An unpacking thread that is warm opens it sooner than the download does.
      await writeFile(file.path, '', { flag: 'wx', mode: 0o600 });
      onFile(file);
      file.onGrowth(() => observe({ kind: 'bytes', digest, receivedBytes: file.availableBytes }));
      await repository.download({ descriptor: layer, file, sharing: { maxConnections, spare } }, signal);
    },
  };
}
