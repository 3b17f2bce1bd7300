/**
 * The directories that every runtime fills must be directories of the image, or missing: runc before 1.3.6 follows a link at
 * /dev out of the root and removes and makes files there (CVE-2026-41579), older ones one at /proc (CVE-2019-19921).
 */
import { errnoOf, invalid } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { openFlag } from '../../kernel/linux-constants.ts';

const flags = openFlag.path | openFlag.directory | openFlag.nofollow;

/** @throws ImageMountPoint */
export async function checkMountPoints(
  kernel: Pick<Kernel, 'openInRoot'>,
  rootfs: AbsolutePath,
): Promise<void> {
  for (const path of ['/dev', '/proc', '/sys']) {
    try {
      (await kernel.openInRoot(rootfs, path, { flags })).close();
    } catch (cause) {
      const errno = errnoOf(cause);
      if (errno === 'ENOENT') continue;
      if (errno !== 'ENOTDIR' && errno !== 'ELOOP') throw cause;
      throw invalid('ImageMountPoint', `"${path}" of the image: expected a directory`, { cause });
    }
  }
}
