/**
 * What no well-behaved client sends: each gets a fitting code and a sentence, leaves nothing, and never ends the daemon.
 * Issue 2, section 7, last point.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { RequestInitOf, UnaryRpcName } from '../../cri-api/methods.ts';
import { rpcNames, isStreamingRpcName } from '../../cri-api/methods.ts';
import type { ContainerConfigInit, PodSandboxConfigInit } from '../../cri-api/runtime-v1.ts';
import { codeOf, RpcError } from '../harness/client.ts';
import { containerConfig, podConfig, secured, sleeper, uniqueName } from '../harness/requests.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig();

afterEach(async () => {
  expect(rig().server.isRunning).toBe(true);
  await rig().call('Version', { version: '' });
});

/** The failure of a call that has to fail with a sentence for people. */
async function refusal<Name extends UnaryRpcName>(name: Name, request: RequestInitOf<Name>): Promise<string> {
  try {
    await rig().call(name, request);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    expect(error.details.length).toBeGreaterThan(10);
    expect(error.details.length).toBeLessThan(4000);
    return error.code;
  }
  return 'OK';
}

async function refusedPod(config: PodSandboxConfigInit | null): Promise<string> {
  const code = await refusal('RunPodSandbox', { config });
  expect(await rig().listPods()).toEqual([]);
  return code;
}

describe('a message of nothing', () => {
  const unary = rpcNames.filter((name): name is UnaryRpcName => !isStreamingRpcName(name));
  const needsNothing: readonly string[] = [
    'Version',
    'Status',
    'RuntimeConfig',
    'UpdateRuntimeConfig',
    'ListPodSandbox',
    'ListContainers',
    'ListContainerStats',
    'ListPodSandboxStats',
    'ListMetricDescriptors',
    'ListPodSandboxMetrics',
    'ListImages',
    'ImageFsInfo',
  ];

  test.each(unary)('to %s is answered', async (name) => {
    const code = await codeOf(rig().callRaw(name, Buffer.alloc(0)));
    if (needsNothing.includes(name)) expect(['OK', 'UNIMPLEMENTED']).toContain(code);
    else expect(['INVALID_ARGUMENT', 'UNIMPLEMENTED']).toContain(code);
  });

  test.each(unary)('that is none, to %s, is refused', async (name) => {
    const code = await codeOf(rig().callRaw(name, Buffer.from('ff00ff00ff', 'hex')));
    expect(code).not.toBe('OK');
  });
});

