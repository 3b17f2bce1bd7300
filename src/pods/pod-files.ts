/**
 * The files of a pod in its run directory: hostname, resolv.conf and the /dev/shm that its containers share.
 */
import { chown, copyFile, rm, writeFile } from 'node:fs/promises';
import { ensureDirectory } from '../base/files.ts';
import { together } from '../base/together.ts';
import { errnoOf } from '../base/errors.ts';
import type { Rollback } from '../base/rollback.ts';
import type { Services } from '../services.ts';
import { hostRootOf } from '../spec/requests/id-mapping.ts';
import { labelsOf } from '../spec/container-spec.ts';
import type { PodConfig } from '../spec/requests/pod-config.ts';
import type { PodPlan } from '../spec/pod-plan.ts';
import type { PodPaths } from '../store/paths.ts';

/** A pod in the making. */
export type PodInMaking = {
  readonly plan: PodPlan;
  readonly config: PodConfig;
  readonly paths: PodPaths;
  readonly selinuxLevel: string | null;
};

const hostResolvConf = '/etc/resolv.conf';

/** Makes the run directory; its undo takes everything in it along. */
export async function makePodDirectory(
  services: Pick<Services, 'kernel'>,
  paths: PodPaths,
  rollback: Rollback,
): Promise<void> {
  rollback.defer('remove pod directory', async () => await removePodFiles(services, paths));
  await ensureDirectory(paths.dir);
}

export async function makePodFiles(
  services: Pick<Services, 'kernel' | 'host'>,
  pod: PodInMaking,
): Promise<void> {
  const { plan, paths } = pod;
  const label = labelsOf(pod, null, services.host.selinux)?.mount ?? null;
  await together([
    writeFile(paths.hostname, plan.hostnameFile, { mode: 0o644 }),
    plan.resolvConf === null
      ? copyHostResolvConf(paths)
      : writeFile(paths.resolvConf, plan.resolvConf, { mode: 0o644 }),
    plan.shmSizeBytes === null ? undefined : mountShm(services, pod, label),
  ]);
  const root = plan.namespaces.user === null ? null : hostRootOf(plan.namespaces.user);
  if (label !== null)
    for (const path of [paths.hostname, paths.resolvConf]) await services.kernel.labelTree(path, label);
  // What belongs to root belongs to the root of the pod.
  if (root !== null)
    for (const path of [paths.hostname, paths.resolvConf]) await chown(path, root.uid, root.gid);
}

async function copyHostResolvConf(paths: PodPaths): Promise<void> {
  try {
    await copyFile(hostResolvConf, paths.resolvConf);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    await writeFile(paths.resolvConf, '', { mode: 0o644 });
  }
}

async function mountShm(
  services: Pick<Services, 'kernel'>,
  { plan, paths }: PodInMaking,
  label: string | null,
): Promise<void> {
  const root = plan.namespaces.user === null ? null : hostRootOf(plan.namespaces.user);
  const owner = root === null ? '' : `,uid=${root.uid},gid=${root.gid}`;
  const context = label === null ? '' : `,context="${label}"`;
  await ensureDirectory(paths.shm);
  await services.kernel.mount({
    source: 'shm',
    target: paths.shm,
    type: 'tmpfs',
    flags: ['nosuid', 'nodev', 'noexec'],
    data: `mode=1777,size=${plan.shmSizeBytes ?? 0n}${owner}${context}`,
  });
}

/** Removes the run directory with what is mounted in it; done already is done. */
export async function removePodFiles(services: Pick<Services, 'kernel'>, paths: PodPaths): Promise<void> {
  await services.kernel.unmountAll(paths.shm);
  await rm(paths.dir, { recursive: true, force: true });
}
