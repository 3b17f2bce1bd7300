/**
 * StopContainer: which signal, how long, and who may shorten the wait. Reference: cri.md 4.6.
 */
import { describe, expect, test } from '@jest/globals';
import { ContainerState, NamespaceMode, Signal } from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { podConfig, secured, shell, sleeper } from '../harness/requests.ts';
import { handlers, joined, readLog } from '../harness/rig.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig({ images: [image.busybox, image.stopSignal] });

/** Notes the signals that it gets and ends at none of them. */
const stubborn = shell(
  'for s in TERM USR1 USR2 INT; do trap "echo $s" $s; done; echo ready; while true; do sleep 0.1; done',
);

async function logOf(id: string): Promise<string> {
  return joined(await readLog((await rig().status(id)).logPath));
}

async function ready(id: string): Promise<string> {
  await eventually('the container is ready', async () => (await logOf(id)).includes('ready'));
  return id;
}

async function elapsedMs(work: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work;
  return performance.now() - started;
}

describe.each(handlers)('StopContainer with %s', (handler) => {
  test('lets the process end by itself and keeps its exit code', async () => {
    const pod = await rig().runPod({ handler });
    const id = await ready(
      await rig().run(pod, shell('trap "exit 9" TERM; echo ready; while true; do sleep 0.1; done')),
    );
    const took = await elapsedMs(rig().call('StopContainer', { containerId: id, timeout: 30n }));
    expect(took).toBeLessThan(10_000);
    expect(await rig().status(id)).toMatchObject({ state: ContainerState.CONTAINER_EXITED, exitCode: 9 });
  });

  test('kills at the end of the grace period', async () => {
    const pod = await rig().runPod({ handler });
    const id = await ready(await rig().run(pod, stubborn));
    const took = await elapsedMs(rig().call('StopContainer', { containerId: id, timeout: 1n }));
    expect(took).toBeGreaterThan(950);
    expect(await rig().status(id)).toMatchObject({ exitCode: 137, state: ContainerState.CONTAINER_EXITED });
    expect(await logOf(id)).toContain('TERM');
  });

  test('kills at once when there is no grace', async () => {
    const pod = await rig().runPod({ handler });
    const id = await ready(await rig().run(pod, stubborn));
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    expect((await rig().status(id)).exitCode).toBe(137);
    expect(await logOf(id)).toBe('ready\n');
  });

  test("sends the image's stop signal, or the request's before it, and says which", async () => {
    const pod = await rig().runPod({ handler });
    const [plain, fromImage, fromRequest] = await Promise.all([
      rig().run(pod, stubborn),
      rig().run(pod, {
        ...stubborn,
        image: { image: image.stopSignal },
        metadata: { name: 'image' },
        logPath: 'image.log',
      }),
      rig().run(pod, {
        ...stubborn,
        image: { image: image.stopSignal },
        stopSignal: Signal.SIGNAL_SIGUSR2,
        metadata: { name: 'request' },
        logPath: 'request.log',
      }),
    ]);
    for (const [id, word, signal] of [
      [plain, 'TERM', Signal.SIGNAL_SIGTERM],
      [fromImage, 'USR1', Signal.SIGNAL_SIGUSR1],
      [fromRequest, 'USR2', Signal.SIGNAL_SIGUSR2],
    ] as const) {
      await ready(id);
      expect((await rig().status(id)).stopSignal).toBe(signal);
      await rig().call('StopContainer', { containerId: id, timeout: 1n });
      expect(await logOf(id)).toBe(`ready\n${word}\n`);
    }
  });

  test('a second one with less grace shortens the wait of the first', async () => {
    const pod = await rig().runPod({ handler });
    const id = await ready(await rig().run(pod, stubborn));
    const first = rig().call('StopContainer', { containerId: id, timeout: 100n }, { timeoutMs: 60_000 });
    await eventually('the signal has come', async () => (await logOf(id)).includes('TERM'));
    const took = await elapsedMs(rig().call('StopContainer', { containerId: id, timeout: 1n }));
    expect(took).toBeLessThan(15_000);
    await first;
    expect((await rig().status(id)).exitCode).toBe(137);
  });

  test('a client that goes away neither ends the stop nor hurries it', async () => {
    const pod = await rig().runPod({ handler });
    const id = await ready(await rig().run(pod, stubborn));
    const call = rig().call('StopContainer', { containerId: id, timeout: 2n }, { timeoutMs: 300 });
    expect(await codeOf(call)).toBe('DEADLINE_EXCEEDED');
    expect((await rig().status(id)).state).toBe(ContainerState.CONTAINER_RUNNING);
    expect((await rig().exited(id)).exitCode).toBe(137);
  });

  test('other calls of the container and of the pod answer meanwhile', async () => {
    const pod = await rig().runPod({ handler });
    const id = await ready(await rig().run(pod, stubborn));
    const stop = rig().call('StopContainer', { containerId: id, timeout: 3n });
    await eventually('the signal has come', async () => (await logOf(id)).includes('TERM'));
    expect(await rig().sh(id, 'echo alive')).toBe('alive');
    await rig().call('ReopenContainerLog', { containerId: id });
    const other = await rig().run(pod, sleeper());
    expect((await rig().status(other)).state).toBe(ContainerState.CONTAINER_RUNNING);
    expect((await rig().status(id)).state).toBe(ContainerState.CONTAINER_RUNNING);
    await stop;
  });

  test('kills what the process leaves behind in a shared PID namespace', async () => {
    const namespaceOptions = { pid: NamespaceMode.POD };
    const config = podConfig({ linux: { securityContext: { namespaceOptions } } });
    const pod = await rig().runPod({ handler, config });
    const id = await rig().run(
      pod,
      secured(shell('setsid sleep 5555 & echo ready; exec sleep 1000'), { namespaceOptions }),
    );
    await ready(id);
    await rig().call('StopContainer', { containerId: id, timeout: 1n });
    await eventually('its processes are gone', async () => {
      const members = await rig().machine.members();
      return !members.some(({ argv, state }) => argv.join(' ') === 'sleep 5555' && state !== 'Z');
    });
  });

  test('a negative grace is none', async () => {
    const pod = await rig().runPod({ handler });
    const id = await ready(await rig().run(pod, stubborn));
    await rig().call('StopContainer', { containerId: id, timeout: -5n });
    expect((await rig().status(id)).exitCode).toBe(137);
  });

  test('StopPodSandbox ends all containers of the pod', async () => {
    const pod = await rig().runPod({ handler });
    const ids = await Promise.all([1, 2, 3].map(() => rig().run(pod, sleeper())));
    await rig().call('StopPodSandbox', { podSandboxId: pod.id });
    for (const id of ids) expect((await rig().status(id)).state).toBe(ContainerState.CONTAINER_EXITED);
  });
});
