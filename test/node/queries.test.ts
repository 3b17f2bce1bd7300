/**
 * Lists, filters and id prefixes. Reference: cri.md 4.9.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ContainerState, PodSandboxState } from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { podConfig, shell, sleeper } from '../harness/requests.ts';
import type { Pod } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig();

let pods: readonly Pod[] = [];
/** Of the first pod: running, exited, created; of the second: running. */
let containers: readonly string[] = [];

beforeEach(async () => {
  const [one, two, three] = await Promise.all([
    rig().runPod({ config: podConfig({ labels: { app: 'web', tier: 'front' } }) }),
    rig().runPod({ config: podConfig({ labels: { app: 'web', tier: 'back' } }) }),
    rig().runPod({ config: podConfig({ labels: { app: 'db' } }) }),
  ]);
  pods = [one, two, three];
  const labels = { app: 'web' };
  containers = await Promise.all([
    rig().run(one, sleeper({ labels })),
    rig().run(one, shell('true', { labels })),
    rig().create(one, sleeper({ labels: { app: 'other' } })),
    rig().run(two, sleeper({ labels: { ...labels, extra: 'yes' } })),
  ]);
  await rig().exited(containers[1] ?? '');
  await rig().call('StopPodSandbox', { podSandboxId: three.id });
});

type PodFilter = Parameters<ReturnType<typeof rig>['listPods']>[0];
type ContainerFilter = Parameters<ReturnType<typeof rig>['listContainers']>[0];

/** Which of the pods a filter finds, by their places. */
async function podsFound(filter: PodFilter): Promise<readonly number[]> {
  const ids = await rig().listPods(filter);
  return ids.map((id) => pods.findIndex((pod) => pod.id === id)).sort((a, b) => a - b);
}

async function containersFound(filter: ContainerFilter): Promise<readonly number[]> {
  const ids = await rig().listContainers(filter);
  return ids.map((id) => containers.indexOf(id)).sort((a, b) => a - b);
}

const at = (list: readonly string[], index: number): string => list[index] ?? '';

describe('ListPodSandbox', () => {
  test('finds all without a filter, and with an empty one', async () => {
    expect(await podsFound(null)).toEqual([0, 1, 2]);
    expect(await podsFound({})).toEqual([0, 1, 2]);
  });

  test('filters by state, by labels, by id and by all of them at once', async () => {
    const ready = { state: PodSandboxState.SANDBOX_READY };
    expect(await podsFound({ state: ready })).toEqual([0, 1]);
    expect(await podsFound({ state: { state: PodSandboxState.SANDBOX_NOTREADY } })).toEqual([2]);
    expect(await podsFound({ labelSelector: { app: 'web' } })).toEqual([0, 1]);
    expect(await podsFound({ labelSelector: { app: 'web', tier: 'back' } })).toEqual([1]);
    expect(await podsFound({ labelSelector: { app: 'web', absent: '' } })).toEqual([]);
    const id = pods[0]?.id ?? '';
    expect(await podsFound({ id })).toEqual([0]);
    expect(await podsFound({ id, state: ready, labelSelector: { app: 'web' } })).toEqual([0]);
    expect(await podsFound({ id, labelSelector: { app: 'db' } })).toEqual([]);
  });

  test('takes a prefix of an id that is the only one', async () => {
    expect(await podsFound({ id: pods[1]?.id.slice(0, 13) ?? '' })).toEqual([1]);
    expect(await podsFound({ id: `${pods[1]?.id ?? ''}0` })).toEqual([]);
  });
});

