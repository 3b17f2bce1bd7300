import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, dictionary, property, string } from 'fast-check';
import type {
  ContainerConfigInit,
  LinuxContainerSecurityContextInit,
  MountInit,
} from '../../cri-api/runtime-v1.ts';
import { CriError } from '../base/errors.ts';
import { planAnnotations } from './annotations.ts';
import { capabilityNames, defaultCapabilities } from './capability-names.ts';
import { type ContainerInput, type ContainerPlan, type HostFacts, planContainer } from './container-spec.ts';
import { defaultMaskedPaths, defaultReadonlyPaths } from './hidden-paths.ts';
import { planPodInit } from './init-spec.ts';
import { type OciMount, type OciSpec, stringifyOci } from './oci-spec.ts';
import {
  container,
  containerId,
  containerInput,
  handler,
  host,
  noImage,
  pod,
  podId,
  podMaterial,
  podMetadata,
  securedContainer,
} from './testing/samples.ts';
import { defaultContexts } from './selinux.ts';
import { textMap } from './text-map.ts';

type Overrides = Partial<ContainerInput>;

function planOf(init: ContainerConfigInit = {}, overrides: Overrides = {}): ContainerPlan {
  return planContainer(containerInput(container(init), overrides));
}
function specOf(init: ContainerConfigInit = {}, overrides: Overrides = {}): OciSpec {
  return planOf(init, overrides).spec;
}
function secured(context: LinuxContainerSecurityContextInit, overrides: Overrides = {}): OciSpec {
  return planContainer(containerInput(securedContainer(context), overrides)).spec;
}
function withMaterial(material: Partial<ContainerInput['material']>): Overrides {
  return { material: { ...containerInput(container()).material, ...material } };
}
function reasonOfThrown(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof CriError ? error.reason : String(error);
  }
  return 'nothing was thrown';
}
const withHost = (facts: Partial<HostFacts>): Overrides => ({ host: { ...host, ...facts } });

const plainSets = { bounding: capabilityNames.filter((name) => defaultCapabilities.includes(name)) };

test('a plain container, from end to end', () => {
  expect(planOf()).toEqual({
    stopSignal: 15,
    notifierErrno: null,
    leftOut: [],
    spec: {
      ociVersion: '1.0.2',
      process: {
        terminal: false,
        user: { uid: 0, gid: 0, additionalGids: [0] },
        args: ['/bin/sh', '-c', 'true'],
        env: [
          'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          'HOSTNAME=web',
          'HOME=/root',
        ],
        cwd: '/',
        capabilities: {
          bounding: plainSets.bounding,
          effective: plainSets.bounding,
          permitted: plainSets.bounding,
          inheritable: [],
          ambient: [],
        },
        rlimits: [],
        noNewPrivileges: false,
        oomScoreAdj: 0,
      },
      root: { path: '/run/root', readonly: false },
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
        {
          destination: '/dev',
          type: 'tmpfs',
          source: 'tmpfs',
          options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
        },
        { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
        {
          destination: '/dev/pts',
          type: 'devpts',
          source: 'devpts',
          options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
        },
        {
          destination: '/dev/mqueue',
          type: 'mqueue',
          source: 'mqueue',
          options: ['nosuid', 'noexec', 'nodev'],
        },
        {
          destination: '/dev/shm',
          type: 'bind',
          source: '/run/pod/shm',
          options: ['rbind', 'nosuid', 'noexec', 'nodev', 'rw'],
        },
        ...['hostname', 'resolv.conf'].map((name) => ({
          destination: `/etc/${name}`,
          type: 'bind',
          source: `/run/pod/${name}`,
          options: ['bind', 'rprivate', 'nosuid', 'noexec', 'nodev', 'rw'],
        })),
        {
          destination: '/sys/fs/cgroup',
          type: 'cgroup',
          source: 'cgroup',
          options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
        },
      ],
      annotations: {
        'io.kubernetes.cri.container-type': 'container',
        'io.kubernetes.cri.sandbox-id': podId,
        'io.kubernetes.cri.sandbox-name': 'web',
        'io.kubernetes.cri.sandbox-namespace': 'default',
        'io.kubernetes.cri.sandbox-uid': 'u-1',
        'io.kubernetes.cri.container-name': 'main',
      },
      linux: {
        namespaces: [
          { type: 'mount' },
          { type: 'network', path: '/run/ns/net' },
          { type: 'ipc', path: '/run/ns/ipc' },
          { type: 'uts', path: '/run/ns/uts' },
          { type: 'pid' },
          { type: 'cgroup' },
        ],
        cgroupsPath: `/cri-ts/pod-${podId}/cri-ts-${containerId}`,
        resources: { devices: [{ allow: false, access: 'rwm' }] },
        devices: [],
        maskedPaths: defaultMaskedPaths,
        readonlyPaths: defaultReadonlyPaths,
      },
    },
  });
});

