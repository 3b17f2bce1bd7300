/**
 * Gathers from the host and from the container's root what its spec needs: accounts, mount sources, the seccomp
 * profile. Everything below the root is resolved inside it; everything is bounded.
 */
import { realpath, mkdir, open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { errnoOf, invalid } from '../base/errors.ts';
import { readBounded } from '../base/files.ts';
import type { AbsolutePath } from '../base/ids.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { MountConfig } from '../spec/requests/container-config.ts';
import { maxAccountFileBytes } from '../spec/passwd.ts';
import type { SecurityProfile } from '../spec/requests/security-profile.ts';
import type { AccountFiles } from '../spec/users.ts';

/**
 * The image's account files. A file that is missing, or that a link leads nowhere to, counts as absent.
 * @throws AccountFileTooLarge, AccountFileNotRegular: the runtimes read them too, and a FIFO would hold them for ever
 */
export async function readAccountFiles(
  kernel: Pick<Kernel, 'openInRoot'>,
  rootfs: AbsolutePath,
): Promise<AccountFiles> {
  const [passwd, group] = await Promise.all([
    readInRoot(kernel, rootfs, '/etc/passwd'),
    readInRoot(kernel, rootfs, '/etc/group'),
  ]);
  return { passwd, group };
}

async function readInRoot(
  kernel: Pick<Kernel, 'openInRoot'>,
  rootfs: AbsolutePath,
  path: string,
): Promise<Uint8Array | null> {
  try {
    using fd = await kernel.openInRoot(rootfs, path, { flags: constants.O_RDONLY | constants.O_NONBLOCK });
    const proc = `/proc/self/fd/${fd.number}`;
    await using file = await open(proc, constants.O_RDONLY | constants.O_NONBLOCK);
    const info = await file.stat();
    if (!info.isFile())
      throw invalid('AccountFileNotRegular', `image file "${path}": expected a regular file`);
    if (info.size > maxAccountFileBytes) {
      throw invalid(
        'AccountFileTooLarge',
        `image file "${path}": ${info.size} bytes, at most ${maxAccountFileBytes} are read`,
      );
    }
    return await file.readFile();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ELOOP' || errno === 'ENXIO') return null;
    throw error;
  }
}

/**
 * One real path per mount. A host directory that does not exist is made, as CRI-O does.
 * @param images where the images of image mounts are, by the mount's place in the list
 * @throws MountSource
 */
export async function resolveMountSources(
  mounts: readonly MountConfig[],
  images: ReadonlyMap<number, AbsolutePath>,
): Promise<readonly string[]> {
  return await Promise.all(
    mounts.map(async ({ source }, at) =>
      source.kind === 'host' ? await resolveHostPath(source.path) : (images.get(at) ?? ''),
    ),
  );
}

async function resolveHostPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw invalid('MountSource', `mount source "${path}"`, { cause: error });
  }
  await mkdir(path, { recursive: true, mode: 0o755 });
  return await realpath(path);
}

const maxProfileBytes = 4 * 1024 * 1024;

/**
 * The JSON of the seccomp profile that a file of the node holds: one of Localhost, or of RuntimeDefault where the
 * configuration names a file; undefined when no file is asked for. @throws NoSeccompProfile
 */
export async function readSeccompProfile(
  profile: SecurityProfile | null,
  runtimeDefault: string | null,
): Promise<unknown> {
  const path = profile?.kind === 'localhost' ? profile.reference : runtimeDefault;
  if (path === null || profile === null || profile.kind === 'unconfined') return undefined;
  const content = await readBounded(path, maxProfileBytes);
  if (content === null) throw invalid('NoSeccompProfile', `seccomp profile "${path}": no such file`);
  try {
    return JSON.parse(content.toString('utf8'));
  } catch (cause) {
    throw invalid('NoSeccompProfile', `seccomp profile "${path}": expected JSON`, { cause });
  }
}
