/**
 * What no record claims: pods and containers that were in the making when a daemon died. Their ids stand in the names of
 * everything they own, so everything is found and undone. Runs beside the serving daemon, once, after start; whatever is
 * being made now is left alone.
 */
import { readdir, rm } from 'node:fs/promises';
import { errnoOf } from '../base/errors.ts';
import {
  absolutePath,
  joinPath,
  parseContainerId,
  parsePodId,
  type ContainerId,
  type PodId,
} from '../base/ids.ts';
import { removeContainerFiles } from '../containers/container-files.ts';
import { removePodFiles } from '../pods/pod-files.ts';
import { unpinPodNamespaces } from '../pods/pod-namespaces.ts';
import { endLeftExec, findLeftExecs, type LeftExec } from '../runtime/sessions/exec-files.ts';
import type { Services } from '../services.ts';

export type SweepServices = Pick<
  Services,
  'store' | 'paths' | 'kernel' | 'handlers' | 'monitors' | 'images' | 'network' | 'cgroups' | 'config' | 'log'
>;

/** The ids that were there when the daemon started: only these may be swept. */
export type Found = {
  readonly pods: readonly PodId[];
  readonly containers: readonly ContainerId[];
  readonly execs: readonly LeftExec[];
};

/** Lists what no record claims, before any call is served. */
export async function findUnclaimed(services: SweepServices): Promise<Found> {
  const { store, paths, images } = services;
  await removeTerminalSockets(services);
  const podIds = (await namesIn(paths.pods)).map(parsePodId);
  const runIds = (await namesIn(paths.containers)).map(parseContainerId);
  const stageIds = (await namesIn(paths.stages)).map(parseContainerId);
  const rootIds = [...images.foundRootfses.map((rootfs) => rootfs.containerId), ...images.foundVolumes];
  // A pod whose record was damaged goes only with its last container.
  const serving = new Set([...store.containers.all()].map((record) => record.podId));
  const isPodInit = (id: string): boolean => store.pods.get(parsePodId(id)) !== null;
  return {
    execs: await leftExecs(services),
    pods: podIds.filter((id) => store.pods.get(id) === null && !serving.has(id)),
    containers: [...new Set([...runIds, ...stageIds, ...rootIds])].filter(
      (id) => store.containers.get(id) === null && !isPodInit(id),
    ),
  };
}

/** Of living containers: with the others their processes have ended. */
async function leftExecs({ store, paths }: SweepServices): Promise<readonly LeftExec[]> {
  const living = [...store.containers.all()].filter(({ exit }) => exit === null);
  const found = living.map(async ({ id }) => await findLeftExecs(id, paths.container(id).dir));
  return (await Promise.all(found)).flat();
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).filter((name) => /^[0-9a-f]{64}$/.test(name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Sockets for handing terminals over: none can be in use when a daemon has just started. */
async function removeTerminalSockets(services: SweepServices): Promise<void> {
  const { runDir } = services.paths;
  const names = (await readdir(runDir)).filter((name) => name.endsWith('.tty'));
  await Promise.all(names.map(async (name) => await rm(joinPath(runDir, name), { force: true })));
}

/** Undoes it. Never throws: each failure is logged, and the next start tries again. */
export async function sweep(services: SweepServices, found: Found): Promise<void> {
  await Promise.all(
    found.execs.map(async (left) => {
      const what = { kind: 'exec', id: left.containerId };
      await attempt(services, what, async () => await endLeftExec(left));
    }),
  );
  for (const id of found.containers)
    await attempt(services, { kind: 'container', id }, async () => await sweepContainer(services, id));
  for (const id of found.pods)
    await attempt(services, { kind: 'pod', id }, async () => await sweepPod(services, id));
  const living = [...services.store.pods.all()].filter((pod) => pod.isNetworkOwed).map((pod) => pod.id);
  for (const failure of await services.network.sweep(living)) services.log.warn({ failure }, 'sweep network');
}

async function attempt(
  services: SweepServices,
  what: { readonly kind: string; readonly id: string },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
    services.log.info({ [what.kind]: what.id }, 'swept what no record claims');
  } catch (error) {
    services.log.error({ [what.kind]: what.id, err: error }, 'sweep');
  }
}

async function sweepContainer(services: SweepServices, id: ContainerId): Promise<void> {
  for (const { name } of await services.handlers.reports()) {
    const { runtime } = await services.handlers.get(name);
    await runtime.delete(id);
  }
  for (const { name } of services.monitors.list()) await services.monitors.forget(name, id);
  await services.images.removeRootfs(id);
  await services.images.removeVolumes(id);
  await removeContainerFiles(services, id);
}

async function sweepPod(services: SweepServices, id: PodId): Promise<void> {
  const paths = services.paths.pod(id);
  await services.network.detach({
    id,
    metadata: { name: '', uid: '', namespace: '', attempt: 0 },
    netns: paths.net,
  });
  await unpinPodNamespaces(services, paths);
  await removePodFiles(services, paths);
  const parent = services.config.current.runtime.cgroupParent;
  if (parent.startsWith('/')) await services.cgroups.remove(joinPath(absolutePath(parent), `pod-${id}`));
}
