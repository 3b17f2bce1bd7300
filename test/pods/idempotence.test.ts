/**
 * What happens when a call is repeated, or comes for something that is not there: the table of cri.md 4.1, line by line.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ContainerState } from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { shell, sleeper } from '../harness/requests.ts';
import { handlers } from '../harness/rig.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig({ images: [image.busybox, image.plain] });

describe.each(handlers)('with %s', (handler) => {
  test('StopPodSandbox and RemovePodSandbox may be repeated', async () => {
    const pod = await rig().runPod({ handler });
    await rig().run(pod, sleeper());
    for (let round = 0; round < 3; round += 1) await rig().call('StopPodSandbox', { podSandboxId: pod.id });
    for (let round = 0; round < 3; round += 1) await rig().call('RemovePodSandbox', { podSandboxId: pod.id });
    await rig().call('StopPodSandbox', { podSandboxId: pod.id });
  });

  test('StopContainer does nothing to one that has ended, and tells nothing new', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('exit 7'));
    const before = await rig().exited(id);
    await rig().call('StopContainer', { containerId: id, timeout: 5n });
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    expect(await rig().status(id)).toEqual(before);
    expect(before.exitCode).toBe(7);
  });

  test('StopContainer of one that never started is no error', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().create(pod, sleeper());
    await rig().call('StopContainer', { containerId: id, timeout: 1n });
    await rig().call('RemoveContainer', { containerId: id });
  });

  test('RemoveContainer kills and removes one that runs, and may be repeated', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('trap "" TERM; while true; do sleep 1; done'));
    await rig().call('RemoveContainer', { containerId: id });
    await rig().call('RemoveContainer', { containerId: id });
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    expect(await codeOf(rig().call('ContainerStatus', { containerId: id }))).toBe('NOT_FOUND');
  });

  test('StartContainer starts only what was created and not yet started', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, sleeper());
    expect(await codeOf(rig().call('StartContainer', { containerId: id }))).not.toBe('OK');
    expect((await rig().status(id)).state).toBe(ContainerState.CONTAINER_RUNNING);
    await rig().call('StopContainer', { containerId: id, timeout: 5n });
    expect(await codeOf(rig().call('StartContainer', { containerId: id }))).not.toBe('OK');
    expect((await rig().status(id)).state).toBe(ContainerState.CONTAINER_EXITED);
  });

  test('UpdateContainerResources and ReopenContainerLog may be repeated', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, sleeper());
    for (let round = 0; round < 2; round += 1) {
      await rig().call('UpdateContainerResources', { containerId: id, linux: { cpuShares: 512n } });
      await rig().call('ReopenContainerLog', { containerId: id });
    }
  });

  test('ReopenContainerLog of one that does not run is an error', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('true'));
    await rig().exited(id);
    expect(await codeOf(rig().call('ReopenContainerLog', { containerId: id }))).not.toBe('OK');
  });

  test('removals of the same pod at the same time all succeed', async () => {
    const pod = await rig().runPod({ handler });
    await rig().run(pod, sleeper());
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        await rig().call('StopPodSandbox', { podSandboxId: pod.id });
        await rig().call('RemovePodSandbox', { podSandboxId: pod.id });
        expect(await codeOf(rig().call('PodSandboxStatus', { podSandboxId: pod.id }))).toBe('NOT_FOUND');
      }),
    );
  });
});

const unknownIds = [
  ['a UUID', randomUUID()],
  ['64 hex characters', 'a'.repeat(64)],
  ['a word', 'nothing'],
  ['a very long one', 'f'.repeat(5000)],
] as const;

describe.each(unknownIds)('an unknown id that is %s', (_, id) => {
  test('is gone already for StopPodSandbox, RemovePodSandbox, StopContainer, RemoveContainer', async () => {
    await rig().call('StopPodSandbox', { podSandboxId: id });
    await rig().call('RemovePodSandbox', { podSandboxId: id });
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    await rig().call('RemoveContainer', { containerId: id });
  });

  test('is NOT_FOUND where something has to be there', async () => {
    const calls = [
      rig().call('PodSandboxStatus', { podSandboxId: id }),
      rig().call('ContainerStatus', { containerId: id }),
      rig().call('StartContainer', { containerId: id }),
      rig().call('ExecSync', { containerId: id, cmd: ['true'] }),
      rig().call('ReopenContainerLog', { containerId: id }),
      rig().call('UpdateContainerResources', { containerId: id, linux: { cpuShares: 512n } }),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'NOT_FOUND'));
  });

  test('matches nothing in a list', async () => {
    expect((await rig().call('ListPodSandbox', { filter: { id } })).items).toEqual([]);
    expect((await rig().call('ListContainers', { filter: { id } })).containers).toEqual([]);
    expect((await rig().call('ListContainers', { filter: { podSandboxId: id } })).containers).toEqual([]);
  });
});

describe('images', () => {
  test('that are not there have no status, and are removed without an error', async () => {
    const absent = '0'.repeat(64);
    expect((await rig().call('ImageStatus', { image: { image: absent } })).image).toBeNull();
    await rig().call('RemoveImage', { image: { image: absent } });
    await rig().call('RemoveImage', { image: { image: absent } });
  });

  test('are pulled again to the same id', async () => {
    expect(await rig().pull(image.plain)).toBe(await rig().pull(image.plain));
  });
});
