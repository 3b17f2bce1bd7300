import { describe, expect, test } from '@jest/globals';
import { assert, dictionary, property, record, string } from 'fast-check';
import {
  type LinuxPodSandboxConfigInit,
  type LinuxSandboxSecurityContextInit,
  PodSandboxConfig,
  type PodSandboxConfigInit,
} from '../../../cri-api/runtime-v1.ts';
import { CriError } from '../../base/errors.ts';
import { maxAnnotationBytes, parsePodConfig } from './parse-pod-config.ts';
import type { PodConfig } from './pod-config.ts';
import { pod, podMessage, podMetadata } from '../testing/samples.ts';

function secured(securityContext: LinuxSandboxSecurityContextInit): PodConfig {
  return pod({ linux: { securityContext } });
}

describe('a pod request', () => {
  test('with nothing but metadata has the defaults of the CRI', () => {
    expect(parsePodConfig(PodSandboxConfig.create({ metadata: podMetadata }))).toEqual({
      metadata: podMetadata,
      hostname: null,
      logDirectory: null,
      dns: null,
      portMappings: [],
      labels: {},
      annotations: {},
      cgroupParent: null,
      sysctls: [],
      namespaces: { net: 'own', ipc: 'own', pid: 'pod', user: null },
      security: { isPrivileged: false, selinux: null, seccomp: null, apparmor: null },
      overhead: null,
      resources: null,
    });
  });

  test.each<[string, LinuxPodSandboxConfigInit | null]>([
    ['linux', null],
    ['security_context', { securityContext: null }],
    ['namespace_options', { securityContext: { namespaceOptions: null } }],
  ])('may have nil %s', (_name, linux) => {
    expect(pod({ linux }).namespaces).toEqual({ net: 'own', ipc: 'own', pid: 'pod', user: null });
  });

  test('has a user namespace of its own when it is asked for, also in the host network', () => {
    const uids = [{ hostId: 65_536, containerId: 0, length: 65_536 }];
    const gids = [{ hostId: 131_072, containerId: 0, length: 65_536 }];
    const usernsOptions = { mode: 0, uids, gids };
    expect(secured({ namespaceOptions: { network: 2, usernsOptions } }).namespaces).toMatchObject({
      net: 'host',
      user: { uids, gids },
    });
  });

  test('keeps labels and annotations to the letter, whatever they are called', () => {
    const odd = Object.fromEntries([
      ['io.kubernetes.pod.name', 'web'],
      ['constructor', 'a\nb\0c'],
      ['toString', ''],
    ]);
    const labels = Object.assign(Object.create(null), odd, JSON.parse('{"__proto__":"polluted"}'));
    const parsed = pod({ labels, annotations: labels });
    expect(Object.entries(parsed.labels)).toEqual(Object.entries(labels));
    expect(Object.entries(parsed.labels)).toContainEqual(['__proto__', 'polluted']);
    expect(Object.getPrototypeOf(parsed.annotations)).toBeNull();
  });

  test('says every namespace mode in words', () => {
    expect(secured({ namespaceOptions: { network: 2, pid: 2, ipc: 2 } }).namespaces).toEqual({
      net: 'host',
      pid: 'host',
      user: null,
      ipc: 'host',
    });
    expect(secured({ namespaceOptions: { pid: 1 } }).namespaces.pid).toBe('container');
    expect(secured({ namespaceOptions: { usernsOptions: { mode: 2 } } }).namespaces.net).toBe('own');
  });

  test.each<[string, LinuxSandboxSecurityContextInit, PodConfig['security']['seccomp']]>([
    ['nil', {}, null],
    ['an empty message', { seccomp: {} }, { kind: 'runtime-default' }],
    ['Unconfined', { seccomp: { profileType: 1 } }, { kind: 'unconfined' }],
    [
      'Localhost',
      { seccomp: { profileType: 2, localhostRef: '/p.json' } },
      { kind: 'localhost', reference: '/p.json' },
    ],
    ['the old default', { seccompProfilePath: 'runtime/default' }, { kind: 'runtime-default' }],
    ['the older default', { seccompProfilePath: 'docker/default' }, { kind: 'runtime-default' }],
    ['the old unconfined', { seccompProfilePath: 'unconfined' }, { kind: 'unconfined' }],
    [
      'the old localhost',
      { seccompProfilePath: 'localhost//p.json' },
      { kind: 'localhost', reference: '/p.json' },
    ],
    [
      'both: the message wins',
      { seccomp: { profileType: 1 }, seccompProfilePath: 'runtime/default' },
      { kind: 'unconfined' },
    ],
  ])('asks for seccomp by %s', (_name, context, expected) => {
    expect(secured(context).security.seccomp).toEqual(expected);
  });

  test('paths are brought into normal form', () => {
    expect(pod({ logDirectory: '/var//log/./pods/' }).logDirectory).toBe('/var/log/pods');
    expect(pod({ linux: { cgroupParent: '/kubepods.slice/a.slice/' } }).cgroupParent).toBe(
      '/kubepods.slice/a.slice',
    );
  });
});

