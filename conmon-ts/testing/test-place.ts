/* oxlint-disable no-restricted-imports -- test support: it starts programs */
/** For tests: bundles of busybox for real runtimes, and their removal. Nothing of the product imports this. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AdoptParams, CreateParams, Methods } from '../protocol.ts';
import { TestMonitor, type TestClient } from './test-client.ts';

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

export type LogRecord = { readonly stream: string; readonly tag: string; readonly content: Buffer };

const recordForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (stdout|stderr) ([FP]) $/;

/** The records of a log. @throws Error when one is torn */
export function readRecords(path: string | null): readonly LogRecord[] {
  const bytes = readFileSync(path ?? '');
  const found: LogRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at + 40);
    const match = recordForm.exec(bytes.toString('latin1', at, at + 40));
    if (end === -1 || match === null)
      throw new Error(`torn record at ${at}: ${bytes.toString('latin1', at, at + 80)}`);
    found.push({ stream: match[1] ?? '', tag: match[2] ?? '', content: bytes.subarray(at + 40, end) });
    at = end + 1;
  }
  return found;
}

/** What a stream has written, as its log tells it. */
export function readOutput(path: string | null, stream: 'stdout' | 'stderr' = 'stdout'): Buffer {
  const newline = Buffer.from('\n');
  const mine = readRecords(path).filter((record) => record.stream === stream);
  return Buffer.concat(mine.flatMap(({ tag, content }) => (tag === 'F' ? [content, newline] : [content])));
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
