/**
 * Cold pulls of large images from a registry on loopback: ours, containerd's, skopeo with umoci, and curl with tar, one
 * after the other in each round. Each pull has a new file system of its own, since ext4 looks for free inodes longer where
 * many were freed a moment ago.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { mustRun } from '../src/base/process.ts';
import { isContainerdInstalled, startContainerd } from '../test/harness/containerd.ts';
import { Daemon, hasBundle } from '../test/harness/daemon.ts';
import { Machine, plainEnv } from '../test/harness/machine.ts';
import type { Server } from '../test/harness/server.ts';
import { eventually } from '../test/harness/wait.ts';
import {
  imagePlans,
  type ImagePlan,
  prepareImages,
  referenceOf,
  registryConfig,
  registryProgram,
} from './image-layers.ts';
import { IdleProcess, judgeStalls, takeStalls, watchedEnv } from './loop-stalls.ts';
import { cpuSecondsOf } from './process-figures.ts';

const address = '127.0.0.1:5000';
const diskBytes = 8 * 1024 * 1024 * 1024;

export type PullFigures = {
  readonly wallMs: readonly number[];
  /** User and system time, of all processes that pull; the registry's is not in it. */
  readonly cpuMs: readonly number[];
  /** Only of our daemon: the longest standstill of its loop, and the longest that was not the machine's own. */
  readonly stallMs: readonly number[];
  readonly ownStallMs: readonly number[];
  readonly rssGrowthBytes: readonly number[];
};

/** Image → contender → figures. */
export type PullResult = Readonly<Record<string, Readonly<Record<string, PullFigures>>>>;

type Once = {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly stallMs?: number;
  readonly ownStallMs?: number;
  readonly rssGrowthBytes?: number;
};
type Contender = { readonly name: string; readonly pull: (plan: ImagePlan) => Promise<Once> };

export async function measurePulls(options: {
  readonly rounds: number;
  readonly names: readonly string[];
}): Promise<{ readonly images: PullResult; readonly loads: readonly number[] }> {
  const plans = imagePlans.filter(({ name }) => options.names.length === 0 || options.names.includes(name));
  const storage = await prepareImages(imagePlans);
  await using machine = await Machine.create();
  const registry = await serve(machine, storage);
  const images: Record<string, Record<string, PullFigures>> = {};
  const loads: number[] = [];
  try {
    for (const plan of plans)
      for (let round = 0; round < options.rounds; round += 1)
        for (const contender of contenders(machine)) {
          loads.push(loadavg()[0] ?? NaN);
          const once = await onFreshDisk(machine, async () => await contender.pull(plan));
          const known = (images[plan.name] ??= {});
          known[contender.name] = withOnce(known[contender.name], once);
        }
  } finally {
    registry.kill('SIGKILL');
  }
  return { images, loads };
}

function withOnce(known: PullFigures | undefined, once: Once): PullFigures {
  const add = (list: readonly number[] | undefined, value: number | undefined): readonly number[] =>
    value === undefined ? (list ?? []) : [...(list ?? []), value];
  return {
    wallMs: add(known?.wallMs, once.wallMs),
    cpuMs: add(known?.cpuMs, once.cpuMs),
    stallMs: add(known?.stallMs, once.stallMs),
    ownStallMs: add(known?.ownStallMs, once.ownStallMs),
    rssGrowthBytes: add(known?.rssGrowthBytes, once.rssGrowthBytes),
  };
}

async function serve(machine: Machine, storage: string): Promise<ReturnType<typeof spawn>> {
  const config = machine.path('registry.json');
  await writeFile(config, registryConfig({ storage, net: 'tcp', addr: address }));
  const [nsenter, ...argv] = machine.enter([registryProgram, 'serve', config]);
  const server = spawn(nsenter, argv, { stdio: 'ignore', env: { ...plainEnv } });
  await eventually('the registry answers', async () => {
    const { exitCode } = await machine.try('curl', '-sf', '-o', '/dev/null', `http://${address}/v2/`);
    return exitCode === 0;
  });
  return server;
}

/** With a file system that was made for this pull alone, at `lib` in the machine's directory. */
async function onFreshDisk<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  const image = machine.path('disk.img');
  await writeFile(image, '');
  await truncate(image, diskBytes);
  await mustRun({ argv: ['mkfs.ext4', '-q', '-F', image], env: plainEnv, timeoutMs: 60_000 });
  await mkdir(machine.path('lib'), { recursive: true });
  await machine.run('mount', '-o', 'loop', image, machine.path('lib'));
  try {
    return await work();
  } finally {
    await machine.run('umount', '-R', machine.path('lib'));
    await rm(image);
  }
}

