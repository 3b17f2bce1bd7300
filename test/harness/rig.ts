/**
 * What nearly every feature test starts with: a machine, a registry in it, a server, and the few sentences in which tests
 * speak of pods and containers. With CRI_TS_TEST_SERVER=containerd the server is containerd: that tries the tests themselves.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RequestInitOf, ResponseOf, UnaryRpcName } from '../../cri-api/methods.ts';
import {
  ContainerState,
  Protocol,
  type ContainerConfigInit,
  type ContainerStatus,
  type PodSandboxConfigInit,
  type PodSandboxStatus,
} from '../../cri-api/runtime-v1.ts';
import { expectCensus, takeCensus, type Census, type CensusScope } from './census.ts';
import type { CallSettings, CriClient } from './client.ts';
import { startContainerd } from './containerd.ts';
import { Daemon, type DaemonOptions } from './daemon.ts';
import { Machine, plainEnv, removeCgroups, signalQuietly } from './machine.ts';
import { runCommand } from '../../src/base/process.ts';
import { Registry } from './registry.ts';
import { containerConfig, podConfig, uniqueName } from './requests.ts';
import type { Server } from './server.ts';
import { image } from './test-images.ts';
import { eventually, slowness } from './wait.ts';

/** True when the tests themselves are tried against another server. */
const isContainerd = process.env['CRI_TS_TEST_SERVER'] === 'containerd';

/** The handlers that every feature must work with. */
export const handlers = ['crun', 'runc'] as const;
export type Handler = (typeof handlers)[number];

export type RigOptions = Omit<Partial<DaemonOptions>, 'registry'> & {
  /** Pulled before the first test; default: busybox. */
  readonly images?: readonly string[];
};

export type PodChoice = {
  readonly handler?: string;
  readonly config?: PodSandboxConfigInit;
};

/** A pod that runs, with the configuration it was asked for. */
export type Pod = { readonly id: string; readonly config: PodSandboxConfigInit; readonly logDir: string };

export type Output = { readonly stdout: string; readonly stderr: string; readonly exitCode: number };

export class Rig implements AsyncDisposable {
  readonly machine: Machine;
  readonly registry: Registry;
  readonly server: Server;

  private constructor(machine: Machine, registry: Registry, server: Server) {
    this.machine = machine;
    this.registry = registry;
    this.server = server;
  }

  static async start(options: RigOptions = {}): Promise<Rig> {
    const machine = await Machine.create();
    try {
      const registry = await Registry.start(machine);
      const server = isContainerd
        ? await startContainerd(machine, { registry: registry.address })
        : await Daemon.start(machine, { ...options, registry: registry.address });
      const rig = new Rig(machine, registry, server);
      for (const name of options.images ?? [image.busybox]) await rig.pull(name);
      return rig;
    } catch (error) {
      await machine.close();
      throw error;
    }
  }

  get client(): CriClient {
    return this.server.client;
  }

  /** Our daemon, for tests that reach into its directories. @throws under containerd */
  get daemon(): Daemon {
    if (this.server instanceof Daemon) return this.server;
    throw new Error('this test is about our daemon only');
  }

  async call<Name extends UnaryRpcName>(
    name: Name,
    request: RequestInitOf<Name>,
    settings: CallSettings = {},
  ): Promise<ResponseOf<Name>> {
    return await this.client.call(name, request, settings);
  }

  /** Sends bytes as they are. */
  async callRaw(name: UnaryRpcName, request: Buffer): Promise<Buffer> {
    return await this.client.callRaw(name, request);
  }

  /** Pulls an image and returns its id. */
  async pull(name: string): Promise<string> {
    const { imageRef } = await this.call('PullImage', { image: { image: name } });
    return imageRef;
  }

  /** A log directory of one's own, inside the machine's directory. */
  async makeLogDir(): Promise<string> {
    const dir = this.machine.path('logs', uniqueName('pod'));
    await mkdir(dir, { recursive: true });
    return dir;
  }

