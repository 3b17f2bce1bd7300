/**
 * UpdateContainerResources: all or nothing, done when it returns. A created container is changed, too. Values that are 0 or
 * empty keep what is in force. Source: CRI UpdateContainerResourcesRequest.
 *
 *   check ─▶ plan ─▶ limits read ─▶ runtime update ─▶ what runtimes leave out ─▶ OOM scores ─▶ record
 *                        └──────────◀── undo of a failed step puts the limits back ──◀──┘
 */
import { rm, writeFile } from 'node:fs/promises';
import type {
  UpdateContainerResourcesRequest,
  UpdateContainerResourcesResponseInit,
} from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { failedPrecondition, unknown } from '../base/errors.ts';
import { absolutePath, joinPath, type AbsolutePath } from '../base/ids.ts';
import { Rollback } from '../base/rollback.ts';
import { Steps } from '../base/steps.ts';
import { isAlive } from '../runtime/programs/process-identity.ts';
import type { Services } from '../services.ts';
import { stringifyOci, type OciResources } from '../spec/oci-spec.ts';
import { parseResources } from '../spec/requests/parse-resources.ts';
import { resetResources } from '../spec/resources.ts';
import { planResourceUpdate, type LimitUpdate } from '../spec/update-resources.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { minMemoryBytes } from './min-memory.ts';
import { setOomScores } from './oom-scores.ts';

const updateContainerResourcesSteps = ['runtime', 'limits', 'oom-score', 'record'] as const;
type Step = (typeof updateContainerResourcesSteps)[number];
type UpdateServices = Pick<
  Services,
  'config' | 'store' | 'handlers' | 'host' | 'locks' | 'paths' | 'cgroups'
>;

export async function updateContainerResources(
  services: UpdateServices,
  request: UpdateContainerResourcesRequest,
  call: Call,
): Promise<UpdateContainerResourcesResponseInit> {
  const { id } = services.store.container(request.containerId);
  await services.locks.hold(id, call.signal, async () => await updateHeld(services, request, call));
  return {};
}

async function updateHeld(
  services: UpdateServices,
  request: UpdateContainerResourcesRequest,
  call: Call,
): Promise<void> {
  const record = services.store.container(request.containerId);
  const { id } = record;
  const log = call.log.child({ container: id });
  if (record.exit !== null || !(await isAlive(record.process)))
    throw failedPrecondition('Exited', `update container "${id}": it has exited`);
  const { report } = await services.handlers.get(record.handler);
  const plan = planResourceUpdate({
    current: record.resources,
    update: request.linux,
    host: services.host,
    minMemoryBytes: minMemoryBytes(services, report),
  });
  for (const reason of plan.leftOut) log.warn({ reason }, 'not available on this machine');
  const steps = new Steps<Step>('UpdateContainerResources', log);
  await using rollback = new Rollback((leak) =>
    log.error({ ...leak }, 'undo of UpdateContainerResources failed'),
  );
  if (plan.limits !== null) await updateLimits(services, { record, limits: plan.limits, steps }, rollback);
  if (plan.oomScoreAdj !== null)
    await steps.run(
      'oom-score',
      async () => await updateScores(services, { record, score: plan.oomScoreAdj ?? 0 }, rollback),
    );
  await steps.run('record', async () => {
    await services.store.containers.update(id, 'power-cut', (now) => ({ ...now, resources: plan.effective }));
  });
  rollback.commit();
  steps.finish();
}

type LimitWork = {
  readonly record: ContainerRecord;
  readonly limits: LimitUpdate;
  readonly steps: Steps<Step>;
};

/** The runtime knows the cgroup driver; what its `update` does not know is written behind it. */
async function updateLimits(services: UpdateServices, work: LimitWork, rollback: Rollback): Promise<void> {
  const { record, limits, steps } = work;
  const { runtime, rest } = limits;
  for (const path of limitedCgroups(services, record)) {
    const before = await services.cgroups.readLimits(path, Object.keys(rest.unified));
    rollback.defer('put limits back', async () => await services.cgroups.restoreLimits(path, before));
  }
  rollback.defer('tell systemd of the earlier limits', async () => await tellSystemd(services, record));
  await steps.run('runtime', async () => await runUpdate(services, record, runtime));
  await steps.run('limits', async () => await services.cgroups.applyResources(record.cgroupPath, rest));
}

/** Those that have limits: the process's own, and with systemd its scope, below which crun makes one. Source: crun(1). */
function limitedCgroups(services: UpdateServices, record: ContainerRecord): readonly AbsolutePath[] {
  const own = record.cgroupPath;
  const scope = absolutePath(own.replace(/(\.scope)\/.*$/, '$1'));
  return services.host.cgroupDriver === 'systemd' && scope !== own ? [scope, own] : [own];
}

/** It writes what it was told last again whenever it is reloaded: the files alone would not stay. */
async function tellSystemd(services: UpdateServices, record: ContainerRecord): Promise<void> {
  if (services.host.cgroupDriver !== 'systemd') return;
  const [outermost = record.cgroupPath] = limitedCgroups(services, record);
  const cpuset = await services.cgroups.parentCpuset(outermost);
  const earlier = resetResources(parseResources(record.resources), services.host.cgroup, cpuset);
  await runUpdate(services, record, earlier);
}

/** The runtime reads a file: its standard input would be a socket of Node's. */
async function runUpdate(
  services: UpdateServices,
  record: ContainerRecord,
  resources: OciResources,
): Promise<void> {
  const { runtime } = await services.handlers.get(record.handler);
  const file = joinPath(services.paths.container(record.id).dir, 'update.json');
  try {
    await writeFile(file, stringifyOci(resources), { mode: 0o600 });
    await runtime.update(record.id, file);
  } catch (cause) {
    throw unknown('UpdateFailed', `update container "${record.id}"`, { cause });
  } finally {
    await rm(file, { force: true });
  }
}

async function updateScores(
  services: UpdateServices,
  { record, score: to }: { readonly record: ContainerRecord; readonly score: number },
  rollback: Rollback,
): Promise<void> {
  const all = await services.cgroups.pids(record.cgroupPath);
  try {
    rollback.defer('put OOM scores back', await setOomScores({ first: record.process.pid, all }, to));
  } catch (cause) {
    throw unknown('UpdateFailed', `set oom_score_adj of container "${record.id}" to ${to}`, { cause });
  }
}
