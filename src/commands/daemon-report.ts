/**
 * What the daemon says of itself beyond the CRI's own fields: JSON texts in the verbose `info` map of Status. Read with
 * care: an older or newer daemon may say more or less.
 *
 *   info.handlers  [{"name":"crun","isDefault":true,"version":"1.8.1","fault":null}, …]
 *   info.monitors  [{"name":"m1","pid":4711,"state":"connected","pods":3,"containers":5}, …]
 */
import type { ResponseOf } from '../../cri-api/methods.ts';
import type { RuntimeCondition } from '../../cri-api/runtime-v1.ts';

export type HandlerReport = {
  readonly name: string;
  readonly isDefault: boolean;
  readonly version: string;
  /** Why pods with this handler are refused; null: it works. */
  readonly fault: string | null;
};

export type MonitorReport = {
  readonly name: string;
  /** Null while none runs. */
  readonly pid: number | null;
  readonly state: string;
  readonly pods: number;
  readonly containers: number;
};

type Info = Readonly<Record<string, string>>;

/** Empty when the daemon does not say. */
export function readHandlers(info: Info): readonly HandlerReport[] {
  return readList(info, 'handlers').map((entry) => ({
    name: text(entry, 'name'),
    isDefault: entry['isDefault'] === true,
    // Runtimes say `runc version 1.1.5`.
    version: text(entry, 'version').replace(/^\S+ version /, ''),
    fault: typeof entry['fault'] === 'string' ? entry['fault'] : null,
  }));
}

/** Empty when the daemon does not say, or has started no monitor yet. */
export function readMonitors(info: Info): readonly MonitorReport[] {
  return readList(info, 'monitors').map((entry) => ({
    name: text(entry, 'name'),
    pid: typeof entry['pid'] === 'number' ? entry['pid'] : null,
    state: text(entry, 'state'),
    pods: typeof entry['pods'] === 'number' ? entry['pods'] : 0,
    containers: typeof entry['containers'] === 'number' ? entry['containers'] : 0,
  }));
}

type Entry = Readonly<Record<string, unknown>>;

function readList(info: Info, key: string): readonly Entry[] {
  const json = info[key];
  if (json === undefined) return [];
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list.filter((entry) => isEntry(entry)) : [];
  } catch {
    // Another daemon may put another kind of text there; then nothing is known.
    return [];
  }
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null;
}

function text(entry: Entry, key: string): string {
  const value = entry[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The conditions that the kubelet requires; any other tells people something. Source: CRI RuntimeStatus. */
export function requiredConditions(status: ResponseOf<'Status'>): readonly RuntimeCondition[] {
  const required: readonly string[] = ['RuntimeReady', 'NetworkReady'];
  return (status.status?.conditions ?? []).filter(({ type }) => required.includes(type));
}
