/**
 * What the daemon says of itself beyond the CRI's own fields: JSON texts in the verbose `info` map of Status. Read with
 * care: an older or newer daemon may say more or less.
 *
 *   info.handlers  [{"name":"crun","isDefault":true,"version":"1.8.1","fault":null}, …]
 *   info.monitors  [{"name":"1","pid":4711,"state":"connected","pods":3,"containers":5}, …]
 */

export type HandlerReport = {
  readonly name: string;
  readonly isDefault: boolean;
  readonly version: string;
  /** Why pods with this handler are refused; null: it works. */
  readonly fault: string | null;
};

export type MonitorReport = {
  readonly name: string;
  readonly pid: number;
  readonly state: string;
  readonly pods: number;
  readonly containers: number;
};

type Info = Readonly<Record<string, string>> | ReadonlyMap<string, string>;

/** Empty when the daemon does not say. */
export function readHandlers(info: Info): readonly HandlerReport[] {
  return readList(info, 'handlers').map((entry) => ({
    name: text(entry, 'name'),
    isDefault: entry['isDefault'] === true,
    version: text(entry, 'version'),
    fault: typeof entry['fault'] === 'string' ? entry['fault'] : null,
  }));
}

/** Empty when the daemon does not say, or has started no monitor yet. */
export function readMonitors(info: Info): readonly MonitorReport[] {
  return readList(info, 'monitors').map((entry) => ({
    name: text(entry, 'name'),
    pid: count(entry, 'pid'),
    state: text(entry, 'state'),
    pods: count(entry, 'pods'),
    containers: count(entry, 'containers'),
  }));
}

type Entry = Readonly<Record<string, unknown>>;

function readList(info: Info, key: string): readonly Entry[] {
  const json = info instanceof Map ? info.get(key) : new Map(Object.entries(info)).get(key);
  if (typeof json !== 'string') return [];
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

function count(entry: Entry, key: string): number {
  const value = entry[key];
  return typeof value === 'number' ? value : 0;
}
