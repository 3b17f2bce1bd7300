/**
 * What exists now that a pod could have left behind: mounts, cgroups, processes, files, FIFOs and sockets, CNI addresses,
 * network links and packet filter rules of one machine. A test takes one before and demands the same after.
 */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine, Member } from './machine.ts';
import { addressDir } from './network.ts';
import { settle } from './wait.ts';

/** Category → sorted lines. */
export type Census = Readonly<Record<string, readonly string[]>>;

export type CensusScope = {
  readonly machine: Machine;
  /** Every entry below these is counted. */
  readonly dirs: readonly string[];
  /** Names of entries, relative to their directory, that come and go without being a leak. */
  readonly ignore?: RegExp;
};

export async function takeCensus(scope: CensusScope): Promise<Census> {
  const { machine } = scope;
  // First and alone: the program that reads them is a process of the machine itself.
  const rules = await readRules(machine);
  const [mounts, cgroups, processes, files, addresses, links] = await Promise.all([
    readMounts(machine),
    machine.cgroups(),
    readProcesses(machine),
    readFiles(scope),
    readAddresses(machine),
    readLinks(machine),
  ]);
  return { mounts, cgroups, processes, files, addresses, links, rules };
}

/**
 * Waits until the machine is as it was: processes are reaped, cgroups and links vanish in their own time.
 * @throws with every difference when it is not so within the bound
 */
export async function expectCensus(before: Census, scope: CensusScope, timeoutMs = 10_000): Promise<void> {
  const look = async (): Promise<string> => difference(before, await takeCensus(scope));
  const text = await settle(look, (seen) => seen === '', { timeoutMs, everyMs: 100 });
  if (text !== '') throw new Error(`the machine is not as it was before (- gone, + left behind):\n${text}`);
}

/** One line for each thing that is only in one of them; empty when they are equal. */
export function difference(before: Census, after: Census): string {
  const lines: string[] = [];
  for (const category of Object.keys(before)) {
    const was = countLines(before[category] ?? []);
    const is = countLines(after[category] ?? []);
    for (const line of new Set([...was.keys(), ...is.keys()])) {
      const more = (is.get(line) ?? 0) - (was.get(line) ?? 0);
      if (more !== 0) lines.push(`${more > 0 ? '+' : '-'} ${category}: ${line}`);
    }
  }
  return lines.slice(0, 60).join('\n');
}

function countLines(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Mount points with their type; the pinned namespaces are among them (nsfs). */
async function readMounts(machine: Machine): Promise<readonly string[]> {
  const lines = (await machine.mountInfo()).split('\n').filter((line) => line !== '');
  return lines.map(parseMount).sort();
}

function parseMount(line: string): string {
  const [left = '', right = ''] = line.split(' - ');
  const target = left.split(' ')[4] ?? '';
  return `${right.split(' ')[0] ?? ''} ${target}`;
}

/** Zombies that only PID 1 can reap are not ours to count: it takes its time. */
async function readProcesses(machine: Machine): Promise<readonly string[]> {
  const members = await machine.members();
  return members
    .filter((member) => member.state !== 'Z' || member.parentPid !== 1)
    .map(describeProcess)
    .sort();
}

function describeProcess(member: Member): string {
  if (member.state === 'Z')
    return `zombie of ${member.parentPid === 1 ? 'init' : 'a parent that does not wait'}`;
  return member.argv.join(' ').slice(0, 200);
}

async function readFiles(scope: CensusScope): Promise<readonly string[]> {
  const found: string[] = [];
  for (const dir of scope.dirs) await walk(dir, '', found);
  return found.filter((line) => scope.ignore?.test(line) !== true).sort();
}

/** Does not descend into what is mounted there as a container's root: its content is not ours. */
async function walk(base: string, relative: string, found: string[]): Promise<void> {
  const path = join(base, relative);
  for (const name of await readNames(path)) {
    const inner = join(relative, name);
    const kind = await kindOf(join(base, inner));
    if (kind === null) continue;
    found.push(`${kind} ${join(base, inner)}`);
    if (kind === 'dir') await walk(base, inner, found);
  }
}

async function readNames(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch {
    // Removed while we looked.
    return [];
  }
}

async function kindOf(path: string): Promise<string | null> {
  try {
    const stat = await lstat(path);
    if (stat.isDirectory()) return 'dir';
    if (stat.isFIFO()) return 'fifo';
    if (stat.isSocket()) return 'socket';
    return stat.isSymbolicLink() ? 'link' : 'file';
  } catch {
    return null;
  }
}

/** One file an address, made by host-local; its lock and its memory of the last one stay. */
async function readAddresses(machine: Machine): Promise<readonly string[]> {
  const found: string[] = [];
  for (const network of await readNames(addressDir(machine))) {
    for (const name of await readNames(join(addressDir(machine), network))) {
      if (name !== 'lock' && !name.startsWith('last_reserved_ip')) found.push(`${network} ${name}`);
    }
  }
  return found.sort();
}

async function readLinks(machine: Machine): Promise<readonly string[]> {
  const table = await readFile(`/proc/${machine.holderPid}/net/dev`, 'utf8');
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.split(':')[0]?.trim() ?? '')
    .filter((name) => name !== '')
    .sort();
}

/** Rules and chains of one's own; the built-in chains appear with the first of them. */
async function readRules(machine: Machine): Promise<readonly string[]> {
  const { stdout } = await machine.try('iptables-save');
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => /^(?:-|:\S+ - )/.test(line))
    .map((line) => line.replace(/ \[\d+:\d+\]/, ''))
    .sort();
}
