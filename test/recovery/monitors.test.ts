/**
 * Monitors that die or hang under running containers. Issue 2, section 5; features.md 4, pain 4.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { ContainerState } from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { signalQuietly, type Member } from '../harness/machine.ts';
import { shell, sleeper } from '../harness/requests.ts';
import { handlers, joined, readLog, type Rig } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

async function monitorsOf(rig: Rig): Promise<readonly Member[]> {
  const members = await rig.machine.members();
  return members.filter(
    ({ argv, state }) => state !== 'Z' && argv.some((word) => word.includes('conmon-ts')),
  );
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

describe('a killed monitor', () => {
  const rig = useRig();

  test.each(handlers)(
    'of 20 containers that log with %s: none dies, no line is lost, every exit code is right',
    async (handler) => {
      const pod = await rig().runPod({ handler });
      const count = 150;
      const script = (index: number): string =>
        `i=0; while [ $i -lt ${count} ]; do echo "c${index} $i"; i=$((i+1)); sleep 0.02; done; exit ${index}`;
      const ids = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          rig().run(pod, shell(script(index), { metadata: { name: `c${index}` } })),
        ),
      );
      await sleep(500);
      const before = await monitorsOf(rig());
      expect(before).not.toEqual([]);
      for (const { pid } of before) signalQuietly(pid, 'SIGKILL');
      await sleep(200);
      for (const id of ids) expect((await rig().status(id)).state).toBe(ContainerState.CONTAINER_RUNNING);
      for (const [index, id] of ids.entries()) {
        const status = await rig().exited(id);
        const expected = Array.from({ length: count }, (_, line) => `c${index} ${line}\n`).join('');
        expect(joined(await readLog(status.logPath))).toBe(expected);
        expect(status.exitCode).toBe(index);
      }
    },
  );

  test.each(handlers)('is replaced, and everything works with its successor and %s', async (handler) => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('trap "echo bye; exit 5" TERM; while true; do sleep 0.1; done'));
    for (const { pid } of await monitorsOf(rig())) signalQuietly(pid, 'SIGKILL');
    await eventually('there is a successor', async () => (await monitorsOf(rig())).length > 0);
    expect(await rig().sh(id, 'echo alive')).toBe('alive');
    await rig().call('ReopenContainerLog', { containerId: id });
    await rig().run(pod, sleeper());
    await rig().call('StopContainer', { containerId: id, timeout: 10n });
    expect((await rig().status(id)).exitCode).toBe(5);
    expect(joined(await readLog((await rig().status(id)).logPath))).toBe('bye\n');
  });

  test('together with the daemon: the containers live, and are known after its start', async () => {
    const pod = await rig().runPod();
    const count = 100;
    const hostPath = rig().machine.path('gate');
    await mkdir(hostPath);
    // It ends when the test says so: what nobody holds open any more is gone, whoever reads later.
    const script = `i=0; while [ $i -lt ${count} ]; do echo $i; i=$((i+1)); sleep 0.01; done; until [ -e /gate/open ]; do sleep 0.05; done; exit 7`;
    const mounts = [{ hostPath, containerPath: '/gate', readonly: true }];
    const id = await rig().run(pod, { ...shell(script), mounts });
    const { logPath } = await rig().status(id);
    await eventually('it logs', async () => (await readLog(logPath)).length > 10);
    await rig().server.kill9();
    for (const { pid } of await monitorsOf(rig())) signalQuietly(pid, 'SIGKILL');
    await eventually('the monitors are gone', async () => (await monitorsOf(rig())).length === 0);
    await rig().server.start();
    await writeFile(join(hostPath, 'open'), '');
    const status = await rig().exited(id);
    expect(joined(await readLog(status.logPath))).toBe(
      Array.from({ length: count }, (_, line) => `${line}\n`).join(''),
    );
    expect(status.exitCode).toBe(7);
  });
});

describe('a monitor that hangs', () => {
  const rig = useRig({ monitorPods: 1 });

  test('makes only calls of its own pods fail, by their deadline, and goes on when it is let', async () => {
    const hung = await rig().runPod();
    const inside = await rig().run(hung, shell('while true; do echo x; sleep 0.01; done'));
    const first = await monitorsOf(rig());
    const well = await rig().runPod();
    const other = await rig().run(well, sleeper());
    expect((await monitorsOf(rig())).length).toBeGreaterThan(first.length);
    for (const { pid } of first) signalQuietly(pid, 'SIGSTOP');
    try {
      const rssBefore = await residentBytes(rig().server.pid);
      const calls = [
        ...Array.from({ length: 50 }, () =>
          codeOf(rig().call('ReopenContainerLog', { containerId: inside }, { timeoutMs: 90_000 })),
        ),
        codeOf(rig().create(hung, sleeper())),
      ];
      for (let round = 0; round < 20; round += 1) {
        await rig().call('Status', {}, { timeoutMs: 2000 });
        expect(await rig().listPods()).toHaveLength(2);
        expect(
          (await rig().call('ContainerStatus', { containerId: inside }, { timeoutMs: 2000 })).status?.state,
        ).toBe(ContainerState.CONTAINER_RUNNING);
        expect(await rig().sh(other, 'echo alive')).toBe('alive');
      }
      await rig().call('ReopenContainerLog', { containerId: other });
      const third = await rig().runPod();
      await rig().run(third, sleeper());
      expect((await Promise.all(calls)).filter((code) => code === 'OK')).toEqual([]);
      expect((await residentBytes(rig().server.pid)) - rssBefore).toBeLessThan(64 * 1024 * 1024);
    } finally {
      for (const { pid } of first) signalQuietly(pid, 'SIGCONT');
    }
    await eventually('it works again', async () => {
      await rig().call('ReopenContainerLog', { containerId: inside });
      return true;
    });
    await rig().call('StopContainer', { containerId: inside, timeout: 0n });
    expect((await rig().status(inside)).exitCode).toBe(137);
  });
});
