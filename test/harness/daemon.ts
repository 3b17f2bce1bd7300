/**
 * Our daemon under test: its configuration in a machine's own directory and the command that runs it, from the sources
 * or, with CRI_TS_TEST_BUNDLE=1, from the bundle that is installed.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pluginDirs, writeGatedNetwork, writeNetwork } from './network.ts';
import { Server } from './server.ts';
import { cgroupDriver, type Machine } from './machine.ts';
import { registriesConf } from './registry.ts';

const configName = 'cri-ts.toml';
const project = join(import.meta.dirname, '../..');

/** Halves the time that a start from the sources takes: their types are stripped once, not at every start. */
const compileCache = { NODE_COMPILE_CACHE: join(project, '.cache/compile') };

export type DaemonOptions = {
  /** Address of the registry that stands for all public ones; null: none is configured. */
  readonly registry: string | null;
  /** False: no CNI configuration is there at the start. Default true. */
  readonly hasNetwork?: boolean;
  /** True: a plugin behind the network's own does as `setGate` says. */
  readonly hasGate?: boolean;
  /** More TOML, put at the end. */
  readonly extraConfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly monitorPods?: number;
  /** Default: debug. */
  readonly logLevel?: string;
  /** Done before the first start, when the directories are there. */
  readonly prepare?: (machine: Machine, dirs: DaemonDirs) => Promise<void>;
  /** True: the bundle that is installed, instead of the sources. Default: as CRI_TS_TEST_BUNDLE says. */
  readonly isBundle?: boolean;
};

/** The directories of one daemon, for the census and for tests that look into them. */
export type DaemonDirs = {
  readonly rootDir: string;
  readonly runDir: string;
  readonly confDir: string;
};

export class Daemon extends Server {
  readonly dirs: DaemonDirs;

  private constructor(machine: Machine, dirs: DaemonDirs, options: DaemonOptions) {
    super(machine, {
      argv: [
        process.execPath,
        ...entry(options.isBundle ?? isBundleWanted),
        'serve',
        '--config',
        machine.path(configName),
      ],
      socketPath: machine.path('cri.sock'),
      logPath: machine.path('daemon.log'),
      env: { ...compileCache, ...options.env },
    });
    this.dirs = dirs;
  }

  /** Writes the configuration; nothing runs yet. */
  static async prepare(machine: Machine, options: DaemonOptions): Promise<Daemon> {
    const dirs = {
      rootDir: machine.path('lib'),
      runDir: machine.path('run'),
      confDir: machine.path('net.d'),
    };
    for (const dir of [dirs.rootDir, dirs.runDir, dirs.confDir, machine.path('registries.d')]) {
      await mkdir(dir, { recursive: true });
    }
    // As on a real node, what a reboot ends is on a tmpfs.
    await machine.run('mount', '-t', 'tmpfs', '-o', 'mode=0700,nosuid,nodev', 'cri-ts-run', dirs.runDir);
    if (options.hasNetwork !== false) {
      const write = options.hasGate === true ? writeGatedNetwork : writeNetwork;
      await write(machine, dirs.confDir);
    }
    await options.prepare?.(machine, dirs);
    const registries = machine.path('registries.conf');
    await writeFile(registries, options.registry === null ? '' : registriesConf(options.registry));
    await writeFile(machine.path(configName), configText(machine, dirs, options));
    return new Daemon(machine, dirs, options);
  }

  static async start(machine: Machine, options: DaemonOptions): Promise<Daemon> {
    const daemon = await Daemon.prepare(machine, options);
    await daemon.start();
    return daemon;
  }
}

const isBundleWanted = process.env['CRI_TS_TEST_BUNDLE'] === '1';
const bundle = join(project, 'dist/cri-ts.js');

export function hasBundle(): boolean {
  return existsSync(bundle);
}

function entry(isBundle: boolean): readonly string[] {
  // As the systemd unit has it.
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
  return [...flags, isBundle ? bundle : join(project, 'src/main.ts')];
}

function configText(machine: Machine, dirs: DaemonDirs, options: DaemonOptions): string {
  const monitorPods = options.monitorPods === undefined ? [] : [`monitor_pods = ${options.monitorPods}`];
  return [
    '[daemon]',
    `socket = "${machine.path('cri.sock')}"`,
    `root_dir = "${dirs.rootDir}"`,
    `run_dir = "${dirs.runDir}"`,
    `log_level = "${options.logLevel ?? 'debug'}"`,
    '[runtime]',
    `cgroup_driver = "${cgroupDriver}"`,
    `cgroup_parent = "${machine.cgroupParent}"`,
    ...monitorPods,
    '[cni]',
    `conf_dir = "${dirs.confDir}"`,
    `plugin_dirs = ${JSON.stringify(pluginDirs(machine))}`,
    '[images]',
    `registries_conf = "${machine.path('registries.conf')}"`,
    `registries_conf_dir = "${machine.path('registries.d')}"`,
    `certs_dirs = ["${machine.path('certs.d')}"]`,
    `signature_policy = "${machine.path('policy.json')}"`,
    options.extraConfig ?? '',
    '',
  ].join('\n');
}
