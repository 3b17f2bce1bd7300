/**
 * PodSandboxStatus, from memory alone. Source: CRI PodSandboxStatusResponse.
 */
import type {
  LinuxContainerResources,
  PodSandboxStatusRequest,
  PodSandboxStatusResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { nowNs } from '../base/time.ts';
import { containerStatusesOf } from '../containers/status-of-container.ts';
import type { Services } from '../services.ts';
import type { PodRecord } from '../store/pod-record.ts';
import { podStatusOf } from './status-of-pod.ts';

export async function podSandboxStatus(
  services: Pick<Services, 'store'>,
  request: PodSandboxStatusRequest,
): Promise<PodSandboxStatusResponseInit> {
  const pod = services.store.pod(request.podSandboxId);
  return {
    status: podStatusOf(pod),
    info: request.verbose ? { info: stringify(verboseInfo(pod)) } : {},
    containersStatuses: containerStatusesOf(services.store, pod.id),
    timestamp: nowNs(),
  };
}

/** What `crictl inspectp` shows beside the status. */
function verboseInfo(pod: PodRecord): unknown {
  return {
    handler: pod.handler,
    monitor: pod.monitor,
    pid: pod.init?.pid ?? 0,
    cgroupParent: pod.cgroupParent,
    namespaces: pod.pins,
    overhead: shownResources(pod.config.linux?.overhead ?? null),
    resources: shownResources(pod.config.linux?.resources ?? null),
  };
}

/** With the names of the proto and plain numbers, as containerd shows them and Go programs read them. */
function shownResources(resources: LinuxContainerResources | null): unknown {
  if (resources === null) return undefined;
  return {
    cpu_period: resources.cpuPeriod,
    cpu_quota: resources.cpuQuota,
    cpu_shares: resources.cpuShares,
    memory_limit_in_bytes: resources.memoryLimitInBytes,
    oom_score_adj: resources.oomScoreAdj,
    cpuset_cpus: resources.cpusetCpus,
    cpuset_mems: resources.cpusetMems,
    hugepage_limits: resources.hugepageLimits.map(({ pageSize, limit }) => ({ page_size: pageSize, limit })),
    unified: resources.unified,
    memory_swap_limit_in_bytes: resources.memorySwapLimitInBytes,
  };
}

function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? JSON.rawJSON(item.toString()) : item,
  );
}
