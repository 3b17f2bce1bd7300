/**
 * The `[runtimes.NAME]` tables: one OCI runtime each.
 */
import { fixed } from './option.ts';
import { byteSize } from './units.ts';
import { booleanKind, listOf, oneOf, optional, pathKind, textKind } from './value.ts';

export const wordKind = textKind({
  expected: 'a string without control characters',
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  read: (text) => (text !== '' && !/[\u0000-\u001f\u007f]/.test(text) ? text : undefined),
});

export const runtimeEntry = {
  path: fixed({
    key: 'path',
    kind: optional(pathKind, 'a program of this name, searched in the usual directories'),
    default: null,
    description: 'The OCI runtime.',
  }),
  root: fixed({
    key: 'root',
    kind: optional(pathKind, 'a directory in run_dir'),
    default: null,
    description: "The runtime's own state directory (its --root).",
  }),
  type: fixed({
    key: 'type',
    kind: oneOf(['oci']),
    default: 'oci',
    description: 'How the runtime is driven. "oci" is the command line of the OCI runtimes.',
  }),
  args: fixed({
    key: 'args',
    kind: listOf(wordKind),
    default: [],
    description: 'Global arguments given to the runtime before its subcommand.',
  }),
  isPrivilegedWithoutHostDevices: fixed({
    key: 'privileged_without_host_devices',
    kind: booleanKind,
    default: false,
    description: 'True: a privileged container does not get the devices of the host.',
  }),
  isEveryDeviceAllowed: fixed({
    key: 'privileged_without_host_devices_all_devices_allowed',
    kind: booleanKind,
    default: false,
    description:
      'True: a privileged container that does not get the devices of the host may use every device all the same, once it has a node for it.',
  }),
  allowedAnnotations: fixed({
    key: 'allowed_annotations',
    kind: listOf(wordKind),
    default: [],
    description:
      'Annotations of pods and containers that reach the runtime, and those that ask the daemon for something special. A trailing "*" stands for any rest. Those by which a runtime is commanded (org.systemd., run.oci., org.criu. and the like) never reach it.',
  }),
  containerMinMemoryBytes: fixed({
    key: 'container_min_memory',
    kind: optional(byteSize('0B', '1GiB'), '500KiB for crun, 12MiB for every other runtime'),
    default: null,
    description:
      'The smallest memory limit with which this runtime can start a container. A smaller one is refused with this number.',
  }),
};