describe('ListContainers', () => {
  test('finds all without a filter, and nothing that is not a container', async () => {
    expect(await containersFound(null)).toEqual([0, 1, 2, 3]);
    expect(await containersFound({})).toEqual([0, 1, 2, 3]);
  });

  test('filters by state, also by the one whose number is 0', async () => {
    const of = async (state: ContainerState): Promise<readonly number[]> =>
      containersFound({ state: { state } });
    expect(await of(ContainerState.CONTAINER_CREATED)).toEqual([2]);
    expect(await of(ContainerState.CONTAINER_RUNNING)).toEqual([0, 3]);
    expect(await of(ContainerState.CONTAINER_EXITED)).toEqual([1]);
    expect(await of(ContainerState.CONTAINER_UNKNOWN)).toEqual([]);
  });

  test('filters by pod, by labels, by id and by all of them at once, prefixes included', async () => {
    const podSandboxId = pods[0]?.id ?? '';
    expect(await containersFound({ podSandboxId })).toEqual([0, 1, 2]);
    expect(await containersFound({ podSandboxId: podSandboxId.slice(0, 13) })).toEqual([0, 1, 2]);
    expect(await containersFound({ labelSelector: { app: 'web' } })).toEqual([0, 1, 3]);
    expect(await containersFound({ labelSelector: { app: 'web', extra: 'yes' } })).toEqual([3]);
    expect(await containersFound({ id: at(containers, 3).slice(0, 13) })).toEqual([3]);
    const state = { state: ContainerState.CONTAINER_RUNNING };
    expect(await containersFound({ podSandboxId, state, labelSelector: { app: 'web' } })).toEqual([0]);
    expect(await containersFound({ podSandboxId, id: at(containers, 3) })).toEqual([]);
  });

  test('tells of each what its status tells', async () => {
    for (const listed of (await rig().call('ListContainers', {})).containers) {
      const status = await rig().status(listed.id);
      const { id, metadata, state, createdAt, labels, annotations, imageRef, imageId, image } = status;
      expect(listed).toMatchObject({
        id,
        metadata,
        state,
        createdAt,
        labels,
        annotations,
        imageRef,
        imageId,
        image,
      });
    }
  });
});

describe('a unique prefix of an id', () => {
  test('stands for the id in every call', async () => {
    const pod = pods[1]?.id.slice(0, 13) ?? '';
    const container = at(containers, 3).slice(0, 13);
    expect((await rig().podStatus(pod)).id).toBe(pods[1]?.id);
    expect((await rig().status(container)).id).toBe(containers[3]);
    expect((await rig().exec(container, ['echo', 'x'])).stdout).toBe('x\n');
    await rig().call('ReopenContainerLog', { containerId: container });
    await rig().call('UpdateContainerResources', { containerId: container, linux: { cpuShares: 512n } });
    const created = await rig().call('CreateContainer', {
      podSandboxId: pod,
      config: sleeper(),
      sandboxConfig: pods[1]?.config ?? null,
    });
    await rig().call('StartContainer', { containerId: created.containerId.slice(0, 13) });
    await rig().call('StopContainer', { containerId: container, timeout: 0n });
    await rig().call('RemoveContainer', { containerId: container });
    expect(await codeOf(rig().status(at(containers, 3)))).toBe('NOT_FOUND');
    await rig().call('StopPodSandbox', { podSandboxId: pod });
    await rig().call('RemovePodSandbox', { podSandboxId: pod });
    expect(await podsFound(null)).toEqual([0, 2]);
  });
});

describe('an empty id', () => {
  test('is never taken for a prefix of everything', async () => {
    const calls = [
      rig().call('StopPodSandbox', { podSandboxId: '' }),
      rig().call('RemovePodSandbox', { podSandboxId: '' }),
      rig().call('PodSandboxStatus', { podSandboxId: '' }),
      rig().call('StopContainer', { containerId: '' }),
      rig().call('RemoveContainer', { containerId: '' }),
      rig().call('ContainerStatus', { containerId: '' }),
      rig().call('StartContainer', { containerId: '' }),
      rig().call('ExecSync', { containerId: '', cmd: ['true'] }),
      rig().call('ReopenContainerLog', { containerId: '' }),
    ];
    expect(new Set(await Promise.all(calls.map(codeOf)))).toEqual(new Set(['INVALID_ARGUMENT']));
    expect(await podsFound(null)).toEqual([0, 1, 2]);
    expect(await containersFound(null)).toEqual([0, 1, 2, 3]);
  });
});
