/**
 * The lists as streams: what the lists hold, each item once, in messages that a client takes. Reference: cri.md 1.5.
 */
import { readFile } from 'node:fs/promises';
import { Client, credentials } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import {
  methods,
  type RequestInitOf,
  type ResponseOf,
  type StreamingRpcName,
} from '../../cri-api/methods.ts';
import { ContainerState, PodSandboxState } from '../../cri-api/runtime-v1.ts';
import { podConfig, sleeper } from '../harness/requests.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig();

async function collect<Name extends StreamingRpcName>(
  name: Name,
  request: RequestInitOf<Name>,
): Promise<readonly ResponseOf<Name>[]> {
  const answers: ResponseOf<Name>[] = [];
  for await (const answer of rig().client.stream(name, request)) answers.push(answer);
  return answers;
}

const ids = (items: readonly { readonly id: string }[]): readonly string[] => items.map(({ id }) => id);

describe('streams of lists', () => {
  test('hold what the lists hold, with the same filters', async () => {
    const [one, two] = [
      await rig().runPod({ config: podConfig({ labels: { app: 'one' } }) }),
      await rig().runPod({ config: podConfig({ labels: { app: 'two' } }) }),
    ];
    const running = await rig().run(one, sleeper({ labels: { app: 'one' } }));
    const created = await rig().create(two, sleeper({ labels: { app: 'two' } }));
    const pods = async (filter: RequestInitOf<'StreamPodSandboxes'>['filter']) =>
      (await collect('StreamPodSandboxes', { filter: filter ?? null })).flatMap(({ podSandboxes }) =>
        ids(podSandboxes),
      );
    const containers = async (filter: RequestInitOf<'StreamContainers'>['filter']) =>
      (await collect('StreamContainers', { filter: filter ?? null })).flatMap((part) => ids(part.containers));
    expect((await pods(null)).toSorted()).toEqual([one.id, two.id].toSorted());
    expect(await pods({ id: one.id.slice(0, 13) })).toEqual([one.id]);
    expect(await pods({ labelSelector: { app: 'two' } })).toEqual([two.id]);
    expect(await pods({ state: { state: PodSandboxState.SANDBOX_NOTREADY } })).toEqual([]);
    expect((await containers(null)).toSorted()).toEqual([running, created].toSorted());
    expect(await containers({ podSandboxId: two.id })).toEqual([created]);
    expect(await containers({ state: { state: ContainerState.CONTAINER_RUNNING } })).toEqual([running]);
    const [part] = await collect('StreamContainers', { filter: { id: running } });
    const { containers: listed } = await rig().call('ListContainers', { filter: { id: running } });
    expect(part?.containers).toEqual(listed);
    const images = (await collect('StreamImages', {})).flatMap((answer) => answer.images);
    expect(images).toEqual((await rig().call('ListImages', {})).images);
  });

  test('without an item end with OK and no message', async () => {
    expect(await collect('StreamPodSandboxes', {})).toEqual([]);
    expect(await collect('StreamContainers', { filter: { id: 'none' } })).toEqual([]);
    expect(await collect('StreamImages', { filter: { image: { image: 'none:such' } } })).toEqual([]);
  });
});

describe('a list that is too large for one message', () => {
  test('fails as a list and arrives as a stream, each item once', async () => {
    const count = 24;
    const annotations = { big: 'x'.repeat(1000 * 1024) };
    const pods: string[] = [];
    for (let index = 0; index < count; index += 1)
      pods.push((await rig().runPod({ config: podConfig({ annotations }) })).id);
    await expect(rig().call('ListPodSandbox', {})).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    const parts = await collect('StreamPodSandboxes', {});
    expect(parts.length).toBeGreaterThanOrEqual(count / 2);
    const streamed = parts.flatMap(({ podSandboxes }) => ids(podSandboxes));
    expect(streamed.toSorted()).toEqual(pods.toSorted());
    await leavesUnreadStreamsBounded();
    // By id: nobody can list them.
    for (const podSandboxId of pods) await rig().call('RemovePodSandbox', { podSandboxId });
  });
});

/** Fifty clients that take nothing of 24 MB each. */
async function leavesUnreadStreamsBounded(): Promise<void> {
  const client = new Client(`unix://${rig().server.socketPath}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
  const asBytes = (bytes: Buffer): Buffer => bytes;
  const before = await residentMb();
  const opened = new Set<number>();
  const calls = Array.from({ length: 50 }, (_, index) => {
    const { path } = methods.StreamPodSandboxes;
    const call = client.makeServerStreamRequest(path, asBytes, asBytes, Buffer.alloc(0));
    call.on('error', () => undefined);
    call.on('metadata', () => opened.add(index));
    return call;
  });
  try {
    await eventually('all have begun', () => opened.size === calls.length);
    // One message each is 50 MB, and twice that while it is encoded; everything would be above a gigabyte.
    expect((await residentMb()) - before).toBeLessThan(400);
  } finally {
    for (const call of calls) call.cancel();
    client.close();
  }
  // The daemon has let go of them and goes on.
  expect((await collect('StreamPodSandboxes', { filter: { id: 'none' } })).length).toBe(0);
}

async function residentMb(): Promise<number> {
  const status = await readFile(`/proc/${rig().server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
