/**
 * Builds every service that stories use, once, in the order in which they need each other; what must be closed goes on the
 * stack, newest last, so that it is closed first.
 */
import { openCni } from '../../cni/cni.ts';
import type { Launch } from '../../cni/launch.ts';
import { joinPath, type ContainerId, type PodId } from '../base/ids.ts';
import { KeyedLock } from '../base/locks.ts';
import type { Log } from '../base/log.ts';
import { SingleFlight } from '../base/single-flight.ts';
import type { Config } from '../config/options.ts';
import { CdiFiles } from '../containers/devices/cdi-files.ts';
import { RuntimeRemovals } from '../containers/runtime-removal.ts';
import { Stops } from '../containers/stops.ts';
import { openImages, type Images } from '../images/images.ts';
import { logPulls, observeAll } from '../images/pull/log-progress.ts';
import type { PullBroadcast } from '../images/pull/pull-broadcast.ts';
import { WritableLayers } from '../images/usage/writable-layers.ts';
import { detectCgroups } from '../kernel/cgroups/cgroup-layout.ts';
import { Cgroups } from '../kernel/cgroups/cgroups.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { ContainerEvents } from '../node/container-events.ts';
import { findHostFacts } from '../node/host-facts.ts';
import { PodNetwork } from '../pods/network.ts';
import { pluginLaunch } from '../pods/plugin-launch.ts';
import { SelinuxLevels } from '../pods/selinux-levels.ts';
import { prepareApparmor } from '../runtime/security/apparmor.ts';
import { Exits } from '../runtime/exits.ts';
import { SeccompNotifiers } from '../runtime/security/seccomp-notifiers.ts';
import { findSelinux } from '../runtime/security/selinux.ts';
import { startTimeTicks } from '../runtime/programs/process-identity.ts';
import { closeLeftStages } from '../runtime/mount-stage.ts';
import { Programs } from '../runtime/programs/programs.ts';
import { Reaper } from '../runtime/programs/reaper.ts';
import { Holds } from '../runtime/holds.ts';
import { Terminals } from '../runtime/sessions/terminals.ts';
import type { Meters } from '../server/metrics/meters.ts';
import { StreamingServer, type StreamingOptions } from '../server/streaming/streaming-server.ts';
import type { Services } from '../services.ts';
import { sigkill } from '../spec/signals.ts';
import { Stats } from '../stats/stats.ts';
import type { Paths } from '../store/paths.ts';
import { Store } from '../store/store.ts';
import { openHandlers } from './open-handlers.ts';
import { openMonitors } from './open-monitors.ts';

/** What everything stands on. */
export type Ground = {
  readonly config: { current: Config };
  readonly log: Log;
  readonly paths: Paths;
  readonly kernel: Kernel;
  readonly meters: Meters;
  readonly pulls: PullBroadcast;
};

export async function openServices(ground: Ground, stack: AsyncDisposableStack): Promise<Services> {
  const { log, kernel } = ground;
  const reaper = stack.use(new Reaper(kernel));
  const programs = new Programs({ kernel, reaper });
  const means = await openMeans({ ...ground, programs }, stack);
  const lives = openLives({ ...ground, ...means }, stack);
  const base = { ...ground, ...means, ...lives, reaper, programs };
  const monitors = openMonitors(base);
  stack.defer(async () => await closeMonitors(monitors));
  const streams = stack.use(await StreamingServer.listen({ ...streamingOptions(ground), log }));
  return {
    ...base,
    streams,
    ...openWatchers({ ...ground, ...means }, stack),
    instance: `${process.pid}-${(await startTimeTicks(process.pid)) ?? ''}-${means.host.bootId}`,
    monitors,
    stops: new Stops({ kernel, cgroups: means.cgroups, exits: lives.exits, log }),
    cdi: new CdiFiles(),
    flights: { pods: new SingleFlight<PodId>(), containers: new SingleFlight<ContainerId>() },
  };
}

function streamingOptions({ config }: Ground): Omit<StreamingOptions, 'log'> {
  const { tlsCertificate, tlsKey, tlsClientCa, ...rest } = config.current.streaming;
  // The loader has seen to it that both are there or none.
  if (tlsCertificate === null || tlsKey === null) return { ...rest, tls: null };
  return { ...rest, tls: { certificate: tlsCertificate, key: tlsKey, clientCa: tlsClientCa } };
}

type Means = Pick<
  Services,
  'cgroups' | 'host' | 'store' | 'selinuxLevels' | 'images' | 'network' | 'handlers'
>;

