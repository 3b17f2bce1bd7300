/**
 * How `cri-ts images` reaches the store: through the daemon when one runs (its CRI socket, and its admin socket for what
 * the CRI has no call for), else directly, under the lock that a daemon would hold. Commands do not know which.
 */
import type { AuthConfigInit, Image, ImageStatusResponse } from '../../../cri-api/runtime-v1.ts';
import type { Config } from '../../config/options.ts';
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
};

export interface ImageAccess extends AsyncDisposable {
  /** @returns the image's id */
  pull(wish: PullWish): Promise<string>;
  list(): Promise<readonly Image[]>;
  status(name: string): Promise<ImageStatusResponse>;
  remove(name: string): Promise<void>;
  import(
    stream: AsyncIterable<Buffer>,
    wish: { readonly name: string | null; readonly observe: Observer },
  ): Promise<readonly NamedImage[]>;
  export(names: readonly string[]): AsyncIterable<Buffer>;
  prune(wish: { readonly isAll: boolean }): Promise<PrunedImages>;
}

/** @throws DaemonUnreachable when the lock is held and nobody answers */
export async function openImageAccess(config: Config): Promise<ImageAccess> {
  const { RemoteImages } = await import('./remote-images.ts');
  const remote = await RemoteImages.connect(config);
  if (remote !== null) return remote;
  const { LocalImages } = await import('./local-images.ts');
  return await LocalImages.open(config);
}
