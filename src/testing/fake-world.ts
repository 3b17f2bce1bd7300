/**
 * Services for tests of stories: the fake kernel with its ledger, real files in a temporary root, and stand-ins for
 * what runs programs (network, monitors, handlers, cgroups), each of which notes what it holds and fails when told to.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, type ContainerId, type PodId } from '../base/ids.ts';
import { KeyedLock } from '../base/locks.ts';
import { SingleFlight } from '../base/single-flight.ts';
import type { Call } from '../base/call.ts';
import { FakeKernel } from '../kernel/fake/fake-kernel.ts';
import { SelinuxLevels } from '../pods/selinux-levels.ts';
import type { Services } from '../services.ts';
import { Paths } from '../store/paths.ts';
import { Store } from '../store/store.ts';
import { silentLog } from '../store/test-records.ts';

export type FakeWorld = AsyncDisposable & {
  readonly services: Services;
  readonly kernel: FakeKernel;
  /** What the stand-ins hold: `network POD`, `cgroup PATH`, `container ID`. */
  readonly held: ReadonlySet<string>;
  /** Names of stand-in calls that fail from now on: `network.attach`, `monitors.request`. */
  readonly failing: Set<string>;
  /** Everything there is: the kernel's ledger, the stand-ins' holdings, files in the run directory, records. */
  leftovers(): Promise<readonly string[]>;
};

export const call: Call = { signal: new AbortController().signal, log: silentLog, remainingMs: () => null };

export async function fakeWorld(): Promise<FakeWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'cri-ts-story-'));
  const kernel = new FakeKernel();
  const paths = new Paths(absolutePath(join(dir, 'lib')), absolutePath(join(dir, 'run')));
  const store = await Store.open({ rootDir: paths.rootDir, onDamaged: () => undefined });
  const held = new Set<string>();
  const failing = new Set<string>();
  const services = {
    ...standIns({ held, failing, rootfsDir: join(dir, 'rootfs') }),
    log: silentLog,
    paths,
    store,
    kernel,
    ...ground,
    selinuxLevels: new SelinuxLevels({ isOn: false, categories: 1024, pods: () => store.pods.all() }),
  } as unknown as Services;
  return {
    services: {
      ...services,
      locks: new KeyedLock(),
      flights: { pods: new SingleFlight<PodId>(), containers: new SingleFlight<ContainerId>() },
    },
    kernel,
    held,
    failing,
    leftovers: async () => [
      ...kernel.ledger(),
      ...held,
      ...(await filesBelow(paths.runDir)),
      ...[...store.pods.all()].map((pod) => `record ${pod.id}`),
    ],
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function filesBelow(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => `file ${entry.name}`);
}

const ground = {
  config: {
    current: {
      runtime: { cgroupParent: '/cri-ts' },
      images: { imageVolumes: 'mkdir' },
      devices: { additional: [], allowed: [], isOwnedByUser: false, cdiSpecDirs: [] },
      security: { defaultSysctls: [], defaultCapabilities: [], defaultUlimits: [] },
      limits: { containerCreateTimeoutMs: 60_000, containerPids: 0 },
      runtimes: new Map(),
    },
  },
  host: {
    cgroupDriver: 'cgroupfs',
    nodeName: 'node-1',
    bootId: 'boot',
    initPath: '/usr/bin/catatonit',
    architecture: 'x64',
    boundingCapabilities: [],
    oomScoreAdj: 0,
    hardLimits: new Map(),
    hasApparmor: false,
    defaultProfile: null,
    selinux: null,
    cgroup: { version: 'v1', hasSwapAccounting: false, hasHugetlb: false },
  },
};

type Book = { readonly held: Set<string>; readonly failing: ReadonlySet<string>; readonly rootfsDir: string };

/** The one image there is. */
export const imageName = 'docker.io/library/busybox:latest';
const image = { id: `sha256:${'a'.repeat(64)}`, artifactType: null, repoTags: [imageName], repoDigests: [] };
const imageConfig = {
  user: '',
  env: [],
  entrypoint: [],
  cmd: ['sh'],
  workingDir: '',
  volumes: [],
  stopSignal: null,
};

function standIns(book: Book): object {
  const act = (name: string, change: () => void): void => {
    if (book.failing.has(name)) throw new Error(`${name} fails`);
    change();
  };
  const runtime = {
    command: () => ({ argv: ['runtime'], env: {} }),
    start: async () => await Promise.resolve(act('runtime.start', () => undefined)),
    delete: async (id: string) =>
      await Promise.resolve(act('runtime.delete', () => void book.held.delete(`container ${id}`))),
  };
  const handler = {
    runtime,
    report: {
      name: 'crun',
      path: '/usr/bin/crun',
      fault: null,
      features: { cdi: { hasNetDevices: false, hasRdtSchemata: false } },
    },
  };
  return {
    handlers: {
      require: async () => await Promise.resolve(handler),
      get: async () => await Promise.resolve(handler),
    },
    network: {
      // As with real plugins, a failed ADD may have allocated all the same.
      attach: async ({ id }: { id: string }) => {
        book.held.add(`network ${id}`);
        act('network.attach', () => undefined);
        return await Promise.resolve(['10.0.0.2']);
      },
      detach: async ({ id }: { id: string }) =>
        await Promise.resolve(act('network.detach', () => void book.held.delete(`network ${id}`))),
    },
    cgroups: {
      hastenMoves: () => undefined,
      create: async (path: string) =>
        await Promise.resolve(act('cgroups.create', () => void book.held.add(`cgroup ${path}`))),
      remove: async (path: string) =>
        await Promise.resolve(act('cgroups.remove', () => void book.held.delete(`cgroup ${path}`))),
    },
    images: {
      find: (name: string) => (name === imageName ? image : null),
      config: async () => await Promise.resolve(imageConfig),
      prepareRootfs: async (_image: string, id: string) => {
        act('images.prepareRootfs', () => void book.held.add(`rootfs ${id}`));
        const path = join(book.rootfsDir, id);
        await mkdir(path, { recursive: true });
        return { path };
      },
      removeRootfs: async (id: string) =>
        await Promise.resolve(act('images.removeRootfs', () => void book.held.delete(`rootfs ${id}`))),
      removeVolumes: async () => await Promise.resolve(),
    },
    terminals: {
      collect: async (_id: string, create: (path: string) => unknown) => await create('/mailbox'),
      close: () => undefined,
    },
    holds: {
      hold: async () => await Promise.resolve(act('holds.hold', () => undefined)),
      release: () => undefined,
    },
    monitors: {
      place: async () => await Promise.resolve({ slot: 'm1', [Symbol.dispose]: () => undefined }),
      request: async (_slot: string, _method: string, { params }: { params: { containerId: string } }) => {
        act('monitors.request', () => void book.held.add(`container ${params.containerId}`));
        return await Promise.resolve({ pid: process.pid, startTimeTicks: '1' });
      },
      forget: async () => await Promise.resolve(act('monitors.forget', () => undefined)),
      trim: async () => await Promise.resolve(),
    },
  };
}
