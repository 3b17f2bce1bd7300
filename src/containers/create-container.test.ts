import { describe, expect, test } from '@jest/globals';
import {
  ContainerConfig,
  CreateContainerRequest,
  PodSandboxConfig,
  RunPodSandboxRequest,
  type ContainerConfigInit,
} from '../../cri-api/runtime-v1.ts';
import { runPodSandbox } from '../pods/run-pod-sandbox.ts';
import { stopPodSandbox } from '../pods/stop-pod-sandbox.ts';
import { call, fakeWorld, imageName, type FakeWorld } from '../testing/fake-world.ts';
import { createContainer } from './create-container.ts';

async function pod(world: FakeWorld): Promise<string> {
  const metadata = { name: 'web', uid: 'uid-1', namespace: 'default', attempt: 0 };
  const config = PodSandboxConfig.create({ metadata, hostname: 'web' });
  const { podSandboxId = '' } = await runPodSandbox(
    world.services,
    RunPodSandboxRequest.create({ config }),
    call,
  );
  return podSandboxId;
}

function request(podSandboxId: string, changes: ContainerConfigInit = {}): CreateContainerRequest {
  const config = ContainerConfig.create({
    metadata: { name: 'app', attempt: 0 },
    image: { image: imageName },
    ...changes,
  });
  return CreateContainerRequest.create({ podSandboxId, config });
}

const effects = ['images.prepareRootfs', 'monitors.request', 'holds.hold'] as const;

describe('CreateContainer', () => {
  test.each(effects)('leaves nothing when %s fails, and works when asked again', async (effect) => {
    await using world = await fakeWorld();
    const podId = await pod(world);
    const before = await world.leftovers();
    world.failing.add(effect);
    await expect(createContainer(world.services, request(podId), call)).rejects.toThrow(`${effect} fails`);
    expect(await world.leftovers()).toEqual(before);
    world.failing.clear();
    const { containerId = '' } = await createContainer(world.services, request(podId), call);
    expect(world.services.store.container(containerId).startedAtNs).toBe(0n);
  });

  test('leaves nothing when its spec is refused', async () => {
    await using world = await fakeWorld();
    const podId = await pod(world);
    const before = await world.leftovers();
    const linux = { securityContext: { runAsUsername: 'nobody-of-that-name' } };
    await expect(createContainer(world.services, request(podId, { linux }), call)).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(await world.leftovers()).toEqual(before);
  });

  test('is refused, and leaves nothing, in a pod that is stopped meanwhile', async () => {
    await using world = await fakeWorld();
    const podId = await pod(world);
    const { images } = world.services;
    const prepare = images.prepareRootfs.bind(images);
    images.prepareRootfs = async (...args) => {
      await stopPodSandbox(world.services, { podSandboxId: podId }, call);
      return await prepare(...args);
    };
    await expect(createContainer(world.services, request(podId), call)).rejects.toMatchObject({
      reason: 'PodNotReady',
    });
    expect([...world.held].filter((each) => !each.startsWith('cgroup'))).toEqual([]);
    expect(world.services.store.containers.size).toBe(0);
  });

  test('tells one id to callers who ask at the same time, and to one who asks later', async () => {
    await using world = await fakeWorld();
    const podId = await pod(world);
    const both = await Promise.all(
      [1, 2].map(async () => await createContainer(world.services, request(podId), call)),
    );
    const later = await createContainer(world.services, request(podId), call);
    expect(new Set([...both, later].map(({ containerId }) => containerId)).size).toBe(1);
  });

  test('of an image that is not present is not found', async () => {
    await using world = await fakeWorld();
    const podId = await pod(world);
    const asked = createContainer(world.services, request(podId, { image: { image: 'other' } }), call);
    await expect(asked).rejects.toMatchObject({ code: 'not-found', reason: 'NoImage' });
  });
});