describe('RunPodSandbox', () => {
  const good = podConfig();

  test('without a configuration or without metadata is refused', async () => {
    expect(await refusedPod(null)).toBe('INVALID_ARGUMENT');
    expect(await refusedPod({})).toBe('INVALID_ARGUMENT');
    expect(await refusedPod({ ...good, metadata: null })).toBe('INVALID_ARGUMENT');
  });

  test.each(['name', 'namespace', 'uid'] as const)('with an empty %s is refused', async (field) => {
    expect(await refusedPod({ ...good, metadata: { ...good.metadata, [field]: '' } })).toBe(
      'INVALID_ARGUMENT',
    );
  });

  test('with nothing but metadata works', async () => {
    const metadata = { name: uniqueName('bare'), uid: 'u', namespace: 'n', attempt: 0 };
    const { podSandboxId } = await rig().call('RunPodSandbox', { config: { metadata } });
    const { containerId } = await rig().call('CreateContainer', {
      podSandboxId,
      config: {
        metadata: { name: 'bare' },
        image: containerConfig().image ?? null,
        command: ['sleep', '100'],
      },
      sandboxConfig: { metadata },
    });
    await rig().call('StartContainer', { containerId });
    expect((await rig().exec(containerId, ['true'])).exitCode).toBe(0);
  });

  test.each([
    ['a slash', 'a/b'],
    ['dots', '../../../../etc'],
    ['a newline', 'a\nb'],
    ['a NUL', 'a\0b'],
    ['the name of a prototype', '__proto__'],
    ['the name of a method', 'hasOwnProperty'],
    ['quotes', `"'\\`],
    ['10,000 letters', 'x'.repeat(10_000)],
    ['an escape', '\u001b[2J'],
  ])('with %s in its names works or is refused, and harms nothing', async (_, odd) => {
    const metadata = { name: odd, namespace: odd, uid: odd, attempt: 0 };
    const code = await refusal('RunPodSandbox', { config: podConfig({ metadata }) });
    expect(['OK', 'INVALID_ARGUMENT']).toContain(code);
    const ids = await rig().listPods();
    expect(ids).toHaveLength(code === 'OK' ? 1 : 0);
    for (const id of ids) expect((await rig().podStatus(id)).metadata).toEqual(metadata);
  });

  test('with odd keys in its labels returns them, or refuses them', async () => {
    const labels = JSON.parse('{"__proto__":"p","constructor":"c","toString":"t","":"empty"}') as Record<
      string,
      string
    >;
    const code = await refusal('RunPodSandbox', { config: podConfig({ labels }) });
    expect(['OK', 'INVALID_ARGUMENT']).toContain(code);
    for (const id of await rig().listPods()) {
      const seen = (await rig().podStatus(id)).labels;
      for (const key of Object.keys(labels))
        expect(Object.getOwnPropertyDescriptor(seen, key)?.value).toBe(labels[key]);
      expect(await rig().listPods({ labelSelector: labels })).toEqual([id]);
    }
  });

  test('with labels of 1 MB works or is refused', async () => {
    const labels = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`key-${index}`, 'v'.repeat(1000)]),
    );
    const code = await refusal('RunPodSandbox', { config: podConfig({ labels, annotations: labels }) });
    expect(['OK', 'INVALID_ARGUMENT', 'RESOURCE_EXHAUSTED']).toContain(code);
  });

  test.each([
    ['a host name with a slash', { hostname: 'a/b' }],
    ['a host name of 300 letters', { hostname: 'h'.repeat(300) }],
    ['a host name with a newline', { hostname: 'a\nb' }],
    ['a DNS server with a newline', { dnsConfig: { servers: ['10.0.0.1\nnameserver 6.6.6.6'] } }],
    ['a relative log directory', { logDirectory: 'logs' }],
    ['a log directory with a NUL', { logDirectory: '/tmp/\0' }],
    ['a negative container port', { portMappings: [{ containerPort: -1, hostPort: 80 }] }],
    ['a host port of 70000', { portMappings: [{ containerPort: 80, hostPort: 70_000 }] }],
    ['a protocol that there is not', { portMappings: [{ protocol: 9, containerPort: 80, hostPort: 80 }] }],
    ['a cgroup parent that leads out', { linux: { cgroupParent: '/../../x' } }],
    ['a sysctl that is none', { linux: { sysctls: { 'net/../../x': '1' } } }],
    ['a sysctl of the whole machine', { linux: { sysctls: { 'kernel.pid_max': '100' } } }],
    [
      'a network mode that there is not',
      { linux: { securityContext: { namespaceOptions: { network: 77 } } } },
    ],
    ['a group without a user', { linux: { securityContext: { runAsGroup: { value: 5n } } } }],
    ['a negative user', { linux: { securityContext: { runAsUser: { value: -5n } } } }],
  ] satisfies readonly (readonly [string, PodSandboxConfigInit])[])(
    'with %s is refused',
    async (_, changes) => {
      expect(await refusedPod(podConfig(changes))).toBe('INVALID_ARGUMENT');
    },
  );

  test.each(['no such', '../runc', 'a\0b', '__proto__', 'constructor'])(
    'of the handler %j is refused',
    async (runtimeHandler) => {
      const code = await refusal('RunPodSandbox', { config: podConfig(), runtimeHandler });
      expect(['INVALID_ARGUMENT', 'NOT_FOUND']).toContain(code);
    },
  );
});