/** The machine, the records, the images, the network, the runtimes. */
async function openMeans(
  ground: Ground & { readonly programs: Programs },
  stack: AsyncDisposableStack,
): Promise<Means> {
  const { log, paths, kernel, programs } = ground;
  const config = ground.config.current;
  const cgroups = stack.use(new Cgroups(await detectCgroups()));
  const { apparmorProfile: profileName } = config.security;
  const apparmor = await prepareApparmor({ programs, dir: paths.runDir, profileName });
  const selinux = await findSelinux(config.security.isSelinuxEnabled);
  const host = await findHostFacts({ kernel, config, layout: cgroups.layout, apparmor, selinux });
  for (const restriction of host.restrictions) log.warn({ restriction }, 'restricted by this machine');
  const onDamaged = (file: string, reason: string): void => {
    ground.meters.recordDamaged();
    log.error({ file, reason }, 'damaged record set aside');
  };
  const store = stack.use(await Store.open({ rootDir: paths.rootDir, onDamaged }));
  const images = stack.use(await openStore(ground));
  const network = await openNetwork(ground, pluginLaunch({ kernel, programs }), stack);
  await closeLeftStages(kernel, paths.stages);
  const handlers = await openHandlers({ config, paths, host, log, programs, kernel }, stack);
  stack.defer(async () => await handlers.settled());
  const selinuxLevels = new SelinuxLevels({
    isOn: host.selinux !== null,
    categories: config.security.selinuxCategories,
    pods: () => store.pods.all(),
  });
  return { cgroups, host, store, selinuxLevels, images, network, handlers };
}

type Lives = Pick<Services, 'locks' | 'removals' | 'exits' | 'holds' | 'seccompNotifiers' | 'terminals'>;

/** What follows the lives of processes. */
function openLives(services: Ground & Means, stack: AsyncDisposableStack): Lives {
  const { kernel, handlers, cgroups, log, host, store, paths } = services;
  const locks = new KeyedLock();
  const isSystemdCgroup = host.cgroupDriver === 'systemd';
  const removals = new RuntimeRemovals({ locks, handlers, cgroups, log, isSystemdCgroup });
  const holds = stack.use(new Holds(kernel));
  const seccompNotifiers = stack.use(openSeccompNotifiers(services));
  const exits = new Exits({
    store,
    log,
    onExited: (record) => {
      if (record.exit?.reason === 'OOMKilled') services.meters.outOfMemory();
      holds.release(record.id);
      void seccompNotifiers.close(record.id).catch(() => undefined);
      removals.begin(record);
    },
    explain: (id) => seccompNotifiers.endOf(id),
    onOther: (exit) => void podInitExited(store, exit.containerId, log),
  });
  const terminals = new Terminals({ kernel, dir: paths.runDir });
  return { locks, removals, exits, holds, seccompNotifiers, terminals };
}

function openSeccompNotifiers({
  kernel,
  log,
  host,
  store,
  cgroups,
  meters,
}: Ground & Means): SeccompNotifiers {
  return new SeccompNotifiers({
    kernel,
    log,
    architecture: host.architecture,
    kill: async (id) => {
      const record = store.containers.get(id);
      if (record !== null) await cgroups.kill(record.cgroupPath, sigkill);
    },
    onRefused: meters.syscallRefused,
  });
}

/** What follows the changes of the store. */
function openWatchers(
  services: Ground & Means,
  stack: AsyncDisposableStack,
): Pick<Services, 'events' | 'stats'> {
  const { store, log, kernel, cgroups, images } = services;
  const { rootfses, trees } = images.parts;
  const writableLayers = new WritableLayers(rootfses.path, trees);
  const stats = stack.use(new Stats({ store, log, kernel, writableLayers, layout: cgroups.layout }));
  return { stats, events: new ContainerEvents(store, log) };
}

async function openStore(ground: Ground): Promise<Images> {
  const { paths, kernel, log, config } = ground;
  // Bundles stand beside each other; sources where they are.
  const worker = import.meta.url.endsWith('.js')
    ? { workerUrl: new URL('./unpack-worker.js', import.meta.url) }
    : {};
  return await openImages({
    rootDir: paths.rootDir,
    kernel,
    log,
    settings: () => config.current.images,
    observePull: observeAll([logPulls(log), ground.meters.observePull, ground.pulls.observe]),
    ...worker,
  });
}

async function openNetwork(ground: Ground, launch: Launch, stack: AsyncDisposableStack): Promise<PodNetwork> {
  const { config, log, paths } = ground;
  const { confDir, pluginDirs, network: networkName, addTimeoutMs, delTimeoutMs } = config.current.cni;
  const cni = await openCni({
    confDir,
    pluginDirs,
    cacheDir: joinPath(paths.rootDir, 'cni'),
    launch,
    networkName,
    log,
  });
  stack.use(cni);
  return new PodNetwork(cni, { addTimeoutMs, delTimeoutMs });
}

async function closeMonitors(monitors: Services['monitors']): Promise<void> {
  await monitors.retireIdle();
  monitors.close();
}

/** The init of a shared PID namespace has ended, and with it every process in it: the pod cannot be used any more. */
async function podInitExited(store: Store, id: string, log: Log): Promise<void> {
  const match = store.pods.match(id);
  if (match.kind !== 'one' || store.pods.get(match.id)?.state !== 'ready') return;
  await store.pods.update(match.id, 'power-cut', (pod) =>
    pod.state === 'ready' ? { ...pod, state: 'not-ready' } : pod,
  );
  log.warn({ pod: match.id }, 'the init of the pod has ended: the pod is not ready any more');
}
