/**
 * The monitor: `conmon-ts --socket PATH [--idle-exit-ms N]`. It is the parent of the containers of many pods, logs their output and keeps their exits,
 * whatever becomes of the daemon. This file puts the parts together and decides when to end:
 *
 *   no container, no daemon for a while ──▶ end        retired and no container ──▶ end
 *
 * Signals that end other programs do not end this one: SIGTERM is a `retire`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ControlSocket } from './control/control-socket.ts';
import { messageOf } from './failure.ts';
import { becomeSubreaper } from './calls/process-calls.ts';
import { log, neverWaitForLog } from './log.ts';
import { Monitor } from './monitor.ts';
import { protectFromOom } from './watch/oom-score.ts';
import { Reaper } from './watch/reaper.ts';

const defaultIdleExitMs = 30_000;

type Options = { readonly socketPath: string; readonly idleExitMs: number; readonly build: string };

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      socket: { type: 'string' },
      'idle-exit-ms': { type: 'string', default: String(defaultIdleExitMs) },
      build: { type: 'string', default: 'development' },
    },
  });
  const idleExitMs = Number(values['idle-exit-ms']);
  if (values.socket === undefined) throw new Error('usage: conmon-ts --socket PATH [--idle-exit-ms N]');
  if (!Number.isSafeInteger(idleExitMs) || idleExitMs < 0 || idleExitMs > 2 ** 31 - 1) {
    throw new Error(`--idle-exit-ms ${JSON.stringify(values['idle-exit-ms'])}: expected milliseconds`);
  }
  return { socketPath: values.socket, idleExitMs, build: values.build };
}

async function main(): Promise<void> {
  const options = readOptions();
  // `ps` shows which monitor this is; `pgrep -x conmon-ts` finds all.
  process.title = `conmon-ts --socket ${options.socketPath}`;
  writeFileSync('/proc/self/comm', 'conmon-ts');
  neverWaitForLog();
  process.on('uncaughtException', endByBug);
  becomeSubreaper();
  const isProtected = protectFromOom();
  const reaper = new Reaper();
  reaper.start();
  let control: ControlSocket | null = null;
  const onChange = (): void => endWhenIdle();
  const monitor = new Monitor(
    { publish: (event) => control?.publish(event), onChange },
    reaper,
    options.build,
  );
  control = await ControlSocket.listen(options.socketPath, {
    answer: (method, params) => monitor.answer(method, params),
    onChange,
  });
  const ending = new IdleEnd(options.idleExitMs, () => control.close());
  function endWhenIdle(): void {
    const isIdle = monitor.isEmpty && (monitor.isRetired || control?.connectionCount === 0);
    ending.update(isIdle, monitor.isRetired);
  }
  ignoreSignals(() => void monitor.answer('retire', {}));
  endWhenIdle();
  log.info('monitor is ready', { socket: options.socketPath, isProtectedFromOom: isProtected });
}

/** Our own mistake: a successor takes over exactly where this one stopped. */
function endByBug(error: Error): void {
  log.error('end by a bug', { error: error.message, stack: error.stack ?? null });
  process.exit(70);
}

/** Ends the process after it has been idle for a while. No timer runs otherwise. */
class IdleEnd {
  readonly #delayMs: number;
  readonly #close: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: number, close: () => void) {
    this.#delayMs = delayMs;
    this.#close = close;
  }

  update(isIdle: boolean, isAtOnce: boolean): void {
    clearTimeout(this.#timer);
    // Even "at once" leaves time for the answer that is being written.
    if (isIdle) this.#timer = setTimeout(() => this.#end(), isAtOnce ? 50 : this.#delayMs);
  }

  #end(): void {
    this.#close();
    log.info('monitor ends');
    setTimeout(() => process.exit(0), 50);
  }
}

function ignoreSignals(retire: () => void): void {
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGPIPE', 'SIGUSR1', 'SIGUSR2'] as const) {
    process.on(signal, () => undefined);
  }
  process.on('SIGTERM', retire);
}

try {
  await main();
} catch (error) {
  log.error('start monitor', { error: messageOf(error) });
  process.exitCode = 1;
}
