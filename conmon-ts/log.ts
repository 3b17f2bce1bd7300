/** The monitor's own log: one JSON object a line on standard error. A log that nobody takes must never stop the monitor. */
import { fstatSync, writeSync } from 'node:fs';
import { setNonBlocking } from './calls/file-calls.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

function write(level: 'info' | 'warn' | 'error', msg: string, fields: LogFields): void {
  const line = JSON.stringify({ level, time: new Date().toISOString(), pid: process.pid, msg, ...fields });
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // The reader has gone or does not read: the containers matter more than this line.
  }
}

/** A pipe that nobody empties must not stop us: from now on lines that do not fit are lost. */
export function neverWaitForLog(): void {
  const stat = fstatSync(2);
  if (stat.isFIFO() || stat.isSocket()) setNonBlocking(2);
}

export const log = {
  info: (msg: string, fields: LogFields = {}): void => write('info', msg, fields),
  warn: (msg: string, fields: LogFields = {}): void => write('warn', msg, fields),
  error: (msg: string, fields: LogFields = {}): void => write('error', msg, fields),
};
