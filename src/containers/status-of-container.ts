/**
 * A container as it is told to clients, from its record alone. Source: CRI ContainerStatus.
 */
import type { ContainerStatusInit } from '../../cri-api/runtime-v1.ts';
import type { PodId } from '../base/ids.ts';
import { signalToCri } from '../spec/signals.ts';
import { containerState, type ContainerRecord } from '../store/container-record.ts';
import type { Store } from '../store/store.ts';

/**
 * Of all containers of a pod, newest first: of a container that was restarted, a kubelet that listens to events takes the first
 * of its name for the one that counts.
 */
export function containerStatusesOf(store: Pick<Store, 'containersOf'>, podId: PodId): ContainerStatusInit[] {
  return store
    .containersOf(podId)
    .toSorted((a, b) => Number(b.createdAtNs - a.createdAtNs))
    .map(containerStatusOf);
}

export function containerStatusOf(record: ContainerRecord): ContainerStatusInit {
  const { config, exit, user } = record;
  return {
    id: record.id,
    metadata: config.metadata,
    state: containerState(record),
    createdAt: record.createdAtNs,
    startedAt: record.startedAtNs,
    finishedAt: exit?.finishedAtNs ?? 0n,
    exitCode: exit?.exitCode ?? 0,
    image: { ...config.image, image: record.imageName },
    imageRef: record.imageRef,
    imageId: record.imageId,
    reason: exit?.reason ?? '',
    message: exit?.message ?? '',
    labels: config.labels,
    annotations: config.annotations,
    mounts: config.mounts,
    logPath: record.logPath ?? '',
    resources: record.resources === null ? null : { linux: record.resources },
    user: {
      linux: { uid: BigInt(user.uid), gid: BigInt(user.gid), supplementalGroups: user.groups.map(BigInt) },
    },
    stopSignal: signalToCri(record.stopSignal),
  };
}
