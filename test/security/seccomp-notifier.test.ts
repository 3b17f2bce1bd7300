/**
 * The seccomp notifier: what a container was refused is logged, counted and, where the pod asks for it, the container's end.
 * Reference: features.md 1.2 (seccomp notifier).
 */
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { ProfileType } from '../../cri-api/runtime-v1.ts';
import { podConfig, secured, shell, sleeper } from '../harness/requests.ts';
import { handlers, type Pod } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const annotation = 'seccomp-notifier-action.crio.io';
const rig = useRig({
  extraConfig: handlers
    .map((name) => `[runtimes.${name}]\nallowed_annotations = ["${annotation}"]`)
    .join('\n'),
});

describe.each(handlers)('with %s', (handler) => {
  const podOf = async (action: string): Promise<Pod> =>
    await rig().runPod({ handler, config: podConfig({ annotations: { [annotation]: action } }) });
  const confined = { seccomp: {} };
  const attempt = 'unshare -m true; unshare -m true; echo ended';

  test('a container is refused what it was refused before, and the daemon tells of it', async () => {
    const pod = await podOf('log');
    const id = await rig().run(pod, secured(shell(attempt), confined));
    const end = await rig().exited(id);
    expect(end).toMatchObject({ reason: 'Completed', exitCode: 0 });
    expect(await rig().server.log()).toMatch(new RegExp(`"container":"${id}","syscall":"unshare"`));
    const said = await rig().output(pod, secured(shell(attempt), confined));
    expect(said.stdout).toBe('ended\n');
    expect(said.stderr).toBe('unshare: unshare(0x20000): Operation not permitted\n'.repeat(2));
  });

  test('execs are asked about, too, and nothing is left when the container has ended', async () => {
    const pod = await podOf('log');
    const id = await rig().run(pod, secured(sleeper(), confined));
    for (let round = 0; round < 3; round += 1)
      expect((await rig().exec(id, ['unshare', '-m', 'true'])).stderr).toMatch(/not permitted/);
    const { info } = await rig().call('ContainerStatus', { containerId: id, verbose: true });
    expect(JSON.parse(info['info'] ?? '')).toMatchObject({ refusedSyscalls: 'unshare (3x)' });
    await rig().call('StopContainer', { containerId: id, timeout: 5n });
    const open = await rig().machine.run(
      'sh',
      '-c',
      `ls -l /proc/${rig().daemon.pid}/fd | grep -c "seccomp notify" || :`,
    );
    expect(open.stdout.toString()).toBe('0\n');
  });

  test('a container that is to be stopped for it is, and its status says why', async () => {
    const pod = await podOf('stop');
    const id = await rig().run(pod, secured(shell(`${attempt}; sleep 1000`), confined));
    const end = await rig().exited(id, 20_000);
    expect(end).toMatchObject({
      exitCode: 137,
      reason: 'seccomp killed',
      message: 'forbidden system calls: unshare (2x)',
    });
  });

  test("a profile of the node may ask a listener of the node's own", async () => {
    const socket = rig().machine.path(`agent-${handler}.sock`);
    const profile = rig().machine.path(`agent-${handler}.json`);
    const heard: string[] = [];
    const agent = createServer((peer) => peer.on('data', (data) => heard.push(data.toString())));
    await new Promise<void>((resolve) => agent.listen(socket, resolve));
    const syscalls = [{ names: ['unshare'], action: 'SCMP_ACT_NOTIFY' }];
    const content = {
      defaultAction: 'SCMP_ACT_ALLOW',
      listenerPath: socket,
      listenerMetadata: 'm-1',
      syscalls,
    };
    await writeFile(profile, JSON.stringify(content));
    const seccomp = { profileType: ProfileType.Localhost, localhostRef: profile };
    try {
      const pod = await rig().runPod({ handler });
      const said = await rig().output(pod, secured(shell('unshare -m true; echo ended'), { seccomp }));
      // This agent lets go of the descriptor, and the kernel answers for it.
      expect(said.stderr).toMatch(/Function not implemented/);
      expect(heard.join('')).toMatch(/"metadata":\s*"m-1"/);
      const asks = await podOf('log');
      await expect(rig().create(asks, secured(sleeper(), { seccomp }))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    } finally {
      agent.close();
    }
  });

  test('a container without a profile has no notifier, and another value is refused', async () => {
    const pod = await podOf('stop');
    expect((await rig().output(pod, shell('true'))).exitCode).toBe(0);
    const odd = await podOf('delete');
    await expect(rig().create(odd, secured(sleeper(), confined))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

test('after a restart of the daemon what was refused stays refused', async () => {
  const pod = await rig().runPod({
    handler: 'runc',
    config: podConfig({ annotations: { [annotation]: 'log' } }),
  });
  const script = 'while [ ! -e /go ]; do sleep 0.1; done; unshare -m true || touch /refused; sleep 1000';
  const id = await rig().run(pod, secured(shell(script), { seccomp: {} }));
  await rig().server.kill9();
  await rig().server.start();
  await rig().sh(id, 'touch /go');
  await eventually(
    'the call is refused',
    async () => (await rig().exec(id, ['test', '-e', '/refused'])).exitCode === 0,
  );
});
