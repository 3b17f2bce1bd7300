/**
 * Containers from CreateContainer to RemoveContainer: states and times, how they end, what the image and the request make of
 * the process, mounts, resources. Reference: cri.md 4.4, 4.5, 4.11.
 */
import { mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { ContainerState, MountPropagation } from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { containerConfig, podConfig, secured, shell, sleeper } from '../harness/requests.ts';
import { handlers, type Rig } from '../harness/rig.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig({ images: [image.busybox, image.configured] });

async function listedState(rig: Rig, id: string): Promise<ContainerState | undefined> {
  const { containers } = await rig.call('ListContainers', { filter: { id } });
  return containers[0]?.state;
}

describe.each(handlers)('a container with %s', (handler) => {
  test('goes from created to running to exited, with times that tell of it', async () => {
    const pod = await rig().runPod({ handler });
    const config = sleeper({ labels: { a: 'b' }, annotations: { c: 'd' } });
    const id = await rig().create(pod, config);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    const created = await rig().status(id);
    expect(created).toMatchObject({
      state: ContainerState.CONTAINER_CREATED,
      startedAt: 0n,
      finishedAt: 0n,
      exitCode: 0,
      labels: { a: 'b' },
      annotations: { c: 'd' },
      metadata: config.metadata,
    });
    expect(await listedState(rig(), id)).toBe(ContainerState.CONTAINER_CREATED);

    await rig().call('StartContainer', { containerId: id });
    const running = await rig().status(id);
    expect(running.state).toBe(ContainerState.CONTAINER_RUNNING);
    expect(running.startedAt).toBeGreaterThan(created.createdAt);
    expect(running.finishedAt).toBe(0n);

    await rig().call('StopContainer', { containerId: id, timeout: 10n });
    const exited = await rig().status(id);
    expect(exited).toMatchObject({
      state: ContainerState.CONTAINER_EXITED,
      exitCode: 0,
      reason: 'Completed',
    });
    expect(exited.finishedAt).toBeGreaterThan(exited.startedAt);
    expect([exited.createdAt, exited.startedAt]).toEqual([created.createdAt, running.startedAt]);
    expect(await listedState(rig(), id)).toBe(ContainerState.CONTAINER_EXITED);

    await rig().call('RemoveContainer', { containerId: id });
    expect(await listedState(rig(), id)).toBeUndefined();
  });

  test.each([
    ['exit 0', 0, 'Completed'],
    ['exit 1', 1, 'Error'],
    ['exit 255', 255, 'Error'],
    ['kill -9 $$', 137, 'Error'],
    ['kill -TERM $$; sleep 1', 143, 'Error'],
  ] as const)('that ends by `%s` has exit code %i and reason %s', async (script, exitCode, reason) => {
    const pod = await rig().runPod({ handler });
    // A process 1 is not killed by its own signals: the shell that does it is another one.
    const id = await rig().run(pod, shell(`sh -c '${script}'; code=$?; exit $code`));
    expect(await rig().exited(id)).toMatchObject({ exitCode, reason });
  });

  test('that uses more memory than it may is OOMKilled with exit code 137', async () => {
    const pod = await rig().runPod({ handler });
    const limit = 15n * 1024n * 1024n;
    const resources = { memoryLimitInBytes: limit, memorySwapLimitInBytes: limit };
    const id = await rig().run(
      pod,
      containerConfig({ command: ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=20M'], linux: { resources } }),
    );
    expect(await rig().exited(id)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });

  test('whose program does not exist fails to start, and stays to be looked at and removed', async () => {
    const pod = await rig().runPod({ handler });
    const config = containerConfig({ command: ['/no/such/program'] });
    const failure = async (): Promise<string | null> => {
      const id = await rig().create(pod, config);
      await rig().call('StartContainer', { containerId: id });
      return id;
    };
    await expect(failure()).rejects.toThrow(/no such file/i);
    for (const { id, state } of (await rig().call('ListContainers', {})).containers) {
      expect(state).not.toBe(ContainerState.CONTAINER_RUNNING);
      await rig().call('RemoveContainer', { containerId: id });
    }
    const { containerId } = await rig().call('CreateContainer', {
      podSandboxId: pod.id,
      config: { ...config, command: ['true'] },
      sandboxConfig: pod.config,
    });
    await rig().call('StartContainer', { containerId });
  });

  test('runs what the image says, where it says, with its environment', async () => {
    const pod = await rig().runPod({ handler });
    const base = { image: { image: image.configured } };
    const say = async (changes: object): Promise<string> =>
      (await rig().output(pod, containerConfig({ ...base, ...changes }))).stdout;
    expect(await say({})).toBe('entrypoint from image\n');
    expect(await say({ args: ['mine'] })).toBe('entrypoint mine\n');
    expect(await say({ command: ['echo'] })).toBe('\n');
    expect(await say({ command: ['echo'], args: ['both'] })).toBe('both\n');
    expect(await say({ command: ['pwd'] })).toBe('/var/www\n');
    expect(await say({ command: ['pwd'], workingDir: '/tmp' })).toBe('/tmp\n');
    const envs = [{ key: 'OVERRIDDEN', value: Buffer.from('request') }];
    const env = await say({ command: ['env'], envs });
    expect(env).toContain('FROM_IMAGE=1\n');
    expect(env).toContain('OVERRIDDEN=request\n');
    expect(env).not.toContain('OVERRIDDEN=image');
  });

  test('creates a working directory that the image lacks', async () => {
    const pod = await rig().runPod({ handler });
    const { stdout } = await rig().output(pod, shell('pwd', { workingDir: '/made/for/me' }));
    expect(stdout).toBe('/made/for/me\n');
  });

  test('mounts host paths, read-only ones and linked ones too, and tells of just these', async () => {
    const pod = await rig().runPod({ handler });
    const source = rig().machine.path('volume');
    await mkdir(source, { recursive: true });
    await writeFile(`${source}/file`, 'from the host');
    const linkPath = rig().machine.path(`link-${handler}`);
    await symlink(source, linkPath);
    const mounts = [
      { hostPath: source, containerPath: '/volume' },
      { hostPath: source, containerPath: '/volume-ro', readonly: true },
      { hostPath: linkPath, containerPath: '/volume-link' },
      { hostPath: `${source}/file`, containerPath: '/etc/one-file' },
    ];
    const id = await rig().run(pod, sleeper({ mounts }));
    expect(await rig().sh(id, 'cat /volume/file /volume-link/file /etc/one-file')).toBe(
      'from the host'.repeat(3),
    );
    await rig().sh(id, `echo back > /volume/back-${handler}`);
    expect(await readFile(`${source}/back-${handler}`, 'utf8')).toBe('back\n');
    const touch = await rig().exec(id, ['touch', '/volume-ro/x']);
    expect(touch.stderr).toMatch(/Read-only file system/);
    const seen = (await rig().status(id)).mounts;
    expect(seen).toHaveLength(mounts.length);
    expect(seen).toMatchObject(mounts);
  });

  test('propagates mounts as asked', async () => {
    const config = podConfig({ linux: { securityContext: { privileged: true } } });
    const pod = await rig().runPod({ handler, config });
    const inner = async (name: string, propagation: MountPropagation): Promise<string> => {
      const source = rig().machine.path(`${name}-${handler}`);
      await mkdir(`${source}/host`, { recursive: true });
      await mkdir(`${source}/container`);
      const mounts = [{ hostPath: source, containerPath: '/v', propagation }];
      const id = await rig().run(pod, secured(sleeper({ mounts }), { privileged: true }));
      await rig().machine.run('mount', '-t', 'tmpfs', 'propagated', `${source}/host`);
      await rig().machine.run('touch', `${source}/host/marker`);
      await rig().sh(id, 'mount -t tmpfs propagated /v/container && touch /v/container/marker');
      const inside = await rig().sh(id, 'ls /v/host');
      const outside = (await rig().machine.run('ls', `${source}/container`)).stdout.toString().trim();
      await rig().sh(id, 'umount /v/container');
      await rig().machine.run('umount', `${source}/host`);
      return `${inside === 'marker' ? 'in' : '-'} ${outside === 'marker' ? 'out' : '-'}`;
    };
    expect(await inner('private', MountPropagation.PROPAGATION_PRIVATE)).toBe('- -');
    expect(await inner('slave', MountPropagation.PROPAGATION_HOST_TO_CONTAINER)).toBe('in -');
    expect(await inner('shared', MountPropagation.PROPAGATION_BIDIRECTIONAL)).toBe('in out');
  });

  test('gets the limits that were asked for, when created and when updated', async () => {
    const pod = await rig().runPod({ handler });
    const memoryLimitInBytes = 64n * 1024n * 1024n;
    const resources = { cpuPeriod: 100_000n, cpuQuota: 50_000n, cpuShares: 512n, memoryLimitInBytes };
    const id = await rig().run(pod, sleeper({ linux: { resources } }));
    expect((await rig().status(id)).resources?.linux).toMatchObject(resources);
    const updated = { cpuQuota: 25_000n, cpuPeriod: 100_000n, memoryLimitInBytes: memoryLimitInBytes * 2n };
    await rig().call('UpdateContainerResources', { containerId: id, linux: updated });
    expect((await rig().status(id)).resources?.linux).toMatchObject({ ...updated, cpuShares: 512n });
    const info = await rig().call('ContainerStatus', { containerId: id, verbose: true });
    const { pid } = JSON.parse(info.info['info'] ?? '{}') as { pid: number };
    const cgroups = await readFile(`/proc/${pid}/cgroup`, 'utf8');
    const memory = /memory:(\S+)/.exec(cgroups)?.[1];
    if (memory !== undefined) {
      const limit = await readFile(`/sys/fs/cgroup/memory${memory}/memory.limit_in_bytes`, 'utf8');
      expect(BigInt(limit.trim())).toBe(memoryLimitInBytes * 2n);
    }
  });

  test('says its pid and its runtime specification when asked to', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('exec sleep 4711'));
    const brief = await rig().call('ContainerStatus', { containerId: id });
    expect(brief.info).toEqual({});
    const { info } = await rig().call('ContainerStatus', { containerId: id, verbose: true });
    const { pid, runtimeSpec } = JSON.parse(info['info'] ?? '{}') as {
      pid: number;
      runtimeSpec: { ociVersion: string };
    };
    // The shell becomes the program in its own time.
    await eventually('it is the process of the container', async () => {
      const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      return words.slice(0, 2).join(' ') === 'sleep 4711';
    });
    expect(runtimeSpec.ociVersion).toMatch(/^1\./);
  });

  test('is created by a sealed copy of the runtime', async () => {
    const pod = await rig().runPod({ handler });
    const program = async (): Promise<string> => {
      const containerId = await rig().create(pod, sleeper());
      const { info } = await rig().call('ContainerStatus', { containerId, verbose: true });
      const { pid } = JSON.parse(info['info'] ?? '{}') as { pid: number };
      // Until it is started it is the runtime, still.
      return await readlink(`/proc/${pid}/exe`);
    };
    // It is made beside the first calls.
    await eventually('the copy is used', async () => (await program()) === `/memfd:${handler} (deleted)`);
  });

  test('names its image by what was asked, by digest and by id, in the status and in the list', async () => {
    const pod = await rig().runPod({ handler });
    const imageId = (await rig().call('ImageStatus', { image: { image: image.busybox } })).image?.id ?? '';
    const id = await rig().create(
      pod,
      sleeper({ image: { image: imageId, userSpecifiedImage: image.busybox } }),
    );
    const status = await rig().status(id);
    const [listed] = (await rig().call('ListContainers', { filter: { id } })).containers;
    expect(status.imageId).toBe(imageId);
    expect(listed?.imageId).toBe(imageId);
    expect(status.image?.image).toBe(image.busybox);
    expect(status.imageRef).not.toBe('');
    expect(listed?.imageRef).toBe(status.imageRef);
  });

  test('lives and dies apart from the others of its pod', async () => {
    const pod = await rig().runPod({ handler });
    const one = await rig().run(pod, sleeper());
    const two = await rig().run(pod, sleeper());
    await rig().call('RemoveContainer', { containerId: one });
    expect(await rig().sh(two, 'echo alive')).toBe('alive');
    const { containers } = await rig().call('ListContainers', { filter: { podSandboxId: pod.id } });
    expect(containers.map(({ id }) => id)).toEqual([two]);
  });

  test('ends with everything that it started', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('setsid sleep 3333 & setsid sleep 3333 & sleep 0.2; exit 4'));
    expect((await rig().exited(id)).exitCode).toBe(4);
    const members = await rig().machine.members();
    expect(members.filter(({ argv }) => argv.join(' ') === 'sleep 3333')).toEqual([]);
  });
});

describe('a container', () => {
  test('of an image that is not here is refused and leaves nothing', async () => {
    const pod = await rig().runPod();
    const config = sleeper({ image: { image: 'docker.io/cri-ts/absent:latest' } });
    expect(await codeOf(rig().create(pod, config))).not.toBe('OK');
    expect((await rig().call('ListContainers', {})).containers).toEqual([]);
  });

  test('of an unknown pod is refused', async () => {
    const missing = rig().call('CreateContainer', { podSandboxId: 'f'.repeat(64), config: sleeper() });
    expect(await codeOf(missing)).toBe('NOT_FOUND');
  });
});
