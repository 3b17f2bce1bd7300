/**
 * ListPodSandbox, from memory alone. Source: CRI PodSandboxFilter (all given fields must match).
 */
import type {
  ListPodSandboxRequest,
  ListPodSandboxResponseInit,
  PodSandboxFilter,
  PodSandboxInit,
} from '../../cri-api/runtime-v1.ts';
import type { Services } from '../services.ts';
import type { PodRecord } from '../store/pod-record.ts';
import { hasLabels } from '../spec/requests/labels.ts';
import { podState } from './status-of-pod.ts';

export async function listPodSandbox(
  services: Pick<Services, 'store'>,
  request: ListPodSandboxRequest,
): Promise<ListPodSandboxResponseInit> {
  return { items: findPods(services, request.filter).map(listItem) };
}

/** The pods that a filter means; an id that fits none, or several, means none. */
export function findPods(
  services: Pick<Services, 'store'>,
  filter: PodSandboxFilter | null,
): readonly PodRecord[] {
  if (filter === null) return [...services.store.pods.all()];
  return candidates(services, filter.id).filter((pod) => {
    if (filter.state !== null && podState(pod) !== filter.state.state) return false;
    return hasLabels(pod.config.labels, filter.labelSelector);
  });
}

function candidates(services: Pick<Services, 'store'>, id: string): readonly PodRecord[] {
  if (id === '') return [...services.store.pods.all()];
  const match = services.store.pods.match(id);
  const pod = match.kind === 'one' ? services.store.pods.get(match.id) : null;
  return pod === null ? [] : [pod];
}

function listItem(pod: PodRecord): PodSandboxInit {
  return {
    id: pod.id,
    metadata: pod.config.metadata,
    state: podState(pod),
    createdAt: pod.createdAtNs,
    labels: pod.config.labels,
    annotations: pod.config.annotations,
    runtimeHandler: pod.requestedHandler,
  };
}
