/**
 * Finds out whether an OCI runtime makes mounts read-only recursively, for runtimes that do not tell (crun before 1.8.6):
 * a container that is created and never started gets a tree of mounts, and the kernel shows what became of them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { absolutePath, joinPath, type AbsolutePath } from '../../base/ids.ts';
import type { MountEntry } from '../../kernel/contract/mounts.ts';
import { parseMountinfo } from '../../kernel/mountinfo.ts';
import { runtimeLogMessage } from './runtime-log.ts';
import type { OciRuntime } from './oci-runtime.ts';

export type TrialSpec = {
  readonly mounts: readonly object[];
  readonly linux: object;
  readonly [key: string]: unknown;
};

export type ReadonlyTrial = {
  readonly id: string;
  /** Holds `rootfs`; the trial's specification and pid file are put beside it. */
  readonly bundle: AbsolutePath;
  /** A specification that the runtime can run here. */
  readonly spec: TrialSpec;
  readonly signal: AbortSignal;
};

/** A tree of mounts that every machine has: devpts and often more lie on it. */
export const treeSource = absolutePath('/dev');
const target = '/tree';

/** False also when the runtime cannot create the container, or when nothing is mounted on the tree. */
export async function isReadonlyRecursive(runtime: OciRuntime, trial: ReadonlyTrial): Promise<boolean> {
  // A runtime that cannot create it says so in a hundred ways; in all of them there is no such mount.
  const tree = await mountedTree(runtime, trial, ['ro', 'rro']).catch(() => []);
  return tree.length > 1 && tree.every((mount) => mount.options.includes('ro'));
}

/** Binds a tree of mounts in a new container. @returns what is there then. @throws with the runtime's own words */
export async function mountedTree(
  runtime: OciRuntime,
  trial: ReadonlyTrial,
  options: readonly string[],
): Promise<readonly MountEntry[]> {
  const mount = {
    destination: target,
    type: 'bind',
    source: treeSource,
    options: ['rbind', 'rprivate', ...options],
  };
  const spec = { ...trial.spec, mounts: [...trial.spec.mounts, mount] };
  await writeFile(joinPath(trial.bundle, 'config.json'), JSON.stringify(spec));
  const pidFile = joinPath(trial.bundle, 'pid');
  try {
    await create(runtime, pidFile, trial);
    const pid = Number(await readFile(pidFile, 'utf8'));
    return treeOf(await readFile(`/proc/${pid}/mountinfo`, 'utf8'));
  } finally {
    await runtime.delete(trial.id);
  }
}

/** Without pipes: the container would hold them open. */
async function create(runtime: OciRuntime, pidFile: string, trial: ReadonlyTrial): Promise<void> {
  const log = joinPath(trial.bundle, 'log');
  const logging = ['--log', log, '--log-format', 'json'];
  const program = runtime.programs.start({
    ...runtime.program(...logging, 'create', '--bundle', trial.bundle, '--pid-file', pidFile, trial.id),
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  trial.signal.addEventListener('abort', program.kill, { once: true });
  const { exitCode } = await program.ended;
  trial.signal.removeEventListener('abort', program.kill);
  if (exitCode !== 0) throw new Error(await runtimeLogMessage(log));
}

/** Source: proc_pid_mountinfo(5). */
function treeOf(mountinfo: string): readonly MountEntry[] {
  return parseMountinfo(mountinfo).filter(
    (mount) => mount.target === target || mount.target.startsWith(`${target}/`),
  );
}
