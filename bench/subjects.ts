/**
 * What is measured: servers of the CRI, each on a machine of its own with the same network, the same images and the same
 * client. The floor is in `floor.ts`.
 */
import type { PodSandboxConfigInit } from '../cri-api/runtime-v1.ts';
import { startContainerd } from '../test/harness/containerd.ts';
import { Daemon, hasBundle } from '../test/harness/daemon.ts';
import { Machine } from '../test/harness/machine.ts';
import { Registry } from '../test/harness/registry.ts';
import { containerConfig, podConfig, uniqueName } from '../test/harness/requests.ts';
import type { Server } from '../test/harness/server.ts';
import { image } from '../test/harness/test-images.ts';

export type SubjectName = 'cri-ts' | 'containerd';

export class Subject implements AsyncDisposable {
  readonly name: SubjectName;
  readonly machine: Machine;
  readonly registry: Registry;
  readonly server: Server;

  private constructor(
    name: SubjectName,
    machine: Machine,
    parts: { readonly registry: Registry; readonly server: Server },
  ) {
    this.name = name;
    this.machine = machine;
    this.registry = parts.registry;
    this.server = parts.server;
  }

  static async start(name: SubjectName): Promise<Subject> {
    const machine = await Machine.create();
    try {
      const registry = await Registry.start(machine);
      // As it is installed: bundles, and the default log level.
      const options = { registry: registry.address, isBundle: hasBundle(), logLevel: 'info' };
      const server =
        name === 'cri-ts' ? await Daemon.start(machine, options) : await startContainerd(machine, options);
      const subject = new Subject(name, machine, { registry, server });
      await server.client.call('PullImage', { image: { image: image.busybox } });
      return subject;
    } catch (error) {
      await machine.close();
      throw error;
    }
  }

  /** A pod as the benchmark wants it: bridge and portmap, no host port. */
  pod(changes: PodSandboxConfigInit = {}): PodSandboxConfigInit {
    const { cgroupParent, root } = this.machine;
    const config = podConfig({ logDirectory: `${root}/logs`, ...changes });
    return { ...config, linux: { cgroupParent, ...config.linux } };
  }

  async runPod(handler: string, config = this.pod()): Promise<string> {
    const { podSandboxId } = await this.server.client.call('RunPodSandbox', {
      config,
      runtimeHandler: handler,
    });
    return podSandboxId;
  }

  async createContainer(
    podSandboxId: string,
    config = sleeper(),
    sandboxConfig = this.pod(),
  ): Promise<string> {
    const { containerId } = await this.server.client.call('CreateContainer', {
      podSandboxId,
      config,
      sandboxConfig,
    });
    return containerId;
  }

  async startContainer(containerId: string): Promise<void> {
    await this.server.client.call('StartContainer', { containerId });
  }

  /** A pod with a running container. */
  async runWhole(handler: string): Promise<void> {
    await this.startContainer(await this.createContainer(await this.runPod(handler)));
  }

  async removePod(podSandboxId: string): Promise<void> {
    await this.server.client.call('StopPodSandbox', { podSandboxId });
    await this.server.client.call('RemovePodSandbox', { podSandboxId });
  }

  async removeAll(width = 8): Promise<void> {
    const { items } = await this.server.client.call('ListPodSandbox', {});
    const ids = items.map(({ id }) => id);
    const lane = async (): Promise<void> => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) await this.removePod(id);
    };
    await Promise.all(Array.from({ length: width }, lane));
  }

  /** Everything that the server needs to keep pods alive: its monitors or shims, but no container. */
  async monitorPids(): Promise<readonly number[]> {
    const members = await this.machine.members();
    return members
      .filter(({ pid, state, argv }) => pid !== this.server.pid && state !== 'Z' && argv.some(isMonitor))
      .map(({ pid }) => pid);
  }

  async close(): Promise<void> {
    try {
      await this.server.close();
    } finally {
      await this.machine.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function isMonitor(word: string): boolean {
  return word.includes('conmon-ts') || word.includes('containerd-shim');
}

/** Waits in one system call, and ends at TERM. */
export function sleeper(): ReturnType<typeof containerConfig> {
  return containerConfig({ metadata: { name: uniqueName('c') }, command: ['sleep', '100000'] });
}
