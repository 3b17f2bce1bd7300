/**
 * `cri-ts serve`: the life of the daemon's process, signals and the service manager included. What the daemon is made of
 * stands in `daemon.ts`.
 *
 *   load config ─▶ startDaemon ─▶ READY=1 ─▶ serving ──SIGTERM, SIGINT──▶ STOPPING=1 ─▶ close (bounded) ─▶ exit 0
 *                                              │  ▲                          └─ a second signal: exit at once
 *                                            SIGHUP: RELOADING=1 ─▶ load, check, apply ─▶ READY=1
 */
import { explain, failedPrecondition, SyscallError } from '../base/errors.ts';
import { createLog, type RootLog } from '../base/log.ts';
import { absolutePath } from '../base/ids.ts';
import { sleepMs, withDeadline } from '../base/time.ts';
import { loadConfig, type ConfigInputs, type LoadedConfig } from '../config/loader.ts';
import { planReload } from '../config/reload.ts';
import type { Daemon } from '../daemon.ts';
import { adminSocket } from '../server/admin/admin-socket.ts';
import { exitCode } from './exit-code.ts';
import { AdminClient } from './images/admin-client.ts';
import { ServiceNotifier } from './notify.ts';

/** Beyond the time that running calls get: for what is closed after them. */
const closeMarginMs = 5000;
/** For a command that works on the store; less than the unit's TimeoutStartSec. */
const lockTimeoutMs = 90_000;
const lockLookEveryMs = 500;

type Service = {
  readonly daemon: Daemon;
  readonly log: RootLog;
  readonly notifier: ServiceNotifier;
  readonly inputs: ConfigInputs;
};

/** Serves until a signal ends it. @throws ConfigError, and whatever keeps the daemon from starting */
export async function serve(inputs: ConfigInputs): Promise<number> {
  const notifier = ServiceNotifier.takeFrom(process.env);
  const loaded = await loadConfig(inputs);
  const log = createLog(loaded.config.daemon.logLevel);
  notifier.logTo(log);
  process.on('uncaughtExceptionMonitor', (error, origin) =>
    log.error({ err: error, origin }, 'die of a bug'),
  );
  const signals = new Signals();
  const daemon = await start(loaded, { log, notifier });
  log.info({ socket: daemon.socketPath, pid: process.pid }, 'serving');
  return await run({ daemon, log, notifier, inputs }, loaded, signals);
}

/**
 * Waits for a command that works on the store, or a daemon that ends, to give up the lock; not for a daemon that serves.
 * @throws AlreadyRunning when another process uses the same directories
 */
async function start(
  loaded: LoadedConfig,
  { log, notifier }: Pick<Service, 'log' | 'notifier'>,
): Promise<Daemon> {
  const { startDaemon } = await import('../daemon.ts');
  const { runDir } = loaded.config.daemon;
  const serving = new AdminClient(adminSocket(absolutePath(runDir)).path);
  const endMs = performance.now() + lockTimeoutMs;
  for (let hasSaid = false; ; hasSaid = true) {
    try {
      return await startDaemon(loaded.config, { log, onReady: () => void notifier.tell('READY=1') });
    } catch (error) {
      if (!(error instanceof SyscallError && error.call === 'flock' && error.errno === 'EWOULDBLOCK'))
        throw error;
    }
    if (await serving.isThere())
      throw failedPrecondition('AlreadyRunning', `another daemon uses "${runDir}"`);
    if (performance.now() > endMs)
      throw failedPrecondition(
        'AlreadyRunning',
        `another process held "${runDir}/lock" for ${lockTimeoutMs / 1000} s`,
      );
    if (!hasSaid) log.warn({ lock: `${runDir}/lock`, timeoutMs: lockTimeoutMs }, 'waiting for the lock');
    await sleepMs(lockLookEveryMs);
  }
}

async function run(service: Service, loaded: LoadedConfig, signals: Signals): Promise<number> {
  let current = loaded;
  for (;;) {
    const signal = await signals.next();
    if (signal !== 'SIGHUP') return await stop(service, current, signal);
    current = await reload(service, current);
  }
}

/** Ends the process, also when something that was not closed in time would keep it. */
async function stop(service: Service, current: LoadedConfig, signal: string): Promise<never> {
  const { daemon, log, notifier } = service;
  const timeoutMs = current.config.daemon.shutdownTimeoutMs + closeMarginMs;
  log.info({ signal, timeoutMs }, 'stopping; containers go on');
  for (const again of ['SIGTERM', 'SIGINT'] as const)
    process.once(again, () => process.exit(exitCode.failed));
  const told = notifier.tell('STOPPING=1');
  let code: number = exitCode.fine;
  try {
    await withDeadline({ step: 'close the daemon', timeoutMs }, () => daemon.close());
    log.info({}, 'stopped');
  } catch (error) {
    // What was not closed is found and mended by the next start.
    log.error({ err: error }, 'stopped without closing everything');
    code = exitCode.failed;
  }
  await told;
  process.exit(code);
}

/** All or nothing: with any fault the configuration in use stays. */
async function reload(service: Service, current: LoadedConfig): Promise<LoadedConfig> {
  const { daemon, log, notifier, inputs } = service;
  await notifier.tellReloading();
  try {
    const plan = planReload(current, await loadConfig(inputs));
    await daemon.reload(plan.config);
    log.level = plan.config.daemon.logLevel;
    log.info({ changed: plan.changed, needsRestart: plan.needsRestart }, 'configuration reloaded');
    return plan;
  } catch (error) {
    // The daemon goes on as before; the operator finds every fault in the log.
    log.error({ problem: explain(error) }, 'configuration not reloaded, nothing changed');
    return current;
  } finally {
    await notifier.tell('READY=1');
  }
}

/** Signals in the order of their arrival. Before the daemon runs, SIGTERM and SIGINT end the process at once. */
class Signals {
  readonly #queue: NodeJS.Signals[] = [];
  #wake: (() => void) | null = null;
  #isServing = false;

  constructor() {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => this.#take(name));
  }

  #take(name: NodeJS.Signals): void {
    if (!this.#isServing && name !== 'SIGHUP') process.exit(exitCode.failed);
    // One waiting signal of a kind says all: a reload reads the files as they are then.
    if (!this.#queue.includes(name)) this.#queue.push(name);
    this.#wake?.();
  }

  async next(): Promise<NodeJS.Signals> {
    this.#isServing = true;
    for (;;) {
      const name = this.#queue.shift();
      if (name !== undefined) return name;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