describe('CreateContainer', () => {
  test('without a configuration, metadata or image is refused', async () => {
    const pod = await rig().runPod();
    const ask = (config: ContainerConfigInit | null): Promise<string> =>
      refusal('CreateContainer', { podSandboxId: pod.id, config, sandboxConfig: pod.config });
    expect(await ask(null)).toBe('INVALID_ARGUMENT');
    expect(await ask({})).toBe('INVALID_ARGUMENT');
    expect(await ask({ ...sleeper(), metadata: null })).toBe('INVALID_ARGUMENT');
    expect(await ask({ ...sleeper(), metadata: { name: '' } })).toBe('INVALID_ARGUMENT');
    expect(await ask({ ...sleeper(), image: null })).toBe('INVALID_ARGUMENT');
    expect(await ask({ ...sleeper(), image: { image: '' } })).toBe('INVALID_ARGUMENT');
    expect(await rig().listContainers()).toEqual([]);
  });

  const odd: readonly (readonly [string, ContainerConfigInit])[] = [
    ['an image name that is none', { image: { image: 'UPPER CASE//:' } }],
    ['a NUL in an argument', { args: ['a\0b'] }],
    ['a NUL in a variable', { envs: [{ key: 'A', value: Buffer.from('a\0b') }] }],
    ['a variable without a name', { envs: [{ key: '', value: Buffer.from('x') }] }],
    ['a "=" in the name of a variable', { envs: [{ key: 'A=B', value: Buffer.from('x') }] }],
    ['a relative mount', { mounts: [{ hostPath: '/tmp', containerPath: 'x' }] }],
    ['a mount of a relative host path', { mounts: [{ hostPath: 'tmp', containerPath: '/x' }] }],
    ['a mount of nothing', { mounts: [{ hostPath: '', containerPath: '/x' }] }],
    [
      'a propagation that there is not',
      { mounts: [{ hostPath: '/tmp', containerPath: '/x', propagation: 9 }] },
    ],
    [
      'a recursive read-only mount that may be written',
      { mounts: [{ hostPath: '/tmp', containerPath: '/x', recursiveReadOnly: true }] },
    ],
    [
      'a device that is not there',
      { devices: [{ hostPath: '/dev/no-such', containerPath: '/dev/x', permissions: 'rwm' }] },
    ],
    [
      'device permissions that are none',
      { devices: [{ hostPath: '/dev/null', containerPath: '/dev/x', permissions: 'qq' }] },
    ],
    ['an absolute log path that leads out', { logPath: '../../x.log' }],
    ['a log path with a NUL', { logPath: 'a\0.log' }],
    ['a negative memory limit', { linux: { resources: { memoryLimitInBytes: -5n } } }],
    ['a negative CPU period', { linux: { resources: { cpuPeriod: -5n } } }],
    ['a CPU set that is none', { linux: { resources: { cpusetCpus: 'all of them' } } }],
    ['an oom_score_adj of 5000', { linux: { resources: { oomScoreAdj: 5000n } } }],
    ['a stop signal that there is not', { stopSignal: 999 }],
  ];
  test.each(odd)('with %s is refused and leaves nothing', async (_, changes) => {
    const pod = await rig().runPod();
    const code = await refusal('CreateContainer', {
      podSandboxId: pod.id,
      config: sleeper(changes),
      sandboxConfig: pod.config,
    });
    expect(['INVALID_ARGUMENT', 'NOT_FOUND']).toContain(code);
    expect(await rig().listContainers()).toEqual([]);
  });

  const insecure: readonly (readonly [string, NonNullable<Parameters<typeof secured>[1]>])[] = [
    ['a group without a user', { runAsGroup: { value: 5n } }],
    ['a user and a user name', { runAsUser: { value: 5n }, runAsUsername: 'nobody' }],
    ['a user name that is not in the image', { runAsUsername: 'no-such-user' }],
    ['a negative user', { runAsUser: { value: -5n } }],
    ['a user of 2^40', { runAsUser: { value: 1n << 40n } }],
    ['a negative group', { supplementalGroups: [-1n] }],
    ['a capability that there is not', { capabilities: { addCapabilities: ['FLY'] } }],
    ['a privileged container in a pod that is not', { privileged: true }],
    [
      'a seccomp profile that is not there',
      { seccomp: { profileType: 2, localhostRef: '/no/such/profile.json' } },
    ],
    ['a seccomp profile of a kind that there is not', { seccomp: { profileType: 77 } }],
    ['a PID mode that there is not', { namespaceOptions: { pid: 77 } }],
    [
      'the PID namespace of a container that is not there',
      { namespaceOptions: { pid: 3, targetId: 'f'.repeat(64) } },
    ],
    ['a masked path that is relative', { maskedPaths: ['proc'] }],
  ];
  test.each(insecure)('with %s is refused and leaves nothing', async (_, context) => {
    const pod = await rig().runPod();
    const code = await refusal('CreateContainer', {
      podSandboxId: pod.id,
      config: secured(sleeper(), context),
      sandboxConfig: pod.config,
    });
    expect(['INVALID_ARGUMENT', 'NOT_FOUND', 'FAILED_PRECONDITION']).toContain(code);
    expect(await rig().listContainers()).toEqual([]);
  });

  test('with 20,000 variables, arguments and labels works or is refused', async () => {
    const pod = await rig().runPod();
    const many = Array.from({ length: 20_000 }, (_, index) => `value-${index}`);
    const config = sleeper({
      envs: many.map((key) => ({ key, value: Buffer.from(key) })),
      labels: Object.fromEntries(many.map((key) => [key, key])),
    });
    const code = await codeOf(rig().create(pod, config));
    expect(['OK', 'INVALID_ARGUMENT', 'RESOURCE_EXHAUSTED']).toContain(code);
  });
});

