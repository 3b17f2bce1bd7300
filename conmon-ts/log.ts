/** The monitor's own log: one JSON object a line on standard error. A log that nobody takes must never stop the monitor. */
import { writeSync } from 'node:fs';

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

function write(level: 'info' | 'warn' | 'error', msg: string, fields: LogFields): void {
  const line = JSON.stringify({ level, time: new Date().toISOString(), pid: process.pid, msg, ...fields });
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // The reader has gone or does not read: the containers matter more than this line.
  }
}

export const log = {
  info: (msg: string, fields: LogFields = {}): void => write('info', msg, fields),
  warn: (msg: string, fields: LogFields = {}): void => write('warn', msg, fields),
  error: (msg: string, fields: LogFields = {}): void => write('error', msg, fields),
};
