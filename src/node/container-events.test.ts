import { describe, expect, test } from '@jest/globals';
import { ContainerEventType, PodSandboxConfig, PodSandboxState } from '../../cri-api/runtime-v1.ts';
import { containerRecord, podRecord, silentLog, temporaryStore } from '../store/test-records.ts';
import type { Store } from '../store/store.ts';
import { ContainerEvents, type EventSubscription } from './container-events.ts';

const never = new AbortController().signal;
const exit = { finishedAtNs: 3_000n, exitCode: 3, reason: 'Error', message: '' };

const words = new Map<number | undefined, string>(
  Object.entries(ContainerEventType).map(([name, value]) => [
    value,
    name.replace(/CONTAINER_(\w+)_EVENT/, '$1').toLowerCase(),
  ]),
);

/** Takes `count` events and tells them as `created CONTAINER`. */
async function take(
  subscription: EventSubscription,
  count: number,
  names: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const told: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { containerId, containerEventType } = await subscription.next(never);
    told.push(`${words.get(containerEventType)} ${names.get(containerId ?? '')}`);
  }
  return told;
}

async function live(store: Store): Promise<ReadonlyMap<string, string>> {
  const pod = podRecord();
  const one = containerRecord({ podId: pod.id, startedAtNs: 0n });
  const two = containerRecord({
    podId: pod.id,
    config: { ...one.config, metadata: { name: 'two', attempt: 0 } },
  });
  await store.pods.insert(pod);
  await store.containers.insert(one);
  await store.containers.insert(two);
  await store.containers.update(one.id, 'daemon', (now) => ({ ...now, startedAtNs: 2_000n }));
  await store.pods.update(pod.id, 'daemon', (now) => ({ ...now, state: 'not-ready' }));
  await store.containers.update(one.id, 'daemon', (now) => ({ ...now, exit }));
  await store.containers.update(two.id, 'daemon', (now) => ({ ...now, exit }));
  await store.pods.update(pod.id, 'daemon', (now) => ({ ...now, isNetworkOwed: false }));
  for (const { id } of [one, two]) await store.containers.remove(id);
  await store.pods.remove(pod.id);
  return new Map<string, string>([
    [pod.id, 'pod'],
    [one.id, 'one'],
    [two.id, 'two'],
  ]);
}

describe('events of pods and containers', () => {
  test('come in order, and a pod stops when its last container has', async () => {
    await using world = await temporaryStore();
    const events = new ContainerEvents(world.store, silentLog);
    using subscription = events.subscribe();
    const names = await live(world.store);
    expect(await take(subscription, 11, names)).toEqual([
      'created pod',
      'started pod',
      'created one',
      'created two',
      'started one',
      'stopped one',
      'stopped two',
      'stopped pod',
      'deleted one',
      'deleted two',
      'deleted pod',
    ]);
  });

  test('carry the pod and its containers as they were then', async () => {
    await using world = await temporaryStore();
    using subscription = new ContainerEvents(world.store, silentLog).subscribe();
    await live(world.store);
    const told = [];
    for (let index = 0; index < 11; index += 1) {
      const { podSandboxStatus, containersStatuses = [] } = await subscription.next(never);
      told.push([podSandboxStatus?.state, containersStatuses.map(({ state }) => state)]);
    }
    const { SANDBOX_READY: ready, SANDBOX_NOTREADY: notReady } = PodSandboxState;
    expect(told).toEqual([
      [ready, []],
      [ready, []],
      [ready, [0]],
      [ready, [0, 1]],
      [ready, [1, 1]],
      [notReady, [2, 1]],
      [notReady, [2, 2]],
      [notReady, [2, 2]],
      [notReady, [2]],
      [notReady, []],
      [notReady, []],
    ]);
  });

  test('tell of a start whose record came with the end, and of no start after the end', async () => {
    await using world = await temporaryStore();
    using subscription = new ContainerEvents(world.store, silentLog).subscribe();
    const pod = podRecord();
    const quick = containerRecord({ podId: pod.id, startedAtNs: 0n });
    await world.store.pods.insert(pod);
    await world.store.containers.insert(quick);
    await world.store.containers.update(quick.id, 'daemon', (now) => ({ ...now, startedAtNs: 1n, exit }));
    await world.store.containers.update(quick.id, 'daemon', (now) => ({ ...now, startedAtNs: 2n }));
    await world.store.containers.remove(quick.id);
    const names = new Map<string, string>([
      [pod.id, 'pod'],
      [quick.id, 'it'],
    ]);
    const told = await take(subscription, 6, names);
    expect(told.slice(2)).toEqual(['created it', 'started it', 'stopped it', 'deleted it']);
  });

  test('have times that grow', async () => {
    await using world = await temporaryStore();
    using subscription = new ContainerEvents(world.store, silentLog).subscribe();
    await live(world.store);
    const times: bigint[] = [];
    for (let index = 0; index < 11; index += 1) times.push((await subscription.next(never)).createdAt ?? 0n);
    expect(times).toEqual([...new Set(times)].sort((a, b) => (a < b ? -1 : 1)));
  });
});

describe('a subscriber', () => {
  const pod = (name: string) =>
    podRecord({
      config: PodSandboxConfig.create({ metadata: { name, uid: name, namespace: 'n', attempt: 0 } }),
    });

  test('that does not read is closed with what it lost, and the others are not disturbed', async () => {
    await using world = await temporaryStore();
    const events = new ContainerEvents(world.store, silentLog, { subscribers: 2, queued: 3 });
    using reader = events.subscribe();
    using sleeper = events.subscribe();
    for (const name of ['a', 'b']) {
      await world.store.pods.insert(pod(name));
      for (let count = 0; count < 2; count += 1) await reader.next(never);
    }
    await expect(sleeper.next(never)).rejects.toMatchObject({ code: 'exhausted', reason: 'EventsLost' });
    expect([events.subscriberCount, events.lostCount]).toEqual([1, 4]);
  });

  test('above the bound is refused until another one leaves', async () => {
    await using world = await temporaryStore();
    const events = new ContainerEvents(world.store, silentLog, { subscribers: 1, queued: 3 });
    const first = events.subscribe();
    expect(() => events.subscribe()).toThrow(expect.objectContaining({ reason: 'TooManySubscribers' }));
    first[Symbol.dispose]();
    expect(() => events.subscribe()).not.toThrow();
  });

  test('gets what is queued, then the end, when the daemon stops', async () => {
    await using world = await temporaryStore();
    const events = new ContainerEvents(world.store, silentLog);
    using subscription = events.subscribe();
    await world.store.pods.insert(pod('a'));
    events.close();
    await subscription.next(never);
    await subscription.next(never);
    await expect(subscription.next(never)).rejects.toMatchObject({ reason: 'ShuttingDown' });
    expect(() => events.subscribe()).toThrow(expect.objectContaining({ reason: 'ShuttingDown' }));
  });

  test('that leaves while it waits is let go', async () => {
    await using world = await temporaryStore();
    using subscription = new ContainerEvents(world.store, silentLog).subscribe();
    const abort = new AbortController();
    const next = subscription.next(abort.signal);
    abort.abort(new Error('left'));
    await expect(next).rejects.toThrow('left');
  });
});
