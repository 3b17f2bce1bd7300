/**
 * What mounts and namespaces of a container really are, seen from inside it. Reference: cri.md 3.5 (Mount Readonly, Mount
 * Propagation), 4.10, 4.11; issue 5, points 3 and 4.
 */
import { mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import {
  MountPropagation,
  NamespaceMode,
  type ContainerConfigInit,
  type LinuxContainerSecurityContextInit,
  type MountInit,
  type NamespaceOptionInit,
} from '../../cri-api/runtime-v1.ts';
import { RpcError } from '../harness/client.ts';
import { hostNetworkPod, podConfig, secured, shell, sleeper } from '../harness/requests.ts';
import { handlers, type Pod } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig({
  extraConfig:
    '[security]\ndefault_ulimits = ["nofile=512:1000", "core=0:0"]\ndefault_sysctls = ["net.ipv4.ip_unprivileged_port_start=1000"]\n' +
    '[runtimes.runc]\nprivileged_without_host_devices = true',
});

/** A directory of the host with a file, a program, a set-user-id program and a device in it. */
async function source(name: string): Promise<string> {
  const dir = rig().machine.path(name);
  await mkdir(dir, { recursive: true });
  await rig().machine.run(
    'sh',
    '-c',
    `mount -t tmpfs -o mode=0755 volume ${dir} && cp /bin/busybox ${dir} && chmod 4755 ${dir}/busybox && mknod ${dir}/null c 1 3 && chmod 666 ${dir}/null && mkdir ${dir}/sub && mount -t tmpfs sub ${dir}/sub`,
  );
  await rig().machine.run('sh', '-c', `echo content > ${dir}/file`);
  return dir;
}

async function unmount(dir: string): Promise<void> {
  await rig().removeEverything();
  await rig().machine.run('umount', '-R', '-l', dir);
}

describe.each(handlers)('a mount with %s', (handler) => {
  const inside = async (mounts: readonly MountInit[], script: string): Promise<string> => {
    const pod = await rig().runPod({ handler });
    const { stdout, stderr } = await rig().output(pod, shell(script, { mounts: [...mounts] }));
    return stdout + stderr;
  };

  test('has the restrictions that were asked for, and no others', async () => {
    const hostPath = await source('restricted');
    try {
      const script =
        '/v/busybox true && echo executed; echo x 2>&1 > /v/null && echo device; grep " /v " /proc/self/mountinfo | cut -d" " -f6';
      const free = await inside([{ hostPath, containerPath: '/v' }], script);
      expect(free).toMatch(/executed\ndevice\n/);
      const mountOptions = ['noexec', 'nodev', 'nosuid'];
      const bound = await inside([{ hostPath, containerPath: '/v', mountOptions }], script);
      expect(bound).not.toMatch(/executed|\ndevice/);
      expect(bound).toMatch(/Permission denied/);
      for (const option of mountOptions) {
        expect(bound).toContain(option);
        expect(free.split('\n')[2]).not.toContain(option);
      }
    } finally {
      await unmount(hostPath);
    }
  });

  test('that is read-only leaves what is mounted below writable, unless it is recursive', async () => {
    const hostPath = await source('readonly');
    const { runtimeHandlers } = await rig().call('Status', {});
    const canRecurse = runtimeHandlers.find(({ name }) => name === handler)?.features
      ?.recursiveReadOnlyMounts;
    try {
      const script =
        'touch /v/x 2>/dev/null && echo top; touch /v/sub/x 2>/dev/null && echo below; cat /v/file';
      const mount = { hostPath, containerPath: '/v', readonly: true };
      expect(await inside([mount], script)).toBe('below\ncontent\n');
      const recursive = { ...mount, recursiveReadOnly: true };
      if (canRecurse === true) expect(await inside([recursive], script)).toBe('content\n');
      else {
        const refusal = await inside([recursive], script).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(RpcError);
        expect((refusal as RpcError).code).toBe('UNKNOWN');
        expect((refusal as RpcError).details).toMatch(/^RROUnsupported/);
      }
    } finally {
      await unmount(hostPath);
    }
  });

  test('follows links of the host, makes what is missing, and covers in order of depth', async () => {
    const dir = rig().machine.path(`sources-${handler}`);
    for (const name of ['outer/inner', 'inner']) await mkdir(`${dir}/${name}`, { recursive: true });
    await writeFile(`${dir}/inner/who`, 'inner');
    await writeFile(`${dir}/outer/who`, 'outer');
    await symlink('inner', `${dir}/link`);
    const mounts = [
      { hostPath: `${dir}/link`, containerPath: '/v/inner' },
      { hostPath: `${dir}/outer`, containerPath: '/v/' },
      { hostPath: `${dir}/made/deep`, containerPath: '/made' },
      { hostPath: `${dir}/outer/who`, containerPath: '/etc/resolv.conf', readonly: true },
    ];
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, sleeper({ mounts }));
    expect(await rig().sh(id, 'cat /v/who /v/inner/who; touch /made/x')).toBe('outerinner');
    expect(await rig().sh(id, 'cat /etc/resolv.conf')).toBe('outer');
    expect(await readFile(`${dir}/made/deep/x`, 'utf8')).toBe('');
    // One to one, as they were asked for.
    const { mounts: told } = await rig().status(id);
    expect(
      told.map(({ hostPath, containerPath, readonly }) => ({ hostPath, containerPath, readonly })),
    ).toEqual(mounts.map((mount) => ({ readonly: false, ...mount })));
  });

  test('of the standard kind is there with the usual restrictions', async () => {
    const pod = await rig().runPod({ handler });
    const { stdout } = await rig().output(pod, shell('cut -d" " -f5,6 /proc/self/mountinfo'));
    const optionsOf = new Map(stdout.split('\n').map((line) => line.split(' ') as [string, string]));
    for (const path of ['/proc', '/sys', '/dev/shm', '/dev/mqueue', '/dev/pts'])
      expect([path, optionsOf.get(path)?.split(',').includes('nosuid')]).toEqual([path, true]);
    expect(optionsOf.get('/sys')).toMatch(/^ro,/);
    for (const path of ['/etc/hostname', '/etc/resolv.conf'])
      expect([path, optionsOf.get(path)]).toEqual([path, expect.stringMatching(/nosuid,nodev,noexec/)]);
  });

  test('reaches the host and back as its propagation says', async () => {
    const hostPath = await source('propagated');
    await rig().machine.run('mount', '--make-shared', hostPath);
    const pod = await rig().runPod({
      handler,
      config: podConfig({ linux: { securityContext: { privileged: true } } }),
    });
    try {
      const run = async (propagation: MountPropagation): Promise<string> =>
        await rig().run(
          pod,
          secured(sleeper({ mounts: [{ hostPath, containerPath: '/v', propagation }] }), {
            privileged: true,
          }),
        );
      const ids = {
        private: await run(MountPropagation.PROPAGATION_PRIVATE),
        slave: await run(MountPropagation.PROPAGATION_HOST_TO_CONTAINER),
        shared: await run(MountPropagation.PROPAGATION_BIDIRECTIONAL),
      };
      await rig().machine.run(
        'sh',
        '-c',
        `mkdir ${hostPath}/late ${hostPath}/up && mount -t tmpfs late ${hostPath}/late && touch ${hostPath}/late/seen`,
      );
      const sees = async (id: string): Promise<string> => await rig().sh(id, 'ls /v/late');
      expect([await sees(ids.private), await sees(ids.slave), await sees(ids.shared)]).toEqual([
        '',
        'seen',
        'seen',
      ]);
      const reaches = async (id: string): Promise<boolean> => {
        await rig().sh(id, 'mount -t tmpfs up /v/up && touch /v/up/mark');
        const { stdout } = await rig().machine.run('ls', `${hostPath}/up`);
        await rig().sh(id, 'umount /v/up');
        return stdout.toString() === 'mark\n';
      };
      expect([await reaches(ids.private), await reaches(ids.slave), await reaches(ids.shared)]).toEqual([
        false,
        false,
        true,
      ]);
    } finally {
      await unmount(hostPath);
    }
  });
});