describe('arguments', () => {
  const image = { ...noImage, entrypoint: ['/entry', 'e'], cmd: ['c', 'd'] };
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ["the image's", [], [], ['/entry', 'e', 'c', 'd']],
    ['command replaces both', ['/x'], [], ['/x']],
    ['args replaces CMD', [], ['a'], ['/entry', 'e', 'a']],
    ['both', ['/x'], ['a'], ['/x', 'a']],
  ])('%s', (...[, command, args, expected]) => {
    expect(specOf({ command, args }, { image }).process.args).toEqual(expected);
  });

  test.each<[string, Overrides, string]>([
    ['none at all', { image: noImage }, 'NoCommand'],
    ['an empty program', { image: { ...noImage, cmd: [''] } }, 'InvalidCommand'],
    ['a NUL of the image', { image: { ...noImage, cmd: ['/bin/sh', 'a\0b'] } }, 'InvalidCommand'],
  ])('%s is refused', (_name, overrides, reason) => {
    expect(() => specOf({ command: [] }, overrides)).toThrow(
      expect.objectContaining({ code: 'invalid', reason }),
    );
  });
});

describe('the environment', () => {
  test("is the image's under the request's, each name once", () => {
    const image = { ...noImage, env: ['PATH=/image', 'A=1', 'B=2', 'HOME=/image-home'] };
    const envs = [
      { key: 'B', value: Buffer.from('3') },
      { key: 'C', value: Buffer.from('x=y') },
      { key: 'C', value: Buffer.from('last') },
    ];
    expect(specOf({ envs, tty: true }, { image }).process).toMatchObject({
      terminal: true,
      env: ['PATH=/image', 'TERM=xterm', 'HOSTNAME=web', 'A=1', 'B=3', 'HOME=/image-home', 'C=last'],
    });
  });

  test('takes nothing odd from an image', () => {
    const image = { ...noImage, env: ['NOVALUE', '=x', '', 'N=a\0b', 'HOME='] };
    expect(specOf({}, { image }).process.env).toEqual([
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'HOSTNAME=web',
      'HOME=/root',
    ]);
  });

  test("HOSTNAME and TERM are the request's if it has them", () => {
    const envs = [
      { key: 'HOSTNAME', value: Buffer.from('h') },
      { key: 'TERM', value: Buffer.from('dumb') },
    ];
    expect(specOf({ envs, tty: true }).process.env).toEqual(
      expect.arrayContaining(['HOSTNAME=h', 'TERM=dumb']),
    );
  });
});

test.each([
  ['', '', '/'],
  ['', '/image', '/image'],
  ['/request', '/image', '/request'],
  ['', 'relative', '/relative'],
  ['', '/../../etc/./x//', '/etc/x'],
])('directory %p of the request and %p of the image is %p', (workingDir, ofImage, expected) => {
  expect(specOf({ workingDir }, { image: { ...noImage, workingDir: ofImage } }).process.cwd).toBe(expected);
});

