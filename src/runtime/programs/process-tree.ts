/**
 * Ends a process with all that descends from it: a probe's shell must not leave its children behind. Who has become an
 * orphan of the container is the container's.
 */
import { readdir, readFile } from 'node:fs/promises';

const maxProcesses = 4096;

/** Each is stopped before its children are read, so that none can be added. The caller knows that the pid is still the process's. */
export async function killTree(pid: number): Promise<void> {
  const found = [pid];
  for (let index = 0; index < found.length && found.length < maxProcesses; index += 1) {
    const next = found[index] ?? pid;
    send(next, 'SIGSTOP');
    found.push(...(await childrenOf(next)));
  }
  for (const target of [-pid, ...found]) send(target, 'SIGKILL');
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended already.
  }
}

/** Each thread has its own. Source: proc_tid_children(5). */
async function childrenOf(pid: number): Promise<readonly number[]> {
  // What has ended meanwhile has no children any more.
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = threads.map(
    async (thread) => await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''),
  );
  const words = (await Promise.all(lists)).flatMap((list) => list.split(' '));
  return words.filter((word) => word !== '').map(Number);
}
