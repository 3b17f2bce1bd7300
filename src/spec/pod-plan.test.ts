import { describe, expect, test } from '@jest/globals';
import type { PodSandboxConfigInit } from '../../cri-api/runtime-v1.ts';
import { containerCgroupsPath, planPodCgroup } from './cgroup-path.ts';
import { planPod, type PodPlan } from './pod-plan.ts';
import { containerId, pod, podId } from './testing/samples.ts';

const options = {
  podId,
  cgroup: { driver: 'cgroupfs', defaultParent: '/cri-ts' },
  nodeName: 'node-1',
  defaultSysctls: [],
} as const;

function plan(init: PodSandboxConfigInit = {}, overrides: object = {}): PodPlan {
  return planPod(pod(init), { ...options, ...overrides });
}
const hostNetwork: PodSandboxConfigInit['linux'] = {
  securityContext: { namespaceOptions: { network: 2 } },
} as const;

describe('the plan of a pod', () => {
  test('of a plain pod', () => {
    expect(plan()).toEqual({
      podId,
      namespaces: { user: null, net: 'own', ipc: 'own', uts: 'own', pid: 'container' },
      hostname: 'web',
      hostnameFile: 'web\n',
      sysctls: [],
      resolvConf: null,
      shmSizeBytes: 67_108_864n,
      cgroup: { driver: 'cgroupfs', parent: `/cri-ts/pod-${podId}`, isOwn: true },
      isPrivileged: false,
      portMappings: [],
      bandwidth: null,
    });
  });

  test("in the host's network has the host's UTS namespace, no ports and no traffic limits", () => {
    const annotations = { 'kubernetes.io/ingress-bandwidth': '1M' };
    const portMappings = [{ containerPort: 80, hostPort: 80 }];
    expect(plan({ linux: hostNetwork, annotations, portMappings })).toMatchObject({
      namespaces: { net: 'host', uts: 'host', ipc: 'own' },
      portMappings: [],
      bandwidth: null,
    });
  });

  test('takes its name from the request, else from the node or from its own id', () => {
    expect(plan({ hostname: '' }).hostname).toBe('aaaaaaaaaaaa');
    expect(plan({ hostname: '', linux: hostNetwork }).hostname).toBe('node-1');
    expect(plan({ hostname: 'h', linux: hostNetwork }).hostname).toBe('h');
  });

  test('shares /dev/shm with the host when it shares IPC', () => {
    expect(plan({ linux: { securityContext: { namespaceOptions: { ipc: 2 } } } }).shmSizeBytes).toBeNull();
  });

  test('maps ports that have a host port', () => {
    const portMappings = [
      { containerPort: 80, hostPort: 8080, hostIp: '127.0.0.1' },
      { containerPort: 81, hostPort: 0 },
      { protocol: 2, containerPort: 82, hostPort: 82, hostIp: '::1' },
    ];
    expect(plan({ portMappings }).portMappings).toEqual([
      { protocol: 'tcp', containerPort: 80, hostPort: 8080, hostIp: '127.0.0.1' },
      { protocol: 'sctp', containerPort: 82, hostPort: 82, hostIp: '::1' },
    ]);
  });

  test.each<[PodSandboxConfigInit['dnsConfig'], string | null]>([
    [null, null],
    [{}, null],
    [
      {
        servers: ['10.10.10.10', 'fe80::1%eth0'],
        searches: ['google.com', 'b.c'],
        options: ['ndots:8', 'edns0'],
      },
      'search google.com b.c\nnameserver 10.10.10.10\nnameserver fe80::1%eth0\noptions ndots:8 edns0\n',
    ],
    [{ servers: ['1.1.1.1'] }, 'nameserver 1.1.1.1\n'],
  ])('writes resolv.conf for %j', (dnsConfig, expected) => {
    expect(plan({ dnsConfig: dnsConfig ?? null }).resolvConf).toBe(expected);
  });

  test('default sysctls are set where the pod owns the namespace, and yield to the request', () => {
    const defaultSysctls = [
      ['net.ipv4.ip_unprivileged_port_start', '0'],
      ['kernel.shmmax', '1'],
      ['vm.swappiness', '0'],
    ] as const;
    expect(plan({}, { defaultSysctls }).sysctls).toEqual(defaultSysctls.slice(0, 2));
    expect(plan({ linux: hostNetwork }, { defaultSysctls }).sysctls).toEqual([['kernel.shmmax', '1']]);
    const sysctls = { 'kernel.shmmax': '2' };
    expect(plan({ linux: { sysctls } }, { defaultSysctls }).sysctls).toContainEqual(['kernel.shmmax', '2']);
    expect(plan({ linux: { sysctls } }, { defaultSysctls }).sysctls).toHaveLength(2);
  });

  test.each<[string, bigint]>([
    ['1k', 1000n],
    ['10M', 10_000_000n],
    ['1.5G', 1_500_000_000n],
    ['1Mi', 1_048_576n],
    ['1000000', 1_000_000n],
    ['1P', 1_000_000_000_000_000n],
  ])('a bandwidth of %s is %d bits per second', (text, rate) => {
    const annotations = { 'kubernetes.io/egress-bandwidth': text };
    expect(plan({ annotations }).bandwidth).toEqual({
      ingressBitsPerSecond: null,
      ingressBurstBits: null,
      egressBitsPerSecond: rate,
      egressBurstBits: null,
    });
  });

  test.each(['', '0', '999', '1.1P', '-1M', '1e9', 'M', '10 M', '10MB', `1${'0'.repeat(400)}`, '1M\n'])(
    'a bandwidth of %p is refused',
    (text) => {
      const annotations = { 'kubernetes.io/ingress-bandwidth': text };
      expect(() => plan({ annotations })).toThrow(expect.objectContaining({ reason: 'InvalidBandwidth' }));
    },
  );
});

