// Cgroups are files of a directory here; the kernel's own are in the feature tests.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PodSandboxConfig } from '../../cri-api/runtime-v1.ts';
import { collect } from '../base/batches.ts';
import { absolutePath } from '../base/ids.ts';
import { MeasuredTrees } from '../images/usage/measured-trees.ts';
import { WritableLayers } from '../images/usage/writable-layers.ts';
import type { CgroupLayout } from '../kernel/cgroups/cgroup-layout.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { listPodSandboxStats } from '../pods/list-pod-sandbox-stats.ts';
import { containerRecord, podRecord, silentLog, temporaryStore } from '../store/test-records.ts';
import type { Store } from '../store/store.ts';
import { describeContainer } from './describe.ts';
import { Stats } from './stats.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cri-ts-stats-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const psi = (totalUs: number): string =>
  `some avg10=1.25 avg60=0.00 avg300=0.00 total=${totalUs}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n`;

/** What a cgroup v2 with all controllers says. */
function cgroupV2(path: string, bytes: number): void {
  const files = {
    'cpu.stat': 'usage_usec 2000\nuser_usec 1500\nsystem_usec 500\n',
    'cpu.pressure': psi(7),
    'memory.current': `${bytes}\n`,
    'memory.stat': 'anon 100\nfile 50\ninactive_file 40\npgfault 9\npgmajfault 1\n',
    'memory.max': '10000\n',
    'memory.swap.current': '5\n',
    'memory.swap.max': '15\n',
    'memory.pressure': psi(8),
    'io.pressure': psi(9),
    'pids.current': '3\n',
  };
  mkdirSync(join(dir, path), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, path, name), text);
}

const neverOpened: Pick<Kernel, 'openNetDev'> = { openNetDev: () => new Promise(() => undefined) };

function statsOf(store: Store, kernel = neverOpened): Stats {
  const controllers = ['cpu', 'memory', 'pids', 'io'];
  const layout: CgroupLayout = {
    version: 'v2',
    hierarchies: [{ version: 'v2', mountPoint: absolutePath(dir), controllers }],
  };
  const trees = new MeasuredTrees({ log: silentLog });
  const writableLayers = new WritableLayers(absolutePath(dir), trees);
  return new Stats({ store, layout, kernel, writableLayers, log: silentLog });
}

/** In the network of the host, so that nothing needs to be opened. */
const hostPod = (cgroupParent: string) =>
  podRecord({ cgroupParent, pins: { ...podRecord().pins, net: null } });

describe('a container on cgroup v2', () => {
  test('has all that the CRI has a field for', async () => {
    await using world = await temporaryStore();
    using stats = statsOf(world.store);
    const record = containerRecord({ cgroupPath: absolutePath('/pod/ctr') });
    await world.store.containers.insert(record);
    cgroupV2('pod/ctr', 1000);
    const sample = stats.container(record);
    if (sample === null) throw new Error('no sample');
    const usage = { usedBytes: 4096n, inodes: 2n, takenAtNs: 77n };
    const timestamp = sample.takenAtNs;
    const line = (total: bigint) => ({ total, avg10: 1.25, avg60: 0, avg300: 0 });
    const pressure = (total: bigint) => ({
      some: line(total),
      full: { total: 1000n, avg10: 0, avg60: 0, avg300: 0 },
    });
    expect(describeContainer(record, sample, { usage, mountpoint: '/overlay' })).toMatchObject({
      attributes: { id: record.id, metadata: { name: 'app', attempt: 0 } },
      cpu: {
        timestamp,
        usageCoreNanoSeconds: { value: 2_000_000n },
        usageNanoCores: null,
        psi: pressure(7000n),
      },
      memory: {
        timestamp,
        workingSetBytes: { value: 960n },
        availableBytes: { value: 9040n },
        usageBytes: { value: 1000n },
        rssBytes: { value: 100n },
        pageFaults: { value: 9n },
        majorPageFaults: { value: 1n },
        psi: pressure(8000n),
      },
      writableLayer: {
        timestamp: 77n,
        fsId: { mountpoint: '/overlay' },
        usedBytes: { value: 4096n },
        inodesUsed: { value: 2n },
      },
      swap: { timestamp, swapAvailableBytes: { value: 10n }, swapUsageBytes: { value: 5n } },
      io: { timestamp, psi: pressure(9000n) },
    });
  });

  test('has no figures when it has exited, or its cgroup is gone, and its files are given back', async () => {
    await using world = await temporaryStore();
    using stats = statsOf(world.store);
    const record = containerRecord({ cgroupPath: absolutePath('/pod/ctr') });
    const gone = containerRecord({ cgroupPath: absolutePath('/pod/gone') });
    for (const each of [record, { ...gone, config: { ...gone.config, metadata: { name: 'b', attempt: 0 } } }])
      await world.store.containers.insert(each);
    cgroupV2('pod/ctr', 1000);
    expect(stats.container(gone)).toBeNull();
    await world.store.containers.settled();
    const before = openFiles();
    expect(stats.container(record)).not.toBeNull();
    expect(openFiles()).toBe(before + 10);
    const exit = { finishedAtNs: 3n, exitCode: 0, reason: 'Completed', message: '' };
    await world.store.containers.update(record.id, 'daemon', (now) => ({ ...now, exit }));
    await world.store.containers.settled();
    expect([stats.container(record), openFiles()]).toEqual([null, before]);
  });
});

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

