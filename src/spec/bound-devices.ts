/**
 * Devices in a user namespace, where none can be made: the runtimes bind the node of the host that has the same path. One
 * that shall have another path inside is bound here, else the container would get the wrong node. Pure.
 * Source: user_namespaces(7), mknod; OCI config-linux.md, devices.
 */
import type { OciMount, OciSpec } from './oci-spec.ts';

export type DevicePlace = {
  /** In the container. */
  readonly path: string;
  /** On the host; absent: the same. */
  readonly hostPath?: string;
};

export function bindMovedDevices(spec: OciSpec, places: readonly DevicePlace[]): OciSpec {
  const hostPaths = new Map(places.map(({ path, hostPath = path }) => [path, hostPath]));
  const source = (path: string): string => hostPaths.get(path) ?? path;
  const { devices } = spec.linux;
  const moved = devices.filter(({ path }) => source(path) !== path);
  if (moved.length === 0) return spec;
  const mounts = moved.map(({ path }): OciMount => ({
    destination: path,
    type: 'bind',
    source: source(path),
    options: ['bind', 'rprivate', 'nosuid', 'noexec'],
  }));
  return {
    ...spec,
    mounts: [...spec.mounts, ...mounts],
    linux: { ...spec.linux, devices: devices.filter((device) => !moved.includes(device)) },
  };
}
