/**
 * Finds out whether pods can have user namespaces with an OCI runtime here, by doing all of it once: namespaces owned by a
 * user namespace, a root file system with id-mapped layers where the containers' will be, and a container that joins.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { explain } from '../../base/errors.ts';
import { absolutePath, joinPath, type AbsolutePath } from '../../base/ids.ts';
import type { MountEntry } from '../../kernel/contract/mounts.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { ociIdMappings } from '../../spec/namespaces.ts';
import type { IdMap } from '../../spec/requests/id-mapping.ts';
import type { HandlerFeatures } from './handlers.ts';
import { MountStage, removeStage, type StageKernel } from '../mount-stage.ts';
import { holdNamespaces } from '../namespace-holder.ts';
import type { Programs } from '../programs/programs.ts';
import type { TrialSpec } from './readonly-trial.ts';

export type UserNamespaceTrial = {
  readonly kernel: StageKernel & Pick<Kernel, 'pipe' | 'mountOverlay' | 'unmountAll' | 'mounts'>;
  readonly programs: Programs;
  /** Ours alone; on the file system of the containers' root file systems. */
  readonly dataDir: AbsolutePath;
  readonly stageDir: AbsolutePath;
  /** A specification that the runtime can run here; its root has the directories `proc` and `sys`. */
  readonly spec: TrialSpec;
  /** Creates a container of that specification with a tree of several mounts. @throws with the runtime's own words */
  readonly bindTree: (spec: TrialSpec) => Promise<readonly MountEntry[]>;
};

/** Any ids that are not the host's root will do. */
const ids = { containerId: 0, hostId: 65_536, length: 65_536 };
const idMap: IdMap = { uids: [ids], gids: [ids] };

type Found = Pick<HandlerFeatures, 'userNamespaceFault' | 'hasRecursiveUserBinds'>;

export async function tryUserNamespaces(trial: UserNamespaceTrial): Promise<Found> {
  const merged = joinPath(trial.dataDir, 'merged');
  try {
    await removeTrialRoot(trial, merged);
    await using holder = await holdNamespaces(trial, { idMap, kinds: ['net', 'ipc', 'uts'] });
    const lower = joinPath(trial.dataDir, 'lower');
    for (const name of ['proc', 'sys', 'dev', 'host-sys', 'tree'])
      await mkdir(joinPath(lower, name), { recursive: true, mode: 0o755 });
    await writeFile(joinPath(lower, 'init'), '');
    await mountMapped(trial, merged, holder.userNamespace);
    await using stage = await MountStage.open(trial.kernel, { dir: trial.stageDir, gid: ids.hostId });
    const root = await stage.addRoot(merged);
    const tree = await trial.bindTree(specIn(trial.spec, root, holder.pid));
    return { userNamespaceFault: null, hasRecursiveUserBinds: tree.length > 1 };
  } catch (error) {
    return { userNamespaceFault: explain(error), hasRecursiveUserBinds: false };
  } finally {
    await removeTrialRoot(trial, merged);
  }
}

async function mountMapped(
  trial: UserNamespaceTrial,
  merged: AbsolutePath,
  userNamespace: AbsolutePath,
): Promise<void> {
  const [lower, upperDir, workDir] = ['lower', 'upper', 'work'].map((name) => joinPath(trial.dataDir, name));
  if (lower === undefined || upperDir === undefined || workDir === undefined) return;
  for (const path of [upperDir, workDir, merged]) await mkdir(path, { mode: 0o755 });
  await trial.kernel.mountOverlay({
    lowerDirs: [lower],
    writable: { upperDir, workDir },
    target: merged,
    flags: [],
    idMap: userNamespace,
  });
}

async function removeTrialRoot(trial: UserNamespaceTrial, merged: AbsolutePath): Promise<void> {
  await removeStage(trial.kernel, trial.stageDir);
  await trial.kernel.unmountAll(merged);
  await rm(trial.dataDir, { recursive: true, force: true });
}

/** A new sysfs, as pods have it, and the host's, as pods in the host's network have it. */
function specIn(spec: TrialSpec, root: AbsolutePath, holderPid: number): TrialSpec {
  const path = (kind: string): AbsolutePath => absolutePath(`/proc/${holderPid}/ns/${kind}`);
  const plain = ['nosuid', 'noexec', 'nodev', 'ro'];
  return {
    ...spec,
    root: { path: root, readonly: true },
    mounts: [
      ...spec.mounts,
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: plain },
      { destination: '/host-sys', type: 'bind', source: '/sys', options: ['rbind', 'rprivate', ...plain] },
    ],
    linux: {
      ...spec.linux,
      ...ociIdMappings(idMap),
      namespaces: [
        { type: 'mount' },
        { type: 'pid' },
        { type: 'user', path: path('user') },
        { type: 'network', path: path('net') },
        { type: 'ipc', path: path('ipc') },
        { type: 'uts', path: path('uts') },
      ],
    },
  };
}
