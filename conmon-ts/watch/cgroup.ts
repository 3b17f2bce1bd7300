/** Finds the directory of a process's memory cgroup, in v1, v2 and hybrid hierarchies. Source: cgroups(7), proc_pid_mountinfo(5). */
import { readFileSync } from 'node:fs';

export type MemoryCgroup = { readonly version: 1 | 2; readonly directory: string };

type Hierarchy = {
  readonly root: string;
  readonly target: string;
  readonly isMemoryV1: boolean;
  readonly isV2: boolean;
};

/**
 * Null: the process is gone, or memory is controlled nowhere. A zombie of v1 is in the root cgroup, whose counter is the whole
 * machine's: that is none of a container's either.
 */
export function findMemoryCgroup(pid: number): MemoryCgroup | null {
  const memberships = readLines(`/proc/${pid}/cgroup`);
  const hierarchies = readLines('/proc/self/mountinfo').map(parseMount);
  const v1 = hierarchies.find((hierarchy) => hierarchy.isMemoryV1);
  const v2 = hierarchies.find((hierarchy) => hierarchy.isV2);
  for (const membership of memberships) {
    const [, number = '', controllers = '', path = ''] = /^(\d+):([^:]*):(.*)$/.exec(membership) ?? [];
    if (v1 !== undefined && controllers.split(',').includes('memory')) {
      return path === '/' ? null : { version: 1, directory: inMount(v1, path) };
    }
    if (v1 === undefined && v2 !== undefined && number === '0')
      return { version: 2, directory: inMount(v2, path) };
  }
  return null;
}

/** A cgroup by its path. Null: none was given, or memory is controlled nowhere. */
export function memoryCgroupAt(path: string | null): MemoryCgroup | null {
  const hierarchies = readLines('/proc/self/mountinfo').map(parseMount);
  const v1 = hierarchies.find((hierarchy) => hierarchy.isMemoryV1);
  const hierarchy = v1 ?? hierarchies.find((each) => each.isV2);
  if (path === null || path === '/' || hierarchy === undefined) return null;
  return { version: v1 === undefined ? 2 : 1, directory: inMount(hierarchy, path) };
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    // The process is gone.
    return [];
  }
}

/** `36 35 98:0 /root /target opts … - type source superopts`; a space in a path is written \\040. */
function parseMount(line: string): Hierarchy {
  const [before = '', after = ''] = line.split(' - ', 2);
  const fields = before.split(' ');
  const [type = '', , options = ''] = after.split(' ');
  return {
    root: unescape(fields[3] ?? ''),
    target: unescape(fields[4] ?? ''),
    isMemoryV1: type === 'cgroup' && options.split(',').includes('memory'),
    isV2: type === 'cgroup2',
  };
}

function unescape(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

function inMount({ root, target }: Hierarchy, path: string): string {
  const below = root !== '/' && path.startsWith(root) ? path.slice(root.length) : path;
  return `${target}${below === '/' ? '' : below}`;
}
