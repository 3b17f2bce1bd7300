/** The computed specs under real runtimes: what a process in the container sees and may do. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type {
  ContainerConfigInit,
  LinuxContainerSecurityContextInit,
  PodSandboxConfigInit,
} from '../../cri-api/runtime-v1.ts';
import { type ContainerInput, type HostFacts, planContainer } from './container-spec.ts';
import { planPodInit } from './init-spec.ts';
import type { OciSpec } from './oci-spec.ts';
import { container, containerInput, host as sampleHost, pod, podMaterial } from './testing/samples.ts';
import {
  boundingOfThisProcess,
  cgroupFacts,
  type Outcome,
  RuntimeBench,
  type RuntimeName,
} from './testing/runtime-bench.ts';
import type { Identity } from './users.ts';

let bench: RuntimeBench;
beforeAll(async () => {
  bench = await RuntimeBench.open();
});
afterAll(async () => {
  await bench.close();
});

const host: HostFacts = {
  ...sampleHost,
  architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
  boundingCapabilities: boundingOfThisProcess(),
  oomScoreAdj: Number(readFileSync('/proc/self/oom_score_adj', 'utf8')),
  cgroup: cgroupFacts,
};

const isV2 = cgroupFacts.version === 'v2';
/** A directory of cgroups as the container sees it. */
const cgroupDir = isV2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory';

const limitFiles = isV2
  ? 'cpu.max memory.max memory.swap.max'
  : 'cpu/cpu.cfs_quota_us memory/memory.limit_in_bytes' +
    (cgroupFacts.hasSwapAccounting ? ' memory/memory.memsw.limit_in_bytes' : '');

type Case = {
  readonly command?: readonly string[];
  readonly script?: string;
  readonly config?: ContainerConfigInit;
  readonly security?: LinuxContainerSecurityContextInit;
  readonly podLinux?: PodSandboxConfigInit['linux'];
  readonly identity?: Identity;
  readonly material?: Partial<ContainerInput['material']>;
};

function specOf(given: Case): OciSpec {
  const podConfig = pod({
    linux: {
      cgroupParent: bench.cgroupParent,
      securityContext: { privileged: true, namespaceOptions: { pid: 1 } },
      ...given.podLinux,
    },
  });
  const config = container(
    {
      command: given.command ?? ['/bin/sh', '-c', given.script ?? 'true'],
      ...given.config,
      linux: {
        ...given.config?.linux,
        securityContext: { seccomp: {}, namespaceOptions: { pid: 1 }, ...given.security },
      },
    },
    podConfig,
  );
  const plain = containerInput(config);
  return planContainer({
    ...plain,
    host,
    pod: podMaterial(podConfig, { namespaces: bench.namespaces, files: bench.files }),
    material: {
      ...plain.material,
      rootfsPath: bench.rootfs,
      ...(given.identity === undefined ? {} : { identity: given.identity }),
      ...given.material,
    },
  }).spec;
}

const ok = (stdout: string): Outcome => ({ exitCode: 0, stdout, stderr: '' });

