/**
 * The directories that an overlay of an image is made of, topmost first. Pure.
 */
import { type AbsolutePath, joinPath } from '../../base/ids.ts';
import type { Layout } from '../disk/layout.ts';
import type { RootfsRecord } from './rootfs-record.ts';

/** `isShort`: by short links, for mount(2), whose options have one page. */
export function lowerDirs(
  layout: Layout,
  record: Pick<RootfsRecord, 'imageId' | 'layers' | 'isMended' | 'isReadOnly'>,
  options: { readonly isShort: boolean },
): readonly AbsolutePath[] {
  const layers = record.layers
    .toReversed()
    .map((diffId) => (options.isShort ? layout.link(diffId) : layout.layerDiff(diffId)));
  const dirs = record.isMended ? [joinPath(layout.mend(record.imageId), 'diff'), ...layers] : layers;
  // An overlay wants one lower directory, and two when nothing is above them.
  const least = record.isReadOnly ? 2 : 1;
  return dirs.length >= least ? dirs : [...dirs, ...layout.emptyDirectories.slice(0, least - dirs.length)];
}
