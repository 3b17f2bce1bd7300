/**
 * The composition root: builds every service once, takes up what an earlier daemon left, and serves. No story is told
 * here; no other file knows all of them.
 *
 *   lock ─▶ kernel, cgroups, facts ─▶ store, images, network ─▶ handlers, monitors ─▶ recover ─▶ listen ─▶ sweep (beside)
 */
import { chmod, stat } from 'node:fs/promises';
import { buildInfo } from './build-info.ts';
import { ensureDirectory } from './base/files.ts';
import { joinPath, type AbsolutePath } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { Config } from './config/options.ts';
import { PullBroadcast } from './images/pull/pull-broadcast.ts';
import { keepLittleFreeMemory } from './kernel/calls/memory-calls.ts';
import { ThreadedKernel } from './kernel/threaded-kernel.ts';
import { recover } from './node/recover.ts';
import { findUnclaimed, sweep } from './node/sweep.ts';
import { AdminServer } from './server/admin/admin-server.ts';
import { adminSocket } from './server/admin/admin-socket.ts';
import { dispatchMethods } from './server/dispatch.ts';
import { GrpcServer } from './server/grpc.ts';
import type { Meters } from './server/metrics/meters.ts';
import { stories } from './server/stories.ts';
import { openMetrics } from './daemon/open-metrics.ts';
import { openServices } from './daemon/open-services.ts';
import type { Services } from './services.ts';
import { Paths } from './store/paths.ts';

export type Daemon = {
  readonly socketPath: string;
  close(): Promise<void>;
  /** Takes a configuration over in which only reloadable options differ. */
  reload(config: Config): Promise<void>;
};

export type DaemonOptions = { readonly log: Log; readonly onReady: () => void };

/**
 * The root of a user namespace, which is nobody here, must be able to pass through it to the stages; it can see nothing else,
 * for all that lies in it is root's alone.
 */
async function makeRunDir(path: AbsolutePath): Promise<void> {
  await ensureDirectory(path);
  const { mode } = await stat(path);
  await chmod(path, (mode & 0o7777) | 0o011);
}

/** Serves when it resolves. @throws SyscallError EWOULDBLOCK when another daemon uses the same run directory */
export async function startDaemon(config: Config, options: DaemonOptions): Promise<Daemon> {
  keepLittleFreeMemory();
  await using stack = new AsyncDisposableStack();
  const { log } = options;
  const paths = new Paths(config.daemon.rootDir, config.daemon.runDir);
  await ensureDirectory(paths.rootDir);
  await makeRunDir(paths.runDir);
  const kernel = stack.use(
    new ThreadedKernel({ onTrouble: (message) => log.error({ trouble: message }, 'kernel thread') }),
  );
  stack.use(await kernel.lockFile(joinPath(paths.runDir, 'lock')));
  const metrics = await openMetrics(config.metrics.address);
  const { meters } = metrics;
  const pulls = new PullBroadcast();
  const services = await openServices(
    { config: { current: config }, log, paths, kernel, meters, pulls },
    stack,
  );

  await recover(services);
  const found = await findUnclaimed(services);
  await listen(services, meters, stack);
  const socket = adminSocket(paths.runDir);
  stack.use(await AdminServer.listen({ socket, images: services.images, pulls, log }));
  await metrics.listen(services, stack);
  options.onReady();
  services.stats.warm();
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

/** Serves the CRI. */
async function listen(services: Services, meters: Meters, stack: AsyncDisposableStack): Promise<void> {
  const { log, config } = services;
  const onEnded = meters.callEnded;
  const methods = dispatchMethods({ stories: stories(services, buildInfo()), log, onEnded });
  const server = await GrpcServer.listen(config.current.daemon.socketPath, methods);
  stack.defer(async () => await server.close(config.current.daemon.shutdownTimeoutMs));
  // Streams that end with their client only would hold the server's end up.
  stack.defer(() => services.events.close());
}
