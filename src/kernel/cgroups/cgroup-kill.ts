/**
 * Ends the processes of a cgroup without losing a race against their forks: by cgroup.kill where the kernel has it, else
 * frozen first. Every loop is bounded: a process that hangs in the kernel does not die, and is reported.
 */
import { join } from 'node:path';
import { SyscallError } from '../../base/errors.ts';
import { sleepMs } from '../../base/time.ts';
import { fsFailure, listDeepestFirst, readText, writeText } from './cgroup-files.ts';
import type { Hierarchy } from './cgroup-layout.ts';

export type Place = { readonly hierarchy: Hierarchy; readonly directory: string };

const sigkill = 9;
const pausesMs = [1, 2, 5, 10, 20, 50, 100, 200, 300, 300] as const;

/** The processes in cgroup directories and below them, each once. */
export async function listPids(directories: readonly string[]): Promise<readonly number[]> {
  const pids = new Set<number>();
  for (const root of directories) {
    for (const directory of await listDeepestFirst(root)) {
      const text = (await readText(join(directory, 'cgroup.procs'))) ?? '';
      // 0 stands for a process of a pid namespace that we do not see: kill(0) would be us.
      for (const line of text.split('\n')) if (/^[1-9][0-9]*$/.test(line)) pids.add(Number(line));
    }
  }
  return [...pids].toSorted((a, b) => a - b);
}

/** @returns the processes that are left */
export async function killAll(places: readonly Place[], signalNumber: number): Promise<readonly number[]> {
  const directories = places.map((place) => place.directory);
  // First those hierarchies where nothing can fork away; the others find nothing left, or what only they have.
  const isSafe = ({ hierarchy }: Place): boolean =>
    hierarchy.version === 'v2' || hierarchy.controllers.includes('freezer');
  const inOrder = [...places.filter(isSafe), ...places.filter((place) => !isSafe(place))];
  if (signalNumber !== sigkill) {
    signalPids(await listPids(directories), signalNumber);
    return await listPids(directories);
  }
  for (const pauseMs of pausesMs) {
    if ((await listPids(directories)).length === 0) return [];
    for (const place of inOrder) await killIn(place);
    await sleepMs(pauseMs);
  }
  return await listPids(directories);
}

async function killIn({ hierarchy, directory }: Place): Promise<void> {
  if (hierarchy.version === 'v2') {
    if (!(await tryWrite(join(directory, 'cgroup.kill'), '1')))
      signalPids(await listPids([directory]), sigkill);
    return;
  }
  if (!hierarchy.controllers.includes('freezer')) {
    signalPids(await listPids([directory]), sigkill);
    return;
  }
  await tryWrite(join(directory, 'freezer.state'), 'FROZEN');
  try {
    await untilFrozen(directory);
    signalPids(await listPids([directory]), sigkill);
  } finally {
    // A frozen process dies only when it is thawed; a paused container below is frozen by itself.
    for (const below of (await listDeepestFirst(directory)).toReversed())
      await tryWrite(join(below, 'freezer.state'), 'THAWED');
  }
}

/** Bounded: a process in an uninterruptible wait freezes late or never; it is killed all the same. */
async function untilFrozen(directory: string): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    if ((await readText(join(directory, 'freezer.state')))?.trim() !== 'FREEZING') return;
    await sleepMs(2);
  }
}

/** @returns false when there is no such file. @throws SyscallError write */
async function tryWrite(path: string, value: string): Promise<boolean> {
  try {
    await writeText(path, value);
    return true;
  } catch (error) {
    if (error instanceof SyscallError && (error.errno === 'ENOENT' || error.errno === 'ENODEV')) return false;
    throw error;
  }
}

function signalPids(pids: readonly number[], signalNumber: number): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signalNumber);
    } catch (error) {
      const failure = fsFailure('kill', `pid ${pid}`, error);
      // It ended meanwhile: that is what was wanted.
      if (failure.errno !== 'ESRCH') throw failure;
    }
  }
}
