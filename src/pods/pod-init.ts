/**
 * The first process of a pod's shared PID namespace: a program of the host in an otherwise empty root, run like a container
 * by the pod's handler and monitor. It reaps orphans and does nothing else; pods with a PID namespace per container have
 * none. It is known to monitor and runtime by the pod's id.
 */
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { failedPrecondition } from '../base/errors.ts';
import { joinPath, type AbsolutePath } from '../base/ids.ts';
import { removeContainerFiles } from '../containers/container-files.ts';
import type { Rollback } from '../base/rollback.ts';
import { sleepMs } from '../base/time.ts';
import type { Handler } from '../runtime/handlers/handlers.ts';
import { MountStage } from '../runtime/mount-stage.ts';
import { isAlive, openIdentified } from '../runtime/programs/process-identity.ts';
import type { Services } from '../services.ts';
import { hostRootOf, type IdMap } from '../spec/requests/id-mapping.ts';
import { planPodInit } from '../spec/init-spec.ts';
import { stringifyOci } from '../spec/oci-spec.ts';
import type { PodConfig } from '../spec/requests/pod-config.ts';
import { sigkill } from '../spec/signals.ts';
import type { PodPlan } from '../spec/pod-plan.ts';
import type { PodRecord, ProcessIdentity } from '../store/pod-record.ts';
import type { PodInMaking } from './pod-files.ts';
import { describe } from './pod-material.ts';

export type InitServices = Pick<Services, 'kernel' | 'monitors' | 'handlers' | 'paths' | 'host' | 'cgroups'>;

export type InitRequest = PodInMaking & {
  readonly config: PodConfig;
  readonly pins: PodRecord['pins'];
  readonly handler: Handler;
  readonly monitor: string;
};

const createTimeoutMs = 60_000;
const endPatienceMs = 10_000;
const endPollMs = 5;

/** Starts the init; null when the pod's containers share no PID namespace. @throws NoInitProgram */
export async function startPodInit(
  services: InitServices,
  request: InitRequest,
  rollback: Rollback,
): Promise<ProcessIdentity | null> {
  const { plan, handler, monitor } = request;
  if (plan.namespaces.pid !== 'pod') return null;
  const initPath = services.host.initPath;
  if (initPath === null) {
    throw failedPrecondition(
      'NoInitProgram',
      'a shared PID namespace needs an init program (catatonit): none is installed; see init_path',
    );
  }
  const { dir, spec } = services.paths.container(plan.podId);
  const rootfs = joinPath(dir, 'rootfs');
  rollback.defer(
    'remove pod init',
    async () => await removeInit(services, { id: plan.podId, handler, monitor, process: null }),
  );
  await makeInitRoot(rootfs, plan.namespaces.user);
  const pod = describe({ ...request, pidNamespace: null });
  await using stage = await openInitStage(services, plan);
  const rootfsPath = stage === null ? rootfs : await stage.addRoot(rootfs);
  await writeFile(spec, stringifyOci(planPodInit({ pod, rootfsPath, initPath, host: services.host })), {
    mode: 0o600,
  });
  const { runtime } = handler;
  const created = await services.monitors.request(monitor, 'create', {
    params: {
      containerId: plan.podId,
      runtime: runtime.command(),
      files: { bundleDir: dir, runDir: dir, logPath: null },
      isTerminal: false,
      hasStdin: false,
      isStdinOnce: false,
      createArgs: [],
      timeoutMs: createTimeoutMs,
      masterMailbox: null,
    },
    timeoutMs: createTimeoutMs + 5_000,
  });
  await runtime.start(plan.podId);
  return { pid: created.pid, startTimeTicks: created.startTimeTicks };
}

/** The root of a user namespace may not pass through our directories. */
async function openInitStage(services: InitServices, plan: PodPlan): Promise<MountStage | null> {
  if (plan.namespaces.user === null) return null;
  const gid = hostRootOf(plan.namespaces.user)?.gid ?? null;
  return await MountStage.open(services.kernel, { dir: services.paths.stage(plan.podId), gid });
}

/** With the places on which the runtime mounts: as a user of the pod's user namespace it could not make them. */
async function makeInitRoot(rootfs: AbsolutePath, idMap: IdMap | null): Promise<void> {
  await mkdir(rootfs, { recursive: true, mode: 0o755 });
  const root = idMap === null ? null : hostRootOf(idMap);
  if (root !== null) await chown(rootfs, root.uid, root.gid);
}

/** Ends a pod's init, if it has one; done already is done. */
export async function stopPodInit(services: InitServices, pod: PodRecord): Promise<void> {
  if (pod.init === null) return;
  const handler = await services.handlers.get(pod.handler);
  await removeInit(services, { id: pod.id, handler, monitor: pod.monitor, process: pod.init });
}

type Init = Pick<PodRecord, 'id' | 'monitor'> & {
  readonly handler: Handler;
  readonly process: ProcessIdentity | null;
};

async function removeInit(services: InitServices, init: Init): Promise<void> {
  if (init.process !== null) await endProcess(services, init.process);
  await init.handler.runtime.delete(init.id);
  await services.monitors.forget(init.monitor, init.id);
  await removeContainerFiles(services, init.id);
}

/** Kills the process and waits until it has gone, so that the runtime finds it ended (runc polls else). */
async function endProcess(services: InitServices, process: ProcessIdentity): Promise<void> {
  using handle = await openIdentified(services.kernel, process);
  handle?.signal(sigkill);
  const patience = AbortSignal.timeout(endPatienceMs);
  while (await isAlive(process)) await sleepMs(endPollMs, patience);
}
