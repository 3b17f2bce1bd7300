/**
 * The monitors, and how their words come in: exits, reports at every connection, hand-overs to a successor.
 */
import { fileURLToPath } from 'node:url';
import type { AdoptParams, ExitRecord, HelloResult, MonitorEvent } from '../../conmon-ts/protocol.ts';
import { buildInfo } from '../build-info.ts';
import { absolutePath, joinPath, type ContainerId, type PodId } from '../base/ids.ts';
import { nowNs } from '../base/time.ts';
import { Monitors } from '../runtime/monitors/monitors.ts';
import { isAlive } from '../runtime/programs/process-identity.ts';
import { exitCodeOf } from '../runtime/programs/reaper.ts';
import type { Services } from '../services.ts';
import type { PodRecord, ProcessIdentity } from '../store/pod-record.ts';

export type MonitorInputs = Pick<
  Services,
  'config' | 'paths' | 'log' | 'store' | 'cgroups' | 'host' | 'exits' | 'terminals' | 'holds'
>;

export function openMonitors(inputs: MonitorInputs): Monitors {
  const { config, paths, log } = inputs;
  return new Monitors({
    runDir: paths.runDir,
    argv: monitorCommand(config.current.runtime.monitorCommand),
    podsPerMonitor: config.current.runtime.monitorPods,
    log,
    onSpawned: async (pid) => await placeMonitor(inputs, pid),
    onEvent: (event) => take(inputs, event),
    podsOn: (slot) => podsOn(inputs, slot).length,
    orphansOf: (slot) => podsOn(inputs, slot).flatMap((pod) => adoptable(inputs, pod)),
    onReport: (_slot, hello) => takeReport(inputs, hello),
    adoptWith: async (params, adopt) => await handOver(inputs, params, adopt),
  });
}

function podsOn(inputs: MonitorInputs, slot: string): readonly PodRecord[] {
  return [...inputs.store.pods.all()].filter((pod) => pod.monitor === slot);
}

type Adopt = (params: AdoptParams) => Promise<ExitRecord | null>;

/** Lets a monitor adopt a container, with what only we still hold of it. */
async function handOver(inputs: MonitorInputs, params: AdoptParams, adopt: Adopt): Promise<void> {
  const { containerId, isTerminal } = params;
  const waitStatus = inputs.holds.waitStatus(containerId);
  const give = async (masterMailbox: string | null): Promise<void> => {
    const exit = await adopt({ ...params, masterMailbox, waitStatus });
    if (exit !== null) await inputs.exits.record(withOurKnowledge(inputs, exit));
  };
  try {
    await (isTerminal ? inputs.terminals.handOver(containerId, give) : give(null));
  } catch (error) {
    if (await isAlive(params)) throw error;
    // It has ended, and with its run directory gone (a reboot) no monitor will ever tell how.
    const end = { containerId, exitCode: null, finishedAtNs: String(nowNs()), isOomKilled: false };
    await inputs.exits.record(withOurKnowledge(inputs, end));
  }
}

/** The configured program, or the monitor that came with us: beside the bundle, or in the sources. */
function monitorCommand(configured: readonly string[]): readonly [string, ...string[]] {
  const [program, ...args] = configured;
  if (program !== undefined) return [program, ...args];
  const isBundle = import.meta.url.endsWith('.js');
  const entry = fileURLToPath(
    new URL(isBundle ? './conmon-ts.js' : '../../conmon-ts/main.ts', import.meta.url),
  );
  return [process.execPath, ...monitorNodeFlags, entry, '--build', buildInfo().version];
}

/** Measured: one small young generation and no helper threads leave an idle monitor 11 MB of its own. */
const monitorNodeFlags = [
  '--no-warnings',
  '--v8-pool-size=0',
  '--single-threaded-gc',
  '--max-semi-space-size=1',
  '--max-old-space-size=256',
  '--disable-sigusr1',
];

/** Out of every pod's cgroup and of the daemon's: nothing that happens to those may end a monitor (CVE-2019-14891). */
async function placeMonitor(inputs: MonitorInputs, pid: number): Promise<void> {
  // Under systemd it stays in the service's cgroup, which KillMode=process spares.
  if (inputs.host.cgroupDriver === 'systemd') return;
  const path = joinPath(absolutePath(inputs.config.current.runtime.cgroupParent), 'monitors');
  await inputs.cgroups.create(path);
  await inputs.cgroups.place(path, pid);
}

function take(inputs: MonitorInputs, event: MonitorEvent): void {
  switch (event.event) {
    case 'exit':
      void inputs.exits.record(withOurKnowledge(inputs, event.exit));
      break;
    case 'oom':
      inputs.log.warn(
        { container: event.containerId },
        'the kernel killed a process of the container for lack of memory',
      );
      break;
    case 'log-dropped':
      inputs.log.error(
        { container: event.containerId, bytes: event.bytes, reason: event.message },
        'container log lost bytes',
      );
      break;
    case 'stdin-closed':
      inputs.holds.closeStdin(event.containerId);
      break;
    default:
      event satisfies never;
  }
}

/** A monitor that adopted a process whose end a stranger took may not know it; our pidfd does. */
function withOurKnowledge(inputs: MonitorInputs, exit: ExitRecord): ExitRecord {
  if (exit.exitCode !== null) return exit;
  const waitStatus = inputs.holds.waitStatus(exit.containerId);
  return waitStatus === null ? exit : { ...exit, exitCode: exitCodeOf(waitStatus) };
}

function takeReport(inputs: MonitorInputs, hello: HelloResult): void {
  for (const { exit } of hello.containers)
    if (exit !== null) void inputs.exits.record(withOurKnowledge(inputs, exit));
}

/** What a successor needs to take over a pod's living containers and its init. */
function adoptable(inputs: MonitorInputs, pod: PodRecord): readonly AdoptParams[] {
  if (pod.bootId !== inputs.host.bootId) return [];
  const living = inputs.store.containersOf(pod.id).filter((record) => record.exit === null);
  const containers = living.map((record): AdoptParams => ({
    ...adoption(inputs, record.id, record.process),
    files: files(inputs, record.id, record.logPath),
    isTerminal: record.config.tty,
    hasStdin: record.config.stdin,
    isStdinOnce: record.config.stdinOnce,
    cgroupPath: record.cgroupPath,
  }));
  return pod.init === null ? containers : [...containers, adoption(inputs, pod.id, pod.init)];
}

function adoption(inputs: MonitorInputs, id: ContainerId | PodId, process: ProcessIdentity): AdoptParams {
  return {
    containerId: id,
    ...process,
    files: files(inputs, id, null),
    isTerminal: false,
    hasStdin: false,
    isStdinOnce: false,
    masterMailbox: null,
  };
}

function files(inputs: MonitorInputs, id: ContainerId | PodId, logPath: string | null): AdoptParams['files'] {
  const { dir } = inputs.paths.container(id);
  return { bundleDir: dir, runDir: dir, logPath };
}
