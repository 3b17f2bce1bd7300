/**
 * Devices that belong to somebody of a pod's user namespace. In there no node can be made, and those of the host keep their owners:
 * so nodes of ours are made on the container's stage, and are bound from there.
 */
import { invalid } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import type { MountStage } from '../../runtime/mount-stage.ts';
import type { ResolvedCdiNode } from '../../spec/cdi/apply-cdi.ts';
import type { ContainerMaterial } from '../../spec/container-spec.ts';
import type { DeviceOwner, HostDevice } from '../../spec/devices.ts';
import { hostIdOf, type IdMap } from '../../spec/requests/id-mapping.ts';

type Devices = Pick<ContainerMaterial, 'devices' | 'cdi'>;
type Place = { readonly stage: MountStage; readonly map: IdMap };
type Node = Pick<HostDevice, 'path' | 'type' | 'major' | 'minor' | 'fileMode' | 'uid' | 'gid'>;
type Owners = {
  /** Of the devices in the request; null: they stay as they are on the host. */
  readonly requested: DeviceOwner | null;
  /** Of a CDI file's device whose owner it does not name. */
  readonly process: { readonly uid: number; readonly gid: number };
};

/** @throws UnmappedId */
export async function stageDevices(
  place: Place,
  { devices, cdi }: Devices,
  owners: Owners,
): Promise<Devices> {
  const { requested, process } = owners;
  return {
    devices:
      requested === null
        ? devices
        : await Promise.all(
            devices.map(async (device) => ({
              ...device,
              hostPath: await addNode(place, device, requested),
            })),
          ),
    cdi: await Promise.all(
      cdi.map(async (edits) => ({
        ...edits,
        deviceNodes: await Promise.all(
          edits.deviceNodes.map(async (node) => await stageCdiNode(place, node, process)),
        ),
      })),
    ),
  };
}

async function stageCdiNode(
  place: Place,
  node: ResolvedCdiNode,
  process: Owners['process'],
): Promise<ResolvedCdiNode> {
  const { type, uid, gid } = node;
  if (type === 'p') return node;
  const device = {
    ...node,
    type: type === 'b' ? type : 'c',
    fileMode: node.fileMode ?? 0o666,
    uid: 0,
    gid: 0,
  } as const;
  const owner = { uid: uid ?? process.uid, gid: gid ?? process.gid };
  return { ...node, hostPath: await addNode(place, device, owner) };
}

async function addNode({ stage, map }: Place, device: Node, owner: DeviceOwner): Promise<AbsolutePath> {
  const { type, major, minor, fileMode, path } = device;
  const idOf = (kind: 'uids' | 'gids', inside: number | null, onHost: number): number => {
    const id = inside === null ? onHost : hostIdOf(map[kind], inside);
    if (id !== null) return id;
    throw invalid(
      'UnmappedId',
      `owner ${inside} of device "${path}": expected an id that the pod's user namespace maps`,
    );
  };
  return await stage.addNode({
    type: type === 'b' ? 'block' : 'character',
    major,
    minor,
    mode: fileMode & 0o777,
    owner: { uid: idOf('uids', owner.uid, device.uid), gid: idOf('gids', owner.gid, device.gid) },
  });
}
