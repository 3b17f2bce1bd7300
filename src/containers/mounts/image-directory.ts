/**
 * A directory that an image names (WORKDIR, VOLUME) and that need not be in its layers: made inside the root, wherever the
 * links of the image lead (Podman CVE-2026-55686, CVE-2022-23648).
 */
import { errnoOf, invalid } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import type { NewDirectory } from '../../kernel/contract/files.ts';
import type { Kernel } from '../../kernel/kernel.ts';

/** What a path through an image can meet: a link that leads nowhere or in circles, a file on the way, a name too long. */
const faultsOfImages: ReadonlySet<string> = new Set(['EEXIST', 'ELOOP', 'ENAMETOOLONG', 'ENOTDIR']);

export type ImageRoot = {
  readonly path: AbsolutePath;
  /** Root of the container in ids of the host; null: root. */
  readonly owner: NewDirectory['owner'] | null;
};

/** @throws ImageDirectory when the image does not let it be made */
export async function makeImageDirectory(
  kernel: Pick<Kernel, 'makeDirectoryInRoot'>,
  root: ImageRoot,
  path: string,
): Promise<void> {
  try {
    const owner = root.owner ?? null;
    const attributes = { mode: 0o755, ...(owner === null ? {} : { owner }) };
    await kernel.makeDirectoryInRoot(root.path, path, attributes);
  } catch (cause) {
    if (!faultsOfImages.has(errnoOf(cause) ?? '')) throw cause;
    throw invalid(
      'ImageDirectory',
      `make directory ${JSON.stringify(path.slice(0, 300))} in the image: expected each part to be missing or a directory`,
      { cause },
    );
  }
}
