/**
 * What an image can try against the node when a container is made of it. Each test is an attack with its real bytes; the
 * number of its CVE stands in its name. Reference: features.md 7.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ContainerConfigInit, LinuxContainerSecurityContextInit } from '../../cri-api/runtime-v1.ts';
import { RpcError } from '../harness/client.ts';
import { canary, hostile, overflowing, overflowingUsers } from '../harness/hostile-images.ts';
import { containerConfig, secured, shell } from '../harness/requests.ts';
import { handlers, type Output } from '../harness/rig.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig({
  images: [
    image.busybox,
    ...Object.values(hostile),
    ...overflowingUsers.map((_, index) => overflowing(index)),
  ],
});

const onHost = (): string => rig().machine.outside(canary);
/** What lies in the canary from the start: accounts that no container may have. */
const bait = {
  passwd: 'spy:x:4242:4242::/spy:/bin/sh\nroot:x:0:0::/of-the-host:/bin/sh\n',
  group: 'spies:x:77:root\n',
  ptmx: 'of the host',
};

beforeEach(async () => {
  await mkdir(onHost(), { recursive: true });
  for (const [name, content] of Object.entries(bait)) await writeFile(`${onHost()}/${name}`, content);
});

/** Whatever was tried: nothing was made or changed outside. */
afterEach(async () => {
  expect((await readdir(onHost())).sort()).toEqual(Object.keys(bait).sort());
  for (const [name, content] of Object.entries(bait))
    expect(await readFile(`${onHost()}/${name}`, 'utf8')).toBe(content);
  await rm(onHost(), { recursive: true });
});

describe.each(handlers)('an image run by %s', (handler) => {
  async function run(
    name: string,
    script: string,
    changes: ContainerConfigInit & { readonly context?: LinuxContainerSecurityContextInit } = {},
  ): Promise<Output> {
    const { context = {}, ...rest } = changes;
    const pod = await rig().runPod({ handler });
    const config = shell(script, { image: { image: name }, ...rest });
    return await rig().output(pod, secured(config, context));
  }

  async function refused(name: string, context: LinuxContainerSecurityContextInit = {}): Promise<string> {
    const pod = await rig().runPod({ handler });
    const config = containerConfig({ image: { image: name }, command: ['true'] });
    try {
      await rig().create(pod, secured(config, context));
    } catch (error) {
      if (error instanceof RpcError) return error.code;
      throw error;
    }
    return 'OK';
  }

  test('whose /etc leads out of it gets its files inside (CVE-2024-5154)', async () => {
    const { stdout } = await run(hostile.etcLink, 'cat /etc/hostname; readlink /etc; ls /etc');
    expect(stdout.split('\n').slice(0, 2)).toEqual(['test-host', canary]);
    expect(stdout).not.toMatch(/passwd|mtab/);
  });

  test('whose account files lead out of it knows no account of the host (CVE-2024-5154)', async () => {
    expect(await refused(hostile.accountLinks, { runAsUsername: 'spy' })).toBe('INVALID_ARGUMENT');
    expect(await refused(hostile.etcLink, { runAsUsername: 'spy' })).toBe('INVALID_ARGUMENT');
    const { stdout } = await run(hostile.accountLinks, 'echo $HOME; id -G');
    expect(stdout).toBe('/root\n0\n');
  });

  test('whose passwd is a FIFO or has no end holds nobody up (CVE-2026-47262)', async () => {
    expect(await refused(hostile.accountFifo)).toBe('INVALID_ARGUMENT');
    expect(await refused(hostile.accountHuge)).toBe('INVALID_ARGUMENT');
    await rig().call('Version', { version: '' });
  });

  test('whose /dev or /proc is a link is refused (CVE-2026-41579, CVE-2019-19921)', async () => {
    expect(await refused(hostile.devLink)).toBe('INVALID_ARGUMENT');
    expect(await refused(hostile.procLink)).toBe('INVALID_ARGUMENT');
  });

  test('whose WORKDIR leads out of it works inside (Podman CVE-2026-55686)', async () => {
    expect((await run(hostile.workdirLink, 'pwd -P')).stdout).toBe(`${canary}/made/below\n`);
    const asked = await run(hostile.workdirLink, 'pwd -P', { workingDir: '/work/asked' });
    expect(asked.stdout).toBe(`${canary}/asked\n`);
    expect(await refused(hostile.workdirDangling)).toBe('INVALID_ARGUMENT');
  });

  test('whose WORKDIR is a descriptor of the runtime does not get out (CVE-2024-21626)', async () => {
    const pod = await rig().runPod({ handler });
    for (const number of [3, 5, 6, 7, 8, 9, 10, 11]) {
      const config = shell('cat ../../../../../../../../run/canary/passwd', {
        workingDir: `/proc/self/fd/${number}`,
      });
      const said = await rig()
        .output(pod, config)
        .catch((error: unknown) => error);
      if (said instanceof RpcError) continue;
      expect(said).toMatchObject({ stdout: '' });
    }
  });

  test('whose VOLUMEs lead out of it gets them inside (CVE-2022-23648)', async () => {
    const { stdout } = await run(hostile.volumes, `ls -d ${canary}/* /plain/*`);
    expect(stdout).toBe(`/plain/volume\n${canary}/dots\n${canary}/volume\n`);
  });

  test('whose HOME has a line feed writes no line anywhere (CVE-2022-4318, CVE-2026-15809)', async () => {
    const { stdout } = await run(hostile.home, 'cat /etc/passwd; echo; grep -c attacker /etc/passwd', {
      context: { runAsUser: { value: 0n } },
    });
    expect(stdout).not.toMatch(/attacker/);
    expect(stdout).toMatch(/0\n$/);
  });

  test('whose passwd has control bytes is read without those lines (CVE-2026-15809)', async () => {
    // The image's USER is in a line with an escape sequence: it is as if that line were not there.
    expect(await refused(hostile.home)).toBe('INVALID_ARGUMENT');
    expect(await refused(hostile.home, { runAsUsername: 'escaped' })).toBe('INVALID_ARGUMENT');
  });

  test('with a USER that overflows is refused, and is never root by chance (CVE-2024-40635)', async () => {
    for (const [index, user] of overflowingUsers.entries()) {
      expect([user, await refused(overflowing(index))]).toEqual([user, 'INVALID_ARGUMENT']);
    }
  });

  test('with labels in the names of the node commands nobody (CVE-2026-53488)', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().create(
      pod,
      containerConfig({ image: { image: hostile.labels }, command: ['true'] }),
    );
    const { info, status } = await rig().call('ContainerStatus', { containerId: id, verbose: true });
    expect(status?.labels).toEqual({});
    const { runtimeSpec } = JSON.parse(info['info'] ?? '') as {
      runtimeSpec: { annotations: Record<string, string> };
    };
    expect(runtimeSpec.annotations).toMatchObject({
      'io.kubernetes.cri.container-type': 'container',
      'io.kubernetes.cri.sandbox-id': pod.id,
    });
    expect(JSON.stringify(runtimeSpec.annotations)).not.toMatch(/attacker|systemd|binary/);
  });

  test('cannot lead a mount of the request out of its root', async () => {
    const source = rig().machine.path('mounted');
    await mkdir(source, { recursive: true });
    const mounts = [{ hostPath: source, containerPath: '/work/here', readonly: true }];
    const { stdout } = await run(hostile.workdirLink, `ls -d ${canary}/here`, { mounts, workingDir: '/' });
    expect(stdout).toBe(`${canary}/here\n`);
  });
});
