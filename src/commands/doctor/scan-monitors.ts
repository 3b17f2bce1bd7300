/**
 * Monitors that nobody can reach any more, and pods whose monitor is dead. An idle monitor whose socket is there is kept
 * for the next pod and is no finding. Ending a monitor never ends a container.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../../base/errors.ts';
import type { Finding } from './finding.ts';
import type { Scene } from './scan.ts';
import { listNames } from './known.ts';

type Monitor = { readonly pid: number; readonly socket: string; readonly slot: string };

export async function scanMonitors(scene: Scene): Promise<readonly Finding[]> {
  const dir = join(scene.runDir, 'monitors');
  const monitors = await findMonitors(dir);
  const slots = await listNames(dir);
  const lost = monitors.filter(({ slot }) => !slots.includes(slot)).map((monitor) => lostFinding(monitor));
  const doubled = monitors
    .filter((monitor) => monitors.some((other) => other.slot === monitor.slot && other.pid > monitor.pid))
    .map(({ pid, slot }) => finding(`pid ${pid}`, `slot "${slot}" has a second monitor`));
  return [...lost, ...doubled, ...deadFindings(scene, monitors)];
}

/** By their command line, or the title that they give themselves: `… --socket RUN_DIR/monitors/SLOT/control`. */
async function findMonitors(dir: string): Promise<readonly Monitor[]> {
  const monitors: Monitor[] = [];
  for (const name of await readdir('/proc')) {
    const socket = /^\d+$/.test(name) ? await socketOf(name) : null;
    if (socket === null || dirname(dirname(socket)) !== dir) continue;
    monitors.push({ pid: Number(name), socket, slot: basename(dirname(socket)) });
  }
  return monitors;
}

/** The socket that a process was told to serve, or null. */
async function socketOf(pid: string): Promise<string | null> {
  try {
    const line = await readFile(`/proc/${pid}/cmdline`, 'latin1');
    return /(?:^|[\0 ])--socket[\0 ](\/[^\0]+)/.exec(line)?.[1]?.trimEnd() ?? null;
  } catch (error) {
    // Ended while we looked.
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ESRCH') return null;
    throw error;
  }
}

function lostFinding({ pid, socket }: Monitor): Finding {
  return {
    ...finding(`pid ${pid}`, `its socket "${socket}" is gone: nobody can reach it`),
    repair: async (kernel) => {
      using handle = kernel.openProcess(pid);
      // Asked again, now that the pid cannot pass to another process: it may have done so since the scan.
      if ((await socketOf(String(pid))) === socket) handle.signal(9);
    },
  };
}

function deadFindings(scene: Scene, monitors: readonly Monitor[]): readonly Finding[] {
  const alive = new Set(monitors.map(({ slot }) => slot));
  const wanted = new Map<string, number>();
  for (const { monitor } of scene.known.pods.values()) wanted.set(monitor, (wanted.get(monitor) ?? 0) + 1);
  return [...wanted]
    .filter(([slot]) => !alive.has(slot))
    .map(([slot, pods]) =>
      finding(`slot ${slot}`, `dead, and serves ${pods} pods: the daemon starts a successor when it starts`),
    );
}

function finding(id: string, what: string): Finding {
  return { kind: 'monitor', id, what, repair: null };
}
