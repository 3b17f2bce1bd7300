/**
 * What the words of a pod can try against the node: sysctls, annotations, paths, identities, privileges. Each test is an
 * attack with its real bytes; the number of its CVE stands in its name. Reference: features.md 7.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import {
  MountPropagation,
  NamespaceMode,
  type ContainerConfigInit,
  type LinuxContainerSecurityContextInit,
  type PodSandboxConfigInit,
} from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { containerConfig, hostNetworkPod, podConfig, secured, shell, sleeper } from '../harness/requests.ts';
import { handlers, type Pod } from '../harness/rig.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';

const allowed = `allowed_annotations = ["org.*", "run.oci.*", "io.kubernetes.*", "good.example/*", "__proto__"]`;
const rig = useRig({
  images: [image.busybox, image.predefinedGroup],
  extraConfig: handlers.map((name) => `[runtimes.${name}]\n${allowed}`).join('\n'),
});

describe('sysctls of a pod', () => {
  const refusedWith = async (
    sysctls: Record<string, string>,
    config: PodSandboxConfigInit = podConfig(),
  ): Promise<string> => {
    const linux = { ...config.linux, sysctls };
    return await codeOf(rig().call('RunPodSandbox', { config: { ...config, linux } }));
  };

  test('cannot carry another one in their value (CVE-2022-0811)', async () => {
    const before = await readFile('/proc/sys/kernel/core_pattern', 'utf8');
    for (const value of [
      '1+kernel.core_pattern=|/run/canary/attack #',
      '1\nkernel.core_pattern=|/run/canary/attack',
      '1;kernel.core_pattern=x',
      '1=x',
      '$(id)',
      '1\0',
    ])
      expect([value, await refusedWith({ 'kernel.shm_rmid_forced': value })]).toEqual([
        value,
        'INVALID_ARGUMENT',
      ]);
    expect(await readFile('/proc/sys/kernel/core_pattern', 'utf8')).toBe(before);
  });

  test('cannot leave their namespace by their name (CVE-2022-0811)', async () => {
    for (const name of [
      'kernel.core_pattern',
      'kernel/core_pattern',
      'net/../kernel/core_pattern',
      'net..kernel.core_pattern',
      'net.ipv4.../kernel/hostname',
      'fs.mqueue.../file-max',
      'kernel.shm_rmid_forced+x',
      'kernel.hostname',
      'vm.overcommit_memory',
      '',
    ])
      expect([name, await refusedWith({ [name]: '1' })]).toEqual([name, 'INVALID_ARGUMENT']);
  });

  test('cannot change the namespace of the host (CVE-2022-0532)', async () => {
    const forwarding = '/proc/sys/net/ipv4/ip_forward';
    const read = async (): Promise<string> => (await rig().machine.run('cat', forwarding)).stdout.toString();
    const before = await read();
    expect(before).toBe('1\n');
    expect(await refusedWith({ 'net.ipv4.ip_forward': '0' }, hostNetworkPod())).toBe('INVALID_ARGUMENT');
    expect(await read()).toBe(before);
    const namespaceOptions = { pid: NamespaceMode.CONTAINER, ipc: NamespaceMode.NODE };
    const hostIpc = podConfig({ linux: { securityContext: { namespaceOptions } } });
    const queue = (await readFile('/proc/sys/fs/mqueue/msg_max', 'utf8')).trim();
    expect(await refusedWith({ 'fs.mqueue.msg_max': queue }, hostIpc)).toBe('INVALID_ARGUMENT');
  });

  test('take effect in the pod alone', async () => {
    const sysctls = { 'net.ipv4.ip_forward': '0', 'fs.mqueue.msg_max': '99' };
    const pod = await rig().runPod({ config: podConfig({ linux: { sysctls } }) });
    const { stdout } = await rig().output(
      pod,
      shell('cat /proc/sys/net/ipv4/ip_forward /proc/sys/fs/mqueue/msg_max'),
    );
    expect(stdout).toBe('0\n99\n');
    expect((await rig().machine.run('cat', '/proc/sys/net/ipv4/ip_forward')).stdout.toString()).toBe('1\n');
    expect(await readFile('/proc/sys/fs/mqueue/msg_max', 'utf8')).not.toBe('99\n');
  });
});

describe.each(handlers)('a container with %s', (handler) => {
  async function create(
    pod: Pod,
    config: ContainerConfigInit,
    context: LinuxContainerSecurityContextInit = {},
  ): Promise<string> {
    return await codeOf(rig().create(pod, secured(config, context)));
  }
  const podOf = async (config: PodSandboxConfigInit = podConfig()): Promise<Pod> =>
    await rig().runPod({ handler, config });

  async function specOf(id: string): Promise<{
    readonly annotations: Record<string, string>;
    readonly linux: { readonly maskedPaths: readonly string[] };
  }> {
    const { info } = await rig().call('ContainerStatus', { containerId: id, verbose: true });
    return (JSON.parse(info['info'] ?? '') as { runtimeSpec: Awaited<ReturnType<typeof specOf>> })
      .runtimeSpec;
  }

  test('gets no annotation that commands a runtime, whatever is allowed (CVE-2024-3154, CVE-2023-6476)', async () => {
    const annotations = {
      'org.systemd.property.ExecStartPre': "[('/bin/sh', ['/bin/sh', '-c', 'id'], false)]",
      'Org.Systemd.property.CPUQuota': "'1'",
      'org.criu.config': '/run/canary/criu',
      'run.oci.hooks.stdout': '/run/canary/hook',
      'run.oci.seccomp.receiver': '/run/canary/socket',
      'io.kubernetes.cri.container-type': 'sandbox',
      'io.kubernetes.cri.sandbox-id': 'another',
      'not.allowed/x': 'x',
      'good.example/x': 'kept',
    };
    const pod = await podOf(podConfig({ annotations }));
    const id = await rig().create(pod, containerConfig({ annotations, command: ['true'] }));
    const { annotations: told } = await specOf(id);
    expect(told).toMatchObject({
      'good.example/x': 'kept',
      'io.kubernetes.cri.container-type': 'container',
      'io.kubernetes.cri.sandbox-id': pod.id,
    });
    expect(Object.keys(told).filter((key) => !key.startsWith('io.kubernetes.cri.'))).toEqual([
      'good.example/x',
    ]);
    // The client's own are given back as they came.
    expect((await rig().status(id)).annotations).toMatchObject(annotations);
  });

  test('with a key like __proto__ keeps it a key', async () => {
    const hostileMap = JSON.parse('{"__proto__": "polluted", "constructor": "c"}') as Record<string, string>;
    const pod = await podOf(podConfig({ annotations: hostileMap }));
    const id = await rig().create(pod, containerConfig({ annotations: hostileMap, command: ['true'] }));
    const told = new Map(Object.entries((await rig().status(id)).annotations));
    expect([told.get('__proto__'), told.get('constructor')]).toEqual(['polluted', 'c']);
    expect(JSON.stringify(await specOf(id))).toContain('"__proto__":"polluted"');
  });

  test('logs nowhere but below the directory of its pod (CVE-2025-0750)', async () => {
    const pod = await podOf();
    for (const logPath of ['../out.log', 'a/../../out.log', '..', 'a\nb', 'a\0b'])
      expect([logPath, await create(pod, sleeper({ logPath }))]).toEqual([logPath, 'INVALID_ARGUMENT']);
    const id = await rig().create(pod, sleeper({ logPath: 'x/./y.log' }));
    const { logPath } = await rig().status(id);
    expect(logPath).toBe(`${pod.logDir}/x/y.log`);
  });

  test('holds no capability that it could pass on (CVE-2022-27652, CVE-2022-24769)', async () => {
    const sets = "grep -E 'CapInh|CapAmb' /proc/self/status | cut -f2";
    const pod = await podOf();
    const none = '0000000000000000\n0000000000000000';
    const id = await rig().run(pod, sleeper());
    expect(await rig().sh(id, sets)).toBe(none);
    const added = await rig().run(
      pod,
      secured(sleeper(), { capabilities: { addCapabilities: ['NET_ADMIN', 'SYS_PTRACE'] } }),
    );
    expect(await rig().sh(added, sets)).toBe(none);
    expect((await rig().output(pod, shell(sets))).stdout.trim()).toBe(none);
  });

  test('has its own group among its groups, so that no ACL is evaded (CVE-2022-2995, CVE-2023-25173)', async () => {
    const pod = await podOf();
    const context = {
      runAsUser: { value: 1000n },
      runAsGroup: { value: 2000n },
      supplementalGroups: [3000n],
    };
    const config = sleeper({ image: { image: image.predefinedGroup } });
    const id = await rig().run(pod, secured(config, context));
    const groups = 'grep Groups /proc/self/status | cut -f2';
    expect((await rig().sh(id, groups)).trim().split(' ')).toContain('2000');
    const said = await rig().output(
      pod,
      secured(shell(groups, { image: { image: image.predefinedGroup } }), context),
    );
    expect(said.stdout.trim().split(' ')).toContain('2000');
  });

  test('has no descriptor but its streams, and a working directory of its own (CVE-2024-21626)', async () => {
    const pod = await podOf();
    // `ls` is a process of its own: it lists the descriptors of the shell that started it.
    const list = 'ls /proc/$$/fd; readlink /proc/$$/cwd; true';
    const own = /^0\n1\n2\n\/\n?$/;
    expect((await rig().output(pod, shell(list))).stdout).toMatch(own);
    const id = await rig().run(pod, sleeper());
    expect(await rig().sh(id, list)).toMatch(own);
    expect(await rig().sh(id, 'readlink /proc/1/cwd')).toBe('/');
  });

  test('cannot be privileged in a pod that is not', async () => {
    const pod = await podOf();
    expect(await create(pod, sleeper(), { privileged: true })).toBe('FAILED_PRECONDITION');
  });

  test('cannot enter the processes of another pod’s container', async () => {
    const other = await podOf();
    const targetId = await rig().run(other, sleeper());
    const pod = await podOf();
    const namespaceOptions = { pid: NamespaceMode.TARGET, targetId };
    expect(await create(pod, sleeper(), { namespaceOptions })).toBe('INVALID_ARGUMENT');
    const mine = await rig().run(pod, shell('exec sleep 4711'));
    const beside = await rig().run(
      pod,
      secured(sleeper(), { namespaceOptions: { pid: NamespaceMode.TARGET, targetId: mine } }),
    );
    expect(await rig().sh(beside, 'tr "\\0" " " < /proc/1/cmdline')).toBe('sleep 4711 ');
  });

  test('cannot have the network, IPC or processes of the host in a pod that has its own', async () => {
    const pod = await podOf();
    const ask = async (options: object): Promise<string> =>
      await create(pod, sleeper(), { namespaceOptions: { pid: NamespaceMode.CONTAINER, ...options } });
    expect(await ask({ pid: NamespaceMode.NODE })).toBe('INVALID_ARGUMENT');
    expect(await ask({ network: NamespaceMode.NODE })).toBe('INVALID_ARGUMENT');
    expect(await ask({ ipc: NamespaceMode.NODE })).toBe('INVALID_ARGUMENT');
  });

  test('sees no energy counters, also when an old kubelet does not mask them (GHSA-7ww5-4wqc-m92c)', async () => {
    const pod = await podOf();
    const id = await rig().create(pod, secured(sleeper(), { maskedPaths: ['/proc/kcore'] }));
    expect((await specOf(id)).linux.maskedPaths).toEqual(['/proc/kcore', '/sys/devices/virtual/powercap']);
    const counters = 'find /sys/devices/virtual/powercap -type f 2>/dev/null | wc -l';
    expect((await rig().output(pod, secured(shell(counters), { maskedPaths: ['/proc/kcore'] }))).stdout).toBe(
      '0\n',
    );
  });

  test('cannot write its cgroups, nor the settings of the node (CVE-2023-25809)', async () => {
    const pod = await podOf();
    // On v1 the directory of the hierarchies is the container's own tmpfs, which does no harm.
    const script = `
      for dir in /sys/fs/cgroup /sys/fs/cgroup/*; do
        [ -e $dir/cgroup.procs ] || continue
        mkdir $dir/attack 2>/dev/null && echo "made in $dir"
        echo 0 2>/dev/null > $dir/cgroup.procs && echo "moved in $dir"
      done
      echo 1 2>/dev/null > /proc/sys/kernel/panic && echo panic
      echo done`;
    const usual = { maskedPaths: ['/proc/kcore'], readonlyPaths: ['/proc/sys', '/proc/sysrq-trigger'] };
    expect((await rig().output(pod, secured(shell(script), usual))).stdout).toBe('done\n');
  });

  test('gets no propagation out of a mount that is not shared', async () => {
    const dir = rig().machine.path('private');
    await rig().machine.run(
      'sh',
      '-c',
      `mkdir -p ${dir} && mount -t tmpfs x ${dir} && mount --make-private ${dir}`,
    );
    const pod = await podOf(podConfig({ linux: { securityContext: { privileged: true } } }));
    const ask = async (propagation: MountPropagation): Promise<string> =>
      await create(pod, sleeper({ mounts: [{ hostPath: `${dir}/a`, containerPath: '/a', propagation }] }), {
        privileged: true,
      });
    try {
      expect(await ask(MountPropagation.PROPAGATION_BIDIRECTIONAL)).toBe('FAILED_PRECONDITION');
      expect(await ask(MountPropagation.PROPAGATION_HOST_TO_CONTAINER)).toBe('FAILED_PRECONDITION');
      expect(await ask(MountPropagation.PROPAGATION_PRIVATE)).toBe('OK');
      await rig().machine.run('mount', '--make-shared', dir);
      expect(await ask(MountPropagation.PROPAGATION_BIDIRECTIONAL)).toBe('OK');
    } finally {
      await rig().removeEverything();
      await rig().machine.run('umount', '-l', dir);
    }
  });

  test('finds no AppArmor profile where the kernel has none, and is told so', async () => {
    const isOn = await readFile('/sys/module/apparmor/parameters/enabled', 'utf8').catch(() => 'N');
    if (isOn.startsWith('Y')) return;
    const pod = await podOf();
    expect(await create(pod, sleeper(), { apparmor: {} })).toBe('FAILED_PRECONDITION');
    expect(await create(pod, sleeper(), { apparmorProfile: 'localhost/x' })).toBe('FAILED_PRECONDITION');
    expect(await create(pod, sleeper(), { apparmor: { profileType: 1 } })).toBe('OK');
  });

  test('is not given a seccomp profile that is broken, a device, or for a listener that is not there', async () => {
    const pod = await podOf();
    const dir = rig().machine.path('profiles');
    await mkdir(dir, { recursive: true });
    const ask = async (localhostRef: string): Promise<string> =>
      await create(pod, sleeper(), { seccomp: { profileType: 2, localhostRef } });
    await writeFile(`${dir}/listens.json`, '{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/run/x.sock"}');
    await writeFile(`${dir}/broken.json`, '{');
    expect(await ask(`${dir}/listens.json`)).toBe('FAILED_PRECONDITION');
    expect(await ask(`${dir}/broken.json`)).toBe('INVALID_ARGUMENT');
    expect(await ask('/dev/zero')).toBe('INVALID_ARGUMENT');
    expect(await ask('relative.json')).toBe('INVALID_ARGUMENT');
    await rm(dir, { recursive: true });
  });
});
