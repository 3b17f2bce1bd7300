/**
 * Starts one monitor: a process of its own session, outside every pod's cgroup, that outlives us. Its log goes to a file
 * beside its socket.
 *
 *   RUN_DIR/monitors/SLOT/control   its socket (0600)
 *   RUN_DIR/monitors/SLOT/log       its standard error
 */
import { open, readFile, rm } from 'node:fs/promises';
import { errnoOf, unavailable } from '../../base/errors.ts';
import { ensureDirectory } from '../../base/files.ts';
import { spawnProgram, type Spawned } from '../../base/process.ts';
import { sleepMs, withDeadline } from '../../base/time.ts';
import { MonitorConnection, type ConnectionEvents } from './monitor-connection.ts';

export type MonitorPlace = { readonly dir: string; readonly socketPath: string };

export type MonitorStart = {
  readonly place: MonitorPlace;
  /** Program and arguments; `--socket PATH` is appended. */
  readonly argv: readonly [string, ...string[]];
  /** Moves the process into the monitors' cgroup. */
  readonly onSpawned: (pid: number) => Promise<void>;
};

const startTimeoutMs = 20_000;
const retryMs = 5;

/** A monitor that was spawned and may not listen yet. */
export type StartedMonitor = { readonly place: MonitorPlace; readonly ended: Spawned['ended'] };

/** Spawns a monitor. @throws CommandError when the program cannot be started; what `onSpawned` throws, and it is ended */
export async function startMonitor(start: MonitorStart): Promise<StartedMonitor> {
  await ensureDirectory(start.place.dir);
  await rm(start.place.socketPath, { force: true });
  await using logFile = await open(`${start.place.dir}/log`, 'a', 0o600);
  const monitor = await spawnProgram({
    argv: [...start.argv, '--socket', start.place.socketPath],
    env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', logFile.fd],
  });
  monitor.unref();
  try {
    await start.onSpawned(monitor.pid);
  } catch (error) {
    monitor.kill();
    throw error;
  }
  return { place: start.place, ended: monitor.ended };
}

/** Connects to a monitor that is starting: tries until it listens. @throws MonitorDied with its last words, StepTimedOut */
export async function connectWhenReady(
  started: StartedMonitor,
  events: ConnectionEvents,
): ReturnType<typeof MonitorConnection.open> {
  const { place, ended } = started;
  let hasEnded = false;
  ended.then(
    () => (hasEnded = true),
    () => (hasEnded = true),
  );
  return await withDeadline(
    { step: `start monitor "${place.dir}"`, timeoutMs: startTimeoutMs },
    async (signal) => {
      for (;;) {
        const opened = await tryConnect(place.socketPath, events);
        if (opened !== null) return opened;
        if (hasEnded)
          throw unavailable(
            'MonitorDied',
            `start monitor "${place.dir}": it ended: ${await lastWords(place)}`,
          );
        await sleepMs(retryMs, signal);
      }
    },
  );
}

const lastWordsBytes = 400;

async function lastWords(place: MonitorPlace): Promise<string> {
  const log = await readFile(`${place.dir}/log`, 'utf8').catch(() => '');
  return log.slice(-lastWordsBytes).trim();
}

/** @returns null when nobody listens there */
export async function tryConnect(
  path: string,
  events: ConnectionEvents,
): Promise<Awaited<ReturnType<typeof MonitorConnection.open>> | null> {
  try {
    return await MonitorConnection.open(path, events);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ECONNREFUSED') return null;
    throw error;
  }
}
