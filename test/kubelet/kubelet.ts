/**
 * A real kubelet inside a machine, without an API server: its pods are manifests in a directory, what it knows is asked over
 * HTTPS. It is started, killed and started again with other settings; its log is kept.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { plainEnv, type Machine } from '../harness/machine.ts';
import { eventually } from '../harness/wait.ts';
import { KubeletApi } from './kubelet-api.ts';

const port = 10_250;

export type KubeletSettings = {
  readonly featureGates?: Readonly<Record<string, boolean>>;
  /** More of a KubeletConfiguration. Source: kubelet.config.k8s.io/v1beta1. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** More flags. */
  readonly flags?: readonly string[];
};

/**
 * Sysctls that a kubelet sets for the whole kernel: it gets files of its own instead, in a mount namespace of its own,
 * so that neither the host nor the containers' /proc sees them. `$1` is a directory.
 */
const enter = `
set -eu
dir=$1
shift
mount --make-rprivate /proc
for name in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
  cat "/proc/sys/$name" > "$dir/$(basename "$name")"
  mount --bind "$dir/$(basename "$name")" "/proc/sys/$name"
done
exec "$@"
`;

export class Kubelet implements AsyncDisposable {
  readonly api: KubeletApi;
  readonly #machine: Machine;
  readonly #program: string;
  readonly #runtimeSocket: string;
  #process: ChildProcess | null = null;

  private constructor(machine: Machine, program: string, runtimeSocket: string) {
    this.#machine = machine;
    this.#program = program;
    this.#runtimeSocket = runtimeSocket;
    this.api = new KubeletApi(machine, port);
  }

  static async prepare(machine: Machine, program: string, runtimeSocket: string): Promise<Kubelet> {
    for (const name of ['manifests', 'root', 'sysctls', 'pod-logs'])
      await mkdir(machine.path('kubelet', name), { recursive: true });
    // Its links to logs have a fixed place.
    await machine.run('mount', '-t', 'tmpfs', 'logs', '/var/log');
    for (const controller of ['cpu', 'cpuacct', 'cpuset', 'memory', 'pids', 'devices', 'freezer', 'blkio'])
      await machine.try('mkdir', '-p', `/sys/fs/cgroup/${controller}${machine.cgroupParent}`);
    return new Kubelet(machine, program, runtimeSocket);
  }

  get logPath(): string {
    return this.#machine.path('kubelet/kubelet.log');
  }

  async log(): Promise<string> {
    return await readFile(this.logPath, 'utf8');
  }

  /** Starts it and waits until its server answers. @throws with the end of its log when it does not */
  async start(settings: KubeletSettings = {}): Promise<void> {
    const config = this.#machine.path('kubelet/config.json');
    await writeFile(config, JSON.stringify(this.#configuration(settings), null, 2));
    const command = [
      this.#program,
      `--config=${config}`,
      `--root-dir=${this.#machine.path('kubelet/root')}`,
      `--cert-dir=${this.#machine.path('kubelet/certificates')}`,
      '--hostname-override=node',
      '--v=2',
      ...(settings.flags ?? []),
    ];
    const sysctls = this.#machine.path('kubelet/sysctls');
    const own = ['unshare', '--mount', '--propagation=unchanged', 'sh', '-c', enter, 'kubelet', sysctls];
    const [program, ...args] = this.#machine.enter([...own, ...command]);
    const log = openSync(this.logPath, 'a', 0o600);
    this.#process = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...plainEnv },
      detached: true,
    });
    closeSync(log);
    try {
      await eventually('the kubelet is healthy', async () => await this.#isHealthy(), {
        timeoutMs: 60_000,
        everyMs: 100,
      });
    } catch (cause) {
      const end = (await this.log()).split('\n').slice(-25).join('\n');
      throw new Error(`the kubelet did not start; the end of its log:\n${end}`, { cause });
    }
  }

  async #isHealthy(): Promise<boolean> {
    if (this.#process?.exitCode !== null) throw new Error('the kubelet has ended');
    return (await this.api.get('/healthz')) === 'ok';
  }

  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  }

  /** What the README tells of a kubelet's configuration stands at its top; the rest keeps it inside the machine. */
  #configuration({ featureGates = {}, more = {} }: KubeletSettings): object {
    const machine = this.#machine;
    return {
      kind: 'KubeletConfiguration',
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      containerRuntimeEndpoint: `unix://${this.#runtimeSocket}`,
      featureGates: { PodAndContainerStatsFromCRI: true, ...featureGates },
      failCgroupV1: false,
      staticPodPath: machine.path('kubelet/manifests'),
      fileCheckFrequency: '1s',
      volumeStatsAggPeriod: '2s',
      podLogsDir: machine.path('kubelet/pod-logs'),
      volumePluginDir: machine.path('kubelet/plugins'),
      cgroupRoot: machine.cgroupParent,
      // The machine may not give a process a lower one than it has.
      oomScoreAdj: 0,
      failSwapOn: false,
      port,
      authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
      authorization: { mode: 'AlwaysAllow' },
      // The disk of a developer is fuller than a node's.
      evictionHard: { 'memory.available': '50Mi' },
      ...more,
    };
  }

  /** Puts a manifest in place, or replaces it; the kubelet looks every second. */
  async apply(manifest: { readonly metadata: { readonly name: string } }): Promise<void> {
    const temporary = this.#machine.path('kubelet', `${manifest.metadata.name}.json`);
    await writeFile(temporary, JSON.stringify(manifest));
    await rename(temporary, this.#manifest(manifest.metadata.name));
  }

  async remove(name: string): Promise<void> {
    await rm(this.#manifest(name), { force: true });
  }

  #manifest(name: string): string {
    return this.#machine.path('kubelet/manifests', `${name}.json`);
  }

  async close(): Promise<void> {
    await this.stop('SIGKILL');
    await this.api.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
