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

/** The root log; `level` may be changed while running (SIGHUP). */
export function createLog(level: LogLevel): RootLog {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'msg',
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
