/**
 * Where something is mounted in an image. The directories that every runtime fills must be directories of the image, or missing:
 * runc before 1.3.6 follows a link at /dev out of the root and removes and makes files there (CVE-2026-41579), older ones
 * one at /proc (CVE-2019-19921). The places of other mounts must not be links in circles: in a user namespace crun 1.8
 * mounts elsewhere, and says nothing.
 */
import { errnoOf, invalid } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import { together } from '../../base/together.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { openFlag } from '../../kernel/linux-constants.ts';
import type { PodFiles } from '../../spec/mounts.ts';
import type { MountConfig } from '../../spec/requests/container-config.ts';

type Faults = ReadonlySet<string>;

const asDirectory = openFlag.path | openFlag.directory | openFlag.nofollow;
const notDirectories: Faults = new Set(['ENOTDIR', 'ELOOP']);
const circles: Faults = new Set(['ELOOP']);

/** What is missing it makes; a file or a name too long on the way it refuses. */
const forTheRuntime: Faults = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

export type MountPoints = {
  readonly rootfs: AbsolutePath;
  readonly files: PodFiles;
  readonly mounts: readonly MountConfig[];
};

/** @throws ImageMountPoint */
export async function checkMountPoints(
  kernel: Pick<Kernel, 'openInRoot'>,
  { rootfs, files, mounts }: MountPoints,
): Promise<void> {
  const look = async (path: string, flags: number, faults: Faults): Promise<void> => {
    try {
      (await kernel.openInRoot(rootfs, path, { flags })).close();
    } catch (cause) {
      const errno = errnoOf(cause) ?? '';
      if (!faults.has(errno)) {
        if (forTheRuntime.has(errno)) return;
        throw cause;
      }
      const expected = faults === circles ? 'no links in circles' : 'a directory';
      throw invalid('ImageMountPoint', `"${path}" of the image: expected ${expected}`, { cause });
    }
  };
  await together([
    ...['/dev', '/proc', '/sys'].map(async (path) => await look(path, asDirectory, notDirectories)),
    ...inImage(files, mounts).map(async (path) => await look(path, openFlag.path, circles)),
  ]);
}

/** Those that are not below another mount: there the image's files are covered. */
function inImage(files: PodFiles, mounts: readonly MountConfig[]): readonly string[] {
  const paths = new Set(mounts.map(({ containerPath }) => containerPath));
  if (files.hostname !== null) paths.add('/etc/hostname');
  if (files.hosts !== null) paths.add('/etc/hosts');
  if (files.resolvConf !== null) paths.add('/etc/resolv.conf');
  return [...paths].filter((path) => !hasParentIn(paths, path));
}

function hasParentIn(paths: ReadonlySet<string>, path: string): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    if (paths.has(path.slice(0, end))) return true;
  return paths.has('/') && path !== '/';
}
