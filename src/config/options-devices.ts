/**
 * The `[devices]` table: devices of the host beside those that a request names, and where CDI finds what vendors describe.
 */
import { absolutePath, type AbsolutePath } from '../base/ids.ts';
import { reloadable } from './option.ts';
import { booleanKind, listOf, pathKind, textKind, type Kind } from './value.ts';

export type DeviceOption = {
  readonly hostPath: AbsolutePath;
  readonly containerPath: AbsolutePath;
  /** Some of `rwm`. */
  readonly permissions: string;
};

const deviceForm = /^(\/[^:\0]*)(?::(\/[^:\0]*))?(?::(r?w?m?))?$/;

/** `/dev/fuse`, `/dev/sdc:/dev/xvdc`, `/dev/sdc:/dev/xvdc:rw`; undefined: it is none. */
export function readDevice(text: string): DeviceOption | undefined {
  const [, hostText, containerText, permissions] = deviceForm.exec(text) ?? [];
  if (hostText === undefined || permissions === '') return undefined;
  try {
    const hostPath = absolutePath(hostText);
    const containerPath = containerText === undefined ? hostPath : absolutePath(containerText);
    return { hostPath, containerPath, permissions: permissions ?? 'rwm' };
  } catch {
    // Not an absolute path: whoever asked says what was expected.
    return undefined;
  }
}

export const deviceExpected =
  'a device like "/dev/fuse" or "/dev/sdc:/dev/xvdc:rwm" (host:container:permissions)';

const deviceKind: Kind<DeviceOption> = textKind({
  expected: deviceExpected,
  read: readDevice,
  print: ({ hostPath, containerPath, permissions }) => `${hostPath}:${containerPath}:${permissions}`,
});

export const devicesSection = {
  additional: reloadable({
    key: 'additional_devices',
    kind: listOf(deviceKind),
    default: [],
    description: 'Devices of the host that every container gets.',
  }),
  allowed: reloadable({
    key: 'allowed_devices',
    kind: listOf(pathKind),
    default: [],
    description:
      'Devices of the host that a pod may ask for by its annotation "devices.crio.io" (a comma-separated list of host:container:permissions), such as "/dev/fuse" for building images in pods. A pod that asks for another is refused.',
  }),
  isOwnedByUser: reloadable({
    key: 'device_ownership_from_security_context',
    kind: booleanKind,
    default: false,
    description:
      "True: requested devices belong in the container to its runAsUser and runAsGroup, so that a process without root can use them. False: to the host's owner and group.",
  }),
  cdiSpecDirs: reloadable({
    key: 'cdi_spec_dirs',
    kind: listOf(pathKind),
    default: [absolutePath('/etc/cdi'), absolutePath('/var/run/cdi')],
    description:
      'Where the files of the Container Device Interface are (*.json, *.yaml). A later directory wins. They are looked at anew for each container that asks for such a device.',
  }),
};
