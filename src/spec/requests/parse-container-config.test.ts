import { describe, expect, test } from '@jest/globals';
import {
  array,
  assert,
  bigInt,
  boolean,
  dictionary,
  integer,
  oneof,
  option,
  property,
  record,
  string,
  uint8Array,
} from 'fast-check';
import type {
  ContainerConfigInit,
  LinuxContainerResourcesInit,
  LinuxContainerSecurityContextInit,
  MountInit,
  NamespaceOptionInit,
} from '../../../cri-api/runtime-v1.ts';
import { ContainerConfig as ContainerMessage } from '../../../cri-api/runtime-v1.ts';
import { CriError } from '../../base/errors.ts';
import type { ContainerConfig } from './container-config.ts';
import { defaultMaskedPaths, defaultReadonlyPaths } from '../hidden-paths.ts';
import { noResources } from './linux-resources.ts';
import { planContainer } from '../container-spec.ts';
import { containerLogPath, parseContainerConfig } from './parse-container-config.ts';
import { container, containerInput, containerMessage, pod, securedContainer } from '../testing/samples.ts';

/** As a pod and its mounts have them. */
const ids = { containerId: 0, hostId: 65_536, length: 65_536 };

const refusal = (reason: string, code = 'invalid'): object => expect.objectContaining({ code, reason });

