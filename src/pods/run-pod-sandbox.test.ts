import { describe, expect, test } from '@jest/globals';
import {
  NamespaceMode,
  PodSandboxConfig,
  RunPodSandboxRequest,
  type PodSandboxConfigInit,
} from '../../cri-api/runtime-v1.ts';
import { runPodSandbox } from './run-pod-sandbox.ts';
import { removePodSandbox } from './remove-pod-sandbox.ts';
import { stopPodSandbox } from './stop-pod-sandbox.ts';
import { call, fakeWorld } from '../testing/fake-world.ts';

const metadata = { name: 'web', uid: 'uid-1', namespace: 'default', attempt: 0 };

function request(changes: PodSandboxConfigInit = {}): RunPodSandboxRequest {
  return RunPodSandboxRequest.create({
    config: PodSandboxConfig.create({ metadata, hostname: 'web', ...changes }),
  });
}

/** Every effect of the story, and how it is made to fail. */
const effects = [
  { effect: 'the shared memory', kernel: { method: 'mount', errno: 'ENOMEM' } },
  { effect: 'the namespaces', kernel: { method: 'createNamespaces', errno: 'ENOSPC' } },
  { effect: 'the cgroup', standIn: 'cgroups.create' },
  { effect: 'the network', standIn: 'network.attach' },
  { effect: 'the init', standIn: 'monitors.request' },
  { effect: "the init's start", standIn: 'runtime.start' },
] as const;

describe('RunPodSandbox', () => {
  test.each(effects)('leaves nothing when $effect fails, and works when asked again', async (step) => {
    await using world = await fakeWorld();
    if ('kernel' in step) world.kernel.inject(step.kernel);
    else world.failing.add(step.standIn);
    await expect(runPodSandbox(world.services, request(), call)).rejects.toThrow();
    expect(await world.leftovers()).toEqual([]);
    world.failing.clear();
    const { podSandboxId } = await runPodSandbox(world.services, request(), call);
    expect(world.services.store.pod(podSandboxId ?? '').state).toBe('ready');
  });

  test('leaves nothing when the record cannot be written', async () => {
    await using world = await fakeWorld();
    const store = world.services.store;
    const insert = store.pods.insert.bind(store.pods);
    store.pods.insert = async () => await Promise.reject(new Error('disk full'));
    await expect(runPodSandbox(world.services, request(), call)).rejects.toThrow('disk full');
    expect(await world.leftovers()).toEqual([]);
    store.pods.insert = insert;
    await runPodSandbox(world.services, request(), call);
  });

  test('tells one id to callers who ask at the same time, and to one who asks later', async () => {
    await using world = await fakeWorld();
    const both = await Promise.all(
      [1, 2].map(async () => await runPodSandbox(world.services, request(), call)),
    );
    const later = await runPodSandbox(world.services, request(), call);
    expect(new Set([...both, later].map(({ podSandboxId }) => podSandboxId)).size).toBe(1);
    expect(world.services.store.pods.size).toBe(1);
  });

  test('of a pod that was stopped is refused by its reason', async () => {
    await using world = await fakeWorld();
    const { podSandboxId = '' } = await runPodSandbox(world.services, request(), call);
    await stopPodSandbox(world.services, { podSandboxId }, call);
    await expect(runPodSandbox(world.services, request(), call)).rejects.toMatchObject({
      reason: 'PodExists',
    });
  });

  test('in the host network makes neither network nor namespaces of network and host name', async () => {
    await using world = await fakeWorld();
    const options = { network: NamespaceMode.NODE, pid: NamespaceMode.CONTAINER, ipc: NamespaceMode.NODE };
    await runPodSandbox(
      world.services,
      request({ linux: { securityContext: { namespaceOptions: options } } }),
      call,
    );
    expect([...world.held].filter((each) => !each.startsWith('cgroup'))).toEqual([]);
    expect(world.kernel.ledger()).toEqual([]);
  });

  test('and its removal leave nothing', async () => {
    await using world = await fakeWorld();
    const { podSandboxId = '' } = await runPodSandbox(world.services, request(), call);
    expect(await world.leftovers()).not.toEqual([]);
    await removePodSandbox(world.services, { podSandboxId }, call);
    await removePodSandbox(world.services, { podSandboxId }, call);
    expect(await world.leftovers()).toEqual([]);
  });
});

describe('StopPodSandbox', () => {
  test('whose network teardown fails says so, is not ready, and finishes when asked again', async () => {
    await using world = await fakeWorld();
    const { podSandboxId = '' } = await runPodSandbox(world.services, request(), call);
    world.failing.add('network.detach');
    await expect(stopPodSandbox(world.services, { podSandboxId }, call)).rejects.toThrow(
      'network.detach fails',
    );
    const pod = world.services.store.pod(podSandboxId);
    expect({ state: pod.state, isNetworkOwed: pod.isNetworkOwed }).toEqual({
      state: 'not-ready',
      isNetworkOwed: true,
    });
    world.failing.clear();
    await stopPodSandbox(world.services, { podSandboxId }, call);
    expect([...world.held].filter((each) => !each.startsWith('cgroup'))).toEqual([]);
  });

  test('of an unknown pod is done', async () => {
    await using world = await fakeWorld();
    expect(await stopPodSandbox(world.services, { podSandboxId: 'f00-ba7' }, call)).toEqual({});
  });
});
