/**
 * PodSandboxStatus, from memory alone. Source: CRI PodSandboxStatusResponse.
 */
import {
  LinuxContainerResources,
  type PodSandboxStatusInit,
  type PodSandboxStatusRequest,
  type PodSandboxStatusResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { nowNs } from '../base/time.ts';
import { containerStatusOf } from '../containers/container-status.ts';
import type { Services } from '../services.ts';
import type { PodRecord } from '../store/pod-record.ts';
import { podState } from './list-pod-sandbox.ts';

export async function podSandboxStatus(
  services: Pick<Services, 'store'>,
  request: PodSandboxStatusRequest,
): Promise<PodSandboxStatusResponseInit> {
  const pod = services.store.pod(request.podSandboxId);
  return {
    status: podStatusOf(pod),
    info: request.verbose ? { info: JSON.stringify(verboseInfo(pod)) } : {},
    containersStatuses: services.store.containersOf(pod.id).map(containerStatusOf),
    timestamp: nowNs(),
  };
}

export function podStatusOf(pod: PodRecord): PodSandboxStatusInit {
  const [ip = '', ...others] = pod.ips;
  return {
    id: pod.id,
    metadata: pod.config.metadata,
    state: podState(pod),
    createdAt: pod.createdAtNs,
    network: { ip, additionalIps: others.map((each) => ({ ip: each })) },
    linux: { namespaces: { options: pod.config.linux?.securityContext?.namespaceOptions ?? null } },
    labels: pod.config.labels,
    annotations: pod.config.annotations,
    runtimeHandler: pod.requestedHandler,
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
    overhead: LinuxContainerResources.toJson(pod.config.linux?.overhead ?? {}),
    resources: LinuxContainerResources.toJson(pod.config.linux?.resources ?? {}),
  };
}
