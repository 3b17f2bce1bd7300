/**
 * UpdateContainerResources: all or nothing, done when it returns. A created container is changed, too. Values that are 0 or
 * empty keep what is in force. Source: CRI UpdateContainerResourcesRequest.
 */
import {
  LinuxContainerResources,
  type UpdateContainerResourcesRequest,
  type UpdateContainerResourcesResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { writeFile } from 'node:fs/promises';
import type { Call } from '../base/call.ts';
import { failedPrecondition, unknown } from '../base/errors.ts';
import { joinPath } from '../base/ids.ts';
import { Steps } from '../base/steps.ts';
import type { Services } from '../services.ts';
import { mergeResources, planResources } from '../spec/resources.ts';
import { parseResources } from '../spec/parse-resources.ts';
import type { LinuxResources } from '../spec/linux-resources.ts';
import { stringifyOci } from '../spec/oci-spec.ts';

type Step = 'runtime' | 'record';

export async function updateContainerResources(
  services: Pick<Services, 'store' | 'handlers' | 'host' | 'locks' | 'paths'>,
  request: UpdateContainerResourcesRequest,
  call: Call,
): Promise<UpdateContainerResourcesResponseInit> {
  const { id } = services.store.container(request.containerId);
  const steps = new Steps<Step>('UpdateContainerResources', call.log.child({ container: id }));
  const update = parseResources(request.linux);
  await services.locks.hold(id, call.signal, async () => {
    const record = services.store.container(id);
    if (record.exit !== null) throw failedPrecondition('Exited', `update container "${id}": it has exited`);
    const merged = mergeResources(parseResources(record.resources), update);
    const { runtime } = await services.handlers.get(record.handler);
    const { resources } = planResources(merged, services.host.cgroup);
    await steps
      .run('runtime', async () => {
        const file = joinPath(services.paths.container(id).dir, 'update.json');
        await writeFile(file, stringifyOci(resources), { mode: 0o600 });
        await runtime.update(id, file);
      })
      .catch((cause: unknown) => {
        throw unknown('UpdateFailed', `update container "${id}"`, { cause });
      });
    await steps.run('record', async () => {
      await services.store.containers.update(id, 'power-cut', (now) => ({
        ...now,
        resources: asMessage(merged),
      }));
    });
  });
  steps.finish();
  return {};
}

/** Back into the words of the CRI, for ContainerStatus. */
function asMessage(resources: LinuxResources): LinuxContainerResources {
  return LinuxContainerResources.create({
    cpuPeriod: resources.cpuPeriodUs,
    cpuQuota: resources.cpuQuotaUs,
    cpuShares: resources.cpuShares,
    memoryLimitInBytes: resources.memoryLimitBytes,
    memorySwapLimitInBytes: resources.memorySwapLimitBytes,
    oomScoreAdj: BigInt(resources.oomScoreAdj),
    cpusetCpus: resources.cpusetCpus,
    cpusetMems: resources.cpusetMems,
    hugepageLimits: resources.hugepageLimits.map(({ pageSize, limitBytes }) => ({
      pageSize,
      limit: limitBytes,
    })),
    unified: Object.fromEntries(Object.entries(resources.unified)),
  });
}
