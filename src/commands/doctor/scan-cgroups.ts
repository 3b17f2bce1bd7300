/**
 * Cgroups that cri-ts made for pods or containers that have no record. Only names of our form are looked at, and only where
 * this daemon puts them: other runtimes, and daemons with other directories, keep theirs in the same trees.
 *
 *   cgroupfs  …/cri-ts-ID, /cri-ts/pod-ID        systemd  …/cri-ts-ID.scope
 */
import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../base/errors.ts';
import { sleepMs } from '../../base/time.ts';
import { readMounts } from '../../kernel/mountinfo.ts';
import type { Finding } from './finding.ts';
import type { Scene } from './scan.ts';
import { isKnown } from './known.ts';

const nameForm = /^(?:cri-ts|pod)-([0-9a-f]{64})(?:\.scope)?$/;
const maxDepth = 12;
const killPatienceMs = 2000;
const pollMs = 20;

export async function scanCgroups(scene: Scene): Promise<readonly Finding[]> {
  const hierarchies = (await readMounts()).filter(({ type }) => type === 'cgroup' || type === 'cgroup2');
  const findings = new Map<string, Finding>();
  for (const { target } of hierarchies) {
    for (const parent of parentsOf(scene))
      await walk(scene, { path: join(target, parent), depth: 0 }, findings);
  }
  return [...findings.values()];
}

/** Of pods without a parent, of the kubelet's pods, and of all pods that there are. */
function parentsOf(scene: Scene): ReadonlySet<string> {
  const ofPods = [...scene.known.pods.values()].map(({ cgroupParent }) => cgroupParent);
  return new Set([scene.cgroupParent, 'kubepods', 'kubepods.slice', 'system.slice', ...ofPods]);
}

type Place = { readonly path: string; readonly depth: number };

async function walk(scene: Scene, place: Place, findings: Map<string, Finding>): Promise<void> {
  if (place.depth > maxDepth) return;
  for (const name of await listDirectories(place.path)) {
    const path = join(place.path, name);
    const [, id] = nameForm.exec(name) ?? [];
    if (id !== undefined && !isKnown(scene.known, id)) findings.set(path, await cgroupFinding(path));
    else await walk(scene, { path, depth: place.depth + 1 }, findings);
  }
}

async function listDirectories(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    // Cgroups come and go while we walk.
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function cgroupFinding(path: string): Promise<Finding> {
  const count = (await processesBelow(path)).length;
  return {
    kind: 'cgroup',
    id: path,
    what: `of no pod or container${count === 0 ? '' : `, with ${count} ${count === 1 ? 'process' : 'processes'}`}`,
    repair: async () => await removeCgroup(path),
  };
}

/** Ends what is left in it, then removes it, deepest first. @throws the kernel's error when it stays busy */
async function removeCgroup(path: string): Promise<void> {
  const deadlineMs = performance.now() + killPatienceMs;
  for (;;) {
    const pids = await processesBelow(path);
    for (const pid of pids) kill(pid);
    if (pids.length === 0 || performance.now() > deadlineMs) break;
    await sleepMs(pollMs);
  }
  await removeTree(path);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}

async function removeTree(path: string): Promise<void> {
  for (const name of await listDirectories(path)) await removeTree(join(path, name));
  try {
    await rmdir(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

async function processesBelow(path: string): Promise<readonly number[]> {
  const own = await readPids(join(path, 'cgroup.procs'));
  const below: number[] = [];
  for (const name of await listDirectories(path)) below.push(...(await processesBelow(join(path, name))));
  return [...own, ...below];
}

async function readPids(file: string): Promise<readonly number[]> {
  try {
    const text = await readFile(file, 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map(Number);
  } catch (error) {
    // Gone meanwhile, or a threaded cgroup, which lists no processes of its own.
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'EOPNOTSUPP' || errnoOf(error) === 'ENODEV')
      return [];
    throw error;
  }
}
