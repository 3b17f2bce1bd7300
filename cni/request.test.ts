import { describe, expect, test } from '@jest/globals';
import { capabilityArguments, checkRequest, formatArguments, podArguments } from './request.ts';

const request = {
  containerId: 'c1',
  netnsPath: '/run/netns/c1',
  ifName: 'eth0',
  podNamespace: 'default',
  podName: 'web',
  podUid: 'u-1',
  capabilities: {},
};

describe('a request', () => {
  test.each([
    ['an empty container id', { containerId: '' }],
    ['a path in the container id', { containerId: '../x' }],
    ['an @ in the container id', { containerId: 'a@b' }],
    ['a relative namespace', { netnsPath: 'ns' }],
    ['a NUL in the namespace', { netnsPath: '/a\0b' }],
    ['a long interface name', { ifName: 'e'.repeat(16) }],
    ['a slash in the interface name', { ifName: 'e/0' }],
    ['an interface name that is a directory', { ifName: '..' }],
  ])('with %s is refused', (_what, change) => {
    expect(() => checkRequest({ ...request, ...change })).toThrow(
      expect.objectContaining({ reason: 'InvalidRequest' }),
    );
  });

  test.each([';', '=', '\n', '\0', '\u007f'])('with %j in a pod’s name is refused', (character) => {
    expect(() => podArguments({ ...request, podName: `a${character}b` })).toThrow(
      expect.objectContaining({ reason: 'InvalidRequest' }),
    );
  });

  test('becomes CNI_ARGS', () => {
    expect(formatArguments(podArguments(request))).toBe(
      'IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=c1;K8S_POD_UID=u-1',
    );
  });
});

describe('capability arguments', () => {
  test('have the names of the conventions and leave out what is empty or not mapped', () => {
    expect(
      capabilityArguments({
        portMappings: [
          { hostPort: 0, containerPort: 1, protocol: 'tcp', hostIp: null },
          { hostPort: 8080, containerPort: 80, protocol: 'sctp', hostIp: '' },
          { hostPort: 53, containerPort: 53, protocol: 'udp', hostIp: '::1' },
        ],
        bandwidth: {
          ingressBitsPerSecond: 1000n,
          ingressBurstBits: null,
          egressBitsPerSecond: null,
          egressBurstBits: null,
        },
        dns: { servers: ['10.0.0.10'], searches: [], options: [] },
        ips: ['10.0.0.5/24'],
        mac: '02:00:00:00:00:01',
        ipRanges: [[{ subnet: '10.0.0.0/24' }]],
        aliases: [],
        infinibandGuid: 'c2:11',
        deviceId: '0000:04:00.5',
        cgroupPath: '/pod',
      }),
    ).toEqual({
      portMappings: [
        { hostPort: 8080, containerPort: 80, protocol: 'sctp' },
        { hostPort: 53, containerPort: 53, protocol: 'udp', hostIP: '::1' },
      ],
      bandwidth: { ingressRate: 1000, ingressBurst: 2_147_483_647 },
      dns: { servers: ['10.0.0.10'], searches: [], options: [] },
      ips: ['10.0.0.5/24'],
      mac: '02:00:00:00:00:01',
      ipRanges: [[{ subnet: '10.0.0.0/24' }]],
      infinibandGUID: 'c2:11',
      deviceID: '0000:04:00.5',
      cgroupPath: '/pod',
    });
  });

  test.each([
    { portMappings: [{ hostPort: 70_000, containerPort: 80, protocol: 'tcp' as const, hostIp: null }] },
    { portMappings: [{ hostPort: 80, containerPort: 0, protocol: 'tcp' as const, hostIp: null }] },
    { portMappings: [{ hostPort: 80, containerPort: 80, protocol: 'tcp' as const, hostIp: 'evil' }] },
    {
      bandwidth: {
        ingressBitsPerSecond: -1n,
        ingressBurstBits: null,
        egressBitsPerSecond: null,
        egressBurstBits: null,
      },
    },
  ])('that cannot be are refused: %j', (capabilities) => {
    expect(() => capabilityArguments(capabilities)).toThrow(
      expect.objectContaining({ reason: 'InvalidRequest' }),
    );
  });
});
