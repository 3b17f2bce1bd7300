/**
 * The composition root: builds every service once, takes up what an earlier daemon left, and serves. No story is told
 * here; no other file knows all of them.
 *
 *   lock ─▶ kernel, cgroups, facts ─▶ store, images, network ─▶ handlers, monitors ─▶ recover ─▶ listen ─▶ sweep (beside)
 */
import { openCni } from '../cni/cni.ts';
import { buildInfo } from './commands/build-info.ts';
import { ensureDirectory } from './base/files.ts';
import { joinPath, type ContainerId, type PodId } from './base/ids.ts';
import { KeyedLock } from './base/locks.ts';
import type { Log } from './base/log.ts';
import { SingleFlight } from './base/single-flight.ts';
import type { Config } from './config/options.ts';
import { RuntimeRemovals } from './containers/runtime-removal.ts';
import { Stops } from './containers/stops.ts';
import { openHandlers } from './daemon/open-handlers.ts';
import { openMonitors } from './daemon/open-monitors.ts';
import { openImages } from './images/images.ts';
import { detectCgroups } from './kernel/cgroup-layout.ts';
import { Cgroups } from './kernel/cgroups.ts';
import type { Kernel } from './kernel/kernel.ts';
import { ThreadedKernel } from './kernel/threaded-kernel.ts';
import { findHostFacts } from './node/host-facts.ts';
import { recover } from './node/recover.ts';
import { findUnclaimed, sweep } from './node/sweep.ts';
import { PodNetwork } from './pods/network.ts';
import { Exits } from './runtime/exits.ts';
import { startTimeTicks } from './runtime/process-identity.ts';
import { Reaper } from './runtime/reaper.ts';
import { Stdins } from './runtime/stdins.ts';
import { Terminals } from './runtime/terminals.ts';
import { dispatchMethods } from './server/dispatch.ts';
import { GrpcServer } from './server/grpc.ts';
import { stories } from './server/stories.ts';
import type { Services } from './services.ts';
import { Paths } from './store/paths.ts';
import { Store } from './store/store.ts';

export type Daemon = {
  readonly socketPath: string;
  close(): Promise<void>;
  /** Takes a configuration over in which only reloadable options differ. */
  reload(config: Config): Promise<void>;
};

export type DaemonOptions = { readonly log: Log; readonly onReady: () => void };

/** Serves when it resolves. @throws SyscallError EWOULDBLOCK when another daemon uses the same run directory */
export async function startDaemon(config: Config, options: DaemonOptions): Promise<Daemon> {
  await using stack = new AsyncDisposableStack();
  const { log } = options;
  const paths = new Paths(config.daemon.rootDir, config.daemon.runDir);
  await ensureDirectory(paths.rootDir);
  await ensureDirectory(paths.runDir);
  const kernel = stack.use(
    new ThreadedKernel({ onTrouble: (message) => log.error({ trouble: message }, 'kernel thread') }),
  );
  stack.use(await kernel.lockFile(joinPath(paths.runDir, 'lock')));
  const services = await openServices({ config, log, paths, kernel }, stack);

  await recover(services);
  const found = await findUnclaimed(services);
  const methods = dispatchMethods({ stories: stories(services, buildInfo()), log, onEnded: () => undefined });
  const server = await GrpcServer.listen(config.daemon.socketPath, methods);
  stack.defer(async () => await server.close(services.config.current.daemon.shutdownTimeoutMs));
  options.onReady();
  const sweeping = sweep(services, found);
  stack.defer(async () => await sweeping);
  // A warm monitor: the first pod need not wait for one.
  void services.monitors.warm();
  const running = stack.move();
  return {
    socketPath: config.daemon.socketPath,
    close: async () => await running.disposeAsync(),
    reload: async (next) => {
      services.config.current = next;
    },
  };
}

type Ground = { readonly config: Config; readonly log: Log; readonly paths: Paths; readonly kernel: Kernel };

/** Everything that stories use, newest last in the stack so that it is closed first. */
async function openServices(ground: Ground, stack: AsyncDisposableStack): Promise<Services> {
  const { config, log, paths, kernel } = ground;
  const cgroups = new Cgroups(await detectCgroups());
  const host = await findHostFacts({ kernel, config, layout: cgroups.layout });
  for (const restriction of host.restrictions) log.warn({ restriction }, 'restricted by this machine');
  const onDamaged = (file: string, reason: string): void =>
    log.error({ file, reason }, 'damaged record set aside');
  const store = await Store.open({ rootDir: paths.rootDir, onDamaged });
  const current = { current: config };
  const images = stack.use(
    await openImages({
      rootDir: paths.rootDir,
      kernel,
      log,
      settings: () => current.current.images,
      ...imageWorker(),
    }),
  );
  const network = await openNetwork(ground, stack);
  const handlers = await openHandlers({ config, paths, host, log });
  const reaper = stack.use(new Reaper(kernel));
  const locks = new KeyedLock();
  const removals = new RuntimeRemovals({
    locks,
    handlers,
    cgroups,
    log,
    isSystemdCgroup: host.cgroupDriver === 'systemd',
  });
  const exits = new Exits({
    store,
    log,
    onExited: (record) => removals.begin(record),
    onOther: (exit) => void podInitExited(store, exit.containerId, log),
  });
  const stdins = stack.use(new Stdins());
  const terminals = new Terminals({ kernel, dir: paths.runDir });
  const base = {
    config: current,
    log,
    paths,
    store,
    kernel,
    cgroups,
    host,
    images,
    network,
    handlers,
    removals,
    exits,
    reaper,
    terminals,
    stdins,
  };
  const monitors = openMonitors(base);
  stack.defer(async () => await closeMonitors(monitors));
  return {
    ...base,
    instance: `${process.pid}-${(await startTimeTicks(process.pid)) ?? ''}-${host.bootId}`,
    monitors,
    stops: new Stops({ kernel, cgroups, exits, log }),
    locks,
    flights: { pods: new SingleFlight<PodId>(), containers: new SingleFlight<ContainerId>() },
  };
}

/** Bundles stand beside each other; sources where they are. */
function imageWorker(): { readonly workerUrl?: URL } {
  return import.meta.url.endsWith('.js') ? { workerUrl: new URL('./unpack-worker.js', import.meta.url) } : {};
}

async function closeMonitors(monitors: Services['monitors']): Promise<void> {
  await monitors.retireIdle();
  monitors.close();
}

async function openNetwork(ground: Ground, stack: AsyncDisposableStack): Promise<PodNetwork> {
  const { config, log, paths } = ground;
  const { confDir, pluginDirs, network: networkName, addTimeoutMs, delTimeoutMs } = config.cni;
  const cni = await openCni({
    confDir,
    pluginDirs,
    cacheDir: joinPath(paths.rootDir, 'cni'),
    scratchDir: paths.runDir,
    networkName,
    log,
  });
  stack.use(cni);
  return new PodNetwork(cni, { addTimeoutMs, delTimeoutMs });
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
