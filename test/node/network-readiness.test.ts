/**
 * A daemon that starts before the network is installed: it answers, says what is missing, and notices what appears.
 * Reference: cri.md 4.12; issue 2, section 4.
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { codeOf } from '../harness/client.ts';
import { writeNetwork } from '../harness/network.ts';
import { hostNetworkPod, podConfig, sleeper } from '../harness/requests.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig({ hasNetwork: false });

type Condition = { readonly status: boolean; readonly reason: string; readonly message: string };

async function network(): Promise<Condition> {
  const { status } = await rig().call('Status', {});
  const condition = status?.conditions.find(({ type }) => type === 'NetworkReady');
  if (condition === undefined) throw new Error('Status has no condition NetworkReady');
  return condition;
}

describe('without a network configuration', () => {
  test('the runtime is ready and the network is not, with the directory in the message', async () => {
    const { status } = await rig().call('Status', {});
    expect(status?.conditions.find(({ type }) => type === 'RuntimeReady')?.status).toBe(true);
    const condition = await network();
    expect(condition.status).toBe(false);
    expect(condition.reason).not.toBe('');
    expect(condition.message).toContain(rig().daemon.dirs.confDir);
  });

  test('a pod of the pod network is refused, and one of the host network runs', async () => {
    expect(await codeOf(rig().call('RunPodSandbox', { config: podConfig() }))).not.toBe('OK');
    const pod = await rig().runPod({ config: hostNetworkPod() });
    await rig().run(pod, sleeper());
    expect(await rig().listPods()).toEqual([pod.id]);
  });

  test('a broken file is named with what is wrong in it', async () => {
    const { confDir } = rig().daemon.dirs;
    await mkdir(confDir, { recursive: true });
    await writeFile(`${confDir}/00-broken.conflist`, '{"name": "x", ');
    await eventually('the file is named', async () =>
      (await network()).message.includes('00-broken.conflist'),
    );
    expect((await network()).status).toBe(false);
    await rm(`${confDir}/00-broken.conflist`);
  });

  test('a configuration that appears makes it ready, and one that goes makes it not', async () => {
    const { confDir } = rig().daemon.dirs;
    await writeNetwork(rig().machine, confDir);
    await eventually('the network is ready', async () => (await network()).status);
    const pod = await rig().runPod();
    expect((await rig().podStatus(pod.id)).network?.ip).toMatch(/^10\.88\./);
    await rename(`${confDir}/10-test.conflist`, rig().machine.path('aside'));
    await eventually('the network is not ready', async () => !(await network()).status);
    await rig().removePod(pod);
    expect(await rig().listPods()).toEqual([]);
  });
});

test('Status tells of the handlers, Version of the runtime, RuntimeConfig of the cgroup driver', async () => {
  const status = await rig().call('Status', { verbose: true });
  expect(status.runtimeHandlers.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['', 'crun', 'runc']),
  );
  expect(Object.values(status.info).map((text) => JSON.parse(text) as unknown)).not.toEqual([]);
  const version = await rig().call('Version', { version: '' });
  expect(version).toEqual({
    version: expect.stringMatching(/./),
    runtimeName: 'cri-ts',
    runtimeVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    runtimeApiVersion: 'v1',
  });
  expect((await rig().call('RuntimeConfig', {})).linux?.cgroupDriver).toBe(1);
  await rig().call('UpdateRuntimeConfig', { runtimeConfig: { networkConfig: { podCidr: '10.1.0.0/16' } } });
});
