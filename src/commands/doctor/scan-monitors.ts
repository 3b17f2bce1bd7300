/**
 * Monitors that nobody can reach any more, and pods whose monitor is dead. An idle monitor whose socket is there is kept
 * for the next pod and is no finding. Ending a monitor never ends a container.
 */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf } from '../../base/errors.ts';
import type { Finding, Scene } from './finding.ts';
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

/** By their command line: `… --socket RUN_DIR/monitors/SLOT/control`. */
async function findMonitors(dir: string): Promise<readonly Monitor[]> {
  const monitors: Monitor[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const argv = await readCommandLine(name);
    const socket = argv[argv.indexOf('--socket') + 1];
    if (!argv.includes('--socket') || socket === undefined || dirname(dirname(socket)) !== dir) continue;
    monitors.push({ pid: Number(name), socket, slot: dirname(socket).slice(dir.length + 1) });
  }
  return monitors;
}

async function readCommandLine(pid: string): Promise<readonly string[]> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'latin1')).split('\0');
  } catch (error) {
    // Ended while we looked.
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ESRCH') return [];
    throw error;
  }
}

function lostFinding({ pid, socket }: Monitor): Finding {
  return {
    ...finding(`pid ${pid}`, `its socket "${socket}" is gone: nobody can reach it`),
    repair: async (kernel) => {
      using handle = kernel.openProcess(pid);
      // Asked again, now that the pid cannot pass to another process: it may have done so since the scan.
      if ((await readCommandLine(String(pid))).includes(socket)) handle.signal(9);
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