describe('a pod', () => {
  test('has the figures of its cgroup, or the sum of its containers where others share that', async () => {
    await using world = await temporaryStore();
    using stats = statsOf(world.store);
    const own = hostPod('/pod');
    const shared = hostPod('system.slice');
    for (const pod of [own, shared]) await world.store.pods.insert(pod);
    for (const name of ['a', 'b']) {
      const record = containerRecord({ podId: shared.id, cgroupPath: absolutePath(`/${name}`) });
      const config = { ...record.config, metadata: { name, attempt: 0 } };
      await world.store.containers.insert({ ...record, config });
      cgroupV2(name, 1000);
    }
    cgroupV2('pod', 5000);
    cgroupV2('system.slice', 9_000_000);
    const usage = async (pod: typeof own) => (await stats.pod(pod))?.value.cgroup.memory?.usageBytes;
    expect([await usage(own), await usage(shared)]).toEqual([5000n, 2000n]);
  });

  test('whose network cannot be looked into has its other figures, and the list waits once for all', async () => {
    await using world = await temporaryStore();
    using stats = statsOf(world.store);
    // One after the other they would wait for longer than a test may take.
    const count = 150;
    for (let index = 0; index < count; index += 1) {
      const metadata = { name: `p${index}`, uid: `u${index}`, namespace: 'n', attempt: 0 };
      const config = PodSandboxConfig.create({ metadata });
      await world.store.pods.insert(podRecord({ config, cgroupParent: `/p${index}` }));
      cgroupV2(`p${index}`, 1000);
    }
    const services = { store: world.store, stats };
    const { stats: all = [] } = await listPodSandboxStats(services, { filter: null });
    expect(all.map(({ linux }) => [linux?.network, linux?.memory?.usageBytes])).toEqual(
      Array.from({ length: count }, () => [null, { value: 1000n }]),
    );
  });

  test('that stops while its network is being opened keeps nothing open', async () => {
    await using world = await temporaryStore();
    const opened = Promise.withResolvers<Awaited<ReturnType<Kernel['openNetDev']>>>();
    using stats = statsOf(world.store, { openNetDev: async () => await opened.promise });
    const pod = podRecord({ cgroupParent: '/pod' });
    await world.store.pods.insert(pod);
    cgroupV2('pod', 1000);
    const sampling = stats.pod(pod);
    await world.store.pods.update(pod.id, 'daemon', (now) => ({ ...now, state: 'not-ready' }));
    const closed = Promise.withResolvers<void>();
    const close = (): void => closed.resolve();
    opened.resolve({ number: -1, close, release: () => -1, [Symbol.dispose]: close });
    await closed.promise;
    expect(await sampling).toBeNull();
  });
});

test('a long list lets others have their turn, and leaves out what has gone', async () => {
  await using world = await temporaryStore();
  using stats = statsOf(world.store);
  let turns = 0;
  const other = (): void => {
    turns += 1;
    if (turns < 3) setImmediate(other);
  };
  setImmediate(other);
  const items = Array.from({ length: 200 }, (_, index) => index);
  const shown = await collect(stats.each(items, (index) => (index % 2 === 0 ? index : null)));
  expect(shown).toEqual(items.filter((index) => index % 2 === 0));
  expect(turns).toBe(3);
});
