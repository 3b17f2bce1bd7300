/**
 * UpdateContainerResources: all or nothing, done when it returns. A created container is changed, too. Values that are 0 or
 * empty keep what is in force. Source: CRI UpdateContainerResourcesRequest.
 */
import { writeFile } from 'node:fs/promises';
import type {
  UpdateContainerResourcesRequest,
  UpdateContainerResourcesResponseInit,
} from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { failedPrecondition, unknown } from '../base/errors.ts';
import { joinPath } from '../base/ids.ts';
import { Steps } from '../base/steps.ts';
import { startTimeTicks } from '../runtime/process-identity.ts';
import type { Services } from '../services.ts';
import { stringifyOci, type OciResources } from '../spec/oci-spec.ts';
import { planResourceUpdate } from '../spec/update-resources.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { minMemoryBytes } from './bundle.ts';

type Step = 'runtime' | 'oom-score' | 'record';
type UpdateServices = Pick<Services, 'store' | 'handlers' | 'host' | 'locks' | 'paths'>;

export async function updateContainerResources(
  services: UpdateServices,
  request: UpdateContainerResourcesRequest,
  call: Call,
): Promise<UpdateContainerResourcesResponseInit> {
  const { id } = services.store.container(request.containerId);
  const log = call.log.child({ container: id });
  const steps = new Steps<Step>('UpdateContainerResources', log);
  await services.locks.hold(id, call.signal, async () => {
    const record = services.store.container(id);
    if (record.exit !== null) throw failedPrecondition('Exited', `update container "${id}": it has exited`);
    const { resources: current } = record;
    const plan = planResourceUpdate({
      current,
      update: request.linux,
      cgroup: services.host.cgroup,
      minMemoryBytes,
    });
    for (const reason of plan.leftOut) log.warn({ reason }, 'not available on this machine');
    if (plan.runtime !== null)
      await steps.run('runtime', async () => await applyLimits(services, record, plan.runtime ?? {}));
    if (plan.oomScoreAdj !== null)
      await steps.run('oom-score', async () => await setOomScore(record, plan.oomScoreAdj ?? 0));
    await steps.run('record', async () => {
      await services.store.containers.update(id, 'power-cut', (now) => ({
        ...now,
        resources: plan.effective,
      }));
    });
  });
  steps.finish();
  return {};
}

/** The runtime reads a file: its standard input would be a socket of Node's. */
async function applyLimits(
  services: UpdateServices,
  record: ContainerRecord,
  resources: OciResources,
): Promise<void> {
  const { runtime } = await services.handlers.get(record.handler);
  const file = joinPath(services.paths.container(record.id).dir, 'update.json');
  await writeFile(file, stringifyOci(resources), { mode: 0o600 });
  try {
    await runtime.update(record.id, file);
  } catch (cause) {
    throw unknown('UpdateFailed', `update container "${record.id}"`, { cause });
  }
}

/** No runtime changes it on a living process. Source: proc_pid_oom_score_adj(5). */
async function setOomScore(record: ContainerRecord, score: number): Promise<void> {
  const { pid } = record.process;
  if ((await startTimeTicks(pid)) !== record.process.startTimeTicks) return;
  try {
    await writeFile(`/proc/${pid}/oom_score_adj`, String(score));
  } catch (cause) {
    throw unknown('UpdateFailed', `set oom_score_adj of container "${record.id}" to ${score}`, { cause });
  }
}
