/**
 * Parses one line from a monitor. Monitors may be of another build: the envelope is checked, unknown events are skipped.
 */
import type { ExitRecord, Failure, MonitorEvent } from '../../../conmon-ts/protocol.ts';

export type MonitorMessage =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: Failure }
  | { readonly kind: 'event'; readonly event: MonitorEvent }
  /** An event that this build does not know. */
  | { readonly kind: 'skipped' };

/** @returns null when the line is no message of the protocol */
export function parseMonitorMessage(line: string): MonitorMessage | null {
  const value = parseObject(line);
  if (value === null) return null;
  if (typeof value['event'] === 'string') return parseEvent(value);
  const id = value['id'];
  if (typeof id !== 'number') return null;
  const error = value['error'];
  if (error === undefined) return { kind: 'result', id, result: value['result'] };
  return { kind: 'failure', id, error: parseFailure(error) };
}

type Loose = Readonly<Record<string, unknown>>;

function parseObject(text: string): Loose | null {
  try {
    const value: unknown = JSON.parse(text);
    return isLoose(value) ? value : null;
  } catch {
    // Not JSON: the caller ends the connection.
    return null;
  }
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseFailure(error: unknown): Failure {
  const loose = isLoose(error) ? error : {};
  const message = typeof loose['message'] === 'string' ? loose['message'] : 'the monitor gave no message';
  return { reason: parseReason(loose['reason']), message };
}

const reasons: ReadonlySet<string> = new Set<Failure['reason']>([
  'BadRequest',
  'VersionMismatch',
  'UnknownContainer',
  'AlreadyExists',
  'StillRunning',
  'RuntimeFailed',
  'RuntimeTimedOut',
  'LogFailed',
  'NotRunning',
  'Retiring',
]);

function parseReason(reason: unknown): Failure['reason'] {
  return typeof reason === 'string' && isReason(reason) ? reason : 'Internal';
}

function isReason(reason: string): reason is Failure['reason'] {
  return reasons.has(reason);
}

function parseEvent(value: Loose): MonitorMessage | null {
  const { event, containerId } = value;
  if (event === 'exit') {
    const exit = parseExitRecord(value['exit']);
    return exit === null ? null : { kind: 'event', event: { event, exit } };
  }
  if (event !== 'oom' && event !== 'stdin-closed' && event !== 'log-dropped') return { kind: 'skipped' };
  if (typeof containerId !== 'string') return null;
  if (event !== 'log-dropped') return { kind: 'event', event: { event, containerId } };
  const bytes = String(value['bytes']);
  return { kind: 'event', event: { event, containerId, bytes, message: String(value['message']) } };
}

/** Also the content of a container's exit file. @returns null when it is none */
export function parseExitRecord(value: unknown): ExitRecord | null {
  if (!isLoose(value)) return null;
  const { containerId, exitCode, finishedAtNs, isOomKilled } = value;
  const isCode = exitCode === null || (typeof exitCode === 'number' && exitCode >= 0 && exitCode <= 255);
  if (typeof containerId !== 'string' || !isCode) return null;
  if (typeof finishedAtNs !== 'string' || !/^[0-9]{1,20}$/.test(finishedAtNs)) return null;
  return { containerId, exitCode, finishedAtNs, isOomKilled: isOomKilled === true };
}
