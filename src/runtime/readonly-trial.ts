/**
 * Finds out whether an OCI runtime makes mounts read-only recursively, for runtimes that do not tell (crun before 1.8.6):
 * a container that is created and never started gets a tree of mounts, and the kernel shows what became of them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { joinPath, type AbsolutePath } from '../base/ids.ts';
import { runCommand, type CommandResult } from '../base/process.ts';
import { sleepMs } from '../base/time.ts';
import { parseMountinfo } from '../kernel/mountinfo.ts';
import type { OciRuntime } from './oci-runtime.ts';

export type ReadonlyTrial = {
  readonly id: string;
  /** Holds `rootfs`; the trial's specification and pid file are put beside it. */
  readonly bundle: AbsolutePath;
  /** A specification that the runtime can run here. */
  readonly spec: { readonly mounts: readonly object[] };
  readonly signal: AbortSignal;
};

const createTimeoutMs = 20_000;
const pollMs = 5;
/** A tree of mounts that every machine has: devpts and often more lie on it. */
const source = '/dev';
const target = '/tree';

/** False also when the runtime cannot create the container, or when nothing is mounted on the tree. */
export async function isReadonlyRecursive(runtime: OciRuntime, trial: ReadonlyTrial): Promise<boolean> {
  const mount = { destination: target, type: 'bind', source, options: ['rbind', 'rprivate', 'ro', 'rro'] };
  const spec = { ...trial.spec, mounts: [...trial.spec.mounts, mount] };
  await writeFile(joinPath(trial.bundle, 'config.json'), JSON.stringify(spec));
  const pidFile = joinPath(trial.bundle, 'pid');
  const { argv, env } = runtime.command();
  const creation = runCommand({
    argv: [...argv, 'create', '--bundle', trial.bundle, '--pid-file', pidFile, trial.id],
    env,
    timeoutMs: createTimeoutMs,
  });
  try {
    if (!(await isCreated(runtime, trial, creation))) return false;
    const pid = Number(await readFile(pidFile, 'utf8'));
    return showsReadonlyTree(await readFile(`/proc/${pid}/mountinfo`, 'utf8'));
  } finally {
    // The container holds the output of `create` open: it goes first.
    await runtime.delete(trial.id).catch(() => undefined);
    await creation;
  }
}

async function isCreated(
  runtime: OciRuntime,
  { id, signal }: ReadonlyTrial,
  creation: Promise<CommandResult>,
): Promise<boolean> {
  let isOver = false;
  const over = (): void => void (isOver = true);
  creation.then(over, over);
  while (!isOver) {
    if ((await runtime.state(id)) === 'created') return true;
    await sleepMs(pollMs, signal);
  }
  return false;
}

/** True when something is mounted on the tree and all of it is read-only. Source: proc_pid_mountinfo(5). */
function showsReadonlyTree(mountinfo: string): boolean {
  const tree = parseMountinfo(mountinfo).filter(
    (mount) => mount.target === target || mount.target.startsWith(`${target}/`),
  );
  return tree.length > 1 && tree.every((mount) => mount.options.includes('ro'));
}
