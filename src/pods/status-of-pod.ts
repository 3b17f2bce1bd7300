/**
 * A pod as it is told to clients, from its record alone. Source: CRI PodSandboxStatus.
 */
import { PodSandboxState, type PodSandboxStatusInit } from '../../cri-api/runtime-v1.ts';
import type { PodRecord } from '../store/pod-record.ts';

/** Source: CRI PodSandboxState. */
export function podState(pod: PodRecord): PodSandboxState {
  return pod.state === 'ready' ? PodSandboxState.SANDBOX_READY : PodSandboxState.SANDBOX_NOTREADY;
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