  async runPod(choice: PodChoice = {}): Promise<Pod> {
    const logDir = choice.config?.logDirectory ?? (await this.makeLogDir());
    const wanted = podConfig({ logDirectory: logDir, ...choice.config });
    // As the kubelet, which names a cgroup for each pod.
    const linux = { cgroupParent: this.machine.cgroupParent, ...wanted.linux };
    const config = { ...wanted, linux };
    const { podSandboxId } = await this.call('RunPodSandbox', {
      config,
      runtimeHandler: choice.handler ?? '',
    });
    return { id: podSandboxId, config, logDir };
  }

  async create(pod: Pod, config: ContainerConfigInit = containerConfig()): Promise<string> {
    const { containerId } = await this.call('CreateContainer', {
      podSandboxId: pod.id,
      config,
      sandboxConfig: pod.config,
    });
    return containerId;
  }

  /** Creates and starts. */
  async run(pod: Pod, config: ContainerConfigInit): Promise<string> {
    const id = await this.create(pod, config);
    await this.call('StartContainer', { containerId: id });
    return id;
  }

  async status(containerId: string): Promise<ContainerStatus> {
    const { status } = await this.call('ContainerStatus', { containerId });
    if (status === null) throw new Error('ContainerStatus answered no status');
    return status;
  }

  async podStatus(podSandboxId: string): Promise<PodSandboxStatus> {
    const { status } = await this.call('PodSandboxStatus', { podSandboxId });
    if (status === null) throw new Error('PodSandboxStatus answered no status');
    return status;
  }

  /** The ids of the pods that a filter finds. */
  async listPods(filter: RequestInitOf<'ListPodSandbox'>['filter'] = null): Promise<readonly string[]> {
    return (await this.call('ListPodSandbox', { filter: filter ?? null })).items.map(({ id }) => id);
  }

  /** The ids of the containers that a filter finds. */
  async listContainers(filter: RequestInitOf<'ListContainers'>['filter'] = null): Promise<readonly string[]> {
    return (await this.call('ListContainers', { filter: filter ?? null })).containers.map(({ id }) => id);
  }

  /** Waits until a container has ended and returns how. */
  async exited(containerId: string, timeoutMs = 15_000): Promise<ContainerStatus> {
    let last: ContainerStatus | null = null;
    await eventually(
      'the container exits',
      async () => {
        last = await this.status(containerId);
        return last.state === ContainerState.CONTAINER_EXITED;
      },
      { timeoutMs },
    );
    return last ?? (await this.status(containerId));
  }

  async exec(containerId: string, cmd: readonly string[], timeoutS = 0n): Promise<Output> {
    const { stdout, stderr, exitCode } = await this.call('ExecSync', {
      containerId,
      cmd,
      timeout: timeoutS,
    });
    return { stdout: text(stdout), stderr: text(stderr), exitCode };
  }

  /** Runs a script by ExecSync and returns its standard output without the last newline. */
  async sh(containerId: string, script: string): Promise<string> {
    const { stdout, stderr, exitCode } = await this.exec(containerId, ['sh', '-c', script]);
    if (exitCode !== 0) throw new Error(`sh -c ${JSON.stringify(script)}: exit code ${exitCode}: ${stderr}`);
    return stdout.replace(/\n$/, '');
  }

  /** Runs a container to its end and returns its log as text of both streams. */
  async output(pod: Pod, config: ContainerConfigInit): Promise<Output> {
    const id = await this.run(pod, config);
    const { exitCode, logPath } = await this.exited(id);
    const lines = parseLog(await readFile(logPath, 'utf8'));
    const of = (stream: string): string => joined(lines.filter((line) => line.stream === stream));
    return { stdout: of('stdout'), stderr: of('stderr'), exitCode };
  }

  async removePod(pod: Pod): Promise<void> {
    await this.call('StopPodSandbox', { podSandboxId: pod.id });
    await this.call('RemovePodSandbox', { podSandboxId: pod.id });
  }

  /** Removes whatever the server still lists, without grace for anybody. */
  async removeEverything(): Promise<void> {
    const { items } = await this.call('ListPodSandbox', {});
    await Promise.all(items.map(async ({ id }) => await this.call('RemovePodSandbox', { podSandboxId: id })));
  }

