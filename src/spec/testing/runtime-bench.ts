/**
 * Runs a computed OCI spec with a real runtime: a root of the machine's busybox, pinned namespaces, files of a pod, a
 *cgroup of its own. Everything is undone by `close`. Not part of the daemon.
 */
/* oxlint-disable no-restricted-imports -- support of tests, which do run programs */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capabilityNames } from '../capability-names.ts';
import type { PodFiles } from '../mounts.ts';
import type { PodNamespacePaths } from '../namespaces.ts';
import { type OciSpec, stringifyOci } from '../oci-spec.ts';
import type { CgroupFacts } from '../resources.ts';

export type Outcome = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };
export type RuntimeName = 'runc' | 'crun';

const timeoutMs = 60_000;
const tools = [
  'sh',
  'id',
  'cat',
  'ls',
  'touch',
  'mkdir',
  'chmod',
  'hostname',
  'unshare',
  'mount',
  'env',
  'grep',
  'pwd',
];
const moreTools = [
  'test',
  'echo',
  'true',
  'mknod',
  'stat',
  'head',
  'sethostname',
  'nc',
  'find',
  'ps',
  'wc',
  'dd',
];

/** crun of Debian 12 refuses a hybrid cgroup mix, so it runs where the v2 half is not mounted. */
const crunScript =
  'mountpoint -q /sys/fs/cgroup/unified && umount /sys/fs/cgroup/unified; exec crun --cgroup-manager=cgroupfs "$@"';

/** What this machine's cgroups are. */
export const cgroupFacts: CgroupFacts = {
  version: existsSync('/sys/fs/cgroup/cgroup.controllers') ? 'v2' : 'hybrid',
  hasSwapAccounting:
    existsSync('/sys/fs/cgroup/cgroup.controllers') ||
    existsSync('/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes'),
  hasHugetlb: false,
};

/** Names of this process's bounding set. */
export function boundingOfThisProcess(): readonly string[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  const mask = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  return capabilityNames.filter((_name, bit) => ((mask >> BigInt(bit)) & 1n) === 1n);
}

export class RuntimeBench implements AsyncDisposable {
  readonly dir: string;
  readonly cgroupParent: string;
  readonly namespaces: PodNamespacePaths;
  #runs = 0;

  private constructor(dir: string) {
    this.dir = dir;
    this.cgroupParent = `/cri-ts-spec-test-${process.pid}`;
    this.namespaces = {
      user: null,
      net: join(dir, 'net'),
      ipc: join(dir, 'ipc'),
      uts: join(dir, 'uts'),
      pid: null,
    };
  }

  static async open(): Promise<RuntimeBench> {
    const bench = new RuntimeBench(await mkdtemp(join(tmpdir(), 'cri-ts-spec-')));
    await bench.#prepare();
    return bench;
  }

  get rootfs(): string {
    return join(this.dir, 'rootfs');
  }

  /** A directory with a tmpfs mounted on its `sub`. */
  get tree(): string {
    return join(this.dir, 'tree');
  }

  get files(): PodFiles {
    return {
      shm: join(this.dir, 'shm'),
      resolvConf: join(this.dir, 'resolv.conf'),
      hostname: join(this.dir, 'hostname'),
      hosts: null,
    };
  }

  async #prepare(): Promise<void> {
    await chmod(this.dir, 0o711);
    for (const name of ['bin', 'etc', 'tmp', 'proc', 'sys', 'dev', 'root']) {
      await mkdir(join(this.rootfs, name), { recursive: true });
    }
    await chmod(join(this.rootfs, 'tmp'), 0o1777);
    await copyFile('/bin/busybox', join(this.rootfs, 'bin/busybox'));
    await chmod(join(this.rootfs, 'bin/busybox'), 0o755);
    for (const tool of [...tools, ...moreTools]) await symlink('busybox', join(this.rootfs, 'bin', tool));
    await mkdir(join(this.dir, 'shm'), { mode: 0o1777 });
    await mkdir(join(this.tree, 'sub'), { recursive: true });
    await run('mount', ['-t', 'tmpfs', 'tmpfs', join(this.tree, 'sub')]);
    await writeFile(join(this.dir, 'resolv.conf'), 'nameserver 10.10.10.10\n');
    await writeFile(join(this.dir, 'hostname'), 'web\n');
    for (const kind of ['net', 'ipc', 'uts']) await writeFile(join(this.dir, kind), '');
    const pins = ['net', 'ipc', 'uts'].map((kind) => `--${kind}=${join(this.dir, kind)}`);
    await run('unshare', [...pins, 'hostname', 'web']);
  }

  /** Runs the spec to its end. */
  async run(spec: OciSpec, runtime: RuntimeName = 'runc'): Promise<Outcome> {
    this.#runs += 1;
    const bundle = join(this.dir, `bundle-${this.#runs}`);
    await mkdir(bundle);
    await writeFile(join(bundle, 'config.json'), stringifyOci(spec));
    const state = join(this.dir, 'state');
    const args = ['--root', state, 'run', '--bundle', bundle, `spec-test-${process.pid}-${this.#runs}`];
    if (runtime === 'runc') return await run('runc', args);
    return await run('unshare', ['-m', 'sh', '-c', crunScript, 'sh', ...args]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    for (const kind of ['net', 'ipc', 'uts']) await run('umount', [join(this.dir, kind)]);
    await run('umount', [join(this.tree, 'sub')]);
    await rm(this.dir, { recursive: true, force: true });
    for (const controller of ['.', ...(await readdir('/sys/fs/cgroup'))]) {
      // A controller in which the runtime made no cgroup has nothing to remove.
      await rmdir(join('/sys/fs/cgroup', controller, this.cgroupParent)).catch(() => undefined);
    }
  }
}

async function run(program: string, args: readonly string[]): Promise<Outcome> {
  return await new Promise((resolve) => {
    execFile(program, args, { timeout: timeoutMs }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      resolve({ exitCode: typeof code === 'number' ? code : -1, stdout, stderr });
    });
  });
}