describe('a container request', () => {
  test('with nothing but metadata and image has the defaults of the CRI', () => {
    const message = ContainerMessage.create({ metadata: { name: 'main' }, image: { image: 'busybox' } });
    expect(parseContainerConfig(message, pod())).toEqual({
      metadata: { name: 'main', attempt: 0 },
      image: { image: 'busybox', userSpecifiedImage: '', runtimeHandler: '' },
      command: [],
      args: [],
      workingDir: '',
      envs: [],
      mounts: [],
      devices: [],
      cdiDevices: [],
      labels: {},
      annotations: {},
      logPath: null,
      stdin: false,
      stdinOnce: false,
      tty: false,
      stopSignal: null,
      resources: noResources,
      security: {
        isPrivileged: false,
        noNewPrivileges: false,
        isReadonlyRootfs: false,
        capabilities: { add: [], drop: [], addAmbient: [] },
        user: { kind: 'image' },
        groups: { policy: 'merge', gids: [] },
        pid: 'container',
        targetId: '',
        selinux: null,
        seccomp: null,
        apparmor: null,
        maskedPaths: defaultMaskedPaths,
        readonlyPaths: defaultReadonlyPaths,
      },
    });
  });

  test('with an empty security context hides nothing: the lists are explicit', () => {
    expect(securedContainer({}).security).toMatchObject({ maskedPaths: [], readonlyPaths: [] });
  });

  test('the PID mode POD means what the pod has, and NODE repeats it', () => {
    const hostPid = pod({ linux: { securityContext: { namespaceOptions: { pid: 2 } } } });
    const inPod = (mode: number): string =>
      container(
        { linux: { securityContext: { namespaceOptions: {} } } },
        pod({ linux: { securityContext: { namespaceOptions: { pid: mode } } } }),
      ).security.pid;
    expect([inPod(0), inPod(1), inPod(2)]).toEqual(['pod', 'container', 'host']);
    expect(
      container({ linux: { securityContext: { namespaceOptions: { pid: 2 } } } }, hostPid).security.pid,
    ).toBe('host');
    expect(securedContainer({ namespaceOptions: { pid: 3, targetId: 'abc' } }).security).toMatchObject({
      pid: 'target',
      targetId: 'abc',
    });
  });

  test.each<[string, LinuxContainerSecurityContextInit, unknown]>([
    ['uid', { runAsUser: { value: 0n } }, { kind: 'uid', uid: 0, gid: null }],
    [
      'uid and gid',
      { runAsUser: { value: 4_294_967_294n }, runAsGroup: { value: 0n } },
      { kind: 'uid', uid: 4_294_967_294, gid: 0 },
    ],
    [
      'name and gid',
      { runAsUsername: 'nobody', runAsGroup: { value: 7n } },
      { kind: 'name', name: 'nobody', gid: 7 },
    ],
  ])('names its user by %s', (_name, context, expected) => {
    expect(securedContainer(context).security.user).toEqual(expected);
  });

  test('that names its user twice is refused', () => {
    const twice = { runAsUser: { value: 1n }, runAsUsername: 'nobody' };
    expect(() => securedContainer(twice)).toThrow(expect.objectContaining({ reason: 'InvalidField' }));
  });

  test.each<[string, LinuxContainerSecurityContextInit, unknown]>([
    ['nil', {}, null],
    [
      'a name',
      { apparmor: { profileType: 2, localhostRef: 'my-profile' } },
      { kind: 'localhost', reference: 'my-profile' },
    ],
    [
      'a name with the old prefix',
      { apparmor: { profileType: 2, localhostRef: 'localhost/my-profile' } },
      { kind: 'localhost', reference: 'my-profile' },
    ],
    [
      'the old string',
      { apparmorProfile: 'localhost/my-profile' },
      { kind: 'localhost', reference: 'my-profile' },
    ],
    [
      'both: the message wins',
      { apparmor: { profileType: 1 }, apparmorProfile: 'localhost/x' },
      { kind: 'unconfined' },
    ],
  ])('asks for AppArmor by %s', (_name, context, expected) => {
    expect(securedContainer(context).security.apparmor).toEqual(expected);
  });

  test('the log path is below the log directory of the pod', () => {
    expect(containerLogPath(pod(), container())).toBe('/var/log/pods/web/main/0.log');
    expect(containerLogPath(pod(), container({ logPath: './a//b.log' }))).toBe('/var/log/pods/web/a/b.log');
    expect(containerLogPath(pod({ logDirectory: '/' }), container())).toBe('/main/0.log');
    expect(containerLogPath(pod({ logDirectory: '' }), container())).toBeNull();
    expect(containerLogPath(pod(), container({ logPath: '' }))).toBeNull();
  });

  test('values of the environment are taken as UTF-8 bytes, a byte order mark included', () => {
    const value = Buffer.from([0xef, 0xbb, 0xbf, 0xc3, 0xbc, 0x0a]);
    expect(container({ envs: [{ key: 'A.b-c', value }] }).envs).toEqual([['A.b-c', '\ufeffü\n']]);
  });

  test('mounts are described in words', () => {
    const mounts: readonly MountInit[] = [
      { containerPath: '/a//b/', hostPath: '/h', propagation: 1, readonly: true, selinuxRelabel: true },
      {
        containerPath: '/i',
        image: { image: 'sha' },
        imageSubPath: 'etc/x',
        readonly: true,
        mountOptions: ['noexec', 'noexec', 'nodev'],
      },
      { containerPath: '/r', hostPath: '/h', readonly: true, recursiveReadOnly: true },
    ];
    expect(container({ mounts }).mounts).toEqual([
      {
        containerPath: '/a/b',
        source: { kind: 'host', path: '/h' },
        idMap: null,
        isReadonly: true,
        isRecursiveReadonly: false,
        isSelinuxRelabel: true,
        propagation: 'host-to-container',
        restrictions: [],
      },
      {
        containerPath: '/i',
        source: { kind: 'image', image: 'sha', subPath: 'etc/x' },
        idMap: null,
        isReadonly: true,
        isRecursiveReadonly: false,
        isSelinuxRelabel: false,
        propagation: 'private',
        restrictions: ['noexec', 'nodev'],
      },
      expect.objectContaining({ isRecursiveReadonly: true, isReadonly: true, propagation: 'private' }),
    ]);
  });
});