  /** What a reboot leaves of the machine while the server is down: the disk, without processes, mounts, cgroups, links. */
  async reboot(): Promise<void> {
    const { runDir, rootDir } = this.daemon.dirs;
    await eventually('processes end', async () => {
      const alive = (await this.machine.members()).filter(
        ({ argv, state }) => state !== 'Z' && !argv.some((word) => word.includes('docker-registry')),
      );
      for (const { pid } of alive) signalQuietly(pid, 'SIGKILL');
      return alive.length === 0;
    });
    const mounts = (await this.machine.mountInfo()).split('\n').map((line) => line.split(' ')[4] ?? '');
    for (const target of mounts.toReversed()) {
      if (target.startsWith(runDir) || target.startsWith(`${rootDir}/`))
        await this.machine.run('umount', '-l', target);
    }
    await eventually('cgroups go', () => removeCgroups(this.machine.cgroupParent));
    await this.machine.try('ip', 'link', 'del', 'cni0');
    // The chains that all pods share may stay: what matters is that no pod's own rule does.
    const forget = "iptables-save | grep -vE 'CNI-[0-9a-f]{24}' | iptables-restore";
    await this.machine.run('sh', '-c', forget);
    await this.machine.run('mount', '-t', 'tmpfs', '-o', 'mode=0700,nosuid,nodev', 'cri-ts-run', runDir);
  }

  /** Starts another daemon with the same configuration and returns its exit code. */
  async startSecond(): Promise<number | null> {
    const { exitCode } = await runCommand({
      argv: this.machine.enter(this.daemon.argv),
      env: plainEnv,
      timeoutMs: 15_000 * slowness,
    });
    return exitCode;
  }

  get scope(): CensusScope {
    const dirs = isContainerd ? [] : [this.machine.outside(this.daemon.dirs.runDir)];
    return { machine: this.machine, dirs };
  }

  /** What exists when one pod has come and gone: bridges, chains and warm monitors are there from then on. */
  async censusAfterWarmUp(handler: string): Promise<Census> {
    const portMappings = [{ protocol: Protocol.TCP, containerPort: 1, hostPort: 1 }];
    const pod = await this.runPod({ handler, config: { portMappings } });
    await this.run(pod, containerConfig({ command: ['true'] }));
    await this.removePod(pod);
    return await takeCensus(this.scope);
  }

  async takeCensus(): Promise<Census> {
    return await takeCensus(this.scope);
  }

  async expectCensus(before: Census): Promise<void> {
    await expectCensus(before, this.scope);
  }

  /** With CRI_TS_TEST_LOGS=DIR the server's log is kept there, named by the machine. */
  async close(): Promise<void> {
    const keep = process.env['CRI_TS_TEST_LOGS'];
    try {
      if (keep !== undefined)
        await writeFile(join(keep, `${basename(this.machine.root)}.log`), await this.server.log());
      await this.server.close();
    } finally {
      await this.machine.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

export type LogLine = {
  readonly at: string;
  readonly stream: string;
  /** `F`: a whole line; `P`: the next line of the stream goes on. */
  readonly tag: string;
  readonly content: string;
};

const logLine = /^(\S+) (stdout|stderr) ([FP]) (.*)$/su;

/** Reads a CRI log. @throws naming the first line that is none: a torn line is found here */
export function parseLog(content: string): readonly LogLine[] {
  const lines = content.split('\n');
  if (lines.pop() !== '') throw new Error('the log does not end with a newline');
  return lines.map((line, index) => {
    const [, at, stream, tag, rest] = logLine.exec(line) ?? [];
    if (at === undefined || stream === undefined || tag === undefined || rest === undefined) {
      throw new Error(`line ${index + 1} of the log is torn: ${JSON.stringify(line.slice(0, 200))}`);
    }
    return { at, stream, tag, content: rest };
  });
}

/** The content as the container wrote it. */
export function joined(lines: readonly LogLine[]): string {
  return lines.map((line) => (line.tag === 'F' ? `${line.content}\n` : line.content)).join('');
}

export async function readLog(path: string): Promise<readonly LogLine[]> {
  return parseLog(await readFile(path, 'utf8'));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
