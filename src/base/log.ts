/**
 * The daemon's log: one JSON object a line on standard error (or text for people when it is a terminal). Stories log with
 * bindings (pod, container, step, durationMs), so that an operator reading one line knows which pod, which step, how long.
 */
import { pino, type Logger } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'> & {
  child: (bindings: Record<string, unknown>) => Log;
};

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type RootLog = Log & { level: string };

/** Lines that wait for whoever reads the log. */
const maxWaitingBytes = 4 * 1024 * 1024;

/**
 * The root log; `level` may be changed while running (SIGHUP). Nobody waits for a line to be written: a journal that hangs
 * must not hold up pods. What it leaves waiting is bounded; lines beyond that are dropped, counted, and told of.
 */
export function createLog(level: LogLevel, fd = 2): RootLog {
  const stream = pino.destination({ fd, sync: false, maxLength: maxWaitingBytes });
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'msg',
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  const flushSync = stream.flushSync.bind(stream);
  // A full disk, say: the next line tries again with what waits. The end of the process would try for ever.
  stream.on('error', () => {
    stream.flushSync = () => undefined;
  });
  let lines = 0;
  stream.on('drop', () => (lines += 1));
  stream.on('drain', () => {
    stream.flushSync = flushSync;
    if (lines === 0) return;
    const dropped = lines;
    lines = 0;
    log.warn({ lines: dropped }, 'log lines dropped: they were not read in time');
  });
  return log;
}
