/**
 * What the commands of `cri-ts images` may do with the store. Whether a daemon does it for them they do not know.
 */
import type { AuthConfigInit, Image, ImageStatusResponse } from '../../../cri-api/runtime-v1.ts';
import type { Observer } from '../../images/progress.ts';

export type NamedImage = {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
};

export type PrunedImages = {
  readonly images: readonly NamedImage[];
  readonly layers: number;
  readonly blobs: number;
};

export type PullWish = {
  readonly name: string;
  readonly auth: AuthConfigInit | null;
  readonly observe: Observer;
  readonly signal: AbortSignal;
};

export type ImportWishes = {
  /** What the image shall be called, or the repository of the archive's tags; null: as the archive says. */
  readonly name: string | null;
  /** The one that is wanted, as the archive calls it; null: all. */
  readonly ref: string | null;
  readonly observe: Observer;
  /** Told of each image when it is in the store. */
  readonly onImage: (image: NamedImage) => void;
  readonly signal: AbortSignal;
};

/** What takes long ends with its signal, and leaves nothing half done. */
export interface ImageAccess extends AsyncDisposable {
  /** @returns the image's id */
  pull(wish: PullWish): Promise<string>;
  list(): Promise<readonly Image[]>;
  status(name: string): Promise<ImageStatusResponse>;
  remove(name: string): Promise<void>;
  import(stream: AsyncIterable<Buffer>, wish: ImportWishes): Promise<void>;
  export(names: readonly string[], signal: AbortSignal): AsyncIterable<Buffer>;
  prune(wish: { readonly isAll: boolean }): Promise<PrunedImages>;
}
