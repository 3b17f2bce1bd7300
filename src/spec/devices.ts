/**
 * Device nodes of a container and the cgroup rules that let it use them: everything is denied but what the OCI runtime
 * gives to all (null, zero, full, random, urandom, tty, ptmx, pts) and what is listed here. No device is looked up here.
 * Source: OCI config-linux.md, devices, allowed device list; cri.md 4.11.
 */
import type { OciDevice, OciDeviceRule } from './oci-spec.ts';
import type { UserRequest } from './requests/container-config.ts';
import type { Identity } from './users.ts';

/** A device node of the host, as somebody else has found it. */
export type HostDevice = {
  readonly type: 'c' | 'b';
  readonly major: number;
  readonly minor: number;
  /** Permission bits. */
  readonly fileMode: number;
  readonly uid: number;
  readonly gid: number;
  /** Where it shall be in the container. */
  readonly path: string;
  /** Where it is on the host; absent: at the same path. */
  readonly hostPath?: string;
};

/** A requested device, resolved on the host; a directory has become one entry for each node in it. */
export type ResolvedDevice = HostDevice & { readonly permissions: string };

/** Ids of the container; null: as on the host. */
export type DeviceOwner = { readonly uid: number | null; readonly gid: number | null };

/** What the request leaves open stays the host's. Source: containerd, device_ownership_from_security_context. */
export function requestedOwner(user: UserRequest, identity: Pick<Identity, 'uid'>): DeviceOwner {
  return user.kind === 'image' ? { uid: null, gid: null } : { uid: identity.uid, gid: user.gid };
}

export type DeviceInput = {
  readonly requested: readonly ResolvedDevice[];
  /** Every device of the host; used by privileged containers unless the handler keeps host devices away. */
  readonly host: readonly HostDevice[];
  readonly isPrivileged: boolean;
  /** The handler gives privileged containers the host's devices (`privileged_without_host_devices` is off). */
  readonly hasHostDevices: boolean;
  /** Privileged containers that get no devices of the host may use all the same every device. */
  readonly isEveryDeviceAllowed: boolean;
  /** Who owns requested devices in the container. */
  readonly owner: DeviceOwner;
};

export type PlannedDevices = {
  readonly devices: readonly OciDevice[];
  readonly rules: readonly OciDeviceRule[];
};

/** The runtime makes these itself, or they would cover what it mounts. */
const madeByRuntime = new Set(['/dev/console', '/dev/ptmx', '/dev/shm', '/dev/mqueue', '/dev/pts']);

export function planDevices(input: DeviceInput): PlannedDevices {
  const givesHost = input.isPrivileged && input.hasHostDevices;
  const nodes = new Map<string, HostDevice>();
  for (const device of givesHost ? input.host : []) {
    if (!madeByRuntime.has(device.path) && !device.path.startsWith('/dev/pts/'))
      nodes.set(device.path, device);
  }
  for (const device of input.requested) nodes.set(device.path, owned(device, input.owner));
  return { devices: [...nodes.values()].map(ociDevice), rules: deviceRules(input, givesHost) };
}

function deviceRules(input: DeviceInput, givesHost: boolean): readonly OciDeviceRule[] {
  if (givesHost || (input.isPrivileged && input.isEveryDeviceAllowed))
    return [{ allow: true, access: 'rwm' }];
  return [
    { allow: false, access: 'rwm' },
    ...input.requested.map(({ type, major, minor, permissions }) => ({
      allow: true,
      access: permissions,
      type,
      major,
      minor,
    })),
  ];
}

function owned(device: HostDevice, owner: DeviceOwner): HostDevice {
  return { ...device, uid: owner.uid ?? device.uid, gid: owner.gid ?? device.gid };
}

function ociDevice(device: HostDevice): OciDevice {
  const { type, path, major, minor, fileMode, uid, gid } = device;
  return { type, path, major, minor, fileMode: fileMode & 0o777, uid, gid };
}
