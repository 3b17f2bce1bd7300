/**
 * The figures of containers and pods. A sample is a few reads of files that the kernel makes up, done at once on this thread;
 * it is shared by all who ask at about the same time. Nobody is asked and no process is started: a hung monitor, runtime or
 * disk changes nothing here.
 *
 *   ContainerStats, lists, streams, metrics ──▶ Stats ──▶ Tracks (a sample of the last moment) ──▶ CgroupMeter: held files
 *                                                 └─ pods: the pod's cgroup, and net/dev of its namespace
 */
import { setImmediate as turn } from 'node:timers/promises';
import { type AbsolutePath, absolutePath, type ContainerId, type PodId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { nowNs } from '../base/time.ts';
import { type CgroupLayout, expandSlice } from '../kernel/cgroups/cgroup-layout.ts';
import { CgroupMeter, type CgroupStats } from '../kernel/figures/cgroup-meter.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { InterfaceCounters } from '../kernel/figures/net-dev.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import type { PodRecord } from '../store/pod-record.ts';
import type { Store } from '../store/store.ts';
import type { WritableLayers } from '../images/usage/writable-layers.ts';
import { type ContainerDetails, readContainerDetails } from './container-details.ts';
import { PodInterfaces } from './pod-interfaces.ts';
import { sumOf } from './sum.ts';
import { type Sampled, Tracks } from './tracks.ts';

export type ContainerSample = Sampled<CgroupStats>;
export type PodFigures = {
  readonly cgroup: CgroupStats;
  /** Null: could not be had. */
  readonly interfaces: readonly InterfaceCounters[] | null;
};
export type PodSample = Sampled<PodFigures>;

export type StatsOptions = {
  readonly store: Store;
  readonly layout: CgroupLayout;
  readonly kernel: Pick<Kernel, 'openNetDev'>;
  readonly writableLayers: WritableLayers;
  readonly log: Log;
};

/** So many are sampled before others get their turn: a millisecond or two. */
const perTurn = 32;

export class Stats implements Disposable {
  readonly writableLayers: WritableLayers;
  readonly #store: Store;
  readonly #meter: CgroupMeter;
  readonly #interfaces: PodInterfaces;
  readonly #containers = new Tracks<ContainerId, CgroupStats>();
  readonly #details = new Tracks<ContainerId, ContainerDetails>();
  readonly #pods = new Tracks<PodId, PodFigures>();

  constructor(options: StatsOptions) {
    this.#store = options.store;
    this.#meter = new CgroupMeter(options.layout);
    this.#interfaces = new PodInterfaces(options.kernel, options.log);
    this.writableLayers = options.writableLayers;
    options.store.containers.onChange(({ before, after }) => {
      if (before !== null && after?.exit !== null) this.#releaseContainer(before, after === null);
    });
    options.store.pods.onChange(({ before, after }) => {
      if (before !== null && after?.state !== 'ready') this.#releasePod(before);
    });
  }

  /** Null: it has exited, or its cgroup is gone. @throws SyscallError read */
  container({ id }: Pick<ContainerRecord, 'id'>): ContainerSample | null {
    const record = this.#store.containers.get(id);
    if (record === null || record.exit !== null) return null;
    return this.#containers.sample(id, nowNs(), () => this.#meter.read(record.cgroupPath));
  }

  /** What only metrics have. Null: it has exited. @throws SyscallError read */
  containerDetails({ id }: Pick<ContainerRecord, 'id'>): ContainerDetails | null {
    const record = this.#store.containers.get(id);
    if (record === null || record.exit !== null) return null;
    const measure = (): ContainerDetails => readContainerDetails(this.#meter, record.cgroupPath);
    return this.#details.sample(id, nowNs(), measure)?.value ?? null;
  }

  /** Null: it is not ready. @throws SyscallError read */
  async pod(pod: PodRecord): Promise<PodSample | null> {
    if (pod.state !== 'ready') return null;
    await this.prepare([pod]);
    const record = this.#store.pods.get(pod.id);
    if (record?.state !== 'ready') return null;
    return this.#pods.sample(record.id, nowNs(), () => ({
      cgroup: this.#podCgroup(record),
      interfaces: this.#interfaces.read(record),
    }));
  }

  /** Opens what the samples of these pods need, side by side. Waits for a second at most, mostly for nothing. */
  async prepare(pods: readonly PodRecord[]): Promise<void> {
    const unready = pods.filter((pod) => !this.#interfaces.isReady(pod));
    await Promise.all(unready.map(async (pod) => await this.#interfaces.prepare(pod)));
  }

  /** Describes each item; what has gone is left out. Lets others have their turn between them. */
  async *each<Item, Shown>(
    items: Iterable<Item>,
    describe: (item: Item) => Shown | null | Promise<Shown | null>,
  ): AsyncGenerator<Shown> {
    let count = 0;
    for (const item of items) {
      if (count > 0 && count % perTurn === 0) await turn();
      count += 1;
      const shown = await describe(item);
      if (shown !== null) yield shown;
    }
  }

  /** Begins to measure what living containers have written, so that the first who asks finds a figure. */
  warm(): void {
    for (const { id, exit } of this.#store.containers.all()) if (exit === null) this.writableLayers.usage(id);
  }

  [Symbol.dispose](): void {
    this.#meter[Symbol.dispose]();
    this.#interfaces[Symbol.dispose]();
  }

  /** The pod's own cgroup; where it has none, or it is gone, the sum of its containers'. */
  #podCgroup(pod: PodRecord): CgroupStats {
    const path = ownCgroup(pod);
    const own = path === null ? null : this.#meter.read(path);
    return (
      own ?? sumOf(this.#store.containersOf(pod.id).flatMap((each) => this.container(each)?.value ?? []))
    );
  }

  #releaseContainer(record: ContainerRecord, isRemoved: boolean): void {
    this.#meter.release(record.cgroupPath);
    this.#containers.forget(record.id);
    this.#details.forget(record.id);
    if (isRemoved) this.writableLayers.forget(record.id);
  }

  #releasePod(pod: PodRecord): void {
    const path = ownCgroup(pod);
    if (path !== null) this.#meter.release(path);
    this.#interfaces.release(pod.id);
    this.#pods.forget(pod.id);
  }
}

/** Null: it shares the cgroup of others. The systemd driver names slices. */
function ownCgroup({ cgroupParent }: PodRecord): AbsolutePath | null {
  if (cgroupParent === '/' || cgroupParent === 'system.slice') return null;
  return cgroupParent.startsWith('/') ? absolutePath(cgroupParent) : expandSlice(cgroupParent);
}
