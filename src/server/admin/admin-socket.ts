/**
 * Where the admin socket is, below the daemon's run directory. Pure.
 */
import { type AbsolutePath, joinPath } from '../../base/ids.ts';

export type AdminSocket = {
  /** For root alone. */
  readonly directory: AbsolutePath;
  readonly path: AbsolutePath;
};

export function adminSocket(runDir: AbsolutePath): AdminSocket {
  const directory = joinPath(runDir, 'admin');
  return { directory, path: joinPath(directory, 'images.sock') };
}

/** Behind an archive that is not whole: the failure, as JSON, percent-encoded. */
export const failureTrailer = 'cri-ts-failure';
