/**
 * The oom_score_adj of a container's processes, which no runtime changes once they live. Those that do not have the first
 * process's score chose one of their own and keep it; processes that come later have their parent's. Source: proc_pid_oom_score_adj(5).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { errnoOf } from '../base/errors.ts';

type Change = { readonly path: string; readonly before: string };

/** @returns what puts the scores back. @throws the file system's error, with all of them put back */
export async function setOomScores(
  processes: { readonly first: number; readonly all: readonly number[] },
  score: number,
): Promise<() => Promise<void>> {
  const changed: Change[] = [];
  const undo = async (): Promise<void> => {
    for (const { path, before } of changed) await write(path, before);
  };
  try {
    const own = await read(pathOf(processes.first));
    for (const path of processes.all.map(pathOf)) {
      const before = await read(path);
      if (before === null || before !== own) continue;
      changed.push({ path, before });
      await write(path, String(score));
    }
    return undo;
  } catch (error) {
    await undo().catch(() => undefined);
    throw error;
  }
}

function pathOf(pid: number): string {
  return `/proc/${pid}/oom_score_adj`;
}

/** Null: the process has ended. */
async function read(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

async function write(path: string, score: string): Promise<void> {
  try {
    await writeFile(path, score);
  } catch (error) {
    if (!isGone(error)) throw error;
    // The process ended meanwhile: it needs no score.
  }
}

function isGone(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ESRCH';
}