describe('ids', () => {
  test.each([
    '/',
    '..',
    '../../etc',
    'a/b',
    'a\0b',
    'a\nb',
    '__proto__',
    'constructor',
    '%00',
    ' ',
    'x'.repeat(100_000),
  ])('like %j are unknown, not dangerous', async (id) => {
    const pod = await rig().runPod();
    await rig().call('StopPodSandbox', { podSandboxId: id });
    await rig().call('RemovePodSandbox', { podSandboxId: id });
    await rig().call('RemoveContainer', { containerId: id });
    expect(await codeOf(rig().status(id))).toBe('NOT_FOUND');
    expect(await codeOf(rig().podStatus(id))).toBe('NOT_FOUND');
    expect(await rig().listPods()).toEqual([pod.id]);
  });
});

describe('other calls', () => {
  test('ExecSync without a command, or with a NUL in it, or a negative timeout is refused', async () => {
    const pod = await rig().runPod();
    const containerId = await rig().run(pod, sleeper());
    expect(await refusal('ExecSync', { containerId, cmd: [] })).toBe('INVALID_ARGUMENT');
    expect(await refusal('ExecSync', { containerId, cmd: ['echo', 'a\0b'] })).toBe('INVALID_ARGUMENT');
    expect(['OK', 'INVALID_ARGUMENT']).toContain(
      await refusal('ExecSync', { containerId, cmd: ['true'], timeout: -1n }),
    );
  });

  test('UpdateContainerResources with negative numbers is refused and changes nothing', async () => {
    const pod = await rig().runPod();
    const containerId = await rig().run(pod, sleeper());
    const before = await rig().status(containerId);
    for (const linux of [{ memoryLimitInBytes: -5n }, { cpuPeriod: -5n }, { cpusetCpus: 'none of them' }]) {
      expect(await refusal('UpdateContainerResources', { containerId, linux })).toBe('INVALID_ARGUMENT');
    }
    expect(await rig().status(containerId)).toEqual(before);
  });

  test.each([
    '',
    ' ',
    'UPPER//',
    'a'.repeat(5000),
    'docker.io/library/busybox:',
    'x@sha256:1234',
    '../../etc/passwd',
    'a\nb',
  ])('PullImage of %j is refused', async (name) => {
    expect(await refusal('PullImage', { image: { image: name } })).toBe('INVALID_ARGUMENT');
  });

  test('PullImage, ImageStatus and RemoveImage without an image are refused', async () => {
    expect(await refusal('PullImage', {})).toBe('INVALID_ARGUMENT');
    expect(await refusal('ImageStatus', {})).toBe('INVALID_ARGUMENT');
    expect(await refusal('RemoveImage', {})).toBe('INVALID_ARGUMENT');
  });

  test('a message over the bound is refused and the connection goes on', async () => {
    const annotations = { large: 'x'.repeat(40 * 1024 * 1024) };
    const code = await codeOf(rig().call('RunPodSandbox', { config: podConfig({ annotations }) }));
    expect(['RESOURCE_EXHAUSTED', 'INVALID_ARGUMENT']).toContain(code);
    expect(await rig().listPods()).toEqual([]);
  });

  test('200 calls that are given up at once leave the daemon well', async () => {
    const pods = Array.from({ length: 20 }, () => podConfig());
    const calls = Array.from({ length: 200 }, (_, index) =>
      codeOf(rig().call('RunPodSandbox', { config: pods[index % 20] ?? null }, { timeoutMs: 20 + index })),
    );
    await Promise.all(calls);
    for (const config of pods) await rig().call('RunPodSandbox', { config });
    expect(await rig().listPods()).toHaveLength(20);
  });
});
