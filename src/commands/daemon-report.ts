/**
 * What the daemon says of itself beyond the CRI's own fields: JSON texts in the verbose `info` map of Status. Read with
 * care: an older or newer daemon may say more or less.
 *
 *   info.handlers  [{"name":"crun","isDefault":true,"version":"1.8.1","fault":null}, …]
 *   info.monitors  [{"slot":"1","pid":4711,"pods":3,"isConnected":true}, …]
 */

export type HandlerReport = {
  readonly name: string;
  readonly isDefault: boolean;
  readonly version: string;
  /** Why pods with this handler are refused; null: it works. */
  readonly fault: string | null;
};

export type MonitorReport = {
  readonly slot: string;
  /** Null while none runs. */
  readonly pid: number | null;
  readonly pods: number;
  readonly isConnected: boolean;
};

type Info = Readonly<Record<string, string>>;

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
    slot: text(entry, 'slot'),
    pid: typeof entry['pid'] === 'number' ? entry['pid'] : null,
    pods: typeof entry['pods'] === 'number' ? entry['pods'] : 0,
    isConnected: entry['isConnected'] === true,
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
