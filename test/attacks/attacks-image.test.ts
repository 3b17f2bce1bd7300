/**
 * What an image can try against the node when a container is made of it. Each test is an attack with its real bytes; the
 * number of its CVE stands in its name. Reference: features.md 7.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  NamespaceMode,
  SupplementalGroupsPolicy,
  type ContainerConfigInit,
  type LinuxContainerSecurityContextInit,
} from '../../cri-api/runtime-v1.ts';
import { RpcError } from '../harness/client.ts';
import { canary, hostile, overflowing, overflowingUsers } from '../harness/hostile-images.ts';
import { containerConfig, podConfig, secured, shell, sleeper } from '../harness/requests.ts';
import { handlers, type Output, type Pod } from '../harness/rig.ts';
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

const range = { containerId: 0, hostId: 1_000_000, length: 65_536 };
const usernsOptions = { mode: NamespaceMode.POD, uids: [range], gids: [range] };

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

  describe.each([
    ['', { pid: NamespaceMode.CONTAINER }],
    [' in a user namespace', { pid: NamespaceMode.CONTAINER, usernsOptions }],
  ])('with something else than files for the pod%s', (_where, namespaceOptions) => {
    const podOf = async (): Promise<Pod> => {
      const securityContext = { namespaceOptions };
      const dnsConfig = { servers: ['10.1.2.3'] };
      return await rig().runPod({ handler, config: podConfig({ linux: { securityContext }, dnsConfig }) });
    };
    const read = async (name: string): Promise<string> => {
      const script = 'cat /etc/resolv.conf /etc/hostname';
      return (await rig().output(await podOf(), shell(script, { image: { image: name } }))).stdout;
    };

    test('has the files of its pod where its own links lead, inside of it', async () => {
      expect(await read(hostile.podFileLinks)).toBe('nameserver 10.1.2.3\ntest-host\n');
    });

    test('has them over FIFOs, and nobody waits', async () => {
      expect(await read(hostile.podFileFifo)).toBe('nameserver 10.1.2.3\ntest-host\n');
    });

    test('is refused with links in circles or a directory there', async () => {
      const loop = containerConfig({ image: { image: hostile.podFileLoop }, command: ['true'] });
      const pod = await podOf();
      await expect(rig().create(pod, loop)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        details: expect.stringMatching(/"\/etc\/(resolv.conf|hostname)" of the image: expected no links/),
      });
      const mounts = [{ hostPath: '/etc/hostname', containerPath: '/etc/hosts' }];
      const files = containerConfig({
        image: { image: hostile.podFileDirectory },
        command: ['true'],
        mounts,
      });
      await expect(rig().create(pod, files)).rejects.toMatchObject({ code: 'UNKNOWN' });
    });
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
    expect(await refused(hostile.accountLong)).toBe('INVALID_ARGUMENT');
    await rig().call('Version', { version: '' });
  });

  test('whose account files are odd gives the right user, to execs too', async () => {
    const pod = await rig().runPod({ handler });
    const look = async (context: LinuxContainerSecurityContextInit): Promise<readonly string[]> => {
      const own = { ...context, namespaceOptions: { pid: NamespaceMode.CONTAINER } };
      const id = await rig().run(pod, secured(sleeper({ image: { image: hostile.accountOdd } }), own));
      const of = (pid: string): string =>
        `grep -E '^(Uid|Gid|Groups)' /proc/${pid}/status | tr -s '\\t \\n' ' '; cat /proc/${pid}/environ | tr '\\0' '\\n' | grep HOME`;
      const [init, exec] = (await rig().sh(id, `${of('1')}; echo --; ${of('self')}`)).split('\n--\n');
      expect(exec).toBe(init);
      const [, uid, gid, groups, home] =
        /^Uid: (\d+) .*Gid: (\d+) .*Groups: ([\d ]+) HOME=(.*)$/.exec(init ?? '') ?? [];
      return [`${uid}:${gid}`, groups ?? '', home ?? ''];
    };
    expect(await look({})).toEqual(['1000:1000', '1000 2003 2004', '/home/user']);
    expect(await look({ runAsUsername: 'user' })).toEqual(['1000:1000', '1000 2003 2004', '/home/user']);
    const asked = { runAsUser: { value: 1000n }, supplementalGroups: [7n] };
    expect(await look({ ...asked, supplementalGroupsPolicy: SupplementalGroupsPolicy.Strict })).toEqual([
      '1000:1000',
      '7 1000',
      '/home/user',
    ]);
    expect(await look({ ...asked, runAsGroup: { value: 5n } })).toEqual([
      '1000:5',
      '5 7 2003 2004',
      '/home/user',
    ]);
    expect(await look({ runAsUsername: 'c1' })).toEqual(['1001:1001', '1001', '/']);
    expect(await look({ runAsUsername: 'bare' })).toEqual(['1002:1002', '1002', '/']);
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
