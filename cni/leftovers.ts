/**
 * Plugins that an earlier life of the caller started and that still run, because only the caller was killed. They are
 * ended before a DEL of their container, so that an ADD cannot finish after it. Only processes whose environment names
 * the container are touched.
 */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleepFor } from 'node:timers/promises';

const pauseMs = 10;
const maxPauses = 100;

export class Leftovers {
  /** Looked up once: what an earlier life started can only become less. */
  #pids: Promise<ReadonlyMap<string, readonly number[]>> | null = null;

  /** Kills the container's leftover plugins and waits (at most a second) until they are gone. */
  async end(containerId: string): Promise<void> {
    this.#pids ??= findPlugins();
    for (const pid of (await this.#pids).get(containerId) ?? []) {
      for (let round = 0; round < maxPauses && (await containerOf(pid)) === containerId; round += 1) {
        kill(pid);
        await sleepFor(pauseMs);
      }
    }
  }
}

async function findPlugins(): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const containerId = await containerOf(Number(name));
    if (containerId !== null) found.set(containerId, [...(found.get(containerId) ?? []), Number(name)]);
  }
  return found;
}

/** The CNI_CONTAINERID of a process's environment; null for other, dead and forbidden processes. Source: proc(5). */
async function containerOf(pid: number): Promise<string | null> {
  try {
    const variables = (await readFile(`/proc/${pid}/environ`, 'latin1')).split('\0');
    if (!variables.some((variable) => variable.startsWith('CNI_COMMAND='))) return null;
    const id = variables.find((variable) => variable.startsWith('CNI_CONTAINERID='));
    return id?.slice('CNI_CONTAINERID='.length) ?? null;
  } catch {
    // It has ended meanwhile, or is a zombie (whose environment is gone), or not ours to see.
    return null;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
