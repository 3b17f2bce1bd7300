/**
 * What containers have written into their root file systems, by their ids, as of the last measurement.
 */
import { type AbsolutePath, type ContainerId, joinPath } from '../../base/ids.ts';
import type { MeasuredTree, MeasuredTrees } from './measured-trees.ts';
import type { DiskFigures } from './usage-protocol.ts';

export type WritableUsage = Omit<MeasuredTree, 'disk'>;

export class WritableLayers {
  /** Where writable layers are, as the CRI names a file system: `overlay/`. */
  readonly path: AbsolutePath;
  readonly #trees: MeasuredTrees;
  #disk: DiskFigures | null = null;

  constructor(path: AbsolutePath, trees: MeasuredTrees) {
    this.path = path;
    this.#trees = trees;
  }

  /** The file system of the writable layers, as any of them was last told; null: none was yet. */
  get disk(): DiskFigures | null {
    return this.#disk;
  }

  /** The newest figure there is, and the wish for a newer one; null: not measured yet. */
  usage(id: ContainerId): WritableUsage | null {
    const usage = this.#trees.usage(upperDir(this.path, id));
    this.#disk = usage?.disk ?? this.#disk;
    return usage;
  }

  /** The container is gone. */
  forget(id: ContainerId): void {
    this.#trees.forget(upperDir(this.path, id));
  }
}

/** A container's writable layer below the folder of all root file systems. */
export function upperDir(path: AbsolutePath, id: ContainerId): AbsolutePath {
  return joinPath(path, id, 'upper');
}
