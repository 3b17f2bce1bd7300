/**
 * Which events a change of a record is, each with the whole pod as it is right after the change (of a removed pod: as it was
 * last). Pure. A pod counts as a container of its own, as with the runtimes that give it one.
 *
 *   container   new ▶ CREATED    start ▶ STARTED    exit ▶ STOPPED    record removed ▶ DELETED
 *   pod         new ▶ CREATED, STARTED    not ready, and nothing in it lives ▶ STOPPED    record removed ▶ DELETED
 *
 * Source: CRI ContainerEventResponse; the kubelet drops an event without a pod's status.
 */
import { ContainerEventType, type ContainerEventResponseInit } from '../../cri-api/runtime-v1.ts';
import type { PodId } from '../base/ids.ts';
import { nowNs } from '../base/time.ts';
import { containerStatusesOf } from '../containers/status-of-container.ts';
import { podStatusOf } from '../pods/status-of-pod.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import type { PodRecord } from '../store/pod-record.ts';
import type { Change } from '../store/record-store.ts';
import type { Store } from '../store/store.ts';

type Event = ContainerEventResponseInit;

const {
  CONTAINER_CREATED_EVENT: created,
  CONTAINER_STARTED_EVENT: started,
  CONTAINER_STOPPED_EVENT: stopped,
  CONTAINER_DELETED_EVENT: deleted,
} = ContainerEventType;

export function eventsOfContainer(store: Store, change: Change<ContainerRecord>): readonly Event[] {
  const record = change.after ?? change.before;
  const pod = record === null ? null : store.pods.get(record.podId);
  if (record === null || pod === null) return [];
  const own = containerEventTypes(change).map((type) => event(store, pod, { id: record.id, type }));
  const isPodStopped = isLiving(change.before) && !isLiving(change.after) && isOver(store, pod);
  return isPodStopped ? [...own, event(store, pod, { id: pod.id, type: stopped })] : own;
}

function containerEventTypes({ before, after }: Change<ContainerRecord>): readonly ContainerEventType[] {
  if (after === null) return [deleted];
  if (before === null) return [created];
  if (before.exit !== null) return [];
  const isStart = before.startedAtNs === 0n && after.startedAtNs > 0n;
  // Both at once: it ended before its start was recorded.
  return [...(isStart ? [started] : []), ...(after.exit === null ? [] : [stopped])];
}

export function eventsOfPod(store: Store, change: Change<PodRecord>): readonly Event[] {
  const pod = change.after ?? change.before;
  if (pod === null) return [];
  return podEventTypes(store, change).map((type) => event(store, pod, { id: pod.id, type }));
}

function podEventTypes(store: Store, { before, after }: Change<PodRecord>): readonly ContainerEventType[] {
  if (after === null) return [deleted];
  if (before === null) return [created, started];
  return before.state === 'ready' && isOver(store, after) ? [stopped] : [];
}

/** Not ready, and its last container has ended: those of a pod that is being stopped come first. */
function isOver(store: Store, pod: PodRecord): boolean {
  return pod.state === 'not-ready' && !store.containersOf(pod.id).some(isLiving);
}

function isLiving(record: ContainerRecord | null): boolean {
  return record !== null && record.exit === null;
}

function event(
  store: Store,
  pod: PodRecord,
  what: { readonly id: string | PodId; readonly type: ContainerEventType },
): Event {
  return {
    containerId: what.id,
    containerEventType: what.type,
    createdAt: nowNs(),
    podSandboxStatus: podStatusOf(pod),
    containersStatuses: containerStatusesOf(store, pod.id),
  };
}