describe.each<RuntimeName>(['runc', 'crun'])('under %s', (runtime) => {
  const run = async (given: Case): Promise<Outcome> => await bench.run(specOf(given), runtime);

  test('a plain container runs as the user, with the groups, environment and directory that were planned', async () => {
    const outcome = await run({
      script:
        'id -u; id -g; id -G; echo $HOME; echo $HOSTNAME; echo $A; pwd; hostname; cat /etc/resolv.conf /etc/hostname',
      config: { envs: [{ key: 'A', value: Buffer.from('x=ü') }], workingDir: '/tmp' },
      identity: { uid: 1000, gid: 1000, additionalGids: [1000, 1234, 50000], home: '/tmp' },
    });
    expect(outcome).toEqual(
      ok('1000\n1000\n1000 1234 50000\n/tmp\nweb\nx=ü\n/tmp\nweb\nnameserver 10.10.10.10\nweb\n'),
    );
  });

  test('the default filter is on, and capabilities are the default ones in three sets and none in two', async () => {
    const outcome = await run({ script: 'grep -E "^(Cap|Seccomp:|NoNewPrivs)" /proc/self/status' });
    const defaults = '00000000000005fb';
    expect(outcome).toEqual(
      ok(
        `CapInh:\t0000000000000000\nCapPrm:\t${defaults}\nCapEff:\t${defaults}\nCapBnd:\t${defaults}\n` +
          'CapAmb:\t0000000000000000\nNoNewPrivs:\t0\nSeccomp:\t2\n',
      ),
    );
  });

  test.each<[string, LinuxContainerSecurityContextInit, string]>([
    ['nil', { seccomp: null }, '0'],
    ['unconfined', { seccomp: { profileType: 1 } }, '0'],
    ['empty', { seccomp: {} }, '2'],
    ['privileged', { seccomp: {}, privileged: true }, '0'],
  ])('with a seccomp profile that is %s the mode is as the CRI wants', async (_name, security, mode) => {
    const outcome = await run({ script: 'grep ^Seccomp: /proc/self/status', security });
    expect(outcome).toEqual(ok(`Seccomp:\t${mode}\n`));
  });

  test('drop ALL leaves nothing, add ALL gives what the daemon has', async () => {
    const bounding = async (security: LinuxContainerSecurityContextInit): Promise<string> =>
      (await run({ script: 'grep ^CapBnd /proc/self/status', security })).stdout;
    const own = /^CapBnd:.*\n/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[0];
    expect(await bounding({ capabilities: { dropCapabilities: ['ALL'] } })).toBe(
      'CapBnd:\t0000000000000000\n',
    );
    expect(await bounding({ capabilities: { addCapabilities: ['ALL'] } })).toBe(own);
    expect(await bounding({ privileged: true })).toBe(own);
  });

  test('no_new_privs reaches the process', async () => {
    const outcome = await run({
      script: 'grep ^NoNewPrivs /proc/self/status',
      security: { noNewPrivs: true },
    });
    expect(outcome).toEqual(ok('NoNewPrivs:\t1\n'));
  });

  test('a namespace cannot be made without CAP_SYS_ADMIN, and can with it', async () => {
    const denied = await run({ script: 'unshare -U true' });
    expect(denied).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Operation not permitted') });
    const allowed = await run({
      script: 'unshare -m true && echo made',
      security: { capabilities: { addCapabilities: ['SYS_ADMIN'] } },
    });
    expect(allowed).toEqual(ok('made\n'));
  });

  test('masked paths are empty and read-only paths cannot be written', async () => {
    const outcome = await run({
      script:
        'wc -c </proc/interrupts; touch /proc/sys/kernel/x; ls /sys/firmware | wc -l; echo a >/proc/sys/kernel/domainname',
      security: {
        maskedPaths: ['/proc/interrupts', '/sys/firmware'],
        readonlyPaths: ['/proc/sys'],
        seccomp: {},
      },
    });
    expect(outcome.stdout).toBe('0\n0\n');
    expect(outcome.stderr).toMatch(/domainname: Read-only file system/);
  });

  test('a read-only root keeps /dev and /dev/shm writable and the pod files read-only', async () => {
    const outcome = await run({
      script:
        'touch /x; touch /dev/x /dev/shm/x && echo devices; echo a >>/etc/resolv.conf; test -e /dev/shm/x && echo shared',
      security: { readonlyRootfs: true },
    });
    expect(outcome.stdout).toBe('devices\nshared\n');
    expect(outcome.stderr).toMatch(/touch: \/x: Read-only file system/);
    expect(outcome.stderr).toMatch(/resolv.conf: Read-only file system/);
  });

  test('an unprivileged container cannot write to its cgroup', async () => {
    const script = `mkdir ${cgroupDir}/y && echo made && exec rmdir ${cgroupDir}/y`;
    const plain = await run({ script });
    expect(plain.stdout).toBe('');
    expect(plain.stderr).toMatch(/Read-only file system/);
  });

  test('requested mounts are made parents first, with their flags', async () => {
    const outcome = await run({
      script:
        'grep -E " /m(/ro)? " /proc/self/mountinfo | grep -c noexec; touch /m/a && echo rw; touch /m/ro/a; cat /m/ro/id',
      config: {
        mounts: [
          { containerPath: '/m/ro', hostPath: bench.dir, readonly: true },
          { containerPath: '/m', hostPath: `${bench.dir}/shm`, mountOptions: ['noexec', 'nosuid', 'nodev'] },
        ],
      },
    });
    expect(outcome.stdout).toBe('1\nrw\n');
    expect(outcome.stderr).toMatch(/touch: \/m\/ro\/a: Read-only file system/);
  });

  test('recursive read-only reaches a mount below, plain read-only does not', async () => {
    const given = (isRecursive: boolean): Case => ({
      script: 'touch /m/sub/x && rm /m/sub/x && echo written',
      config: {
        mounts: [
          { containerPath: '/m', hostPath: bench.tree, readonly: true, recursiveReadOnly: isRecursive },
        ],
      },
    });
    expect(await run(given(false))).toEqual(ok('written\n'));
    const recursive = await run(given(true));
    expect(recursive).toMatchObject({ stdout: '', stderr: expect.stringContaining('Read-only file system') });
  });

  test('only listed devices can be used', async () => {
    const script =
      'rm -f /tmp/kmsg; mknod /tmp/kmsg c 1 11; head -c0 /dev/null && echo null; head -c1 /tmp/kmsg; ls /dev/fuse';
    const denied = await run({ script, security: { capabilities: { addCapabilities: ['MKNOD'] } } });
    expect(denied.stdout).toBe('null\n');
    expect(denied.stderr).toMatch(/kmsg: Operation not permitted/);
    const given = await run({
      script: 'ls -l /dev/my; stat -c "%t:%T %a" /dev/my',
      material: {
        devices: [
          {
            type: 'c',
            major: 1,
            minor: 7,
            fileMode: 0o640,
            uid: 0,
            gid: 0,
            path: '/dev/my',
            permissions: 'r',
          },
        ],
      },
    });
    expect(given.stdout).toMatch(/1:7 640\n$/);
  });

  test('cpu, memory, swap limits and the oom score are in force', async () => {
    const outcome = await run({
      script: `cd /sys/fs/cgroup; cat ${limitFiles}; cat /proc/self/oom_score_adj`,
      config: {
        linux: {
          resources: {
            cpuShares: 512n,
            cpuPeriod: 100_000n,
            cpuQuota: 50_000n,
            memoryLimitInBytes: 64n * 1024n * 1024n,
            oomScoreAdj: 800n,
          },
        },
      },
    });
    const swap = cgroupFacts.hasSwapAccounting ? '67108864\n' : '';
    const limits = isV2 ? '50000 100000\n67108864\n0\n' : `50000\n67108864\n${swap}`;
    expect(outcome).toEqual(ok(`${limits}800\n`));
  });

  test("an oom score below the daemon's own is raised to it instead of failing", async () => {
    const outcome = await run({
      script: 'cat /proc/self/oom_score_adj',
      config: { linux: { resources: { oomScoreAdj: -997n } } },
    });
    expect(outcome).toEqual(
      ok(`${host.boundingCapabilities.includes('CAP_SYS_RESOURCE') ? -997 : host.oomScoreAdj}\n`),
    );
  });

  test("the host's PID namespace is shared on request only", async () => {
    const own = await run({ script: 'echo $$' });
    expect(own).toEqual(ok('1\n'));
    const shared = await run({
      script: 'test $$ -gt 1 && echo host',
      podLinux: { securityContext: { namespaceOptions: { pid: 2 } } },
      security: { namespaceOptions: { pid: 2 } },
    });
    expect(shared).toEqual(ok('host\n'));
  });

  test("a privileged container has the host's devices and all access", async () => {
    const outcome = await run({
      script: `mknod /dev/shm/k c 1 11 && rm /dev/shm/k && stat -c %t:%T /dev/my && mkdir ${cgroupDir}/x && rmdir ${cgroupDir}/x && echo all`,
      security: { privileged: true },
      material: {
        hostDevices: [{ type: 'c', major: 1, minor: 11, fileMode: 0o600, uid: 0, gid: 0, path: '/dev/my' }],
      },
    });
    expect(outcome).toEqual(ok('1:b\nall\n'));
  });

  test('a localhost filter without architectures blocks what it names', async () => {
    const outcome = await run({
      script: 'touch /tmp/f; chmod 400 /tmp/f; echo done',
      security: { seccomp: { profileType: 2, localhostRef: '/profile.json' } },
      material: {
        seccompContent: {
          defaultAction: 'SCMP_ACT_ALLOW',
          syscalls: [{ names: ['chmod', 'fchmodat'], action: 'SCMP_ACT_ERRNO' }],
        },
      },
    });
    expect(outcome.stdout).toBe('done\n');
    expect(outcome.stderr).toMatch(/Operation not permitted/);
  });

  test("a program that is not there is the runtime's error, not a crash of ours", async () => {
    const outcome = await run({ command: ['/bin/none'] });
    expect(outcome.exitCode).not.toBe(0);
    expect(outcome.stderr).toMatch(/no such file/i);
  });
});

test('the init of a pod is accepted by the runtime, sees its own PID namespace and has nothing', async () => {
  const podConfig = pod({ linux: { cgroupParent: bench.cgroupParent } });
  const spec = planPodInit({
    pod: podMaterial(podConfig, { namespaces: bench.namespaces, files: bench.files }),
    rootfsPath: bench.rootfs,
    initPath: '/bin/busybox',
    host,
  });
  const shown = {
    ...spec,
    process: {
      ...spec.process,
      args: ['/bin/sh', '-c', 'echo $$; grep -E "^(CapBnd|Seccomp:)" /proc/self/status'],
    },
  };
  expect(await bench.run(shown)).toEqual(ok('1\nCapBnd:\t0000000000000000\nSeccomp:\t2\n'));
});
