/* oxlint-disable no-restricted-imports, typescript/no-unsafe-type-assertion -- test support: it starts programs and trusts the monitor's answers */
/**
 * For tests: a monitor process, a small daemon's end of its control socket, and bundles of busybox. Nothing of the product
 * imports this.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  protocolVersion,
  type AdoptParams,
  type CreateParams,
  type Failure,
  type Method,
  type Methods,
  type MonitorEvent,
} from './protocol.ts';

export class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`${failure.reason}: ${failure.message}`);
    this.failure = failure;
  }
}

type Waiter = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** One daemon connection. */
export class TestClient implements Disposable {
  readonly #socket: Socket;
  readonly #waiters = new Map<number, Waiter>();
  readonly #eventWaiters: {
    matches: (event: MonitorEvent) => boolean;
    resolve: (event: MonitorEvent) => void;
  }[] = [];
  readonly events: MonitorEvent[] = [];
  #next = 1;
  #rest = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const waiter of this.#waiters.values()) waiter.reject(new Error('connection closed'));
      this.#waiters.clear();
    });
  }

  static async connect(path: string): Promise<TestClient> {
    const { client } = await TestClient.greet(path);
    return client;
  }

  static async greet(path: string): Promise<{ client: TestClient; hello: Methods['hello'][1] }> {
    const socket = connect(path);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const client = new TestClient(socket);
    return { client, hello: await client.call('hello', { version: protocolVersion }) };
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(JSON.parse(line));
  }

  #take(message: { id?: number; result?: unknown; error?: Failure } & Partial<MonitorEvent>): void {
    if (message.event !== undefined) {
      const event = message as MonitorEvent;
      this.events.push(event);
      for (const waiter of this.#eventWaiters.filter((each) => each.matches(event))) waiter.resolve(event);
      return;
    }
    const waiter = this.#waiters.get(message.id ?? 0);
    this.#waiters.delete(message.id ?? 0);
    if (message.error !== undefined) waiter?.reject(new Refused(message.error));
    else waiter?.resolve(message.result);
  }

  async call<M extends Method>(method: M, params: Methods[M][0]): Promise<Methods[M][1]> {
    const id = this.#next++;
    const answer = new Promise((resolve, reject) => this.#waiters.set(id, { resolve, reject }));
    this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    return (await answer) as Methods[M][1];
  }

  /** The next or an earlier event that matches. */
  async event<E extends MonitorEvent['event']>(
    name: E,
    containerId: string,
  ): Promise<Extract<MonitorEvent, { event: E }>> {
    const matches = (event: MonitorEvent): boolean =>
      event.event === name &&
      ('containerId' in event ? event.containerId : event.exit.containerId) === containerId;
    const earlier = this.events.find(matches);
    const found =
      earlier ??
      (await new Promise<MonitorEvent>((resolve) => this.#eventWaiters.push({ matches, resolve })));
    return found as Extract<MonitorEvent, { event: E }>;
  }

  close(): void {
    this.#socket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A running monitor. */
export class TestMonitor {
  readonly process: ChildProcess;
  readonly socketPath: string;
  readonly ended: Promise<unknown>;
  log = '';

  private constructor(child: ChildProcess, socketPath: string) {
    this.process = child;
    this.socketPath = socketPath;
    this.ended = new Promise((resolve) => child.once('exit', resolve));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  static async start(
    directory: string,
    options: { name?: string; args?: readonly string[] } = {},
  ): Promise<TestMonitor> {
    const socketPath = join(directory, `${options.name ?? 'monitor'}.sock`);
    const main = join(import.meta.dirname, 'main.ts');
    const argv = ['--no-warnings', main, '--socket', socketPath, ...(options.args ?? [])];
    const child = spawn(process.execPath, argv, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'] },
    });
    const monitor = new TestMonitor(child, socketPath);
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (text: Buffer) => {
        monitor.log += text.toString();
        if (monitor.log.includes('monitor is ready')) resolve();
      });
      child.once('exit', () => reject(new Error(`monitor ended: ${monitor.log}`)));
    });
    return monitor;
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

/** crun refuses a hybrid hierarchy: it gets a mount namespace without the unified part, where that is mounted. */
const hybrid = existsSync('/sys/fs/cgroup/unified');
const crunScript = hybrid
  ? 'exec unshare -m sh -c \'umount /sys/fs/cgroup/unified; exec crun "$@"\' crun "$@"'
  : 'exec crun "$@"';

export type RuntimeName = 'crun' | 'runc';

export type ContainerWish = {
  readonly runtime: RuntimeName;
  readonly script: string;
  readonly isTerminal?: boolean;
  readonly hasStdin?: boolean;
  readonly isStdinOnce?: boolean;
  readonly memoryLimitBytes?: number;
  readonly logPath?: string | null;
  readonly masterMailbox?: string | null;
  readonly timeoutMs?: number;
  readonly uid?: number;
};

/** A place for one test: monitors, bundles, logs; `close` removes all of it and its containers. */
export class TestPlace {
  readonly directory: string;
  /** On disk, not on tmpfs. */
  readonly logs: string;
  readonly #containers = new Map<string, { params: CreateParams; cgroup: string; runtime: RuntimeName }>();
  readonly #monitors: TestMonitor[] = [];
  #count = 0;

  constructor() {
    this.directory = mkdtempSync('/dev/shm/cri-ts-monitor-');
    this.logs = mkdtempSync('/tmp/cri-ts-monitor-logs-');
    const bin = join(this.directory, 'rootfs', 'bin');
    mkdirSync(bin, { recursive: true });
    copyFileSync('/bin/busybox', join(bin, 'busybox'));
    chmodSync(join(bin, 'busybox'), 0o755);
    for (const name of [
      'sh',
      'cat',
      'sleep',
      'seq',
      'dd',
      'head',
      'yes',
      'tr',
      'stty',
      'true',
      'usleep',
      'awk',
    ]) {
      symlinkSync('busybox', join(bin, name));
    }
    for (const name of ['proc', 'dev', 'tmp']) mkdirSync(join(this.directory, 'rootfs', name));
    for (const runtime of ['crun', 'runc']) {
      const path = join(this.directory, runtime);
      writeFileSync(path, `#!/bin/sh\n${runtime === 'crun' ? crunScript : 'exec runc "$@"'}\n`, {
        mode: 0o755,
      });
    }
  }

  async monitor(options: { name?: string; args?: readonly string[] } = {}): Promise<TestMonitor> {
    const monitor = await TestMonitor.start(this.directory, options);
    this.#monitors.push(monitor);
    return monitor;
  }

  runtimeCommand(name: RuntimeName): CreateParams['runtime'] {
    return {
      argv: [join(this.directory, name), '--root', join(this.directory, `state-${name}`)],
      env: { PATH: process.env['PATH'] ?? '' },
    };
  }

  /** Writes a bundle and says how to create it. */
  wish(wish: ContainerWish): CreateParams {
    this.#count += 1;
    const containerId = `${wish.runtime}-${process.pid}-${this.#count}`;
    const bundleDir = join(this.directory, 'bundles', containerId);
    const runDir = join(this.directory, 'run', containerId);
    mkdirSync(bundleDir, { recursive: true });
    mkdirSync(runDir, { recursive: true, mode: 0o700 });
    const cgroup = `/cri-ts-test-monitor-${containerId}`;
    const config = ociConfig(wish, join(this.directory, 'rootfs'), cgroup);
    writeFileSync(join(bundleDir, 'config.json'), JSON.stringify(config));
    const params: CreateParams = {
      containerId,
      runtime: this.runtimeCommand(wish.runtime),
      files: {
        bundleDir,
        runDir,
        logPath: wish.logPath === undefined ? join(this.logs, containerId, '0.log') : wish.logPath,
      },
      isTerminal: wish.isTerminal ?? false,
      hasStdin: wish.hasStdin ?? false,
      isStdinOnce: wish.isStdinOnce ?? false,
      createArgs: [],
      timeoutMs: wish.timeoutMs ?? 30_000,
      masterMailbox: wish.masterMailbox ?? null,
    };
    this.#containers.set(containerId, { params, cgroup, runtime: wish.runtime });
    return params;
  }

  run(
    params: CreateParams,
    ...args: readonly string[]
  ): { status: number | null; stdout: string; stderr: string } {
    const [program, ...options] = params.runtime.argv;
    return spawnSync(program, [...options, ...args], { encoding: 'utf8' });
  }

  start(params: CreateParams): void {
    const { status, stderr } = this.run(params, 'start', params.containerId);
    if (status !== 0) throw new Error(`start: ${stderr}`);
  }

  async createAndStart(
    client: TestClient,
    wish: ContainerWish,
  ): Promise<{ params: CreateParams } & Methods['create'][1]> {
    const params = this.wish(wish);
    const created = await client.call('create', params);
    this.start(params);
    return { params, ...created };
  }

  async close(): Promise<void> {
    for (const { params } of this.#containers.values())
      this.run(params, 'delete', '--force', params.containerId);
    for (const monitor of this.#monitors) {
      monitor.process.kill('SIGCONT');
      await monitor.kill();
    }
    for (const { cgroup } of this.#containers.values()) removeCgroups(cgroup);
    rmSync(this.directory, { recursive: true, force: true });
    rmSync(this.logs, { recursive: true, force: true });
  }
}

function removeCgroups(cgroup: string): void {
  spawnSync('sh', ['-c', `rmdir /sys/fs/cgroup/*${cgroup} /sys/fs/cgroup${cgroup} 2>/dev/null`]);
}

export function adoptParams(params: CreateParams, created: Methods['create'][1]): AdoptParams {
  const { containerId, files, isTerminal, hasStdin, isStdinOnce, masterMailbox } = params;
  return { containerId, files, isTerminal, hasStdin, isStdinOnce, masterMailbox, ...created };
}

function ociConfig(wish: ContainerWish, rootfs: string, cgroup: string): unknown {
  const uid = wish.uid ?? 0;
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: wish.isTerminal ?? false,
      user: { uid, gid: uid },
      args: ['/bin/sh', '-c', wish.script],
      env: ['PATH=/bin'],
      cwd: '/',
      noNewPrivileges: true,
    },
    root: { path: rootfs, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
      {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['newinstance', 'ptmxmode=0666', 'mode=0620'],
      },
    ],
    linux: {
      cgroupsPath: cgroup,
      namespaces: [{ type: 'pid' }, { type: 'mount' }, { type: 'ipc' }, { type: 'uts' }],
      resources:
        wish.memoryLimitBytes === undefined
          ? {}
          : { memory: { limit: wish.memoryLimitBytes, swap: wish.memoryLimitBytes } },
    },
  };
}