describe('privileged', () => {
  const hostDevices = [
    { type: 'c', major: 10, minor: 229, fileMode: 0o100666, uid: 0, gid: 0, path: '/dev/fuse' },
    { type: 'c', major: 5, minor: 2, fileMode: 0o666, uid: 0, gid: 5, path: '/dev/ptmx' },
    { type: 'c', major: 136, minor: 0, fileMode: 0o620, uid: 0, gid: 5, path: '/dev/pts/0' },
  ] as const;
  const context = {
    privileged: true,
    seccomp: {},
    apparmor: {},
    maskedPaths: ['/proc/kcore'],
    readonlyPaths: ['/proc/sys'],
    capabilities: { dropCapabilities: ['ALL'] },
  };

  test('confines nothing', () => {
    const spec = secured(context, {
      ...withMaterial({ hostDevices }),
      ...withHost({ hasApparmor: true, defaultProfile: 'd' }),
    });
    expect(spec.process.capabilities.bounding).toEqual(capabilityNames);
    expect(spec.process).not.toHaveProperty('apparmorProfile');
    expect(spec.linux).not.toHaveProperty('seccomp');
    expect(spec.linux).toMatchObject({
      maskedPaths: [],
      readonlyPaths: [],
      resources: { devices: [{ allow: true, access: 'rwm' }] },
      devices: [{ type: 'c', path: '/dev/fuse', major: 10, minor: 229, fileMode: 0o666, uid: 0, gid: 0 }],
    });
    expect(optionsOf(spec, '/sys')).toContain('rw');
    expect(optionsOf(spec, '/sys/fs/cgroup')).toContain('rw');
  });

  test('without host devices has those that it asks for', () => {
    const spec = secured(context, {
      ...withMaterial({ hostDevices, devices: [{ ...hostDevices[0], permissions: 'rw' }] }),
      handler: { ...handler, hasHostDevices: false },
    });
    expect(spec.linux.resources.devices).toEqual([
      { allow: false, access: 'rwm' },
      { allow: true, access: 'rw', type: 'c', major: 10, minor: 229 },
    ]);
  });

  test('an unprivileged container gets no device of the host', () => {
    expect(secured({}, withMaterial({ hostDevices })).linux.devices).toEqual([]);
  });
});

describe('hidden paths', () => {
  test("are the request's, with the energy counters when anything is masked", () => {
    const { linux } = secured({ maskedPaths: ['/bin/ls'], readonlyPaths: ['/tmp'] });
    expect(linux.maskedPaths).toEqual(['/bin/ls', '/sys/devices/virtual/powercap']);
    expect(linux.readonlyPaths).toEqual(['/tmp']);
    expect(secured({ maskedPaths: [...defaultMaskedPaths] }).linux.maskedPaths).toEqual(defaultMaskedPaths);
  });

  test('empty lists stay empty: procMount Unmasked', () => {
    expect(secured({}).linux).toMatchObject({ maskedPaths: [], readonlyPaths: [] });
  });
});

describe('seccomp and AppArmor', () => {
  test('nil and unconfined are no filter, the default is one', () => {
    expect(secured({}).linux).not.toHaveProperty('seccomp');
    expect(secured({ seccomp: { profileType: 1 } }).linux).not.toHaveProperty('seccomp');
    expect(secured({ seccomp: {} }).linux.seccomp).toMatchObject({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 1,
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    });
    expect(
      secured({ seccomp: {} }, withHost({ architecture: 'arm64' })).linux.seccomp?.architectures,
    ).toEqual(['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']);
  });

  test('AppArmor by default where the kernel has it, never in vain', () => {
    const on = withHost({ hasApparmor: true, defaultProfile: 'cri-ts-default' });
    const profileOf = (context: LinuxContainerSecurityContextInit, overrides: Overrides): unknown =>
      secured(context, overrides).process.apparmorProfile;
    const localhost = { apparmor: { profileType: 2, localhostRef: 'mine' } };
    expect(profileOf({}, on)).toBe('cri-ts-default');
    expect(profileOf({ apparmor: {} }, on)).toBe('cri-ts-default');
    expect(profileOf({ apparmor: { profileType: 1 } }, on)).toBeUndefined();
    expect(profileOf(localhost, on)).toBe('mine');
    expect(profileOf({ apparmorProfile: 'runtime/default' }, on)).toBe('cri-ts-default');
    expect(profileOf({ apparmorProfile: 'localhost/mine' }, on)).toBe('mine');
    expect(profileOf({ apparmorProfile: 'unconfined' }, on)).toBeUndefined();
    expect(profileOf({ apparmorProfile: 'localhost/old', ...localhost }, on)).toBe('mine');
    expect(profileOf({ ...localhost, privileged: true }, on)).toBeUndefined();
    expect(profileOf({}, {})).toBeUndefined();
    expect(profileOf({ apparmor: { profileType: 1 } }, {})).toBeUndefined();
    const reasonOf = (context: LinuxContainerSecurityContextInit, overrides: Overrides): string =>
      reasonOfThrown(() => profileOf(context, overrides));
    expect(reasonOf(localhost, {})).toBe('ApparmorUnavailable');
    expect(reasonOf({ apparmor: {} }, {})).toBe('ApparmorUnavailable');
    expect(reasonOf({ apparmor: {} }, withHost({ hasApparmor: true }))).toBe('ApparmorNotLoaded');
    expect(reasonOf(localhost, { ...on, ...withMaterial({ isApparmorLoaded: false }) })).toBe(
      'ApparmorNotLoaded',
    );
  });

  test('SELinux labels are set when there are some', () => {
    const labelled = {
      ...withHost({ selinux: defaultContexts }),
      pod: podMaterial(pod(), { selinuxLevel: 's0:c1,c2' }),
    };
    const spec = specOf({}, labelled);
    expect([spec.process.selinuxLabel, spec.linux.mountLabel]).toEqual([
      'system_u:system_r:container_t:s0:c1,c2',
      'system_u:object_r:container_file_t:s0:c1,c2',
    ]);
    const bare = specOf({}, { pod: labelled.pod });
    expect([bare.process.selinuxLabel, bare.linux.mountLabel]).toEqual([undefined, undefined]);
  });
});

