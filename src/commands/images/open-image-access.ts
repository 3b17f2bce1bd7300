/**
 * How `cri-ts images` reaches the store: through the daemon when one runs (its CRI socket, and its admin socket for what
 * the CRI has no call for), else directly, under the lock that a daemon would hold. Who holds it else (a daemon that starts
 * or ends, another command) is waited for.
 */
import { CriError, unavailable } from '../../base/errors.ts';
import { sleepMs } from '../../base/time.ts';
import type { Config } from '../../config/options.ts';
import type { ImageAccess } from './image-access.ts';

export type Patience = { readonly timeoutMs: number; readonly say: (line: string) => void };

const lookEveryMs = 250;
const patience: Patience = {
  timeoutMs: 10_000,
  say: (line) => void process.stderr.write(`${line}\n`),
};

/** @throws DaemonUnreachable when the lock is held all the time and nobody answers */
export async function openImageAccess(
  config: Config,
  { timeoutMs, say }: Patience = patience,
): Promise<ImageAccess> {
  const { RemoteImages } = await import('./remote-images.ts');
  const { LocalImages } = await import('./local-images.ts');
  const { runDir } = config.daemon;
  const endMs = performance.now() + timeoutMs;
  for (let hasSaid = false; ; hasSaid = true) {
    const remote = await RemoteImages.connect(config);
    if (remote !== null) return remote;
    try {
      return await LocalImages.open(config);
    } catch (error) {
      if (!(error instanceof CriError && error.reason === 'StoreLocked')) throw error;
      if (performance.now() > endMs)
        throw unavailable(
          'DaemonUnreachable',
          `no daemon answers, and "${runDir}/lock" was held for ${timeoutMs / 1000} s: by a daemon that hangs, or by another command that works on the store`,
        );
    }
    if (!hasSaid)
      say(`waiting for whoever holds "${runDir}/lock" (another command, or a daemon that starts)`);
    await sleepMs(lookEveryMs);
  }
}
