/**
 * The table of options: one entry each, from which the typed configuration, the commented template, docs/configuration.md,
 * the environment variables and the flags are made. To add an option, add it here; nothing else has to be edited.
 */
import { absolutePath } from '../base/ids.ts';
import { logLevels } from '../base/log.ts';
import { devicesSection } from './options-devices.ts';
import { imagesSection } from './options-images.ts';
import { metricsSection } from './options-metrics.ts';
import { runtimeEntry, wordKind } from './options-runtimes.ts';
import { securitySection } from './options-security.ts';
import { streamingSection } from './options-streaming.ts';
import { fixed, reloadable, type Values } from './option.ts';
import { byteSize, duration } from './units.ts';
import { integer, listOf, oneOf, optional, pathKind, textKind } from './value.ts';

const nameForm = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;
const nameKind = textKind({
  expected: 'a name of letters, digits, "-", "_" and "."',
  read: (text) => (nameForm.test(text) ? text : undefined),
});

const daemonSection = {
  socketPath: fixed({
    key: 'socket',
    kind: pathKind,
    default: absolutePath('/run/cri-ts/cri-ts.sock'),
    description: 'The unix socket on which the CRI is served. Only root may open it.',
  }),
  rootDir: fixed({
    key: 'root_dir',
    kind: pathKind,
    default: absolutePath('/var/lib/cri-ts'),
    description: 'Images, records of pods and containers, CNI results: what has to survive a reboot.',
  }),
  runDir: fixed({
    key: 'run_dir',
    kind: pathKind,
    default: absolutePath('/run/cri-ts'),
    description:
      'Pinned namespaces, bundles, FIFOs, exit records, monitors: what a reboot ends. Has to be on a tmpfs.',
  }),
  logLevel: reloadable({
    key: 'log_level',
    kind: oneOf(logLevels),
    default: 'info',
    description: 'How much is logged on standard error.',
  }),
  shutdownTimeoutMs: fixed({
    key: 'shutdown_timeout',
    kind: duration('1s', '5m'),
    default: 10_000,
    description:
      'How long running calls may take to end after SIGTERM. Containers are not touched: they go on without the daemon.',
  }),
};

const runtimeSection = {
  defaultRuntime: fixed({
    key: 'default_runtime',
    kind: nameKind,
    default: 'crun',
    description: 'The handler of pods that name none: a name of the runtimes tables.',
  }),
  cgroupDriver: fixed({
    key: 'cgroup_driver',
    kind: oneOf(['auto', 'cgroupfs', 'systemd']),
    default: 'auto',
    description:
      'Who makes the cgroups of pods. "auto" is systemd where systemd is PID 1 on cgroup v2, and cgroupfs elsewhere. The kubelet asks for it and follows.',
  }),
  cgroupParent: fixed({
    key: 'cgroup_parent',
    kind: pathKind,
    default: absolutePath('/cri-ts'),
    description:
      'The cgroup of monitors, and of pods that name no parent (with the systemd driver those are in system.slice). The kubelet always names one.',
  }),
  monitorPods: fixed({
    key: 'monitor_pods',
    kind: integer({ min: 1, max: 1000, unit: 'pods' }),
    default: 50,
    description:
      'How many pods share one monitor process. 1 isolates pods from each other and costs memory for each.',
  }),
  monitorCommand: fixed({
    key: 'monitor_command',
    kind: listOf(wordKind),
    default: [],
    description:
      'The monitor as a program with its arguments. Empty is the conmon-ts that came with this daemon.',
  }),
  initPath: fixed({
    key: 'init_path',
    kind: optional(pathKind, 'catatonit, where the distribution puts it'),
    default: null,
    description: 'The init process of pods whose containers share one PID namespace.',
  }),
};

const cniSection = {
  confDir: fixed({
    key: 'conf_dir',
    kind: pathKind,
    default: absolutePath('/etc/cni/net.d'),
    description: 'Where network configurations are read. A file that appears is noticed.',
  }),
  pluginDirs: fixed({
    key: 'plugin_dirs',
    kind: listOf(pathKind),
    default: [absolutePath('/opt/cni/bin'), absolutePath('/usr/lib/cni')],
    description: 'Where plugins are searched, in this order.',
  }),
  network: fixed({
    key: 'network',
    kind: optional(nameKind, 'the lexically first valid file'),
    default: null,
    description: 'The name of the network that pods are connected to.',
  }),
  addTimeoutMs: fixed({
    key: 'add_timeout',
    kind: duration('1s', '4m'),
    default: 90_000,
    description: 'For connecting one pod, all plugins together.',
  }),
  delTimeoutMs: fixed({
    key: 'del_timeout',
    kind: duration('1s', '4m'),
    default: 60_000,
    description: 'For disconnecting one pod, all plugins together. It is tried again until it succeeds.',
  }),
  statusTimeoutMs: fixed({
    key: 'status_timeout',
    kind: duration('1s', '1m'),
    default: 10_000,
    description: 'For asking the plugins whether the network is ready. Status never waits for it.',
  }),
};

const limitsSection = {
  execOutputBytes: reloadable({
    key: 'exec_output',
    kind: byteSize('64KiB', '16320KiB'),
    default: 16_320n * 1024n,
    description:
      'Kept of the output of one ExecSync, both streams together. Its upper end is what fits into the 16 MiB that clients accept.',
  }),
  containerCreateTimeoutMs: reloadable({
    key: 'container_create_timeout',
    kind: duration('10s', '10m'),
    default: 240_000,
    description: 'For the OCI runtime to create one container.',
  }),
  containerPids: reloadable({
    key: 'container_pids',
    kind: integer({ min: 0, max: 4_194_304, unit: 'processes' }),
    default: 0,
    description: 'Processes of one container; 0 is no limit of ours (the kubelet sets podPidsLimit on pods).',
  }),
};

/** TOML tables in the order in which they are printed. */
export const sections = {
  daemon: { title: 'The daemon', options: daemonSection },
  runtime: { title: 'Pods and containers', options: runtimeSection },
  cni: { title: 'Pod networks', options: cniSection },
  images: { title: 'Images and registries', options: imagesSection },
  security: { title: 'What containers may do by default', options: securitySection },
  devices: { title: 'Devices of containers', options: devicesSection },
  streaming: { title: 'Exec, attach and port-forward', options: streamingSection },
  limits: { title: 'Bounds', options: limitsSection },
  metrics: { title: 'Metrics for Prometheus', options: metricsSection },
} as const;

/** The options of each `[runtimes.NAME]`. */
export const runtimeOptions = runtimeEntry;

/** Handlers that exist without being configured; one whose program is missing is reported as such. */
export const builtInRuntimes = ['crun', 'runc'] as const;

export type RuntimeConfig = Values<typeof runtimeEntry>;

/** The configuration, compiled: every option has a value, every unit stands in its name. */
export type Config = {
  readonly [S in keyof typeof sections]: Values<(typeof sections)[S]['options']>;
} & {
  /** By handler name. */
  readonly runtimes: ReadonlyMap<string, RuntimeConfig>;
};

/** A DNS label, as in a RuntimeClass. */
export const handlerNameForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The default configuration file and the directory of files that are laid over it, in lexical order. */
export const defaultConfigFile = '/etc/cri-ts/cri-ts.toml';

export function dropInDirOf(configFile: string): string {
  return `${configFile}.d`;
}
