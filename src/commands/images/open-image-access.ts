/**
 * How `cri-ts images` reaches the store: through the daemon when one runs (its CRI socket, and its admin socket for what
 * the CRI has no call for), else directly, under the lock that a daemon would hold.
 */
import type { Config } from '../../config/options.ts';
import type { ImageAccess } from './image-access.ts';

/** @throws DaemonUnreachable when the lock is held and nobody answers */
export async function openImageAccess(config: Config): Promise<ImageAccess> {
  const { RemoteImages } = await import('./remote-images.ts');
  const remote = await RemoteImages.connect(config);
  if (remote !== null) return remote;
  const { LocalImages } = await import('./local-images.ts');
  return await LocalImages.open(config);
}
