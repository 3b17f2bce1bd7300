/**
 * Gathers from the host and from the container's root what its spec needs: accounts, mount sources, devices, the seccomp
 * profile. Everything below the root is resolved inside it; everything is bounded.
 */
import { readdir, realpath, stat, mkdir, open } from 'node:fs/promises';
import { constants, type Stats } from 'node:fs';
import { errnoOf, invalid } from '../base/errors.ts';
import { readBounded } from '../base/files.ts';
import type { AbsolutePath } from '../base/ids.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { DeviceConfig, MountConfig } from '../spec/container-config.ts';
import type { HostDevice, ResolvedDevice } from '../spec/devices.ts';
import { maxAccountFileBytes } from '../spec/passwd.ts';
import type { SecurityProfile } from '../spec/security-profile.ts';
import type { AccountFiles } from '../spec/users.ts';

/** The image's account files. A file that is missing, or no regular file, counts as absent. */
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
    if (!info.isFile()) return null;
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

/** Looks up the requested devices; a directory stands for the nodes in it. @throws NoDevice */
export async function resolveDevices(devices: readonly DeviceConfig[]): Promise<readonly ResolvedDevice[]> {
  const resolved = await Promise.all(devices.map(async (device) => await resolveDevice(device)));
  return resolved.flat();
}

async function resolveDevice(device: DeviceConfig): Promise<readonly ResolvedDevice[]> {
  const { hostPath, containerPath, permissions } = device;
  const info = await stat(hostPath).catch((cause: unknown) => {
    throw invalid('NoDevice', `device "${hostPath}": expected a device node or a directory`, { cause });
  });
  if (info.isDirectory()) {
    const nodes = await nodesBelow(hostPath, containerPath);
    return nodes.map((node) => ({ ...node, permissions }));
  }
  const node = describeNode(info, containerPath);
  if (node === null) throw invalid('NoDevice', `device "${hostPath}": expected a device node or a directory`);
  return [{ ...node, permissions }];
}

/** Every device node of the host, for privileged containers. */
export async function findHostDevices(): Promise<readonly HostDevice[]> {
  return await nodesBelow('/dev', '/dev');
}

const maxNodes = 4096;
/** Mounts of their own, which the container gets from its runtime. */
const skipped = new Set([
  '/dev/pts',
  '/dev/shm',
  '/dev/mqueue',
  '/dev/hugepages',
  '/dev/fd',
  '/dev/lxd',
  '/dev/lxc',
]);

async function nodesBelow(hostDir: string, containerDir: string): Promise<readonly HostDevice[]> {
  const found: HostDevice[] = [];
  const queue = [{ host: hostDir, inside: containerDir }];
  for (let next = queue.shift(); next !== undefined && found.length < maxNodes; next = queue.shift()) {
    for (const entry of await readdir(next.host, { withFileTypes: true })) {
      const host = `${next.host}/${entry.name}`;
      const inside = `${next.inside}/${entry.name}`;
      if (skipped.has(host)) continue;
      if (entry.isDirectory()) queue.push({ host, inside });
      if (!entry.isCharacterDevice() && !entry.isBlockDevice()) continue;
      const node = describeNode(await stat(host), inside);
      if (node !== null) found.push(node);
    }
  }
  return found;
}

/** Source: makedev(3), as the kernel encodes a 64-bit dev_t. */
function describeNode(info: Stats, path: string): HostDevice | null {
  if (!info.isCharacterDevice() && !info.isBlockDevice()) return null;
  const device = BigInt(info.rdev);
  const major = Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n));
  const minor = Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n));
  const type = info.isCharacterDevice() ? 'c' : 'b';
  return { type, major, minor, fileMode: info.mode & 0o7777, uid: info.uid, gid: info.gid, path };
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
