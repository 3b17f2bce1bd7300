/**
 * Out of memory: whoever of a container the kernel kills, its end says OOMKilled, whoever of us was there to see it.
 * Reference: cri.md 4.5; features.md 4, pain 16.
 */
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import type { ContainerConfigInit, ContainerStatus } from '../../cri-api/runtime-v1.ts';
import { detectCgroups } from '../../src/kernel/cgroups/cgroup-layout.ts';
import { cgroupDriver, signalQuietly } from '../harness/machine.ts';
import { podConfig, shell, uniqueName } from '../harness/requests.ts';
import { handlers, type Pod } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig();
const mib = 1024n * 1024n;
const limit = { memoryLimitInBytes: 24n * mib, memorySwapLimitInBytes: 24n * mib };
/** Touches 200 MB at once. */
const gluttony = 'dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null';

const limited = (script: string, changes: ContainerConfigInit = {}): ContainerConfigInit =>
  shell(script, { ...changes, linux: { resources: limit } });

describe.each(handlers)('a container with %s', (handler) => {
  async function ends(script: string): Promise<ContainerStatus> {
    const pod = await rig().runPod({ handler });
    return await rig().exited(await rig().run(pod, limited(script)));
  }

  test('whose process dies of it as soon as it runs is OOMKilled with 137, every time', async () => {
    const pod = await rig().runPod({ handler });
    const ids = await Promise.all(
      Array.from({ length: 8 }, async () => await rig().run(pod, limited(`exec ${gluttony}`))),
    );
    for (const id of ids)
      expect(await rig().exited(id)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });

  test('of which only a child dies ends with its own code, and tells of it', async () => {
    expect(await ends(`${gluttony}; exit 3`)).toMatchObject({ exitCode: 3, reason: 'OOMKilled' });
    expect(await ends(`${gluttony}; true`)).toMatchObject({ exitCode: 0, reason: 'OOMKilled' });
  });

  test('that is to die as a whole does so with its child, on cgroup v2', async () => {
    if ((await detectCgroups()).version !== 'v2') return;
    const pod = await rig().runPod({ handler });
    const config = shell(`${gluttony}; exit 3`, {
      linux: { resources: { ...limit, unified: { 'memory.oom.group': '1' } } },
    });
    expect(await rig().exited(await rig().run(pod, config))).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  test('of which only an exec dies tells of it at its end, too', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, limited('trap "exit 0" TERM; sleep 1000 & wait'));
    expect((await rig().exec(id, ['sh', '-c', `exec ${gluttony}`])).exitCode).toBe(137);
    await rig().call('StopContainer', { containerId: id, timeout: 5n });
    expect(await rig().exited(id)).toMatchObject({ exitCode: 0, reason: 'OOMKilled' });
  });

  test('that is killed by somebody else is not OOMKilled', async () => {
    // The first process of a PID namespace cannot kill itself: a child does, and its code is passed on.
    const killed = "sh -c 'kill -9 $$'; exit $?";
    expect(await ends(killed)).toMatchObject({ exitCode: 137, reason: 'Error' });
    const nearly = 'dd if=/dev/zero of=/dev/null bs=4M count=9 2>/dev/null';
    expect(await ends(`${nearly}; ${killed}`)).toMatchObject({ exitCode: 137, reason: 'Error' });
  });

  // systemd makes no cgroup for a pod that names none, and removes a scope as soon as nobody is in it.
  if (cgroupDriver === 'systemd')
    process.stderr.write('the limit of a pod is not tried with systemd: no cgroup of it is ours\n');
  const cgroupfsTest = cgroupDriver === 'systemd' ? test.skip : test;

  cgroupfsTest('that dies of the limit of its pod is OOMKilled, and only that one', async () => {
    const resources = { memoryLimitInBytes: 64n * mib };
    const pod = await rig().runPod({
      handler,
      config: podConfig({ linux: { cgroupParent: '', resources } }),
    });
    const other = await rig().run(pod, shell('trap "exit 0" TERM; sleep 1000 & wait'));
    const id = await rig().run(pod, shell(`exec ${gluttony}`));
    expect(await rig().exited(id)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    await rig().call('StopContainer', { containerId: other, timeout: 5n });
    expect(await rig().exited(other)).toMatchObject({ exitCode: 0, reason: 'Completed' });
  });

  /** Containers that wait for a file: one then dies, one loses a child, one only ends. */
  async function waiting(
    pod: Pod,
  ): Promise<{ ids: readonly string[]; go: (name?: string) => Promise<void> }> {
    const dir = rig().machine.path(uniqueName('gate'));
    const mounts = [{ containerPath: '/gate', hostPath: dir }];
    const after = (name: string, script: string): string =>
      `while [ ! -e /gate/${name} ]; do sleep 0.05; done; ${script}`;
    const ids = [
      await rig().run(pod, limited(after('go', `exec ${gluttony}`), { mounts })),
      await rig().run(pod, limited(after('go', `${gluttony}; exit 5`), { mounts })),
      await rig().run(pod, limited(after('end', 'exit 6'), { mounts })),
    ];
    return { ids, go: async (name = 'go') => await writeFile(`${dir}/${name}`, '') };
  }

  async function processesOf(ids: readonly string[]): Promise<readonly number[]> {
    const pids = await Promise.all(
      ids.map(async (containerId) => {
        const { info } = await rig().call('ContainerStatus', { containerId, verbose: true });
        const told: unknown = JSON.parse(info['info'] ?? '{}');
        return Number(Reflect.get(Object(told), 'pid'));
      }),
    );
    return pids;
  }

  test('that dies while the daemon is dead is OOMKilled when it is back', async () => {
    const { ids, go } = await waiting(await rig().runPod({ handler }));
    const pids = await processesOf(ids.slice(0, 2));
    await rig().server.kill9();
    await go();
    await eventually('both end', async () => await areGone(pids));
    await rig().server.start();
    expect(await rig().exited(ids[0] ?? '')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(await rig().exited(ids[1] ?? '')).toMatchObject({ exitCode: 5, reason: 'OOMKilled' });
  });

  test('that dies while its monitor looks away is OOMKilled, and one that only ends is not', async () => {
    const { ids, go } = await waiting(await rig().runPod({ handler }));
    const [own = '', child = '', plain = ''] = ids;
    await whileMonitorsStandStill([own, child], go);
    expect(await rig().exited(own)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(await rig().exited(child)).toMatchObject({ exitCode: 5, reason: 'OOMKilled' });
    await whileMonitorsStandStill([plain], async () => await go('end'));
    expect(await rig().exited(plain)).toMatchObject({ exitCode: 6, reason: 'Error' });
  });

  async function whileMonitorsStandStill(ids: readonly string[], work: () => Promise<void>): Promise<void> {
    const pids = await processesOf(ids);
    const monitors = await monitorPids();
    for (const pid of monitors) signalQuietly(pid, 'SIGSTOP');
    try {
      await work();
      await eventually('all end', async () => await areGone(pids));
      // systemd removes the scopes that nobody is in; with cgroupfs nobody would.
      if (cgroupDriver === 'systemd') await eventually('the scopes go', async () => await areScopesGone(ids));
    } finally {
      for (const pid of monitors) signalQuietly(pid, 'SIGCONT');
    }
  }

  async function monitorPids(): Promise<readonly number[]> {
    const members = await rig().machine.members();
    return members
      .filter(({ argv }) => argv.some((word) => word.includes('conmon-ts')))
      .map(({ pid }) => pid);
  }

  async function areScopesGone(ids: readonly string[]): Promise<boolean> {
    const cgroups = await rig().machine.cgroups();
    return ids.every((id) => !cgroups.some((path) => path.includes(id)));
  }

  test('that dies while neither daemon nor monitor lives is OOMKilled all the same', async () => {
    const { ids, go } = await waiting(await rig().runPod({ handler }));
    const pids = await processesOf(ids.slice(0, 2));
    await rig().server.kill9();
    for (const pid of await monitorPids()) signalQuietly(pid, 'SIGKILL');
    await go();
    await eventually('both end', async () => await areGone(pids));
    await rig().server.start();
    // Perhaps nobody saw how they ended; that they ran out of memory their cgroups know.
    expect(await rig().exited(ids[0] ?? '')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(await rig().exited(ids[1] ?? '')).toMatchObject({ reason: 'OOMKilled' });
  });

  async function areGone(pids: readonly number[]): Promise<boolean> {
    const members = await rig().machine.members();
    return pids.every((pid) => !members.some((member) => member.pid === pid && member.state !== 'Z'));
  }
});
