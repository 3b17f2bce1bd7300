/**
 * ContainerStatus, from memory alone (verbose adds the OCI spec, read from the bundle). Source: CRI ContainerStatus.
 */
import type { ContainerStatusRequest, ContainerStatusResponseInit } from '../../cri-api/runtime-v1.ts';
import { readBounded } from '../base/files.ts';
import type { Services } from '../services.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { containerStatusOf } from './status-of-container.ts';

const maxSpecBytes = 16 * 1024 * 1024;

export async function containerStatus(
  services: Pick<Services, 'store' | 'paths' | 'seccompNotifiers'>,
  request: ContainerStatusRequest,
): Promise<ContainerStatusResponseInit> {
  const record = services.store.container(request.containerId);
  return {
    status: containerStatusOf(record),
    info: request.verbose ? { info: await verboseInfo(services, record) } : {},
  };
}

/** What `crictl inspect` shows beside the status; scripts read `.info.pid`. */
async function verboseInfo(
  services: Pick<Services, 'store' | 'paths' | 'seccompNotifiers'>,
  record: ContainerRecord,
): Promise<string> {
  const spec = await readBounded(services.paths.container(record.id).spec, maxSpecBytes);
  const known = {
    sandboxID: record.podId,
    pid: record.exit === null ? record.process.pid : 0,
    privileged: record.config.linux?.securityContext?.privileged ?? false,
    handler: record.handler,
    cgroupPath: record.cgroupPath,
    // By the seccomp notifier; "" also where there is none.
    refusedSyscalls: services.seccompNotifiers.refusedBy(record.id),
  };
  // The spec goes in as it stands: a parser would round its 64-bit numbers.
  return `${JSON.stringify(known).slice(0, -1)},"runtimeSpec":${spec?.toString('utf8') ?? 'null'}}`;
}