function contenders(machine: Machine): readonly Contender[] {
  const all: readonly (Contender & { readonly isHere: boolean })[] = [
    { name: 'cri-ts', isHere: true, pull: async (plan) => await pullWithUs(machine, plan) },
    {
      name: 'containerd',
      isHere: isContainerdInstalled(),
      pull: async (plan) => await pullWithContainerd(machine, plan),
    },
    {
      name: 'skopeo, umoci',
      isHere: existsSync('/usr/bin/skopeo') && existsSync('/usr/bin/umoci'),
      pull: async (plan) => await pullByScript(machine, copyScript(plan)),
    },
    {
      name: 'curl | tar -xz',
      isHere: existsSync('/usr/bin/curl'),
      pull: async (plan) => await pullByScript(machine, await tarScript(machine, plan)),
    },
  ];
  return all.filter(({ isHere }) => isHere);
}

async function pullWithUs(machine: Machine, plan: ImagePlan): Promise<Once> {
  const watched = machine.path('stalls');
  const daemon = await Daemon.prepare(machine, {
    registry: address,
    isBundle: hasBundle(),
    logLevel: 'info',
    env: watchedEnv(watched),
  });
  await using idle = await IdleProcess.start(machine.path('idle-stalls'));
  try {
    await daemon.start();
    const { pid } = daemon;
    await takeStalls(pid, watched);
    await idle.take();
    // Source: proc(5), clear_refs: 5 resets the peak.
    await writeFile(`/proc/${pid}/clear_refs`, '5');
    const beforeBytes = await statusBytes(pid, 'VmRSS');
    const once = await pullThrough(daemon, plan);
    const peakBytes = await statusBytes(pid, 'VmHWM');
    const stalls = judgeStalls(await takeStalls(pid, watched), await idle.take());
    const { longestMs: stallMs, ownMs: ownStallMs } = stalls;
    return { ...once, stallMs, ownStallMs, rssGrowthBytes: peakBytes - beforeBytes };
  } finally {
    await daemon.stop();
    await machine.try('umount', machine.path('run'));
  }
}

async function pullWithContainerd(machine: Machine, plan: ImagePlan): Promise<Once> {
  const server = await startContainerd(machine, { registry: address });
  try {
    return await pullThrough(server, plan);
  } finally {
    await server.stop();
  }
}

async function pullThrough(server: Server, plan: ImagePlan): Promise<Once> {
  const pids = [server.pid];
  const cpuBefore = await cpuSecondsOf(pids, { withChildren: true });
  const startedAtMs = performance.now();
  await server.client.call('PullImage', { image: { image: referenceOf(plan) } }, { timeoutMs: 600_000 });
  const wallMs = performance.now() - startedAtMs;
  return { wallMs, cpuMs: ((await cpuSecondsOf(pids, { withChildren: true })) - cpuBefore) * 1000 };
}

async function statusBytes(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) * 1024;
}

/** Runs a script in `lib`. Bash tells wall, user and system seconds of itself and all its children. */
async function pullByScript(machine: Machine, script: string): Promise<Once> {
  const timed = `cd ${machine.path('lib')}; set -eu -o pipefail; TIMEFORMAT='%R %U %S'; time { ${script}; } >/dev/null 2>&1`;
  const { stderr } = await mustRun({
    argv: machine.enter(['bash', '-c', timed]),
    env: plainEnv,
    timeoutMs: 600_000,
  });
  const [wall = NaN, user = NaN, system = NaN] = stderr.trim().split(' ').map(Number);
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

function copyScript(plan: ImagePlan): string {
  const source = referenceOf(plan).replace('docker.io', address);
  return `skopeo copy -q --src-tls-verify=false docker://${source} oci:image:1; umoci unpack --image image:1 bundle`;
}

/** The manifest is read beforehand; layers come one after the other, as upper ones may replace files of lower ones. */
async function tarScript(machine: Machine, plan: ImagePlan): Promise<string> {
  const base = `http://${address}/v2/bench/${plan.name}`;
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const { stdout } = await machine.run('curl', '-sf', '-H', `Accept: ${type}`, `${base}/manifests/1`);
  const { layers } = JSON.parse(stdout.toString()) as { layers: readonly { digest: string }[] };
  const steps = layers.map(({ digest }) => `curl -sf ${base}/blobs/${digest} | tar -xz -C root`);
  return ['mkdir root', ...steps].join('; ');
}
