/**
 * Device nodes of the host: those that a request names, and all of them for privileged containers. Links are followed, for
 * what matters is the node; in a directory they are passed over, so that nothing outside of it is found.
 * Source: CRI Device; mknod(2).
 */
import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { errnoOf, invalid } from '../../base/errors.ts';
import type { DeviceConfig } from '../../spec/requests/container-config.ts';
import type { HostDevice, ResolvedDevice } from '../../spec/devices.ts';

const maxNodes = 16_384;

/** Mounts of their own, which the container gets from its runtime. */
const skipped = new Set([
  '/dev/pts',
  '/dev/shm',
  '/dev/mqueue',
  '/dev/hugepages',
  '/dev/fd',
  '/dev/lxd',
  '/dev/lxc',
  '/dev/.lxc',
  '/dev/.lxd-mounts',
  '/dev/.udev',
]);

/** Looks up the requested devices; a directory stands for the nodes in it and below. @throws NoDevice, TooManyDevices */
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
  const node = nodeFacts(info);
  if (node?.type === 'b' || node?.type === 'c')
    return [{ ...node, type: node.type, path: containerPath, hostPath, permissions }];
  throw invalid('NoDevice', `device "${hostPath}": expected a device node or a directory`);
}

/** Every device node of the host, for privileged containers. @throws TooManyDevices */
export async function findHostDevices(): Promise<readonly HostDevice[]> {
  return await nodesBelow('/dev', '/dev');
}

async function nodesBelow(hostDir: string, containerDir: string): Promise<readonly HostDevice[]> {
  const found: HostDevice[] = [];
  const queue = [{ host: hostDir, inside: containerDir }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const entry of await entriesOf(next.host)) {
      const host = `${next.host}/${entry.name}`;
      const inside = `${next.inside}/${entry.name}`;
      if (skipped.has(host)) continue;
      if (entry.isDirectory()) queue.push({ host, inside });
      if (!entry.isCharacterDevice() && !entry.isBlockDevice()) continue;
      const node = await lookAt(host);
      if (node?.type === 'b' || node?.type === 'c') {
        found.push({ ...node, type: node.type, path: inside, hostPath: host });
      }
    }
    if (found.length > maxNodes || queue.length > maxNodes)
      throw invalid('TooManyDevices', `devices in "${hostDir}": expected at most ${maxNodes}`);
  }
  return found;
}

/** Devices come and go: what has gone is not there. */
async function entriesOf(dir: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function lookAt(path: string): Promise<NodeFacts | null> {
  try {
    return nodeFacts(await stat(path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

export type NodeFacts = Omit<HostDevice, 'path' | 'hostPath' | 'type'> & { readonly type: 'b' | 'c' | 'p' };

/** Null: it is no device and no FIFO. Source: makedev(3), as the kernel encodes a 64-bit dev_t. */
export function nodeFacts(info: Stats): NodeFacts | null {
  const type = info.isCharacterDevice() ? 'c' : info.isBlockDevice() ? 'b' : info.isFIFO() ? 'p' : null;
  if (type === null) return null;
  const device = BigInt(info.rdev);
  const major = Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n));
  const minor = Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n));
  return { type, major, minor, fileMode: info.mode & 0o7777, uid: info.uid, gid: info.gid };
}
