/**
 * ListContainers, from memory alone. Source: CRI ContainerFilter (all given fields must match).
 */
import type {
  ContainerFilter,
  ContainerInit,
  ListContainersRequest,
  ListContainersResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { hasLabels } from '../spec/requests/labels.ts';
import { containerState, type ContainerRecord } from '../store/container-record.ts';
import type { Services } from '../services.ts';

export async function listContainers(
  services: Pick<Services, 'store'>,
  request: ListContainersRequest,
): Promise<ListContainersResponseInit> {
  return { containers: findContainers(services, request.filter).map(listItem) };
}

/** What a filter names; stats filters have no state. */
export type ContainerSelection = Pick<ContainerFilter, 'id' | 'podSandboxId' | 'labelSelector'> &
  Partial<Pick<ContainerFilter, 'state'>>;

/** The containers that a filter means; an id that fits none, or several, means none. */
export function findContainers(
  services: Pick<Services, 'store'>,
  filter: ContainerSelection | null,
): readonly ContainerRecord[] {
  if (filter === null) return [...services.store.containers.all()];
  const podId = filter.podSandboxId === '' ? null : services.store.pods.match(filter.podSandboxId);
  if (podId !== null && podId.kind !== 'one') return [];
  const state = filter.state?.state ?? null;
  return candidates(services, filter.id).filter((record) => {
    if (podId !== null && record.podId !== podId.id) return false;
    if (state !== null && containerState(record) !== state) return false;
    return hasLabels(record.config.labels, filter.labelSelector);
  });
}

function candidates(services: Pick<Services, 'store'>, id: string): readonly ContainerRecord[] {
  if (id === '') return [...services.store.containers.all()];
  const match = services.store.containers.match(id);
  const record = match.kind === 'one' ? services.store.containers.get(match.id) : null;
  return record === null ? [] : [record];
}

function listItem(record: ContainerRecord): ContainerInit {
  const { config } = record;
  return {
    id: record.id,
    podSandboxId: record.podId,
    metadata: config.metadata,
    image: { ...config.image, image: record.imageName },
    imageRef: record.imageRef,
    imageId: record.imageId,
    state: containerState(record),
    createdAt: record.createdAtNs,
    labels: config.labels,
    annotations: config.annotations,
  };
}