describe('cgroups', () => {
  test.each([
    [
      'cgroupfs',
      '/kubepods/burstable/pod1',
      '/kubepods/burstable/pod1',
      `/kubepods/burstable/pod1/cri-ts-${containerId}`,
    ],
    ['cgroupfs', 'kubepods', '/kubepods', `/kubepods/cri-ts-${containerId}`],
    ['cgroupfs', '/', '/', `/cri-ts-${containerId}`],
    ['systemd', '/test.slice', 'test.slice', `test.slice:cri-ts:${containerId}`],
    [
      'systemd',
      '/kubepods.slice/kubepods-pod1.slice',
      'kubepods-pod1.slice',
      `kubepods-pod1.slice:cri-ts:${containerId}`,
    ],
  ] as const)('%s, parent %s', (...[driver, given, parent, path]) => {
    const cgroup = planPodCgroup({ driver, defaultParent: '/cri-ts' }, given, podId);
    expect(cgroup).toEqual({ driver, parent, isOwn: false });
    expect(containerCgroupsPath(cgroup, containerId)).toBe(path);
  });

  test('without a parent', () => {
    expect(planPodCgroup({ driver: 'systemd', defaultParent: '/cri-ts' }, null, podId)).toEqual({
      driver: 'systemd',
      parent: 'system.slice',
      isOwn: false,
    });
    expect(planPodCgroup({ driver: 'cgroupfs', defaultParent: '/cri-ts' }, null, podId)).toMatchObject({
      parent: `/cri-ts/pod-${podId}`,
      isOwn: true,
    });
  });

  test.each([
    ['systemd', '/kubepods/pod1'],
    ['cgroupfs', '/kubepods.slice/kubepods-pod1.slice'],
    ['systemd', '/.slice'],
    ['systemd', '/kubepods.slice/other-pod1.slice'],
    ['systemd', '/a b.slice'],
  ] as const)('%s refuses the parent %s', (driver, parent) => {
    expect(() => planPodCgroup({ driver, defaultParent: '/cri-ts' }, parent, podId)).toThrow(
      expect.objectContaining({ reason: 'InvalidCgroupParent' }),
    );
  });
});