const names = [
  '',
  'a/b',
  '../etc',
  '.',
  '..',
  'a\nb',
  'a\0b',
  'a b',
  ' a',
  'a;K8S_POD_NAME=x',
  'a=b',
  '\u001b[31m',
  '\u0085',
  '\u2028',
  'ü',
  '-rf',
  '_x',
  '__proto__',
  'x'.repeat(254),
  'x'.repeat(1_000_000),
];

describe('is refused with one sentence:', () => {
  const refuses = (init: PodSandboxConfigInit, reason: string): void => {
    const message = podMessage(init);
    expect(() => parsePodConfig(message)).toThrow(expect.objectContaining({ code: 'invalid', reason }));
    try {
      parsePodConfig(message);
    } catch (error) {
      expect(String(error).length).toBeLessThan(500);
      // No control character of the request reaches a log line or a terminal.
      expect(String(error)).toMatch(/^[^\p{Cc}]*$/u);
    }
  };

  test('no config, no metadata', () => {
    expect(() => parsePodConfig(null)).toThrow(expect.objectContaining({ reason: 'MissingConfig' }));
    refuses({ metadata: null }, 'InvalidMetadata');
  });

  test.each(names)('%p as name or namespace', (name) => {
    refuses({ metadata: { ...podMetadata, name } }, 'InvalidName');
    refuses({ metadata: { ...podMetadata, namespace: name } }, 'InvalidName');
  });

  test.each(['', 'a/b', 'a;b', 'a=b', 'a\nb', 'a\0', 'x'.repeat(254)])('%p as uid', (uid) => {
    refuses({ metadata: { ...podMetadata, uid } }, 'InvalidName');
  });

  test.each(['a/b', 'a\nb', 'a\0', '-a', 'a-', 'x'.repeat(65), 'ü', 'a b'])('hostname %p', (hostname) => {
    refuses({ hostname }, 'InvalidField');
  });

  test.each(['relative', '/a/../b', '/..', '/a\0b', `/${'x'.repeat(5000)}`])(
    'log directory %p',
    (logDirectory) => {
      refuses({ logDirectory }, 'InvalidPath');
    },
  );

  test('labels of 1 MB, annotations of more than 1 MiB, an empty key', () => {
    refuses({ labels: { a: 'x'.repeat(1_000_000) } }, 'TooLarge');
    refuses({ annotations: { a: 'x'.repeat(maxAnnotationBytes) } }, 'TooLarge');
    refuses({ labels: { '': 'x' } }, 'InvalidField');
    expect(pod({ annotations: { a: 'x'.repeat(256 * 1024) } }).annotations['a']).toHaveLength(256 * 1024);
  });

  test.each<[string, PodSandboxConfigInit]>([
    ['a protocol', { portMappings: [{ protocol: 3, containerPort: 80 }] }],
    ['a container port of 0', { portMappings: [{ containerPort: 0 }] }],
    ['a negative port', { portMappings: [{ containerPort: -1 }] }],
    ['a port beyond the range', { portMappings: [{ containerPort: 65_536 }] }],
    ['a negative host port', { portMappings: [{ containerPort: 80, hostPort: -80 }] }],
    ['a host address', { portMappings: [{ containerPort: 80, hostIp: '1.2.3.4; rm' }] }],
    ['an address of five parts', { portMappings: [{ containerPort: 80, hostIp: '1.2.3.4.5' }] }],
    ['a name server with a line of its own', { dnsConfig: { servers: ['1.1.1.1\nnameserver 6.6.6.6'] } }],
    ['a name server by name', { dnsConfig: { servers: ['dns.example'] } }],
    ['a search with a line of its own', { dnsConfig: { searches: ['a\nnameserver 6.6.6.6'] } }],
    ['an option with a space', { dnsConfig: { options: ['ndots:1 debug'] } }],
    ['an empty search', { dnsConfig: { searches: [''] } }],
  ])('%s', (_name, init) => {
    refuses(init, 'InvalidField');
  });

  test.each(['/a/../../b', '..', '/a/./b', 'a:b', '/a\nb', '/a\0', 'x'.repeat(2000)])(
    'cgroup parent %p',
    (cgroupParent) => {
      refuses({ linux: { cgroupParent } }, 'InvalidCgroupParent');
    },
  );

  test.each<[string, LinuxSandboxSecurityContextInit, string]>([
    ['network mode CONTAINER', { namespaceOptions: { network: 1 } }, 'InvalidNamespace'],
    ['IPC mode TARGET', { namespaceOptions: { ipc: 3 } }, 'InvalidNamespace'],
    ['PID mode TARGET', { namespaceOptions: { pid: 3 } }, 'InvalidNamespace'],
    ['a target', { namespaceOptions: { targetId: 'x' } }, 'InvalidNamespace'],
    ['a groups policy', { supplementalGroupsPolicy: 2 }, 'InvalidField'],
    ['an unknown mode', { namespaceOptions: { pid: 17 } }, 'InvalidNamespace'],
    [
      'a user namespace of mode CONTAINER',
      { namespaceOptions: { usernsOptions: { mode: 1 } } },
      'InvalidUserNamespace',
    ],
    [
      'a user namespace of mode TARGET',
      { namespaceOptions: { usernsOptions: { mode: 3 } } },
      'InvalidUserNamespace',
    ],
    [
      'a user namespace without mappings',
      { namespaceOptions: { usernsOptions: {} } },
      'InvalidUserNamespace',
    ],
    ['run_as_user -1', { runAsUser: { value: -1n } }, 'InvalidField'],
    ['run_as_user 2^32-1', { runAsUser: { value: 4_294_967_295n } }, 'InvalidField'],
    ['run_as_user 2^32', { runAsUser: { value: 4_294_967_296n } }, 'InvalidField'],
    ['run_as_group without run_as_user', { runAsGroup: { value: 5n } }, 'InvalidField'],
    ['a supplemental group of -1', { supplementalGroups: [-1n] }, 'InvalidField'],
    [
      'too many supplemental groups',
      { supplementalGroups: Array.from({ length: 65_537 }, () => 1n) },
      'TooLarge',
    ],
    ['a profile type', { seccomp: { profileType: 9 } }, 'InvalidField'],
    ['a relative seccomp profile', { seccomp: { profileType: 2, localhostRef: 'p.json' } }, 'InvalidPath'],
    ['no seccomp profile', { seccomp: { profileType: 2 } }, 'InvalidPath'],
    [
      'a seccomp profile elsewhere',
      { seccomp: { profileType: 2, localhostRef: '/a/../../p.json' } },
      'InvalidPath',
    ],
    ['an old profile string', { seccompProfilePath: 'whatever' }, 'InvalidField'],
    [
      'an AppArmor profile without a name',
      { apparmor: { profileType: 2, localhostRef: 'localhost/' } },
      'InvalidField',
    ],
    ['an SELinux type with a space', { selinuxOptions: { type: 'a b' } }, 'InvalidField'],
  ])('%s', (_name, securityContext, reason) => {
    refuses({ linux: { securityContext } }, reason);
  });

  const mapping = { hostId: 1000, containerId: 0, length: 100_000 };
  test.each([
    ["the host's processes", { pid: 2 }],
    ["the host's IPC objects", { ipc: 2 }],
  ])('a user namespace of its own with %s', (_name, shared) => {
    const usernsOptions = { mode: 0, uids: [mapping], gids: [mapping] };
    refuses(
      { linux: { securityContext: { namespaceOptions: { ...shared, usernsOptions } } } },
      'InvalidUserNamespace',
    );
  });

  test('mappings with user namespace mode NODE', () => {
    const usernsOptions = { mode: 2, uids: [mapping], gids: [] };
    refuses({ linux: { securityContext: { namespaceOptions: { usernsOptions } } } }, 'InvalidUserNamespace');
  });

  test.each<[string, readonly object[], string]>([
    ['two mappings', [mapping, { hostId: 200_000, containerId: 100_000, length: 1 }], 'InvalidUserNamespace'],
    ['no container id 0', [{ ...mapping, containerId: 1 }], 'InvalidUserNamespace'],
    ['an empty mapping', [{ ...mapping, length: 0 }], 'InvalidUserNamespace'],
    ['ids beyond the range', [{ ...mapping, length: 4_294_967_295 }], 'InvalidUserNamespace'],
    ['the root of the host', [{ ...mapping, hostId: 0 }], 'InvalidUserNamespace'],
    ['no mapping of uids', [], 'InvalidUserNamespace'],
  ])('%s', (_name, uids, reason) => {
    refuses(
      {
        linux: {
          securityContext: { namespaceOptions: { usernsOptions: { mode: 0, uids, gids: [mapping] } } },
        },
      },
      reason,
    );
  });
});