describe('namespaces', () => {
  const types = (spec: OciSpec): string[] =>
    spec.linux.namespaces.map(({ type, path }) => (path === undefined ? type : `${type}=${path}`));
  const ofPod = (namespaces: object): Overrides => ({
    pod: podMaterial(pod(), { namespaces: { ...podMaterial().namespaces, ...namespaces } }),
  });

  test('of the host are not listed', () => {
    const overrides = ofPod({ net: null, ipc: null, uts: null });
    const hostPid = pod({ linux: { securityContext: { namespaceOptions: { pid: 2 } } } });
    const { spec } = planContainer(containerInput(container({}, hostPid), overrides));
    expect(types(spec)).toEqual(['mount', 'cgroup']);
  });

  test('a shared or targeted PID namespace is joined by its path', () => {
    const inPod = pod({ linux: { securityContext: {} } });
    const config = container({}, inPod);
    expect(types(planContainer(containerInput(config, ofPod({ pid: '/proc/1/ns/pid' }))).spec)).toContain(
      'pid=/proc/1/ns/pid',
    );
    const target = { namespaceOptions: { pid: 3, targetId: 'x' } };
    expect(types(secured(target, withMaterial({ targetPidNamespace: '/proc/2/ns/pid' })))).toContain(
      'pid=/proc/2/ns/pid',
    );
  });

  test('a path that is missing is our bug, not a new namespace', () => {
    const missing = expect.objectContaining({ code: 'internal', reason: 'MissingNamespace' });
    expect(() => secured({ namespaceOptions: { pid: 3, targetId: 'x' } })).toThrow(missing);
    expect(() => planContainer(containerInput(container({}, pod({ linux: null }))))).toThrow(missing);
  });

  test('no cgroup namespace on v1', () => {
    const cgroup = { version: 'hybrid', hasSwapAccounting: true, hasHugetlb: true } as const;
    expect(types(specOf({}, withHost({ cgroup })))).not.toContain('cgroup');
  });
});

function optionsOf(spec: OciSpec, destination: string): readonly string[] {
  return spec.mounts.find((mount) => mount.destination === destination)?.options ?? [];
}