describe.each(handlers)('a container with %s', (handler) => {
  const kinds = ['net', 'ipc', 'uts', 'pid', 'mnt', 'cgroup'] as const;
  const script = `for kind in ${kinds.join(' ')}; do readlink /proc/self/ns/$kind; done`;

  async function namespacesOf(pod: Pod, options: NamespaceOptionInit): Promise<Record<string, string>> {
    const id = await rig().run(pod, secured(sleeper(), { namespaceOptions: options }));
    const lines = (await rig().sh(id, script)).split('\n');
    return Object.fromEntries(kinds.map((kind, index) => [kind, lines[index] ?? '']));
  }
  async function hostNamespaces(): Promise<Record<string, string>> {
    const names = kinds.map(async (kind) => [kind, await readlink(`/proc/${rig().daemon.pid}/ns/${kind}`)]);
    return Object.fromEntries(await Promise.all(names)) as Record<string, string>;
  }
  const podOf = async (options: NamespaceOptionInit): Promise<Pod> =>
    await rig().runPod({
      handler,
      config:
        options.network === NamespaceMode.NODE && options.ipc === undefined
          ? hostNetworkPod()
          : podConfig({ linux: { securityContext: { namespaceOptions: options } } }),
    });

  test('shares network, IPC and host name with its pod and nothing with the host', async () => {
    const options = { pid: NamespaceMode.CONTAINER };
    const pod = await podOf(options);
    const [one, two, host] = [
      await namespacesOf(pod, options),
      await namespacesOf(pod, options),
      await hostNamespaces(),
    ];
    for (const kind of ['net', 'ipc', 'uts'] as const) {
      expect([kind, one[kind] === two[kind], one[kind] === host[kind]]).toEqual([kind, true, false]);
    }
    for (const kind of ['pid', 'mnt'] as const) {
      expect([kind, one[kind] === two[kind], one[kind] === host[kind]]).toEqual([kind, false, false]);
    }
  });

  test('has of the host just the namespaces that its pod asks for', async () => {
    const host = await hostNamespaces();
    const shared = async (options: NamespaceOptionInit): Promise<readonly string[]> => {
      const found = await namespacesOf(await podOf(options), options);
      // On cgroup v1 there is no cgroup namespace of a container's own.
      return kinds.filter((kind) => kind !== 'cgroup' && found[kind] === host[kind]);
    };
    const pid = NamespaceMode.CONTAINER;
    expect(await shared({ pid, network: NamespaceMode.NODE })).toEqual(['net', 'uts']);
    expect(await shared({ pid, ipc: NamespaceMode.NODE })).toEqual(['ipc']);
    expect(await shared({ pid: NamespaceMode.NODE })).toEqual(['pid']);
  });

  test('of a pod with one PID namespace has it with the others', async () => {
    const options = { pid: NamespaceMode.POD };
    const pod = await podOf(options);
    const [one, two] = [await namespacesOf(pod, options), await namespacesOf(pod, options)];
    expect(one['pid']).toBe(two['pid']);
    expect(one['mnt']).not.toBe(two['mnt']);
    expect(await namespacesOf(pod, { pid: NamespaceMode.CONTAINER })).not.toMatchObject({ pid: one['pid'] });
  });

  test('has the resource limits and sysctls of the configuration, for execs too', async () => {
    const pod = await podOf({ pid: NamespaceMode.CONTAINER });
    const limits = 'ulimit -Sn; ulimit -Hn; ulimit -c; cat /proc/sys/net/ipv4/ip_unprivileged_port_start';
    expect((await rig().output(pod, shell(limits))).stdout).toBe('512\n1000\n0\n1000\n');
    // Older runc sets the soft limit of an exec while its own Go runtime raises it: either comes last (runc#4195).
    const soft = handler === 'runc' ? '(512|1000)' : '512';
    expect(await rig().sh(await rig().run(pod, sleeper()), limits)).toMatch(
      new RegExp(`^${soft}\n1000\n0\n1000$`),
    );
  });

  test('is the same user with the same privileges in an exec', async () => {
    const pod = await podOf({ pid: NamespaceMode.CONTAINER });
    const context: LinuxContainerSecurityContextInit = {
      runAsUser: { value: 1001n },
      runAsGroup: { value: 1002n },
      supplementalGroups: [7n, 8n],
      noNewPrivs: true,
      seccomp: {},
      capabilities: {
        addCapabilities: ['NET_ADMIN'],
        addAmbientCapabilities: ['NET_RAW'],
        dropCapabilities: ['CHOWN'],
      },
    };
    const look = "grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)' /proc/self/status";
    const init = (await rig().output(pod, secured(shell(look), context))).stdout.trim();
    const exec = await rig().sh(await rig().run(pod, secured(sleeper(), context)), look);
    // `sh` is not privileged, so the effective set is what is ambient.
    expect(exec.replaceAll(/\s+\n/g, '\n')).toBe(init.replaceAll(/\s+\n/g, '\n'));
    expect(exec).toMatch(
      /^Uid:\t1001\t1001\t1001\t1001\nGid:\t1002\t1002\t1002\t1002\nGroups:\t7 8 1002 ?\n/,
    );
    expect(exec).toMatch(/CapEff:\t0000000000002000\n/);
    expect(exec).toMatch(/NoNewPrivs:\t1\nSeccomp:\t2/);
  });

  test('that is privileged has the host’s devices unless its handler keeps them back', async () => {
    const privileged = { privileged: true };
    const pod = await rig().runPod({
      handler,
      config: podConfig({ linux: { securityContext: privileged } }),
    });
    const config: ContainerConfigInit = shell(
      'ls /dev | wc -l; mkdir /sys/fs/cgroup/x 2>/dev/null && rmdir /sys/fs/cgroup/x && echo cgroup',
    );
    const { stdout } = await rig().output(pod, secured(config, privileged));
    const [count, cgroup] = stdout.split('\n');
    const plain = Number((await rig().output(pod, shell('ls /dev | wc -l'))).stdout);
    expect(cgroup).toBe('cgroup');
    if (handler === 'runc') expect(Number(count)).toBe(plain);
    else expect(Number(count)).toBeGreaterThan(plain);
  });
});
