/**
 * A client that repeats itself: the same request at the same time, after its own deadline, after success, after a failure.
 * Nothing is made twice, nothing stays hidden, no name is lost. Reference: cri.md 3.6, 4.3; features.md 4, pain 1.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { containerConfig, podConfig, shell, sleeper, uniqueName } from '../harness/requests.ts';
import { codeOf } from '../harness/client.ts';
import { setGate } from '../harness/network.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig({ hasGate: true });

afterEach(async () => {
  await setGate(rig().machine, 'open');
});

describe('RunPodSandbox', () => {
  test('asked for five times at once makes one pod and tells all five its id', async () => {
    const config = podConfig({ labels: { which: uniqueName('five') } });
    const ask = (): Promise<{ podSandboxId: string }> => rig().call('RunPodSandbox', { config });
    const answers = await Promise.all([ask(), ask(), ask(), ask(), ask()]);
    expect(new Set(answers.map(({ podSandboxId }) => podSandboxId)).size).toBe(1);
    expect(await rig().listPods({ labelSelector: config.labels ?? {} })).toHaveLength(1);
  });

  test('given up after 100 ms and asked for again and again makes one pod', async () => {
    await setGate(rig().machine, 'slow');
    const config = podConfig({ labels: { which: uniqueName('impatient') } });
    const mine = { labelSelector: config.labels ?? {} };
    expect(await codeOf(rig().call('RunPodSandbox', { config }, { timeoutMs: 100 }))).toBe(
      'DEADLINE_EXCEEDED',
    );
    const ids = new Set<string>();
    await eventually('the pod is listed', async () => {
      const { podSandboxId } = await rig().call('RunPodSandbox', { config }, { timeoutMs: 10_000 });
      ids.add(podSandboxId);
      return (await rig().listPods(mine)).length === 1;
    });
    await sleep(2000);
    expect(await rig().listPods(mine)).toEqual([...ids]);
  });

  test('given up while it is slow is not listed before somebody was told of it, or is whole', async () => {
    await setGate(rig().machine, 'slow');
    const config = podConfig();
    expect(await codeOf(rig().call('RunPodSandbox', { config }, { timeoutMs: 200 }))).toBe(
      'DEADLINE_EXCEEDED',
    );
    for (const id of await rig().listPods()) expect((await rig().podStatus(id)).network?.ip).toMatch(/^10\./);
    const { podSandboxId } = await rig().call('RunPodSandbox', { config });
    expect(await rig().listPods()).toEqual([podSandboxId]);
  });

  test('of a pod that exists, ready or not, makes no second one', async () => {
    const pod = await rig().runPod();
    const again = async (): Promise<string> => {
      try {
        return (await rig().call('RunPodSandbox', { config: pod.config })).podSandboxId;
      } catch {
        // To refuse a duplicate is as right as to name the one that exists.
        return pod.id;
      }
    };
    expect(await again()).toBe(pod.id);
    await rig().call('StopPodSandbox', { podSandboxId: pod.id });
    expect(await again()).toBe(pod.id);
    expect(await rig().listPods()).toEqual([pod.id]);
  });

  test('with another attempt or another uid makes another pod', async () => {
    const pod = await rig().runPod();
    const metadata = pod.config.metadata ?? {};
    const next = await rig().runPod({ config: podConfig({ metadata: { ...metadata, attempt: 1 } }) });
    const other = await rig().runPod({
      config: podConfig({ metadata: { ...metadata, uid: uniqueName('uid') } }),
    });
    expect(new Set([pod.id, next.id, other.id]).size).toBe(3);
  });

  test('after the pod was removed makes a new one of the same name', async () => {
    const pod = await rig().runPod();
    await rig().removePod(pod);
    const { podSandboxId } = await rig().call('RunPodSandbox', { config: pod.config });
    expect(podSandboxId).not.toBe(pod.id);
  });

  test('that fails in the network leaves nothing and works when the network does', async () => {
    const before = await rig().takeCensus();
    await setGate(rig().machine, 'fail');
    const config = podConfig();
    await expect(rig().call('RunPodSandbox', { config })).rejects.toThrow(/the gate is shut/);
    expect(await rig().listPods()).toEqual([]);
    await rig().expectCensus(before);
    await setGate(rig().machine, 'open');
    const { podSandboxId } = await rig().call('RunPodSandbox', { config });
    expect(await rig().listPods()).toEqual([podSandboxId]);
  });

  test('whose network plugin hangs holds up no other pod, no Status and no List', async () => {
    await setGate(rig().machine, 'hang');
    const stuck = rig().call('RunPodSandbox', { config: podConfig() }, { timeoutMs: 1500 });
    stuck.catch(() => undefined);
    await sleep(300);
    await setGate(rig().machine, 'open');
    expect((await rig().call('Status', {}, { timeoutMs: 1000 })).status?.conditions.length).toBeGreaterThan(
      1,
    );
    expect(await rig().listPods()).toEqual([]);
    const other = await rig().runPod();
    await rig().run(other, sleeper());
    expect(await codeOf(stuck)).toBe('DEADLINE_EXCEEDED');
    expect(await rig().listPods()).toEqual([other.id]);
    // The hung plugin is ended by the daemon's own deadline or when nobody waits any more; either way nothing stays.
    for (const { pid, argv } of await rig().machine.members()) {
      if (argv.join(' ').endsWith('plugins/gate')) process.kill(pid, 'SIGKILL');
    }
  });

  test('a pod removed while its network fails to be torn down goes when the network works again', async () => {
    const pod = await rig().runPod();
    await setGate(rig().machine, 'fail-del');
    const stopped = await codeOf(rig().call('StopPodSandbox', { podSandboxId: pod.id }));
    await setGate(rig().machine, 'open');
    await rig().call('StopPodSandbox', { podSandboxId: pod.id });
    await rig().call('RemovePodSandbox', { podSandboxId: pod.id });
    expect(await rig().listPods()).toEqual([]);
    expect((await rig().takeCensus())['addresses']).toEqual([]);
    expect(['OK', 'UNKNOWN', 'INTERNAL', 'UNAVAILABLE', 'FAILED_PRECONDITION']).toContain(stopped);
  });
});

describe('CreateContainer', () => {
  test('asked for five times at once makes one container and tells all five its id', async () => {
    const pod = await rig().runPod();
    const config = sleeper();
    const ids = await Promise.all([1, 2, 3, 4, 5].map(() => rig().create(pod, config)));
    expect(new Set(ids).size).toBe(1);
    expect(await rig().listContainers()).toEqual([ids[0]]);
  });

  test('given up after 5 ms and asked for again makes one container', async () => {
    const pod = await rig().runPod();
    const config = sleeper();
    const request = { podSandboxId: pod.id, config, sandboxConfig: pod.config };
    await codeOf(rig().call('CreateContainer', request, { timeoutMs: 5 }));
    const { containerId } = await rig().call('CreateContainer', request);
    await rig().call('StartContainer', { containerId });
    expect(await rig().listContainers()).toEqual([containerId]);
  });

  test('with another attempt makes another container, and after a removal one of the same name', async () => {
    const pod = await rig().runPod();
    const name = uniqueName('c');
    const first = await rig().create(pod, sleeper({ metadata: { name, attempt: 0 } }));
    const second = await rig().create(pod, sleeper({ metadata: { name, attempt: 1 } }));
    expect(second).not.toBe(first);
    await rig().call('RemoveContainer', { containerId: first });
    expect(await rig().create(pod, sleeper({ metadata: { name, attempt: 0 } }))).not.toBe(first);
  });

  test('that fails releases its name', async () => {
    const pod = await rig().runPod();
    const metadata = { name: uniqueName('c'), attempt: 0 };
    const bad = containerConfig({ metadata, image: { image: 'docker.io/cri-ts/absent:1' } });
    expect(await codeOf(rig().create(pod, bad))).not.toBe('OK');
    const id = await rig().run(pod, shell('true', { metadata }));
    expect((await rig().exited(id)).exitCode).toBe(0);
  });

  test('at the same time as the removal of its pod ends in one of two ways, and leaves nothing', async () => {
    const before = await rig().takeCensus();
    for (let round = 0; round < 5; round += 1) {
      const pod = await rig().runPod();
      const create = rig()
        .create(pod, sleeper())
        .catch(() => null);
      await sleep(round * 10);
      await rig().call('RemovePodSandbox', { podSandboxId: pod.id });
      await create;
      await rig().call('RemovePodSandbox', { podSandboxId: pod.id });
    }
    expect(await rig().listContainers()).toEqual([]);
    await rig().expectCensus(before);
  });
});