describe('mounts', () => {
  const mountsOf = (...mounts: MountInit[]): readonly OciMount[] => specOf({ mounts }).mounts;
  const at = (containerPath: string, more: MountInit = {}): MountInit => ({
    containerPath,
    hostPath: '/h',
    ...more,
  });

  test('parents come before children, equals in the order of the request', () => {
    const order = mountsOf(
      at('/a/b/c'),
      at('/a'),
      at('/z', { hostPath: '/1' }),
      at('/a/b'),
      at('/z', { hostPath: '/2' }),
      at('/'),
    )
      .filter(({ source }) => source === '/h' || source === '/1' || source === '/2')
      .map(({ destination, source }) => `${destination} ${source}`);
    expect(order).toEqual(['/ /h', '/a /h', '/z /1', '/z /2', '/a/b /h', '/a/b/c /h']);
  });

  test('a requested mount takes the place of ours', () => {
    const mounts = mountsOf(at('/dev/shm'), at('/etc/hostname'), at('/etc/resolv.conf'), at('/proc'));
    for (const path of ['/dev/shm', '/etc/hostname', '/etc/resolv.conf', '/proc'])
      expect(mounts.filter(({ destination }) => destination === path).map(({ source }) => source)).toEqual([
        '/h',
      ]);
  });

  test("nothing of ours lies on the host's /sys", () => {
    expect(mountsOf(at('/sys')).map(({ destination }) => destination)).not.toContain('/sys/fs/cgroup');
  });

  test.each<[MountInit, readonly string[]]>([
    [{}, ['rbind', 'rprivate', 'rw']],
    [{ readonly: true }, ['rbind', 'rprivate', 'ro']],
    [{ propagation: 1 }, ['rbind', 'rslave', 'rw']],
    [{ propagation: 2, readonly: true }, ['rbind', 'rshared', 'ro']],
    [{ readonly: true, recursiveReadOnly: true }, ['rbind', 'rprivate', 'ro', 'rro']],
    [{ mountOptions: ['noexec', 'nosuid'] }, ['rbind', 'rprivate', 'rw', 'noexec', 'nosuid']],
  ])('%j becomes %j', (mount, options) => {
    expect(optionsOf(specOf({ mounts: [at('/m', mount)] }), '/m')).toEqual(options);
  });

  test('the root propagates as far as a mount needs it', () => {
    const of = (...propagations: number[]): unknown =>
      specOf({ mounts: propagations.map((propagation) => at('/m', { propagation })) }).linux
        .rootfsPropagation;
    expect([of(), of(0), of(0, 1), of(1, 2)]).toEqual([undefined, undefined, 'rslave', 'rshared']);
  });

  test('recursive read-only without a runtime for it is refused with the word that the kubelet knows', () => {
    const mounts = [at('/m', { readonly: true, recursiveReadOnly: true })];
    expect(() => specOf({ mounts }, { handler: { ...handler, hasRecursiveReadonly: false } })).toThrow(
      expect.objectContaining({ code: 'unknown', message: expect.stringMatching(/^RROUnsupported/) }),
    );
  });

  test('a read-only root makes the pod files read-only', () => {
    const spec = secured({ readonlyRootfs: true });
    expect(spec.root.readonly).toBe(true);
    expect(optionsOf(spec, '/etc/hostname')).toContain('ro');
    expect(optionsOf(spec, '/dev/shm')).toContain('rw');
  });

  test('sources that do not fit the request are our bug', () => {
    expect(() => specOf({ mounts: [at('/m')] }, withMaterial({ mountSources: [] }))).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
  });
});

describe('annotations', () => {
  const hostile = [
    'org.systemd.property.ExecStartPre',
    'org.systemd.property.CollectMode',
    'ORG.SYSTEMD.property.x',
    'org.criu.config',
    'run.oci.handler',
    'run.oci.hooks.stdout',
    'run.oci.mount_context_type',
    'module.wasm.image/variant',
    'io.kubernetes.cri.sandbox-id',
    'io.kubernetes.cri.container-type',
    'bundle',
  ] as const;

  const plan = (
    requested: Record<string, string>,
    allowed: readonly string[],
  ): Readonly<Record<string, string>> =>
    planAnnotations({
      kind: 'container',
      podId,
      pod: podMetadata,
      containerName: 'main',
      allowed,
      requested: textMap(Object.entries(requested)),
    });
  const own = plan({}, []);

  // CVE-2024-3154: systemd properties of a pod ran commands on the host.
  test.each(hostile)('%s reaches no runtime, whatever is allowed', (name) => {
    expect(plan({ [name]: 'x' }, ['*', 'org.*', 'run.*', name, `${name}*`])).toEqual(own);
  });

  test('by default none of a pod or container reaches the runtime', () => {
    expect(specOf({ annotations: { a: 'b', 'org.systemd.property.X': 'y' } }).annotations).toEqual(own);
  });

  test('allowed ones do, by name or beginning', () => {
    expect(plan({ 'a.b/c': '1', 'a.b/d': '2', x: '3', y: '4' }, ['a.b/*', 'x'])).toEqual({
      ...own,
      'a.b/c': '1',
      'a.b/d': '2',
      x: '3',
    });
    expect(plan({ x: '3' }, ['*', ''])).toEqual(own);
  });

  // CVE-2023-6476: a filter that deleted keys deleted the wrong one. Nothing here is deleted; the request stays as it was.
  test('whatever is sent and allowed, only plain allowed keys come out, and our own keys are ours', () => {
    const anyName = string({ maxLength: 12 });
    assert(
      property(dictionary(anyName, anyName), constantFrom(...hostile, '__proto__'), (requested, name) => {
        const sent = { ...requested, [name]: 'evil' };
        const before = JSON.stringify(sent);
        const planned = plan(sent, Object.keys(sent));
        expect(planned).toMatchObject(own);
        expect(Object.values(hostile.slice(0, 8)).some((key) => Object.hasOwn(planned, key))).toBe(false);
        expect(JSON.stringify(sent)).toBe(before);
      }),
    );
  });
});

