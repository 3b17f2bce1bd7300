/**
 * What is not counted but read when somebody asks: pods, containers, images, monitors, handlers, processes that nobody
 * has waited for.
 */
import { readdir } from 'node:fs/promises';
import { Counter, Gauge, type Registry } from 'prom-client';
import { readBounded } from '../../base/files.ts';
import { sessionKinds } from '../../runtime/sessions/sessions.ts';
import type { Services } from '../../services.ts';
import { containerState } from '../../store/container-record.ts';

export type GaugeServices = Pick<Services, 'store' | 'monitors' | 'images' | 'config' | 'events' | 'streams'>;

/** Registers them; each reads its value when the registry is collected. */
export function registerNodeGauges(registry: Registry, services: GaugeServices): void {
  registerObjects(registry, services);
  registerEvents(registry, services);
  byLabel(registry, {
    name: 'cri_ts_streaming_sessions',
    help: 'Sessions of exec, attach and port-forward that run.',
    label: 'kind',
    read: () => new Map(sessionKinds.map((kind) => [kind, services.streams.countSessions(kind)])),
  });
  single(registry, {
    name: 'cri_ts_processes_defunct',
    help: 'Processes of the machine that have ended and that nobody has waited for.',
    read: countDefunct,
  });
}

function registerObjects(registry: Registry, services: GaugeServices): void {
  const { store, monitors, images, config } = services;
  byLabel(registry, {
    name: 'cri_ts_pods',
    help: 'Pods by state.',
    label: 'state',
    read: () =>
      countBy(
        ['ready', 'not-ready'],
        [...store.pods.all()].map(({ state }) => state),
      ),
  });
  byLabel(registry, {
    name: 'cri_ts_containers',
    help: 'Containers by state.',
    label: 'state',
    read: () => {
      const states = [...store.containers.all()].map(
        (record) => stateWords[containerState(record)] ?? 'unknown',
      );
      return countBy(stateWords, states);
    },
  });
  byLabel(registry, {
    name: 'cri_ts_monitors',
    help: 'Monitor processes by state.',
    label: 'state',
    read: () =>
      countBy(
        [],
        monitors.list().map(({ state }) => state),
      ),
  });
  byLabel(registry, {
    name: 'cri_ts_default_runtime',
    help: '1 for the handler of pods that name none.',
    label: 'runtime',
    read: () => new Map([[config.current.runtime.defaultRuntime, 1]]),
  });
  single(registry, {
    name: 'cri_ts_images',
    help: 'Images in the store, artifacts included.',
    read: () => [...images.parts.catalog.all()].length,
  });
}

function registerEvents(registry: Registry, { events }: GaugeServices): void {
  const lost = new Counter({
    name: 'cri_ts_containers_events_dropped_total',
    help: 'Events of pods and containers that a subscriber did not get because it did not read.',
    registers: [],
    collect() {
      this.reset();
      this.inc(events.lostCount);
    },
  });
  registry.registerMetric(lost);
  single(registry, {
    name: 'cri_ts_container_events_subscribers',
    help: 'Streams of pod and container events that are open.',
    read: () => events.subscriberCount,
  });
}

/** In the order of the CRI's numbers. */
const stateWords = ['created', 'running', 'exited'];

type Reading<T> = { readonly name: string; readonly help: string; readonly read: () => T | Promise<T> };

function single(registry: Registry, reading: Reading<number>): void {
  const { name, help, read } = reading;
  const gauge = new Gauge({
    name,
    help,
    registers: [],
    async collect() {
      this.set(await read());
    },
  });
  registry.registerMetric(gauge);
}

function byLabel(
  registry: Registry,
  reading: Reading<ReadonlyMap<string, number>> & { readonly label: string },
): void {
  const { name, help, label, read } = reading;
  const gauge = new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [],
    async collect() {
      this.reset();
      for (const [word, value] of await read()) this.set({ [label]: word }, value);
    },
  });
  registry.registerMetric(gauge);
}

function countBy(words: readonly string[], found: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map(words.map((word) => [word, 0]));
  for (const word of found) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** A machine of more processes is counted up to here. */
const maxProcesses = 32_768;

async function countDefunct(): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).slice(0, maxProcesses);
  let count = 0;
  for (const pid of pids) if (await isDefunct(pid)) count += 1;
  return count;
}

/** Source: proc_pid_stat(5): the state follows the name, which may itself hold parentheses. */
async function isDefunct(pid: string): Promise<boolean> {
  try {
    const text = (await readBounded(`/proc/${pid}/stat`, 4096))?.toString('latin1') ?? '';
    return text.slice(text.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    // ESRCH: it has gone since.
    return false;
  }
}
