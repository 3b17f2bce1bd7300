/**
 * What becomes of the VOLUME instructions of a container's image, as the operator wishes: `mkdir` makes the directories in
 * the container's root, `bind` mounts an empty directory of the container's own on each, `ignore` does nothing. The paths
 * are the image's words: they are resolved inside the root and can lead nowhere else (CVE-2022-23648).
 * Source: OCI image spec, config.md, `Volumes`; crio.conf(5), image_volumes.
 */
import { stat } from 'node:fs/promises';
import type { AbsolutePath, ContainerId } from '../../base/ids.ts';
import type { DirectoryOwner } from '../../images/rootfs/image-volumes.ts';
import { openFlag } from '../../kernel/linux-constants.ts';
import type { Services } from '../../services.ts';
import type { MountConfig } from '../../spec/requests/container-config.ts';
import { makeImageDirectory, type ImageRoot } from './image-directory.ts';

export type VolumeRequest = {
  readonly id: ContainerId;
  readonly root: ImageRoot;
  /** As the image says. */
  readonly volumes: readonly string[];
  /** What the pod mounts itself goes before. */
  readonly mounts: readonly MountConfig[];
  /** The container's; null: containers are not labelled. */
  readonly selinuxLabel: string | null;
};

/** @returns the mounts that come to those of the request */
export async function provideVolumes(
  services: Pick<Services, 'config' | 'images' | 'kernel'>,
  request: VolumeRequest,
): Promise<readonly MountConfig[]> {
  const mode = services.config.current.images.imageVolumes;
  if (mode === 'ignore') return [];
  const taken = new Set(request.mounts.map(({ containerPath }) => containerPath));
  const paths = new Set(request.volumes.map(normalPath));
  const mounts: MountConfig[] = [];
  for (const path of paths) {
    if (taken.has(path) || isOfTheRuntime(path)) continue;
    await makeImageDirectory(services.kernel, request.root, path);
    if (mode === 'bind') mounts.push(await ownDirectory(services, request, path));
  }
  return mounts;
}

async function ownDirectory(
  services: Pick<Services, 'images' | 'kernel'>,
  request: VolumeRequest,
  containerPath: string,
): Promise<MountConfig> {
  const owner = await ownerInRoot(services, request.root.path, containerPath);
  const path = await services.images.parts.volumes.makeDirectory(request.id, owner);
  if (request.selinuxLabel !== null) await services.kernel.labelTree(path, request.selinuxLabel);
  return {
    containerPath,
    source: { kind: 'host', path },
    isReadonly: false,
    isRecursiveReadonly: false,
    isSelinuxRelabel: false,
    propagation: 'private',
    idMap: null,
    restrictions: [],
  };
}

/** The empty directory looks like the image's own, so that its user may write there. */
async function ownerInRoot(
  services: Pick<Services, 'kernel'>,
  rootfs: AbsolutePath,
  path: string,
): Promise<DirectoryOwner> {
  using fd = await services.kernel.openInRoot(rootfs, path, { flags: openFlag.path | openFlag.directory });
  const { uid, gid, mode } = await stat(`/proc/self/fd/${fd.number}`);
  return { uid, gid, mode: mode & 0o7777 };
}

/** Absolute, without `.` and `..`, which end at the root as they do in a root. */
function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Places that the runtime fills: an image has no say in them. */
function isOfTheRuntime(path: string): boolean {
  return path === '/' || ['/proc', '/sys', '/dev'].some((top) => path === top || path.startsWith(`${top}/`));
}
