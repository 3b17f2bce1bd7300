/**
 * The files of one exec in its container's run directory. They outlive the daemon, so that the next one finds the processes
 * of execs whose client and daemon are gone, and ends them.
 *
 *   exec-X-1.json  the process object   exec-X-1.log  the runtime's words   while the runtime starts it
 *   exec-X-1.pid   written by the runtime                                   while the process runs
 */
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { uptime } from 'node:os';
import { errnoOf } from '../../base/errors.ts';
import { joinPath, type AbsolutePath, type ContainerId } from '../../base/ids.ts';
import { sleepMs } from '../../base/time.ts';
import { startTimeTicks } from '../programs/process-identity.ts';
import { killTree } from '../programs/process-tree.ts';

export type ExecFiles = {
  readonly process: AbsolutePath;
  readonly pid: AbsolutePath;
  readonly log: AbsolutePath;
};

export function execFiles(dir: AbsolutePath, name: string): ExecFiles {
  const file = (kind: string): AbsolutePath => joinPath(dir, `${name}.${kind}`);
  return { process: file('json'), pid: file('pid'), log: file('log') };
}

/** An exec of a daemon that has died. */
export type LeftExec = { readonly containerId: ContainerId; readonly files: ExecFiles };

/** To be asked before any exec of this daemon is started. */
export async function findLeftExecs(
  containerId: ContainerId,
  dir: AbsolutePath,
): Promise<readonly LeftExec[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const execs = names.flatMap((name) => /^(exec-[0-9a-f]+-\d+)\.(?:json|pid|log)$/.exec(name)?.[1] ?? []);
  return [...new Set(execs)].map((name) => ({ containerId, files: execFiles(dir, name) }));
}

const startPatienceMs = 5_000;
const startPollMs = 50;

/** Ends what runs of it and removes its files. */
export async function endLeftExec({ containerId, files }: LeftExec): Promise<void> {
  await untilStarted(files);
  const pid = await pidIn(files);
  if (pid !== null && (await isOf(containerId, pid, files))) await killTree(pid);
  for (const path of Object.values(files)) await rm(path, { force: true });
}

/** A runtime that was starting the process when the daemon died goes on: only then does the process have a number. */
async function untilStarted(files: ExecFiles): Promise<void> {
  const isBegun = await stat(files.process).catch(() => null);
  if (isBegun === null) return;
  for (let waitedMs = 0; ; waitedMs += startPollMs) {
    const runtime = await processNaming(files.process);
    if (runtime === null) return;
    if (waitedMs >= startPatienceMs) return await killTree(runtime);
    await sleepMs(startPollMs);
  }
}

async function processNaming(path: AbsolutePath): Promise<number | null> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // It may have ended meanwhile.
    const words = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (words.split('\0').includes(path)) return Number(name);
  }
  return null;
}

async function pidIn(files: ExecFiles): Promise<number | null> {
  const text = await readFile(files.pid, 'utf8').catch(() => '');
  const pid = Number(text.trim());
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

/** The clock's coarseness, and what it may have been set by meanwhile. */
const clockSlackMs = 5_000;
/** USER_HZ of every Linux that Node runs on. Source: proc_pid_stat(5), starttime. */
const ticksPerSecond = 100;

/** Not a later process of the same number: it is in the container's cgroup, and is older than the file that names it. */
async function isOf(containerId: ContainerId, pid: number, files: ExecFiles): Promise<boolean> {
  const [cgroup, ticks, info] = await Promise.all([
    readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => ''),
    startTimeTicks(pid),
    stat(files.pid),
  ]);
  if (!cgroup.includes(containerId) || ticks === null) return false;
  const startedAtMs = Date.now() - uptime() * 1000 + (Number(ticks) / ticksPerSecond) * 1000;
  return startedAtMs <= info.mtimeMs + clockSlackMs;
}