describe('sysctls', () => {
  const parse = (sysctls: Record<string, string>, options = {}): PodConfig['sysctls'] =>
    pod({ linux: { sysctls, securityContext: { namespaceOptions: options } } }).sysctls;

  test.each([
    ['net.ipv4.ip_forward', '1'],
    ['net.ipv4.ping_group_range', '0 2147483647'],
    ['net.ipv4.conf.eth0.rp_filter', '0'],
    ['kernel.shm_rmid_forced', '1'],
    ['fs.mqueue.msg_max', '100'],
    ['kernel.sem', '250\t32000 32 128'],
  ])("%s is the pod's own", (name, value) => {
    expect(parse({ [name]: value })).toEqual([[name, value]]);
  });

  test('slashes are separators too', () => {
    expect(parse({ 'net/ipv4/ip_forward': '1' })).toEqual([['net.ipv4.ip_forward', '1']]);
  });

  // CVE-2022-0811: a value carried "+kernel.core_pattern=|/bin/sh" into the arguments of a program.
  test.each<[string, string]>([
    ['kernel.core_pattern', '|/bin/sh'],
    ['kernel.shm_rmid_forced', '1+kernel.core_pattern=|/var/x #'],
    ['kernel.shm_rmid_forced', '1\nkernel.core_pattern=x'],
    ['net.ipv4.ip_forward', '1\0'],
    ['net.ipv4.ip_forward+kernel.core_pattern', '1'],
    ['net.ipv4.ip_forward', '1'.repeat(2000)],
    ['net.', '1'],
    ['net..ipv4', '1'],
    ['net./../../kernel.core_pattern', '1'],
    ['net/../kernel/core_pattern', '1'],
    ['net.ipv4/../../kernel/core_pattern', '1'],
    ['kernel.shmmax2', '1'],
    ['kernel.hostname', 'x'],
    ['vm.swappiness', '0'],
    ['fs.file-max', '1'],
    ['__proto__', '1'],
    ['', '1'],
  ])('%p = %p is refused', (name, value) => {
    const sysctls = Object.assign(Object.create(null), { [name]: value });
    expect(() => parse(sysctls)).toThrow(
      expect.objectContaining({ code: 'invalid', reason: 'InvalidSysctl' }),
    );
  });

  test('of the node are told apart', () => {
    expect(() => parse({ 'vm.swappiness': '0' })).toThrow(/belongs to the whole node/);
  });

  // CVE-2022-0532: in a host namespace they would be the node's.
  test("of a namespace that is the host's are refused", () => {
    expect(() => parse({ 'net.ipv4.ip_forward': '1' }, { network: 2 })).toThrow(/host's network namespace/);
    expect(() => parse({ 'kernel.shmmax': '1' }, { ipc: 2 })).toThrow(/host's IPC namespace/);
    expect(() => parse({ 'fs.mqueue.msg_max': '1' }, { ipc: 2 })).toThrow(/host's IPC namespace/);
    expect(parse({ 'kernel.shmmax': '1' }, { network: 2 })).toEqual([['kernel.shmmax', '1']]);
  });
});

test('any text in any place gives a config or an error for the client, never another', () => {
  const text = string({ unit: 'binary', maxLength: 40 });
  const inits = record(
    {
      metadata: record({ name: text, uid: text, namespace: text }, { requiredKeys: [] }),
      hostname: text,
      logDirectory: text,
      labels: dictionary(text, text),
      annotations: dictionary(text, text),
      linux: record({ cgroupParent: text, sysctls: dictionary(text, text) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
  assert(
    property(inits, (init) => {
      try {
        parsePodConfig(podMessage(init));
      } catch (error) {
        expect(error).toBeInstanceOf(CriError);
        expect(error).toMatchObject({ code: 'invalid' });
      }
    }),
  );
});