test('a memory limit below what the runtime needs is refused with that number', () => {
  const init = { linux: { resources: { memoryLimitInBytes: 1_000_000n } } };
  expect(() => specOf(init, { handler: { ...handler, minMemoryBytes: 12_582_912n } })).toThrow(
    expect.objectContaining({ reason: 'MemoryLimitTooLow', message: expect.stringContaining('12582912') }),
  );
  expect(specOf(init).linux.resources.memory).toEqual({ limit: 1_000_000n, swap: 1_000_000n });
});

describe('limits of the daemon', () => {
  const bounding = capabilityNames.filter((name) => name !== 'CAP_SYS_RESOURCE');

  test('an OOM score below its own is raised when it may not lower it', () => {
    const score = (oomScoreAdj: bigint, facts: Partial<HostFacts>): number =>
      specOf({ linux: { resources: { oomScoreAdj } } }, withHost(facts)).process.oomScoreAdj;
    expect(score(-997n, { oomScoreAdj: 0, boundingCapabilities: bounding })).toBe(0);
    expect(score(-997n, { oomScoreAdj: -999, boundingCapabilities: bounding })).toBe(-997);
    expect(score(-997n, { oomScoreAdj: 0 })).toBe(-997);
    expect(score(1000n, { oomScoreAdj: 0, boundingCapabilities: bounding })).toBe(1000);
  });

  test('a capability that it does not have is left out and told', () => {
    const linux = { securityContext: { capabilities: { addCapabilities: ['SYS_RESOURCE', 'NET_RAW'] } } };
    const { spec, leftOut } = planOf({ linux }, withHost({ boundingCapabilities: bounding }));
    expect(spec.process.capabilities.bounding).not.toContain('CAP_SYS_RESOURCE');
    expect(spec.process.capabilities.bounding).toContain('CAP_NET_RAW');
    expect(leftOut).toEqual([expect.stringContaining('CAP_SYS_RESOURCE')]);
  });
});

test('the same input gives the same config.json, and nothing of the input is changed', () => {
  const input = deepFreeze(
    containerInput(
      container({
        mounts: [
          { containerPath: '/b', hostPath: '/h' },
          { containerPath: '/a', hostPath: '/h' },
        ],
      }),
    ),
  );
  expect(stringifyOci(planContainer(input).spec)).toBe(stringifyOci(planContainer(input).spec));
});

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

test("the init of a pod has a PID namespace of its own, the pod's others, and nothing else", () => {
  const spec = planPodInit({
    pod: podMaterial(),
    rootfsPath: '/run/empty',
    initPath: '/usr/bin/catatonit',
    host,
  });
  expect(spec.process).toMatchObject({
    args: ['/catatonit', '-P'],
    noNewPrivileges: true,
    capabilities: { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] },
    oomScoreAdj: -998,
  });
  expect(spec.root).toEqual({ path: '/run/empty', readonly: true });
  expect(spec.mounts.at(-1)).toEqual({
    destination: '/catatonit',
    type: 'bind',
    source: '/usr/bin/catatonit',
    options: ['bind', 'ro', 'nosuid', 'nodev'],
  });
  expect(spec.linux.namespaces).toContainEqual({ type: 'pid' });
  expect(spec.linux.namespaces).toContainEqual({ type: 'network', path: '/run/ns/net' });
  expect(spec.linux.cgroupsPath).toBe(`/cri-ts/pod-${podId}/cri-ts-${podId}`);
  expect(spec.annotations['io.kubernetes.cri.container-type']).toBe('sandbox');
  expect([spec.process.apparmorProfile, spec.process.selinuxLabel]).toEqual([undefined, undefined]);
});

test("a pod's init is confined by what the node has", () => {
  const { process, linux } = planPodInit({
    pod: podMaterial(pod(), { selinuxLevel: 's0:c1,c2' }),
    rootfsPath: '/run/empty',
    initPath: '/usr/bin/catatonit',
    host: { ...host, hasApparmor: true, defaultProfile: 'cri-ts-default', selinux: defaultContexts },
  });
  expect([process.apparmorProfile, process.selinuxLabel, linux.mountLabel]).toEqual([
    'cri-ts-default',
    'system_u:system_r:container_t:s0:c1,c2',
    'system_u:object_r:container_file_t:s0:c1,c2',
  ]);
});