describe('is refused:', () => {
  const binary = Buffer.from([0x61, 0xff, 0x62]);

  test('no config', () => {
    expect(() => parseContainerConfig(null, pod())).toThrow(refusal('MissingConfig'));
  });

  test.each<[string, ContainerConfigInit, string]>([
    ['no metadata', { metadata: null }, 'InvalidMetadata'],
    ['no name', { metadata: { name: '' } }, 'InvalidName'],
    ['a name with a slash', { metadata: { name: '../x' } }, 'InvalidName'],
    ['the prototype as name', { metadata: { name: '__proto__' } }, 'InvalidName'],
    ['no image', { image: null }, 'MissingImage'],
    ['an empty image', { image: {} }, 'MissingImage'],
    ['an image with a newline', { image: { image: 'a\nb' } }, 'InvalidField'],
    ['a NUL in the command', { command: ['/bin/sh\0x'] }, 'InvalidField'],
    ['a NUL in an argument', { args: ['a\0b'] }, 'InvalidField'],
    ['an argument that execve cannot take', { args: ['x'.repeat(131_072)] }, 'InvalidField'],
    ['a million arguments', { args: Array.from({ length: 1_000_000 }, () => '') }, 'TooLarge'],
    ['a NUL in the directory', { workingDir: '/a\0b' }, 'InvalidField'],
    ['an environment without a name', { envs: [{ key: '', value: binary }] }, 'InvalidEnv'],
    ['a name with an equals sign', { envs: [{ key: 'A=B', value: Buffer.from('c') }] }, 'InvalidEnv'],
    ['a name with a NUL', { envs: [{ key: 'A\0', value: Buffer.from('c') }] }, 'InvalidEnv'],
    ['a value that is not UTF-8', { envs: [{ key: 'A', value: binary }] }, 'InvalidEnv'],
    ['a value with a NUL', { envs: [{ key: 'A', value: Buffer.from('a\0b') }] }, 'InvalidEnv'],
    [
      'a value that execve cannot take',
      { envs: [{ key: 'A', value: Buffer.alloc(131_071, 'x') }] },
      'InvalidEnv',
    ],
    ['a log elsewhere', { logPath: '../../etc/cron.d/x' }, 'InvalidPath'],
    ['a log in the middle of elsewhere', { logPath: 'a/../../x' }, 'InvalidPath'],
    ['an absolute log', { logPath: '/etc/x' }, 'InvalidPath'],
    ['a log with a NUL', { logPath: 'a\0b' }, 'InvalidPath'],
    ['a log with a newline', { logPath: 'a\nb' }, 'InvalidPath'],
    ['a log that is a directory', { logPath: './' }, 'InvalidPath'],
    ['labels of 1 MB', { labels: { a: 'x'.repeat(1_000_000) } }, 'TooLarge'],
    ['a stop signal', { stopSignal: 66 }, 'InvalidSignal'],
    ['a negative stop signal', { stopSignal: -1 }, 'InvalidSignal'],
    [
      'a relative device',
      { devices: [{ containerPath: 'x', hostPath: '/dev/x', permissions: 'r' }] },
      'InvalidPath',
    ],
    [
      'a device elsewhere',
      { devices: [{ containerPath: '/dev/x', hostPath: '/dev/../etc', permissions: 'r' }] },
      'InvalidPath',
    ],
    [
      'device permissions',
      { devices: [{ containerPath: '/x', hostPath: '/x', permissions: 'rx' }] },
      'InvalidField',
    ],
    [
      'device permissions twice',
      { devices: [{ containerPath: '/x', hostPath: '/x', permissions: 'rr' }] },
      'InvalidField',
    ],
    ['a CDI name', { cdiDevices: [{ name: '../x' }] }, 'InvalidField'],
  ])('%s', (_name, init, reason) => {
    const message = containerMessage(init);
    expect(() => parseContainerConfig(message, pod())).toThrow(refusal(reason));
  });

  test.each<[string, MountInit, string]>([
    ['no container path', { hostPath: '/h' }, 'InvalidPath'],
    ['a relative container path', { containerPath: 'a', hostPath: '/h' }, 'InvalidPath'],
    ['a container path with ".."', { containerPath: '/a/../b', hostPath: '/h' }, 'InvalidPath'],
    ['a relative host path', { containerPath: '/a', hostPath: 'h' }, 'InvalidPath'],
    ['a host path with ".."', { containerPath: '/a', hostPath: '/h/../../etc' }, 'InvalidPath'],
    ['a host path with a NUL', { containerPath: '/a', hostPath: '/h\0' }, 'InvalidPath'],
    ['no source', { containerPath: '/a' }, 'InvalidMount'],
    [
      'two sources',
      { containerPath: '/a', hostPath: '/h', image: { image: 'x' }, readonly: true },
      'InvalidMount',
    ],
    ['an empty image', { containerPath: '/a', image: {}, readonly: true }, 'InvalidMount'],
    ['a writable image', { containerPath: '/a', image: { image: 'x' } }, 'InvalidMount'],
    [
      'a sub path without an image',
      { containerPath: '/a', hostPath: '/h', imageSubPath: 'x' },
      'InvalidMount',
    ],
    [
      'a sub path with ".."',
      { containerPath: '/a', image: { image: 'x' }, readonly: true, imageSubPath: '../x' },
      'InvalidPath',
    ],
    [
      'an absolute sub path',
      { containerPath: '/a', image: { image: 'x' }, readonly: true, imageSubPath: '/x' },
      'InvalidPath',
    ],
    ['a propagation', { containerPath: '/a', hostPath: '/h', propagation: 3 }, 'InvalidMount'],
    [
      'recursive read-only that may be written',
      { containerPath: '/a', hostPath: '/h', recursiveReadOnly: true },
      'InvalidMount',
    ],
    [
      'recursive read-only HOST_TO_CONTAINER',
      { containerPath: '/a', hostPath: '/h', readonly: true, recursiveReadOnly: true, propagation: 1 },
      'InvalidMount',
    ],
    [
      'recursive read-only BIDIRECTIONAL',
      { containerPath: '/a', hostPath: '/h', readonly: true, recursiveReadOnly: true, propagation: 2 },
      'InvalidMount',
    ],
    ['an option', { containerPath: '/a', hostPath: '/h', mountOptions: ['suid'] }, 'InvalidMount'],
    ['one id mapping', { containerPath: '/a', hostPath: '/h', uidMappings: [{ length: 1 }] }, 'InvalidMount'],
    [
      'id mappings of no length',
      { containerPath: '/a', hostPath: '/h', uidMappings: [{ hostId: 1 }], gidMappings: [{ hostId: 1 }] },
      'InvalidUserNamespace',
    ],
    [
      'id mappings that are not the pod’s on an image',
      { containerPath: '/a', image: { image: 'x' }, readonly: true, uidMappings: [ids], gidMappings: [ids] },
      'InvalidMount',
    ],
    [
      'id mappings and BIDIRECTIONAL',
      { containerPath: '/a', hostPath: '/h', propagation: 2, uidMappings: [ids], gidMappings: [ids] },
      'InvalidMount',
    ],
  ])('a mount with %s', (_name, mount, reason) => {
    expect(() => container({ mounts: [mount] })).toThrow(refusal(reason));
  });

  test.each<[string, LinuxContainerSecurityContextInit, string]>([
    ['run_as_group alone', { runAsGroup: { value: 1n } }, 'InvalidField'],
    ['run_as_user -1', { runAsUser: { value: -1n } }, 'InvalidField'],
    ['run_as_user 2^32-1', { runAsUser: { value: 4_294_967_295n } }, 'InvalidField'],
    ['run_as_user 2^53', { runAsUser: { value: 2n ** 53n } }, 'InvalidField'],
    ['run_as_user 2^63-1', { runAsUser: { value: 2n ** 63n - 1n } }, 'InvalidField'],
    ['run_as_group 2^32', { runAsUser: { value: 1n }, runAsGroup: { value: 2n ** 32n } }, 'InvalidField'],
    ['a user name with a colon', { runAsUsername: 'a:b' }, 'InvalidField'],
    ['a user name with a newline', { runAsUsername: 'a\nb' }, 'InvalidField'],
    ['a groups policy', { supplementalGroupsPolicy: 2 }, 'InvalidField'],
    ['an unknown capability', { capabilities: { addCapabilities: ['SYS_MAGIC'] } }, 'UnknownCapability'],
    ['an unknown dropped capability', { capabilities: { dropCapabilities: ['magic'] } }, 'UnknownCapability'],
    ['ambient ALL', { capabilities: { addAmbientCapabilities: ['ALL'] } }, 'UnknownCapability'],
    ['a PID mode', { namespaceOptions: { pid: 4 } }, 'InvalidNamespace'],
    ['the network of the host in a pod of its own', { namespaceOptions: { network: 2 } }, 'InvalidNamespace'],
    ['a network of its own', { namespaceOptions: { network: 1 } }, 'InvalidNamespace'],
    ['the IPC of the host in a pod of its own', { namespaceOptions: { ipc: 2 } }, 'InvalidNamespace'],
    ['the processes of the host in a pod without', { namespaceOptions: { pid: 2 } }, 'InvalidNamespace'],
    ['TARGET without a target', { namespaceOptions: { pid: 3 } }, 'InvalidNamespace'],
    ['a target without TARGET', { namespaceOptions: { targetId: 'x' } }, 'InvalidNamespace'],
    ['a user namespace', { namespaceOptions: { usernsOptions: { mode: 1 } } }, 'InvalidUserNamespace'],
    ['a relative masked path', { maskedPaths: ['proc'] }, 'InvalidPath'],
    ['a read-only path with ".."', { readonlyPaths: ['/proc/../etc'] }, 'InvalidPath'],
  ])('a security context with %s', (_name, context, reason) => {
    expect(() => securedContainer(context)).toThrow(refusal(reason));
  });

  describe('in a pod with a user namespace', () => {
    const usernsOptions = { mode: 0, uids: [ids], gids: [ids] };
    const owner = pod({ linux: { securityContext: { namespaceOptions: { usernsOptions } } } });
    const parse = (namespaceOptions: NamespaceOptionInit): ContainerConfig =>
      parseContainerConfig(containerMessage({ linux: { securityContext: { namespaceOptions } } }), owner);

    test('the same mappings, or none', () => {
      expect(parse({ usernsOptions }).security.pid).toBe('pod');
      expect(parse({}).security.pid).toBe('pod');
    });

    test.each<[string, NamespaceOptionInit]>([
      ['another length', { usernsOptions: { ...usernsOptions, uids: [{ ...ids, length: 5 }] } }],
      ['another host id', { usernsOptions: { ...usernsOptions, gids: [{ ...ids, hostId: 5 }] } }],
      ['the namespace of the host', { usernsOptions: { mode: 2 } }],
    ])('never %s', (_name, options) => {
      expect(() => parse(options)).toThrow(refusal('InvalidUserNamespace'));
    });

    test('no mount that would propagate to the host', () => {
      const mounts = [{ containerPath: '/a', hostPath: '/h', propagation: 2 }];
      expect(() => parseContainerConfig(containerMessage({ mounts }), owner)).toThrow(
        refusal('InvalidMount'),
      );
    });
  });

  test('a privileged container in a sandbox that is not', () => {
    const message = containerMessage({ linux: { securityContext: { privileged: true } } });
    expect(() => parseContainerConfig(message, pod())).toThrow(
      refusal('PrivilegedRefused', 'failed-precondition'),
    );
    expect(securedContainer({ privileged: true }).security.isPrivileged).toBe(true);
  });

  test.each<[string, LinuxContainerResourcesInit]>([
    ['a negative period', { cpuPeriod: -1n }],
    ['a period that the kernel refuses', { cpuPeriod: 999n }],
    ['a quota of -2', { cpuQuota: -2n }],
    ['a quota that the kernel refuses', { cpuQuota: 1n }],
    ['negative shares', { cpuShares: -1n }],
    ['a memory limit of -2', { memoryLimitInBytes: -2n }],
    ['a swap limit of -2', { memorySwapLimitInBytes: -2n }],
    ['an OOM score of 1001', { oomScoreAdj: 1001n }],
    ['an OOM score of 2^63-1', { oomScoreAdj: 2n ** 63n - 1n }],
    ['a cpuset with a newline', { cpusetCpus: '0\n1' }],
    ['a cpuset with words', { cpusetMems: 'all' }],
    ['a page size that is a path', { hugepageLimits: [{ pageSize: '../2MB', limit: 1n }] }],
    ['a page limit of 2^64-1', { hugepageLimits: [{ pageSize: '2MB', limit: 2n ** 64n - 1n }] }],
    ['a unified key that is a path', { unified: { '../../memory.max': '1' } }],
    ['a unified key without a controller', { unified: { memory: '1' } }],
    ['a unified value with a NUL', { unified: { 'memory.high': '1\0' } }],
  ])('resources with %s', (_name, resources) => {
    expect(() => container({ linux: { resources } })).toThrow(refusal('InvalidField'));
  });
});

