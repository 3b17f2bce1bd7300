/**
 * The daemon dies and comes back: what its clients were told is still so, what happened meanwhile is known, nothing of it
 * was lost. Issue 2, sections 5 and 7; cri.md 4.4.
 */
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { ContainerState, PodSandboxState } from '../../cri-api/runtime-v1.ts';
import { hostNetworkPod, shell, sleeper } from '../harness/requests.ts';
import { handlers, joined, readLog } from '../harness/rig.ts';
import { told } from '../harness/told.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig();

/** Writes `count` numbered lines over `count` × 20 ms and ends with a code. */
function logger(name: string, count: number, exitCode: number): ReturnType<typeof shell> {
  const script = `i=0; while [ $i -lt ${count} ]; do echo "${name} $i"; i=$((i+1)); sleep 0.02; done; exit ${exitCode}`;
  return shell(script, { metadata: { name } });
}

function lines(name: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${name} ${index}\n`).join('');
}

describe.each(handlers)('with %s, a killed daemon that is started again', (handler) => {
  test('knows every exit code and every line of 20 containers that logged, ended and failed meanwhile', async () => {
    const pod = await rig().runPod({ handler });
    const plan = Array.from({ length: 20 }, (_, index) => ({
      name: `c${index}`,
      count: 20 + index * 8,
      exitCode: index * 10,
    }));
    const ids = await Promise.all(
      plan.map(({ name, count, exitCode }) => rig().run(pod, logger(name, count, exitCode))),
    );
    await sleep(300);
    await rig().server.kill9();
    await sleep(1500);
    await rig().server.start();
    for (const [index, { name, count, exitCode }] of plan.entries()) {
      const status = await rig().exited(ids[index] ?? '');
      expect(status).toMatchObject({ exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' });
      expect(status.finishedAt).toBeGreaterThan(status.startedAt);
      expect(joined(await readLog(status.logPath))).toBe(lines(name, count));
    }
  });

  test('tells the same of every pod, container and image as before, whether killed or stopped', async () => {
    const pod = await rig().runPod({ handler, config: { labels: { a: 'b' }, annotations: { c: 'd' } } });
    const stopped = await rig().runPod({ handler });
    await rig().runPod({ handler, config: hostNetworkPod() });
    await rig().run(pod, sleeper());
    await rig().create(pod, sleeper());
    await rig().exited(await rig().run(pod, shell('exit 3')));
    await rig().exited(await rig().run(stopped, shell('exit 4')));
    await rig().call('StopPodSandbox', { podSandboxId: stopped.id });
    const before = await told(rig());
    await rig().server.kill9();
    await rig().server.start();
    expect(await told(rig())).toEqual(before);
    await rig().server.stop();
    await rig().server.start();
    expect(await told(rig())).toEqual(before);
  });

  test('goes on working with what is there: exec, log, reopen, start, stop, remove', async () => {
    const pod = await rig().runPod({ handler });
    const running = await rig().run(pod, sleeper());
    const created = await rig().create(pod, shell('echo late; exit 8'));
    await rig().server.kill9();
    await rig().server.start();
    expect(await rig().sh(running, 'echo alive')).toBe('alive');
    await rig().call('ReopenContainerLog', { containerId: running });
    await rig().call('StartContainer', { containerId: created });
    const status = await rig().exited(created);
    expect(status.exitCode).toBe(8);
    expect(joined(await readLog(status.logPath))).toBe('late\n');
    await rig().call('StopContainer', { containerId: running, timeout: 10n });
    expect((await rig().status(running)).exitCode).toBe(0);
    const another = await rig().run(pod, sleeper());
    expect(await rig().sh(another, 'ip -o addr show eth0')).toContain(
      (await rig().podStatus(pod.id)).network?.ip ?? 'none',
    );
    await rig().removePod(pod);
    expect(await rig().listPods()).toEqual([]);
  });

  test('knows of an OOM kill and of a death by signal that it did not see', async () => {
    const pod = await rig().runPod({ handler });
    const limit = 15n * 1024n * 1024n;
    const resources = { memoryLimitInBytes: limit, memorySwapLimitInBytes: limit };
    const oom = await rig().run(
      pod,
      shell('sleep 0.7; exec dd if=/dev/zero of=/dev/null bs=20M', { linux: { resources } }),
    );
    const killed = await rig().run(pod, shell('sleep 0.7; sh -c "kill -9 \\$\\$"; exit $?'));
    await rig().server.kill9();
    await sleep(1500);
    await rig().server.start();
    expect(await rig().exited(oom)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(await rig().exited(killed)).toMatchObject({ exitCode: 137, reason: 'Error' });
  });

  test('after a reboot has its pods not ready, its containers ended, and gives their addresses back', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, sleeper());
    await rig().server.kill9();
    await rig().reboot();
    await rig().server.start();
    expect((await rig().podStatus(pod.id)).state).toBe(PodSandboxState.SANDBOX_NOTREADY);
    const status = await rig().status(id);
    expect(status.state).toBe(ContainerState.CONTAINER_EXITED);
    expect(status.exitCode).not.toBe(0);
    expect(status.finishedAt).toBeGreaterThanOrEqual(status.startedAt);
    await rig().removePod(pod);
    expect((await rig().takeCensus())['addresses']).toEqual([]);
    await rig().run(await rig().runPod({ handler }), sleeper());
  });
});

test('a damaged record is put aside, and the others are as they were', async () => {
  const one = await rig().runPod();
  const two = await rig().runPod();
  await rig().run(one, sleeper());
  await rig().run(two, sleeper());
  await rig().server.kill9();
  const { rootDir } = rig().daemon.dirs;
  await rig().machine.run('truncate', '-s', '20', `${rootDir}/pods/${one.id}.json`);
  await rig().server.start();
  expect(await rig().listPods()).toEqual([two.id]);
  const found = await readdir(rootDir, { recursive: true });
  expect(found.filter((path) => path.includes('quarantine') && path.includes(one.id))).not.toEqual([]);
  await rig().runPod();
  for (const containerId of await rig().listContainers())
    await rig().call('RemoveContainer', { containerId });
  // Now that nothing names the pod any more, the next start sweeps what it had.
  await rig().server.restart();
});

test('a second daemon on the same directories refuses to start', async () => {
  await expect(rig().startSecond()).resolves.not.toBe(0);
  await rig().call('Version', { version: '' });
});