describe('any values in any place', () => {
  const text = string({ unit: 'binary', maxLength: 20 });
  const number = bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const small = integer({ min: -3, max: 70 });
  const sparse = { requiredKeys: [] };
  const namespaceOptions = option(record({ pid: small, network: small, ipc: small, targetId: text }, sparse));
  const securityContext = option(
    record(
      {
        capabilities: option(record({ addCapabilities: array(text), dropCapabilities: array(text) }, sparse)),
        namespaceOptions,
        runAsUser: option(record({ value: number })),
        runAsGroup: option(record({ value: number })),
        runAsUsername: text,
        supplementalGroups: array(number),
        supplementalGroupsPolicy: small,
        seccomp: option(record({ profileType: small, localhostRef: text }, sparse)),
        maskedPaths: array(text),
      },
      sparse,
    ),
  );
  const resources = option(
    record(
      {
        cpuPeriod: number,
        cpuQuota: number,
        cpuShares: number,
        memoryLimitInBytes: number,
        memorySwapLimitInBytes: number,
        oomScoreAdj: number,
        cpusetCpus: text,
        unified: dictionary(text, text),
      },
      sparse,
    ),
  );
  const mount = record(
    {
      containerPath: text,
      hostPath: text,
      propagation: small,
      readonly: boolean(),
      recursiveReadOnly: boolean(),
      mountOptions: array(text),
    },
    sparse,
  );
  const inits = record(
    {
      image: option(record({ image: text }, sparse)),
      args: array(text),
      workingDir: text,
      envs: array(record({ key: text, value: uint8Array({ maxLength: 20 }) })),
      mounts: array(mount, { maxLength: 3 }),
      labels: dictionary(text, text),
      logPath: text,
      stopSignal: small,
      linux: option(record({ resources, securityContext }, sparse)),
    },
    sparse,
  );

  test('give a config and then a spec, or an error for the client, never another', () => {
    assert(
      property(inits, (init) => {
        try {
          planContainer(containerInput(container(init)));
        } catch (error) {
          if (error instanceof CriError && /Missing(Namespace|SeccompProfile)/.test(error.reason)) return;
          expect(error).toBeInstanceOf(CriError);
          expect(error).toMatchObject({ code: 'invalid' });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('each part by itself', () => {
    assert(
      property(oneof(record({ securityContext }), record({ resources })), (linux) => {
        try {
          container({ linux });
        } catch (error) {
          expect(error).toMatchObject({ name: 'CriError', code: 'invalid' });
        }
      }),
      { numRuns: 1000 },
    );
  });
});
